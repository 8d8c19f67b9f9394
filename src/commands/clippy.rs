//! `tutor clippy`

use std::fmt::Write;

use super::setup;
use crate::course::{Course, Step};
use crate::engine::compile::Diagnostic;
use crate::engine::pipeline::Advice;
use crate::error::{Code, Result};
use crate::report::text::{self, AfterPass};
use crate::report::{shown, step_heading};
use crate::terminal::{self, style};

/// Prints what rustc and clippy advise on the learner's step. Advice is no verdict: a step that
/// passes may get some, and it need not be followed.
pub fn clippy(course: &Course, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let pipeline = setup::ready(course)?;
    let advice = pipeline.advice(step)?;
    pipeline.tidy_up();
    Ok(match advice {
        Advice::Given(advice) => {
            terminal::print(&style::harmless(&listed(course, step, &advice)))?;
            Code::Passed
        }
        Advice::NotCompiled(judgement) => {
            let again = format!("tutor clippy {}", step.id);
            terminal::print(&text::judgement(&judgement, &again, &AfterPass::default()))?;
            Code::NotPassed
        }
    })
}

fn listed(course: &Course, step: &Step, advice: &[Diagnostic]) -> String {
    let file = shown(&course.step_file(step));
    if advice.is_empty() {
        return format!(
            "{}: rustc and clippy have nothing to say about {file}\n",
            step_heading(step)
        );
    }
    let mut text = format!("{}: {}\n", step_heading(step), file);
    for one in advice {
        text.push('\n');
        for line in one
            .rendered
            .trim_end()
            .lines()
            .filter(|l| !is_about_switches(l))
        {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// Whether a line only says which option switched a lint on: the option is `tutor`'s own.
fn is_about_switches(line: &str) -> bool {
    line.contains("`-W clippy::all`")
}
