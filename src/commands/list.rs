//! `tutor list` and `tutor next`

use colored::Colorize;

use crate::course::Course;
use crate::error::{Code, Result};
use crate::progress::Progress;
use crate::report::shown;
use crate::terminal;

/// All steps and how far the learner is.
pub fn list(course: &Course) -> Result<Code> {
    let progress = progress(course)?;
    let next = progress.next(course);
    let mut text = format!("{}\n\n", course.title().bold());
    for step in course.steps() {
        let known = progress.of(step);
        let (mark, state) = match known {
            _ if progress.has_passed(step) => ("✓".green(), "passed".into()),
            Some(known) if known.last == "not_started" => ("·".yellow(), "not started".into()),
            Some(known) => ("✗".red(), known.last.replace('_', " ")),
            None => ("·".dimmed(), String::new()),
        };
        let attempts = match known.map_or(0, |known| known.attempts) {
            0 => String::new(),
            1 => "1 run".into(),
            n => format!("{n} runs"),
        };
        let arrow = if next == Some(step) { "  ← now" } else { "" };
        let line = format!(
            "  {mark} {}  {:<24} {state:<18} {attempts:>8}{}",
            step.id,
            step.title,
            arrow.cyan()
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let passed = course
        .steps()
        .iter()
        .filter(|s| progress.has_passed(s))
        .count();
    text.push_str(&format!(
        "\n{passed} of {} steps pass\n",
        course.steps().len()
    ));
    terminal::print(&text)?;
    Ok(Code::Passed)
}

/// The step to do now.
pub fn next(course: &Course) -> Result<Code> {
    let progress = progress(course)?;
    let text = match progress.next(course) {
        Some(step) => format!(
            "{} {}\n\nEdit {}, then `tutor run {}`\n",
            step.id.bold(),
            step.title.bold(),
            shown(&course.step_file(step)),
            step.id
        ),
        None => "All steps pass. Try `tutor run all --mine`: the whole model on your own steps.\n"
            .into(),
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
