//! The `tutor` command.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use tutor::cli::Cli;
use tutor::engine::sandbox;
use tutor::error::{Code, Error};
use tutor::terminal::{self, style};
use tutor::{commands, completions};

fn main() -> ExitCode {
    if let Some(code) = behind_the_scenes() {
        return code;
    }
    completions::answer(Cli::command);
    let typed: Vec<OsString> = env::args_os().collect();
    let typed = commands::judging(&typed).unwrap_or(typed);
    match commands::execute(Cli::parse_from(typed)) {
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
        // A supervisor that fails has lost its `tutor`: there is nobody to be told.
        sandbox::COMMAND => {
            sandbox::supervisor::supervise().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
        }
        sandbox::launcher::COMMAND => match sandbox::launcher::launch() {
            Ok(never) => match never {},
            Err(error) => {
                terminal::note(&error.to_string());
                ExitCode::FAILURE
            }
        },
        sandbox::self_test::COMMAND => {
            sandbox::self_test::try_everything();
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
        style::error(heading),
        error.next()
    ));
}
