//! `tutor course`, for those who write one.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::json;

use crate::authoring::check::{Budget, Cost, Depth, Found, check};
use crate::authoring::flaw::Flaw;
use crate::cli::Format;
use crate::cli::authors::{Authoring, Check};
use crate::commands::{draw, new_course, new_step, setup};
use crate::course::{Course, Step};
use crate::error::{Code, Result};
use crate::report::json;
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;

/// Grows when something in the JSON changes its name or meaning.
const VERSION: u32 = 1;

/// Instances that a table names of each step; JSON has all.
const NAMED: usize = 8;

/// Does what an author asks for.
pub fn course(course: &Course, what: &Authoring) -> Result<Code> {
    match what {
        // It needs no course, and was done before one was looked for.
        Authoring::New(options) => new_course::new_course(options),
        Authoring::Check(options) => tell_flaws(course, options),
        Authoring::Draw { step } => draw::draw(course, step.as_deref()),
        Authoring::NewStep(options) => new_step::new_step(course, options),
    }
}

fn tell_flaws(course: &Course, options: &Check) -> Result<Code> {
    let looked = look(course, options);
    if let (Err(error), Format::Json) = (&looked, options.format) {
        terminal::print_data(&format!("{:#}\n", json::error(error)))?;
    }
    let Looked {
        found,
        steps,
        seconds,
    } = looked?;
    match options.format {
        Format::Json => {
            let ids: Vec<&str> = steps.iter().map(|step| step.id.as_str()).collect();
            let mut value = json!({ "version": VERSION, "steps": ids, "flaws": found.flaws });
            if options.budget {
                value["budget"] = json!(found.costs);
            }
            terminal::print_data(&format!("{value:#}\n"))?;
        }
        Format::Human => {
            let table = match options.budget {
                true => table(&found.costs),
                false => String::new(),
            };
            terminal::print(&(table + &text(&found.flaws, steps.len(), seconds)))?;
        }
    }
    Ok(match found.flaws.is_empty() {
        true => Code::Passed,
        false => Code::NotPassed,
    })
}

/// What was looked at, what was found, and how long it took.
struct Looked<'a> {
    found: Found,
    steps: Vec<&'a Step>,
    seconds: f64,
}

fn look<'a>(course: &'a Course, options: &Check) -> Result<Looked<'a>> {
    let steps: Vec<&Step> = match &options.step {
        Some(name) => vec![course.step(name)?],
        None => course.steps().iter().collect(),
    };
    let depth = match options.quick {
        true => Depth::QUICK,
        false => Depth::FULL,
    };
    let mut depth = options.seeds.map_or(depth, |seeds| depth.with_seeds(seeds));
    if options.budget {
        depth.budget = Budget::Told;
    }
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
    Ok(Looked {
        found: found?,
        steps,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// What each step costs, and the largest pieces of generic code that the kit might hold.
fn table(costs: &[Cost]) -> String {
    let mut text = String::from(
        "What rustc takes for each step with its check beyond an empty program, and the generic \
         code in it\nthat `kit/src/instances.rs` might name:\n\n",
    );
    for cost in costs {
        let bytes: u64 = cost.missing.iter().map(|one| one.bytes).sum();
        text.push_str(&format!(
            "{:<6}{:>6} ms {:>6} instances {:>8} bytes\n",
            cost.step,
            cost.milliseconds,
            cost.missing.len(),
            bytes
        ));
        for one in cost.missing.iter().take(NAMED) {
            text.push_str(&format!("{:>18} bytes  {}\n", one.bytes, one.name));
        }
    }
    text + "\n"
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
