//! The command line.

pub mod authors;
pub mod book;
pub mod intake;
mod results;
pub mod studio;

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use crate::classroom::record::Shard;
use crate::completions;
use crate::engine::observe::Seed;
use crate::engine::sandbox::workplace::DEFAULT_TIME;

pub use results::{InsteadOfGrading, Results};

/// More than any step is worth.
const MOST_POINTS: u32 = 100_000;

/// Learn by writing it yourself, one checked step at a time.
#[derive(Debug, Parser)]
#[command(
    name = "tutor",
    version,
    about,
    after_help = "A step may be named by its number, as in `s06`, `06` or `6`, by its \
    file, or by any unambiguous start of either.\n\n\
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
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: Option<String>,
    },
    /// All steps and how far you are
    List {
        /// How the list is written
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Let the model learn from a text, with your own steps
    Train(studio::Train),
    /// Let a model write on from a prompt
    Generate(studio::Generate),
    /// Look into a model while it reads a text
    Look(studio::Look),
    /// Download a model that others have trained
    Fetch(studio::Fetch),
    /// The step to do now
    Next,
    /// Print a step's lesson, its hints, its skeleton, its solution, other right ways, or the
    /// known mistakes; or what a word means
    Show {
        /// What to print
        what: Shown,
        /// The step; of the lessons, `00` as well, the map; of the glossary, a word
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: Option<String>,
        /// Which of the variants; without it, the list of them
        name: Option<String>,
        /// Show the answers to a lesson's exercises
        #[arg(long)]
        answers: bool,
    },
    /// Write all lessons as pages for a browser, which need no network
    Book(book::Book),
    /// The next hint, one at a time; the last one is nearly the answer
    Hint {
        /// The step; without it, the step to do now
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: Option<String>,
        /// A hint that was shown before, counted from 1: `tutor watch` pages with it
        #[arg(long, hide = true, value_name = "N")]
        shown: Option<usize>,
    },
    /// Run an experiment of the lesson on your own code
    Try(Try),
    /// Answer an exercise of a lesson, or list those that can be answered here
    Answer {
        /// As in `06.2`: the step and the exercise. The step alone lists its exercises; without it,
        /// those of the step to do now
        exercise: Option<String>,
        /// The answer: a number, a word, or the letter of a choice
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        answer: Vec<String>,
    },
    /// Where a step on your own earlier steps first departs from the reference, and which to blame
    Trace {
        /// The step
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: String,
        /// How many seconds a step may compute or wait
        #[arg(long, value_name = "S", value_parser = seconds, default_value_t = Seconds(DEFAULT_TIME))]
        timeout: Seconds,
    },
    /// What rustc and clippy advise on your file: style, not a verdict
    Clippy {
        /// The step
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: String,
    },
    /// Compare your file with the solution, line by line
    Diff {
        /// The step
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: String,
    },
    /// Write a step's skeleton again; your file is kept as a copy, and where is said
    Reset {
        /// The step
        #[arg(add = ArgValueCandidates::new(completions::steps))]
        step: String,
    },
    /// Bring a begun course up to date; your steps stay as they are
    Update {
        /// Where the newer course is, as git is told it: a remote, an address, or the folder of a
        /// clone. Without it, what your branch follows
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
    },
    /// Grade a class: a folder with a submission for each student
    Grade(Box<Grade>),
    /// For those who write a course
    #[command(subcommand)]
    Course(authors::Authoring),
    /// Prepare everything that checks need: done by itself when first needed
    Setup {
        /// Build the kit that course.toml has under this name instead, as in `[kit.profile.run]`
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
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
    #[arg(add = ArgValueCandidates::new(completions::steps_or_all))]
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
    /// How many seconds a step may compute or wait
    #[arg(long, value_name = "S", value_parser = seconds, default_value_t = Seconds(DEFAULT_TIME))]
    pub timeout: Seconds,
}

/// Options of `tutor try`.
#[derive(Debug, clap::Args)]
pub struct Try {
    /// The step
    #[arg(add = ArgValueCandidates::new(completions::steps))]
    pub step: String,
    /// The experiment; without it, the list of them
    pub name: Option<String>,
    /// Run this program of yours instead of an experiment
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    pub file: Option<PathBuf>,
    /// Run it on the reference instead of your own code
    #[arg(long)]
    pub solution: bool,
}

/// Options of `tutor grade`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct Grade {
    /// What is to be done instead
    #[command(subcommand)]
    pub instead: Option<InsteadOfGrading>,
    /// The submissions, each a folder, a .zip or a .tar.gz; or the .zip of all that a platform makes
    #[arg(required_unless_present = "again")]
    pub folder: Option<PathBuf>,
    /// Judge once more what the results in `--out` have of a student, as in `ana` or `ana:s06`
    #[arg(
        long,
        value_name = "STUDENT[:STEP]",
        conflicts_with_all = ["folder", "single", "steps", "points", "mine", "jobs", "timeout", "resume", "shard", "names", "roster", "due", "late", "excuse"]
    )]
    pub again: Option<String>,
    /// The folder is one student's submission
    #[arg(long)]
    pub single: bool,
    /// The steps that count, as in `s01,s03`; without it, all
    #[arg(long, value_name = "STEPS", value_delimiter = ',', add = ArgValueCompleter::new(completions::step_list))]
    pub steps: Vec<String>,
    /// What steps are worth, as in `s07=30,s09=15`; without it, what course.toml says
    #[arg(long, value_name = "POINTS", value_delimiter = ',', value_parser = points)]
    pub points: Vec<(String, u32)>,
    /// What groups of a step's check count beside each other; without it, all the same
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Checks of your own beside the course's, a folder with `sNN_name/check.rs`; students see
    /// which of them pass, by number
    #[arg(long, value_name = "FOLDER")]
    pub checks: Option<PathBuf>,
    /// Stand on each student's own earlier steps instead of the reference's
    #[arg(long)]
    pub mine: bool,
    /// Decides inputs and parameters; without it, a new secret, which the results tell
    #[arg(
        long,
        value_name = "N",
        env = "TUTOR_GRADE_SEED",
        hide_env_values = true
    )]
    pub seed: Option<u64>,
    /// How many students are graded at a time; without it, one for each core
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZero<usize>>,
    /// How many seconds a step may compute or wait; what others take does not count
    #[arg(long, value_name = "S", value_parser = seconds, default_value_t = Seconds(DEFAULT_TIME))]
    pub timeout: Seconds,
    /// Go on with a grading that was interrupted
    #[arg(long)]
    pub resume: bool,
    /// Grade only part K of N; `tutor grade merge` puts the parts together
    #[arg(long, value_name = "K/N", value_parser = shard, requires = "seed")]
    pub shard: Option<Shard>,
    /// Grade although submissions may read, write and send whatever you may
    #[arg(long)]
    pub no_sandbox: bool,
    /// Where and how results are written
    #[command(flatten)]
    pub results: Results,
    /// Whose submissions they are, and when they were due
    #[command(flatten)]
    pub intake: intake::Intake,
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
    /// Other right ways to write the step
    Variants,
    /// The known mistakes, each with what it changes in the reference
    Mistakes,
    /// The course's words, or what one of them means
    Glossary,
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

fn points(text: &str) -> Result<(String, u32), String> {
    let (step, points) = text.split_once('=').ok_or("as in `s07=30`")?;
    match points.parse() {
        Ok(points) if points <= MOST_POINTS => Ok((step.to_owned(), points)),
        _ => Err(format!("a whole number of points from 0 to {MOST_POINTS}")),
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(number, of)| {
        Some(Shard {
            number: number.parse().ok()?,
            of: of.parse().ok()?,
        })
    });
    parsed
        .filter(|shard| (1..=shard.of).contains(&shard.number))
        .ok_or_else(|| "as in `3/16`, the third of sixteen".into())
}

fn seconds(text: &str) -> Result<Seconds, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds")?;
    if !(0.1..=3600.0).contains(&seconds) {
        return Err("from 0.1 to 3600 seconds".into());
    }
    Ok(Seconds(Duration::from_secs_f64(seconds)))
}

#[cfg(test)]
mod tests;
