//! A program that has the terminal: no limit of time, and its output is shown while it runs.
//!
//! For what the learner starts to use and not to have it judged. There is no supervisor. A program
//! that has the terminal to itself is in `tutor`'s own process group: Ctrl-C reaches it, `tutor`
//! waits until it has dealt with that, and what ends `tutor` alone is handed on. One that `tutor`
//! talks with is in a group of its own, and is asked to stop by the end of its input: also when
//! `tutor` is killed.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::{Ending, system};
use crate::error::{Error, Result};

/// How often it is looked whether the program has ended, or `tutor` is to end.
const EVERY: Duration = Duration::from_millis(10);

/// There is one terminal.
static TERMINAL: Mutex<()> = Mutex::new(());

/// A program to be run in the foreground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreground {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment: these variables on top of `tutor`'s own.
    pub env: Vec<(OsString, OsString)>,
    /// Its working folder.
    pub folder: PathBuf,
}

/// Where a program reads and writes. Its standard error is `tutor`'s in any case.
pub enum Streams<'a> {
    /// Where `tutor` does.
    Inherited,
    /// It reads nothing, and each line of its output is handed on as soon as it is whole, without
    /// its end; what is no UTF-8 is replaced.
    Lines(&'a mut dyn FnMut(&str)),
    /// It reads one line, and then waits for the end of its input, which asks it to stop in its own
    /// time: that comes with Ctrl-C, or once a line that it wrote is answered by a break. A second
    /// Ctrl-C kills it. Lines are handed on as above.
    Conversation(&'a str, &'a mut dyn FnMut(&str) -> ControlFlow<()>),
}

/// The end of a program's standard input that `tutor` holds, until the program is asked to stop.
type Held = Mutex<Option<ChildStdin>>;

impl Foreground {
    /// Starts the program and waits for its end.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or its output not be read.
    pub fn run(&self, streams: Streams<'_>) -> Result<Ending> {
        self.wait(streams).map_err(|error| Error::Tool {
            name: self.path.display().to_string(),
            reason: error.to_string(),
        })
    }

    fn wait(&self, streams: Streams<'_>) -> io::Result<Ending> {
        let _alone = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(&self.path);
        command
            .args(&self.args)
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .current_dir(&self.folder);
        match streams {
            Streams::Inherited => {}
            Streams::Lines(_) => {
                command.stdin(Stdio::null()).stdout(Stdio::piped());
            }
            Streams::Conversation(..) => {
                command.stdin(Stdio::piped()).stdout(Stdio::piped());
                // Ctrl-C is for `tutor`, which asks the program to stop.
                system::own_group(&mut command);
            }
        }
        let signals = system::Signals::held_back()?;
        let mut child = command.spawn()?;
        let out = child.stdout.take();
        let stdin: Held = Mutex::new(child.stdin.take());
        let is_asked_by_its_input = lock(&stdin).is_some();
        let status = thread::scope(|scope| {
            let waiting = scope.spawn(|| match is_asked_by_its_input {
                true => until_it_stops(&mut child, &signals, &stdin),
                false => until_the_end(&mut child, &signals),
            });
            let read = match (streams, out) {
                (Streams::Lines(tell), Some(out)) => each_line(
                    BufReader::new(out),
                    |line| {
                        tell(line);
                        ControlFlow::Continue(())
                    },
                    &stdin,
                ),
                (Streams::Conversation(input, tell), Some(out)) => {
                    if let Some(stdin) = lock(&stdin).as_mut() {
                        // A program that reads nothing says so itself.
                        let _ = writeln!(stdin, "{input}");
                    }
                    each_line(BufReader::new(out), tell, &stdin)
                }
                _ => Ok(()),
            };
            let status = waiting
                .join()
                .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
            read.and(status)
        });
        status.map(system::ending)
    }
}

/// Waits for `child`, and hands on to it what asks `tutor` to end.
fn until_the_end(child: &mut Child, signals: &system::Signals) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        signals.hand_on(child);
        thread::sleep(EVERY);
    }
}

/// Waits for `child`; what asks `tutor` to end asks the program to stop, and a second time kills it.
fn until_it_stops(
    child: &mut Child,
    signals: &system::Signals,
    stdin: &Held,
) -> io::Result<ExitStatus> {
    let mut is_asked = false;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if signals.is_asked_to_stop() {
            if is_asked {
                system::kill_group(child.id());
            }
            is_asked = true;
            lock(stdin).take();
        }
        thread::sleep(EVERY);
    }
}

fn lock(stdin: &Held) -> std::sync::MutexGuard<'_, Option<ChildStdin>> {
    stdin.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands on each line. After a break, the program is asked to stop, and what else it writes is not
/// handed on.
fn each_line(
    mut out: impl BufRead,
    mut tell: impl FnMut(&str) -> ControlFlow<()>,
    stdin: &Held,
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut listens = true;
    while out.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if listens && tell(text.trim_end_matches(['\r', '\n'])).is_break() {
            listens = false;
            lock(stdin).take();
        }
        line.clear();
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Foreground {
        Foreground {
            path: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
            env: vec![("WORD".into(), "spoken".into())],
            folder: "/".into(),
        }
    }

    fn lines(script: &str) -> (Ending, Vec<String>) {
        let mut lines = Vec::new();
        let mut tell = |line: &str| lines.push(line.to_owned());
        let ending = shell(script)
            .run(Streams::Lines(&mut tell))
            .expect("it can be started");
        (ending, lines)
    }

    #[test]
    fn lines_are_handed_on_and_the_end_is_told() {
        let (ending, lines) = lines("pwd; read x || echo nothing to read; printf $WORD; exit 3");
        assert_eq!(lines, ["/", "nothing to read", "spoken"]);
        assert_eq!(ending, Ending::Exited(3));
    }

    #[test]
    fn a_line_comes_before_the_program_has_ended() {
        let marker = tempfile::NamedTempFile::new().expect("a file");
        let path = marker.path().to_owned();
        let script = format!("echo first; while test -e {}; do :; done", path.display());
        let mut marker = Some(marker);
        // Ends only if the line is heard of while it runs.
        let mut tell = |_: &str| drop(marker.take());
        let ending = shell(&script).run(Streams::Lines(&mut tell));
        assert_eq!(ending.expect("it can be started"), Ending::Exited(0));
    }

    #[test]
    fn a_conversation_ends_when_a_line_is_answered_by_a_break() {
        let script = "read first; echo $first; read second || echo stopped; echo after";
        let mut lines = Vec::new();
        let mut tell = |line: &str| {
            lines.push(line.to_owned());
            ControlFlow::Break(())
        };
        let ending = shell(script)
            .run(Streams::Conversation("one", &mut tell))
            .expect("it can be started");
        assert_eq!(ending, Ending::Exited(0));
        assert_eq!(lines, ["one"]);
    }

    #[test]
    fn a_signal_that_ends_it_is_told() {
        assert_eq!(lines("kill -9 $$").0, Ending::Signalled(9));
    }

    #[test]
    fn what_is_not_there_cannot_be_started() {
        let mut gone = shell("");
        gone.path = "/not/there".into();
        let error = gone.run(Streams::Inherited).expect_err("it is not there");
        assert!(error.to_string().contains("/not/there"), "{error}");
    }
}
