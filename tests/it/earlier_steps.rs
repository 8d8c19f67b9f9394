//! What a step may use: every earlier step of the course, and nothing that comes later.

use std::fs;

use serde_json::Value;
use tutor::course::Course;

use crate::support::quick::is_left_out;
use crate::support::{self, Done, Sandbox};

/// A step 06 that uses step 05, which the course does not say it needs.
fn made_by_step_05() -> String {
    let path = support::root().join("tests/it/earlier_steps/s06_made_by_step_05.rs");
    fs::read_to_string(path).expect("it is there")
}

/// The real course with its solutions as the learner's steps.
fn solved() -> Sandbox {
    let sandbox = Sandbox::real();
    for step in sandbox.course().steps() {
        let solution = sandbox.read(&format!("solutions/{}.rs", step.name));
        sandbox.write(&format!("steps/{}.rs", step.name), solution);
    }
    sandbox
}

/// One of the learner's steps with some of its text replaced; the piece must be there once.
fn edit(sandbox: &Sandbox, step: &str, from: &str, to: &str) {
    let name = format!("steps/{step}.rs");
    let text = sandbox.read(&name);
    assert_eq!(text.matches(from).count(), 1, "{from}");
    sandbox.write(&name, text.replace(from, to));
}

fn assert_passed((code, result): &(i32, Value)) {
    assert_eq!(result["verdict"], "passed", "{result:#}");
    assert_eq!(*code, 0);
}

#[test]
fn what_is_to_be_written_next_may_be_an_earlier_step() {
    let sandbox = solved();
    let skeleton = sandbox.read("checks/s03_layer_norm/skeleton.rs");
    sandbox.write("steps/s03_layer_norm.rs", skeleton);
    // Right, it would be told to trace.
    edit(&sandbox, "s09_block", "&self.ln_2, |x|", "&self.ln_1, |x|");
    let done = sandbox.tutor(&["run", "s09", "--mine"]);
    let next = "Next: edit steps/s03_layer_norm.rs, then `tutor run s09 --mine`";
    assert!(done.stdout.contains(next), "{done:?}");
    let place = "the whole block                  todo!() at steps/s03_layer_norm.rs:";
    assert!(done.stdout.contains(place), "{done:?}");
}

#[test]
fn a_step_may_use_any_earlier_one() {
    if is_left_out() {
        return;
    }
    let sandbox = solved();
    sandbox.write("steps/s06_position_embeddings.rs", made_by_step_05());
    assert_passed(&sandbox.json(&["s06"]));
    assert_passed(&sandbox.json(&["s06", "--mine"]));
    // Step 10 stands on it.
    assert_passed(&sandbox.json(&["s10", "--mine"]));
    let traced = sandbox.tutor(&["trace", "s10"]);
    assert!(traced.stdout.contains("nothing to trace"), "{traced:?}");

    let experiment = "lessons/s06_position_embeddings/experiments";
    fs::create_dir_all(sandbox.path().join(experiment)).expect("it can be made");
    for ending in ["rs", "txt"] {
        let name = format!("{experiment}/end_of_table.{ending}");
        let text = fs::read(support::root().join(&name)).expect("the experiment is there");
        sandbox.write(&name, text);
    }
    let tried = sandbox.tutor(&["try", "s06", "end_of_table"]);
    assert_eq!(tried.code, 0, "{tried:?}");
}

/// The verdicts on two steps of a class of one, whose steps are the sandbox's.
fn graded(sandbox: &Sandbox, steps: &str, more: &[&str]) -> [Value; 2] {
    let class = tempfile::tempdir().expect("a folder for tests");
    let ann = class.path().join("submissions/ann");
    fs::create_dir_all(&ann).expect("it can be made");
    for step in sandbox.course().steps() {
        let name = format!("{}.rs", step.name);
        fs::write(ann.join(&name), sandbox.read(&format!("steps/{name}"))).expect("it can");
    }
    let out = class.path().join("grades");
    let mut command = sandbox.command(&["grade", "--steps", steps, "--out"]);
    command.arg(&out).args(more);
    command.arg(class.path().join("submissions"));
    let done = Done::from(command.output().expect("tutor can be started"));
    assert_eq!(done.code, 0, "{done:?}");
    let text = fs::read(out.join("results.json")).expect("there are results");
    let results: Value = serde_json::from_slice(&text).expect("they are JSON");
    [0, 1].map(|step| results["students"][0]["steps"][step].clone())
}

#[test]
fn so_it_is_in_a_class() {
    if is_left_out() {
        return;
    }
    let sandbox = solved();
    sandbox.write("steps/s06_position_embeddings.rs", made_by_step_05());
    for more in [&[][..], &["--mine"]] {
        for step in graded(&sandbox, "s06,s10", more) {
            assert_eq!(step["verdict"], "passed", "{more:?} {step:#}");
        }
    }
}

/// What is linked to a step is compiled first: a step that uses nothing more than the course says
/// is linked to nothing more, and its verdict takes as long as before.
#[test]
fn a_step_is_linked_to_what_it_uses_only() {
    let course = Course::find(support::root()).expect("the project is a course");
    for step in course.steps() {
        for path in [course.solution_file(step), course.skeleton_file(step)] {
            let text = fs::read_to_string(path).expect("the course is complete");
            let uses: Vec<usize> = course.uses(step, &text).into_iter().collect();
            assert_eq!(uses, step.needs, "{}", step.name);
        }
    }
}

#[test]
fn what_the_learners_package_lets_through_passes_on_ones_own_steps() {
    if is_left_out() {
        return;
    }
    let sandbox = solved();
    edit(
        &sandbox,
        "s04_mlp",
        "pub fn linear(",
        "pub(crate) fn half(x: f64) -> f64 {\n    x / 2.0\n}\n\n/// A projection.\npub fn linear(",
    );
    edit(
        &sandbox,
        "s07_attention",
        "use crate::s04_mlp::linear;",
        "use crate::s04_mlp::{half, linear};",
    );
    edit(
        &sandbox,
        "s07_attention",
        "(head_dim as f64).sqrt()",
        "half(head_dim as f64 * 2.0).sqrt()",
    );
    assert_passed(&sandbox.json(&["s07", "--mine"]));
    assert_passed(&sandbox.json(&["s09", "--mine"]));
    // The reference's step 04 has no such function.
    let (code, result) = sandbox.json(&["s07"]);
    assert_eq!(result["verdict"], "does_not_compile");
    assert_eq!(code, 1);

    for step in graded(&sandbox, "s07,s09", &["--mine"]) {
        assert_eq!(step["verdict"], "passed", "{step:#}");
    }

    // What it calls is still looked at.
    edit(
        &sandbox,
        "s07_attention",
        "softmax(scores + mask.unsqueeze(), 3)",
        "{ let _ = burn::nn::attention::generate_autoregressive_mask(1, seq, &mask.device()); softmax(scores + mask.unsqueeze(), 3) }",
    );
    let (_, result) = sandbox.json(&["s07", "--mine"]);
    assert_ne!(result["forbidden"], Value::Array(Vec::new()), "{result:#}");
    let [attention, block] = graded(&sandbox, "s07,s09", &["--mine"]);
    assert_eq!(attention["verdict"], "forbidden", "{attention:#}");
    // A forbidden call counts in the step that makes it.
    assert_eq!(block["verdict"], "passed", "{block:#}");

    // A later step is not offered, even where it would be in the same crate.
    let later = "use crate::s07_attention::CausalSelfAttention as _;\n";
    let text = sandbox.read("steps/s04_mlp.rs");
    sandbox.write(
        "steps/s04_mlp.rs",
        text.replacen("use crate::", &format!("{later}use crate::"), 1),
    );
    let (_, result) = sandbox.json(&["s07", "--mine"]);
    assert_eq!(result["verdict"], "earlier_step", "{result:#}");
    assert_eq!(result["details"]["step"], "s04");
}

#[test]
fn an_earlier_steps_fault_is_not_this_steps() {
    if is_left_out() {
        return;
    }
    let sandbox = solved();
    edit(
        &sandbox,
        "s06_position_embeddings",
        "past as i64..",
        "past as i64 + 1..1 + ",
    );
    let (code, result) = sandbox.json(&["s10", "--mine"]);
    assert_eq!(code, 1);
    assert_eq!(result["right_on_reference"], true, "{result:#}");
    assert_eq!(result["diagnosis"], Value::Array(Vec::new()));
    let shown = sandbox.tutor(&["run", "s10", "--mine"]).stdout;
    assert!(shown.contains("Your s10 itself is right"), "{shown}");
    assert!(shown.contains("Next: `tutor trace s10`"), "{shown}");

    // One that is wrong by itself has its own diagnosis.
    edit(&sandbox, "s10_model", "Ok(self.ln_f.forward(x))", "Ok(x)");
    let (_, result) = sandbox.json(&["s10", "--mine"]);
    assert_eq!(result["right_on_reference"], false, "{result:#}");
    let shown = sandbox.tutor(&["run", "s10", "--mine"]).stdout;
    assert!(!shown.contains("itself is right"), "{shown}");
}
