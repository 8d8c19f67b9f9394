//! What is for those who write a course.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What `tutor course` can do.
#[derive(Debug, Subcommand)]
pub enum Authoring {
    /// Write a new course of one step into a folder: everything there, to be replaced by your own
    New(New),
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
