//! The `tutor` command.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use colored::Colorize;

use tutor::cli::Cli;
use tutor::error::{Code, Error};
use tutor::{commands, confined, terminal};

fn main() -> ExitCode {
    if env::args_os()
        .nth(1)
        .is_some_and(|arg| arg == confined::COMMAND)
    {
        return match confined::keeper::keep() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
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
