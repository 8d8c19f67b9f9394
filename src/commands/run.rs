//! `tutor run`

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cli::{Format, Run};
use crate::commands::{finished, setup};
use crate::course::source::SOURCE_LIMIT;
use crate::course::{Course, Step};
use crate::engine::judge::Verdict;
use crate::engine::kit;
use crate::engine::observe::Seed;
use crate::engine::pipeline::{Earlier, Judgement, Pipeline, Request};
use crate::error::{Code, Error, Result};
use crate::parallel::in_parallel;
use crate::progress::{self, Progress};
use crate::report::json;
use crate::report::text::{self, AfterPass};
use crate::terminal;

/// Judges one step or all.
pub fn run(course: &Course, options: &Run) -> Result<Code> {
    let result = judge(course, options);
    if let (Err(error), Format::Json) = (&result, options.format) {
        terminal::print_data(&in_json(&json::error(error)))?;
    }
    let Judged {
        steps,
        texts,
        judgements,
        pipeline,
    } = result?;

    let all_passed = judgements.iter().all(|j| j.verdict == Verdict::Passed);
    if options.file.is_none() && !options.mine {
        record(course, &judgements, &texts);
    }
    for flaw in judgements.iter().filter_map(|j| j.diagnosis_error.as_ref()) {
        terminal::note(&format!("No known mistake could be looked for: {flaw}"));
    }
    match options.format {
        Format::Json => {
            terminal::print_data(&in_json(&json::judgements(&judgements, options.seed.0)))?;
        }
        Format::Human => terminal::print(&text(course, &steps, &judgements, options))?,
    }
    // Every edit leaves a program and its results; the verdict does not wait for tidying up.
    pipeline.tidy_up();
    Ok(if all_passed {
        Code::Passed
    } else {
        Code::NotPassed
    })
}

/// A step may have said anything in it.
fn in_json(value: &serde_json::Value) -> String {
    crate::text::json(&format!("{value:#}\n"))
}

/// What was judged.
struct Judged<'a> {
    /// The steps that were meant.
    steps: Vec<&'a Step>,
    /// Names the text that each one's file had then.
    texts: Vec<String>,
    judgements: Vec<Judgement>,
    /// What they left something in.
    pipeline: Pipeline<'a>,
}

fn judge<'a>(course: &'a Course, options: &Run) -> Result<Judged<'a>> {
    let steps = steps(course, options.step.as_deref())?;
    if options.file.is_some() && steps.len() > 1 {
        return Err(Error::Usage {
            message: "`--file` is one step's".into(),
            next: format!("name the step: `tutor run {} --file FILE`", steps[0].id),
        });
    }
    let given = options.file.as_deref().map(|file| Given::new(course, file));
    let given = given.transpose()?;
    if let Some(file) = options.file.as_deref().filter(|file| !is_in(course, file)) {
        terminal::note(&format!(
            "`{}` is no file of this course: it runs with nothing in its way, as if you had started it. \
             `tutor grade --single FOLDER` judges what others wrote behind a wall.",
            file.display()
        ));
    }
    let pipeline = setup::ready(course)?;
    let earlier = if options.mine {
        Earlier::Mine
    } else {
        Earlier::Reference
    };
    // An edit from now on is one after the verdict.
    let texts = steps.iter().map(|s| progress::text_of(course, s)).collect();
    let judgements = in_parallel(&steps, |step| {
        pipeline.judge(&Request {
            step,
            file: given.as_ref().map(|given| given.path.clone()),
            seed: options.seed.0,
            time: options.timeout.0,
            earlier: earlier.clone(),
        })
    });
    let judgements = judgements.into_iter().collect::<Result<_>>()?;
    Ok(Judged {
        steps,
        texts,
        judgements,
        pipeline,
    })
}

/// The steps that are meant: one, all, or the one to do now.
fn steps<'a>(course: &'a Course, name: Option<&str>) -> Result<Vec<&'a Step>> {
    match name {
        Some("all") => Ok(course.steps().iter().collect()),
        Some(name) => Ok(vec![course.step(name)?]),
        None => {
            let (progress, _) = Progress::read(course)?;
            Ok(match progress.next(course) {
                Some(step) => vec![step],
                None => course.steps().iter().collect(),
            })
        }
    }
}

/// Whether `file` lies in the course, wherever links lead.
fn is_in(course: &Course, file: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path);
    real(course.root()).is_ok_and(|root| real(file).is_ok_and(|file| file.starts_with(root)))
}

/// The file behind `--file`.
struct Given {
    /// Its full path: rustc is called from another folder.
    path: PathBuf,
    /// Where a copy lies of what can be read only once.
    _copy: Option<TempDir>,
}

impl Given {
    fn new(course: &Course, file: &Path) -> Result<Self> {
        let path = std::path::absolute(file).map_err(Error::io("find", file))?;
        let data = fs::metadata(&path).ok().filter(|data| !data.is_dir());
        let Some(data) = data else {
            return Err(Error::Usage {
                message: format!("`{}` is not a file", file.display()),
                next: "check the path behind `--file`".into(),
            });
        };
        // `/dev/stdin` is whatever standard input is, for this process alone.
        let is_lasting = data.is_file() && !path.starts_with("/dev") && !path.starts_with("/proc");
        if is_lasting {
            return Ok(Self { path, _copy: None });
        }
        let folder = kit::folder(course);
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let copy = tempfile::Builder::new()
            .prefix("given-")
            .tempdir_in(&folder);
        let copy = copy.map_err(Error::io("create a folder in", &folder))?;
        let mut text = Vec::new();
        // One byte more than a source may have: then it is seen to be too large.
        File::open(&path)
            .and_then(|file| file.take(SOURCE_LIMIT + 1).read_to_end(&mut text))
            .map_err(Error::io("read", &path))?;
        let path = copy
            .path()
            .join(file.file_name().unwrap_or_default())
            .with_extension("rs");
        fs::write(&path, text).map_err(Error::io("write", &path))?;
        Ok(Self {
            path,
            _copy: Some(copy),
        })
    }
}

/// Progress that cannot be kept does not change a verdict.
fn record(course: &Course, judgements: &[Judgement], texts: &[String]) {
    match Progress::record(course, judgements, texts) {
        Ok(None) => {}
        Ok(Some(sentence)) => terminal::note(&sentence),
        Err(error) => terminal::note(&format!("Progress is not kept: {error}")),
    }
}

fn text(course: &Course, steps: &[&Step], judgements: &[Judgement], options: &Run) -> String {
    if let [judgement] = judgements {
        let after = match options.file {
            // That another file passes says nothing of the learner's own.
            Some(_) => AfterPass::default(),
            None => finished::after(course, &judgement.step, options.watched),
        };
        let again = again(&judgement.step, options);
        return text::judgement(judgement, &again, &after);
    }
    let mut text: String = judgements.iter().map(text::line).collect();
    let passed = judgements
        .iter()
        .filter(|j| j.verdict == Verdict::Passed)
        .count();
    text.push_str(&format!("\n{passed} of {} steps pass", steps.len()));
    if let Some(first) = judgements.iter().find(|j| j.verdict != Verdict::Passed) {
        text.push_str(&format!(". Next: `tutor run {}`", first.step.id));
    } else {
        text.push_str(". `tutor next` says what comes next");
    }
    text.push('\n');
    text
}

/// The command that does the same once more, a random seed spelt out.
fn again(step: &Step, options: &Run) -> String {
    if options.watched {
        return String::new();
    }
    let mut command = format!("tutor run {}", step.id);
    if let Some(file) = &options.file {
        command.push_str(&format!(" --file {}", file.display()));
    }
    if options.mine {
        command.push_str(" --mine");
    }
    if options.seed.0 != Seed::default() {
        command.push_str(&format!(" --seed {}", options.seed.0.0));
    }
    command
}
