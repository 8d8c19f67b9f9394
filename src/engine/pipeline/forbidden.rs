//! What a step calls although it is to write just that itself.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Pipeline, Subject, file_name};
use crate::course::Step;
use crate::engine::compile::{Below, Source, symbols};
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};

impl Pipeline<'_> {
    /// The forbidden functions in `program`, the subject with its check. What stands in the
    /// reference's program too is the check's own doing, and what stands there if the reference
    /// stands on the same earlier steps is theirs.
    ///
    /// # Errors
    ///
    /// If a program cannot be read, or the course's own files are not sound.
    pub(super) fn forbidden(
        &self,
        subject: &Subject<'_>,
        program: &Path,
        below: Below<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Vec<String>> {
        let step = subject.source.step;
        if step.forbids.is_empty() {
            return Ok(Vec::new());
        }
        let within: Vec<&str> = step.forbids.iter().map(String::as_str).collect();
        let found = symbols::below(program, &within)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut own = &found - &symbols::below(&self.reference_program(step)?, &within)?;
        if !own.is_empty()
            && let Some(reference) = self.reference_on(subject, below, workplace)?
        {
            own = &own - &symbols::below(&reference, &within)?;
        }
        let mut calls: Vec<String> = own.into_iter().collect();
        // Every function comes with what tidies up behind it, and its closures.
        let is_own = |call: &String| !call.contains("{{") && !call.starts_with("core::ptr::");
        if calls.iter().any(is_own) {
            calls.retain(is_own);
        }
        // What a layer calls in its turn says less than the call of the layer.
        calls.sort_by_key(|call| !call.ends_with("::forward"));
        Ok(calls)
    }

    /// The reference's program on the subject's own earlier steps, if there are any and it fits
    /// them.
    fn reference_on(
        &self,
        subject: &Subject<'_>,
        below: Below<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Option<PathBuf>> {
        let step = subject.source.step;
        let is_own = |earlier: &Step| subject.base.whose.is_mine(earlier);
        if !self.course.before(step).iter().any(is_own) {
            return Ok(None);
        }
        let mut source = self.reference_source(step)?;
        let check = self.check(step)?;
        // It goes with the folder around it; until then the sandbox keeps the student's program out.
        let scratch = workplace.scratch.join("reference");
        let mut workplace = *workplace;
        if workplace.trust == Trust::Untrusted {
            fs::create_dir(&scratch).map_err(Error::io("create", &scratch))?;
            workplace.scratch = &scratch;
            source = Source {
                path: file_name(step),
                ..source
            };
        }
        let compiled = self.compiler.program(&source, &check, below, &workplace)?;
        Ok(compiled.product.ok())
    }
}
