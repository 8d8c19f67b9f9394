//! What belongs to a step besides its lesson: experiments, hints, the solution, the check.

use maud::{Markup, PreEscaped, html};

use super::File;
use super::frame::Frame;
use super::html::{code_block, escaped, folded};
use super::links;
use super::rust;
use crate::course::experiments::{self, Experiment};
use crate::course::hints::{self, Hint};
use crate::course::mistakes;
use crate::course::{Course, Step};
use crate::error::Result;
use crate::files;

/// What belongs to a step besides its lesson, as the course has it.
pub struct More {
    /// Each experiment with what it prints on the reference.
    pub experiments: Vec<(Experiment, String)>,
    /// Hints for everybody, each nearer to the answer than the one before.
    pub general: Vec<String>,
    /// Hints for an occasion, which stands before each, set already.
    pub occasional: Vec<(String, String)>,
    /// What one begins with.
    pub skeleton: String,
    /// The solution.
    pub solution: String,
}

impl More {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn of(course: &Course, step: &Step) -> Result<Self> {
        let known = hints::read(course, step)?;
        let mistakes = mistakes::read(course, step).unwrap_or_default();
        let (mut general, mut occasional) = (Vec::new(), Vec::new());
        for hint in known.sorted() {
            let what = hint.mistake.as_ref().and_then(|id| {
                let known = mistakes.iter().find(|mistake| mistake.id == *id)?;
                Some(known.what.as_str())
            });
            match occasion(hint, what) {
                None => general.push(hint.text.clone()),
                Some(occasion) => occasional.push((occasion, hint.text.clone())),
            }
        }
        let experiments = experiments::read(course, step)?.into_iter();
        // What is not written down cannot be shown.
        let experiments = experiments.filter_map(|experiment| {
            let printed = files::read_text(&experiment.path.with_extension("txt")).ok()?;
            Some((experiment, printed))
        });
        Ok(Self {
            experiments: experiments.collect(),
            general,
            occasional,
            skeleton: course.read("skeleton", step, &course.skeleton_file(step))?,
            solution: course.read("solution", step, &course.solution_file(step))?,
        })
    }
}

/// What is said before the experiments.
pub const ON_EXPERIMENTS: &str = "On the reference. Predict first, then unfold.";

/// What is said before the hints.
pub const ON_HINTS: &str = "One after the other, each nearer to the answer than the one before.";

/// All of it, folded away.
pub fn of(course: &Course, step: &Step) -> Result<Markup> {
    let more = More::of(course, step)?;
    let code = |what, code: &str| PreEscaped(folded("", what, &code_block(&rust::html(code))));
    let text = |text: &str| format!("<p>{}</p>\n", inline(text));
    let general = (1..).zip(&more.general);
    let general: String = general
        .map(|(number, hint)| folded("hint", &format!("Hint {number}"), &text(hint)))
        .collect();
    let occasional = more.occasional.iter();
    let occasional: String = occasional
        .map(|(occasion, hint)| folded("", occasion, &text(hint)))
        .collect();
    Ok(html! {
        section.more {
            @if !more.experiments.is_empty() {
                h2 #more-experiments { "What the experiments print" }
                p { (ON_EXPERIMENTS) }
                @for (experiment, printed) in &more.experiments {
                    (PreEscaped(self::experiment(experiment, printed)))
                }
            }
            @if !general.is_empty() || !occasional.is_empty() {
                h2 #more-hints { "Hints" }
                @if !general.is_empty() {
                    p { (ON_HINTS) }
                    div.hints { (PreEscaped(general)) }
                }
                (PreEscaped(occasional))
            }
            h2 #more-code { "The code" }
            (code("What you begin with", &more.skeleton))
            (code("The solution", &more.solution))
            p {
                "What is looked at, line by line: "
                a href=(links::check(&step.name, None)) { "the check of this step" } "."
            }
        }
    })
}

/// An experiment: its question, and behind it what it prints.
fn experiment(experiment: &Experiment, printed: &str) -> String {
    let (name, title) = (&experiment.name, inline(&experiment.title));
    let ask = format!("<p>{}</p>\n", inline(&experiment.ask));
    let printed = folded("", "What it prints", &code_block(&escaped(printed)));
    folded(
        "",
        &format!("<code>{name}</code>: {title}"),
        &(ask + &printed),
    )
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
pub fn inline(text: &str) -> String {
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
