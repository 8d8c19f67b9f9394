//! Options on where and how the results of a class are written.

use std::path::PathBuf;

use clap::Subcommand;

use crate::classroom::gradebook::{ClassFormat, Visibility};

/// Where and how results are written.
#[derive(Debug, clap::Args)]
pub struct Results {
    /// The folder that results are written to
    #[arg(long, value_name = "FOLDER", default_value = "grades")]
    pub out: PathBuf,
    /// The formats of the results
    #[arg(
        long,
        value_enum,
        value_name = "FORMATS",
        value_delimiter = ',',
        default_value = "json,csv,junit,html"
    )]
    pub formats: Vec<ClassFormat>,
    /// Points, excuses and comments by hand; without it, `overrides.toml` in the folder of results
    #[arg(long, value_name = "FILE")]
    pub overrides: Option<PathBuf>,
    /// When students may see their tests on Gradescope
    #[arg(long, value_enum, default_value_t = Visibility::Visible)]
    pub visibility: Visibility,
}

/// What `tutor grade` does besides grading.
#[derive(Debug, Subcommand)]
pub enum InsteadOfGrading {
    /// Put the parts of a class together that were graded with `--shard`
    Merge {
        /// The folders of their results
        #[arg(required = true)]
        parts: Vec<PathBuf>,
        /// Where and how results are written
        #[command(flatten)]
        results: Results,
    },
    /// Write the results of a grading anew: in other formats, or with what was decided since
    Write {
        /// Where and how results are written
        #[command(flatten)]
        results: Results,
    },
    /// Print a new secret seed, for the parts of a class to share
    Seed,
}
