//! What a step calls although it is to write just that itself.

use std::path::Path;

use super::Pipeline;
use crate::course::Step;
use crate::error::Result;
use crate::symbols;

impl Pipeline<'_> {
    /// The forbidden functions in `program`, a step with its check. What stands in the reference's
    /// program too is the check's own doing.
    ///
    /// # Errors
    ///
    /// If a program cannot be read, or the course's own files are not sound.
    pub fn forbidden(&self, step: &Step, program: &Path) -> Result<Vec<String>> {
        if step.forbids.is_empty() {
            return Ok(Vec::new());
        }
        let within: Vec<&str> = step.forbids.iter().map(String::as_str).collect();
        let found = symbols::below(program, &within)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let reference = symbols::below(&self.reference_program(step)?, &within)?;
        let mut calls: Vec<String> = found.difference(&reference).cloned().collect();
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
