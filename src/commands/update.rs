//! `tutor update`

use std::fmt::Write;

use super::diff::hunks;
use crate::course::Course;
use crate::error::{Code, Result};
use crate::report::shown;
use crate::terminal::{self, style};
use crate::update::{self, News, StepFile, Updated};

/// Lines of context around a change of a skeleton.
const CONTEXT: usize = 2;

/// Brings the course up to date and says what is new.
pub fn update(course: &Course, from: Option<&str>) -> Result<Code> {
    let updated = update::update(course, from)?;
    terminal::print(&text(course, &updated))?;
    Ok(Code::Passed)
}

fn text(course: &Course, updated: &Updated) -> String {
    let Some((before, after, count)) = &updated.commits else {
        return "The course is up to date\n".into();
    };
    let commits = match count {
        1 => "1 commit".to_owned(),
        n => format!("{n} commits"),
    };
    let mut text = format!("The course is up to date: {commits} newer ({before} → {after})\n");
    for (name, news) in &updated.steps {
        step(&mut text, &title(course, name), id(name), news);
    }
    if !updated.copies.is_empty() {
        text.push_str(
            "\nBoth you and the course had changed these. The course's text counts, and yours is kept:\n",
        );
    }
    for (path, copy) in &updated.copies {
        let _ = writeln!(text, "  `{path}` as `{}`", shown(copy));
    }
    text.push_str(
        "\nWhat you wrote in your steps is as you left it.\n\
         Next: `tutor list` says which steps that passed ask for something else now\n",
    );
    if updated.tool {
        text.push_str(
            "`tutor` itself is newer, too: `cargo install --path .` installs it; with `cargo run` \
             there is\nnothing to do\n",
        );
    }
    text
}

fn step(text: &mut String, title: &str, id: &str, news: &News) {
    let what: Vec<&str> = [
        (news.skeleton.is_some(), "the task"),
        (news.check, "the check"),
        (news.lesson, "the lesson"),
    ]
    .into_iter()
    .filter_map(|(is_new, what)| is_new.then_some(what))
    .collect();
    let what = match what.as_slice() {
        _ if news.file == StepFile::New => "a new step".into(),
        [] => "the file changed".into(),
        [one] => format!("{one} changed"),
        [rest @ .., last] => format!("{} and {last} changed", rest.join(", ")),
    };
    let _ = writeln!(text, "\n  {}: {what}", style::heading(title));
    if news.file == StepFile::Renewed {
        text.push_str("  You had not begun it: your file is the new skeleton\n");
        return;
    }
    if let Some((old, new)) = &news.skeleton {
        let _ = writeln!(
            text,
            "  Your file is as you left it. This is new in its skeleton, which `tutor show skeleton\n  \
             {id}` prints:\n"
        );
        for line in hunks(old, new, CONTEXT).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
}

/// `s06 Position embeddings`, from the course as it is now.
fn title(course: &Course, name: &str) -> String {
    let now = Course::find(course.root());
    let steps = now.iter().flat_map(Course::steps);
    let mut named = steps.filter(|step| step.name == name);
    named.next().map_or(name.to_owned(), |step| {
        format!("{} {}", step.id, step.title)
    })
}

/// `s06`.
fn id(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
}
