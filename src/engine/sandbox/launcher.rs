//! Between the supervisor and the program: a `tutor` that ties its life to the supervisor's, takes on
//! what a [`Policy`](super::Policy) says if there is one, and then becomes the program.
//!
//! A process can only confine itself, and only itself can ask to be killed with its parent. The
//! supervisor has to stay outside: it waits, counts and kills, and what is in the sandbox must not
//! reach it. Should it be killed itself, by one signal with `tutor` even, the system kills the program.

use std::env;
use std::io;
use std::path::Path;
use std::process::Command;

use super::Program;

/// The hidden command under which `tutor` becomes a program.
pub const COMMAND: &str = "__launch";

/// A command that becomes `program`, to be started by this process: by way of the executable `tutor`.
///
/// # Errors
///
/// If the program is not there, or cannot be written down.
pub fn command(tutor: &Path, program: &Program) -> io::Result<Command> {
    // Later on there is nobody who could tell it from one that ended.
    std::fs::metadata(&program.path)?;
    let program = Program {
        // What it is told on standard input is not for the command line.
        input: super::Input::Nothing,
        ..program.clone()
    };
    let mut command = Command::new(tutor);
    command
        .arg(COMMAND)
        .arg(std::process::id().to_string())
        .arg(serde_json::to_string(&program)?);
    Ok(command)
}

/// Becomes the program; comes back only if that cannot be done.
///
/// # Errors
///
/// What keeps it from being done.
pub fn launch() -> io::Result<std::convert::Infallible> {
    let mut args = env::args().skip(2);
    let mut word = || args.next().ok_or(io::ErrorKind::InvalidInput);
    let supervisor = word()?.parse().map_err(io::Error::other)?;
    let program: Program = serde_json::from_str(&word()?)?;
    become_program(supervisor, &program)
}

#[cfg(target_os = "linux")]
fn become_program(supervisor: u32, program: &Program) -> io::Result<std::convert::Infallible> {
    use std::os::unix::process::{CommandExt, parent_id};

    use nix::sys::{prctl, signal::Signal};

    // Without its supervisor it has no business; and no signal comes of one that is gone already.
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    if parent_id() != supervisor {
        return Err(io::Error::other("the supervisor is gone"));
    }
    if let Some(policy) = &program.policy {
        super::landlock::build(policy, &program.limits)?;
    }
    Err(super::supervisor::bare(program).exec())
}

#[cfg(not(target_os = "linux"))]
fn become_program(_supervisor: u32, _program: &Program) -> io::Result<std::convert::Infallible> {
    Err(io::Error::other("programs are started so on Linux only"))
}
