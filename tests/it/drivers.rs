//! Programs of a course that put steps to use: compiled once with the steps, run in the foreground.

use std::path::{Path, PathBuf};

use tutor::course::Course;
use tutor::engine::judge::Verdict;
use tutor::engine::kit::Kit;
use tutor::engine::pipeline::{Earlier, Halt, OrHalt, Pipeline};
use tutor::engine::sandbox::foreground::Streams;
use tutor::engine::sandbox::{self, Ending};
use tutor::error::Error;

use crate::support::Sandbox;

const PROGRAM: &str = "programs/scale.rs";

/// The program of the small course, compiled with `whose` steps.
fn compiled(course: &Course, sandbox: &Sandbox, whose: &Earlier) -> OrHalt<PathBuf> {
    pipeline(course, sandbox).driver(&sandbox.path().join(PROGRAM), whose)
}

fn pipeline<'a>(course: &'a Course, sandbox: &Sandbox) -> Pipeline<'a> {
    sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
    let kit = Kit::current_in(course, &sandbox.kit_folder()).expect("the course is sound");
    let kit = kit.expect("it was lent a kit");
    Pipeline::open(course, kit).unwrap_or_else(|e| panic!("{e}"))
}

/// How the program ended, and what it printed.
fn run(course: &Course, sandbox: &Sandbox, program: &Path, args: &[&str]) -> (Ending, Vec<String>) {
    let folder = sandbox.path().join("steps");
    let args = args.iter().map(Into::into).collect();
    let foreground = pipeline(course, sandbox).foreground(program, args, &folder);
    let mut lines = Vec::new();
    let mut tell = |line: &str| lines.push(line.to_owned());
    let ending = foreground.and_then(|it| it.run(Streams::Lines(&mut tell)));
    (ending.unwrap_or_else(|e| panic!("{e}")), lines)
}

#[test]
fn a_program_runs_with_the_steps_in_the_folder_that_is_named() {
    let sandbox = Sandbox::small();
    let course = sandbox.course();
    let program = compiled(&course, &sandbox, &Earlier::Reference).expect("it compiles");
    let (ending, lines) = run(&course, &sandbox, &program, &["hello", "1.5", "2.5"]);
    assert_eq!(ending, Ending::Exited(0), "{lines:?}");
    assert_eq!(lines[0], "hello");
    assert!(lines[1].ends_with("/steps"), "{lines:?}");
    assert!(
        lines[2].contains("1.5") && lines[2].contains("2.5"),
        "{lines:?}"
    );

    let (ending, _) = run(&course, &sandbox, &program, &["hello", "x"]);
    assert_eq!(ending, Ending::Exited(1));

    let again = compiled(&course, &sandbox, &Earlier::Reference).expect("it compiles");
    assert_eq!(again, program, "nothing has changed");
    let text = sandbox.read(PROGRAM);
    sandbox.write(PROGRAM, text.replace("no word", "nothing to say"));
    let other = compiled(&course, &sandbox, &Earlier::Reference).expect("it compiles");
    assert_ne!(other, program, "the program is another");
}

#[test]
fn the_learners_own_steps_are_used_and_what_keeps_them_from_it_is_told() {
    let sandbox = Sandbox::small();
    let course = sandbox.course();
    let solution = sandbox.read("solutions/s01_scale.rs");
    let with = |step: &str| {
        sandbox.write("steps/s01_scale.rs", step);
        compiled(&course, &sandbox, &Earlier::Mine)
    };
    sandbox.solve("s02_twice");
    let doubling = solution.replace("x * self", "x * 2.0_f32 * self");
    let program = with(&doubling).expect("it compiles");
    let (_, lines) = run(&course, &sandbox, &program, &["w", "1.5"]);
    assert!(lines[2].contains("6.0"), "twice 1.5 twice: {lines:?}");

    for wrong in [
        solution.replace("pub fn name() -> String {", "pub fn name() -> String { +"),
        solution.replace("width: usize, device", "device_width: u8, device"),
    ] {
        match with(&wrong) {
            Err(Halt::Verdict(verdict)) => match *verdict {
                Verdict::EarlierStep { step, verdict } => {
                    assert_eq!(step, "s01");
                    let does_not_compile = matches!(*verdict, Verdict::DoesNotCompile { .. });
                    assert!(does_not_compile, "{verdict:?}");
                }
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_program_that_is_missing_or_wrong_is_the_courses_fault() {
    let sandbox = Sandbox::small();
    let course = sandbox.course();
    let text = sandbox.read(PROGRAM);
    sandbox.write(PROGRAM, text.replace("twice(&scale", "thrice(&scale"));
    match compiled(&course, &sandbox, &Earlier::Reference) {
        Err(Halt::Error(error)) => match *error {
            Error::Program { output, .. } => assert!(output.contains("thrice"), "{output}"),
            other => panic!("{other}"),
        },
        other => panic!("{other:?}"),
    }
    std::fs::remove_file(sandbox.path().join(PROGRAM)).expect("it is there");
    match compiled(&course, &sandbox, &Earlier::Reference) {
        Err(Halt::Error(error)) => assert!(error.to_string().contains(PROGRAM), "{error}"),
        other => panic!("{other:?}"),
    }
}
