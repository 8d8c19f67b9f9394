//! What a step asks for beside its source: files of the course, files of its own, time, memory.

use std::fs;

use crate::support::Sandbox;
use crate::support::class::Class;
#[cfg(target_os = "linux")]
use crate::support::class::student;
use crate::support::quick::is_left_out;

const ROW: &str = "points = 4\n";

/// Gives the small course's first step an asset, files of its own, and a check that uses both.
fn equipped(sandbox: &Sandbox, more: &str) {
    let row = format!("{ROW}assets = [\"texts/words.txt\"]\n{more}");
    let manifest = sandbox.read("course.toml").replace(ROW, &row);
    fs::create_dir_all(sandbox.path().join("assets/texts")).expect("it can be made");
    sandbox.write("assets/texts/words.txt", "some words");
    sandbox.write("assets/texts/secret.txt", "not asked for");
    sandbox.write("assets/secret.txt", "not asked for");
    sandbox.write("course.toml", manifest);
    sandbox.write("checks/s01_scale/check.rs", include_str!("assets/check.rs"));
    sandbox.write("checks/s01_scale/mistakes.toml", "");
    sandbox.solve("s01_scale");
}

const FILES: &str = "limits = { files = \"16 MB\" }\n";

#[test]
fn an_asset_is_opened_by_its_name_and_a_file_can_be_written() {
    let sandbox = Sandbox::small();
    equipped(&sandbox, FILES);
    let (code, result) = sandbox.json(&["s01"]);
    assert_eq!(
        (code, &result["verdict"]),
        (0, &"passed".into()),
        "{result:#}"
    );
    let kept = fs::read_dir(sandbox.kit_folder()).expect("it is there");
    let left = |name: &str| name.starts_with("run-");
    for entry in kept.flatten() {
        let inside = fs::read_dir(entry.path()).into_iter().flatten().flatten();
        for file in inside.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
            assert!(!left(&file), "{file} was left behind");
        }
    }
}

#[test]
fn what_an_asset_holds_is_part_of_what_is_known() {
    let sandbox = Sandbox::small();
    equipped(&sandbox, FILES);
    let says = sandbox.read("solutions/s01_scale.rs").replace(
        "    \"scale\".into()",
        "    println!(\"{}\", std::fs::read_to_string(\"../assets/texts/words.txt\").unwrap());\n    \
         \"scale\".into()",
    );
    sandbox.write("steps/s01_scale.rs", says);
    for words in ["some words", "other words!"] {
        sandbox.write("assets/texts/words.txt", words);
        let (code, result) = sandbox.json(&["s01"]);
        assert_eq!(code, 0, "{result:#}");
        let said = result["stdout"].to_string();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn an_asset_that_the_manifest_does_not_name_is_the_courses_flaw() {
    let sandbox = Sandbox::small();
    equipped(&sandbox, FILES);
    let check = sandbox.read("checks/s01_scale/check.rs");
    let check = check.replace("texts/words.txt", "texts/secret.txt");
    sandbox.write("checks/s01_scale/check.rs", check);
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 2, "{done:?}");
    for part in ["check.rs", "`texts/secret.txt` is not among the `assets`"] {
        assert!(done.stderr.contains(part), "{done:?}");
    }
}

#[test]
fn what_lessons_read_is_for_their_programs_and_for_no_check() {
    let sandbox = Sandbox::small();
    equipped(&sandbox, FILES);
    let manifest = sandbox.read("course.toml");
    let row = "assets = [\"texts/words.txt\"]\n";
    let manifest = manifest.replace(row, "") + &format!("\n[lessons]\n{row}");
    sandbox.write("course.toml", manifest);
    let experiment = "pub fn observe(o: &mut kit::Observer) {\n    \
                      let words = std::io::read_to_string(o.asset(\"texts/words.txt\"));\n    \
                      println!(\"{}\", words.expect(\"it is text\"));\n}\n";
    sandbox.write("words.rs", experiment);
    let done = sandbox.tutor(&["try", "s01", "--file", "words.rs", "--solution"]);
    assert_eq!(
        (done.code, done.stdout.trim()),
        (0, "some words"),
        "{done:?}"
    );
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 2, "{done:?}");
    let words = "`texts/words.txt` is not among the `assets`";
    assert!(done.stderr.contains(words), "{done:?}");
}

#[test]
fn a_step_has_the_time_that_it_asks_for() {
    let sandbox = Sandbox::small();
    let slow = sandbox.read("solutions/s01_scale.rs").replace(
        "    \"scale\".into()",
        "    std::thread::sleep(std::time::Duration::from_millis(1500));\n    \"scale\".into()",
    );
    sandbox.write("steps/s01_scale.rs", slow);
    let verdict = || {
        let (_, result) = sandbox.json(&["s01", "--timeout", "1"]);
        result["verdict"].as_str().map(str::to_owned)
    };
    assert_eq!(verdict().as_deref(), Some("timed_out"));
    let row = format!("{ROW}limits = {{ seconds = 60 }}\n");
    let manifest = sandbox.read("course.toml").replace(ROW, &row);
    sandbox.write("course.toml", manifest);
    assert_eq!(verdict().as_deref(), Some("passed"));
}

/// A large tensor with a value, and the check that records it.
const LARGE: &str = "use crate::s02_twice::logits;
use kit::Observer;

pub fn observe(o: &mut Observer) {
    o.group(\"all logits\", |o| o.tensor(\"logits\", logits(&o.device())));
}
";

#[test]
fn the_logits_of_a_whole_window_can_be_recorded_where_memory_is_asked_for() {
    if is_left_out() {
        return;
    }
    let sandbox = Sandbox::small();
    let solution = "use burn::tensor::{Device, Tensor};

/// As large as GPT-2's for its whole window.
pub fn logits(device: &Device) -> Tensor<3> {
    Tensor::full([1, 1024, 50257], 0.5, device)
}
";
    sandbox.write("solutions/s02_twice.rs", solution);
    sandbox.write("steps/s02_twice.rs", solution);
    sandbox.write("checks/s02_twice/check.rs", LARGE);
    let done = sandbox.tutor(&["run", "s02"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("Signalled(25)"), "{done:?}");

    let row = "points = 2\nlimits = { memory = \"1 GB\" }\n";
    let manifest = sandbox.read("course.toml").replace("points = 2\n", row);
    sandbox.write("course.toml", manifest);
    let (code, result) = sandbox.json(&["s02"]);
    assert_eq!(code, 0, "{result:#}");
    sandbox.write("steps/s02_twice.rs", solution.replace("0.5", "0.25"));
    let (code, result) = sandbox.json(&["s02"]);
    assert_eq!(code, 1);
    assert_eq!(
        result["groups"][0]["fault"]["kind"], "wrong_values",
        "{result:#}"
    );
    assert_eq!(
        result["groups"][0]["fault"]["wrong"],
        1024 * 50257,
        "{result:#}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_class_assets_can_be_read_and_a_folder_written_and_nothing_else() {
    let attacks = [
        ("changes", include_str!("assets/changes_assets.rs")),
        ("fills", include_str!("assets/fills_its_folder.rs")),
        ("many", include_str!("assets/makes_many_files.rs")),
        ("nameless", include_str!("assets/fills_nameless_files.rs")),
        ("reads", include_str!("assets/reads_around.rs")),
    ];
    let class = Class::new();
    equipped(&class.sandbox, FILES);
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    let course = class.sandbox.path().display().to_string();
    for (name, attack) in attacks {
        let armed = solution.replace(
            "    \"scale\".into()",
            "    attack::go();\n    \"scale\".into()",
        );
        assert_ne!(armed, solution);
        let attack = attack.replace("{{COURSE}}", &course);
        class.hand_in(
            &format!("{name}/s01_scale.rs"),
            &format!("{armed}\nmod attack {{\n{attack}\n}}\n"),
        );
    }
    class.hand_in("honest/s01_scale.rs", &solution);
    class.hand_in("zoe/s01_scale.rs", &solution);
    let results = class.graded(&["--steps", "s01"]);
    let mut flaws = Vec::new();
    for (name, attack) in attacks {
        let step = &student(&results, name)["steps"][0];
        let said = step["text"].as_str().unwrap_or_default();
        let expected = attack.lines().next().unwrap_or_default();
        let expected = expected.trim_start_matches("// verdict: ");
        if step["verdict"] != expected || said.contains("ESCAPED") {
            flaws.push(format!("{name}: {}\n{said}", step["verdict"]));
        }
    }
    for honest in ["honest", "zoe"] {
        if student(&results, honest)["score"] != 4 {
            flaws.push(format!("{honest} suffered"));
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n\n"));
    assert_eq!(class.sandbox.read("assets/texts/words.txt"), "some words");
    let texts = fs::read_dir(class.sandbox.path().join("assets/texts"));
    assert_eq!(texts.expect("it is there").count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_class_a_step_that_asks_for_no_files_writes_none() {
    let class = Class::new();
    equipped(&class.sandbox, "");
    class.hand_in("zoe/s01_scale.rs", "");
    let done = class.grade("grades", &["--steps", "s01"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.stderr.contains("the solution of s01 does not pass"),
        "{done:?}"
    );
    assert!(done.stderr.contains("it can be written"), "{done:?}");
}
