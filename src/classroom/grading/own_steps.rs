//! A student's own earlier steps, compiled for the later ones to stand on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::scratch::ScratchDir;
use super::session::Session;
use crate::classroom::submissions::{Content, Found};
use crate::course::Step;
use crate::course::source::Unreadable;
use crate::engine::compile::{Library, Source, gather};
use crate::engine::judge::Verdict;
use crate::engine::pipeline::{Base, Earlier, Halt, OrHalt, file_name, in_the_way};
use crate::error::Result;

/// The earlier steps of one student.
pub(super) struct OwnSteps<'a> {
    session: &'a Session<'a>,
    /// One for each step of the course.
    files: &'a [Found],
    /// What became of those that were needed so far, by position in the course.
    compiled: BTreeMap<usize, std::result::Result<Library, Verdict>>,
    scratch: ScratchDir,
}

impl<'a> OwnSteps<'a> {
    pub fn new(session: &'a Session<'a>, files: &'a [Found]) -> Result<Self> {
        Ok(Self {
            session,
            files,
            compiled: BTreeMap::new(),
            scratch: session.scratch.dir()?,
        })
    }

    /// The folder of all that was compiled.
    pub fn libraries(&self) -> PathBuf {
        self.scratch.path().join("libraries")
    }

    /// What `text`, a source of `step`, stands on.
    pub fn base(&mut self, step: &Step, text: &str) -> Result<Base<'a>> {
        let libraries = match self.used(step, text) {
            Ok(libraries) => Ok(libraries),
            Err(halt) => Err(halt.verdict()?),
        };
        Ok(Base {
            whose: Earlier::Mine,
            libraries,
            sources: self.sources(step, text),
        })
    }

    /// The sources of what `text`, a source of `step`, uses, and of what these use, in the course's
    /// order; none if one of them cannot be read.
    fn sources(&self, step: &Step, text: &str) -> Vec<Source<'a>> {
        let course = self.session.pipeline.course();
        let mut sources = BTreeMap::new();
        let mut wanted = course.uses(step, text);
        while let Some(position) = wanted.pop_last() {
            let Content::Text(text) = &self.files[position].content else {
                return Vec::new();
            };
            let source = source(&course.steps()[position], text);
            wanted.extend(course.uses(source.step, text));
            sources.insert(position, source);
        }
        sources.into_values().collect()
    }

    /// What `text`, a source of `step`, uses; what that uses in turn lies in the same folder.
    fn used(&mut self, step: &Step, text: &str) -> OrHalt<Vec<Library>> {
        let mut earlier = Vec::new();
        let course = self.session.pipeline.course();
        for position in course.uses(step, text) {
            let need = &course.steps()[position];
            if !self.compiled.contains_key(&position) {
                let compiled = match self.compile(position, need) {
                    Ok(library) => Ok(library),
                    Err(halt) => Err(halt.verdict()?),
                };
                self.compiled.insert(position, compiled);
            }
            match &self.compiled[&position] {
                Ok(library) => earlier.push(library.clone()),
                Err(verdict) => return Err(in_the_way(need, verdict.clone())),
            }
        }
        Ok(earlier)
    }

    fn compile(&mut self, position: usize, step: &Step) -> OrHalt<Library> {
        let text = match &self.files[position].content {
            Content::Text(text) => text,
            Content::Missing => return Err(Unreadable::Missing.into()),
            Content::Unreadable(why) => return Err(why.clone().into()),
        };
        // A step uses earlier ones only, so this comes to an end.
        let earlier = self.used(step, text).map_err(|halt| match halt {
            // What is said of the step in the way is enough.
            Halt::Verdict(verdict) => match *verdict {
                Verdict::EarlierStep { verdict, .. } => Halt::Verdict(verdict),
                verdict => Halt::from(verdict),
            },
            error @ Halt::Error(_) => error,
        })?;
        let pipeline = self.session.pipeline;
        let libraries = self.libraries();
        gather(&earlier, &libraries)?;
        let compile = || -> OrHalt<Library> {
            let scratch = self.session.scratch.dir()?;
            let workplace = self.session.workplace(scratch.path(), &libraries);
            let library = pipeline.library(&source(step, text), &earlier, &workplace)?;
            // Out of the folder that goes, into the one that later steps see.
            gather(std::slice::from_ref(&library), &libraries)?;
            Ok(library.moved_to(&libraries))
        };
        self.session.turns.take(compile, ran_out_of_time)
    }
}

fn ran_out_of_time(compiled: &OrHalt<Library>) -> bool {
    let Err(Halt::Verdict(verdict)) = compiled else {
        return false;
    };
    matches!(**verdict, Verdict::DoesNotCompile { timed_out, .. } if timed_out)
}

fn source<'a>(step: &'a Step, text: &str) -> Source<'a> {
    Source {
        step,
        path: file_name(step),
        text: text.to_owned(),
    }
}
