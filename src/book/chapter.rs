//! The chapters: a lesson for each step, and what the course tells before and after them.

use maud::{Markup, PreEscaped, html};

use super::links::{self, Layout, Place};
use super::markdown::{self, Setting, Text};
use super::more;
use crate::course::{Course, Step, pages};
use crate::error::{Error, Result};
use crate::files;

/// A chapter of the book.
pub struct Chapter<'a> {
    /// Its page, and where its links start from.
    pub place: Place,
    /// As its first heading has it.
    pub title: String,
    /// The step that it belongs to.
    pub step: Option<&'a Step>,
    /// What it says.
    pub markdown: String,
}

/// All of them in order: texts in folders of their own that come before the steps by name, the steps'
/// lessons, and the other texts beside these.
pub fn all(course: &Course) -> Result<Vec<Chapter<'_>>> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for page in pages::all(course) {
        let markdown = files::read_text(&page.path).map_err(Error::io("read", &page.path))?;
        let chapters = if page.is_before(course) {
            &mut before
        } else {
            &mut after
        };
        chapters.push(Chapter {
            title: title(&markdown).unwrap_or_else(|| page.name.clone()),
            place: Place {
                folder: page.path.with_file_name(""),
                stem: page.name,
            },
            step: None,
            markdown,
        });
    }
    let lessons = course.steps().iter().map(|step| lesson(course, step));
    let lessons = lessons.collect::<Result<Vec<_>>>()?;
    Ok(before.into_iter().chain(lessons).chain(after).collect())
}

fn lesson<'a>(course: &'a Course, step: &'a Step) -> Result<Chapter<'a>> {
    let file = course.lesson_file(step);
    let markdown = match file.exists() {
        true => course.read("lesson", step, &file)?,
        false => format!(
            "# {} {}\n\nThis step has no lesson yet.\n",
            &step.id[1..],
            step.title
        ),
    };
    Ok(Chapter {
        place: Place {
            stem: step.name.clone(),
            folder: course.lesson_folder(step),
        },
        title: title(&markdown).unwrap_or_else(|| step.title.clone()),
        step: Some(step),
        markdown,
    })
}

/// The first heading.
fn title(markdown: &str) -> Option<String> {
    let heading = markdown.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(heading.replace('`', "").trim().to_owned())
}

/// Chapters that belong together, under the title of their part.
pub fn parts<'a>(
    course: &'a Course,
    chapters: &'a [Chapter<'a>],
) -> Vec<(Option<&'a str>, Vec<&'a Chapter<'a>>)> {
    let mut parts: Vec<(Option<&str>, Vec<&Chapter<'_>>)> = Vec::new();
    for chapter in chapters {
        let part = chapter.step.and_then(|step| course.part(step));
        let part = part.map(|part| part.title.as_str());
        match parts.last_mut() {
            Some((title, chapters)) if *title == part => chapters.push(chapter),
            _ => parts.push((part, vec![chapter])),
        }
    }
    parts
}

impl Chapter<'_> {
    /// Its text, set.
    pub fn set(&self, course: &Course, chapters: &[Chapter<'_>], layout: Layout) -> Text {
        let known: Vec<Place> = (chapters.iter())
            .map(|chapter| chapter.place.clone())
            .collect();
        let check = self.step.map(|step| (step, check_of(course, step)));
        // Words in bold that a check names something by lead to where it does.
        let named = |words: &str| {
            let (step, check) = check.as_ref()?;
            let quoted = format!("\"{words}\"");
            let line = check.lines().position(|line| line.contains(&quoted))?;
            Some(links::check(&step.name, Some(line + 1)))
        };
        let setting = Setting {
            course,
            known: &known,
            place: &self.place,
            layout,
            named: &named,
            check: self.step.map(|step| {
                let file = format!("checks/{}/check.rs", step.name);
                (links::check(&step.name, None), file)
            }),
        };
        let deeper = match layout {
            Layout::Pages => 0,
            Layout::Whole => 1,
        };
        markdown::text(&setting, &self.markdown, deeper)
    }

    /// Its page: the text, and what belongs to a step besides.
    pub fn page(&self, course: &Course, chapters: &[Chapter<'_>], text: &Text) -> Result<Markup> {
        let part = self.step.and_then(|step| course.part(step));
        let more = match self.step {
            Some(step) => more::of(course, step)?,
            None => html! {},
        };
        let position = chapters
            .iter()
            .position(|chapter| chapter.place == self.place);
        let position = position.unwrap_or(0);
        let beside = |at: Option<usize>| at.and_then(|at| chapters.get(at));
        let address = |chapter: &Chapter<'_>| Layout::Pages.chapter(&chapter.place.stem, None);
        Ok(html! {
            @if let Some(part) = part { p.part { (part.title) } }
            (PreEscaped(&text.html))
            (more)
            nav.beside aria-label="Before and after" {
                @if let Some(chapter) = beside(position.checked_sub(1)) {
                    a rel="prev" href=(address(chapter)) { "← " (chapter.title) }
                }
                @if let Some(chapter) = beside(Some(position + 1)) {
                    a.next rel="next" href=(address(chapter)) { (chapter.title) " →" }
                }
            }
        })
    }
}

/// What a step's check says; nothing if it cannot be read, which its own page tells.
fn check_of(course: &Course, step: &Step) -> String {
    files::read_text(&course.check_file(step)).unwrap_or_default()
}
