//! Runs an observation program in a process of its own and reads what it recorded.

pub mod bounds;
mod several;
mod stored;

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::{Instructions, Observations};
use serde::{Deserialize, Serialize};

pub use several::run_several;
pub use stored::{from_bytes, to_bytes};

use crate::course::Step;
use crate::engine::kit::Kit;
use crate::engine::kit::toolchain;
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::engine::sandbox::{Ending, Input, Limits, Outcome, Printed, Program};
use crate::error::{Error, Result};

/// What the inputs and parameters of a run depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl Default for Seed {
    fn default() -> Self {
        Self(1)
    }
}

impl Seed {
    /// One that nobody has seen before.
    #[must_use]
    pub fn random() -> Self {
        // The standard library's hasher keys are random; six digits are easy to type again.
        Self(RandomState::new().hash_one(0) % 1_000_000)
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunEnding {
    /// It ran to its end.
    Finished,
    /// The process ended before the program did, with this exit code.
    Exited(i32),
    /// It was killed by this signal, or killed itself.
    Signalled(i32),
    /// It called itself without end.
    StackOverflow,
    /// It asked for more memory than there is to have.
    OutOfMemory {
        /// Bytes it could have had.
        limit: u64,
    },
    /// It took too long, or waited too long.
    TimedOut {
        /// What it had: [`Limits::time`].
        limit: Duration,
    },
    /// It started more threads than it may have.
    TooManyThreads,
}

/// What one run showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What it recorded, up to its end or its crash.
    pub observations: Observations,
    /// How it ended.
    pub ending: RunEnding,
    /// What the step itself printed.
    pub stdout: Printed,
    /// What the step itself printed to standard error.
    pub stderr: Printed,
    /// The largest resident memory, in bytes.
    pub peak_memory: u64,
}

impl Run {
    /// Whether another run of the same program would show the same.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(
            self.ending,
            RunEnding::TimedOut { .. }
                | RunEnding::TooManyThreads
                | RunEnding::OutOfMemory { .. }
                | RunEnding::Signalled(_)
        )
    }
}

impl Run {
    /// What keeps this from being the run of a sound solution, in words: it must come to its end,
    /// and without a panic.
    #[must_use]
    pub fn flaw(&self) -> Option<String> {
        let panicked = self.observations.groups.iter().find_map(|group| {
            let panic = group.panics.first()?;
            let place = panic.at.as_ref();
            let place = place.map_or(String::new(), |at| format!(" at {}:{}", at.file, at.line));
            Some(format!(
                "in the group `{}` it panics{place}: {}",
                group.name, panic.message
            ))
        });
        let ending = (self.ending != RunEnding::Finished).then(|| {
            let said = self.stderr.text.trim_end();
            let colon = if said.is_empty() { "" } else { ": " };
            format!("it ends with {:?}{colon}{said}", self.ending)
        });
        panicked.or(ending)
    }
}

/// A program to be run.
#[derive(Debug, Clone, Copy)]
pub struct RunRequest<'a> {
    /// The step: what it may use follows from it.
    pub step: &'a Step,
    /// The observation program.
    pub program: &'a Path,
    /// The step's source that is in it.
    pub source: &'a Path,
    /// Which of several observation programs in it, if there are several.
    pub choice: Option<usize>,
    /// Decides inputs and parameters.
    pub seed: Seed,
}

/// Runs an observation program.
///
/// # Errors
///
/// If it cannot be started, or if there is no place for its record.
pub fn run(kit: &Kit, request: &RunRequest<'_>, workplace: &Workplace<'_>) -> Result<Run> {
    let instructions = Instructions {
        seed: request.seed.0,
        source: request.source.to_str().map(str::to_owned),
        choice: request.choice,
        then: Vec::new(),
    };
    let done = execute(kit, request.step, request.program, &instructions, workplace)?;
    let limits = workplace.program_limits(request.step);
    let observations = Observations::read(&done.record);
    Ok(read(&limits, done.outcome, observations, workplace.trust))
}

/// What became of a program, and what it left.
struct Executed {
    outcome: Outcome,
    record: Vec<u8>,
}

/// Runs a program of `step` with its instructions.
fn execute(
    kit: &Kit,
    step: &Step,
    program: &Path,
    instructions: &Instructions,
    workplace: &Workplace<'_>,
) -> Result<Executed> {
    let place = workplace.scratch;
    let scratch = tempfile::Builder::new()
        .prefix("run-")
        .tempdir_in(place)
        .map_err(Error::io("create a folder in", place))?;
    let layout = Layout::new(scratch.path(), step, workplace.assets)?;
    let record = &layout.record;
    File::create(record).map_err(Error::io("write", record))?;
    let mut orders = Vec::new();
    instructions
        .write(&mut orders)
        .map_err(Error::io("write", record))?;

    let limits = workplace.program_limits(step);
    let policy = workplace.program_policy(step, program, &layout.folder, &layout.assets);
    let mut program = Program::new(program, &layout.folder, limits);
    program.clear_env = true;
    program.env = vec![(
        toolchain::library_path_variable().into(),
        kit.library_path()?,
    )];
    program.input = Input::Record {
        file: record.clone(),
        orders: String::from_utf8_lossy(&orders).into_owned(),
    };
    program.policy = policy;
    let outcome = program.run()?;
    if outcome.ending != Ending::Exited(0) {
        // A program that cannot record aborts: on a full disk that is not the step's fault.
        let probe = scratch.path().join("probe");
        fs::write(&probe, [0; 1 << 16]).map_err(Error::io("write", &probe))?;
    }
    Ok(Executed {
        outcome,
        record: read_record(record, limits.file_size),
    })
}

/// What lies where during a run. The record and the assets lie beside the folder that the program
/// works in: whoever may write there must not reach them.
struct Layout {
    folder: PathBuf,
    record: PathBuf,
    assets: PathBuf,
}

impl Layout {
    fn new(scratch: &Path, step: &Step, assets: &Path) -> Result<Self> {
        let layout = Self {
            folder: scratch.join("files"),
            record: scratch.join("observations"),
            assets: scratch.join("assets"),
        };
        let folder = &layout.folder;
        fs::create_dir(folder).map_err(Error::io("create", folder))?;
        for name in &step.assets {
            let link = layout.assets.join(name);
            let folder = link.parent().unwrap_or(&layout.assets);
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
            offer(&assets.join(name), &link).map_err(Error::io("write", &link))?;
        }
        Ok(layout)
    }
}

/// A symbolic link: what may be done with the file is decided by where it really lies.
#[cfg(unix)]
fn offer(asset: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(asset, link)
}

/// Not everybody may make links.
#[cfg(not(unix))]
fn offer(asset: &Path, link: &Path) -> io::Result<()> {
    fs::copy(asset, link).map(drop)
}

/// What was recorded. A program that removed its record recorded nothing.
fn read_record(path: &Path, most: u64) -> Vec<u8> {
    let mut record = Vec::new();
    if let Ok(file) = File::open(path) {
        // What could be read before an error is what there is.
        let _ = file.take(most).read_to_end(&mut record);
    }
    record
}

/// The signal by which the system ends a program that writes more into a file than it may.
const FILE_TOO_LARGE: i32 = 25;

const SEGMENTATION_FAULT: i32 = 11;

fn read(limits: &Limits, outcome: Outcome, mut observations: Observations, trust: Trust) -> Run {
    bounds::bound(&mut observations);
    let said = |text: &str| outcome.stderr.text.contains(text);
    let ending = match outcome.ending {
        Ending::TimedOut => RunEnding::TimedOut { limit: limits.time },
        Ending::TooManyThreads => RunEnding::TooManyThreads,
        Ending::WroteTooMuch => RunEnding::Signalled(FILE_TOO_LARGE),
        Ending::Exited(0) if observations.finished => RunEnding::Finished,
        Ending::Exited(code) => RunEnding::Exited(code),
        Ending::Signalled(_) if said("has overflowed its stack") => RunEnding::StackOverflow,
        // In a sandbox nothing says so; without `unsafe` code, nothing else ends like this.
        Ending::Signalled(SEGMENTATION_FAULT) if trust == Trust::Untrusted => {
            RunEnding::StackOverflow
        }
        Ending::Signalled(_) if said("memory allocation of") => RunEnding::OutOfMemory {
            limit: limits.memory,
        },
        Ending::Signalled(signal) => RunEnding::Signalled(signal),
    };
    Run {
        observations,
        ending,
        stdout: outcome.stdout,
        stderr: outcome.stderr,
        peak_memory: outcome.peak_memory,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(10),
        memory: 1 << 30,
        file_size: 1 << 20,
        output: 1 << 10,
    };

    fn ended(ending: Ending, stderr: &str, record: &[u8]) -> RunEnding {
        ended_there(ending, stderr, record, Trust::Trusted)
    }

    fn ended_there(ending: Ending, stderr: &str, record: &[u8], trust: Trust) -> RunEnding {
        let outcome = Outcome {
            ending,
            stdout: Printed::default(),
            stderr: Printed {
                text: stderr.into(),
                cut: false,
            },
            peak_memory: 0,
        };
        read(&LIMITS, outcome, Observations::read(record), trust).ending
    }

    #[test]
    fn an_exit_before_the_end_is_no_finish() {
        assert_eq!(ended(Ending::Exited(0), "", b""), RunEnding::Exited(0));
        let finished = b"\"finished\"\n";
        assert_eq!(ended(Ending::Exited(0), "", finished), RunEnding::Finished);
        assert_eq!(ended(Ending::Exited(3), "", finished), RunEnding::Exited(3));
    }

    #[test]
    fn the_standard_librarys_last_words_tell_why() {
        let words = "thread 'main' has overflowed its stack";
        assert_eq!(
            ended(Ending::Signalled(6), words, b""),
            RunEnding::StackOverflow
        );
        assert_eq!(
            ended_there(Ending::Signalled(11), "", b"", Trust::Untrusted),
            RunEnding::StackOverflow
        );
        assert_eq!(
            ended(Ending::Signalled(11), "", b""),
            RunEnding::Signalled(11)
        );
        let words = "memory allocation of 107374182400 bytes failed";
        let ending = ended(Ending::Signalled(6), words, b"");
        assert_eq!(
            ending,
            RunEnding::OutOfMemory {
                limit: LIMITS.memory
            }
        );
        assert_eq!(
            ended(Ending::Signalled(6), "", b""),
            RunEnding::Signalled(6)
        );
    }
}
