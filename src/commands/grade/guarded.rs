//! `tutor grade` in a process of its own, and another one that goes on should it die.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::slice;
use std::sync::OnceLock;

use crate::classroom::grading::ledger::{Ledger, Place};
use crate::engine::sandbox::Ending;
use crate::engine::sandbox::foreground::{Foreground, Streams};
use crate::error::{Code, Error, Result};
use crate::terminal;

/// The hidden command under which `tutor` judges: behind it, the process that it belongs to, the
/// ledger, and the command line that was typed.
const COMMAND: &str = "__judge";

/// The signals that end a program because somebody wants it to end: SIGHUP, SIGINT, SIGQUIT, SIGTERM.
const ASKED_TO_END: [i32; 4] = [1, 2, 3, 15];

/// Where the ledger is, in a process that judges.
static LEDGER: OnceLock<PathBuf> = OnceLock::new();

/// Makes this process one that judges, if it was started as one; then these are its arguments.
#[must_use]
pub fn judging(args: &[OsString]) -> Option<Vec<OsString>> {
    let [program, command, guard, ledger, typed @ ..] = args else {
        return None;
    };
    if command != COMMAND || LEDGER.set(ledger.into()).is_err() {
        return None;
    }
    end_with(guard.to_str()?.parse().ok()?);
    Some([slice::from_ref(program), typed].concat())
}

/// The ledger of this process, if it is one that judges.
pub(super) fn ledger() -> Option<Result<Ledger>> {
    LEDGER.get().map(|path| Ledger::open(path))
}

/// Has a process judge what was typed, and another one go on where it dies.
pub(super) fn guarded() -> Result<Code> {
    let tutor = env::current_exe().map_err(|e| unable(&e.to_string()))?;
    let place = tempfile::tempdir().map_err(Error::io("create a folder in", &env::temp_dir()))?;
    let path = place.path().join("ledger");
    let mut ledger = Ledger::open(&path)?;
    let guard = std::process::id().to_string();
    let mut args: Vec<OsString> = vec![COMMAND.into(), guard.into(), path.into()];
    args.extend(env::args_os().skip(1));
    let judging = Foreground {
        path: tutor,
        args,
        env: Vec::new(),
        folder: env::current_dir().map_err(|e| unable(&e.to_string()))?,
    };
    loop {
        let signal = match judging.run(Streams::Inherited)? {
            Ending::Signalled(signal) if ASKED_TO_END.contains(&signal) => {
                terminal::note(&format!(
                    "\nStopped. What was graded is kept; to go on, type:\n  {}",
                    again()
                ));
                return Ok(Code::Interrupted);
            }
            Ending::Signalled(signal) => signal,
            Ending::Exited(code) => return Ok(Code::of(code)),
            ending => return Err(unable(&format!("{ending:?}"))),
        };
        let found = ledger.after_a_death()?;
        if found.is_empty() {
            return Err(unable(&format!("it was ended by signal {signal}")));
        }
        for (place, is_given_up) in found {
            terminal::note(&said(&place, is_given_up, signal));
        }
    }
}

fn unable(reason: &str) -> Error {
    Error::Tool {
        name: "tutor grade".into(),
        reason: reason.to_owned(),
    }
}

fn said(place: &Place, is_given_up: bool, signal: i32) -> String {
    let Place { student, step } = place;
    let what = match step {
        Some(step) => format!("{step} of `{student}`"),
        None => format!("the submission of `{student}`"),
    };
    match is_given_up {
        false => format!(
            "Judging was ended by signal {signal} while {what} was under way. It goes on; {what} is \
             judged once more, alone."
        ),
        true => format!(
            "Judging {what} ended it by signal {signal} again: that counts as nothing, and the \
             others go on. Please report it: it is a bug in tutor."
        ),
    }
}

/// What to type to go on with what was typed.
pub(super) fn again() -> String {
    let args: Vec<OsString> = env::args_os().collect();
    let typed = match args.get(1) {
        Some(command) if command == COMMAND => args.get(4..),
        _ => args.get(1..),
    };
    again_with(typed.unwrap_or_default())
}

fn again_with(typed: &[OsString]) -> String {
    let mut words = vec!["tutor".to_owned()];
    words.extend(typed.iter().map(|word| quoted(&word.to_string_lossy())));
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".into());
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=/.,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Sees to it that this process does not outlive the process `guard`, which started it.
#[cfg(unix)]
fn end_with(guard: u32) {
    use std::os::unix::process::parent_id;
    use std::thread;
    use std::time::Duration;

    // What is not there on other systems comes a moment later below.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
    let is_gone = move || parent_id() != guard;
    thread::spawn(move || {
        while !is_gone() {
            thread::sleep(Duration::from_millis(100));
        }
        #[expect(clippy::exit, reason = "nobody is left who waits for this process")]
        std::process::exit(Code::Interrupted as i32)
    });
}

/// Nobody tells.
#[cfg(not(unix))]
fn end_with(_guard: u32) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_typed_again() {
        let typed = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            again_with(&words)
        };
        assert_eq!(
            typed(&["grade", "the class", "--steps=s01,s02"]),
            "tutor grade 'the class' --steps=s01,s02 --resume"
        );
        assert_eq!(
            typed(&["grade", "it's", "--resume"]),
            r"tutor grade 'it'\''s' --resume"
        );
        assert_eq!(typed(&["grade", ""]), "tutor grade '' --resume");
    }
}
