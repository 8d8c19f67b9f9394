//! The earlier steps that a source stands on, and the source compiled on them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{Earlier, Pipeline};
use crate::course::Step;
use crate::course::source::{Unreadable, read_source};
use crate::engine::compile::{Check, Compiled, Library, Source};
use crate::engine::judge::Verdict;
use crate::error::Result;

/// What a source is compiled with.
pub(super) enum Base<'a> {
    /// Earlier steps as libraries, a crate each.
    Libraries(Vec<Library>),
    /// Earlier steps as modules of the crate that the source is in, as in the learner's package.
    OneCrate(Vec<Source<'a>>),
}

/// A source with its check, compiled.
pub(super) struct Built<'a> {
    pub compiled: Compiled<PathBuf>,
    pub ground: Base<'a>,
}

impl Built<'_> {
    /// Whether nothing is wrong but in the source itself: what is said of one crate is then what
    /// cargo says too.
    pub fn is_to_the_point(&self) -> bool {
        match &self.compiled.product {
            Ok(_) => true,
            Err(failure) => failure.errors.iter().all(|error| error.in_source),
        }
    }
}

/// Why a step's libraries are not to be had: the step that is in the way, and what is wrong with
/// it.
pub type EarlierFault = (String, Verdict);

/// An earlier step that cannot be read.
struct Unread {
    step: String,
    why: Unreadable,
}

impl Unread {
    fn into_fault(self) -> EarlierFault {
        (self.step, Verdict::Unreadable(self.why))
    }
}

/// The sources below a source, by position in the course, each with what it uses itself.
type Below<'a> = BTreeMap<usize, (Source<'a>, BTreeSet<usize>)>;

impl<'a> Pipeline<'a> {
    /// Compiles `source` with `check`, on earlier steps that are whose `earlier` says.
    ///
    /// Each is a crate of its own. The learner's are modules of one crate in the learner's package,
    /// where `pub(crate)` reaches further: what does not compile apart gets a second chance so.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub(super) fn build(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &Earlier,
    ) -> Result<std::result::Result<Built<'a>, EarlierFault>> {
        let below = match self.below(source.step, &source.text, earlier) {
            Ok(below) => below,
            Err(unread) => return Ok(Err(unread.into_fault())),
        };
        let apart = match self.compile_below(&below)? {
            Ok(libraries) => {
                let ground = Base::Libraries(libraries);
                let compiled = self.compile_on(&ground, source, check)?;
                Ok(Built { compiled, ground })
            }
            Err(fault) => Err(fault),
        };
        let is_good = (apart.as_ref()).is_ok_and(|built| built.compiled.product.is_ok());
        let sources = || [source].into_iter().chain(below.values().map(|(s, _)| s));
        if is_good || *earlier == Earlier::Reference || !self.is_in_order(sources()) {
            return Ok(apart);
        }
        let ground = Base::OneCrate(below.into_values().map(|(source, _)| source).collect());
        let compiled = self.compile_on(&ground, source, check)?;
        let whole = Built { compiled, ground };
        Ok(if whole.is_to_the_point() {
            Ok(whole)
        } else {
            apart
        })
    }

    /// Compiles `source` with `check` on `ground`.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub(super) fn compile_on(
        &self,
        ground: &Base<'_>,
        source: &Source<'_>,
        check: &Check,
    ) -> Result<Compiled<PathBuf>> {
        match ground {
            Base::Libraries(libraries) => self.compiler.program(source, check, libraries),
            Base::OneCrate(sources) => self.compiler.whole(source, check, sources),
        }
    }

    /// The reference's libraries that `text`, a source of `step`, uses.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub(super) fn libraries(
        &self,
        step: &Step,
        text: &str,
    ) -> Result<std::result::Result<Vec<Library>, EarlierFault>> {
        match self.below(step, text, &Earlier::Reference) {
            Ok(below) => self.compile_below(&below),
            Err(unread) => Ok(Err(unread.into_fault())),
        }
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

    /// Reads the earlier steps that `text` uses, and those that these use.
    fn below(
        &self,
        step: &Step,
        text: &str,
        earlier: &Earlier,
    ) -> std::result::Result<Below<'a>, Unread> {
        let mut below = BTreeMap::new();
        let mut unread = None;
        let mut wanted = self.course.uses(step, text);
        // A step uses earlier ones only: from the last to the first, each comes once.
        while let Some(position) = wanted.pop_last() {
            let step = &self.course.steps()[position];
            let path = if earlier.is_mine(step) {
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
                Err(why) => {
                    let step = step.id.clone();
                    unread = Some(Unread { step, why });
                }
            }
        }
        unread.map_or(Ok(below), Err)
    }

    /// Compiles the sources below a source, in order, since each uses those before it.
    fn compile_below(
        &self,
        below: &Below<'_>,
    ) -> Result<std::result::Result<Vec<Library>, EarlierFault>> {
        let mut done: BTreeMap<usize, (Library, BTreeSet<usize>)> = BTreeMap::new();
        for (&position, (source, uses)) in below {
            let mut all = uses.clone();
            all.extend(uses.iter().flat_map(|position| &done[position].1));
            let libraries: Vec<Library> = all.iter().map(|p| done[p].0.clone()).collect();
            match self.compiler.library(source, &libraries)?.product {
                Ok(library) => done.insert(position, (library, all)),
                Err(failure) => {
                    let verdict = self.not_compiled(source, failure)?;
                    return Ok(Err((source.step.id.clone(), verdict)));
                }
            };
        }
        Ok(Ok(done.into_values().map(|(library, _)| library).collect()))
    }
}
