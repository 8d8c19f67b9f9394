//! What rustc says, made fit for the learner, and what Burn's panics mean.

use std::path::{Path, PathBuf};

use super::{Pipeline, compile_verdict};
use crate::course::Step;
use crate::course::messages::{About, Messages, Question};
use crate::course::source::read_source;
use crate::engine::compile::signatures;
use crate::engine::compile::{CompileFailure, Diagnostic, Quote, ROOT, Source, renamed, requoted};
use crate::engine::judge::{Fault, JudgedGroup, Outcome, Verdict};
use crate::error::Result;

impl Pipeline<'_> {
    /// The verdict on a source that does not compile.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub(super) fn not_compiled(
        &self,
        source: &Source<'_>,
        mut failure: CompileFailure,
    ) -> Result<Verdict> {
        let skeleton_file = self.course.skeleton_file(source.step);
        let skeleton = self.course.read("skeleton", source.step, &skeleton_file)?;
        let messages = Messages::read(self.course)?;
        failure.errors = self.as_shown(source, failure.errors);
        // What differed in lines of the check only.
        failure.errors.dedup_by(|a, b| a.rendered == b.rendered);
        for error in &mut failure.errors {
            let rendered = plain(&error.rendered);
            error.meaning =
                messages.meaning(About::Compile, &rendered, |question, name| match question {
                    Question::Use => signatures::import_of(&skeleton, name),
                    Question::Later => self.later(source.step, name),
                });
        }
        let signatures = signatures::differences(&skeleton, &source.text);
        Ok(compile_verdict(failure, signatures))
    }

    /// What rustc said about `source`, without what is not the learner's.
    pub(super) fn as_shown(
        &self,
        source: &Source<'_>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        for diagnostic in &mut diagnostics {
            let kept = requoted(&diagnostic.rendered, |file, line| {
                self.quote(source, file, line)
            });
            diagnostic.rendered = renamed(&kept);
            if is_untrusted(source) {
                diagnostic.rendered = plain(&diagnostic.rendered);
            }
            diagnostic.message = renamed(&diagnostic.message);
        }
        diagnostics
    }

    /// What becomes of a place that rustc points at when it compiles `source`.
    fn quote(&self, source: &Source<'_>, file: &str, line: u32) -> Quote {
        let path = Path::new(file);
        if path == source.path {
            return Quote::Shown;
        }
        let root = self.course.root();
        let engines = [root.join("checks"), root.join("kit"), "kit".into()];
        if file == ROOT || engines.iter().any(|folder| path.starts_with(folder)) {
            return Quote::Hidden;
        }
        let mut steps = self.course.steps().iter();
        if let Some(step) = steps.find(|step| path == self.course.solution_file(step)) {
            return self.own_item(source, step, line);
        }
        match file.split_once("/registry/src/") {
            Some((_, rest)) if is_untrusted(source) => {
                let crates_own = rest.split_once('/').map_or(rest, |(_, rest)| rest);
                Quote::Renamed(crates_own.to_owned())
            }
            _ => Quote::Shown,
        }
    }

    /// The learner's counterpart of what stands in `line` of a step's solution.
    fn own_item(&self, source: &Source<'_>, step: &Step, line: u32) -> Quote {
        // What else a student handed in is not looked into here.
        let (own, text) = if is_untrusted(source) {
            (PathBuf::from(format!("{}.rs", step.name)), String::new())
        } else {
            let own = self.course.step_file(step);
            let text = read_source(&own).unwrap_or_default();
            (own, text)
        };
        let solution = read_source(&self.course.solution_file(step)).unwrap_or_default();
        let (signature, line) = match signatures::counterpart(&solution, line, &text) {
            Some((signature, line)) => (Some(signature), line),
            None => (None, None),
        };
        let own = own.display();
        Quote::Elsewhere {
            at: line.map_or_else(|| own.to_string(), |line| format!("{own}:{line}")),
            signature,
        }
    }

    /// The step called `name`, if it comes after `step`.
    fn later(&self, step: &Step, name: &str) -> Option<String> {
        let later = self
            .course
            .steps()
            .iter()
            .find(|later| later.name == name)?;
        let is_later = self.course.position(later) > self.course.position(step);
        is_later.then(|| format!("step {}", later.id.trim_start_matches('s')))
    }

    /// Says what the panics among `groups`, and the verdict's own, mean.
    ///
    /// # Errors
    ///
    /// If the course's messages are not sound.
    pub(super) fn explain_panics(
        &self,
        verdict: &mut Verdict,
        groups: &mut [JudgedGroup],
    ) -> Result<()> {
        let of_verdict = match verdict {
            Verdict::Failed { fault, .. } => Some(fault),
            _ => None,
        };
        let of_groups = groups
            .iter_mut()
            .filter_map(|group| match &mut group.outcome {
                Outcome::Failed(fault) => Some(fault),
                Outcome::Passed | Outcome::NotReached => None,
            });
        let mut messages = None;
        for fault in of_verdict.into_iter().chain(of_groups) {
            if let Fault::Panicked { panic, meaning, .. } = fault {
                let messages = match &messages {
                    Some(messages) => messages,
                    None => messages.insert(Messages::read(self.course)?),
                };
                *meaning = messages.meaning(About::Panic, &panic.message, |_, _| None);
            }
        }
        Ok(())
    }
}

/// Whether a source is compiled as one that nobody vouches for: there it has no folder.
fn is_untrusted(source: &Source<'_>) -> bool {
    source.path.is_relative()
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
