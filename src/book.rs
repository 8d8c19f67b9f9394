//! The book: all lessons of a course as pages that need neither a network nor any other tool.

mod chapter;
mod figures;
pub mod formula;
mod frame;
pub mod html;
mod links;
mod markdown;
pub mod mdbook;
mod more;
mod rust;
mod search;

use maud::html as markup;
use maud::{Markup, PreEscaped};

use crate::course::Course;
use crate::error::Result;
use crate::figure::svg;
use chapter::Chapter;
use links::Layout;

/// How all pages look; figures have their own rules.
const STYLE: &str = include_str!("book/style.css");

/// Searching, and the choice between light and dark.
const SCRIPT: &str = include_str!("book/script.js");

/// A file of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder of the book, with `/` between a folder and what is in it.
    pub name: String,
    /// What is in it.
    pub content: String,
}

/// The name of the first page.
pub const FIRST: &str = "index.html";

/// The name of the page that holds everything, to print it.
const WHOLE: &str = "whole.html";

/// A file that every book has and hardly anything else.
pub const SIGN: &str = "book.css";

/// All files of the book of `course`.
///
/// # Errors
///
/// If a text of the course cannot be read.
pub fn files(course: &Course) -> Result<Vec<File>> {
    let chapters = chapter::all(course)?;
    let mut files = vec![
        File {
            name: SIGN.to_owned(),
            content: format!("{}\n{STYLE}", svg::STYLE),
        },
        File {
            name: "book.js".to_owned(),
            content: SCRIPT.to_owned(),
        },
    ];
    let mut entries = Vec::new();
    for (i, chapter) in chapters.iter().enumerate() {
        let set = chapter.set(course, &chapters, Layout::Pages);
        entries.extend(search::entries(chapter, &set));
        let body = chapter.page(course, &chapters, &set)?;
        let frame = frame::Frame {
            course,
            chapters: &chapters,
            at: Some(i),
            title: &chapter.title,
            sections: &set.sections,
        };
        files.push(File {
            name: format!("{}.html", chapter.place.stem),
            content: frame.page(&body),
        });
        if let Some(step) = chapter.step {
            files.push(more::check_page(course, step, &frame)?);
        }
    }
    files.push(search::index(&entries));
    let frame = frame::Frame {
        course,
        chapters: &chapters,
        at: None,
        title: course.title(),
        sections: &[],
    };
    files.push(File {
        name: FIRST.to_owned(),
        content: frame.page(&contents(course, &chapters)),
    });
    files.push(File {
        name: WHOLE.to_owned(),
        content: frame.page(&whole(course, &chapters)),
    });
    Ok(files)
}

/// The first page: what the course is about, and what there is to learn.
fn contents(course: &Course, chapters: &[Chapter<'_>]) -> Markup {
    markup! {
        h1 { (course.title()) }
        @if !course.about().is_empty() { p.lead { (course.about()) "." } }
        p {
            "Each lesson belongs to a step that you write yourself and " code { "tutor" }
            " checks. Everything here works without a network; "
            a href=(WHOLE) { "all lessons on one page" } " are for printing."
        }
        (list(course, chapters, Layout::Pages))
    }
}

/// The chapters by parts, each with what one knows behind it.
fn list(course: &Course, chapters: &[Chapter<'_>], layout: Layout) -> Markup {
    markup! {
        @for (part, chapters) in chapter::parts(course, chapters) {
            @if let Some(part) = part { h2 { (part) } }
            ol.chapters {
                @for chapter in chapters {
                    li {
                        a href=(layout.chapter(&chapter.place.stem, None)) { (chapter.title) }
                        @if let Some(learnt) = chapter.step.and_then(|step| step.learnt.as_ref()) {
                            br; span.soft { (capitalised(learnt)) }
                        }
                    }
                }
            }
        }
    }
}

/// `sentence` with a capital letter at its beginning.
fn capitalised(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// All lessons, one after the other.
fn whole(course: &Course, chapters: &[Chapter<'_>]) -> Markup {
    markup! {
        h1 { (course.title()) }
        p.lead { "All lessons on one page, to be printed. Answers are open on paper." }
        (list(course, chapters, Layout::Whole))
        @for chapter in chapters {
            section.chapter { (PreEscaped(chapter.set(course, chapters, Layout::Whole).html)) }
        }
    }
}
