//! `tutor show lesson 00` and `tutor show glossary`: what belongs to no step.

use super::rendered;
use crate::course::glossary;
use crate::course::pages::Page;
use crate::course::{Course, pages};
use crate::error::{Code, Error, Result};
use crate::files;
use crate::terminal;

/// Prints a text that belongs to no step, as lessons are.
pub fn page(page: &Page) -> Result<Code> {
    let text = files::read_text(&page.path).map_err(Error::io("read", &page.path))?;
    if !terminal::shows_styles() {
        terminal::print(&text)?;
        return Ok(Code::Passed);
    }
    terminal::page(&rendered(&text))?;
    Ok(Code::Passed)
}

/// Prints what `word` means; the whole glossary if it is empty.
pub fn glossary(course: &Course, word: &str) -> Result<Code> {
    let Some(found) = glossary::page(course) else {
        terminal::print("This course has no glossary.\n")?;
        return Ok(Code::Passed);
    };
    if word.is_empty() {
        return page(&found);
    }
    let text = glossary::text(&found)?;
    let terms = glossary::terms(&text);
    let Some(term) = terms.iter().find(|term| term.is(word)) else {
        return Err(Error::Usage {
            message: format!("the glossary has no `{word}`"),
            next: match nearest(&terms, word) {
                Some(meant) => format!("`tutor show glossary {meant}` is there"),
                None => "`tutor show glossary` has all words".into(),
            },
        });
    };
    let mut text = rendered(&term.text);
    if let Some(lesson) = &term.lesson {
        let step = course.steps().iter().find(|step| step.name == *lesson);
        let page = pages::find(course, lesson);
        let id = (step.map(|step| step.id.as_str())).or(page.as_ref().map(Page::id));
        if let Some(id) = id {
            text.push_str(&format!("\nNext: `tutor show lesson {id}`\n"));
        }
    }
    terminal::print(&text)?;
    Ok(Code::Passed)
}

/// The word that is most like `typed`, if any is like it at all.
fn nearest<'a>(terms: &'a [glossary::Term], typed: &str) -> Option<&'a str> {
    let likeness = |form: &str| strsim::normalized_damerau_levenshtein(typed, form);
    let forms = terms.iter().flat_map(|term| &term.forms);
    forms
        .map(|form| (likeness(form), form.as_str()))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, form)| form)
}
