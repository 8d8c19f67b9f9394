//! Where there are no process groups and resource limits: the time limit only, and only for the
//! program itself.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};

use crate::engine::sandbox::clock::Load;
use crate::engine::sandbox::{Ending, Limits};

pub fn take_on(_limits: &Limits) -> io::Result<()> {
    Ok(())
}

pub fn own_group(_command: &mut Command) {}

pub fn kill_group(id: u32) {
    // It may be gone already.
    let _ = Command::new("taskkill")
        .args(["/F", "/T", "/PID", &id.to_string()])
        .output();
}

pub fn kill_all_that_is_left(_id: u32) {}

pub fn load_of_all() -> Option<Load> {
    None
}

pub fn load_of(_id: u32) -> Option<Load> {
    None
}

/// The record is given to the program for reading as well, with the orders at its head.
pub fn give_orders(
    command: &mut Command,
    record: &Path,
    orders: &str,
) -> io::Result<Option<io::Empty>> {
    fs::write(record, orders)?;
    command.stdin(File::options().read(true).append(true).open(record)?);
    Ok(None)
}

pub fn peak_memory() -> u64 {
    0
}

pub fn ending(status: ExitStatus) -> Ending {
    Ending::Exited(status.code().unwrap_or(-1))
}

/// Ctrl-C ends this process and the program alike.
pub struct Signals;

impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
    pub fn held_back() -> io::Result<Self> {
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "elsewhere there is something to ask")]
    pub fn is_asked_to_stop(&self) -> bool {
        false
    }

    #[expect(
        clippy::unused_self,
        reason = "elsewhere there is something to hand on"
    )]
    pub fn hand_on(&self, _child: &Child) {}
}
