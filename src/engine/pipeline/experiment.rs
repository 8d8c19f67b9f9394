//! Runs an experiment of a lesson on a step.

use std::fs;
use std::path::Path;
use std::time::Duration;

use observation::{Group, Observations};

use super::reference::unsound;
use super::{Earlier, Judgement, Pipeline, Request};
use crate::course::Step;
use crate::course::experiments::Experiment;
use crate::course::source::read_source;
use crate::engine::compile::{Check, Source};
use crate::engine::judge::{self, Verdict};
use crate::engine::observe::{DEFAULT_TIME, RunRequest, Seed};
use crate::error::{Error, Result};

/// More than a check has: an experiment may write whole texts, and nobody judges its speed.
const TIME: Duration = Duration::from_secs(60);

/// What came of an experiment.
#[derive(Debug)]
pub enum Experimented {
    /// What it printed.
    Printed(String),
    /// The step did not get through it: what is wrong with it.
    NotRun(Box<Judgement>),
}

impl Pipeline<'_> {
    /// Runs `experiment` on the learner's step, or on the reference's.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being run; never because of the source.
    pub fn experiment(
        &self,
        step: &Step,
        experiment: &Experiment,
        solution: bool,
    ) -> Result<Experimented> {
        let path = if solution {
            self.course.solution_file(step)
        } else {
            self.course.step_file(step)
        };
        let request = Request {
            step,
            file: Some(path.clone()),
            seed: Seed::default(),
            time: DEFAULT_TIME,
            earlier: Earlier::Reference,
        };
        let Ok(text) = read_source(&path) else {
            return Ok(Experimented::NotRun(Box::new(self.judge(&request)?)));
        };
        let source = Source { step, path, text };
        let group = format!("the experiment `{}`", experiment.name);
        let folder = tempfile::tempdir().map_err(Error::io("create a folder for", &source.path))?;
        let check = guarded(experiment, &group, folder.path())?;
        let mut judgement = Judgement::new(step, source.path.clone(), Earlier::Reference);
        let compiled = match self.build(&source, &check, &Earlier::Reference)? {
            Ok(built) => built.compiled,
            Err((id, verdict)) => return Err(unsound(&id, &verdict)),
        };
        let program = match compiled.product {
            Ok(program) => program,
            Err(failure) => {
                judgement.verdict = self.not_compiled(&source, failure)?;
                return Ok(Experimented::NotRun(Box::new(judgement)));
            }
        };
        let run = self.run(&RunRequest {
            program: &program,
            source: &source.path,
            choice: None,
            seed: Seed::default(),
            time: TIME,
            apart: None,
        })?;
        // An experiment expects nothing but to get to its end.
        let recorded = run.observations.groups.first();
        let expected = Observations {
            groups: vec![Group {
                name: group,
                observations: recorded.map_or_else(Vec::new, |group| group.observations.clone()),
                ended: true,
                panics: Vec::new(),
            }],
            finished: true,
        };
        (judgement.verdict, judgement.groups) =
            judge::judge(&run, &expected, std::slice::from_ref(&source.path));
        if judgement.verdict == Verdict::Passed {
            return Ok(Experimented::Printed(run.stdout.text));
        }
        judgement.stdout = run.stdout;
        judgement.stderr = run.stderr;
        Ok(Experimented::NotRun(Box::new(judgement)))
    }
}

/// A check that runs `experiment` as a group, so that it is known where and how it panics; its file
/// lies in `folder`.
fn guarded(experiment: &Experiment, group: &str, folder: &Path) -> Result<Check> {
    let path = folder.join("experiment.rs");
    let text = format!(
        "#[path = {:?}]\nmod experiment;\n\npub fn observe(o: &mut kit::Observer) {{\n    \
         o.group({group:?}, experiment::observe);\n}}\n",
        experiment.path.to_string_lossy()
    );
    fs::write(&path, &text).map_err(Error::io("write", &path))?;
    // The program's name hangs on all that goes into it.
    let text = text + &experiment.text;
    Ok(Check { path, text })
}
