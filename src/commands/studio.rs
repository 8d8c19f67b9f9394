//! What `tutor train`, `tutor generate` and `tutor look` have in common.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;
use tempfile::TempDir;

use super::setup;
use crate::cli::studio::{Model, Studio};
use crate::course::Course;
use crate::engine::judge::Verdict;
use crate::engine::kit::Profile;
use crate::engine::pipeline::Pipeline;
use crate::engine::sandbox::Ending;
use crate::error::{Error, Result};
use crate::progress::{FOLDER, Progress};
use crate::report::text::words;
use crate::studio::{self, Line, Steps};
use crate::terminal::{self, style};

/// The file of a model's weights.
pub const WEIGHTS: &str = "model.safetensors";

/// Where the learner's model lies unless another folder is named.
pub fn model_folder(course: &Course) -> PathBuf {
    course.root().join(FOLDER).join("model")
}

/// A model: its folder, and in words which one it is.
pub struct Chosen {
    /// Where its files lie.
    pub folder: PathBuf,
    /// As in "the model that you trained".
    pub what: &'static str,
}

impl Chosen {
    /// Which one it is and where it lies, from here if it is below.
    pub fn words(&self) -> String {
        let here = env::current_dir().ok();
        let below = here.and_then(|here| self.folder.strip_prefix(here).ok().map(Path::to_owned));
        let folder = below.unwrap_or_else(|| self.folder.clone());
        format!("{}: {}", self.what, folder.display())
    }
}

/// The model that the options mean.
///
/// # Errors
///
/// If it is not there, or not whole.
pub fn chosen(course: &Course, options: &Model) -> Result<Chosen> {
    let own = model_folder(course);
    let shipped = course.assets_folder().join("model");
    let (folder, what) = match (&options.checkpoint, &options.gpt2) {
        (Some(folder), _) => (folder.clone(), "the checkpoint"),
        (None, Some(folder)) => (folder.clone(), "GPT-2 in Hugging Face's files"),
        (None, None) if own.join(WEIGHTS).is_file() => (own, "the model that you trained"),
        (None, None) if shipped.join(WEIGHTS).is_file() => {
            (shipped, "the small model that comes with the course")
        }
        (None, None) => {
            return Err(Error::Usage {
                message: "there is no model yet".into(),
                next: "`tutor train` makes one".into(),
            });
        }
    };
    if !folder.is_dir() {
        return Err(Error::Usage {
            message: format!("there is no folder `{}`", folder.display()),
            next: match options.gpt2 {
                Some(_) => "`tutor fetch gpt2` fills `.tutor/gpt2`".into(),
                None => "`tutor train --out DIR` makes a checkpoint".into(),
            },
        });
    }
    // The program runs in another folder.
    let folder = std::path::absolute(&folder).map_err(Error::io("find", &folder))?;
    let has = |name: &str| folder.join(name).is_file();
    let missing: Vec<&str> = [
        ("config.json", has("config.json")),
        (
            WEIGHTS,
            has(WEIGHTS) || has(&format!("{WEIGHTS}.index.json")),
        ),
        (
            "vocab.json and merges.txt",
            has("characters.json") || (has("vocab.json") && has("merges.txt")),
        ),
    ]
    .into_iter()
    .filter(|(_, is_there)| !is_there)
    .map(|(name, _)| name)
    .collect();
    if missing.is_empty() {
        return Ok(Chosen { folder, what });
    }
    Err(Error::Usage {
        message: format!("`{}` lacks {}", folder.display(), missing.join(", ")),
        next: match options.gpt2 {
            Some(_) => format!(
                "`tutor fetch gpt2 --to {0}`; without a network, put config.json, \
                 model.safetensors, vocab.json and merges.txt of \
                 https://huggingface.co/openai-community/gpt2 into `{0}`",
                folder.display()
            ),
            None => "`tutor train` makes a checkpoint that has all of them".into(),
        },
    })
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
        let profile = options.backend.profile();
        let profile = profile.map_or(Profile::Check, Profile::named);
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
    let how = match ending {
        Ending::Exited(0) => return Ok(()),
        Ending::Exited(code) => format!("with exit code {code}"),
        Ending::Signalled(signal) => format!("by signal {signal}"),
        // Nothing is limited here.
        ending => format!("otherwise: {ending:?}"),
    };
    Err(Error::Usage {
        message: format!("the program ended before its time, {how}"),
        next: "what it said stands above; `--solution` runs it on the reference's steps".into(),
    })
}
