//! Runs an experiment of a lesson on a step.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::Group;

use super::{Earlier, Judgement, Pipeline};
use crate::course::Step;
use crate::course::experiments::Experiment;
use crate::course::source::read_source;
use crate::engine::compile::{Below, Check, Reuse, Source};
use crate::engine::judge::{self, Verdict};
use crate::engine::observe::{RunRequest, Seed};
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
        let text = match read_source(&path) {
            Ok(text) => text,
            Err(why) => return Ok(not_run(step, path, Verdict::Unreadable(why))),
        };
        let source = Source { step, path, text };
        let group = format!("the experiment `{}`", experiment.name);
        let folder = tempfile::tempdir().map_err(Error::io("create a folder for", &source.path))?;
        let check = guarded(experiment, &group, folder.path())?;
        let workplace = self.workplace(TIME);
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let below = Below::Libraries(&libraries);
        let compiled = self
            .compiler
            .program(&source, &check, below, &workplace, Reuse::Nothing)?;
        let program = match compiled.product {
            Ok(program) => program,
            Err(failure) => {
                let verdict = self.not_compiled(&source, failure)?;
                return Ok(not_run(step, source.path, verdict));
            }
        };
        let request = RunRequest {
            step: &self.course.in_lesson(step),
            program: &program,
            source: &source.path,
            choice: None,
            seed: Seed::default(),
        };
        let run = self.run(&request, &workplace)?;
        // An experiment expects nothing but to get to its end, with all groups that it may make itself.
        let mut expected = run.observations.clone();
        expected.finished = true;
        if expected.groups.is_empty() {
            expected.groups.push(Group {
                name: group,
                observations: Vec::new(),
                panics: Vec::new(),
                ended: true,
            });
        }
        for group in &mut expected.groups {
            (group.ended, group.panics) = (true, Vec::new());
        }
        let (verdict, groups) = judge::judge(&run, &expected, std::slice::from_ref(&source.path));
        if verdict == Verdict::Passed {
            return Ok(Experimented::Printed(run.stdout.text));
        }
        Ok(Experimented::NotRun(Box::new(Judgement {
            groups,
            stdout: run.stdout,
            stderr: run.stderr,
            ..Judgement::unobserved(step, source.path, Earlier::Reference, verdict)
        })))
    }
}

fn not_run(step: &Step, path: PathBuf, verdict: Verdict) -> Experimented {
    let judgement = Judgement::unobserved(step, path, Earlier::Reference, verdict);
    Experimented::NotRun(Box::new(judgement))
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
    let whole = Check::new(experiment.path.clone(), &experiment.text)?.text;
    let text = text + &whole;
    Ok(Check { path, text })
}
