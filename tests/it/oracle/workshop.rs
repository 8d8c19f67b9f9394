//! Compiles and runs an observation program with a solution, by the means that checks are.

use std::env;
use std::fmt::Display;
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use observation::Value;
use tutor::course::{Course, Step};
use tutor::engine::compile::Check;
use tutor::engine::kit::{Kit, Profile};
use tutor::engine::observe::{Run, RunEnding, Seed};
use tutor::engine::pipeline::Pipeline;
use tutor::engine::sandbox;

use super::fixture::{self, Fixture};

/// More than a step is given: generation fills all positions, on a machine that may be busy.
const TIME: Duration = Duration::from_secs(120);

/// What all tests share.
struct Workshop {
    course: Course,
    kit: Kit,
}

static WORKSHOP: OnceLock<Workshop> = OnceLock::new();

/// What the program of `part` records about the solution of `step`.
pub fn observe(step: &str, part: &str, fixture: &Fixture) -> Vec<(String, Value)> {
    let workshop = WORKSHOP.get_or_init(Workshop::open);
    let step = sound(workshop.course.step(step));
    let folder = tempfile::tempdir().expect("a folder for tests");
    let check = Check {
        path: folder.path().join("check.rs"),
        text: text(&workshop.course, step, part, fixture),
    };
    fs::write(&check.path, &check.text).expect("the folder is this test's own");
    // Nothing depends on the seed: all numbers are the file's.
    let seed = Seed::default();
    recorded(sound(
        (workshop.pipeline()).run_reference(step, &check, seed, TIME),
    ))
}

impl Workshop {
    fn open() -> Self {
        // This process is a test and would not know what to do as a supervisor.
        sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
        // Cargo runs tests in the project's folder. `env!` would name the one it was built in,
        // which is another if two copies share a target folder.
        let here = env::current_dir().expect("the project's folder is there");
        let course = sound(Course::find(&here));
        let kit = sound(Kit::ready(&course, Profile::Check, |_| {}));
        let workshop = Self { course, kit };
        // Here and not first when a test needs them: two tests would compile the same ones, and
        // one would replace what the other is about to link.
        for step in workshop.course.steps() {
            sound(workshop.pipeline().reference_program(step));
        }
        workshop
    }

    fn pipeline(&self) -> Pipeline<'_> {
        sound(Pipeline::open(&self.course, self.kit.clone()))
    }
}

/// The source of the program of `part`.
///
/// What is generated stands below: a module's documentation has to come first.
fn text(course: &Course, step: &Step, part: &str, fixture: &Fixture) -> String {
    let path = course
        .root()
        .join("tests/it/oracle/programs")
        .join(format!("{part}.rs"));
    let mut text =
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
    text.push_str(&fixture.constants());
    if course.needs(step).any(|need| need.name == "s01_config") {
        text.push_str(fixture::CONFIG);
    }
    text
}

/// The observations of a run that has come to its end.
fn recorded(run: Run) -> Vec<(String, Value)> {
    let panics: Vec<_> = run
        .observations
        .groups
        .iter()
        .flat_map(|g| &g.panics)
        .collect();
    assert!(panics.is_empty(), "the program panicked: {panics:#?}");
    assert_eq!(run.ending, RunEnding::Finished, "{}", run.stderr.text);
    let groups = run.observations.groups.into_iter();
    groups
        .flat_map(|group| group.observations)
        .map(|observation| (observation.name, observation.value))
        .collect()
}

/// What the machine and the course have to provide.
fn sound<T, E: Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
