//! The `tutor` command.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use colored::Colorize;

use tutor::cli::Cli;
use tutor::error::{Code, Error};
use tutor::{commands, completions, confined, terminal};

fn main() -> ExitCode {
    if let Some(code) = behind_the_scenes() {
        return code;
    }
    completions::answer();
    terminal::set_up_colours();
    match commands::execute(Cli::parse()) {
        Ok(code) => code.into(),
        Err(error) => {
            report(&error);
            error.code().into()
        }
    }
}

/// The hidden commands by which `tutor` starts itself.
fn behind_the_scenes() -> Option<ExitCode> {
    let command = env::args_os().nth(1)?;
    Some(match command.to_str()? {
        // A keeper that fails has lost its `tutor`: there is nobody to be told.
        confined::COMMAND => {
            confined::keeper::keep().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
        }
        confined::enter::COMMAND => match confined::enter::enter() {
            Ok(never) => match never {},
            Err(error) => {
                terminal::note(&error.to_string());
                ExitCode::FAILURE
            }
        },
        confined::probe::COMMAND => {
            confined::probe::try_everything();
            ExitCode::SUCCESS
        }
        _ => return None,
    })
}

fn report(error: &Error) {
    let heading = match error.code() {
        Code::Bug => "internal error",
        _ => "error",
    };
    terminal::note(&format!(
        "{}: {error}\n  next: {}",
        heading.red().bold(),
        error.next()
    ));
}
