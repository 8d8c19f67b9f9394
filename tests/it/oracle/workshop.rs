//! Compiles and runs an observation program with a solution, by the means that checks are.

use std::env;
use std::fmt::Display;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use observation::Value;
use tutor::course::{Course, Step};
use tutor::engine::cache::Cache;
use tutor::engine::compile::{Check, Compiler, Library, Source};
use tutor::engine::kit::Kit;
use tutor::engine::observe::{self, Run, RunEnding, RunRequest, Seed};
use tutor::engine::pipeline::Pipeline;
use tutor::engine::sandbox;

use super::fixture::{self, Fixture};

/// More than a step is given: generation fills all positions, on a machine that may be busy.
const TIME: Duration = Duration::from_secs(120);

/// What all tests share.
struct Workshop {
    course: Course,
    kit: Kit,
    store: Cache,
}

static WORKSHOP: OnceLock<Workshop> = OnceLock::new();

/// What the program of `part` records about the solution of `step`.
pub fn observe(step: &str, part: &str, fixture: &Fixture) -> Vec<(String, Value)> {
    let workshop = WORKSHOP.get_or_init(Workshop::open);
    let step = sound(workshop.course.step(step));
    let program = workshop.compile(step, &text(&workshop.course, step, part, fixture));
    let order = RunRequest {
        program: &program,
        source: &workshop.course.solution_file(step),
        choice: None,
        seed: Seed::default(), // Nothing depends on it: all numbers are the file's.
        time: TIME,
        apart: None,
    };
    let run = sound(observe::run(&workshop.kit, &order));
    recorded(run)
}

impl Workshop {
    fn open() -> Self {
        // This process is a test and would not know what to do as a supervisor.
        sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
        // Cargo runs tests in the project's folder. `env!` would name the one it was built in,
        // which is another if two copies share a target folder.
        let here = env::current_dir().expect("the project's folder is there");
        let course = sound(Course::find(&here));
        let kit = sound(Kit::ready(&course));
        let store = sound(Cache::open(&kit));
        let workshop = Self { course, kit, store };
        // Here and not first when a test needs them: two tests would compile the same ones, and
        // one would replace what the other is about to link.
        for step in workshop.course.steps() {
            workshop.libraries(step);
        }
        workshop
    }

    /// The solutions that `step` needs.
    fn libraries(&self, step: &Step) -> Vec<Library> {
        let pipeline = Pipeline::new(&self.course, &self.kit, &self.store);
        sound(pipeline.reference_libraries(step))
    }

    /// Compiles the solution of `step` and the program whose source is `text` to an executable.
    fn compile(&self, step: &Step, text: &str) -> PathBuf {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let check = Check {
            path: folder.path().join("check.rs"),
            text: text.to_owned(),
        };
        fs::write(&check.path, &check.text).expect("the folder is this test's own");
        let path = self.course.solution_file(step);
        let source = Source {
            step,
            text: sound(self.course.read("solution", step, &path)),
            path,
        };
        let compiler = Compiler::new(&self.kit, &self.store);
        let compiled = sound(compiler.program(&source, &check, &self.libraries(step)));
        compiled.product.unwrap_or_else(|failure| {
            let errors: Vec<&str> = failure.errors.iter().map(|e| e.rendered.as_str()).collect();
            panic!("{} does not compile:\n{}", step.id, errors.join("\n"))
        })
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
