//! What each group of a step's observations counts: the file of `--weights`. docs/grades.md says how
//! it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::classroom::record::GradedStep;
use crate::course::{Course, line_and_column};
use crate::error::{Error, Result};
use crate::files;

/// The most that a group may count.
const MOST: i64 = 1000;

/// Weights of groups, each sound by itself.
#[derive(Debug, Default)]
pub struct Weights {
    path: PathBuf,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Where in the file it is.
    line: usize,
    /// The step's id.
    step: String,
    group: String,
    weight: u32,
}

/// Groups of steps.
type Manifest = BTreeMap<String, Spanned<BTreeMap<String, Spanned<i64>>>>;

impl Weights {
    /// Reads the weights in the file `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is not sound, with the line.
    pub fn read(path: &Path, course: &Course) -> Result<Self> {
        let text = files::read_text(path).map_err(Error::named("--weights", path))?;
        let line = |at: usize| line_and_column(&text, at).0;
        let manifest: Manifest = toml::from_str(&text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            flawed(path, line(at), e.message())
        })?;
        let mut entries = Vec::new();
        for (name, groups) in manifest {
            let step = (course.step(&name))
                .map_err(|e| flawed(path, line(groups.span().start), &e.to_string()))?;
            for (group, weight) in groups.into_inner() {
                let line = line(weight.span().start);
                let number = *weight.as_ref();
                let fits = (1..=MOST).contains(&number);
                let weight = u32::try_from(number).ok().filter(|_| fits).ok_or_else(|| {
                    flawed(path, line, "a weight is a whole number from 1 to 1000")
                })?;
                entries.push(Entry {
                    line,
                    step: step.id.clone(),
                    group,
                    weight,
                });
            }
        }
        Ok(Self {
            path: path.to_owned(),
            entries,
        })
    }

    /// Gives the groups of `steps` their weights. What is about other steps waits until those are
    /// graded.
    ///
    /// # Errors
    ///
    /// If a step has no such group, with the line.
    pub fn give(&self, steps: &mut [GradedStep]) -> Result<()> {
        for entry in &self.entries {
            let Some(step) = steps.iter_mut().find(|step| step.id == entry.step) else {
                continue;
            };
            let names: Vec<&String> = step.groups.iter().chain(&step.hidden).collect();
            let Some(place) = names.iter().position(|name| **name == entry.group) else {
                let known: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let message = format!(
                    "{} has no group `{}`; it has {}",
                    entry.step,
                    entry.group,
                    known.join(", ")
                );
                return Err(flawed(&self.path, entry.line, &message));
            };
            let count = names.len();
            step.weights.resize(count, 1);
            step.weights[place] = entry.weight;
        }
        Ok(())
    }
}

fn flawed(path: &Path, line: usize, message: &str) -> Error {
    Error::Usage {
        message: format!("{}:{line}: {message}", path.display()),
        next: "mend that line, then type the same again".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample::graded_step;

    fn read(text: &str) -> Result<Weights> {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join("weights.toml");
        std::fs::write(&path, text).expect("it can be written");
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR")));
        Weights::read(&path, &course.expect("the course is there"))
    }

    fn given(text: &str) -> std::result::Result<Vec<u32>, String> {
        let mut step = graded_step("s03", 10);
        step.hidden = vec!["more".into()];
        let steps = std::slice::from_mut(&mut step);
        read(text)
            .and_then(|weights| weights.give(steps))
            .map_err(|e| e.to_string())?;
        Ok(step.weights)
    }

    #[test]
    fn what_is_not_named_counts_once() {
        let text = "[layer-norm]\n\"the values\" = 3\n[s07]\n\"whatever\" = 2\n";
        assert_eq!(given(text), Ok(vec![1, 3, 1]));
        assert_eq!(
            given("[3]\nmore = 5\n\"the values\" = 2\n"),
            Ok(vec![1, 2, 5])
        );
        assert_eq!(given(""), Ok(vec![]));
    }

    #[test]
    fn the_page_shows_a_file_that_is_sound() {
        let page = include_str!("../../docs/grades.md");
        let (_, chapter) = page.split_once("## Weights").expect("a chapter");
        let (_, rest) = chapter.split_once("```toml").expect("an example");
        let (example, _) = rest.split_once("```").expect("it ends");
        let weights = read(example).expect("it is sound");
        let check = include_str!("../../checks/s07_attention/check.rs");
        for entry in &weights.entries {
            assert!(
                check.contains(&format!("{:?}", entry.group)),
                "{}",
                entry.group
            );
        }
    }

    #[test]
    fn what_is_not_sound_is_told_with_its_line() {
        for (text, line, words) in [
            ("\n[s99]\nx = 1\n", 2, "s99"),
            (
                "[s03]\nx = 1\n",
                2,
                "no group `x`; it has `the parameters`, `the values`, `more`",
            ),
            ("[s03]\nmore = 0\n", 2, "from 1 to 1000"),
            ("[s03]\nmore = 1001\n", 2, "from 1 to 1000"),
            ("[s03]\nmore = 0.5\n", 2, "invalid type"),
            ("[s03]\nmore = 1\nmore = 2\n", 3, "duplicate key"),
        ] {
            let said = given(text).expect_err("it is not sound");
            assert!(
                said.contains(&format!("weights.toml:{line}: ")),
                "{text}: {said}"
            );
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
