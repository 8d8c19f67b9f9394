//! The supervisor's side: limits, start, wait, clean up, answer.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Ending, Input, Kind, Outcome, Printed, Program, THREADS, launcher, system};

/// How often the threads of foreign code are counted, and its files.
const COUNTING: Duration = Duration::from_millis(20);

/// Reads a program from standard input, runs it, writes the outcome to standard output.
///
/// # Errors
///
/// If standard input or output is not what `tutor` makes it.
pub fn supervise() -> io::Result<()> {
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
    let mut command = match program.policy {
        Some(_) => launcher::command(&env::current_exe()?, program)?,
        None => bare(program),
    };
    command
        .current_dir(&program.folder)
        .stdin(match &program.input {
            Input::Nothing => Stdio::null(),
            Input::Text(_) => Stdio::piped(),
            Input::File(path) => File::options().read(true).append(true).open(path)?.into(),
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    system::own_group(&mut command);
    let mut child = command.spawn()?;
    let id = child.id();

    if let (Input::Text(text), Some(mut stdin)) = (program.input.clone(), child.stdin.take()) {
        // A program that does not read all of it has its reasons.
        thread::spawn(move || stdin.write_all(text.as_bytes()));
    }
    let stdout = gather(child.stdout.take(), program.limits.output);
    let stderr = gather(child.stderr.take(), program.limits.output);
    let (events, happened) = mpsc::channel();
    watch_tutor(events.clone());
    wait(child, events);

    let ending = until_the_end(program, id, &happened)?;
    if !matches!(ending, Ending::Exited(_) | Ending::Signalled(_)) {
        system::kill_group(id);
    }
    // Before the output is joined: whoever holds the pipes open keeps the readers waiting.
    system::kill_all_that_is_left(id);
    Ok(Outcome {
        ending,
        stdout: stdout.join().unwrap_or_default(),
        stderr: stderr.join().unwrap_or_default(),
        peak_memory: system::peak_memory(),
    })
}

/// The program as it is.
#[must_use]
pub fn bare(program: &Program) -> Command {
    let mut command = Command::new(&program.path);
    if program.clear_env {
        command.env_clear();
    }
    command
        .args(&program.args)
        .envs(program.env.iter().map(|(key, value)| (key, value)));
    command
}

/// Waits for the program to end, or to use up what it has.
fn until_the_end(program: &Program, id: u32, happened: &Receiver<Event>) -> io::Result<Ending> {
    let counted = matches!(&program.policy, Some(policy) if policy.kind == Kind::Foreign);
    let deadline = Instant::now() + program.limits.time;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let wait = if counted { left.min(COUNTING) } else { left };
        match happened.recv_timeout(wait) {
            Ok(Event::Ended(status)) => return Ok(system::ending(status?)),
            Err(RecvTimeoutError::Timeout) if wait < left => {
                if system::threads(id).is_some_and(|threads| threads > THREADS) {
                    return Ok(Ending::TooManyThreads);
                }
                if wrote_too_much(program, id) {
                    return Ok(Ending::WroteTooMuch);
                }
            }
            Ok(Event::TutorIsGone) | Err(_) => return Ok(Ending::TimedOut),
        }
    }
}

/// Whether a program holds more files than it may. The size of each is the system's to limit; of all
/// together, nothing else keeps count.
#[cfg(target_os = "linux")]
fn wrote_too_much(program: &Program, id: u32) -> bool {
    let folders = program.policy.iter().flat_map(|policy| &policy.write);
    let written: u64 = folders.map(|folder| super::written::by(id, folder)).sum();
    written > program.limits.file_size
}

/// There is no policy to hold.
#[cfg(not(target_os = "linux"))]
fn wrote_too_much(_program: &Program, _id: u32) -> bool {
    false
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
