//! Limits, channels and clean-up on Unix. What only Linux has is left out elsewhere.

use std::fs::File;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;

use crate::engine::sandbox::clock::Load;
use crate::engine::sandbox::{Ending, Limits};

/// Sets the limits for this process and all that it starts.
pub fn take_on(limits: &Limits) -> io::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, limits.file_size, limits.file_size)?;
    #[cfg(target_os = "linux")]
    {
        setrlimit(Resource::RLIMIT_AS, limits.memory, limits.memory)?;
        // Orphans become this process's children, where they can be found.
        nix::sys::prctl::set_child_subreaper(true)?;
    }
    Ok(())
}

/// Makes the program the leader of a new process group.
pub fn own_group(command: &mut Command) {
    command.process_group(0);
}

/// Kills the program and all that stayed in its group.
pub fn kill_group(id: u32) {
    // It may be gone already.
    let _ = killpg(pid(id), Signal::SIGKILL);
}

/// Kills and reaps every descendant, wherever it moved to.
pub fn kill_all_that_is_left(id: u32) {
    // A program that forks as fast as it is killed must not hold this process for ever.
    let deadline = Instant::now() + Duration::from_secs(1);
    kill_group(id);
    while Instant::now() < deadline {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return,
            Ok(nix::sys::wait::WaitStatus::StillAlive) => {
                for descendant in descendants() {
                    let _ = kill(descendant, Signal::SIGKILL);
                }
                thread::sleep(Duration::from_millis(1));
            }
            _ => {}
        }
    }
}

/// The ids of all processes below this one.
#[cfg(target_os = "linux")]
fn descendants() -> Vec<Pid> {
    let parents: Vec<(i32, i32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let pid: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // `pid (name) state ppid …`, and the name may hold anything.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
            Some((pid, parent.parse().ok()?))
        })
        .collect();
    let mut found = vec![nix::unistd::getpid().as_raw()];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(parents.iter().filter(|p| p.1 == parent).map(|p| p.0));
        next += 1;
    }
    found.into_iter().skip(1).map(Pid::from_raw).collect()
}

/// Without a subreaper, only the group can be found.
#[cfg(not(target_os = "linux"))]
fn descendants() -> Vec<Pid> {
    Vec::new()
}

/// What all that this process started does.
#[cfg(target_os = "linux")]
pub fn load_of_all() -> Option<Load> {
    let ids = descendants();
    super::load::of(ids.iter().filter_map(|id| id.as_raw().try_into().ok()))
}

/// What one process does.
#[cfg(target_os = "linux")]
pub fn load_of(id: u32) -> Option<Load> {
    super::load::of([id])
}

/// Nobody knows.
#[cfg(not(target_os = "linux"))]
pub fn load_of_all() -> Option<Load> {
    None
}

/// Nobody knows.
#[cfg(not(target_os = "linux"))]
pub fn load_of(_id: u32) -> Option<Load> {
    None
}

/// Has `command` find `orders` in what becomes its standard output, to be read once, and `record` as its
/// standard input, to be appended to. What it prints arrives at the end that is returned.
pub fn give_orders(
    command: &mut Command,
    record: &Path,
    orders: &str,
) -> io::Result<Option<UnixStream>> {
    let (mut ours, theirs) = UnixStream::pair()?;
    // They are a few kilobytes at most: they fit into what the system holds for a reader.
    ours.write_all(orders.as_bytes())?;
    ours.shutdown(Shutdown::Write)?;
    let record = File::options().append(true).open(record)?;
    command.stdin(record).stdout(OwnedFd::from(theirs));
    Ok(Some(ours))
}

/// The largest resident set among the children that ended, in bytes.
pub fn peak_memory() -> u64 {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else {
        return 0;
    };
    let unit = if cfg!(target_os = "linux") { 1024 } else { 1 };
    u64::try_from(usage.max_rss()).unwrap_or(0) * unit
}

/// What a status says.
pub fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Exited(code),
        (None, Some(signal)) => Ending::Signalled(signal),
        (None, None) => Ending::Exited(-1),
    }
}

/// Signals held back while this is there: those that the terminal sends to a program in the
/// foreground as well, and those that are handed on to it.
pub struct Signals(&'static Held);

/// What is held back, and what came of it.
struct Held {
    /// Whether signals do what they do by default.
    by_default: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
}

/// Once a signal is caught, it stays caught: so this is done once, and then switched on and off.
static HELD: LazyLock<io::Result<Held>> = LazyLock::new(|| {
    let held = Held {
        by_default: Arc::new(AtomicBool::new(true)),
        interrupted: Arc::default(),
        terminated: Arc::default(),
    };
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] {
        flag::register_conditional_default(signal, Arc::clone(&held.by_default))?;
    }
    for signal in [SIGTERM, SIGHUP] {
        flag::register(signal, Arc::clone(&held.terminated))?;
    }
    for signal in [SIGINT, SIGQUIT] {
        flag::register(signal, Arc::clone(&held.interrupted))?;
    }
    Ok(held)
});

impl Signals {
    pub fn held_back() -> io::Result<Self> {
        let held = HELD.as_ref().map_err(io::Error::kind)?;
        held.interrupted.store(false, Ordering::Relaxed);
        held.terminated.store(false, Ordering::Relaxed);
        held.by_default.store(false, Ordering::Relaxed);
        Ok(Self(held))
    }

    /// Whether this process was asked to end since the last time.
    pub fn is_asked_to_stop(&self) -> bool {
        let interrupted = self.0.interrupted.swap(false, Ordering::Relaxed);
        self.0.terminated.swap(false, Ordering::Relaxed) || interrupted
    }

    /// Asks `child` to end if this process was asked to.
    pub fn hand_on(&self, child: &Child) {
        if self.0.terminated.swap(false, Ordering::Relaxed) {
            // It may be gone already.
            let _ = kill(pid(child.id()), Signal::SIGTERM);
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.0.by_default.store(true, Ordering::Relaxed);
    }
}

fn pid(id: u32) -> Pid {
    Pid::from_raw(i32::try_from(id).unwrap_or(i32::MAX))
}
