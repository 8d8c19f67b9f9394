//! `tutor course check`: a sound course has no flaws, and what is planted in one is found, with file
//! and line.

mod planted;

use serde_json::Value;
use tutor::engine::observe::{RunEnding, Seed};

use crate::support::workshop::Workshop;
use crate::support::{Sandbox, copy, root};

/// A small course with all that a course may have, and nothing wrong with it.
fn sound() -> Sandbox {
    let sandbox = Sandbox::small();
    copy(&root().join("tests/it/fixtures/sound"), sandbox.path());
    let drawn = sandbox.tutor(&["course", "draw", "s01"]);
    assert_eq!(drawn.code, 0, "{drawn:?}");
    sandbox
}

/// The flaws as `file:line what`, and the exit code.
fn flaws(sandbox: &Sandbox, more: &[&str]) -> (i32, Vec<String>) {
    let mut args = vec!["course", "check", "--format", "json"];
    args.extend(more);
    let done = sandbox.tutor(&args);
    let value: Value =
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"));
    let flaws = value["flaws"].as_array().expect("flaws are listed").iter();
    let said = |flaw: &Value| {
        let word = |key: &str| flaw[key].as_str().unwrap_or_default().to_owned();
        let line = flaw["line"]
            .as_u64()
            .map_or_else(String::new, |line| line.to_string());
        assert!(
            sandbox
                .path()
                .join(word("file"))
                .starts_with(sandbox.path())
        );
        format!("{}:{line} {}", word("file"), word("what"))
    };
    (done.code, flaws.map(said).collect())
}

/// Writes `new` in place of `old`, which has to be there.
fn plant(sandbox: &Sandbox, file: &str, old: &str, new: &str) {
    let text = sandbox.read(file);
    assert!(text.contains(old), "{file}: {old}");
    sandbox.write(file, text.replacen(old, new, 1));
}

/// Holds that `found` is one flaw for each of `wanted`: its file and line, and words of it.
fn assert_found(found: &[String], wanted: &[(&str, &str)]) {
    for (place, words) in wanted {
        let is_it = |flaw: &&String| flaw.starts_with(&format!("{place} ")) && flaw.contains(words);
        assert!(
            found.iter().any(|flaw| is_it(&flaw)),
            "{place} {words}\n{found:#?}"
        );
    }
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
}

#[test]
fn a_sound_course_has_no_flaws() {
    let sandbox = sound();
    let (code, found) = flaws(&sandbox, &["--seeds", "4"]);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(code, 0);
    let done = sandbox.tutor(&["course", "check", "s02", "--quick", "--budget"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("No flaw was found in 1 step"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains(" ms "), "{}", done.stdout);
    assert_eq!(sandbox.tutor(&["course", "check", "s07"]).code, 2);
}

#[test]
fn what_is_planted_is_found() {
    let sandbox = sound();
    let planted = [
        planted::in_files(&sandbox),
        planted::in_programs(&sandbox),
        planted::in_whole_programs(&sandbox),
        planted::in_lessons(&sandbox),
    ];
    let planted = planted.concat();
    let (code, found) = flaws(&sandbox, &["--seeds", "1"]);
    assert_eq!(code, 1);
    assert!(planted.len() > 25);
    let wanted: Vec<(&str, &str)> = (planted.iter())
        .map(|(place, words)| (place.as_str(), *words))
        .collect();
    assert_found(&found, &wanted);
}

/// What keeps everything else from being looked at is told alone.
#[test]
fn a_solution_that_does_not_stand_is_told_alone() {
    let sandbox = sound();
    plant(&sandbox, "solutions/s01_scale.rs", "rows <= 4", "rows <= 1");
    let (code, found) = flaws(&sandbox, &["--quick"]);
    assert_eq!(code, 1);
    let panics = "the solution with its check panics in `scaled rows`: 2 rows are too many";
    let wrong = "the solution with its check panics in `scaled twice`: 2 rows are too many";
    assert_found(&found, &[("solutions/s01_scale.rs:25", panics)]);
    plant(
        &sandbox,
        "solutions/s01_scale.rs",
        "rows <= 1",
        "rows <= four",
    );
    let (_, found) = flaws(&sandbox, &["--quick"]);
    let compile = "does not compile: cannot find value `four`";
    assert_found(&found, &[("solutions/s01_scale.rs:25", compile)]);
    plant(
        &sandbox,
        "solutions/s01_scale.rs",
        "rows <= four",
        "rows <= 1",
    );
    let (_, found) = flaws(&sandbox, &["s02", "--quick"]);
    assert_found(&found, &[("solutions/s01_scale.rs:25", wrong)]);
}

#[test]
fn a_check_that_does_not_repeat_and_a_skeleton_that_asks_nothing_are_told() {
    let sandbox = sound();
    let check = "checks/s02_twice/check.rs";
    let number = "o.text(\"process\", std::process::id());\n        o.tensor(\"output\"";
    plant(&sandbox, check, "o.tensor(\"output\"", number);
    plant(
        &sandbox,
        "course.toml",
        "milliseconds = 60000",
        "milliseconds = 1",
    );
    let solution = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("checks/s01_scale/skeleton.rs", &solution);
    plant(
        &sandbox,
        "solutions/s01_scale.rs",
        "\"scale\".into()",
        "let unused = 1; \"scale\".into()",
    );
    let (_, found) = flaws(&sandbox, &["--quick", "--budget"]);
    let is_told = |place: &str, words: &str| {
        let mut flaws = found.iter();
        flaws.any(|flaw| flaw.starts_with(&format!("{place} ")) && flaw.contains(words))
    };
    for (place, words) in [
        ("checks/s02_twice/check.rs:", "does not show the same twice"),
        ("checks/s02_twice/check.rs:", "`process` in `scaled twice`"),
        ("checks/s01_scale/check.rs:", "`course.toml` allows 1"),
        ("checks/s01_scale/skeleton.rs:", "is judged \"passed\""),
        (
            "solutions/s01_scale.rs:32",
            "rustc warns of the solution: unused variable",
        ),
    ] {
        assert!(is_told(place, words), "{place} {words}\n{found:#?}");
    }
}

/// One that takes its process down takes nothing else with it, and what remembers an earlier call
/// is asked in a process of its own each time.
#[test]
fn programs_that_die_or_remember_are_run_alone() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    let step = &workshop.course.steps()[1];
    let solution = std::fs::read_to_string(workshop.course.solution_file(step));
    let solution = solution.expect("it is there");
    let with = |code: &str| {
        let (head, body) = solution.split_once(" {\n").expect("it has a body");
        format!("{head} {{\n    {code}\n{body}")
    };
    // Wrong in a process's first call, and in no other.
    let remembers = "static CALLS: std::sync::atomic::AtomicUsize = \
                     std::sync::atomic::AtomicUsize::new(0);\n    \
                     if CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {\n        \
                     return Tensor::ones([new, past + new], device);\n    }";
    let endless = "fn deeper(n: u64) -> u64 { if n == u64::MAX { 0 } else { deeper(n + 1) + n } }\n    \
                   assert!(deeper(0) < 7);";
    let programs = [
        solution.clone(),
        with("std::process::abort();"),
        with(endless),
        with("std::process::exit(0);"),
        with("loop { std::hint::spin_loop(); }"),
        with(remembers),
        solution.clone(),
    ];
    let sources: Vec<&str> = programs.iter().map(String::as_str).collect();
    let time = std::time::Duration::from_secs(3);
    let seeds = [Seed(1), Seed(2)];
    let batch = pipeline.compile_batch(step, &sources, time);
    let batch = batch.unwrap_or_else(|e| panic!("{e}"));
    assert!(batch.misfits().iter().all(Option::is_none));
    let shown = pipeline.run_batch(&batch, &seeds, time);
    let mut shown_here = Vec::new();
    for runs in shown.unwrap_or_else(|e| panic!("{e}")) {
        let runs: Vec<_> = (runs.into_iter())
            .map(|run| run.expect("it compiled"))
            .collect();
        let endings: Vec<&RunEnding> = runs.iter().map(|run| &run.ending).collect();
        assert_eq!(endings[0], &RunEnding::Finished);
        assert!(matches!(endings[1], RunEnding::Signalled(_)), "{endings:?}");
        assert_eq!(endings[2], &RunEnding::StackOverflow);
        assert_eq!(endings[3], &RunEnding::Exited(0));
        assert!(
            matches!(endings[4], RunEnding::TimedOut { .. }),
            "{endings:?}"
        );
        assert_eq!(endings[5..], [&RunEnding::Finished; 2]);
        assert_ne!(runs[5].observations, runs[0].observations);
        assert_eq!(runs[6].observations, runs[0].observations);
        shown_here.push(runs[0].observations.clone());
    }
    // What runs behind others shows what it shows by itself.
    for (seed, shown) in seeds.into_iter().zip(shown_here) {
        let by_itself = pipeline.reference(step, seed, time);
        assert_eq!(shown, by_itself.unwrap_or_else(|e| panic!("{e}")));
    }
}
