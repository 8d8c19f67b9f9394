//! The course: `course.toml`, the steps in order, and where their files are.

pub mod experiments;
pub mod hints;
pub mod messages;
pub mod mistakes;
pub mod source;
mod step_name;
mod uses;
pub mod verdict_kind;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files;
use crate::hash;

/// The name of the file that marks a course's folder.
pub const MANIFEST: &str = "course.toml";

/// A course, read and found sound.
#[derive(Debug)]
pub struct Course {
    root: PathBuf,
    title: String,
    finished: Option<String>,
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
    /// What it must not call, because that does what the step is about: paths of modules or
    /// functions as in symbols, like `burn_nn::modules::norm`.
    pub forbids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    title: String,
    finished: Option<String>,
    step: Vec<ManifestStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestStep {
    id: toml::Spanned<String>,
    file: String,
    title: String,
    learnt: Option<String>,
    points: u32,
    #[serde(default)]
    needs: Vec<toml::Spanned<String>>,
    #[serde(default)]
    forbids: Vec<String>,
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

    /// The course in the folder `root` whose manifest is `text`.
    fn parse(root: &Path, text: &str) -> Result<Self> {
        let broken = |offset: Option<usize>, message: String| Error::Course {
            path: root.join(MANIFEST),
            at: offset.map(|offset| line_and_column(text, offset)),
            message,
        };
        let manifest: Manifest = toml::from_str(text)
            .map_err(|e| broken(e.span().map(|span| span.start), e.message().to_owned()))?;

        let mut steps: Vec<Step> = Vec::new();
        for row in manifest.step {
            let offset = row.id.span().start;
            let id = row.id.into_inner();
            if !is_id(&id) {
                let message = format!("`{id}` is no step id; one looks like `s06`");
                return Err(broken(Some(offset), message));
            }
            if !is_module_name(&row.file) || !row.file.starts_with(&format!("{id}_")) {
                let message = format!("the file of `{id}` must be named like `{id}_attention`");
                return Err(broken(Some(offset), message));
            }
            if steps.iter().any(|step| step.id == id) {
                return Err(broken(Some(offset), format!("`{id}` stands here twice")));
            }
            let mut needs = Vec::new();
            for need in row.needs {
                let Some(position) = steps.iter().position(|step| step.id == *need.get_ref())
                else {
                    let message = format!(
                        "`{id}` needs `{}`, which is no earlier step",
                        need.get_ref()
                    );
                    return Err(broken(Some(need.span().start), message));
                };
                needs.extend(&steps[position].needs);
                needs.push(position);
            }
            needs.sort_unstable();
            needs.dedup();
            steps.push(Step {
                id,
                name: row.file,
                title: row.title,
                learnt: row.learnt,
                points: row.points,
                needs,
                forbids: row.forbids,
            });
        }
        if steps.is_empty() {
            return Err(broken(
                None,
                "a course needs at least one `[[step]]`".into(),
            ));
        }
        Ok(Self {
            root: root.to_owned(),
            title: manifest.title,
            finished: manifest.finished,
            steps,
        })
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

    /// The lesson.
    #[must_use]
    pub fn lesson_file(&self, step: &Step) -> PathBuf {
        self.root.join("lessons").join(format!("{}.md", step.name))
    }

    /// The hints.
    #[must_use]
    pub fn hints_file(&self, step: &Step) -> PathBuf {
        let folder = self.root.join("lessons").join("hints");
        folder.join(format!("{}.toml", step.name))
    }

    /// The folder of the lesson's experiments.
    #[must_use]
    pub fn experiments_folder(&self, step: &Step) -> PathBuf {
        self.root
            .join("lessons")
            .join("experiments")
            .join(&step.name)
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

/// `s` and digits.
fn is_id(id: &str) -> bool {
    id.strip_prefix('s')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Good as a Rust module's name, and so as a file's.
fn is_module_name(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Line and column of the byte at `offset`, both counted from 1.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"
title = "T"
[[step]]
id = "s01"
file = "s01_a"
title = "A"
points = 1
[[step]]
id = "s02"
file = "s02_b"
title = "B"
points = 2
needs = ["s01"]
[[step]]
id = "s03"
file = "s03_c"
title = "C"
points = 3
needs = ["s02"]
"#;

    fn problem(text: &str) -> (Option<(usize, usize)>, String) {
        match Course::parse(Path::new("/c"), text) {
            Err(Error::Course { at, message, .. }) => (at, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn needs_are_closed_under_needing() {
        let course = Course::parse(Path::new("/c"), TWO).expect("it is sound");
        assert_eq!(course.steps()[2].needs, [0, 1]);
    }

    #[test]
    fn a_broken_manifest_is_told_with_line_and_column() {
        let (at, _) = problem("title = \"T\"\n[[step]\n");
        assert_eq!(at.map(|at| at.0), Some(2));
        let (at, message) = problem(&TWO.replace("[\"s01\"]", "[\"s09\"]"));
        assert_eq!(at, Some((13, 10)));
        assert!(message.contains("s09"), "{message}");
        let (at, _) = problem(&TWO.replace("id = \"s02\"", "id = \"s01\""));
        assert_eq!(at, Some((9, 6)));
        let (_, message) = problem("title = \"T\"\nstep = []\n");
        assert!(message.contains("at least one"), "{message}");
    }

    #[test]
    fn a_step_cannot_need_itself_or_a_later_one() {
        let (_, message) = problem(&TWO.replace("[\"s01\"]", "[\"s02\"]"));
        assert!(message.contains("no earlier step"), "{message}");
    }

    #[test]
    fn file_names_stay_inside_their_folder() {
        let (_, message) = problem(&TWO.replace("s02_b", "s02_/../../b"));
        assert!(message.contains("must be named"), "{message}");
    }
}
