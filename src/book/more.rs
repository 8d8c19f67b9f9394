//! What belongs to a step besides its lesson: experiments, hints, the solution, the check.

use std::path::Path;

use maud::{Markup, PreEscaped, html};

use super::File;
use super::frame::Frame;
use super::html::{code_block, escaped, folded};
use super::links;
use super::rust;
use crate::course::experiments;
use crate::course::hints::{self, Hint};
use crate::course::mistakes;
use crate::course::{Course, Step};
use crate::error::Result;
use crate::files;

/// All of it, folded away.
pub fn of(course: &Course, step: &Step) -> Result<Markup> {
    let experiments = experiments(course, step)?;
    let (general, occasional) = hints(course, step)?;
    let source = |what: &str, path: &Path| -> Result<String> {
        Ok(code_block(&rust::html(&course.read(what, step, path)?)))
    };
    let skeleton = source("skeleton", &course.skeleton_file(step))?;
    let solution = source("solution", &course.solution_file(step))?;
    Ok(html! {
        section.more {
            @if !experiments.is_empty() {
                h2 #more-experiments { "What the experiments print" }
                p { "On the reference. Predict first, then unfold." }
                (PreEscaped(experiments))
            }
            @if !general.is_empty() || !occasional.is_empty() {
                h2 #more-hints { "Hints" }
                @if !general.is_empty() {
                    p { "One after the other, each nearer to the answer than the one before." }
                    div.hints { (PreEscaped(general)) }
                }
                (PreEscaped(occasional))
            }
            h2 #more-code { "The code" }
            (PreEscaped(folded("", "What you begin with", &skeleton)))
            (PreEscaped(folded("", "The solution", &solution)))
            p {
                "What is looked at, line by line: "
                a href=(links::check(&step.name, None)) { "the check of this step" } "."
            }
        }
    })
}

/// Each experiment: its question, and behind it what it prints.
fn experiments(course: &Course, step: &Step) -> Result<String> {
    let mut html = String::new();
    for experiment in experiments::read(course, step)? {
        // What is not written down cannot be shown.
        let Ok(printed) = files::read_text(&experiment.path.with_extension("txt")) else {
            continue;
        };
        let name = format!(
            "<code>{}</code>: {}",
            experiment.name,
            inline(&experiment.title)
        );
        let ask = format!("<p>{}</p>\n", inline(&experiment.ask));
        let printed = folded("", "What it prints", &code_block(&escaped(&printed)));
        html += &folded("", &name, &(ask + &printed));
    }
    Ok(html)
}

/// The general hints, and those for an occasion.
fn hints(course: &Course, step: &Step) -> Result<(String, String)> {
    let known = hints::read(course, step)?;
    let mistakes = mistakes::read(course, step).unwrap_or_default();
    let (mut general, mut occasional) = (String::new(), String::new());
    for hint in known.sorted() {
        let text = format!("<p>{}</p>\n", inline(&hint.text));
        let what = hint.mistake.as_ref().and_then(|id| {
            let known = mistakes.iter().find(|mistake| mistake.id == *id)?;
            Some(known.what.as_str())
        });
        match occasion(hint, what) {
            None => {
                let number = general.matches("<details").count() + 1;
                general += &folded("hint", &format!("Hint {number}"), &text);
            }
            Some(occasion) => occasional += &folded("", &occasion, &text),
        }
    }
    Ok((general, occasional))
}

/// When a hint is one; nothing for those that always are.
fn occasion(hint: &Hint, what: Option<&str>) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(id) = &hint.mistake {
        parts.push(match what {
            Some(what) => format!("if your code {}", inline(what)),
            None => format!("for the known mistake <code>{}</code>", escaped(id)),
        });
    }
    if let Some(error) = &hint.error {
        parts.push(format!("if a message says <code>{}</code>", escaped(error)));
    }
    if let Some(kind) = &hint.on {
        parts.push(format!(
            "for the verdict “{}”",
            kind.as_str().replace('_', " ")
        ));
        if !hint.groups.is_empty() {
            parts.push(format!("in “{}”", escaped(&hint.groups.join("” or “"))));
        }
    }
    (!parts.is_empty()).then(|| format!("A hint {}", parts.join(" ")))
}

/// A line of Markdown as hints and questions have it: only code is set.
fn inline(text: &str) -> String {
    let mut html = String::new();
    for (i, part) in text.split('`').enumerate() {
        let part = escaped(part);
        html += &if i % 2 == 1 {
            format!("<code>{part}</code>")
        } else {
            part
        };
    }
    html
}

/// The page that shows the check of `step`, each line with a name.
pub fn check_page(course: &Course, step: &Step, frame: &Frame<'_>) -> Result<File> {
    let path = course.check_file(step);
    let text = course.read("check", step, &path)?;
    let set = rust::html(text.trim_end());
    let lines = (1..)
        .zip(set.lines())
        .map(|(number, line)| format!("<span id=\"L{number}\">{line}\n</span>"));
    let name = path.strip_prefix(course.root()).unwrap_or(&path);
    let lesson = links::Layout::Pages.chapter(&step.name, None);
    let body = html! {
        h1 { "The check of step " (&step.id[1..]) }
        p {
            "The program that observes " a href=(lesson) { (frame.title) } ", "
            code { (name.display()) } ". It makes inputs, calls the step and records what comes \
             back; the same program records what the reference returns, and the two are compared."
        }
        pre.lines tabindex="0" { code { (PreEscaped(lines.collect::<String>())) } }
    };
    let title = format!("The check of step {}", &step.id[1..]);
    let frame = Frame {
        title: &title,
        sections: &[],
        ..*frame
    };
    Ok(File {
        name: links::check(&step.name, None),
        content: frame.page(&body),
    })
}
