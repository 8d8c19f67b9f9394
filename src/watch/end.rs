//! The end that comes from outside: a signal, or a terminal that goes away.

use std::io::{self, stdin};
use std::os::fd::AsFd;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use signal_hook::consts::{SIGHUP, SIGTERM};

/// How often the terminal is looked at.
const EVERY: Duration = Duration::from_millis(200);

/// How long watching may take to end by itself. Waiting for a key on a terminal that is gone
/// never returns, so it cannot always.
const GRACE: Duration = Duration::from_millis(500);

/// Sets `terminated` when the end comes, and ends the process if nobody else does.
pub fn watch(terminated: &Arc<AtomicBool>) -> io::Result<()> {
    for signal in [SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(terminated))?;
    }
    let terminated = Arc::clone(terminated);
    thread::spawn(move || {
        while !terminated.load(Ordering::Relaxed) && !is_hung_up() {
            thread::sleep(EVERY);
        }
        terminated.store(true, Ordering::Relaxed);
        thread::sleep(GRACE);
        // A terminal that is gone needs nothing back.
        let _ = ratatui::try_restore();
        process::exit(128 + SIGTERM);
    });
    Ok(())
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
