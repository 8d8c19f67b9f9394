//! `tutor course`, for those who write one.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::json;

use crate::authoring::check::{Depth, check};
use crate::authoring::flaw::Flaw;
use crate::authoring::new_step;
use crate::cli::Format;
use crate::cli::authors::{Authoring, Check, NewStep};
use crate::commands::setup;
use crate::course::{Course, Step};
use crate::error::{Code, Result};
use crate::report::json;
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;

/// Grows when something in the JSON changes its name or meaning.
const VERSION: u32 = 1;

/// Does what an author asks for.
pub fn course(course: &Course, what: &Authoring) -> Result<Code> {
    match what {
        Authoring::Check(options) => tell_flaws(course, options),
        Authoring::NewStep(options) => new_step(course, options),
    }
}

fn new_step(course: &Course, options: &NewStep) -> Result<Code> {
    let after = match &options.after {
        Some(name) => course.step(name)?,
        None => course.last_step(),
    };
    let written = new_step::write(course, &options.name, after)?;
    let id = options.name.split('_').next().unwrap_or_default();
    let list: String = written
        .iter()
        .map(|path| format!("  {}\n", path.display()))
        .collect();
    terminal::print(&format!(
        "Written, for a step that adds up numbers until you fill it in:\n{list}\
         Next: `tutor course check {id}` finds no flaw in it; it will tell what you break.\n"
    ))?;
    Ok(Code::Passed)
}

fn tell_flaws(course: &Course, options: &Check) -> Result<Code> {
    let found = flaws(course, options);
    if let (Err(error), Format::Json) = (&found, options.format) {
        terminal::print_data(&format!("{:#}\n", json::error(error)))?;
    }
    let (flaws, steps, seconds) = found?;
    match options.format {
        Format::Json => {
            let ids: Vec<&str> = steps.iter().map(|step| step.id.as_str()).collect();
            let value = json!({ "version": VERSION, "steps": ids, "flaws": flaws });
            terminal::print_data(&format!("{value:#}\n"))?;
        }
        Format::Human => terminal::print(&text(&flaws, steps.len(), seconds))?,
    }
    Ok(match flaws.is_empty() {
        true => Code::Passed,
        false => Code::NotPassed,
    })
}

/// The flaws, of which steps, and how long it took to find them.
fn flaws<'a>(course: &'a Course, options: &Check) -> Result<(Vec<Flaw>, Vec<&'a Step>, f64)> {
    let steps: Vec<&Step> = match &options.step {
        Some(name) => vec![course.step(name)?],
        None => course.steps().iter().collect(),
    };
    let depth = match options.quick {
        true => Depth::QUICK,
        false => Depth::FULL,
    };
    let depth = depth.with_seeds(options.seeds.unwrap_or(u64::MAX));
    let pipeline = setup::ready(course)?;
    let started = Instant::now();
    let bar = Mutex::new(None);
    let found = check(&pipeline, &steps, depth, &|done, total, step| {
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.get_or_insert_with(|| ProgressBar::new(total, "parts"))
            .set(done, step);
    });
    if let Some(bar) = bar.into_inner().unwrap_or_else(PoisonError::into_inner) {
        bar.finish();
    }
    pipeline.tidy_up();
    Ok((found?, steps, started.elapsed().as_secs_f64()))
}

fn text(flaws: &[Flaw], steps: usize, seconds: f64) -> String {
    let mut text: String = flaws.iter().map(|flaw| format!("{flaw}\n")).collect();
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    let of = counted(steps, "step");
    if flaws.is_empty() {
        text.push_str(&format!("No flaw was found in {of} ({seconds:.0} s).\n"));
    } else {
        let count = counted(flaws.len(), "flaw");
        text.push_str(&format!("\n{count} in {of} ({seconds:.0} s).\n"));
    }
    text
}
