//! Panics of the code under check, turned into data.

use std::any::Any;
use std::backtrace::Backtrace;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use observation::{Panic, Place};

/// Whether a panic is what a call is made for: then the way there is of no interest.
static EXPECTED: AtomicBool = AtomicBool::new(false);

/// Panics that happened and that nobody has taken yet.
static HAPPENED: Mutex<Vec<Panic>> = Mutex::new(Vec::new());

fn happened() -> MutexGuard<'static, Vec<Panic>> {
    HAPPENED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From here on panics are kept for [`take`] instead of being printed. For one that was not
/// raised in the file `source`, the calls that led there are found out, which takes a while; without
/// a file they are not.
pub fn keep(source: Option<String>) {
    panic::set_hook(Box::new(move |info| {
        let panic = describe(info, source.as_deref());
        happened().push(panic);
    }));
}

/// The panics of all threads since the last call.
pub fn take() -> Vec<Panic> {
    std::mem::take(&mut *happened())
}

/// Runs `body`, which may well panic; a panic comes back as an error.
pub fn catch_expected(body: &mut dyn FnMut()) -> Result<(), Box<dyn Any + Send>> {
    EXPECTED.store(true, Ordering::Relaxed);
    let result = catch(body);
    EXPECTED.store(false, Ordering::Relaxed);
    result
}

/// Runs `body`; a panic comes back as an error, which holds what was thrown.
///
/// # Errors
///
/// If `body` panics.
pub fn catch(body: &mut dyn FnMut()) -> Result<(), Box<dyn Any + Send>> {
    panic::catch_unwind(AssertUnwindSafe(body))
}

fn describe(info: &PanicHookInfo<'_>, source: Option<&str>) -> Panic {
    let current = thread::current();
    let in_source = info.location().is_some_and(|at| Some(at.file()) == source);
    let is_plain = in_source || source.is_none() || EXPECTED.load(Ordering::Relaxed);
    Panic {
        message: info
            .payload_as_str()
            .unwrap_or("a value that is no text")
            .to_owned(),
        at: info.location().map(|location| Place {
            file: location.file().to_owned(),
            line: location.line(),
        }),
        calls: if is_plain {
            Vec::new()
        } else {
            calls(&Backtrace::force_capture().to_string())
        },
        thread: (!is_main(&current)).then(|| current.name().unwrap_or("unnamed").to_owned()),
    }
}

fn is_main(thread: &thread::Thread) -> bool {
    thread.name() == Some("main")
}

/// The places in a backtrace as printed: lines like `             at /path/file.rs:12:5`.
fn calls(backtrace: &str) -> Vec<Place> {
    backtrace
        .lines()
        .filter_map(|line| {
            let (rest, _column) = line.trim_start().strip_prefix("at ")?.rsplit_once(':')?;
            let (file, line) = rest.rsplit_once(':')?;
            Some(Place {
                file: file.to_owned(),
                line: line.parse().ok()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places_in_a_backtrace() {
        let text =
            "   0: std::rt\n   1: main::forward\n             at /a b/s06.rs:12:5\n   2: main\n";
        let place = Place {
            file: "/a b/s06.rs".into(),
            line: 12,
        };
        assert_eq!(calls(text), [place]);
    }
}
