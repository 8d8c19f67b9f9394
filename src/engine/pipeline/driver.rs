//! Programs of the course's that put steps to use: compiled with them, and run in the foreground.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::halt::{Halt, OrHalt};
use super::{Base, Earlier, Pipeline, compile_verdict, in_the_way};
use crate::engine::compile::{Below, Check, CompileFailure, signatures};
use crate::engine::kit::toolchain;
use crate::engine::sandbox::foreground::Foreground;
use crate::engine::sandbox::workplace::DEFAULT_TIME;
use crate::error::{Error, Result};
use crate::files;

impl Pipeline<'_> {
    /// Compiles the program in the course's file `path`: it has a `pub fn main`, which takes nothing
    /// and returns what a `main` may, and says `crate::s06_…` of the steps that it uses,
    /// which are taken as `whose` says. It is compiled once: what it was made of names it.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being compiled. A step that does not compile, or
    /// whose public items are not those of its skeleton, halts with its verdict.
    pub fn driver(&self, path: &Path, whose: &Earlier) -> OrHalt<PathBuf> {
        let text = files::read_text(path).map_err(|source| Error::CourseFile {
            what: "a program of the course".into(),
            path: path.to_owned(),
            source,
        })?;
        let program = Check::new(path.to_owned(), &text)?;
        let workplace = self.workplace(DEFAULT_TIME);
        let base = self.base_of(self.course.named(&program.text), whose, &workplace)?;
        let compile = |below| self.compiler.driver(&program, below, &workplace);
        let halt = match &base.libraries {
            Ok(libraries) => match compile(Below::Libraries(libraries))?.product {
                Ok(program) => return Ok(program),
                Err(failure) => self.driver_not_compiled(path, &base, failure)?,
            },
            Err(verdict) => verdict.clone().into(),
        };
        // The learner's steps are one crate in the editor, where `pub(crate)` reaches further.
        if !base.sources.is_empty()
            && self.is_in_order(&base.sources)
            && let Ok(program) = compile(Below::Modules(&base.sources))?.product
        {
            return Ok(program);
        }
        Err(halt)
    }

    /// `program`, made ready to be run in `folder`.
    ///
    /// # Errors
    ///
    /// If the kit lies in a folder whose name no loader understands.
    pub fn foreground(
        &self,
        program: &Path,
        args: Vec<OsString>,
        folder: &Path,
    ) -> Result<Foreground> {
        let kit = self.kit();
        Ok(Foreground {
            path: program.to_owned(),
            args,
            env: vec![(
                toolchain::library_path_variable().into(),
                kit.library_path()?,
            )],
            folder: folder.to_owned(),
        })
    }

    /// Why there is no program: the first of the learner's steps that is not as its skeleton asks,
    /// or the program itself, which is the course's.
    fn driver_not_compiled(
        &self,
        path: &Path,
        base: &Base<'_>,
        mut failure: CompileFailure,
    ) -> Result<Halt> {
        failure.errors = self.as_shown(path, failure.errors);
        for source in &base.sources {
            let step = source.step;
            let skeleton = self.course.skeleton_file(step);
            let skeleton = self.course.read("skeleton", step, &skeleton)?;
            let signatures = signatures::differences(&skeleton, &source.text);
            if !signatures.is_empty() {
                return Ok(in_the_way(step, compile_verdict(failure, signatures)));
            }
        }
        let rendered: Vec<&str> = (failure.errors.iter())
            .map(|error| error.rendered.as_str())
            .collect();
        Err(Error::Program {
            path: path.to_owned(),
            output: rendered.join("\n"),
        })
    }
}
