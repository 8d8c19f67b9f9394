//! What a step calls although it is to write just that itself.

use std::path::{Path, PathBuf};

use super::Pipeline;
use crate::course::Step;
use crate::engine::compile::symbols;
use crate::engine::compile::{Check, Source};
use crate::error::Result;

impl Pipeline<'_> {
    /// The forbidden functions in `program`, a step with its check. What stands in the reference's
    /// program too is the check's own doing, and what stands there if the reference stands on the
    /// same earlier steps is theirs: `on_the_same` compiles that, if they are not the reference's
    /// and it fits them.
    ///
    /// # Errors
    ///
    /// If a program cannot be read, or the course's own files are not sound.
    pub fn forbidden(
        &self,
        step: &Step,
        program: &Path,
        on_the_same: impl FnOnce(&Source<'_>, &Check) -> Result<Option<PathBuf>>,
    ) -> Result<Vec<String>> {
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
            && let Some(reference) = on_the_same(&self.reference_source(step)?, &self.check(step)?)?
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
}
