//! The keeper's side: limits, start, wait, clean up, answer.

use std::io::{self, BufRead, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use super::{Ending, Outcome, Printed, Program};

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "elsewhere.rs"]
mod system;

/// Reads a program from standard input, runs it, writes the outcome to standard output.
///
/// # Errors
///
/// If standard input or output is not what `tutor` makes it.
pub fn keep() -> io::Result<()> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let program: Program = serde_json::from_str(&line)?;
    let answer = run(&program).map_err(|e| e.to_string());
    serde_json::to_writer(io::stdout().lock(), &answer)?;
    io::stdout().flush()
}

enum Event {
    Ended(io::Result<ExitStatus>),
    TutorIsGone,
}

fn run(program: &Program) -> io::Result<Outcome> {
    system::take_on(&program.limits)?;
    let mut command = Command::new(&program.path);
    if program.clear_env {
        command.env_clear();
    }
    command
        .args(&program.args)
        .envs(program.env.iter().map(|(key, value)| (key, value)))
        .current_dir(&program.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    system::own_group(&mut command);
    let mut child = command.spawn()?;
    let id = child.id();

    let stdout = gather(child.stdout.take(), program.limits.output);
    let stderr = gather(child.stderr.take(), program.limits.output);
    let (events, happened) = mpsc::channel();
    watch_tutor(events.clone());
    wait(child, events);

    let ending = match happened.recv_timeout(program.limits.time) {
        Ok(Event::Ended(status)) => system::ending(status?),
        Ok(Event::TutorIsGone) | Err(_) => {
            system::kill_group(id);
            Ending::TimedOut
        }
    };
    // Before the output is joined: whoever holds the pipes open keeps the readers waiting.
    system::kill_all_that_is_left(id);
    Ok(Outcome {
        ending,
        stdout: stdout.join().unwrap_or_default(),
        stderr: stderr.join().unwrap_or_default(),
        peak_memory: system::peak_memory(),
    })
}

/// Tells when standard input ends, which is when `tutor` ends.
fn watch_tutor(events: mpsc::Sender<Event>) {
    thread::spawn(move || {
        let mut rest = [0; 1];
        while !matches!(io::stdin().read(&mut rest), Ok(0) | Err(_)) {}
        // Nobody listens any more when the program has ended first.
        let _ = events.send(Event::TutorIsGone);
    });
}

/// Tells when `child` ends.
fn wait(mut child: Child, events: mpsc::Sender<Event>) {
    thread::spawn(move || {
        // Nobody listens any more when the program's time was up.
        let _ = events.send(Event::Ended(child.wait()));
    });
}

/// Reads `pipe` to its end and keeps the first `limit` bytes.
fn gather(pipe: Option<impl Read + Send + 'static>, limit: usize) -> JoinHandle<Printed> {
    thread::spawn(move || {
        let Some(mut pipe) = pipe else {
            return Printed::default();
        };
        let mut kept = Vec::new();
        let read = pipe.by_ref().take(limit as u64).read_to_end(&mut kept);
        let more = read.and_then(|_| io::copy(&mut pipe, &mut io::sink()));
        Printed {
            text: String::from_utf8_lossy(&kept).into_owned(),
            cut: more.is_ok_and(|bytes| bytes > 0),
        }
    })
}
