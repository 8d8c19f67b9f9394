//! Which other steps a source uses.

use std::collections::BTreeSet;

use super::{Course, Step};
use crate::tokens::Tokens;

impl Course {
    /// Where `step` stands in the course, counted from 0.
    #[must_use]
    pub fn position(&self, step: &Step) -> usize {
        let position = self.steps.iter().position(|other| other.id == step.id);
        position.unwrap_or(self.steps.len())
    }

    /// The steps before `step`, in order.
    #[must_use]
    pub fn before(&self, step: &Step) -> &[Step] {
        &self.steps[..self.position(step)]
    }

    /// The earlier steps that `text`, a source of `step`, uses, as positions in the course: those
    /// that the course says it needs, and those that the source names.
    #[must_use]
    pub fn uses(&self, step: &Step, text: &str) -> BTreeSet<usize> {
        let mut uses: BTreeSet<usize> = step.needs.iter().copied().collect();
        uses.extend(
            (self.before(step).iter().enumerate())
                .filter(|(position, _)| !step.needs.contains(position))
                .filter(|(_, earlier)| names(text, &earlier.name))
                .map(|(position, _)| position),
        );
        uses
    }

    /// The steps that `text` names, which is a source of none of them, as positions in the course.
    #[must_use]
    pub fn named(&self, text: &str) -> BTreeSet<usize> {
        (self.steps.iter().enumerate())
            .filter(|(_, step)| names(text, &step.name))
            .map(|(position, _)| position)
            .collect()
    }

    /// The first step after `step` that `text` names.
    #[must_use]
    pub fn named_too_early(&self, step: &Step, text: &str) -> Option<&Step> {
        let later = self.steps.get(self.position(step) + 1..)?;
        later.iter().find(|later| names(text, &later.name))
    }
}

/// Whether the source `text` has the word `word` in its code; comments and strings are not code.
fn names(text: &str, word: &str) -> bool {
    // Nearly every answer is found without reading the source as Rust.
    text.contains(word) && Tokens::read(text).is_none_or(|tokens| tokens.has_word(word))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn course() -> Course {
        let row = |id: &str, needs: &str| {
            format!(
                "[[part.step]]\nid = '{id}'\nfile = '{id}_x'\ntitle = 'T'\npoints = 1\nneeds = [{needs}]\n"
            )
        };
        let rows = row("s01", "") + &row("s02", "'s01'") + &row("s03", "") + &row("s04", "'s02'");
        Course::parse(
            Path::new("/c"),
            &format!("title = 'T'\n[[part]]\ntitle = 'P'\n{rows}"),
        )
        .expect("it is sound")
    }

    fn uses(position: usize, text: &str) -> Vec<usize> {
        let course = course();
        let step = &course.steps()[position];
        course.uses(step, text).into_iter().collect()
    }

    #[test]
    fn a_source_uses_what_it_needs_and_what_it_names() {
        assert_eq!(uses(3, ""), [0, 1]);
        assert_eq!(uses(3, "use crate::s03_x::A;"), [0, 1, 2]);
        assert_eq!(uses(2, "use crate::{s01_x::A, s02_x as b};"), [0, 1]);
    }

    #[test]
    fn comments_strings_and_parts_of_words_name_nothing() {
        let text = "// s01_x\n/// s01_x\nfn f() { let _ = \"s01_x\"; let s01_xy = 0; }";
        assert!(uses(2, text).is_empty());
    }

    #[test]
    fn a_source_that_is_no_rust_names_what_stands_in_it() {
        assert_eq!(uses(2, "fn f( { s01_x"), [0]);
    }

    #[test]
    fn a_program_uses_whatever_it_names() {
        let named = course().named("use crate::{s04_x::A, s01_x}; // s02_x");
        assert_eq!(named.into_iter().collect::<Vec<_>>(), [0, 3]);
    }

    #[test]
    fn neither_itself_nor_a_later_step_is_used() {
        assert!(uses(0, "use crate::{s01_x, s02_x, s04_x};").is_empty());
        let course = course();
        let later = course.named_too_early(&course.steps()[0], "use crate::s04_x;");
        assert_eq!(later.map(|step| step.id.as_str()), Some("s04"));
        let itself = course.named_too_early(&course.steps()[3], "use crate::s04_x;");
        assert_eq!(itself, None);
    }
}
