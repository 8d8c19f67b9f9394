//! Running a program within limits and leaving nothing of it behind.
//!
//! `tutor` does not start the program itself. It starts a second `tutor`, the [`supervisor`], which
//! takes the limits on, starts the program in a process group of its own, gathers what it
//! prints, watches what time it takes (see [`clock`]), and in the end kills whatever is left, descendants that left the group included. The
//! supervisor needs no `unsafe` code (its own limits are inherited), and when `tutor` is killed the
//! supervisor notices and cleans up all the same.
//!
//! On Linux, the program is started by way of a third `tutor`, which sees to it that the program does not
//! outlive its supervisor either, builds the sandbox around itself where there is a [`Policy`], and then
//! becomes the program: see [`launcher`].
//!
//! What the learner starts to use it has neither limits nor a supervisor: see [`foreground`].

mod clock;
pub mod foreground;
#[cfg(target_os = "linux")]
mod landlock;
pub mod launcher;
#[cfg(target_os = "linux")]
mod load;
pub mod profiles;
#[cfg(target_os = "linux")]
mod seccomp;
pub mod self_test;
pub mod supervisor;
#[cfg(not(unix))]
#[path = "sandbox/not_unix.rs"]
mod system;
#[cfg(unix)]
#[path = "sandbox/unix.rs"]
mod system;
pub mod workplace;
#[cfg(target_os = "linux")]
mod written;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub use self_test::{Missing, probe};

/// The hidden command under which `tutor` becomes a supervisor.
pub const COMMAND: &str = "__supervise";

/// The executable that becomes a supervisor, where it is not the running one.
static SUPERVISOR: OnceLock<PathBuf> = OnceLock::new();

/// Names the `tutor` to start as supervisor; the first call counts.
///
/// For a process that is not `tutor` itself: an integration test's executable does not know the
/// hidden command.
pub fn set_supervisor(tutor: PathBuf) {
    // Whoever comes second means the same executable.
    let _ = SUPERVISOR.set(tutor);
}

fn supervisor() -> io::Result<PathBuf> {
    SUPERVISOR.get().cloned().map_or_else(env::current_exe, Ok)
}

/// What a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Processor time of all its threads, and the time for which they all wait. Where the system does not
    /// say what a program takes, wall-clock time.
    pub time: Duration,
    /// Address space, in bytes.
    pub memory: u64,
    /// Size of any file it writes, in bytes.
    pub file_size: u64,
    /// Bytes kept of each of standard output and standard error; more is read and thrown away.
    pub output: usize,
}

/// So many times as long as its [`Limits::time`], a program may take by the clock on the wall.
const WALL: u32 = 4;

/// By the clock on the wall, a program has at least so much more than its [`Limits::time`].
const LEAST_MORE: Duration = Duration::from_secs(10);

impl Limits {
    /// How long a program may be there at most, however little it gets to do.
    #[must_use]
    pub fn wall(&self) -> Duration {
        (self.time * WALL).max(self.time + LEAST_MORE)
    }

    /// The limits as part of all that a run depends on.
    #[must_use]
    pub fn id(&self) -> Vec<u8> {
        let time = u64::try_from(self.time.as_millis()).unwrap_or(u64::MAX);
        let numbers = [time, self.memory, self.file_size, self.output as u64];
        numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
    }
}

/// What a program may reach. Whatever is not named here, it may not: no other file, no network,
/// no other process. Linux only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Files that it may read, and folders whose files it may.
    pub read: Vec<PathBuf>,
    /// The same for files that it may execute as well.
    pub execute: Vec<PathBuf>,
    /// Folders in which a compiler may do as it likes. Foreign code may make and change files in
    /// them and nothing else, no folders and no links, and of all that not more than a single file
    /// may have.
    pub write: Vec<PathBuf>,
    /// Whether foreign code may ask whether a file is there, how large it is, whose, and how old: where it
    /// has files of its own. Then it may ask so of any.
    pub asks: bool,
    /// What it is.
    pub kind: Kind,
}

/// What kind of program is in a sandbox: this decides which system calls it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A compiler, which starts a linker. No foreign code runs in either.
    Compiler,
    /// Foreign code: a single process that computes.
    Foreign,
}

/// What a program finds on its standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// This text.
    Text(String),
    /// A file to append to; and orders for it, which it reads once, from what becomes its standard
    /// output. Where there is no such channel, they stand in the file, which can be read then.
    Record {
        /// The file; it is there.
        file: PathBuf,
        /// The orders.
        orders: String,
    },
}

/// How many threads foreign code may have. A check and the kit run in one; the others are for steps that
/// share their work out, which nothing keeps them from. All of them together have the time of one.
pub const THREADS: u32 = 8;

/// A program to be run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment: these variables on top of the supervisor's own.
    pub env: Vec<(OsString, OsString)>,
    /// Whether the environment starts out empty instead.
    pub clear_env: bool,
    /// Its working folder.
    pub folder: PathBuf,
    /// What it reads.
    pub input: Input,
    /// What it may use.
    pub limits: Limits,
    /// What it may reach; everything, if there is no policy.
    pub policy: Option<Policy>,
}

/// A program that runs under its supervisor. It is killed when this is dropped.
#[derive(Debug)]
pub struct Running<'a> {
    program: &'a Program,
    supervisor: Child,
    /// Kept open: its end tells the supervisor that `tutor` is gone.
    _stdin: Option<ChildStdin>,
}

impl Running<'_> {
    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// If the program could not be started.
    pub fn wait(self) -> Result<Outcome> {
        let output = self.supervisor.wait_with_output();
        let output = output.map_err(|e| self.program.not_started(&e))?;
        let answer: std::result::Result<Outcome, String> =
            serde_json::from_slice(&output.stdout)
                .map_err(|_| Error::Internal(format!("the supervisor died: {}", output.status)))?;
        answer.map_err(|reason| Error::Tool {
            name: self.program.path.display().to_string(),
            reason,
        })
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It used up its time and was killed.
    TimedOut,
    /// It had more than [`THREADS`] threads and was killed.
    TooManyThreads,
    /// It wrote more into files than it may and was killed.
    WroteTooMuch,
}

/// Text that a program printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// As far as it was kept; what is no UTF-8 is replaced.
    pub text: String,
    /// Whether there was more.
    pub cut: bool,
}

/// What became of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What it wrote to standard output.
    pub stdout: Printed,
    /// What it wrote to standard error.
    pub stderr: Printed,
    /// The largest resident memory of any one of its processes, in bytes.
    pub peak_memory: u64,
}

impl Program {
    /// Runs the program and waits for it.
    ///
    /// # Errors
    ///
    /// If the supervisor or the program cannot be started.
    pub fn run(&self) -> Result<Outcome> {
        self.spawn()?.wait()
    }

    /// Starts the program, under a supervisor.
    ///
    /// # Errors
    ///
    /// If the supervisor cannot be started.
    pub fn spawn(&self) -> Result<Running<'_>> {
        let mut command = Command::new(supervisor().map_err(|e| self.not_started(&e))?);
        command
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // Ctrl-C is for `tutor`; the supervisor has to outlive it by as long as cleaning up takes.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut supervisor = command.spawn().map_err(|e| self.not_started(&e))?;
        let mut stdin = supervisor.stdin.take();
        if let Some(stdin) = &mut stdin {
            let mut line = serde_json::to_vec(self).map_err(|e| self.not_started(&e.into()))?;
            line.push(b'\n');
            // A supervisor that is already dead is noticed when it is waited for.
            let _ = stdin.write_all(&line);
        }
        Ok(Running {
            program: self,
            supervisor,
            _stdin: stdin,
        })
    }

    fn not_started(&self, error: &io::Error) -> Error {
        Error::Tool {
            name: self.path.display().to_string(),
            reason: error.to_string(),
        }
    }

    /// A program with nothing but a path, to be run in `folder`.
    #[must_use]
    pub fn new(path: &Path, folder: &Path, limits: Limits) -> Self {
        Self {
            path: path.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            clear_env: false,
            folder: folder.to_owned(),
            input: Input::Nothing,
            limits,
            policy: None,
        }
    }
}
