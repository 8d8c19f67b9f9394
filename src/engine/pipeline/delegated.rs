//! What a step has done for it although it is to write just that itself.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Earlier, Pipeline, Subject, file_name};
use crate::course::Step;
use crate::engine::compile::{Below, Calls, Reuse, Source, symbols};
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};

impl Pipeline<'_> {
    /// What the subject calls of the guarded and is not allowed to. It was compiled to `program`,
    /// with these `calls` in its crate.
    ///
    /// What the check reaches with the reference as well is the check's own affair.
    ///
    /// # Errors
    ///
    /// If a program cannot be read, or the course's own files are not sound.
    pub(super) fn delegated(
        &self,
        subject: &Subject<'_>,
        (program, calls): (&Path, &Calls),
        workplace: &Workplace<'_>,
    ) -> Result<Vec<String>> {
        let step = subject.source.step;
        let mut found = self.not_allowed(step, &calls.own);
        let with_check = self.not_allowed(step, &calls.with_check);
        if !with_check.is_subset(&found) {
            let reference = self.reference_with(step, &self.check(step)?)?;
            for theirs in reference.calls {
                found.extend(&with_check - &theirs.with_check);
            }
        }
        if self.stands_on_own(subject) {
            let known = self.in_program(step, &self.reference_program(step)?)?;
            found.extend(&self.in_program(step, program)? - &known);
            if !found.is_empty() {
                found = self.delegated_on_own(subject, workplace)?.unwrap_or(found);
            }
        }
        Ok(worded(found))
    }

    /// Those of `calls` that `step` is not allowed.
    pub(super) fn not_allowed(&self, step: &Step, calls: &BTreeSet<String>) -> BTreeSet<String> {
        let guarded = &self.course.kit().guarded;
        let is_delegated = |call: &&String| guarded.is_delegated(call, &step.allows);
        calls.iter().filter(is_delegated).cloned().collect()
    }

    /// What `step` is not allowed and stands in `program`, whoever calls it.
    fn in_program(&self, step: &Step, program: &Path) -> Result<BTreeSet<String>> {
        let guarded = &self.course.kit().guarded;
        symbols::in_program(program, |call| guarded.is_delegated(call, &step.allows))
    }

    fn stands_on_own(&self, subject: &Subject<'_>) -> bool {
        let whose = &subject.base.whose;
        *whose != Earlier::Reference
            && (self.course.before(subject.source.step).iter()).any(|step| whose.is_mine(step))
    }

    /// The same for a subject that stands on own steps, which may hold what was put there for this
    /// one: in one crate with them, its calls are followed into theirs. What the reference reaches on
    /// the same steps is theirs. Nothing if they do not compile as one.
    fn delegated_on_own(
        &self,
        subject: &Subject<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Option<BTreeSet<String>>> {
        let Some(mut found) = self.on_own(subject, subject.source.clone(), workplace)? else {
            return Ok(None);
        };
        if !found.is_empty() {
            let reference = self.reference_source(subject.source.step)?;
            let theirs = self.on_own(subject, reference, workplace)?;
            found = &found - &theirs.unwrap_or_default();
        }
        Ok(Some(found))
    }

    /// What `source` calls and is not allowed to, in one crate with the subject's own earlier steps.
    fn on_own(
        &self,
        subject: &Subject<'_>,
        mut source: Source<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Option<BTreeSet<String>>> {
        let step = source.step;
        let check = self.check(step)?;
        // Inside the scratch folder, a folder for this: the student's program stays as it is.
        let scratch = tempfile::Builder::new()
            .prefix("calls-")
            .tempdir_in(workplace.scratch)
            .map_err(Error::io("create a folder in", workplace.scratch))?;
        let mut workplace = *workplace;
        if workplace.trust == Trust::Untrusted {
            workplace.scratch = scratch.path();
            source.path = file_name(step);
        }
        let below = Below::Modules(&subject.base.sources);
        let compiled = self
            .compiler
            .program(&source, &check, below, &workplace, Reuse::Nothing)?;
        Ok(compiled.product.ok().map(|_| {
            let calls = compiled.calls.into_iter();
            let calls = calls
                .flat_map(|calls| &calls.own | &calls.with_check)
                .collect();
            self.not_allowed(step, &calls)
        }))
    }
}

/// The calls in the order in which they are told.
pub(super) fn worded(calls: BTreeSet<String>) -> Vec<String> {
    let mut calls: Vec<String> = calls.into_iter().collect();
    // A function comes with its closures.
    let is_whole = |call: &String| !call.contains("{{");
    if calls.iter().any(is_whole) {
        calls.retain(is_whole);
    }
    // What a layer calls in its turn says less than the call of the layer.
    calls.sort_by_key(|call| !call.ends_with("::forward"));
    calls
}
