//! Where a step is compiled and run, and how far it is trusted there.

use std::path::Path;
use std::time::Duration;

use super::profiles::Profiles;
use super::{Limits, Policy};

/// How long a step may run unless something else is asked for.
pub const DEFAULT_TIME: Duration = Duration::from_secs(10);

/// How far code is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The learner's own code on the learner's own machine, or the course's: what is made of it is
    /// kept.
    Trusted,
    /// Code that nobody vouches for: nothing of it is kept, and nothing of it runs that breaks
    /// Rust's own rules.
    Untrusted,
}

/// A place to compile and to run in.
#[derive(Debug, Clone, Copy)]
pub struct Workplace<'a> {
    /// The folder for files in the making; for untrusted code an empty one, for one step alone.
    pub scratch: &'a Path,
    /// The folder of the earlier steps' libraries; for untrusted code it holds nothing else.
    pub libraries: &'a Path,
    /// How long a program may run. How long a compiler may follows from it.
    pub time: Duration,
    /// How far the code is trusted.
    pub trust: Trust,
    /// What keeps compiler and program in; nothing for trusted code, or if the teacher does without.
    pub profiles: Option<&'a Profiles>,
}

/// Generous: a step takes rustc 0.2 s and 200 MB.
const TRUSTED_COMPILER: Limits = Limits {
    time: Duration::from_secs(60),
    memory: 8 << 30,
    file_size: 1 << 30,
    output: 16 << 20,
};

/// A step takes rustc 0.2 s, 200 MB of memory and 0.8 GB of address space.
const UNTRUSTED_COMPILER: Limits = Limits {
    time: Duration::from_secs(10),
    memory: 3 << 30,
    file_size: 64 << 20,
    output: 4 << 20,
};

/// Compiling may take this many times as long as running.
const PATIENCE: u32 = 3;

/// Checks stay under 0.3 GB of memory; threads reserve more address space than they use.
const TRUSTED_PROGRAM: Limits = Limits {
    time: DEFAULT_TIME,
    memory: 4 << 30,
    file_size: RECORD,
    output: 64 << 10,
};

/// The same where several untrusted programs run at a time.
const UNTRUSTED_MEMORY: u64 = 1 << 30;

/// What a step may record, and what it may write to any file.
pub const RECORD: u64 = 64 << 20;

impl Workplace<'_> {
    /// What rustc may use.
    #[must_use]
    pub fn compiler_limits(&self) -> Limits {
        match self.trust {
            Trust::Trusted => TRUSTED_COMPILER,
            Trust::Untrusted => Limits {
                time: UNTRUSTED_COMPILER.time.max(self.time * PATIENCE),
                ..UNTRUSTED_COMPILER
            },
        }
    }

    /// What an observation program may use.
    #[must_use]
    pub fn program_limits(&self) -> Limits {
        Limits {
            time: self.time,
            memory: match self.trust {
                Trust::Trusted => TRUSTED_PROGRAM.memory,
                Trust::Untrusted => UNTRUSTED_MEMORY,
            },
            ..TRUSTED_PROGRAM
        }
    }

    /// What rustc may reach.
    #[must_use]
    pub fn compiler_policy(&self) -> Option<Policy> {
        (self.profiles).map(|profiles| profiles.compiler(self.scratch, self.libraries))
    }

    /// What the observation program at `program` may reach.
    #[must_use]
    pub fn program_policy(&self, program: &Path) -> Option<Policy> {
        self.profiles.map(|profiles| profiles.program(program))
    }
}
