//! Options of `tutor grade` on whose submissions they are and when they were due.

use std::path::PathBuf;

use crate::classroom::due::{LateRule, Stamp};
use crate::classroom::submissions::pattern::Pattern;

/// Whose submissions they are, and when they were due.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Students and times")]
pub struct Intake {
    /// How the names of submissions are made, as in `{student}_{id}_{file}`; without it, as Canvas,
    /// Moodle, Blackboard, Brightspace, Gradescope and GitHub make them
    #[arg(long, value_name = "PATTERN")]
    pub names: Option<Pattern>,
    /// A list of the class, a CSV with the columns id, name, group, `extra_time`, excused, submitted
    #[arg(long, value_name = "CSV")]
    pub roster: Option<PathBuf>,
    /// When everything is due, as in `2026-11-30T23:59+01:00`, or without a zone by this machine's clock
    #[arg(long, value_name = "TIME")]
    pub due: Option<Stamp>,
    /// What being late costs, as in `10% per day` or `5% per 12 hours up to 50%`; without it, nothing
    #[arg(long, value_name = "RULE", requires = "due")]
    pub late: Option<LateRule>,
    /// Steps that do not count for a student, as in `ana:s06`
    #[arg(long, value_name = "STUDENT:STEP", value_delimiter = ',', value_parser = excuse)]
    pub excuse: Vec<(String, String)>,
}

fn excuse(text: &str) -> Result<(String, String), String> {
    // An id may hold a colon, a step does not.
    let (student, step) = text.rsplit_once(':').ok_or("as in `ana:s06`")?;
    Ok((student.trim().to_owned(), step.trim().to_owned()))
}
