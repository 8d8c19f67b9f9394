//! A student's own earlier steps, compiled for the later ones to stand on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::scratch;
use super::session::{Prepared, Room};
use crate::classroom::submissions::{Content, Found};
use crate::course::Step;
use crate::course::source::Unreadable;
use crate::engine::compile::{Apart, Library};
use crate::engine::judge::Verdict;
use crate::engine::pipeline::EarlierFault;
use crate::error::Result;

/// The earlier steps of one student.
pub(super) struct OwnSteps<'a> {
    room: &'a Room<'a>,
    /// One for each step of the course.
    files: &'a [Found],
    /// What became of those that were needed so far, by position in the course.
    compiled: BTreeMap<usize, std::result::Result<Library, Verdict>>,
    scratch: scratch::Room,
}

impl<'a> OwnSteps<'a> {
    pub fn new(room: &'a Room<'a>, files: &'a [Found]) -> Result<Self> {
        Ok(Self {
            room,
            files,
            compiled: BTreeMap::new(),
            scratch: room.scratch.room()?,
        })
    }

    /// The folder of all that was compiled.
    pub fn libraries(&self) -> PathBuf {
        self.scratch.path().join("libraries")
    }

    /// What `text`, a source of the step, stands on.
    pub fn earlier(
        &mut self,
        prepared: &Prepared<'_>,
        text: &str,
    ) -> Result<std::result::Result<Vec<Library>, EarlierFault>> {
        self.used(prepared.step, text)
    }

    /// The sources of what `text`, a source of the step, uses, and of what these use, by position;
    /// none if one of them cannot be read.
    pub fn sources(&self, prepared: &Prepared<'_>, text: &str) -> BTreeMap<usize, String> {
        let course = self.room.pipeline.course();
        let mut sources = BTreeMap::new();
        let mut wanted = course.uses(prepared.step, text);
        while let Some(position) = wanted.pop_last() {
            let Content::Text(text) = &self.files[position].content else {
                return BTreeMap::new();
            };
            wanted.extend(course.uses(&course.steps()[position], text));
            sources.insert(position, text.clone());
        }
        sources
    }

    /// What `text`, a source of `step`, uses; what that uses in turn lies in the same folder.
    fn used(
        &mut self,
        step: &Step,
        text: &str,
    ) -> Result<std::result::Result<Vec<Library>, EarlierFault>> {
        let mut earlier = Vec::new();
        let course = self.room.pipeline.course();
        for position in course.uses(step, text) {
            let need = &course.steps()[position];
            if !self.compiled.contains_key(&position) {
                let library = self.compile(position, need)?;
                self.compiled.insert(position, library);
            }
            match &self.compiled[&position] {
                Ok(library) => earlier.push(library.clone()),
                Err(verdict) => return Ok(Err((need.id.clone(), verdict.clone()))),
            }
        }
        Ok(Ok(earlier))
    }

    fn compile(
        &mut self,
        position: usize,
        step: &Step,
    ) -> Result<std::result::Result<Library, Verdict>> {
        let text = match &self.files[position].content {
            Content::Text(text) => text,
            Content::Missing => return Ok(Err(Verdict::Unreadable(Unreadable::Missing))),
            Content::Unreadable(why) => return Ok(Err(Verdict::Unreadable(why.clone()))),
        };
        // A step uses earlier ones only, so this comes to an end.
        let earlier = match self.used(step, text)? {
            Ok(earlier) => earlier,
            Err((_, verdict)) => return Ok(Err(verdict)),
        };
        let libraries = self.libraries();
        self.room.pipeline.gather(&earlier, &libraries)?;
        let scratch = self.room.scratch.room()?;
        let apart = Apart {
            scratch: scratch.path(),
            libraries: &libraries,
            profiles: self.room.profiles.as_ref(),
            time: self.room.time,
        };
        let compiled = self
            .room
            .pipeline
            .library_apart(step, text, &earlier, apart)?;
        // Out of the folder that goes, into the one that later steps see.
        compiled
            .map(|library| {
                self.room
                    .pipeline
                    .gather(std::slice::from_ref(&library), &libraries)?;
                Ok(library.moved_to(&libraries))
            })
            .map_or_else(|verdict| Ok(Err(verdict)), |library| library.map(Ok))
    }
}
