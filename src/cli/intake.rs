//! Options of `tutor grade` on whose submissions they are.

use crate::classroom::submissions::pattern::Pattern;

/// Whose submissions they are.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Students")]
pub struct Intake {
    /// How the names of submissions are made, as in `{student}_{id}_{file}`; without it, as Canvas,
    /// Moodle, Blackboard, Gradescope and GitHub make them
    #[arg(long, value_name = "PATTERN")]
    pub names: Option<Pattern>,
}
