//! Submissions that attack: none gets more than it earns, nothing leaks, and the others are graded
//! as if nothing had happened.
//!
//! Each file in `tests/it/attacks/` is a module that a correct step calls; its first line says which
//! verdict it earns. What works prints `ESCAPED`.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::quick::{is_left_out, sample, times};
use crate::support::{self, Sandbox};

/// An attack as it lies in its file.
struct Attack {
    name: String,
    verdict: String,
    module: String,
}

fn attacks() -> Vec<Attack> {
    let mut found: Vec<Attack> = fs::read_dir(support::root().join("tests/it/attacks"))
        .expect("it is there")
        .map(|entry| {
            let path = entry.expect("it can be read").path();
            let text = fs::read_to_string(&path).expect("it is text");
            let (first, module) = text.split_once('\n').expect("it has lines");
            Attack {
                name: path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into(),
                verdict: (first.strip_prefix("// verdict: "))
                    .unwrap_or_else(|| panic!("{} says no verdict", path.display()))
                    .into(),
                module: module.into(),
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The solution with an attack in it.
fn armed(solution: &str, attack: &str) -> String {
    let mut text = solution.replace(
        "        let mean = x.clone()",
        "        attack::once();\n        let mean = x.clone()",
    );
    assert_ne!(text, solution, "the solution has another shape by now");
    if attack.contains("const WRONG") {
        text = text.replace(
            "(variance + self.epsilon)",
            "(variance + 2.0 * self.epsilon)",
        );
    }
    format!(
        "{text}\nmod attack {{\n{attack}\npub fn once() {{\n    static ONCE: std::sync::Once = \
         std::sync::Once::new();\n    ONCE.call_once(go);\n}}\n}}\n"
    )
}

/// What an attack may want to reach.
struct Surroundings<'a> {
    course: &'a Path,
    class: &'a Path,
    out: &'a Path,
    outside: &'a Path,
    port: u16,
}

impl Surroundings<'_> {
    fn named_in(&self, text: &str) -> String {
        text.replace("{{TRANSMUTE}}", include_str!("sandbox/transmute.rs"))
            .replace("{{COURSE}}", &self.course.display().to_string())
            .replace("{{CLASS}}", &self.class.display().to_string())
            .replace("{{OUT}}", &self.out.display().to_string())
            .replace("{{OUTSIDE}}", &self.outside.display().to_string())
            .replace("{{PORT}}", &self.port.to_string())
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for tests")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

/// All files below `folder` and what is in them.
fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(
                    path.display().to_string(),
                    fs::read(&path).unwrap_or_default(),
                );
            }
        }
    }
    found
}

fn student<'a>(results: &'a Value, id: &str) -> &'a Value {
    results["students"]
        .as_array()
        .and_then(|all| all.iter().find(|student| student["id"] == id))
        .unwrap_or_else(|| panic!("`{id}` is not among the results"))
}

#[test]
fn no_attack_succeeds() {
    let sandbox = Sandbox::real();
    let (class, outside, place) = (folder(), folder(), folder());
    let out = place.path().join("grades");
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    listener.set_nonblocking(true).expect("it can be asked");
    let around = Surroundings {
        course: sandbox.path(),
        class: class.path(),
        out: &out,
        outside: outside.path(),
        port: listener.local_addr().expect("it has an address").port(),
    };
    write(&outside.path().join("precious"), "precious");
    let solution = sandbox.read("solutions/s03_layer_norm.rs");
    let attacks = sample(attacks(), 4);
    for attack in &attacks {
        let text = armed(&solution, &around.named_in(&attack.module));
        write(
            &class.path().join(&attack.name).join("s03_layer_norm.rs"),
            &text,
        );
    }
    // The last one graded, after all attacks have had their turn, and one in their midst.
    for honest in ["honest", "zoe"] {
        write(
            &class.path().join(honest).join("s03_layer_norm.rs"),
            &solution,
        );
    }
    let before =
        ["solutions", "checks", "kit", "steps"].map(|part| snapshot(&sandbox.path().join(part)));
    let class_before = snapshot(class.path());

    let done = sandbox.tutor(&[
        "grade",
        &class.path().display().to_string(),
        "--out",
        &out.display().to_string(),
        "--steps",
        "s03",
        "--timeout",
        "2",
    ]);
    assert_eq!(done.code, 0, "{done:?}");

    let text = fs::read_to_string(out.join("results.json")).expect("there are results");
    let results: Value = serde_json::from_str(&text).expect("it is JSON");
    // Folders of this machine's, in no text.
    let mut private = vec![sandbox.path().display().to_string()];
    private.extend(
        std::env::var("HOME")
            .into_iter()
            .filter(|home| home.len() > 1),
    );
    let mut flaws: Vec<String> = (attacks.iter())
        .flat_map(|attack| flaws_of(attack, &results, &private))
        .collect();
    for honest in ["honest", "zoe"] {
        if student(&results, honest)["score"] != 10 {
            flaws.push(format!("{honest} suffered"));
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n\n"));

    let after =
        ["solutions", "checks", "kit", "steps"].map(|part| snapshot(&sandbox.path().join(part)));
    assert!(before == after, "the course was changed");
    assert!(
        class_before == snapshot(class.path()),
        "a submission was changed"
    );
    let left: Vec<String> = snapshot(outside.path()).into_keys().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(listener.accept().is_err(), "somebody connected");
    assert!(!Path::new("/tmp/tutor-attack").exists());
    assert_eq!(processes_below(sandbox.path()), Vec::<String>::new());
    // What the class is told does not tell the seed.
    let seed = results["seed"].to_string();
    for file in ["grades.csv", "junit.xml"] {
        let text = fs::read_to_string(out.join(file)).expect("it was written");
        assert!(!text.contains(&seed), "{file} tells the seed");
    }
}

/// What an attack got or told that it should not.
fn flaws_of(attack: &Attack, results: &Value, private: &[String]) -> Vec<String> {
    let mut flaws = Vec::new();
    let step = &student(results, &attack.name)["steps"][0];
    if step["verdict"] != attack.verdict.as_str() {
        flaws.push(format!(
            "{}: {} instead of {}\n{}",
            attack.name,
            step["verdict"],
            attack.verdict,
            step["text"].as_str().unwrap_or_default()
        ));
    }
    let full = step["score"] == 10;
    if full != (attack.verdict == "passed") {
        flaws.push(format!("{}: {} points", attack.name, step["score"]));
    }
    let said = step["text"].as_str().unwrap_or_default();
    let seed = results["steps"][0]["seed"].to_string();
    for private in private.iter().chain([&seed]) {
        if said.contains(private) {
            flaws.push(format!("{} tells `{private}`: {said}", attack.name));
        }
    }
    if said.contains("rustc gave up") && said.contains("derive") {
        flaws.push(format!(
            "{}: a `derive` is not what is missing",
            attack.name
        ));
    }
    for (number, line) in said.lines().enumerate() {
        // rustc quotes the line that it refuses.
        let is_quoted = line.contains("println!") || line.contains("compile_error!");
        if line.contains("ESCAPED") && !is_quoted {
            flaws.push(format!("{}:{number}: {line}", attack.name));
        }
    }
    flaws
}

/// Grades `class` against the real course; the results.
fn graded(sandbox: &Sandbox, class: &Path, options: &[&str]) -> Value {
    let place = folder();
    let out = place.path().join("grades");
    let (class, folder) = (class.display().to_string(), out.display().to_string());
    let mut args = vec!["grade", &class, "--out", &folder];
    args.extend(options);
    let done = sandbox.tutor(&args);
    assert_eq!(done.code, 0, "{done:?}");
    let text = fs::read_to_string(out.join("results.json")).expect("there are results");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn what_burn_does_by_itself_earns_nothing_and_right_answers_earn_all() {
    let sandbox = Sandbox::real();
    let class = folder();
    let mut delegated = Vec::new();
    for step in sandbox.course().steps() {
        let file = format!("{}.rs", step.name);
        let hand_in = |who: &str, text: &str| write(&class.path().join(who).join(&file), text);
        hand_in("right", &sandbox.read(&format!("solutions/{file}")));
        hand_in(
            "not begun",
            &sandbox.read(&format!("checks/{}/skeleton.rs", step.name)),
        );
        let delegates = ("delegates", "delegations");
        // That variants pass is held by the tests of mistakes as well.
        let all = [delegates, ("otherwise", "variants")];
        for &(kind, place) in times(&all[..], &[delegates]) {
            let folder = sandbox.path().join("checks").join(&step.name).join(place);
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let student = format!("{kind} {}", name.trim_end_matches(".rs"));
                hand_in(
                    &student,
                    &fs::read_to_string(entry.path()).expect("it is text"),
                );
                if kind == "delegates" {
                    delegated.push((student, step.id.clone()));
                }
            }
        }
    }
    assert!(delegated.len() >= 50, "{delegated:?}");
    let results = graded(&sandbox, class.path(), &[]);
    let total: u32 = sandbox
        .course()
        .steps()
        .iter()
        .map(|step| step.points)
        .sum();
    assert_eq!(student(&results, "right")["score"], total);
    assert_eq!(student(&results, "not begun")["score"], 0);
    for handed in results["students"].as_array().expect("a list") {
        let id = handed["id"].as_str().unwrap_or_default();
        for step in handed["steps"].as_array().expect("a list") {
            let is_delegated = (delegated.iter())
                .any(|(student, delegated)| student == id && step["step"] == delegated.as_str());
            let expected = match step["verdict"].as_str() {
                Some("missing") => continue,
                _ if id == "not begun" => "not_started",
                _ if is_delegated => "forbidden",
                _ => "passed",
            };
            assert_eq!(step["verdict"], expected, "{id}: {step:#}");
            if is_delegated {
                assert_eq!(step["score"], 0, "{id}");
            }
        }
    }
}

#[test]
fn on_own_steps_a_call_counts_where_it_is_written() {
    const AROUND: &str = "
        pub fn theirs(norm: &LayerNorm, x: Tensor<3>) -> Tensor<3> {
            let mut theirs = burn::nn::LayerNormConfig::new(norm.weight.dims()[0])
                .with_epsilon(norm.epsilon)
                .init(&x.device());
            theirs.gamma = norm.weight.clone();
            theirs.beta = Some(norm.bias.clone());
            theirs.forward(x)
        }
    ";
    if is_left_out() {
        return;
    }
    let sandbox = Sandbox::real();
    let class = folder();
    for step in sandbox.course().steps() {
        let file = format!("{}.rs", step.name);
        let text = sandbox.read(&format!("solutions/{file}"));
        let (above, around) = match step.id.as_str() {
            "s03" => (
                sandbox.read(&format!("checks/{}/delegations/burns_layer.rs", step.name)),
                format!("{text}{AROUND}"),
            ),
            "s09" => {
                let theirs =
                    "self.attn.forward(crate::s03_layer_norm::theirs(&self.ln_1, x.clone()))";
                let around = text.replace(
                    "residual(x, &self.ln_1, |x| self.attn.forward(x))",
                    &format!("x.clone() + {theirs}"),
                );
                assert_ne!(around, text);
                (text, around)
            }
            _ => (text.clone(), text),
        };
        write(&class.path().join("above").join(&file), &above);
        write(&class.path().join("around").join(&file), &around);
    }
    let results = graded(&sandbox, class.path(), &["--mine", "--steps", "s03,s09"]);
    let verdicts = |who: &str| -> Vec<String> {
        let steps = student(&results, who)["steps"].as_array().cloned();
        let verdicts = steps.into_iter().flatten();
        verdicts
            .map(|step| step["verdict"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    // The block stands on a step that calls what is forbidden, but does not call it itself.
    assert_eq!(verdicts("above"), ["forbidden", "passed"]);
    // The block's call is one that only stands in an earlier file.
    assert_eq!(verdicts("around"), ["passed", "forbidden"]);
}

/// Processes that a submission left behind.
fn processes_below(folder: &Path) -> Vec<String> {
    fs::read_dir("/proc")
        .expect("it is there")
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path().join("exe")).ok())
        .map(|exe| exe.display().to_string())
        .filter(|exe| exe.starts_with(&*folder.to_string_lossy()))
        .collect()
}
