//! What is said after a pass that ends something: the course, or the way through it in order.

use super::rendered;
use crate::course::{Course, Step, exercises, experiments};
use crate::progress::Progress;
use crate::report::text::AfterPass;
use crate::terminal::{self, style};

/// What whoever passes every step is told: what was written, and what comes next.
pub fn words(course: &Course) -> String {
    let Some(text) = course.finished() else {
        return "All steps pass. `tutor run all --mine` checks them on each other.\n".into();
    };
    if !terminal::shows_styles() {
        // Without colours, only the marks tell a command from the words around it.
        return format!("{}\n", text.trim());
    }
    rendered(text)
}

/// What is said after a pass of `step`, besides the verdict.
pub fn after(course: &Course, step: &Step, is_watched: bool) -> AfterPass {
    AfterPass {
        more: more(course, step),
        last: closing(course, step, is_watched),
    }
}

/// What else there is about a step that passes. A folder that cannot be read offers nothing.
fn more(course: &Course, step: &Step) -> Vec<String> {
    let id = &step.id;
    let mut lines = Vec::new();
    if let Some(first) = experiments::names(course, step).unwrap_or_default().first() {
        lines.push(format!(
            "`tutor try {id} {first}`: an experiment on your own code"
        ));
    }
    if has_open_exercises(course, step) {
        lines.push(format!(
            "`tutor answer {}`: exercises to answer",
            step.number()
        ));
    }
    if course.variants_folder(step).is_dir() {
        lines.push(format!(
            "`tutor show variants {id}`: other right ways to write it"
        ));
    }
    if !lines.is_empty() {
        lines.push(format!(
            "`tutor clippy {id}`: what clippy advises on your file"
        ));
    }
    lines
}

/// Whether the lesson has exercises that were not answered rightly yet.
fn has_open_exercises(course: &Course, step: &Step) -> bool {
    let progress = Progress::read(course).map(|(progress, _)| progress);
    let known = progress
        .ok()
        .and_then(|progress| progress.of(step).cloned());
    let known = known.unwrap_or_default();
    let exercises = exercises::read(course, step).unwrap_or_default();
    (exercises.iter()).any(|exercise| !known.answered(exercise.number).right)
}

/// What is said after a pass of `step` in place of the next command, if that one would not do;
/// `is_watched` if the learner sees it while watching.
fn closing(course: &Course, step: &Step, is_watched: bool) -> Option<String> {
    let (progress, _) = Progress::read(course).ok()?;
    let is_last = course.steps().last() == Some(step);
    let text = match progress.next(course) {
        None if is_last => return Some(words(course).trim_end().to_owned()),
        None if is_watched => "All steps pass: on the last one, Enter says what comes next".into(),
        None => "All steps pass: `tutor next` says what comes next".to_owned(),
        // Enter goes on in order, and from the last step back to what is still open.
        Some(open) if is_last && is_watched => {
            let why = match progress.has_passed(open) {
                true => "was edited since it passed",
                false => "does not pass yet",
            };
            format!("Enter goes back to {}, which {why}", open.id)
        }
        Some(_) => return None,
    };
    Some(style::next(text).to_string())
}
