//! The course's words: `lessons/glossary.md`.
//!
//! Each is a paragraph that begins with the word in bold, or with several forms of it, and whose
//! first link leads to the lesson that introduces it.

use crate::course::Course;
use crate::course::pages::{self, Page};
use crate::error::{Error, Result};
use crate::files;

/// A word and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word, and other forms of it.
    pub forms: Vec<String>,
    /// The whole paragraph, Markdown.
    pub text: String,
    /// The folder of the lesson that introduces it, as in `s03_layer_norm`.
    pub lesson: Option<String>,
    /// Its line, counted from 1.
    pub line: usize,
}

impl Term {
    /// Whether `typed` is one of its forms, or the plural of one.
    #[must_use]
    pub fn is(&self, typed: &str) -> bool {
        let typed = typed.to_lowercase();
        self.forms.iter().any(|form| {
            let form = form.to_lowercase();
            typed == form || typed.strip_suffix('s') == Some(&form)
        })
    }
}

/// The glossary's file, if the course has one.
#[must_use]
pub fn page(course: &Course) -> Option<Page> {
    pages::find(course, "glossary")
}

/// The glossary as it is written down.
///
/// # Errors
///
/// If it cannot be read.
pub fn text(page: &Page) -> Result<String> {
    files::read_text(&page.path).map_err(Error::io("read", &page.path))
}

/// The words of a glossary, in its order.
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::new();
    let mut line = 1;
    for paragraph in text.split("\n\n") {
        let skipped = paragraph.len() - paragraph.trim_start_matches('\n').len();
        let first = line + skipped;
        line += paragraph.matches('\n').count() + 2;
        let paragraph = paragraph.trim();
        let forms = forms(paragraph);
        if !forms.is_empty() {
            found.push(Term {
                forms,
                text: paragraph.to_owned(),
                lesson: first_link(paragraph),
                line: first,
            });
        }
    }
    found
}

/// The words in bold that a paragraph begins with.
fn forms(paragraph: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = paragraph;
    while let Some((form, after)) = rest
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
    {
        found.push(form.replace('\n', " "));
        rest = after.trim_start_matches(',').trim_start();
    }
    found
}

/// The folder that the first link of a paragraph leads to.
fn first_link(paragraph: &str) -> Option<String> {
    let (_, rest) = paragraph.split_once("](")?;
    let (target, _) = rest.split_once(')')?;
    let (folder, _) = target.split_once('/')?;
    Some(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_in_bold_is_a_term() {
        let text = "# Glossary\n\nWords.\n\n**layer norm**, **norm** ([03](s03_norm/lesson.md)):\nit \
                    scales.\n\n**loss**: no link\n";
        let terms = terms(text);
        assert_eq!(terms.len(), 2, "{terms:?}");
        assert_eq!(terms[0].forms, ["layer norm", "norm"]);
        assert_eq!(terms[0].lesson.as_deref(), Some("s03_norm"));
        assert_eq!((terms[0].line, terms[1].line), (5, 8));
        assert_eq!(terms[1].lesson, None);
        assert!(terms[0].is("Norms") && terms[0].is("norm") && !terms[0].is("nor"));
    }
}
