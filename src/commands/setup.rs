//! `tutor setup`, and the same for commands that need it done.

use std::time::Instant;

use crate::course::Course;
use crate::engine::kit::{Building, Kit, Profile};
use crate::engine::observe::Seed;
use crate::engine::pipeline::Pipeline;
use crate::error::{Code, Result};
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;

/// Prepares all that checks need, or the kit of another profile, and says so.
pub fn setup(course: &Course, profile: Option<&str>) -> Result<Code> {
    let started = Instant::now();
    if let Some(name) = profile {
        let kit = build(course, Profile::named(name))?;
        terminal::print(&format!(
            "Ready: the kit `{name}` is {} ({:.1} s).\n",
            kit.library.display(),
            started.elapsed().as_secs_f64()
        ))?;
        return Ok(Code::Passed);
    }
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
    if let Some(kit) = Kit::current(course, Profile::Check)? {
        return Pipeline::open(course, kit);
    }
    let pipeline = Pipeline::open(course, build(course, Profile::Check)?)?;
    terminal::note("Preparing the references of all steps");
    pipeline.prepare(Seed::default())?;
    Ok(pipeline)
}

/// Builds the kit and shows how far it is.
pub fn build(course: &Course, profile: Profile<'_>) -> Result<Kit> {
    let mut bar = None;
    Kit::ready(course, profile, |building| match building {
        Building::Awaited => {
            terminal::note("another `tutor` is preparing the kit; waiting for it");
        }
        Building::Begun { intro } => terminal::note(&match profile {
            Profile::Check => format!(
                "Preparing the kit: {intro}\nMeanwhile, open `steps/{}.rs`: its comments say what \
                 the first step asks for.",
                course.steps()[0].name
            ),
            Profile::Named(name) => format!("Preparing the kit `{name}`: {intro}"),
        }),
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
