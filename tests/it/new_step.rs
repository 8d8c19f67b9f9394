//! A new step is sound from the first minute, and one that cannot be leaves nothing behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::Sandbox;
use crate::support::quick::is_left_out;

/// All files of a course but for those that `tutor` makes.
fn files(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![sandbox.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.ends_with("target") || path.ends_with(".tutor") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(sandbox.path()).unwrap_or(Path::new(""));
                let content = fs::read(&path).expect("it can be read");
                found.insert(name.display().to_string(), content);
            }
        }
    }
    found
}

/// The step is sound, is not started, and a learner who makes its known mistake is told so.
fn works(sandbox: &Sandbox, id: &str, file: &str) {
    let done = sandbox.tutor(&["course", "check", id, "--quick"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("No flaw was found in 1 step"),
        "{done:?}"
    );
    let (code, result) = sandbox.json(&[id]);
    assert_eq!((code, &result["verdict"]), (1, &"not_started".into()));
    let solution = sandbox.read(&format!("solutions/{file}.rs"));
    let wrong = solution.replace("let mut sum = 0;", "let mut sum = 1;");
    sandbox.write(&format!("steps/{file}.rs"), wrong);
    let (_, result) = sandbox.json(&[id]);
    assert_eq!(result["diagnosis"][0]["id"], "starts-at-one", "{result:#}");
    sandbox.write(&format!("steps/{file}.rs"), solution);
    assert_eq!(sandbox.json(&[id]).0, 0);
}

#[test]
fn a_new_step_is_green_at_once_in_a_course_that_asks_for_little() {
    let sandbox = Sandbox::small();
    let before = files(&sandbox);
    let done = sandbox.tutor(&["course", "new-step", "s03_counted_twice", "--after", "1"]);
    assert_eq!(done.code, 0, "{done:?}");
    for (name, content) in files(&sandbox) {
        let known = before.get(&name);
        if known.is_none_or(|known| *known != content) {
            assert!(
                done.stdout.contains(&format!("  {name}\n")),
                "{name}: {done:?}"
            );
        }
    }
    let list = sandbox.tutor(&["list"]).stdout;
    let place = |word: &str| {
        list.find(word)
            .unwrap_or_else(|| panic!("no {word}: {list}"))
    };
    assert!(place("Scale") < place("Counted twice"));
    assert!(place("Counted twice") < place("Twice"));
    works(&sandbox, "s03", "s03_counted_twice");
    let done = sandbox.tutor(&["try", "s03", "sums_1"]);
    assert!(
        done.stdout
            .contains("The last sum is the sum of all numbers"),
        "{done:?}"
    );
}

#[test]
fn a_new_step_has_all_that_this_course_asks_for() {
    if is_left_out() {
        return;
    }
    let sandbox = Sandbox::real();
    for package in ["solutions", "steps"] {
        let text = fs::read(crate::support::root().join(package).join("lib.rs"));
        sandbox.write(&format!("{package}/lib.rs"), text.expect("it is there"));
    }
    let done = sandbox.tutor(&["course", "new-step", "s99_last"]);
    assert_eq!(done.code, 0, "{done:?}");
    works(&sandbox, "s99", "s99_last");
}

#[test]
fn what_cannot_be_made_leaves_nothing_behind() {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/s05_there")).expect("it can be made");
    sandbox.write("lessons/s05_there/hints.toml", "");
    let before = files(&sandbox);
    for (args, code, words) in [
        (
            ["s01_again", "--after", "s01"],
            2,
            "`s01` is there already: `s01_scale`",
        ),
        (
            ["loss", "--after", "s01"],
            2,
            "`loss` is no name for a step",
        ),
        (
            ["s03_Loss", "--after", "s01"],
            2,
            "`s03_Loss` is no name for a step",
        ),
        (
            ["s03_../x", "--after", "s01"],
            2,
            "`s03_../x` is no name for a step",
        ),
        (
            ["s05_there", "--after", "s01"],
            2,
            "`lessons/s05_there/hints.toml` is there already",
        ),
        (["s03_a", "--after", "s08"], 2, "no step is called `s08`"),
    ] {
        let done = sandbox.tutor(&[&["course", "new-step"][..], &args].concat());
        assert_eq!(done.code, code, "{done:?}");
        assert!(done.stderr.contains(words), "{done:?}");
        assert!(files(&sandbox) == before, "{args:?} left something behind");
    }
}

#[cfg(unix)]
#[test]
fn a_step_that_cannot_be_written_to_its_end_is_taken_back() {
    let sandbox = Sandbox::small();
    // Whatever is written below it fails, and it is not among the first.
    sandbox.write("lessons", "a file where a folder should be");
    let before = files(&sandbox);
    let done = sandbox.tutor(&["course", "new-step", "s03_counted"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(files(&sandbox) == before, "something was left behind");
    assert!(!sandbox.path().join("checks/s03_counted").exists());
}
