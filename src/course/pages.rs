//! What a course tells beside the lessons of its steps: texts in folders of their own below
//! `lessons/`, such as a map in `lessons/s00_map/lesson.md`, and texts in no folder, such as
//! `lessons/glossary.md`.

use std::fs;
use std::path::PathBuf;

use crate::course::Course;

/// A text that belongs to no step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// `s00_map`, or `glossary`.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
}

impl Page {
    /// The program that recomputes its numbers, if it has any.
    #[must_use]
    pub fn numbers_file(&self) -> PathBuf {
        self.path.with_file_name("numbers.rs")
    }

    /// Whether it is a lesson that belongs to no step, with a folder of its own.
    #[must_use]
    pub fn is_lesson(&self) -> bool {
        self.path.ends_with("lesson.md")
    }

    /// Whether it is a lesson that comes before the first step.
    #[must_use]
    pub fn is_before(&self, course: &Course) -> bool {
        let first = course.steps().first().map_or("", |step| &step.name[..]);
        self.is_lesson() && self.name.as_str() < first
    }

    /// The shortest name that `tutor show lesson` knows it by.
    #[must_use]
    pub fn id(&self) -> &str {
        self.name.split_once('_').map_or(&self.name, |(id, _)| id)
    }

    /// Whether `typed` means it: `s00_map`, `s00`, `00`, `0` or `map`.
    fn is_called(&self, typed: &str) -> bool {
        let (id, topic) = self.name.split_once('_').unwrap_or((&self.name, ""));
        let number = |id: &str| id.strip_prefix('s').unwrap_or(id).parse::<u32>().ok();
        typed == self.name
            || typed == id
            || !topic.is_empty() && typed == topic
            || number(typed).is_some_and(|typed| number(id) == Some(typed))
    }
}

/// All of them, by name.
#[must_use]
pub fn all(course: &Course) -> Vec<Page> {
    let folder = course.lessons_folder();
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut found: Vec<Page> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| {
            let (name, path) = match name.strip_suffix(".md") {
                Some(stem) => (stem.to_owned(), folder.join(&name)),
                None => (name.clone(), folder.join(&name).join("lesson.md")),
            };
            let is_step = course.steps().iter().any(|step| step.name == name);
            (!is_step && path.is_file()).then_some(Page { name, path })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The lessons that come before the first step, in order.
#[must_use]
pub fn before(course: &Course) -> Vec<Page> {
    let mut pages = all(course);
    pages.retain(|page| page.is_before(course));
    pages
}

/// The one that `typed` means, if any does.
#[must_use]
pub fn find(course: &Course, typed: &str) -> Option<Page> {
    all(course).into_iter().find(|page| page.is_called(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_several_names() {
        let page = Page {
            name: "s00_map".into(),
            path: PathBuf::new(),
        };
        for typed in ["s00_map", "s00", "00", "0", "map"] {
            assert!(page.is_called(typed), "{typed}");
        }
        for typed in ["", "s01", "1", "ma", "s00_"] {
            assert!(!page.is_called(typed), "{typed}");
        }
    }
}
