//! The `tutor` command.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use colored::Colorize;

use tutor::cli::Cli;
use tutor::error::{Code, Error};
use tutor::{commands, confined, terminal};

fn main() -> ExitCode {
    if let Some(code) = behind_the_scenes() {
        return code;
    }
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
    let result = match command.to_str()? {
        confined::COMMAND => confined::keeper::keep(),
        confined::enter::COMMAND => confined::enter::enter().map(|never| match never {}),
        confined::probe::COMMAND => {
            confined::probe::try_everything();
            Ok(())
        }
        _ => return None,
    };
    Some(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::note(&error.to_string());
            ExitCode::FAILURE
        }
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
