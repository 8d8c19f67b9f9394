//! What is for those who write a course.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCandidates;

use super::Format;
use crate::completions;

/// What `tutor course` can do.
#[derive(Debug, Subcommand)]
pub enum Authoring {
    /// Write a new course of one step into a folder: everything there, to be replaced by your own
    New(New),
    /// Tell what is not sound in the course, or in one step: file, line and a sentence each
    Check(Check),
    /// Run the programs of figures on the solutions, and write the pictures beside them
    Draw {
        /// The step; without it, all
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: Option<String>,
    },
    /// Write all files of a new step, sound from the first minute, to be filled in
    NewStep(NewStep),
}

/// Options of `tutor course new`.
#[derive(Debug, Args)]
pub struct New {
    /// The folder, which is made; if it is there, it has to be empty
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// A crate that steps may use, as in `rand` or `rand@0.9`; may be given again
    #[arg(long = "with", value_name = "CRATE")]
    pub crates: Vec<String>,
    /// Use the kit of another course, a package's folder, instead of an own one
    #[arg(long, value_name = "FOLDER", conflicts_with = "crates")]
    pub kit: Option<PathBuf>,
    /// What the course is called; without it, what the folder is
    #[arg(long)]
    pub title: Option<String>,
}

/// Options of `tutor course check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The step; without it, all
    #[arg(add = ArgValueCandidates::new(completions::steps))]
    pub step: Option<String>,
    /// Few seeds, and a part of the shortcuts and near misses: what takes a minute
    #[arg(long)]
    pub quick: bool,
    /// At most so many seeds where there are many, and no look at the clock
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Measure too what rustc takes for each step, and of what
    #[arg(long)]
    pub budget: bool,
    /// How the flaws are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Options of `tutor course new-step`.
#[derive(Debug, Args)]
pub struct NewStep {
    /// Its files' name, as in `s13_loss`
    pub name: String,
    /// The step that it comes after; without it, the last one
    #[arg(long, value_name = "STEP", add = ArgValueCandidates::new(completions::steps))]
    pub after: Option<String>,
}
