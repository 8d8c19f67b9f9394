//! What each command does, in terms of the pipeline.

mod answer;
mod book;
mod clippy;
mod course;
mod diff;
mod doctor;
mod draw;
mod experiment;
mod fetch;
mod finished;
mod generate;
mod grade;
mod hint;
mod list;
mod look;
mod new_course;
mod new_step;
mod pages;
mod reset;
mod run;
mod setup;
mod show;
mod studio;
mod trace;
mod train;
mod update;
mod watch;

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

pub use grade::guarded::judging;

use crate::cli::authors::Authoring;
use crate::cli::{Cli, Command, Format};
use crate::completions;
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::terminal;
use crate::terminal::markdown::{Style, render};

/// Does what the command line says.
///
/// # Errors
///
/// Whatever keeps it from being done; a step that does not pass is no error.
pub fn execute(cli: Cli) -> Result<Code> {
    match cli.command {
        Some(Command::Completions { shell }) => {
            terminal::print_data(&completions::registration(shell)?)?;
            Ok(Code::Passed)
        }
        Some(Command::Doctor) => doctor::doctor(),
        Some(Command::Course(Authoring::New(options))) => new_course::new_course(&options),
        command => {
            let course = course_here()?;
            match command.unwrap_or_else(without_a_name) {
                Command::Run(options) => run::run(&course, &options),
                Command::List { format } => list::list(&course, format),
                Command::Watch { step } => watch::watch(&course, step.as_deref()),
                Command::Hint { step, shown } => hint::hint(&course, step.as_deref(), shown),
                Command::Try(options) => experiment::experiment(&course, &options),
                Command::Next => list::next(&course),
                Command::Train(options) => train::train(&course, &options),
                Command::Generate(options) => generate::generate(&course, &options),
                Command::Look(options) => look::look(&course, &options),
                Command::Book(options) => book::book(&course, &options),
                Command::Fetch(options) => fetch::fetch(&course, &options),
                Command::Show {
                    what,
                    step,
                    name,
                    answers,
                } => show::show(&course, what, step.as_deref(), name.as_deref(), answers),
                Command::Answer { exercise, answer } => {
                    answer::answer(&course, exercise.as_deref(), &answer)
                }
                Command::Trace { step, timeout } => trace::trace(&course, &step, timeout.0),
                Command::Clippy { step } => clippy::clippy(&course, &step),
                Command::Diff { step } => diff::diff(&course, &step),
                Command::Reset { step } => reset::reset(&course, &step),
                Command::Update { from } => update::update(&course, from.as_deref()),
                Command::Grade(options) => grade::grade(&course, &options),
                Command::Course(what) => course::course(&course, &what),
                Command::Setup { profile } => setup::setup(&course, profile.as_deref()),
                Command::Doctor | Command::Completions { .. } => unreachable!("done above"),
            }
        }
    }
}

/// What is done where nothing is asked for.
fn without_a_name() -> Command {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        Command::Watch { step: None }
    } else {
        Command::List {
            format: Format::Human,
        }
    }
}

/// The course that the current folder lies in.
fn course_here() -> Result<Course> {
    let here = env::current_dir().map_err(Error::io("read", Path::new(".")))?;
    Course::find(&here)
}

/// A text of the course as the terminal shows it, with nothing folded away.
fn rendered(text: &str) -> String {
    let style = Style {
        width: terminal::width(),
        unfolded: true,
        unfold: "",
        draw: &|_, _| None,
    };
    render(text, style)
}
