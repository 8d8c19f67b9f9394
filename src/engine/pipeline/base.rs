//! The earlier steps that a source stands on, and the source compiled on them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::halt::{Halt, OrHalt};
use super::{Earlier, Pipeline};
use crate::course::Step;
use crate::course::source::read_source;
use crate::engine::compile::{Below, Check, Compiled, Library, Reuse, Source};
use crate::engine::judge::Verdict;
use crate::engine::sandbox::workplace::Workplace;
use crate::error::Result;

/// The earlier steps that a source stands on.
#[derive(Debug, Clone)]
pub struct Base<'a> {
    /// Whose they are.
    pub whose: Earlier,
    /// Compiled, a crate each; or the verdict on the source because one of them is in the way.
    pub libraries: std::result::Result<Vec<Library>, Verdict>,
    /// Their sources, unless all are the reference's: what does not compile with a crate each gets
    /// a second chance as one crate.
    pub sources: Vec<Source<'a>>,
}

/// Whether nothing is wrong but in the source itself: what is said of one crate is then what cargo
/// says too.
fn is_to_the_point(compiled: &Compiled<PathBuf>) -> bool {
    match &compiled.product {
        Ok(_) => true,
        Err(failure) => failure.errors.iter().all(|error| error.in_source),
    }
}

impl Base<'_> {
    /// The earlier steps in the form that a source is compiled with.
    fn below(&self, is_one_crate: bool) -> Below<'_> {
        match &self.libraries {
            Ok(libraries) if !is_one_crate => Below::Libraries(libraries),
            _ => Below::Modules(&self.sources),
        }
    }

    /// The files below the source that are the learner's own.
    pub(super) fn own_files(&self) -> impl Iterator<Item = PathBuf> {
        (self.sources.iter())
            .filter(|source| self.whose.is_mine(source.step))
            .map(|source| source.path.clone())
    }
}

/// The sources below a source, by position in the course, each with what it uses itself.
type Sources<'a> = BTreeMap<usize, (Source<'a>, BTreeSet<usize>)>;

impl<'a> Pipeline<'a> {
    /// What `text`, a source of `step`, stands on.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub fn base(
        &self,
        step: &Step,
        text: &str,
        whose: &Earlier,
        workplace: &Workplace<'_>,
    ) -> Result<Base<'a>> {
        self.base_of(self.course.uses(step, text), whose, workplace)
    }

    /// What a source stands on that uses the steps `wanted`, by position in the course.
    pub(super) fn base_of(
        &self,
        wanted: BTreeSet<usize>,
        whose: &Earlier,
        workplace: &Workplace<'_>,
    ) -> Result<Base<'a>> {
        let mut sources = Vec::new();
        let compiled = self.sources(wanted, whose).and_then(|below| {
            let compiled = self.compile_all(&below, workplace);
            if *whose != Earlier::Reference {
                sources.extend(below.into_values().map(|(source, _)| source));
            }
            compiled
        });
        let libraries = match compiled {
            Ok(libraries) => Ok(libraries),
            Err(halt) => Err(halt.verdict()?),
        };
        Ok(Base {
            whose: whose.clone(),
            libraries,
            sources,
        })
    }

    /// Compiles `source` with `check` on `base`.
    ///
    /// Each earlier step is a crate of its own. The learner's are modules of one crate in the
    /// learner's package, where `pub(crate)` reaches further: what does not compile with a crate
    /// each gets a second chance so.
    pub(super) fn build(
        &self,
        source: &Source<'_>,
        check: &Check,
        base: &Base<'_>,
        workplace: &Workplace<'_>,
    ) -> OrHalt<Compiled<PathBuf>> {
        let in_crates = match &base.libraries {
            Ok(_) => Ok(self.compile(source, check, base, false, workplace)?),
            Err(verdict) => Err(Halt::from(verdict.clone())),
        };
        let is_good = (in_crates.as_ref()).is_ok_and(|compiled| compiled.product.is_ok());
        let sources = [source].into_iter().chain(&base.sources);
        if is_good || base.sources.is_empty() || !self.is_in_order(sources) {
            return in_crates;
        }
        let in_one = self.compile(source, check, base, true, workplace)?;
        if is_to_the_point(&in_one) {
            Ok(in_one)
        } else {
            in_crates
        }
    }

    fn compile(
        &self,
        source: &Source<'_>,
        check: &Check,
        base: &Base<'_>,
        is_one_crate: bool,
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let below = base.below(is_one_crate);
        self.compiler
            .program(source, check, below, workplace, Reuse::LastTime)
    }

    /// Whether no source names a step that comes after it: in one crate, nothing else would keep
    /// it from using that.
    pub(super) fn is_in_order<'s>(
        &self,
        sources: impl IntoIterator<Item = &'s Source<'s>>,
    ) -> bool {
        sources.into_iter().all(|source| {
            let later = self.course.named_too_early(source.step, &source.text);
            later.is_none()
        })
    }

    /// Reads the steps `wanted`, and those that these use.
    fn sources(&self, mut wanted: BTreeSet<usize>, whose: &Earlier) -> OrHalt<Sources<'a>> {
        let mut below = BTreeMap::new();
        let mut unread = None;
        // A step uses earlier ones only: from the last to the first, each comes once.
        while let Some(position) = wanted.pop_last() {
            let step = &self.course.steps()[position];
            let path = if whose.is_mine(step) {
                self.course.step_file(step)
            } else {
                self.course.solution_file(step)
            };
            match read_source(&path) {
                Ok(text) => {
                    let uses = self.course.uses(step, &text);
                    wanted.extend(&uses);
                    below.insert(position, (Source { step, path, text }, uses));
                }
                // The first of several is told.
                Err(why) => unread = Some(in_the_way(step, Verdict::Unreadable(why))),
            }
        }
        unread.map_or(Ok(below), Err)
    }

    /// Compiles the sources below a source, in order, since each uses those before it.
    fn compile_all(&self, below: &Sources<'_>, workplace: &Workplace<'_>) -> OrHalt<Vec<Library>> {
        let mut done: BTreeMap<usize, (Library, BTreeSet<usize>)> = BTreeMap::new();
        for (&position, (source, uses)) in below {
            let mut all = uses.clone();
            all.extend(uses.iter().flat_map(|position| &done[position].1));
            let libraries: Vec<Library> = all.iter().map(|p| done[p].0.clone()).collect();
            let library =
                self.library(source, &libraries, workplace)
                    .map_err(|halt| match halt {
                        Halt::Verdict(verdict) => in_the_way(source.step, *verdict),
                        error @ Halt::Error(_) => error,
                    })?;
            done.insert(position, (library, all));
        }
        Ok(done.into_values().map(|(library, _)| library).collect())
    }

    /// Compiles a step for later ones to stand on.
    ///
    /// # Errors
    ///
    /// If the machine keeps it from being compiled; a step that does not compile halts with its
    /// verdict.
    pub fn library(
        &self,
        source: &Source<'_>,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> OrHalt<Library> {
        let compiled = self.compiler.library(source, earlier, workplace)?;
        compiled.product.map_err(|failure| {
            self.not_compiled(source, failure)
                .map_or_else(Halt::from, Halt::from)
        })
    }
}

/// Halts a later step because `step` has this `verdict`.
#[must_use]
pub fn in_the_way(step: &Step, verdict: Verdict) -> Halt {
    Halt::from(Verdict::EarlierStep {
        step: step.id.clone(),
        verdict: Box::new(verdict),
    })
}
