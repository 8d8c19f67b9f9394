//! What a teacher decides by hand, and what students get back.

use std::fs;

use serde_json::{Value, json};

use crate::support::class::{Class, WRONG, student};
use crate::support::quick::is_left_out;

const DECISIONS: &str = "\
[[override]]
student = \"bob\"
step = \"s01\"
points = 3.5
reason = \"on paper it was right\"

[[override]]
student = \"cyd\"
step = \"twice\"
excused = true
reason = \"ill\"

[[override]]
student = \"dee\"
comment = \"Where is the second step?\"
";

fn decided(results: &Value) {
    let bob = student(results, "bob");
    assert_eq!(bob["steps"][0]["verdict"], "wrong_values");
    assert_eq!(bob["steps"][0]["score"], json!(3.5));
    let decision = &bob["steps"][0]["decision"];
    assert_eq!(decision["reason"], "on paper it was right");
    assert_ne!(decision["earned"], json!(3.5));
    assert_eq!(bob["score"], json!(5.5));
    let cyd = student(results, "cyd");
    assert_eq!(cyd["steps"][1]["decision"]["excused"], true);
    assert_eq!(
        student(results, "dee")["comment"],
        "Where is the second step?"
    );
    assert_eq!(results["class"]["steps"][1]["excused"], 1);
}

#[test]
fn what_a_teacher_decides_holds_with_resume_and_anew() {
    let class = Class::usual();
    let file = class.out("decisions.toml");
    fs::write(&file, DECISIONS).expect("it can be written");
    let file_name = file.display().to_string();
    let formats = ["--formats", "csv,junit,gradescope,html"];
    let with_file = [&formats[..], &["--overrides", &file_name]].concat();
    decided(&class.graded(&with_file));
    let out = class.out("grades");
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("it was written");
    // The log has what was found.
    assert!(!read("grades.jsonl").contains("on paper"));
    for format in [
        "grades.csv",
        "junit.xml",
        "gradescope/bob.json",
        "report.html",
    ] {
        assert!(read(format).contains("on paper it was right"), "{format}");
    }
    assert!(read("junit.xml").contains("wrong_values"));
    assert!(read("junit.xml").contains("<skipped"));
    // The copy beside the results goes on holding.
    let done = class.grade("grades", &["--resume"]);
    assert_eq!(done.code, 0, "{done:?}");
    decided(&class.results("grades"));

    // A change is written without judging anything.
    fs::write(&file, DECISIONS.replace("3.5", "4")).expect("it can be written");
    let out_name = out.display().to_string();
    let write = ["grade", "write", "--out", &out_name];
    let done = class
        .sandbox
        .tutor(&[&write[..], &["--overrides", &file_name]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("grades");
    assert_eq!(student(&results, "bob")["steps"][0]["score"], 4);
    assert!(done.stdout.contains('†'), "{}", done.stdout);

    // What somebody wrote there is not lost.
    fs::write(out.join("overrides.toml"), "# mine\n").expect("it can be written");
    let done = class
        .sandbox
        .tutor(&[&write[..], &["--overrides", &file_name]].concat());
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("has other decisions"),
        "{}",
        done.stderr
    );
    assert_eq!(read("overrides.toml"), "# mine\n");
}

#[test]
fn what_is_decided_about_nobody_is_told_before_anything_is_graded() {
    let class = Class::usual();
    let out = class.out("grades");
    fs::create_dir(&out).expect("it is new");
    let beside = out.join("overrides.toml");
    for (from, to, words) in [
        (
            "\"bob\"",
            "\"rob\"",
            "overrides.toml:1: there is no student `rob`; did you mean `bob`?",
        ),
        ("\"twice\"", "\"thrice\"", "overrides.toml:9: "),
        (
            "3.5",
            "4.5",
            "overrides.toml:1: s01 is worth 4 points, and not 4.5",
        ),
    ] {
        fs::write(&beside, DECISIONS.replace(from, to)).expect("it can be written");
        let done = class.grade("grades", &[]);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(words), "{}", done.stderr);
        assert!(!out.join("grades.jsonl").exists());
    }
}

#[test]
fn what_is_decided_about_parts_holds_for_the_whole() {
    if is_left_out() {
        return;
    }
    let class = Class::usual();
    let (first, second) = DECISIONS.split_at(DECISIONS.rfind("[[override]]").expect("the last"));
    for (part, decisions) in [("1/2", first), ("2/2", second)] {
        let name = format!("part-{}", &part[..1]);
        fs::create_dir(class.out(&name)).expect("it is new");
        let beside = class.out(&name).join("overrides.toml");
        fs::write(beside, decisions).expect("it can be written");
        let done = class.grade(&name, &["--shard", part, "--seed", "7"]);
        assert_eq!(done.code, 0, "{done:?}");
    }
    let folders = ["part-1", "part-2", "whole"].map(|name| class.out(name).display().to_string());
    let done = (class.sandbox).tutor(&[
        "grade",
        "merge",
        &folders[0],
        &folders[1],
        "--out",
        &folders[2],
    ]);
    assert_eq!(done.code, 0, "{done:?}");
    decided(&class.results("whole"));
    let done = class
        .sandbox
        .tutor(&["grade", "write", "--out", &folders[2]]);
    assert_eq!(done.code, 0, "{done:?}");
    decided(&class.results("whole"));
}

#[test]
fn students_get_back_what_is_theirs() {
    let class = Class::new();
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    let wrong = solution.replace(WRONG.0, WRONG.1);
    let folder = "Ann Lee_1234567_assignsubmission_file_";
    class.hand_in(&format!("{folder}/s01_scale.rs"), &wrong);
    class.hand_in(
        "Bo Li_7654321_assignsubmission_file_/s01_scale.rs",
        &solution,
    );
    let results = class.graded(&["--formats", "feedback", "--seed", "1234567"]);
    let seed = results["steps"][0]["seed"].to_string();
    let out = class.out("grades/feedback");
    let mut names: Vec<String> = (fs::read_dir(&out).expect("it was written"))
        .map(|entry| entry.expect("it can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 5, "{names:?}");
    assert_eq!(names[4], "moodle.zip");
    // By the number that Moodle knows her by.
    for name in ["1234567.html", "1234567.txt"] {
        assert!(names.iter().any(|other| other == name), "{names:?}");
        let text = fs::read_to_string(out.join(name)).expect("it is text");
        assert!(text.contains("wrong values"), "{name}: {text}");
        for secret in [&seed, "seed", "Bo Li", "sources/"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }
    let archive = fs::File::open(out.join("moodle.zip")).expect("it is there");
    let archive = zip::ZipArchive::new(archive).expect("it is a zip");
    assert!(
        archive
            .file_names()
            .any(|name| name.is_ok_and(|name| name == format!("{folder}/feedback.html")))
    );
}

#[test]
fn canvas_gets_back_what_it_handed_out_whatever_the_roster_calls_the_students() {
    let class = Class::new();
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    let wrong = solution.replace(WRONG.0, WRONG.1);
    let given = [
        ("leeann_12345_67890_s01_scale.rs", &wrong),
        ("libo_LATE_54321_67891_s01-1.rs", &solution),
    ];
    for (name, text) in given {
        class.hand_in(name, text);
    }
    let roster = class.out("roster.csv");
    fs::write(
        &roster,
        "id,name,excused\na1,Ann Lee,s02\nb2,Bo Li,\nc3,Cy Dee,\n",
    )
    .expect("it can be written");
    let roster = roster.display().to_string();
    let options = ["--roster", &roster, "--formats", "feedback"];
    let results = class.graded(&options);
    assert_eq!(student(&results, "a1")["entry"], given[0].0);
    let out = class.out("grades/feedback");
    let text = fs::read_to_string(out.join("a1.txt")).expect("it was written");
    assert!(text.contains("Ann Lee (a1): "), "{text}");
    assert!(text.contains("Excused: it does not count"), "{text}");
    let archive = fs::File::open(out.join("canvas.zip")).expect("it is there");
    let archive = zip::ZipArchive::new(archive).expect("it is a zip");
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.expect("it is text").into_owned())
        .collect();
    assert_eq!(names, given.map(|(name, _)| name));
}
