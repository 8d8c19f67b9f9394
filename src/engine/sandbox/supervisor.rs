//! The supervisor's side: limits, start, wait, clean up, answer.

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::{Ending, Input, Kind, Outcome, Printed, Program, THREADS, launcher, system};

/// How often it is looked at foreign code: its time, its threads, its files.
const COUNTING: Duration = Duration::from_millis(20);

/// How often it is looked at other programs: they may have started others, which have to be found.
const LOOKING: Duration = Duration::from_millis(200);

/// The signal by which the system ends a process that used up its processor time.
const NO_TIME_LEFT: i32 = 24;

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
    // Only Linux can tie a program's life to this process's.
    let mut command = match program.policy {
        None if cfg!(not(target_os = "linux")) => bare(program),
        _ => launcher::command(&env::current_exe()?, program)?,
    };
    command
        .current_dir(&program.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut channel = None;
    match &program.input {
        Input::Nothing => {}
        Input::Text(_) => {
            command.stdin(Stdio::piped());
        }
        Input::Record { file, orders } => {
            channel = system::give_orders(&mut command, file, orders)?;
        }
    }
    system::own_group(&mut command);
    let started = Instant::now();
    let mut child = command.spawn()?;
    // Its ends of the channel are the program's alone: otherwise the output would never end.
    drop(command);
    let id = child.id();

    if let (Input::Text(text), Some(mut stdin)) = (program.input.clone(), child.stdin.take()) {
        // A program that does not read all of it has its reasons.
        thread::spawn(move || stdin.write_all(text.as_bytes()));
    }
    let stdout = match channel {
        Some(channel) => gather(Some(channel), program.limits.output),
        None => gather(child.stdout.take(), program.limits.output),
    };
    let stderr = gather(child.stderr.take(), program.limits.output);
    let (events, happened) = mpsc::channel();
    watch_tutor(events.clone());
    wait(child, events);

    let ending = until_the_end(program, id, started, &happened)?;
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
fn until_the_end(
    program: &Program,
    id: u32,
    started: Instant,
    happened: &Receiver<Event>,
) -> io::Result<Ending> {
    let is_foreign = matches!(&program.policy, Some(policy) if policy.kind == Kind::Foreign);
    let interval = if is_foreign { COUNTING } else { LOOKING };
    let mut clock = Clock::new(program.limits, started);
    loop {
        match happened.recv_timeout(clock.until_next_look(interval, Instant::now())) {
            Ok(Event::Ended(status)) => {
                return Ok(match system::ending(status?) {
                    Ending::Signalled(NO_TIME_LEFT) if cfg!(unix) => Ending::TimedOut,
                    ending => ending,
                });
            }
            Ok(Event::TutorIsGone) | Err(RecvTimeoutError::Disconnected) => {
                return Ok(Ending::TimedOut);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        // Foreign code is one process.
        let load = if is_foreign {
            system::load_of(id)
        } else {
            system::load_of_all()
        };
        if clock.is_up(load, Instant::now()) {
            return Ok(Ending::TimedOut);
        }
        if is_foreign && load.is_some_and(|load| load.threads > THREADS) {
            return Ok(Ending::TooManyThreads);
        }
        if is_foreign && wrote_too_much(program, id) {
            return Ok(Ending::WroteTooMuch);
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
