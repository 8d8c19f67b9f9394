//! `tutor setup`, and the same for commands that need it done.

use std::time::Instant;

use crate::course::Course;
use crate::engine::kit::{Building, Kit};
use crate::engine::observe::Seed;
use crate::engine::pipeline::Pipeline;
use crate::error::{Code, Result};
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;

/// Prepares all that checks need, and says so.
pub fn setup(course: &Course) -> Result<Code> {
    let started = Instant::now();
    ready(course)?.prepare(Seed::default())?;
    let seconds = started.elapsed().as_secs_f64();
    terminal::print(&format!(
        "Ready: the kit and {} steps' references are prepared ({seconds:.1} s).\n\
         Next: `tutor next`\n",
        course.steps().len()
    ))?;
    Ok(Code::Passed)
}

/// All that judging needs. A kit that has to be built comes with the references, so that the first
/// check of each step is as quick as the later ones.
pub fn ready(course: &Course) -> Result<Pipeline<'_>> {
    if let Some(kit) = Kit::current(course)? {
        return Pipeline::open(course, kit);
    }
    let pipeline = Pipeline::open(course, build(course)?)?;
    terminal::note("Preparing the references of all steps");
    pipeline.prepare(Seed::default())?;
    Ok(pipeline)
}

/// Builds the kit and shows how far it is.
fn build(course: &Course) -> Result<Kit> {
    let mut bar = None;
    Kit::ready(course, |building| match building {
        Building::Awaited => {
            terminal::note("another `tutor` is preparing the kit; waiting for it");
        }
        Building::Begun => terminal::note(&format!(
            "Preparing the kit: {}\nMeanwhile, open `steps/{}.rs`: its comments say what the first \
             step asks for.",
            course.kit().intro,
            course.steps()[0].name
        )),
        Building::Crate { done, total, name } => bar
            .get_or_insert_with(|| ProgressBar::new(total, "crates"))
            .set(done, name),
        Building::Compiled => {
            if let Some(bar) = bar.take() {
                bar.finish();
            }
        }
    })
}
