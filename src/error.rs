//! Everything that keeps `tutor` from doing what was asked, and the sentences that say so.
//!
//! A step that does not pass is no error: that is a [`Verdict`](crate::engine::judge::Verdict).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit codes of `tutor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The step passed, or the command did what it was asked.
    Passed = 0,
    /// The step did not pass.
    NotPassed = 1,
    /// Wrong usage: an unknown step, no course here, a broken `course.toml`.
    Usage = 2,
    /// The machine cannot do it: no rustc, no space, no permission.
    Machine = 3,
    /// A bug in `tutor`, the same as for a panic.
    Bug = 101,
    /// Somebody stopped it, by Ctrl-C or the like; what a shell says of a program that this ends.
    Interrupted = 130,
}

impl Code {
    /// The code that another `tutor` exited with.
    #[must_use]
    pub fn of(code: i32) -> Self {
        let all = [
            Self::Passed,
            Self::NotPassed,
            Self::Usage,
            Self::Machine,
            Self::Interrupted,
        ];
        let found = all.into_iter().find(|known| *known as i32 == code);
        found.unwrap_or(Self::Bug)
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// The result of something that can fail for a reason other than the learner's code.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// No `course.toml` from this folder upwards.
    NoCourse(PathBuf),
    /// `course.toml`, or a step's `mistakes.toml`, does not say what it should.
    Course {
        /// The file.
        path: PathBuf,
        /// Line and column, counted from 1, where one is to blame.
        at: Option<(usize, usize)>,
        /// What is wrong there.
        message: String,
    },
    /// No step is called so.
    UnknownStep {
        /// As typed.
        name: String,
        /// The nearest name, if one is near.
        meant: Option<String>,
    },
    /// Several steps may be meant.
    AmbiguousStep {
        /// As typed.
        name: String,
        /// The names that it fits.
        candidates: Vec<String>,
    },
    /// Options that do not go together, or a file given on the command line that is not there.
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        next: String,
    },
    /// A file of the course is missing.
    CourseFile {
        /// What it is, as in "the skeleton of s06".
        what: String,
        /// Where it should be.
        path: PathBuf,
        /// Why it cannot be had.
        source: io::Error,
    },
    /// A program that `tutor` needs cannot be run.
    Tool {
        /// As in "rustc".
        name: String,
        /// Why.
        reason: String,
    },
    /// git does not do what it is asked for.
    Git {
        /// As in "fetch".
        doing: String,
        /// git's own words.
        output: String,
    },
    /// Something that a kit needs is not on this machine.
    Lacking {
        /// What is missing.
        message: String,
        /// What to install, and what to type then.
        next: String,
    },
    /// A model cannot be had from the Hugging Face hub.
    Hub {
        /// What is the matter.
        message: String,
        /// What to type or to do.
        next: String,
    },
    /// A program of the course's own found no room for what it writes.
    FullDisk {
        /// In the program's words.
        message: String,
    },
    /// The kernel cannot keep submissions from doing harm.
    NoSandbox {
        /// What a program could do that it must not, as sentences.
        possible: Vec<String>,
    },
    /// The kit cannot be built.
    Kit {
        /// What is the matter, in one sentence.
        reason: String,
        /// A part of cargo's own words.
        output: String,
        /// Where all of them are.
        log: Option<PathBuf>,
    },
    /// A program of the course's own does not compile.
    Program {
        /// Its file.
        path: PathBuf,
        /// What rustc says.
        output: String,
    },
    /// Reading or writing failed.
    Io {
        /// As in "write".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something that can be gone on with came to a halt.
    Halted {
        /// Why.
        cause: Box<Error>,
        /// What to do, and what to type then.
        next: String,
    },
    /// A bug in `tutor` or in the course's own files.
    Internal(String),
}

impl Error {
    /// An [`Error::Io`], ready for `map_err`.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// What is named behind an `option` cannot be read, ready for `map_err`.
    pub fn named(option: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let message = format!("cannot read `{}`", path.display());
        move |source| Self::Usage {
            message: format!("{message}: {source}"),
            next: format!("look at the name behind `{option}`, then type the same again"),
        }
    }

    /// The exit code that tells this error's kind.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::NoCourse(_)
            | Self::Course { .. }
            | Self::UnknownStep { .. }
            | Self::AmbiguousStep { .. }
            | Self::Usage { .. }
            | Self::CourseFile { .. }
            | Self::Program { .. } => Code::Usage,
            Self::Tool { .. }
            | Self::Git { .. }
            | Self::Lacking { .. }
            | Self::Hub { .. }
            | Self::FullDisk { .. }
            | Self::NoSandbox { .. }
            | Self::Kit { .. }
            | Self::Io { .. } => Code::Machine,
            Self::Halted { cause, .. } => cause.code(),
            Self::Internal(_) => Code::Bug,
        }
    }

    /// What to type next.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::NoCourse(_) => "cd into your clone of the course, then `tutor list`".into(),
            Self::Course { path, .. } | Self::Program { path, .. } => {
                format!("mend it, or `git checkout {}`", path.display())
            }
            Self::UnknownStep {
                meant: Some(meant), ..
            } => format!("did you mean `{meant}`?"),
            Self::UnknownStep { .. } | Self::AmbiguousStep { .. } => {
                "`tutor list` shows all steps".into()
            }
            Self::Usage { next, .. }
            | Self::Lacking { next, .. }
            | Self::Hub { next, .. }
            | Self::Halted { next, .. } => next.clone(),
            Self::CourseFile { path, .. } => format!("`git checkout {}`", path.display()),
            Self::Tool { .. } => {
                "`tutor doctor` looks at the whole machine; Rust comes from https://rustup.rs"
                    .into()
            }
            Self::Git { doing, .. } if doing == "fetch" => {
                "nothing was changed; once the course can be reached, `tutor update` again".into()
            }
            Self::Git { .. } => "your steps are as they were; `git status` may say more".into(),
            Self::NoSandbox { .. } => {
                "grade on Linux 5.13 or later with Landlock; or, where a container or a \
                 virtual machine of their own keeps submissions in, add `--no-sandbox`"
                    .into()
            }
            Self::Kit { .. } => "`tutor setup` goes on where this stopped".into(),
            Self::FullDisk { .. } => {
                "the disk is full; free some space, then type the same again: a checkpoint that was \
                 saved before is whole, and `tutor train --resume` goes on from it"
                    .into()
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "free some space (`cargo clean` does, for one), then type the same again".into()
            }
            Self::Io { .. } => "`tutor doctor` looks at the folders that tutor writes to".into(),
            Self::Internal(_) => {
                "this is a bug in tutor, not yours: please report it with the command you typed"
                    .into()
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCourse(from) => write!(
                f,
                "there is no `course.toml` in `{}` or any folder above it",
                from.display()
            ),
            Self::Course { path, at, message } => {
                write!(f, "{}", path.display())?;
                if let Some((line, column)) = at {
                    write!(f, ":{line}:{column}")?;
                }
                write!(f, ": {message}")
            }
            Self::UnknownStep { name, .. } => write!(f, "no step is called `{name}`"),
            Self::AmbiguousStep { name, candidates } => {
                write!(f, "`{name}` may be any of `{}`", candidates.join("`, `"))
            }
            Self::Usage { message, .. }
            | Self::Lacking { message, .. }
            | Self::Hub { message, .. }
            | Self::FullDisk { message } => f.write_str(message),
            Self::CourseFile { what, path, source } => write!(
                f,
                "{what} cannot be read from `{}`: {source}",
                path.display()
            ),
            Self::Tool { name, reason } => write!(f, "`{name}`: {reason}"),
            Self::Git { doing, output } if doing == "start" => {
                write!(f, "`git` cannot be started: {output}")
            }
            Self::Git { doing, output } => write!(f, "`git {doing}` failed:\n{output}"),
            Self::NoSandbox { possible } => write!(
                f,
                "this machine cannot keep submissions from doing harm: {}",
                possible.join("; ")
            ),
            Self::Kit {
                reason,
                output,
                log,
            } => {
                write!(f, "the kit could not be built: {reason}")?;
                if !output.trim().is_empty() {
                    write!(f, "\n\n{}", output.trim_end())?;
                }
                if let Some(log) = log {
                    write!(f, "\n\nAll that cargo said is in {}", log.display())?;
                }
                Ok(())
            }
            Self::Program { path, output } => write!(
                f,
                "`{}`, a program of the course, does not compile:\n\n{}",
                path.display(),
                output.trim_end()
            ),
            Self::Io {
                action,
                path,
                source,
            } => write!(f, "cannot {action} `{}`: {source}", path.display()),
            Self::Halted { cause, .. } => cause.fmt(f),
            Self::Internal(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
