//! What is for those who write a course.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCandidates;

use super::Format;
use crate::completions;

/// What `tutor course` can do.
#[derive(Debug, Subcommand)]
pub enum Authoring {
    /// Tell what is not sound in the course, or in one step: file, line and a sentence each
    Check(Check),
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
