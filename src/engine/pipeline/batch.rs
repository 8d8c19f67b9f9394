//! Several implementations of one step, compiled together and run in few processes.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use observation::Turn;

use super::Pipeline;
use super::delegated::worded;
use crate::course::Step;
use crate::engine::compile::{Check, Diagnostic, Library};
use crate::engine::observe::{self, Run, Seed};
use crate::error::{Error, Result};
use crate::hash;
use crate::parallel::{in_parallel, on_a_core};

/// How many are compiled into one executable at most: much of what rustc does is the same for one
/// and for ten, and yet there is to be work for every core.
const IN_ONE: usize = 16;

/// Several implementations of one step, compiled.
pub struct Batch {
    step: Step,
    programs: Vec<Program>,
    /// For each of them rustc's first error, if there is one.
    misfits: Vec<Option<Diagnostic>>,
    /// For each of them, what it calls and the step is not allowed.
    delegated: Vec<Vec<String>>,
}

/// What became of one of several implementations that are compiled together.
type Fate = std::result::Result<Vec<String>, Diagnostic>;

/// Some of them in one executable.
struct Program {
    path: PathBuf,
    /// The choices that remember something from one call to the next.
    alone: Vec<usize>,
    /// The members in it, as positions in the batch, in the order of the choices.
    members: Vec<usize>,
}

impl Batch {
    /// For each of them rustc's first error, where it does not compile.
    #[must_use]
    pub fn misfits(&self) -> &[Option<Diagnostic>] {
        &self.misfits
    }

    /// For each of them, what it calls although the step is not allowed to.
    #[must_use]
    pub fn delegated(&self) -> &[Vec<String>] {
        &self.delegated
    }
}

impl Pipeline<'_> {
    /// Compiles `sources`, implementations of `step`. What does not compile is a misfit.
    ///
    /// # Errors
    ///
    /// If the check or an earlier step does not compile, or the machine cannot do it.
    pub fn compile_batch(&self, step: &Step, sources: &[&str], time: Duration) -> Result<Batch> {
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &sources.join("\n"))?;
        let parts = sources.len().div_ceil(IN_ONE).max(1);
        let length = sources.len().div_ceil(parts).max(1);
        let ranges: Vec<Range<usize>> = (0..sources.len())
            .step_by(length)
            .map(|start| start..(start + length).min(sources.len()))
            .collect();
        let compiled = in_parallel(&ranges, |range| {
            self.compile_some(step, &sources[range.clone()], (&check, &libraries), time)
        });
        let mut batch = Batch {
            step: step.clone(),
            programs: Vec::new(),
            misfits: Vec::new(),
            delegated: Vec::new(),
        };
        for (range, compiled) in ranges.into_iter().zip(compiled) {
            let (path, fates) = compiled?;
            for fate in fates {
                let (delegated, misfit) = match fate {
                    Ok(delegated) => (delegated, None),
                    Err(error) => (Vec::new(), Some(error)),
                };
                batch.delegated.push(delegated);
                batch.misfits.push(misfit);
            }
            let members: Vec<usize> = range.filter(|&i| batch.misfits[i].is_none()).collect();
            let alone = (members.iter().enumerate())
                .filter(|(_, member)| remembers(sources[**member]))
                .map(|(choice, _)| choice)
                .collect();
            batch.programs.push(Program {
                path,
                alone,
                members,
            });
        }
        Ok(batch)
    }

    /// Compiles `sources` into one executable, without those that do not fit.
    fn compile_some(
        &self,
        step: &Step,
        sources: &[&str],
        (check, libraries): (&Check, &[Library]),
        time: Duration,
    ) -> Result<(PathBuf, Vec<Fate>)> {
        let workplace = self.workplace(time);
        let mut misfits = vec![None; sources.len()];
        // rustc says what is wrong in stages: what fails at an early one hides what would later.
        loop {
            let fit: Vec<usize> = (0..sources.len())
                .filter(|&i| misfits[i].is_none())
                .collect();
            let members: Vec<&str> = fit.iter().map(|&i| sources[i]).collect();
            let compile = || {
                let compiler = &self.compiler;
                compiler.batch(step, &members, check, libraries, &workplace)
            };
            match on_a_core(compile)? {
                Ok(several) => {
                    let mut calls = several.calls.into_iter();
                    let fates = misfits.into_iter().map(|misfit| match misfit {
                        Some(error) => Err(error),
                        None => {
                            let calls = calls.next().unwrap_or_default();
                            Ok(worded(self.not_allowed(step, &calls.own)))
                        }
                    });
                    return Ok((several.program, fates.collect()));
                }
                Err(found) => {
                    for (member, error) in found {
                        misfits[fit[member]] = Some(error);
                    }
                }
            }
        }
    }

    /// What each member of a batch shows with each of `seeds`: seed by seed, and nothing of misfits.
    ///
    /// # Errors
    ///
    /// If the machine cannot run them.
    pub fn run_batch(
        &self,
        batch: &Batch,
        seeds: &[Seed],
        time: Duration,
    ) -> Result<Vec<Vec<Option<Run>>>> {
        let workplace = self.workplace(time);
        let done = in_parallel(&batch.programs, |program| {
            let turns: Vec<Turn> = (seeds.iter())
                .flat_map(|seed| {
                    let choices = 0..program.members.len();
                    choices.map(|choice| Turn {
                        seed: seed.0,
                        choice,
                    })
                })
                .collect();
            let run = || {
                let Program { path, alone, .. } = program;
                observe::run_several(self.kit(), &batch.step, path, &turns, alone, &workplace)
            };
            on_a_core(run)
        });
        let mut shown = vec![vec![None; batch.misfits.len()]; seeds.len()];
        for (program, runs) in batch.programs.iter().zip(done) {
            let mut runs = runs?.into_iter();
            for of_seed in &mut shown {
                for (&member, run) in program.members.iter().zip(&mut runs) {
                    of_seed[member] = Some(run);
                }
            }
        }
        Ok(shown)
    }

    /// What each of `sources`, implementations of `step`, shows; or why it does not compile.
    ///
    /// # Errors
    ///
    /// If the check or an earlier step does not compile, or the machine cannot do it.
    pub(super) fn run_all(
        &self,
        step: &Step,
        seed: Seed,
        sources: &[&str],
        time: Duration,
    ) -> Result<Shown> {
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &sources.join("\n"))?;
        let limits = self.workplace(time).program_limits(step).id();
        let assets = self.assets_id(step)?;
        let mut parts: Vec<&[u8]> = vec![self.kit().id.as_bytes(), step.name.as_bytes()];
        let seed_bytes = seed.0.to_le_bytes();
        parts.extend([check.text.as_bytes(), &seed_bytes, &limits]);
        parts.push(assets.as_bytes());
        parts.extend(libraries.iter().map(|library| library.id().as_bytes()));
        parts.extend(sources.iter().map(|source| source.as_bytes()));
        let name = hash::of(&parts);
        if let Some(known) = self.kept_batch(&name)
            && known.len() == sources.len()
        {
            return Ok(known);
        }
        let batch = self.compile_batch(step, sources, time)?;
        let mut shown = self.run_batch(&batch, &[seed], time)?;
        let runs = shown.pop().unwrap_or_default().into_iter();
        let done: Shown = (runs.zip(batch.misfits))
            .map(|(run, misfit)| match (run, misfit) {
                (Some(run), _) => Ok(Ok(run)),
                (None, Some(error)) => Ok(Err(error)),
                (None, None) => {
                    let what = format!("a program of {} was not run", step.id);
                    Err(Error::Internal(what))
                }
            })
            .collect::<Result<_>>()?;
        self.keep_batch(&name, &done)?;
        Ok(done)
    }

    /// What is kept of a batch under `name`.
    fn kept_batch(&self, name: &str) -> Option<Shown> {
        let cache = self.compiler.cache();
        let misfits: Vec<Option<Diagnostic>> = cache.result(&format!("{name}.misfits"))?;
        let mut runs = self.kept(&format!("{name}.batch"))?.into_iter();
        (misfits.into_iter())
            .map(|misfit| match misfit {
                Some(error) => Some(Err(error)),
                None => runs.next().map(Ok),
            })
            .collect()
    }

    fn keep_batch(&self, name: &str, shown: &Shown) -> Result<()> {
        let misfits: Vec<Option<&Diagnostic>> =
            shown.iter().map(|one| one.as_ref().err()).collect();
        let cache = self.compiler.cache();
        cache.keep(&format!("{name}.misfits"), &misfits)?;
        let runs = shown.iter().filter_map(|one| one.as_ref().ok());
        self.keep(&format!("{name}.batch"), runs)
    }
}

/// What each of several programs shows, or why it does not compile.
type Shown = Vec<std::result::Result<Run, Diagnostic>>;

/// Whether a source may keep something from one call to the next: then a second run in the same
/// process is no first one. `'static` keeps nothing.
fn remembers(source: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_static = |(at, word): (usize, &str)| {
        let before = source[..at].chars().next_back();
        let behind = source[at + word.len()..].chars().next();
        !before.is_some_and(|c| is_part(c) || c == '\'') && !behind.is_some_and(is_part)
    };
    source.contains("thread_local!") || source.match_indices("static").any(is_static)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_static_remembers() {
        assert!(remembers("static KEPT: OnceLock<usize> = OnceLock::new();"));
        assert!(remembers("fn f() {\n    static KEPT: u8 = 0;\n}"));
        assert!(remembers("thread_local! { }"));
        assert!(!remembers("fn name() -> &'static str { \"statics\" }"));
    }
}
