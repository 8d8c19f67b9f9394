//! Each experiment asks for a prediction, is in the lesson, and prints what is written down.

use std::fs;

use super::super::Case;
use super::super::reference::said;
use crate::authoring::flaw::{Flaw, Flaws};
use crate::course::experiments::{self, Experiment};
use crate::engine::pipeline::Experimented;
use crate::error::Result;
use crate::files;

/// The flaws of a step's experiments.
pub(in crate::authoring::check) fn flaws(case: &Case<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let folder = course.experiments_folder(step);
    let Some(known) = flaws.catch(&folder, experiments::read(course, step))? else {
        return Ok(flaws.found());
    };
    let lesson = course.lesson_file(step);
    if let Some(rules) = course.lesson_rules() {
        if known.len() < rules.experiments {
            let (count, fewest) = (known.len(), rules.experiments);
            let what = format!("has {count} experiments; `course.toml` asks for {fewest} at least");
            flaws.add(&folder, None, what);
        }
        let text = files::read_text(&lesson).unwrap_or_default();
        for experiment in known.iter().filter(|one| !text.contains(&one.name)) {
            let what = format!("does not mention the experiment `{}`", experiment.name);
            flaws.add(&lesson, None, what);
        }
    }
    for experiment in &known {
        prints(case, experiment, &mut flaws)?;
    }
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        if is_text && !path.with_extension("rs").exists() {
            flaws.add(&path, None, "is the output of no experiment");
        }
    }
    Ok(flaws.found())
}

fn prints(case: &Case<'_>, experiment: &Experiment, flaws: &mut Flaws<'_>) -> Result<()> {
    let file = &experiment.path;
    if experiment.title.is_empty() || experiment.ask.is_empty() {
        let what = "does not ask for a prediction: its first lines are a title and `//! Ask: …`";
        flaws.add(file, Some(1), what);
    }
    let output = file.with_extension("txt");
    let written = match files::read_text(&output) {
        Ok(written) => written,
        Err(error) => {
            flaws.add(&output, None, format!("cannot be read: {error}"));
            return Ok(());
        }
    };
    let run = case.pipeline.experiment(case.step, experiment, true);
    match flaws.catch(file, run)? {
        Some(Experimented::Printed(printed)) => {
            if let Some((line, words)) = first_difference(written.trim_end(), printed.trim_end()) {
                flaws.add(&output, Some(line), words);
            }
        }
        Some(Experimented::NotRun(judgement)) => {
            let what = format!("does not run on the solution: {}", said(&judgement.verdict));
            flaws.add(file, None, what);
        }
        None => {}
    }
    Ok(())
}

/// The first line that is written otherwise than it is printed, counted from 1.
fn first_difference(written: &str, printed: &str) -> Option<(usize, String)> {
    let (mut written, mut printed) = (written.lines(), printed.lines());
    for line in 1.. {
        let what = match (written.next(), printed.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => continue,
            (_, Some(now)) => format!("the experiment prints here now: {now}"),
            (Some(_), None) => "the experiment prints nothing more from here on".to_owned(),
        };
        return Some((line, what));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(first_difference("a\nb", "a\nb"), None);
        let (line, what) = first_difference("a\nb", "a\nc").expect("it differs");
        assert_eq!(
            (line, what.as_str()),
            (2, "the experiment prints here now: c")
        );
        assert_eq!(first_difference("a", "a\nc").map(|found| found.0), Some(2));
        assert_eq!(first_difference("a\nb", "a").map(|found| found.0), Some(2));
    }
}
