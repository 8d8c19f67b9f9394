//! The real course: every solution passes, every skeleton is not started, and the two differ in
//! nothing but what the learner is to write.

use std::collections::VecDeque;
use std::fs;

use quote::ToTokens;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use tutor::course::Course;

use crate::support::{self, Sandbox};

fn course() -> Course {
    Course::find(support::root()).expect("the project is a course")
}

fn results(sandbox: &Sandbox, args: &[&str]) -> (i32, Vec<Value>) {
    let done = sandbox.tutor(args);
    let value: Value = serde_json::from_str(&done.stdout).expect("JSON was asked for");
    let results = value["results"].as_array().expect("results are listed");
    (done.code, results.clone())
}

#[test]
fn skeletons_are_not_started_and_solutions_pass() {
    let sandbox = Sandbox::real();
    let all = ["run", "all", "--format", "json"];
    let (code, untouched) = results(&sandbox, &all);
    assert_eq!(code, 1);
    assert_eq!(untouched.len(), 12);
    for result in &untouched {
        assert_eq!(result["verdict"], "not_started", "{result:#}");
        assert!(result["at"]["line"].is_u64(), "{result:#}");
    }

    for step in course().steps() {
        let solution = sandbox.read(&format!("solutions/{}.rs", step.name));
        sandbox.write(&format!("steps/{}.rs", step.name), solution);
    }
    let (code, solved) = results(&sandbox, &all);
    for result in &solved {
        assert_eq!(result["verdict"], "passed", "{result:#}");
        assert_eq!(result["warnings"], Value::Array(Vec::new()), "{result:#}");
        let memory = result["peak_memory"].as_u64().expect("it is measured");
        assert!(memory < 300 << 20, "{} took {memory} bytes", result["step"]);
    }
    assert_eq!(code, 0);

    let (code, mine) = results(&sandbox, &["run", "all", "--mine", "--format", "json"]);
    assert!(
        mine.iter().all(|result| result["verdict"] == "passed"),
        "{mine:#?}"
    );
    assert_eq!(code, 0);
}

/// Empties the bodies of the functions that it is told to.
struct Emptier<F>(F);

impl<F: FnMut(&syn::Ident, &syn::Block) -> bool> VisitMut for Emptier<F> {
    fn visit_item_fn_mut(&mut self, f: &mut syn::ItemFn) {
        if (self.0)(&f.sig.ident, &f.block) {
            f.block.stmts.clear();
        }
    }

    fn visit_impl_item_fn_mut(&mut self, f: &mut syn::ImplItemFn) {
        if (self.0)(&f.sig.ident, &f.block) {
            f.block.stmts.clear();
        }
    }
}

#[test]
fn skeletons_differ_from_solutions_in_todos_only() {
    let course = course();
    for step in course.steps() {
        let parse = |path: std::path::PathBuf| {
            let text = fs::read_to_string(&path).expect("the course is complete");
            syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let mut skeleton = parse(course.skeleton_file(step));
        let mut solution = parse(course.solution_file(step));
        let mut todos = VecDeque::new();
        let mut emptier = Emptier(|name: &syn::Ident, body: &syn::Block| {
            let is_todo = body.to_token_stream().to_string() == "{ todo ! () }";
            if is_todo {
                todos.push_back(name.to_string());
            }
            is_todo
        });
        emptier.visit_file_mut(&mut skeleton);
        assert!(!todos.is_empty(), "{} asks for nothing", step.name);
        // The same functions in the same order.
        let mut emptier = Emptier(|name: &syn::Ident, _: &syn::Block| {
            let is_next = todos.front().is_some_and(|next| name == next);
            if is_next {
                todos.pop_front();
            }
            is_next
        });
        emptier.visit_file_mut(&mut solution);
        assert!(todos.is_empty(), "{}: {todos:?}", step.name);
        assert_eq!(
            skeleton.to_token_stream().to_string(),
            solution.to_token_stream().to_string(),
            "{}",
            step.name
        );
    }
}

/// What `tutor` shows and resets is not what the learner edits and commits.
#[test]
fn reset_brings_the_skeleton_back_from_anything() {
    let sandbox = Sandbox::real();
    let skeleton = sandbox.read("checks/s06_position_embeddings/skeleton.rs");
    sandbox.write("steps/s06_position_embeddings.rs", "half of it");
    let done = sandbox.tutor(&["reset", "6"]);
    assert_eq!(done.code, 0);
    assert_eq!(sandbox.read("steps/s06_position_embeddings.rs"), skeleton);
    let backup = ".tutor/backups/s06_position_embeddings.rs";
    assert!(done.stdout.contains(backup), "{}", done.stdout);
    assert_eq!(sandbox.read(backup), "half of it");

    sandbox.write("steps/s06_position_embeddings.rs", b"\xff");
    assert_eq!(sandbox.tutor(&["reset", "s06"]).code, 0);
    assert_eq!(sandbox.read(backup), "half of it", "an older copy is kept");

    let again = sandbox.tutor(&["reset", "s06"]);
    assert!(again.stdout.contains("already"), "{}", again.stdout);
    assert_eq!(sandbox.tutor(&["show", "skeleton", "06"]).stdout, skeleton);
}
