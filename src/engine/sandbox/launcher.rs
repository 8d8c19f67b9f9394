//! In the sandbox: a `tutor` that takes on what a [`Policy`](super::Policy) says and then becomes the
//! program.
//!
//! A process can only confine itself. The supervisor has to stay outside: it waits,
//! counts and kills, and what is in the sandbox must not reach it.

use std::env;
use std::io;
use std::path::Path;
use std::process::Command;

use super::Program;

/// The hidden command under which `tutor` confines itself.
pub const COMMAND: &str = "__launch";

/// A command that becomes `program` in its sandbox, by way of the executable `tutor`.
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

/// Confines itself and becomes the program; comes back only if that cannot be done.
///
/// # Errors
///
/// What keeps it from being done.
pub fn launch() -> io::Result<std::convert::Infallible> {
    let text = env::args().nth(2).ok_or(io::ErrorKind::InvalidInput)?;
    let program: Program = serde_json::from_str(&text)?;
    let policy = program.policy.as_ref().ok_or(io::ErrorKind::InvalidInput)?;
    become_program(policy, &program)
}

#[cfg(target_os = "linux")]
fn become_program(
    policy: &super::Policy,
    program: &Program,
) -> io::Result<std::convert::Infallible> {
    use std::os::unix::process::CommandExt;

    super::landlock::build(policy, &program.limits)?;
    Err(super::supervisor::bare(program).exec())
}

#[cfg(not(target_os = "linux"))]
fn become_program(
    _wall: &super::Policy,
    _program: &Program,
) -> io::Result<std::convert::Infallible> {
    Err(io::Error::other("there is a sandbox on Linux only"))
}
