//! What README shows is what `tutor` prints, and what the documents name is there.

use std::fs;

use crate::support::{self, Sandbox};

#[test]
fn the_transcript_is_what_a_forgotten_scale_looks_like() {
    let sandbox = Sandbox::real();
    let mut text = sandbox.read("solutions/s07_attention.rs");
    for (from, to) in [
        ("let [_, _, seq, head_dim] = q", "let [_, _, seq, _] = q"),
        (
            "        let scores = scores / (head_dim as f64).sqrt();\n",
            "",
        ),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    sandbox.write("steps/s07_attention.rs", text);
    let printed = sandbox.tutor(&["run", "s07"]).stdout;
    let readme = fs::read_to_string(support::root().join("README.md")).expect("it is there");
    let (_, rest) = readme
        .split_once("$ tutor run s07\n")
        .expect("it has a transcript");
    let (shown, _) = rest.split_once("```").expect("the transcript ends");
    assert_eq!(shown, printed);
}

#[test]
fn the_model_that_comes_with_the_course_writes_what_is_shown() {
    let readme = fs::read_to_string(support::root().join("README.md")).expect("it is there");
    let (command, rest) = readme
        .split_once("$ tutor generate --solution ")
        .and_then(|(_, rest)| rest.split_once('\n'))
        .expect("it has a transcript");
    let (shown, _) = rest.split_once("```").expect("the transcript ends");
    let (prompt, options) = command[1..].split_once('"').expect("a prompt in quotes");
    let model = support::root().join("assets/model");
    let mut args = vec!["generate", "--solution", prompt, "--backend", "ndarray"];
    args.extend(["--checkpoint", model.to_str().expect("it is UTF-8")]);
    args.extend(options.split_whitespace());
    assert_eq!(Sandbox::real().tutor(&args).stdout, shown);
}

#[test]
fn every_file_that_is_named_is_there() {
    let root = support::root();
    let is_there = |path: &str| {
        ["", "src/"].iter().any(|folder| {
            let path = root.join(format!("{folder}{path}"));
            path.exists() || path.with_extension("rs").exists()
        })
    };
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(document)).expect("it is there");
        let quoted = text.split('`').skip(1).step_by(2);
        let linked = text.split("](").skip(1);
        let linked = linked.filter_map(|rest| Some(rest.split_once(')')?.0));
        let missing: Vec<&str> = quoted
            .filter(|quoted| is_path(quoted) && quoted.split('/').next().is_some_and(is_there))
            .chain(linked.filter(|link| !link.contains("://")))
            .filter(|path| !is_there(path))
            .collect();
        assert!(missing.is_empty(), "{document} names {missing:?}");
    }
}

/// What only comes with use, as `.gitignore` has it.
const MADE_BY_USE: [&str; 3] = ["target/", ".tutor/", "grades/"];

/// Whether `text` is a path of the repository as it stands: `checks/STEP/check.rs` is not.
fn is_path(text: &str) -> bool {
    text.contains('/')
        && !MADE_BY_USE.iter().any(|made| text.starts_with(made))
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c))
}
