//! `tutor list` and `tutor next`

use serde_json::{Value, json};

use super::finished;
use crate::cli::Format;
use crate::course::verdict_kind::VerdictKind;
use crate::course::{Course, Step, pages};
use crate::error::{Code, Result};
use crate::progress::{Progress, StepProgress};
use crate::report::{shown, step_heading};
use crate::terminal::{self, style};

/// Columns of the bar.
const BAR: usize = 24;

/// All steps and how far the learner is.
pub fn list(course: &Course, format: Format) -> Result<Code> {
    let progress = progress(course)?;
    match format {
        Format::Human => terminal::print(&table(course, &progress))?,
        Format::Json => {
            terminal::print_data(&format!("{:#}\n", list_json(course, &progress)))?;
        }
    }
    Ok(Code::Passed)
}

fn table(course: &Course, progress: &Progress) -> String {
    let now = progress.next(course);
    let mut text = format!("{}\n\n", style::heading(course.title()));
    let mut part = None;
    for step in course.steps() {
        let next = course.part(step);
        if next != part && course.parts().len() > 1 {
            let gap = if part.is_none() { "" } else { "\n" };
            let title = next.map_or("", |next| next.title.as_str());
            text.push_str(&format!("{gap}  {}\n", style::dim(title)));
        }
        part = next;
        let known = progress.of(step).cloned().unwrap_or_default();
        let is_edited = progress.is_edited(course, step);
        let mark = known.last.kind().unwrap_or(VerdictKind::NotStarted).mark();
        let mark = match known.last.kind() {
            None => style::dim(mark),
            Some(VerdictKind::Passed) if !is_edited => style::right(mark),
            Some(VerdictKind::Passed | VerdictKind::NotStarted) => style::attention(mark),
            Some(_) => style::wrong(mark),
        };
        let arrow = if now == Some(step) { "  ← now" } else { "" };
        let line = format!(
            "  {mark} {}  {:<24} {:<18} {}{}",
            step.id,
            step.title,
            known.last.words(),
            style::dim(effort(&known, is_edited)),
            style::next(arrow)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let all = course.steps().len();
    let passed = course
        .steps()
        .iter()
        .filter(|s| progress.has_passed(s))
        .count();
    let full = "█".repeat(passed * BAR / all);
    let empty = "░".repeat(BAR - passed * BAR / all);
    text.push_str(&format!(
        "\n  {}{empty}  {passed} of {all} steps pass\n",
        style::right(full)
    ));
    text.push_str(&beginning(course, progress, "  "));
    text.push_str(&edited(course, progress, "  "));
    text.push_str(&outdated(course, progress));
    if now.is_none() {
        text.push_str(&format!("\n{}", finished::words(course)));
    }
    text
}

/// Runs, hints, time, whether the solution was looked at, and whether the verdict is on another
/// text.
fn effort(known: &StepProgress, is_edited: bool) -> String {
    let mut parts = Vec::new();
    if is_edited {
        parts.push("edited since".to_owned());
    }
    match known.attempts {
        0 => {}
        1 => parts.push("1 run".to_owned()),
        n => parts.push(format!("{n} runs")),
    }
    match known.hints_shown {
        0 => {}
        1 => parts.push("1 hint".into()),
        n => parts.push(format!("{n} hints")),
    }
    if known.solution_seen {
        parts.push("solution seen".into());
    }
    if known.seconds >= 60 {
        parts.push(format!("{} min", known.seconds / 60));
    }
    parts.join(", ")
}

/// What there is to read before the first step, as long as no step has passed.
fn beginning(course: &Course, progress: &Progress, indent: &str) -> String {
    if course.steps().iter().any(|step| progress.has_passed(step)) {
        return String::new();
    }
    let lessons = pages::before(course).into_iter().map(|page| {
        let id = page.id();
        let id = id.strip_prefix('s').unwrap_or(id);
        format!("\n{indent}Before the first step: `tutor show lesson {id}`\n")
    });
    lessons.collect()
}

/// Steps whose pass is one of another text than their file has now.
fn edited(course: &Course, progress: &Progress, indent: &str) -> String {
    let ids: Vec<&str> = course
        .steps()
        .iter()
        .filter(|step| progress.has_passed(step) && progress.is_edited(course, step))
        .map(|step| step.id.as_str())
        .collect();
    let again = match ids.as_slice() {
        [] => return String::new(),
        [id] => format!("`tutor run {id}` says whether it still passes"),
        _ => "`tutor run all` says whether they still pass".into(),
    };
    format!(
        "\n{indent}Edited since the pass: {}. {again}.\n",
        ids.join(", ")
    )
}

/// What a newer course asks of steps that passed before.
fn outdated(course: &Course, progress: &Progress) -> String {
    let ids: Vec<&str> = course
        .steps()
        .iter()
        .filter(|step| progress.is_outdated(course, step))
        .map(|step| step.id.as_str())
        .collect();
    if ids.is_empty() {
        return String::new();
    }
    format!(
        "\n  Changed since you passed: {}. Your files are as you left them; `tutor run all` says \
         whether they still pass.\n",
        ids.join(", ")
    )
}

fn list_json(course: &Course, progress: &Progress) -> Value {
    let entry = |step: &Step| {
        let known = progress.of(step).cloned().unwrap_or_default();
        json!({
            "step": step.id,
            "name": step.name,
            "title": step.title,
            "part": course.part(step).map(|part| &part.title),
            "points": step.points,
            "passed": progress.has_passed(step),
            "changed_since_passed": progress.is_outdated(course, step),
            "edited_since_verdict": progress.is_edited(course, step),
            "last": Some(known.last).filter(|last| !last.as_str().is_empty()),
            "attempts": known.attempts,
            "first_passed": known.first_passed,
            "hints": known.hints_shown,
            "solution_seen": known.solution_seen,
            "seconds": known.seconds,
        })
    };
    json!({
        "version": 1,
        "title": course.title(),
        "next": progress.next(course).map(|step| &step.id),
        "steps": course.steps().iter().map(entry).collect::<Vec<_>>(),
    })
}

/// The step to do now.
pub fn next(course: &Course) -> Result<Code> {
    let progress = progress(course)?;
    let text = match progress.next(course) {
        Some(step) if progress.has_passed(step) => format!(
            "{}\n\nIt passed, but you have edited {} since.\nJudge it again: `tutor run {}`\n",
            step_heading(step),
            shown(&course.step_file(step)),
            step.id
        ),
        Some(step) => {
            format!(
                "{}\n{}\nRead it: `tutor show lesson {}`\nEdit {}, then `tutor run {}`\n",
                step_heading(step),
                beginning(course, &progress, ""),
                step.id,
                shown(&course.step_file(step)),
                step.id
            ) + &edited(course, &progress, "")
        }
        None => finished::words(course),
    };
    terminal::print(&text)?;
    Ok(Code::Passed)
}

fn progress(course: &Course) -> Result<Progress> {
    let (progress, said) = Progress::read(course)?;
    if let Some(sentence) = said {
        terminal::note(&sentence);
    }
    Ok(progress)
}
