//! Where a step is compiled and run, and how far it is trusted there.

use std::path::Path;
use std::time::Duration;

use super::profiles::Profiles;
use super::{Limits, Policy};
use crate::course::{Step, StepLimits};

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
    /// The folder of the course's assets.
    pub assets: &'a Path,
    /// How long a program may run that asks for no more. How long a compiler may follows from it.
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

/// What a step may record, and what it may write to any file, unless it asks for memory.
const RECORD: u64 = 64 << 20;

/// A step that asks for memory may record this part of it: there is the step's tensor, the copy
/// that is written down, and what it was computed from.
const RECORDED: u64 = 4;

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

    /// What an observation program of `step` may use: what the step asks for, where that is more.
    #[must_use]
    pub fn program_limits(&self, step: &Step) -> Limits {
        let StepLimits {
            time,
            memory,
            files,
        } = step.limits;
        let usual = match self.trust {
            Trust::Trusted => TRUSTED_PROGRAM.memory,
            Trust::Untrusted => UNTRUSTED_MEMORY,
        };
        let record = memory.map_or(RECORD, |memory| RECORD.max(memory / RECORDED));
        Limits {
            time: self.time.max(time.unwrap_or_default()),
            memory: usual.max(memory.unwrap_or_default()),
            file_size: record.max(files.unwrap_or_default()),
            ..TRUSTED_PROGRAM
        }
    }

    /// What rustc may reach.
    #[must_use]
    pub fn compiler_policy(&self) -> Option<Policy> {
        (self.profiles).map(|profiles| profiles.compiler(self.scratch, self.libraries))
    }

    /// What the observation program at `program` may reach, which works in `folder` and finds the
    /// assets of `step` in `assets`.
    #[must_use]
    pub fn program_policy(
        &self,
        step: &Step,
        program: &Path,
        folder: &Path,
        assets: &Path,
    ) -> Option<Policy> {
        let mut policy = self.profiles?.program(program);
        if !step.assets.is_empty() {
            policy.read.push(assets.to_owned());
            // Where the links in there lead to.
            let files = step.assets.iter().map(|name| self.assets.join(name));
            policy.read.extend(files);
            policy.asks = true;
        }
        if step.limits.files.is_some() {
            policy.asks = true;
            policy.write.push(folder.to_owned());
        }
        Some(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(trust: Trust, asked: StepLimits) -> Limits {
        let workplace = Workplace {
            scratch: Path::new("/s"),
            libraries: Path::new("/l"),
            assets: Path::new("/a"),
            time: DEFAULT_TIME,
            trust,
            profiles: None,
        };
        let step = Step {
            id: "s01".into(),
            name: "s01_a".into(),
            title: "A".into(),
            learnt: None,
            points: 1,
            needs: Vec::new(),
            allows: Vec::new(),
            assets: Vec::new(),
            limits: asked,
        };
        workplace.program_limits(&step)
    }

    #[test]
    fn a_step_has_what_it_asks_for_and_never_less_than_every_step() {
        let usual = limits(Trust::Untrusted, StepLimits::default());
        assert_eq!((usual.time, usual.memory), (DEFAULT_TIME, UNTRUSTED_MEMORY));
        assert_eq!(usual.file_size, RECORD);
        let modest = StepLimits {
            time: Some(Duration::from_secs(1)),
            memory: Some(16 << 20),
            files: Some(16 << 20),
        };
        assert_eq!(limits(Trust::Untrusted, modest), usual);
        let large = StepLimits {
            time: Some(Duration::from_secs(60)),
            memory: Some(8 << 30),
            files: None,
        };
        let large = limits(Trust::Trusted, large);
        assert_eq!((large.time.as_secs(), large.memory), (60, 8 << 30));
        // As many as a language model's logits for its whole window, and room for their names.
        let asked = StepLimits {
            memory: Some(1 << 30),
            ..StepLimits::default()
        };
        assert!(limits(Trust::Untrusted, asked).file_size > 1024 * 50257 * 4 + (1 << 20));
    }
}
