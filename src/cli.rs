//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::observe::{DEFAULT_TIME, Seed};

/// Learn how GPT-2 works by writing it with Burn, one checked step at a time.
#[derive(Debug, Parser)]
#[command(
    name = "tutor",
    version,
    about,
    after_help = "A step may be named `s06`, `06`, `6`, \
    `s06_position_embeddings`, `position-embeddings`, or by any unambiguous start.\n\n\
    Exit codes: 0 passed, 1 a step did not pass, 2 wrong usage, 3 the machine cannot do it, \
    101 a bug in tutor."
)]
pub struct Cli {
    /// What to do; without it, watch in a terminal, list in a pipe.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What `tutor` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile a step, run its check, say what is right and what is wrong
    Run(Run),
    /// Judge a step on every save, with keys for hints, lesson and more
    Watch {
        /// The step; without it, the step to do now
        step: Option<String>,
    },
    /// All steps and how far you are
    List {
        /// How the list is written
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// The step to do now
    Next,
    /// Print a step's lesson, its hints, its skeleton, its solution, or the known mistakes
    Show {
        /// What to print
        what: Shown,
        /// The step
        step: String,
        /// Show the answers to a lesson's exercises
        #[arg(long)]
        answers: bool,
    },
    /// The next hint, one at a time; the last one is nearly the answer
    Hint {
        /// The step; without it, the step to do now
        step: Option<String>,
    },
    /// Run an experiment of the lesson on your own code
    Try(Try),
    /// Where a step on your own earlier steps first departs from the reference, and which to blame
    Trace {
        /// The step
        step: String,
    },
    /// Compare your file with the solution, line by line
    Diff {
        /// The step
        step: String,
    },
    /// Write a step's skeleton again; your file is kept as a copy, and where is said
    Reset {
        /// The step
        step: String,
    },
    /// Prepare everything that checks need: done by itself when first needed
    Setup,
    /// Say what is right and wrong with this machine
    Doctor,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Options of `tutor run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// The step, or `all`; without it, the step to do now
    pub step: Option<String>,
    /// Check this file instead of your own
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Stand on your own earlier steps instead of the reference's
    #[arg(long)]
    pub mine: bool,
    /// Decides inputs and parameters: a number, or `random`
    #[arg(long, value_name = "N", value_parser = seed, default_value_t = SeedText(Seed::default()))]
    pub seed: SeedText,
    /// How the verdict is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Saving does it again: `tutor watch` says so
    #[arg(long, hide = true)]
    pub watched: bool,
    /// How many seconds a step may run
    #[arg(long, value_name = "S", value_parser = seconds, default_value_t = Seconds(DEFAULT_TIME))]
    pub timeout: Seconds,
}

/// Options of `tutor try`.
#[derive(Debug, clap::Args)]
pub struct Try {
    /// The step
    pub step: String,
    /// The experiment; without it, the list of them
    pub name: Option<String>,
    /// Run it on the reference instead of your own code
    #[arg(long)]
    pub solution: bool,
}

/// What `tutor show` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// What the step is about
    Lesson,
    /// All hints at once
    Hint,
    /// What your file was before you came
    Skeleton,
    /// The reference
    Solution,
    /// The known mistakes, each with what it changes in the reference
    Mistakes,
}

/// How a verdict is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// A seed as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedText(pub Seed);

impl std::fmt::Display for SeedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.0.fmt(f)
    }
}

/// A time limit as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_secs_f64().fmt(f)
    }
}

fn seed(text: &str) -> Result<SeedText, String> {
    if text == "random" {
        return Ok(SeedText(Seed::random()));
    }
    text.parse()
        .map(|seed| SeedText(Seed(seed)))
        .map_err(|_| "a whole number from 0, or `random`".into())
}

fn seconds(text: &str) -> Result<Seconds, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds")?;
    if !(0.1..=3600.0).contains(&seconds) {
        return Err("from 0.1 to 3600 seconds".into());
    }
    Ok(Seconds(Duration::from_secs_f64(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn limits_and_seeds_are_checked() {
        assert_eq!(seconds("2.5"), Ok(Seconds(Duration::from_millis(2500))));
        for wrong in ["0", "-1", "NaN", "inf", "x", "1e9"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert_eq!(seed("7"), Ok(SeedText(Seed(7))));
        assert!(seed("random").is_ok());
        assert!(seed("-7").is_err());
    }
}
