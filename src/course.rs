//! The course: `course.toml`, the steps in order, and where their files are.

pub mod exercises;
pub mod experiments;
pub mod figures;
pub mod glossary;
pub mod guard;
pub mod hints;
mod kit_source;
mod limits;
mod manifest;
pub mod messages;
pub mod mistakes;
pub mod pages;
mod rules;
pub mod source;
mod step_name;
mod uses;
pub mod variants;
pub mod verdict_kind;
pub mod wrong;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use kit_source::{KitKey, KitProfile, KitSource, Needs};
pub use manifest::is_step_file;
pub use rules::{CheckRules, LessonRules};

use crate::error::{Error, Result};
use crate::files;
use crate::hash;

/// The name of the file that marks a course's folder.
pub const MANIFEST: &str = "course.toml";

/// The folder of the files that steps may ask for.
pub const ASSETS: &str = "assets";

/// A course, read and found sound.
#[derive(Debug)]
pub struct Course {
    root: PathBuf,
    title: String,
    about: String,
    finished: Option<String>,
    kit: KitSource,
    checks: CheckRules,
    lessons: Option<LessonRules>,
    parts: Vec<Part>,
    steps: Vec<Step>,
}

/// One step of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `s06`.
    pub id: String,
    /// `s06_position_embeddings`: the module's name, and that of its files.
    pub name: String,
    /// `Position embeddings`.
    pub title: String,
    /// What one knows who has written it, as a sentence.
    pub learnt: Option<String>,
    /// What it is worth in a class.
    pub points: u32,
    /// The earlier steps that it uses, directly or through one of these, as positions in the
    /// course, in order.
    pub needs: Vec<usize>,
    /// What it may call of the guarded: paths of modules or functions as in symbols, like
    /// `nets_nn::modules::norm`.
    pub allows: Vec<String>,
    /// Files of [`ASSETS`] that its check, the step itself or its lesson's programs read.
    pub assets: Vec<String>,
    /// What it may use, where that is more than usual.
    pub limits: StepLimits,
}

impl Step {
    /// `06`: its id without the letter.
    #[must_use]
    pub fn number(&self) -> &str {
        self.id.trim_start_matches(|c: char| !c.is_ascii_digit())
    }
}

/// What a step asks for beyond what every step may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StepLimits {
    /// How long it may run.
    pub time: Option<Duration>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Bytes of files that it may write.
    pub files: Option<u64>,
}

/// Steps that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `I  The model`.
    pub title: String,
    /// Its steps, as positions in the course.
    pub steps: Range<usize>,
}

impl Course {
    /// The course that `folder` lies in.
    ///
    /// # Errors
    ///
    /// If there is none, or if its manifest is broken.
    pub fn find(folder: &Path) -> Result<Self> {
        let root = folder
            .ancestors()
            .find(|folder| folder.join(MANIFEST).is_file())
            .ok_or_else(|| Error::NoCourse(folder.to_owned()))?;
        let path = root.join(MANIFEST);
        let text = files::read_text(&path).map_err(Error::io("read", &path))?;
        Self::parse(root, &text)
    }

    /// The folder that holds `course.toml`.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The course's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is about, in a sentence; empty if that is not said.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What the steps are compiled against.
    #[must_use]
    pub fn kit(&self) -> &KitSource {
        &self.kit
    }

    /// What every check has to have.
    #[must_use]
    pub fn check_rules(&self) -> &CheckRules {
        &self.checks
    }

    /// What every lesson has to have; nothing for a course that may do without lessons.
    #[must_use]
    pub fn lesson_rules(&self) -> Option<&LessonRules> {
        self.lessons.as_ref()
    }

    /// The parts, in order; each has at least one step.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The part that `step` belongs to.
    #[must_use]
    pub fn part(&self, step: &Step) -> Option<&Part> {
        let position = self.steps.iter().position(|other| other.id == step.id)?;
        self.parts
            .iter()
            .find(|part| part.steps.contains(&position))
    }

    /// What whoever passes every step is told, in Markdown.
    #[must_use]
    pub fn finished(&self) -> Option<&str> {
        self.finished.as_deref()
    }

    /// All steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The last step.
    ///
    /// # Panics
    ///
    /// Never: a course has a step.
    #[must_use]
    pub fn last_step(&self) -> &Step {
        &self.steps[self.steps.len() - 1]
    }

    /// The step that `name` means: `6`, `06`, `s06`, its module's name, or an unambiguous start
    /// of either.
    ///
    /// # Errors
    ///
    /// If no step or more than one is meant.
    pub fn step(&self, name: &str) -> Result<&Step> {
        step_name::resolve(&self.steps, name)
    }

    /// The steps that `step` uses, in order.
    pub fn needs<'a>(&'a self, step: &'a Step) -> impl Iterator<Item = &'a Step> {
        step.needs.iter().map(|&position| &self.steps[position])
    }

    /// `step` as the programs of its lesson see it: with the assets of all lessons besides its own.
    #[must_use]
    pub fn in_lesson(&self, step: &Step) -> Step {
        let mut step = step.clone();
        for asset in self.lessons.iter().flat_map(|rules| &rules.assets) {
            if !step.assets.contains(asset.get_ref()) {
                step.assets.push(asset.get_ref().clone());
            }
        }
        step
    }

    /// The folder of the files that steps may ask for.
    #[must_use]
    pub fn assets_folder(&self) -> PathBuf {
        self.root.join(ASSETS)
    }

    /// Other right ways to write the step.
    #[must_use]
    pub fn variants_folder(&self, step: &Step) -> PathBuf {
        self.check_file(step).with_file_name("variants")
    }

    /// What the learner edits.
    #[must_use]
    pub fn step_file(&self, step: &Step) -> PathBuf {
        self.root.join("steps").join(format!("{}.rs", step.name))
    }

    /// The reference.
    #[must_use]
    pub fn solution_file(&self, step: &Step) -> PathBuf {
        self.root
            .join("solutions")
            .join(format!("{}.rs", step.name))
    }

    /// The observation program.
    #[must_use]
    pub fn check_file(&self, step: &Step) -> PathBuf {
        self.root.join("checks").join(&step.name).join("check.rs")
    }

    /// A program that records the step's intermediate results, for those steps that have some.
    #[must_use]
    pub fn trace_file(&self, step: &Step) -> PathBuf {
        self.check_file(step).with_file_name("trace.rs")
    }

    /// The folder of the step's lesson and of what belongs to it.
    #[must_use]
    pub fn lesson_folder(&self, step: &Step) -> PathBuf {
        self.lessons_folder().join(&step.name)
    }

    /// The folder of all lessons.
    #[must_use]
    pub fn lessons_folder(&self) -> PathBuf {
        self.root.join("lessons")
    }

    /// The lesson.
    #[must_use]
    pub fn lesson_file(&self, step: &Step) -> PathBuf {
        self.lesson_folder(step).join("lesson.md")
    }

    /// The hints.
    #[must_use]
    pub fn hints_file(&self, step: &Step) -> PathBuf {
        self.lesson_folder(step).join("hints.toml")
    }

    /// The program that recomputes the lesson's numbers.
    #[must_use]
    pub fn numbers_file(&self, step: &Step) -> PathBuf {
        self.lesson_folder(step).join("numbers.rs")
    }

    /// The folder of the lesson's experiments.
    #[must_use]
    pub fn experiments_folder(&self, step: &Step) -> PathBuf {
        self.lesson_folder(step).join("experiments")
    }

    /// The folder of the lesson's figures.
    #[must_use]
    pub fn figures_folder(&self, step: &Step) -> PathBuf {
        self.lesson_folder(step).join("figures")
    }

    /// Names what a step asks for: its skeleton, its check and its lesson, as far as they are
    /// there. A step that passed with another name passed something else.
    #[must_use]
    pub fn fingerprint(&self, step: &Step) -> String {
        let read = |path: PathBuf| files::read_text(&path).unwrap_or_default();
        hash::of(&[
            read(self.skeleton_file(step)).as_bytes(),
            read(self.check_file(step)).as_bytes(),
            read(self.lesson_file(step)).as_bytes(),
        ])
    }

    /// What the learner's file was before the learner came.
    #[must_use]
    pub fn skeleton_file(&self, step: &Step) -> PathBuf {
        self.root
            .join("checks")
            .join(&step.name)
            .join("skeleton.rs")
    }

    /// Reads one of the course's own files; `what` is as in "the skeleton of s06".
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(&self, what: &str, step: &Step, path: &Path) -> Result<String> {
        files::read_text(path).map_err(|source| Error::CourseFile {
            what: format!("the {what} of {}", step.id),
            path: path.to_owned(),
            source,
        })
    }
}

/// Line and column of the byte at `offset`, both counted from 1.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    (line, column)
}
