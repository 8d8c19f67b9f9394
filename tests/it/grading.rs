//! `tutor grade` from submissions to results.

use std::fs;

use crate::support::class::{Class, student, timeless};
use crate::support::{Done, Sandbox};

#[test]
fn each_gets_what_it_earns() {
    let results = Class::usual().graded(&[]);
    assert_eq!(results["version"], 2);
    assert_eq!(results["sandbox"], "enforced");
    let ann = student(&results, "ann");
    assert_eq!(ann["score"], 6);
    let bob = student(&results, "bob");
    assert_eq!(bob["steps"][0]["verdict"], "wrong_values");
    assert_eq!(bob["steps"][0]["file"], "steps/s01_scale.rs");
    let groups = bob["steps"][0]["groups"].as_array().expect("a list");
    let passed = groups.iter().filter(|group| *group == "passed").count();
    assert!(passed > 0 && passed < groups.len(), "{groups:?}");
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let share = (400.0 * passed as f64 / groups.len() as f64).floor() / 100.0;
    assert_eq!(bob["steps"][0]["score"].as_f64(), Some(share));
    // On the reference's first step, the second one is right.
    assert_eq!(bob["steps"][1]["score"], 2);
    let cyd = student(&results, "cyd");
    assert_eq!(cyd["score"], 0);
    assert_eq!(cyd["steps"][0]["verdict"], "not_started");
    let dee = student(&results, "dee");
    assert_eq!(dee["steps"][1]["verdict"], "missing");
    assert_eq!(dee["score"], 4);
}

#[test]
fn on_ones_own_steps_an_early_mistake_stays() {
    let results = Class::usual().graded(&["--mine"]);
    let bob = student(&results, "bob");
    assert_eq!(bob["steps"][1]["verdict"], "wrong_values");
    assert_eq!(student(&results, "ann")["score"], 6);
    let cyd = &student(&results, "cyd")["steps"][1];
    assert_eq!(cyd["verdict"], "not_started");
}

#[test]
fn an_own_step_that_is_missing_is_in_the_way() {
    let class = Class::new();
    class.hand_in(
        "ann/s02_twice.rs",
        &class.sandbox.read("solutions/s02_twice.rs"),
    );
    let results = class.graded(&["--mine"]);
    let step = &student(&results, "ann")["steps"][1];
    assert_eq!(step["verdict"], "earlier_step");
    assert!(
        step["text"]
            .as_str()
            .is_some_and(|text| text.contains("s01"))
    );
}

#[test]
fn steps_and_points_are_the_teachers() {
    let class = Class::usual();
    let results = class.graded(&["--steps", "2", "--points", "s02=30"]);
    assert_eq!(results["steps"].as_array().map(Vec::len), Some(1));
    assert_eq!(student(&results, "ann")["score"], 30);
    for (options, word) in [
        (vec!["--steps", "s09"], "s09"),
        (
            vec!["--steps", "s01", "--points", "s02=1"],
            "does not count",
        ),
        (vec!["--points", "s02=x"], "whole number"),
        (vec!["--shard", "3/2", "--seed", "1"], "3/16"),
        (vec!["--shard", "1/2"], "--seed"),
    ] {
        let done = class.grade("other", &options);
        assert_eq!(done.code, 2, "{options:?}: {done:?}");
        assert!(done.stderr.contains(word), "{options:?}: {}", done.stderr);
    }
}

#[test]
fn a_verdict_can_be_had_again_with_the_steps_seed() {
    let class = Class::usual();
    let results = class.graded(&[]);
    let seed = results["steps"][0]["seed"].to_string();
    let file = class.submissions().join("bob/steps/s01_scale.rs");
    let (code, again) = class.sandbox.json(&[
        "s01",
        "--seed",
        &seed,
        "--file",
        &file.display().to_string(),
    ]);
    assert_eq!(code, 1);
    assert_eq!(again["verdict"], "wrong_values");
    let first = again["details"]["first"]["got"].to_string();
    let text = student(&results, "bob")["steps"][0]["text"]
        .as_str()
        .expect("a text");
    // Six digits of it are shown.
    assert!(text.contains(&first[..6]), "{first}: {text}");
    assert_ne!(results["seed"].to_string(), seed);
}

#[test]
fn answers_for_the_public_seed_earn_nothing() {
    let class = Class::new();
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    // With the default seed this is right: a table of all that the check asks for.
    let (_, honest) = class.sandbox.json(&[
        "s01",
        "--file",
        &class
            .sandbox
            .path()
            .join("solutions/s01_scale.rs")
            .display()
            .to_string(),
    ]);
    assert_eq!(honest["verdict"], "passed");
    let printing = solution.replace(
        "        x * self.weight.val().unsqueeze()",
        "        let y: Tensor<2> = x * self.weight.val().unsqueeze();\n        \
         println!(\"{:?} {:?}\", y.dims(), y.to_data().to_vec::<f32>().unwrap_or_default());\n        y",
    );
    class.sandbox.write("printing.rs", printing);
    let (_, told) = class.sandbox.json(&[
        "s01",
        "--file",
        &class
            .sandbox
            .path()
            .join("printing.rs")
            .display()
            .to_string(),
    ]);
    let mut table = String::new();
    for line in told["stdout"].as_str().expect("it prints").lines() {
        let (shape, values) = line.split_once("] [").expect("a shape and values");
        table.push_str(&format!(
            "(vec!{shape}], vec![{}),\n",
            values
                .replace(", ", "f32, ")
                .replace(']', "f32]")
                .replace("-inff32", "0f32")
        ));
    }
    let cheat = solution.replace(
        "        x * self.weight.val().unsqueeze()",
        &format!(
            "        static CALLS: std::sync::atomic::AtomicUsize = \
             std::sync::atomic::AtomicUsize::new(0);\n        let known: Vec<(Vec<usize>, Vec<f32>)> \
             = vec![{table}];\n        let call = \
             CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);\n        let (shape, values) = \
             known[call % known.len()].clone();\n        \
             Tensor::from_data(burn::tensor::TensorData::new(values, shape), &x.device())"
        ),
    );
    class.sandbox.write("cheat.rs", &cheat);
    let (_, public) = class.sandbox.json(&[
        "s01",
        "--file",
        &class.sandbox.path().join("cheat.rs").display().to_string(),
    ]);
    assert_eq!(public["verdict"], "passed", "the cheat is one: {public:#}");
    class.hand_in("cheat/s01_scale.rs", &cheat);
    let results = class.graded(&["--steps", "s01"]);
    let step = &student(&results, "cheat")["steps"][0];
    assert_eq!(step["verdict"], "wrong_values");
    assert_ne!(step["score"], 4);
}

#[test]
fn strange_submissions_are_marked_and_the_run_goes_on() {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    fs::create_dir(class.submissions().join("empty")).expect("it is new");
    class.hand_in("notes/s01_scale.rs", "");
    class.hand_in("=cmd/s01_scale.rs", &scale);
    class.hand_in("<b>zoë/s01_scale.rs", &scale);
    class.hand_in("ann.zip", "no archive");
    let path = class.submissions().join("big/s01_scale.rs");
    fs::create_dir(class.submissions().join("big")).expect("it is new");
    let file = fs::File::create(path).expect("it is new");
    file.set_len(1 << 30).expect("it is sparse");
    for (id, start) in [("latin", &b"// \xe9\n"[..]), ("binary", b"\xe9\0")] {
        class.hand_in(&format!("{id}/s01_scale.rs"), "");
        let path = class.submissions().join(id).join("s01_scale.rs");
        let text = [start, scale.as_bytes()].concat();
        fs::write(path, text).expect("it can be written");
    }
    let results = class.graded(&["--steps", "s01"]);
    for (id, verdict) in [
        ("empty", "missing"),
        ("notes", "unreadable"),
        ("=cmd", "passed"),
        ("<b>zoë", "passed"),
        ("ann.zip", "missing"),
        ("big", "unreadable"),
        ("latin", "passed"),
        ("binary", "unreadable"),
        ("dee", "passed"),
    ] {
        assert_eq!(
            student(&results, id)["steps"][0]["verdict"],
            verdict,
            "{id}"
        );
    }
    // `ann` and `ann.zip` would both be `ann`.
    let ann = student(&results, "ann.zip");
    assert!(
        ann["notes"]
            .as_array()
            .is_some_and(|notes| notes.len() >= 2),
        "{ann:#}"
    );
    let csv = fs::read_to_string(class.out("grades").join("grades.csv")).expect("it is there");
    assert!(csv.contains("'=cmd"), "{csv}");
}

#[test]
fn nothing_to_grade_is_told() {
    let class = Class::new();
    let done = class.grade("grades", &[]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("next:"), "{}", done.stderr);
    fs::remove_dir(class.submissions()).expect("it is empty");
    assert_eq!(class.grade("grades", &[]).code, 2);
}

#[test]
fn one_submission_is_not_taken_for_a_class() {
    let class = Class::usual();
    let mut command = class.sandbox.command(&["grade"]);
    command.arg(class.submissions().join("ann"));
    let done = Done::from(command.output().expect("tutor can be started"));
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("--single"), "{}", done.stderr);
}

#[test]
fn one_submission_by_itself() {
    let class = Class::usual();
    let mut command = class.sandbox.command(&["grade", "--single", "--out"]);
    command
        .arg(class.out("one"))
        .args(["--formats", "gradescope"])
        .arg(class.submissions().join("bob"));
    let done = Done::from(command.output().expect("tutor can be started"));
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("one");
    assert_eq!(results["students"].as_array().map(Vec::len), Some(1));
    let file = class.out("one").join("gradescope/bob.json");
    let text = fs::read_to_string(file).expect("it is there");
    assert!(text.contains("s01"), "{text}");
}

#[test]
fn without_a_sandbox_the_results_say_so() {
    let results = Class::usual().graded(&["--no-sandbox"]);
    assert_eq!(results["sandbox"], "off");
    assert_eq!(student(&results, "ann")["score"], 6);
}

#[test]
fn the_table_shows_everybody() {
    let class = Class::usual();
    let done = class.grade("grades", &[]);
    for id in ["ann", "bob", "cyd", "dee"] {
        assert!(done.stdout.contains(id), "{}", done.stdout);
    }
    assert!(!done.stdout.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn results_have_no_colours_even_if_the_terminal_has() {
    let class = Class::usual();
    let mut command = class.command("grades", &[]);
    let output = command.env("CLICOLOR_FORCE", "1").output();
    let done = Done::from(output.expect("tutor can be started"));
    assert!(done.stdout.contains('\u{1b}'), "{}", done.stdout);
    let files = timeless(&class.out("grades"));
    assert!(files.len() > 1);
    for (name, text) in files {
        assert!(
            !text.contains('\u{1b}') && !text.contains("u001b"),
            "{name}"
        );
    }
}

#[test]
fn a_seed_for_all_parts_can_be_had() {
    let sandbox = Sandbox::small();
    let [a, b] = [(); 2].map(|()| sandbox.tutor(&["grade", "seed"]));
    assert_eq!(a.code, 0);
    assert!(a.stdout.trim().parse::<u64>().is_ok());
    assert_ne!(a.stdout, b.stdout);
}
