//! What rustc says, made fit for the learner, and what panics mean.

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
        failure.errors = self.as_shown(&source.path, failure.errors);
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

    /// What rustc said about the file `source`, without what is not the learner's.
    pub(super) fn as_shown(
        &self,
        source: &Path,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        // What the kit shows of the first crate is what steps know it by.
        let kit = self
            .course
            .kit()
            .crates
            .first()
            .map_or("kit", String::as_str);
        for diagnostic in &mut diagnostics {
            let kept = requoted(&diagnostic.rendered, |file, line| {
                self.quote(source, file, line)
            });
            diagnostic.rendered = renamed(&kept, kit);
            if is_untrusted(source) {
                diagnostic.rendered = plain(&diagnostic.rendered);
            }
            diagnostic.message = renamed(&diagnostic.message, kit);
        }
        diagnostics
    }

    /// What becomes of a place that rustc points at when it compiles `source`.
    fn quote(&self, source: &Path, file: &str, line: u32) -> Quote {
        let path = Path::new(file);
        if path == source {
            return Quote::Shown;
        }
        let engines = [
            self.course.root().join("checks"),
            self.course.kit().path.clone(),
        ];
        let is_hidden = engines.iter().any(|folder| path.starts_with(folder));
        if file == ROOT || is_hidden || self.is_of_the_kit(path) {
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

    /// Whether rustc knows a file by a path within the kit's workspace, as it does of the packages
    /// there. Steps alone have names like that, too: where nobody vouches for them.
    fn is_of_the_kit(&self, path: &Path) -> bool {
        let mut steps = self.course.steps().iter();
        path.is_relative() && !steps.any(|step| path == super::file_name(step))
    }

    /// The learner's counterpart of what stands in `line` of a step's solution.
    fn own_item(&self, source: &Path, step: &Step, line: u32) -> Quote {
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
fn is_untrusted(source: &Path) -> bool {
    source.is_relative()
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
