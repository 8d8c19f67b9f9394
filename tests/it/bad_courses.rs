//! A `course.toml` that is not sound is told in a sentence, with line and column, whatever was typed.

use std::fs;

use crate::support::Sandbox;

/// Replaces a piece of the small course's manifest and runs `args`: `tutor` tells of `at` and says
/// each of `words`.
fn tells(sandbox: &Sandbox, (from, to): (&str, &str), at: &str, words: &[&str]) {
    let text = sandbox.read("course.toml");
    assert!(text.contains(from), "{from}");
    sandbox.write("course.toml", text.replacen(from, to, 1));
    for args in [&["list"][..], &["run", "s01"], &["course", "check"]] {
        let done = sandbox.tutor(args);
        assert_eq!(done.code, 2, "{args:?}: {done:?}");
        let place = format!("course.toml:{at}: ");
        for part in words.iter().chain([&place.as_str()]) {
            assert!(done.stderr.contains(part), "{part}: {done:?}");
        }
        assert!(!done.stderr.contains("panicked"), "{done:?}");
    }
    sandbox.write("course.toml", text);
}

#[test]
fn what_is_wrong_with_the_manifest_is_told_with_line_and_column() {
    let sandbox = Sandbox::small();
    let row = "points = 4\n";
    for (edit, at, words) in [
        ((row, "point = 4\n"), "14:1", &["unknown field `point`"][..]),
        (
            ("[kit]\n", "[kit]\nflavour = 1\n"),
            "5:1",
            &["unknown field `flavour`"],
        ),
        (
            (row, "points = 4\nneeds = [\"s02\"]\n"),
            "15:10",
            &["`s01` needs `s02`", "no circle"],
        ),
        (("\"s02\"\n", "\"s01\"\n"), "17:6", &["stands here twice"]),
        (
            ("id = \"s02\"\nfile = \"s02_", "id = \"s01\"\nfile = \"s01_"),
            "17:6",
            &["stands here twice"],
        ),
        (
            ("[[part]]", "[[part]]\ntitle = \"Empty\"\n\n[[part]]"),
            "7:1",
            &["`Empty` has no `[[part.step]]`"],
        ),
        (
            (row, "points = 4\nlimits = { seconds = 0 }\n"),
            "15:22",
            &["from 1 to 600"],
        ),
        (
            (row, "points = 4\nlimits = { files = \"much\" }\n"),
            "15:20",
            &["`much` is no amount"],
        ),
        (
            (row, "points = 4\nassets = [\"none.txt\"]\n"),
            "15:11",
            &["no `assets/none.txt`"],
        ),
        (
            (
                "[kit]\n",
                "[kit]\nguarded = [\"burn_nn\", \"burn-optim\"]\n",
            ),
            "5:23",
            &["`burn-optim` is no path"],
        ),
        (
            (row, "points = 4\nallows = [\"burn_nn::modules\"]\n"),
            "15:11",
            &["`s01` is allowed `burn_nn::modules`", "`guarded`"],
        ),
        (
            (row, "points = 4\nforbids = [\"burn_nn\"]\n"),
            "15:1",
            &["`guarded` under `[kit]`", "`allows`"],
        ),
    ] {
        tells(&sandbox, edit, at, words);
    }
}

#[cfg(unix)]
#[test]
fn an_asset_that_is_a_link_out_of_its_folder_is_refused() {
    let sandbox = Sandbox::small();
    fs::create_dir(sandbox.path().join("assets")).expect("it is new");
    let link = sandbox.path().join("assets/words.txt");
    std::os::unix::fs::symlink("/etc/passwd", link).expect("it can be made");
    let row = "points = 4\nassets = [\"words.txt\"]\n";
    let words = ["`assets/words.txt` is a link that leads out"];
    tells(&sandbox, ("points = 4\n", row), "15:11", &words);
}

#[test]
fn a_course_without_lessons_says_so() {
    let sandbox = Sandbox::small();
    for (args, code, words) in [
        (
            &["show", "lesson", "s01"][..],
            0,
            "There is no lesson for s01",
        ),
        (&["hint", "s01"], 0, "There are no hints for s01"),
        (&["try", "s01"], 0, "There are no experiments for s01"),
    ] {
        let done = sandbox.tutor(args);
        assert_eq!(done.code, code, "{args:?}: {done:?}");
        let said = done.stdout + &done.stderr;
        assert!(said.contains(words), "{args:?}: {said}");
    }
}
