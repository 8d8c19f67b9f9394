//! `tutor course check`: a sound course has no flaws, and what is planted in one is found, with file
//! and line.

use serde_json::Value;
use tutor::engine::observe::{RunEnding, Seed};

use crate::support::workshop::Workshop;
use crate::support::{Sandbox, copy, root};

/// A small course with all that a course may have, and nothing wrong with it.
fn sound() -> Sandbox {
    let sandbox = Sandbox::small();
    copy(&root().join("tests/it/fixtures/sound"), sandbox.path());
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
    // The files of a step.
    let skeleton = "checks/s02_twice/skeleton.rs";
    plant(
        &sandbox,
        skeleton,
        "`scale` of `scale` of `x`",
        "`scale` of `x`",
    );
    std::fs::remove_file(sandbox.path().join("steps/s02_twice.rs")).expect("it was there");
    sandbox.write("steps/s01_scale.rs", "//! Half of it.\nfn f( {\n");
    plant(
        &sandbox,
        "solutions/lib.rs",
        "pub mod s02_twice;",
        "// pub mod s02_twice;",
    );
    plant(&sandbox, "course.toml", "variants = 1", "variants = 2");

    // What the check sees.
    let mistakes = "checks/s01_scale/mistakes.toml";
    let text = sandbox.read(mistakes);
    let lines = text.lines().count();
    let edit = |id: &str, find: &str, replace: &str| {
        format!(
            "\n[[mistake]]\nid = \"{id}\"\nwhat = \"w\"\nnudge = \"n\"\n\
             [[mistake.edit]]\nfind = '{find}'\nreplace = '{replace}'\n"
        )
    };
    let planted = edit("harmless", "rows <= 4", "rows < 5")
        + &edit("no-rust", "rows <= 4", "rows <= four")
        + &edit(
            "adds-too",
            "x * self.weight.val().unsqueeze()",
            "self.weight.val().unsqueeze() + x",
        );
    sandbox.write(mistakes, text + &planted);
    let harmless = format!("{mistakes}:{}", lines + 3);
    let no_rust = format!("{mistakes}:{}", lines + 11);
    let twin = format!("{mistakes}:{}", lines + 19);
    let shortcuts = "checks/s01_scale/shortcuts.toml";
    plant(&sandbox, shortcuts, "rows == 2", "rows == 7");
    let near_misses = "checks/s01_scale/near_misses.toml";
    let text = sandbox.read(near_misses);
    let named = text
        .replace("\"subtracts\"", "\"negative\"")
        .replace("x - self", "-x * self");
    sandbox.write(near_misses, text + &named + "named = []\n");
    plant(
        &sandbox,
        near_misses,
        "what =",
        "named = [\"no-such\"]\nwhat =",
    );
    plant(&sandbox, near_misses, "named = []\n", "");
    let once = "checks/s02_twice/mistakes.toml";
    plant(
        &sandbox,
        once,
        "find = \"scale.forward(scale.forward(x))\"",
        "find = \"absent\"",
    );
    let variant = sandbox.read("checks/s01_scale/variants/expanded.rs");
    sandbox.write(
        "checks/s01_scale/variants/shifted.rs",
        variant.replace("x.dims()) * x", "x.dims()) * x + 1"),
    );
    sandbox.write(
        "checks/s01_scale/variants/torn.rs",
        variant.replace("* x", "* y"),
    );
    sandbox.write("checks/s01_scale/delegations/nothing.rs", variant);
    let trace = "checks/s02_twice/trace.rs";
    plant(
        &sandbox,
        trace,
        "o.tensor(\"x\", x.clone());",
        "o.tensor(\"x\", z);",
    );

    // The lesson.
    let lesson = "lessons/s01_scale/lesson.md";
    plant(&sandbox, lesson, "## Next", "## What next");
    plant(&sandbox, lesson, "is 0.375", "is 0.376");
    plant(&sandbox, lesson, "x.clone() * x;", "x.clone() * y;");
    plant(&sandbox, lesson, "lesson.md#by-hand", "lesson.md#on-foot");
    plant(&sandbox, lesson, "(#scale)", "(gone.md)");
    let other = "lessons/s02_twice/lesson.md";
    plant(&sandbox, other, "`tutor run s02`", "`tutor`");
    plant(&sandbox, other, "<details>", "<p>");
    plant(
        &sandbox,
        "lessons/s01_scale/experiments/twofold.txt",
        "[1.0, 2.0]",
        "[1.0, 3.0]",
    );
    plant(
        &sandbox,
        "lessons/s01_scale/experiments/twofold.rs",
        "Ask:",
        "Asks:",
    );
    let hints = "lessons/s01_scale/hints.toml";
    plant(&sandbox, hints, "\"adds\"", "\"sums\"");
    plant(&sandbox, hints, "\"scaled rows\"", "\"rows\"");
    sandbox.write("lessons/s02_twice/hints.toml", "");

    let (code, found) = flaws(&sandbox, &["--seeds", "1"]);
    assert_eq!(code, 1);
    assert_found(
        &found,
        &[
            (
                "checks/s02_twice/skeleton.rs:7",
                "differs from the solution",
            ),
            ("steps/s02_twice.rs:", "cannot be read"),
            ("steps/s01_scale.rs:2", "is no Rust"),
            ("solutions/lib.rs:", "does not declare `pub mod s02_twice;`"),
            ("checks/s02_twice/variants:", "has 1 variants"),
            (&harmless, "the known mistake `harmless` passes with seed 1"),
            (
                &no_rust,
                "`no-rust` does not compile: cannot find value `four`",
            ),
            (&twin, "shows the same as `adds`"),
            (
                "checks/s01_scale/mistakes.toml:4",
                "shows the same as `adds-too`",
            ),
            ("checks/s01_scale/shortcuts.toml:4", "`two-rows` passes"),
            (
                "checks/s01_scale/near_misses.toml:4",
                "`no-such`, which is no known mistake",
            ),
            (
                "checks/s01_scale/near_misses.toml:14",
                "is wrongly taken for `negates` with seed 1",
            ),
            (
                "checks/s02_twice/mistakes.toml:9",
                "stands in the solution 0 times",
            ),
            (
                "checks/s01_scale/variants/shifted.rs:",
                "does not pass (wrong values",
            ),
            (
                "checks/s01_scale/variants/torn.rs:",
                "does not compile: cannot find value `y`",
            ),
            (
                "checks/s01_scale/delegations/nothing.rs:",
                "nothing in `forbids` notices",
            ),
            ("checks/s02_twice/trace.rs:12", "the trace does not compile"),
            (
                "lessons/s01_scale/lesson.md:23",
                "the heading `Next` should stand here",
            ),
            ("lessons/s01_scale/lesson.md:7", "0.376 is not computed"),
            ("lessons/s01_scale/lesson.md:11", "cannot find value `y`"),
            ("lessons/s01_scale/lesson.md:25", "no heading there"),
            ("lessons/s01_scale/lesson.md:25", "no such file"),
            (
                "lessons/s02_twice/lesson.md:",
                "does not mention `tutor run`",
            ),
            ("lessons/s02_twice/lesson.md:", "has 0 answers"),
            (
                "lessons/s01_scale/experiments/twofold.txt:2",
                "prints here now: after: Ok([1.0, 2.0])",
            ),
            ("lessons/s01_scale/experiments/twofold.rs:1", "does not ask"),
            (
                "lessons/s01_scale/hints.toml:5",
                "no known mistake is called `sums`",
            ),
            (
                "lessons/s01_scale/hints.toml:10",
                "no group of the check is called `rows`",
            ),
            ("lessons/s02_twice/hints.toml:", "has 0 general hints"),
        ],
    );
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
