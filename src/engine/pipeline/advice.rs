//! Asks clippy about a step of the learner's.

use super::{Judgement, Pipeline};
use crate::course::Step;
use crate::course::source::read_source;
use crate::engine::compile::{Diagnostic, Source};
use crate::engine::judge::Verdict;
use crate::engine::pipeline::Earlier;
use crate::engine::sandbox::workplace::DEFAULT_TIME;
use crate::error::Result;

/// What came of asking.
#[derive(Debug)]
pub enum Advice {
    /// What rustc and clippy say of it; nothing, if they have nothing to say.
    Given(Vec<Diagnostic>),
    /// It does not get so far: what is wrong with it.
    NotCompiled(Box<Judgement>),
}

impl Pipeline<'_> {
    /// What rustc and clippy advise on the learner's `step`.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps them from being asked; never because of the source.
    pub fn advice(&self, step: &Step) -> Result<Advice> {
        let path = self.course.step_file(step);
        let not_compiled = |path, verdict| {
            let judgement = Judgement::unobserved(step, path, Earlier::Reference, verdict);
            Ok(Advice::NotCompiled(Box::new(judgement)))
        };
        let text = match read_source(&path) {
            Ok(text) => text,
            Err(why) => return not_compiled(path, Verdict::Unreadable(why)),
        };
        let source = Source { step, path, text };
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let workplace = self.workplace(DEFAULT_TIME);
        let compiled = self.compiler.advice(&source, &libraries, &workplace)?;
        match compiled.product {
            Ok(()) => Ok(Advice::Given(compiled.warnings)),
            Err(failure) => {
                let verdict = self.not_compiled(&source, failure)?;
                not_compiled(source.path, verdict)
            }
        }
    }
}
