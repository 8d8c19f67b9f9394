//! `tutor grade` from submissions to results.

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use serde_json::Value;
use support::{Done, Sandbox};
use tempfile::TempDir;

/// A class of the course for tests, and where its results go.
struct Class {
    sandbox: Sandbox,
    folder: TempDir,
}

const WRONG: (&str, &str) = ("x * self.weight", "x * 2.0 * self.weight");

impl Class {
    fn new() -> Self {
        let class = Self {
            sandbox: Sandbox::small(),
            folder: tempfile::tempdir().expect("a folder for tests"),
        };
        fs::create_dir(class.submissions()).expect("the folder is new");
        class
    }

    /// Somebody right, somebody wrong, somebody who has not begun, somebody with half of it.
    fn usual() -> Self {
        let class = Self::new();
        let scale = class.sandbox.read("solutions/s01_scale.rs");
        let twice = class.sandbox.read("solutions/s02_twice.rs");
        class.hand_in("ann/s01_scale.rs", &scale);
        class.hand_in("ann/s02_twice.rs", &twice);
        class.hand_in("bob/steps/s01_scale.rs", &scale.replace(WRONG.0, WRONG.1));
        class.hand_in("bob/steps/s02_twice.rs", &twice);
        let skeleton = class.sandbox.read("checks/s01_scale/skeleton.rs");
        class.hand_in("cyd/s01_scale.rs", &skeleton);
        class.hand_in(
            "cyd/s02_twice.rs",
            &class.sandbox.read("checks/s02_twice/skeleton.rs"),
        );
        class.hand_in("dee/s01_scale.rs", &scale);
        class
    }

    fn submissions(&self) -> PathBuf {
        self.folder.path().join("class")
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn hand_in(&self, name: &str, text: &str) {
        let path = self.submissions().join(name);
        fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn command(&self, out: &str, more: &[&str]) -> std::process::Command {
        let mut command = self.sandbox.command(&["grade", "--out"]);
        command
            .arg(self.out(out))
            .args(more)
            .arg(self.submissions());
        command
    }

    fn grade(&self, out: &str, more: &[&str]) -> Done {
        Done::from(
            self.command(out, more)
                .output()
                .expect("tutor can be started"),
        )
    }

    fn results(&self, out: &str) -> Value {
        let text = fs::read(self.out(out).join("results.json")).expect("there are results");
        serde_json::from_slice(&text).expect("they are JSON")
    }

    /// Grades and reads.
    fn graded(&self, more: &[&str]) -> Value {
        let done = self.grade("grades", more);
        assert_eq!(done.code, 0, "{done:?}");
        self.results("grades")
    }
}

fn student<'a>(results: &'a Value, id: &str) -> &'a Value {
    results["students"]
        .as_array()
        .and_then(|all| all.iter().find(|student| student["id"] == id))
        .unwrap_or_else(|| panic!("`{id}` is not among the results: {results:#}"))
}

/// All files of results but for the times in them.
fn timeless(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(place) = folders.pop() {
        for entry in fs::read_dir(&place).expect("there are results") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .expect("it is below")
                .display()
                .to_string();
            let text = fs::read_to_string(&path).expect("it is text");
            let mut text = without_times(&text);
            if name.ends_with(".jsonl") {
                // In the order in which students were done.
                let mut lines: Vec<&str> = text.lines().collect();
                lines[1..].sort_unstable();
                text = lines.join("\n");
            }
            found.push((name, text));
        }
    }
    found.sort();
    found
}

/// Without what follows the words that announce a time.
fn without_times(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    let words = [
        "\"started\":",
        "\"seconds\":[",
        "\"start\": ",
        "\"stop\": ",
        "\"duration\": ",
        "\"timestamp\": ",
        " time=\"",
        " timestamp=\"",
    ];
    while let Some((at, word)) = words
        .iter()
        .filter_map(|word| rest.find(word).map(|at| (at, *word)))
        .min()
    {
        let (before, behind) = rest.split_at(at + word.len());
        kept.push_str(before);
        let end: &[char] = match word {
            "\"seconds\":[" => &[']'],
            " time=\"" | " timestamp=\"" => &['"'],
            _ => &[',', '\n', '}'],
        };
        rest = behind.find(end).map_or("", |end| &behind[end..]);
    }
    kept + rest
}

#[test]
fn each_gets_what_it_earns() {
    let results = Class::usual().graded(&[]);
    assert_eq!(results["version"], 1);
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
fn killed_at_any_moment_it_goes_on_to_the_same_result() {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    for number in 0..4 {
        class.hand_in(
            &format!("more-{number}/s01_scale.rs"),
            &format!("{scale}// {number}\n"),
        );
    }
    let seed = ["--seed", "4711", "--jobs", "2"];
    let started = Instant::now();
    assert_eq!(class.grade("whole", &seed).code, 0);
    let whole = started.elapsed();
    let expected = timeless(&class.out("whole"));
    // Twenty moments, no two alike, none chosen: the clock decides.
    let mut noise = u64::from(std::process::id());
    let mut kills = 0;
    for _ in 0..20 {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let part = u32::try_from(noise >> 40).expect("24 bits") % 1000;
        let mut again = vec!["--resume"];
        again.extend(seed);
        let mut child = class
            .command("killed", &again)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tutor can be started");
        thread::sleep(whole * part / 1000);
        if child.try_wait().expect("it was started").is_none() {
            child.kill().expect("it runs");
            kills += 1;
        }
        child.wait().expect("it was started");
    }
    assert!(kills >= 3, "only {kills} of 20 were killed in time");
    let mut again = vec!["--resume"];
    again.extend(seed);
    let done = class.grade("killed", &again);
    assert_eq!(done.code, 0, "{done:?}");
    let got = timeless(&class.out("killed"));
    for (got, expected) in got.iter().zip(&expected) {
        assert_eq!(got, expected);
    }
    assert_eq!(got.len(), expected.len());
    // Nothing is left of what was killed.
    let store = tutor::kit::folder(&class.sandbox.course());
    let left: Vec<PathBuf> = fs::read_dir(store)
        .expect("it is there")
        .flatten()
        .flat_map(|entry| fs::read_dir(entry.path()).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.display().to_string().contains("grading-"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn parts_are_put_together_to_the_same_result() {
    let class = Class::usual();
    let seed = ["--seed", "99"];
    assert_eq!(class.grade("whole", &seed).code, 0);
    let mut parts = Vec::new();
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part-{number}"));
        let done = class.grade(&out, &["--seed", "99", "--shard", &shard]);
        assert_eq!(done.code, 0, "{done:?}");
        parts.push(class.out(&out));
    }
    let merge = |parts: &[PathBuf], out: &str| {
        let mut command = class.sandbox.command(&["grade", "merge"]);
        command.args(parts).arg("--out").arg(class.out(out));
        Done::from(command.output().expect("tutor can be started"))
    };
    let done = merge(&parts, "merged");
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        fs::read(class.out("whole").join("results.json")).expect("it is there"),
        fs::read(class.out("merged").join("results.json")).expect("it is there"),
    );
    assert_eq!(
        timeless(&class.out("whole")),
        timeless(&class.out("merged"))
    );

    let missing = merge(&parts[..2], "two");
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("3/3"), "{}", missing.stderr);
    let twice = merge(&[&parts[..], &parts[..1]].concat(), "twice");
    assert!(twice.stderr.contains("twice"), "{}", twice.stderr);
    let whole = merge(&[class.out("whole")], "no-part");
    assert!(
        whole.stderr.contains("without `--shard`"),
        "{}",
        whole.stderr
    );
    fs::remove_file(parts[0].join("results.json")).expect("it is there");
    let unfinished = merge(&parts, "unfinished");
    assert!(
        unfinished.stderr.contains("--resume"),
        "{}",
        unfinished.stderr
    );
    class.grade("part-1", &["--seed", "98", "--shard", "1/3", "--resume"]);
    let done = class.grade("other", &["--seed", "98", "--shard", "1/3"]);
    assert_eq!(done.code, 0, "{done:?}");
    let mixed = [class.out("other"), parts[1].clone(), parts[2].clone()];
    let mixed = merge(&mixed, "mixed");
    assert!(mixed.stderr.contains("another seed"), "{}", mixed.stderr);
}

#[test]
fn results_by_other_terms_are_not_gone_on_with() {
    let class = Class::usual();
    class.graded(&["--seed", "5"]);
    let again = class.grade("grades", &["--seed", "5"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("--resume"), "{}", again.stderr);
    for (options, word) in [
        (vec!["--resume", "--seed", "6"], "another seed"),
        (vec!["--resume", "--mine"], "--mine"),
        (vec!["--resume", "--steps", "s01"], "--steps"),
        (vec!["--resume", "--timeout", "3"], "--timeout"),
    ] {
        let done = class.grade("grades", &options);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(word), "{}", done.stderr);
    }
    let check = class.sandbox.read("checks/s01_scale/check.rs");
    class
        .sandbox
        .write("checks/s01_scale/check.rs", format!("{check}// newer\n"));
    let done = class.grade("grades", &["--resume"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("another version of the course"),
        "{}",
        done.stderr
    );
    fs::write(class.out("grades").join("grades.jsonl"), "no results\n").expect("it is there");
    let done = class.grade("grades", &["--resume"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("no file of results"),
        "{}",
        done.stderr
    );
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
    fs::create_dir(class.submissions().join("latin")).expect("it is new");
    let latin = fs::File::create(class.submissions().join("latin/s01_scale.rs"));
    latin
        .expect("it is new")
        .write_all(b"// \xe9\n")
        .expect("it can be written");
    let results = class.graded(&["--steps", "s01"]);
    for (id, verdict) in [
        ("empty", "missing"),
        ("notes", "unreadable"),
        ("=cmd", "passed"),
        ("<b>zoë", "passed"),
        ("ann.zip", "missing"),
        ("big", "unreadable"),
        ("latin", "unreadable"),
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
fn one_submission_by_itself() {
    let class = Class::usual();
    let mut command = class.sandbox.command(&["grade", "--single", "--out"]);
    command
        .arg(class.out("one"))
        .args(["--formats", "gradescope,classroom"])
        .arg(class.submissions().join("bob"));
    let done = Done::from(command.output().expect("tutor can be started"));
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("one");
    assert_eq!(results["students"].as_array().map(Vec::len), Some(1));
    for name in ["gradescope/bob.json", "classroom/bob.json"] {
        let text = fs::read_to_string(class.out("one").join(name)).expect("it is there");
        assert!(text.contains("s01"), "{text}");
    }
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
fn a_seed_for_all_parts_can_be_had() {
    let sandbox = Sandbox::small();
    let [a, b] = [(); 2].map(|()| sandbox.tutor(&["grade", "seed"]));
    assert_eq!(a.code, 0);
    assert!(a.stdout.trim().parse::<u64>().is_ok());
    assert_ne!(a.stdout, b.stdout);
}
