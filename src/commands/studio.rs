//! What `tutor train`, `tutor generate` and `tutor look` have in common.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::setup;
use crate::cli::studio::{Backend, Studio};
use crate::course::Course;
use crate::engine::judge::Verdict;
use crate::engine::kit::Profile;
use crate::engine::pipeline::Pipeline;
use crate::engine::sandbox::Ending;
use crate::error::{Error, Result};
use crate::progress::{FOLDER, Progress};
use crate::report::text::words;
use crate::studio::{self, Line, PROFILE, Steps};
use crate::terminal::{self, style};

/// Where the learner's model lies unless another folder is named.
pub fn model_folder(course: &Course) -> PathBuf {
    course.root().join(FOLDER).join("model")
}

/// A folder for what a program is handed, which goes when it is dropped.
pub fn scratch(course: &Course) -> Result<TempDir> {
    let folder = course.root().join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    tempfile::tempdir_in(&folder).map_err(Error::io("create a folder in", &folder))
}

/// A kit, and the steps that a program is to be made of.
pub struct Ready<'a> {
    pipeline: Pipeline<'a>,
    steps: Steps<'a>,
}

impl<'a> Ready<'a> {
    /// Makes the kit ready, which is built if need be, and says whose steps are used.
    pub fn of(course: &'a Course, options: &Studio) -> Result<Self> {
        let steps = match options.solution {
            true => Steps::reference(course),
            false => Steps::own(course, &Progress::read(course)?.0),
        };
        terminal::note(&style::dim(steps.words()).to_string());
        let profile = match options.backend {
            Backend::Flex => Profile::named(PROFILE),
            Backend::Ndarray => Profile::Check,
        };
        let kit = setup::build(course, profile)?;
        Ok(Self {
            pipeline: Pipeline::open(course, kit)?,
            steps,
        })
    }

    /// Runs the program in the file `program`; nothing if a step keeps it from being compiled, which
    /// is said.
    pub fn run(
        &self,
        program: &Path,
        settings: &Value,
        next: &str,
        tell: &mut dyn FnMut(Line) -> ControlFlow<()>,
    ) -> Result<Option<Ending>> {
        match studio::run(&self.pipeline, program, &self.steps, settings, next, tell) {
            Ok(ending) => Ok(Some(ending)),
            Err(halt) => {
                let verdict = halt.verdict()?;
                terminal::print(&not_compiled(&verdict))?;
                Ok(None)
            }
        }
    }
}

/// Why there is no program: steps that pass one by one may not fit together.
fn not_compiled(verdict: &Verdict) -> String {
    format!(
        "Your steps cannot be put together: {}.\nNext: `tutor run all --mine`; with `--solution` \
         the reference's steps are used.\n",
        words(verdict)
    )
}

/// Whether a program ended as it should.
///
/// # Errors
///
/// If it did not.
pub fn succeeded(ending: Ending) -> Result<()> {
    match ending {
        Ending::Exited(0) => Ok(()),
        ending => Err(Error::Usage {
            message: format!("the program ended before its time ({ending:?})"),
            next: "what it said stands above; `--solution` runs it on the reference's steps".into(),
        }),
    }
}
