//! What comes from outside: signals, and a terminal that goes away.

use std::io::{self, stdin};
use std::os::fd::AsFd;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

use super::screen;

/// How often the terminal is looked at.
const EVERY: Duration = Duration::from_millis(200);

/// How long watching may take to end by itself. Waiting for a key on a terminal that is gone
/// never returns, so it cannot always.
const GRACE: Duration = Duration::from_millis(500);

/// What has come and was not dealt with yet.
#[derive(Debug, Default)]
pub struct Signals {
    terminated: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
}

impl Signals {
    /// Notes signals from now on. When the end comes, the process ends even if nobody asks.
    pub fn watch() -> io::Result<Self> {
        let signals = Self::default();
        for (signal, flag) in [
            (SIGTERM, &signals.terminated),
            (SIGHUP, &signals.terminated),
            (SIGQUIT, &signals.terminated),
            (SIGINT, &signals.interrupted),
            (SIGTSTP, &signals.stopped),
            (SIGCONT, &signals.continued),
        ] {
            signal_hook::flag::register(signal, Arc::clone(flag))?;
        }
        let terminated = Arc::clone(&signals.terminated);
        thread::spawn(move || {
            while !terminated.load(Ordering::Relaxed) && !is_hung_up() {
                thread::sleep(EVERY);
            }
            terminated.store(true, Ordering::Relaxed);
            thread::sleep(GRACE);
            screen::restore();
            process::exit(128 + SIGTERM);
        });
        Ok(signals)
    }

    /// Whether it is time to end.
    pub fn is_over(&self) -> bool {
        self.terminated.load(Ordering::Relaxed) || self.interrupted.load(Ordering::Relaxed)
    }

    /// Forgets a Ctrl-C that was meant for a program that had the terminal.
    pub fn forget_interrupt(&self) {
        self.interrupted.store(false, Ordering::Relaxed);
    }

    /// Whether this process is asked to stop for a while; asking takes note of it.
    pub fn is_stop_wanted(&self) -> bool {
        self.stopped.swap(false, Ordering::Relaxed)
    }

    /// Whether this process went on after it was stopped; asking takes note of it.
    pub fn is_back(&self) -> bool {
        self.continued.swap(false, Ordering::Relaxed)
    }

    /// Stops this process, as Ctrl-Z does where nobody is in its way, until it is told to go on.
    pub fn stop(&self) {
        // All of the job, as the terminal would: whoever started us may have to notice, too. This
        // process notes the signal and stops by the other one.
        let _ = kill(Pid::from_raw(0), Signal::SIGTSTP);
        let _ = raise(Signal::SIGSTOP);
        self.is_stop_wanted();
        self.is_back();
    }
}

/// Whether the terminal is gone.
fn is_hung_up() -> bool {
    let stdin = stdin();
    let mut fds = [PollFd::new(stdin.as_fd(), PollFlags::empty())];
    let polled = poll(&mut fds, PollTimeout::ZERO);
    let ended = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
    polled.is_ok()
        && fds[0]
            .revents()
            .is_some_and(|flags| flags.intersects(ended))
}
