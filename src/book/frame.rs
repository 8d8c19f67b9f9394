//! What all pages have around them.

use maud::{DOCTYPE, Markup, html};

use super::chapter::{self, Chapter};
use super::links::Layout;
use super::markdown::Section;
use super::{FIRST, SIGN};
use crate::course::Course;

/// The surroundings of a page.
pub struct Frame<'a> {
    /// The course.
    pub course: &'a Course,
    /// All chapters.
    pub chapters: &'a [Chapter<'a>],
    /// The chapter that the page belongs to.
    pub at: Option<usize>,
    /// The page's title.
    pub title: &'a str,
    /// Its headings.
    pub sections: &'a [Section],
}

impl Frame<'_> {
    /// The page around `body`.
    pub fn page(&self, body: &Markup) -> String {
        let title = self.course.title();
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title {
                        @if self.title == title { (title) } @else { (self.title) " · " (title) }
                    }
                    link rel="stylesheet" href=(SIGN);
                    script src="book.js" {}
                }
                body {
                    a.skip href="#text" { "To the text" }
                    header.top {
                        a.title href=(FIRST) { (title) }
                        a.contents href="#contents" { "Contents" }
                        form.search role="search" hidden {
                            label for="query" { "Search" }
                            input #query type="search" autocomplete="off" spellcheck="false";
                        }
                        button #theme type="button" hidden { "Dark" }
                    }
                    main #text tabindex="-1" {
                        section #found aria-label="Found" aria-live="polite" hidden {}
                        (body)
                    }
                    (self.contents())
                }
            }
        }
        .into_string()
    }

    fn contents(&self) -> Markup {
        html! {
            nav #contents aria-label="Contents" {
                @for (part, chapters) in chapter::parts(self.course, self.chapters) {
                    @if let Some(part) = part { p.part { (part) } }
                    ul {
                        @for chapter in chapters {
                            @let at = self.at.and_then(|at| self.chapters.get(at));
                            @let is_here = at.is_some_and(|here| here.place == chapter.place);
                            @let address = Layout::Pages.chapter(&chapter.place.stem, None);
                            li {
                                a href=(address) aria-current=[is_here.then_some("page")] {
                                    (chapter.title)
                                }
                                @if is_here && !self.sections.is_empty() { (self.headings()) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The headings of the chapter at hand.
    fn headings(&self) -> Markup {
        html! {
            ul.headings {
                @for section in self.sections.iter().filter(|section| section.level == 2) {
                    li { a href=(format!("#{}", section.anchor)) { (section.title) } }
                }
            }
        }
    }
}
