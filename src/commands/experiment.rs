//! `tutor try`

use std::io::{self, BufRead, IsTerminal};

use crate::cli::Try;
use crate::commands::{rendered, setup};
use crate::course::experiments::{self, Experiment};
use crate::course::{Course, Step};
use crate::engine::pipeline::Experimented;
use crate::error::{Code, Error, Result};
use crate::progress::Progress;
use crate::report::step_heading;
use crate::report::text::{self, AfterPass};
use crate::terminal::{self, style};

/// Lists a step's experiments, or runs one.
pub fn experiment(course: &Course, options: &Try) -> Result<Code> {
    let step = course.step(&options.step)?;
    if let Some(file) = &options.file {
        if !file.is_file() {
            return Err(Error::Usage {
                message: format!("there is no file `{}`", file.display()),
                next: "it is a program with `pub fn observe(o: &mut kit::Observer)`".into(),
            });
        }
        return run(course, step, &experiments::own(file)?, options);
    }
    let known = experiments::read(course, step)?;
    let Some(name) = &options.name else {
        terminal::print(&list(step, &known))?;
        return Ok(Code::Passed);
    };
    let Some(experiment) = known.iter().find(|experiment| experiment.name == *name) else {
        let names: Vec<&str> = known.iter().map(|e| e.name.as_str()).collect();
        return Err(Error::Usage {
            message: format!("{} has no experiment called `{name}`", step.id),
            next: match names.as_slice() {
                [] => "`tutor list` shows all steps".into(),
                names => format!("there is `{}`", names.join("`, `")),
            },
        });
    };
    run(course, step, experiment, options)
}

fn list(step: &Step, known: &[Experiment]) -> String {
    if known.is_empty() {
        return format!("There are no experiments for {}\n", step.id);
    }
    let mut text = format!("{}\n\n", step_heading(step));
    for experiment in known {
        text.push_str(&format!("  {:<18} {}\n", experiment.name, experiment.title));
    }
    text.push_str(&format!(
        "\nNext: `tutor try {} {}`\n",
        step.id, known[0].name
    ));
    text
}

fn run(course: &Course, step: &Step, experiment: &Experiment, options: &Try) -> Result<Code> {
    let pipeline = setup::ready(course)?;
    let is_own = options.file.is_some();
    // Whoever wrote it need not be asked.
    let prediction = match is_own {
        true => None,
        false => predicted(course, step, experiment)?,
    };
    Ok(
        match pipeline.experiment(step, experiment, options.solution)? {
            Experimented::Printed(text) => {
                if let Some(prediction) = prediction {
                    // A prediction is as good where progress cannot be kept.
                    let _ = Progress::update(course, step, |known| {
                        known.predict(&experiment.name, &prediction);
                    });
                    terminal::print(&format!("\n{} {prediction}\n", style::dim("You said:")))?;
                }
                let before = if is_own { "" } else { "\n" };
                terminal::print(&format!("{before}{}\n", text.trim_end()))?;
                Code::Passed
            }
            Experimented::NotRun(judgement)
                if is_own && let Some(errors) = text::beside(&judgement.verdict) =>
            {
                terminal::print(&format!(
                    "{} does not compile with {}\n\n{errors}\n",
                    experiment.name, step.id
                ))?;
                Code::NotPassed
            }
            Experimented::NotRun(judgement) => {
                let file = if is_own { "--file " } else { "" };
                let again = format!("tutor try {} {file}{}", step.id, experiment.name);
                let whose = match is_own {
                    true => format!("{} does not get to its end", experiment.name),
                    false => "Your own step does not get through this yet".into(),
                };
                let instead = match options.solution {
                    true => "",
                    false => " With `--solution` it runs on the reference.",
                };
                terminal::print(&format!(
                    "\n{whose}.{instead}\n\n{}",
                    text::judgement(&judgement, &again, &AfterPass::default())
                ))?;
                Code::NotPassed
            }
        },
    )
}

/// Shows what `experiment` is about, and has a prediction made if somebody sits at the terminal.
fn predicted(course: &Course, step: &Step, experiment: &Experiment) -> Result<Option<String>> {
    terminal::print(&format!(
        "{}\n\n{}\n",
        style::heading(&experiment.title),
        rendered(&experiment.ask)
    ))?;
    let (progress, _) = Progress::read(course)?;
    let earlier = progress
        .of(step)
        .and_then(|known| known.prediction(&experiment.name));
    ask(earlier)
}

/// A line from whoever sits at the terminal, shown what they said `earlier`; nothing if nobody
/// does.
fn ask(earlier: Option<&str>) -> Result<Option<String>> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(None);
    }
    if let Some(earlier) = earlier {
        let before = style::dim("Last time you said:");
        terminal::print(&style::harmless(&format!("{before} {earlier}\n")))?;
    }
    terminal::print(&format!("{} ", style::next("Your prediction:")))?;
    let mut line = String::new();
    // What cannot be read is no prediction.
    let _ = io::stdin().lock().read_line(&mut line);
    Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
}
