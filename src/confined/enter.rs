//! Behind the wall: a `tutor` that takes on what a [`Wall`](super::Wall) says and then becomes the
//! program.
//!
//! A wall can only be built by a process around itself. The keeper has to stay outside: it waits,
//! counts and kills, and what is behind the wall must not reach it.

use std::env;
use std::io;
use std::path::Path;
use std::process::Command;

use super::Program;

/// The hidden command under which `tutor` builds a wall around itself.
pub const COMMAND: &str = "__enter";

/// A command that becomes `program` behind its wall, by way of the executable `tutor`.
///
/// # Errors
///
/// If the program cannot be written down.
pub fn command(tutor: &Path, program: &Program) -> io::Result<Command> {
    let program = Program {
        // What it is told on standard input is not for the command line.
        input: super::Input::Nothing,
        ..program.clone()
    };
    let mut command = Command::new(tutor);
    command.arg(COMMAND).arg(serde_json::to_string(&program)?);
    Ok(command)
}

/// Builds the wall and becomes the program; comes back only if that cannot be done.
///
/// # Errors
///
/// What keeps it from being done.
pub fn enter() -> io::Result<std::convert::Infallible> {
    let text = env::args().nth(2).ok_or(io::ErrorKind::InvalidInput)?;
    let program: Program = serde_json::from_str(&text)?;
    let wall = program.wall.as_ref().ok_or(io::ErrorKind::InvalidInput)?;
    become_program(wall, &program)
}

#[cfg(target_os = "linux")]
fn become_program(wall: &super::Wall, program: &Program) -> io::Result<std::convert::Infallible> {
    use std::os::unix::process::CommandExt;

    super::wall::build(wall, &program.limits)?;
    Err(super::keeper::bare(program).exec())
}

#[cfg(not(target_os = "linux"))]
fn become_program(_wall: &super::Wall, _program: &Program) -> io::Result<std::convert::Infallible> {
    Err(io::Error::other("there are walls on Linux only"))
}
