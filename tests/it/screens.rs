//! What a person reads, word for word: one screen for each kind of verdict.
//!
//! rustc's own words are left out: another rustc has others.
//!
//! The texts lie in `tests/it/snapshots/`. After a change on purpose, `INSTA_UPDATE=always cargo test
//! --test it screens::` writes them anew; read the difference before committing it.

use crate::support::{self, Sandbox};

const FORWARD: &str = "x * self.weight.val().unsqueeze()";

/// The screen for the solution with one piece of its text replaced.
fn screen(from: &str, to: &str) -> String {
    let sandbox = Sandbox::small();
    let text = sandbox.read("solutions/s01_scale.rs");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    sandbox.write("steps/s01_scale.rs", text.replace(from, to));
    sandbox.tutor(&["run", "s01", "--timeout", "2"]).stdout
}

#[test]
fn passed() {
    insta::assert_snapshot!(screen(FORWARD, "self.weight.val().unsqueeze() * x"));
}

#[test]
fn not_started() {
    let sandbox = Sandbox::small();
    insta::assert_snapshot!(sandbox.tutor(&["run", "s01"]).stdout);
    insta::assert_snapshot!("all_steps", sandbox.tutor(&["run", "all"]).stdout);
    insta::assert_snapshot!("list", sandbox.tutor(&["list"]).stdout);
    insta::assert_snapshot!("next", sandbox.tutor(&["next"]).stdout);
}

#[test]
fn signature_changed() {
    insta::assert_snapshot!(screen(
        "pub fn name() -> String",
        "pub fn name(_: u8) -> String"
    ));
}

#[test]
fn panicked() {
    insta::assert_snapshot!(screen(
        FORWARD,
        "{ let rows: Vec<f32> = vec![]; x * rows[7] }"
    ));
}

#[test]
fn wrong_parameters() {
    insta::assert_snapshot!(screen("Tensor::ones([width]", "Tensor::ones([width + 1]"));
}

#[test]
fn wrong_shape() {
    insta::assert_snapshot!(screen(FORWARD, "x.transpose()"));
}

#[test]
fn wrong_values_with_a_diagnosis() {
    insta::assert_snapshot!(screen(FORWARD, "x + self.weight.val().unsqueeze()"));
}

#[test]
fn not_finite() {
    insta::assert_snapshot!(screen(FORWARD, "x / 0.0 * 0.0"));
}

#[test]
fn wrong_text() {
    insta::assert_snapshot!(screen("\"scale\".into()", "\"skale\".into()"));
}

#[test]
fn wrong_refusal() {
    insta::assert_snapshot!(screen("rows <= 4", "rows <= 6"));
}

#[test]
fn timed_out() {
    insta::assert_snapshot!(screen(FORWARD, "loop {}"));
}

#[test]
fn stopped_early_after_printing() {
    let body = "{ println!(\"dims {:?}\", x.dims()); std::process::exit(3) }";
    insta::assert_snapshot!(screen(FORWARD, body));
}

#[test]
fn what_is_not_written_yet_is_not_warned_of() {
    let sandbox = Sandbox::small();
    let text = sandbox.read("solutions/s01_scale.rs");
    // A part that is written warns; one that is not does not, whichever fails first.
    let text = text
        .replace(FORWARD, "todo!()")
        .replace("\"scale\".into()", "let unused = 1;\n    \"skale\".into()");
    sandbox.write("steps/s01_scale.rs", text);
    let screen = sandbox.tutor(&["run", "s01"]).stdout;
    assert_eq!(screen.matches("rustc warns").count(), 1, "{screen}");
    assert!(screen.contains("unused variable: `unused`"), "{screen}");
}

/// Writes the solutions of both steps and judges them.
fn finished() -> Sandbox {
    let sandbox = Sandbox::small();
    for step in ["s01_scale", "s02_twice"] {
        let solution = sandbox.read(&format!("solutions/{step}.rs"));
        sandbox.write(&format!("steps/{step}.rs"), solution);
    }
    assert_eq!(sandbox.tutor(&["run", "all"]).code, 0);
    sandbox
}

#[test]
fn the_end_of_the_course() {
    let sandbox = finished();
    insta::assert_snapshot!("finished_run", sandbox.tutor(&["run", "s02"]).stdout);
    insta::assert_snapshot!("finished_all", sandbox.tutor(&["run", "all"]).stdout);
    insta::assert_snapshot!("finished_earlier", sandbox.tutor(&["run", "s01"]).stdout);
    insta::assert_snapshot!("finished_next", sandbox.tutor(&["next"]).stdout);
    let watched = sandbox.tutor(&["run", "s02", "--watched"]).stdout;
    assert!(watched.contains("You have written a scale"), "{watched}");
    // The list has numbers that differ from run to run above its last lines.
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("You have written a scale"), "{list}");

    // The last step alone is not the end.
    sandbox.write("steps/s01_scale.rs", "");
    sandbox.tutor(&["run", "s01"]);
    let last = sandbox.tutor(&["run", "s02"]).stdout;
    assert!(last.ends_with("Next: `tutor next`\n"), "{last}");
    let watched = sandbox.tutor(&["run", "s02", "--watched"]).stdout;
    assert!(watched.contains("goes back to s01"), "{watched}");
}

#[test]
fn what_is_said_at_the_end_of_the_course_can_be_done() {
    let course = tutor::course::Course::find(support::root()).expect("it is a course");
    let text = course.finished().expect("there is an end");
    for command in text.split('`').skip(1).step_by(2) {
        let words: Vec<&str> = command.split(' ').collect();
        let known = match words.as_slice() {
            ["tutor", "run", "all", ..] => true,
            ["tutor", "try" | "diff", step] => course.step(step).is_ok(),
            ["tutor", "try", step, name] => {
                let step = course.step(step).expect("it is a step");
                let folder = course.experiments_folder(step);
                folder.join(format!("{name}.rs")).is_file()
            }
            ["tutor", program @ ("train" | "generate" | "look"), ..] => {
                let programs = course.root().join("programs");
                programs.join(format!("{program}.rs")).is_file()
            }
            ["tutor", "fetch", "gpt2"] => true,
            ["tutor", ..] => false,
            // Something of the learner's own code.
            _ => true,
        };
        assert!(known, "{command}");
    }
}
