//! The words of the glossary in the order of the lessons: none is used before it is introduced.

use std::path::Path;

use crate::authoring::flaw::Flaws;
use crate::course::glossary::{self, Term};
use crate::course::{Course, pages};
use crate::error::Result;
use crate::files;

/// A lesson in the order in which they are read.
struct Lesson {
    /// The folder, as in `s03_layer_norm`.
    name: String,
    /// Its paragraphs, with the lines that they begin at; without code and without headings.
    paragraphs: Vec<(usize, String)>,
}

/// Tells which words are used before the lesson that the glossary names, or not even there.
pub(super) fn flaws(course: &Course, flaws: &mut Flaws<'_>) -> Result<()> {
    let Some(page) = glossary::page(course) else {
        return Ok(());
    };
    let lessons = lessons(course);
    for term in glossary::terms(&glossary::text(&page)?) {
        for (file, line, what) in misplaced(&term, &lessons) {
            match file {
                None => flaws.add(&page.path, Some(term.line), what),
                Some(name) => {
                    let file = course.lessons_folder().join(name).join("lesson.md");
                    flaws.add(&file, Some(line), what);
                }
            }
        }
    }
    Ok(())
}

/// What is wrong with a word: in which lesson, or in the glossary, on which line, and what.
fn misplaced(term: &Term, lessons: &[Lesson]) -> Vec<(Option<String>, usize, String)> {
    let word = &term.forms[0];
    let home = term.lesson.as_deref().unwrap_or_default();
    let Some(at) = lessons.iter().position(|lesson| lesson.name == home) else {
        let what = format!("`{word}` has no link to the lesson that introduces it");
        return vec![(None, 0, what)];
    };
    let number = home
        .get(1..)
        .and_then(|rest| rest.split('_').next())
        .unwrap_or_default();
    // What is said to come later has not to be known yet.
    let promised = [format!("step {number}"), format!("lesson {number}")];
    let mut found = Vec::new();
    for lesson in &lessons[..at] {
        let early = lesson.paragraphs.iter().find(|(_, text)| {
            term.forms.iter().any(|form| uses(text, form))
                && !promised
                    .iter()
                    .any(|words| text.to_lowercase().contains(words))
        });
        if let Some((line, _)) = early {
            let what = format!("uses `{word}`, which {home} introduces");
            found.push((Some(lesson.name.clone()), *line, what));
        }
    }
    let is_there = (lessons[at].paragraphs.iter())
        .any(|(_, text)| term.forms.iter().any(|form| uses(text, form)));
    if !is_there {
        let what = format!("`{word}` is not in {home}");
        found.push((None, 0, what));
    }
    found
}

/// Whether `text` has `word` in it, or its plural, in whatever case.
fn uses(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    text.match_indices(&word).any(|(at, _)| {
        let rest = &text[at + word.len()..];
        let after = ["es", "s", ""].map(|plural| rest.strip_prefix(plural));
        !text[..at].ends_with(is_part)
            && (after.into_iter().flatten()).any(|rest| !rest.starts_with(is_part))
    })
}

/// The texts before the steps by name, then the steps' lessons.
fn lessons(course: &Course) -> Vec<Lesson> {
    let before = pages::before(course).into_iter();
    let steps = course.steps().iter();
    before
        .map(|page| (page.name, page.path))
        .chain(steps.map(|step| (step.name.clone(), course.lesson_file(step))))
        .map(|(name, path)| Lesson {
            name,
            paragraphs: paragraphs(&path),
        })
        .collect()
}

fn paragraphs(path: &Path) -> Vec<(usize, String)> {
    let text = files::read_text(path).unwrap_or_default();
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut is_code, mut goes_on) = (false, false);
    for (line, text) in (1..).zip(text.lines()) {
        let is_fence = text.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence || text.trim().is_empty() || text.starts_with('#') {
            goes_on = false;
            continue;
        }
        match found.last_mut() {
            Some((_, paragraph)) if goes_on => {
                paragraph.push(' ');
                paragraph.push_str(text.trim());
            }
            _ => found.push((line, text.trim().to_owned())),
        }
        goes_on = true;
    }
    for (_, paragraph) in &mut found {
        *paragraph = without_targets(&without_code(paragraph));
    }
    found
}

/// Without what stands between backticks: names are not words.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Without where links lead: a file's name is no word either.
fn without_targets(text: &str) -> String {
    let mut parts = text.split("](");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(')').unwrap_or(("", part));
        whole.push(']');
        whole.push_str(rest);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(name: &str, text: &str) -> Lesson {
        Lesson {
            name: name.into(),
            paragraphs: vec![(3, text.into())],
        }
    }

    #[test]
    fn a_word_is_used_from_its_lesson_on() {
        let term =
            &glossary::terms("**norm**, **layer norm** ([02](s02_b/lesson.md)): it scales")[0];
        let home = || lesson("s02_b", "A *norm* scales.");
        let flaws = |text| misplaced(term, &[lesson("s01_a", text), home()]);
        for text in ["The Norms scale.", "a layer norm", "(norm)"] {
            let found = flaws(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].0.as_deref(), Some("s01_a"));
            assert_eq!(found[0].1, 3);
        }
        for text in ["normal", "pre-norm", "a norm, which step 02 explains"] {
            assert!(flaws(text).is_empty(), "{text}");
        }
        assert_eq!(misplaced(term, &[lesson("s02_b", "Nothing.")]).len(), 1);
        assert_eq!(misplaced(term, &[lesson("s01_a", "Nothing.")]).len(), 1);
        assert_eq!(without_targets("a [b](c/d.md), e"), "a [b], e");
        assert_eq!(without_code("a `norm` and b"), "a   and b");
    }

    #[test]
    fn no_lesson_uses_a_word_before_it_is_introduced() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("it is there");
        let mut found = Flaws::of(&course, course.last_step());
        flaws(&course, &mut found).expect("it is read");
        let found = found.found();
        assert!(found.is_empty(), "{found:#?}");
        let page = glossary::page(&course).expect("there is one");
        let text = glossary::text(&page).expect("it is read");
        assert!(glossary::terms(&text).len() > 50);
    }
}
