//! The texts that belong to no step: their links, their Rust, and their numbers.

use super::{fragments, links, numbers};
use crate::authoring::check::Case;
use crate::authoring::flaw::Flaws;
use crate::course::pages;
use crate::error::Result;
use crate::files;

/// Their programs are compiled with `case`'s step.
pub(super) fn flaws(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<()> {
    let course = case.pipeline.course();
    let rules = course.lesson_rules();
    for page in pages::all(course) {
        let text = match files::read_text(&page.path) {
            Ok(text) => text,
            Err(error) => {
                flaws.add(&page.path, None, format!("cannot be read: {error}"));
                continue;
            }
        };
        links::flaws(course.root(), &text, &page.path, flaws);
        if page.is_lesson()
            && let Some(rules) = rules
        {
            fragments::flaws(case, &text, rules, &page.path, flaws)?;
        }
        numbers::flaws(
            case,
            (&text, &[]),
            (&page.path, &page.numbers_file()),
            flaws,
        )?;
    }
    Ok(())
}
