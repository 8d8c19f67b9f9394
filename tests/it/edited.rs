//! A step that is edited and judged again and again: what rustc uses again of the time before changes
//! nothing about the verdict, whatever state it is in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Sandbox;

const FILE: &str = "steps/s03_layer_norm.rs";

/// The verdict on the step once it says this, and what it calls that it may not.
fn verdict(sandbox: &Sandbox, source: &str) -> (String, usize) {
    sandbox.write(FILE, source);
    let (_, result) = sandbox.json(&["s03"]);
    let verdict = result["verdict"].as_str().expect("there is one");
    (
        verdict.to_owned(),
        result["forbidden"].as_array().map_or(0, Vec::len),
    )
}

/// All files with this ending below a folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
    found
}

#[test]
fn each_edit_has_its_own_verdict() {
    let sandbox = Sandbox::real();
    let solution = sandbox.read("solutions/s03_layer_norm.rs");
    let edit = |from: &str, to: &str| {
        let edited = solution.replace(from, to);
        assert_ne!(edited, solution, "`{from}` is not in the solution");
        edited
    };
    let wrong = edit(
        "centred / (variance + self.epsilon).sqrt()",
        "centred / variance.sqrt()",
    );
    let later = edit("let mean = ", "let _one = 1;\n        let mean = ");
    let broken = edit("let mean = ", "let mean: usize = ");
    let delegated = sandbox.read("checks/s03_layer_norm/delegations/burns_layer.rs");
    for round in 0..2 {
        for (source, expected, calls) in [
            (&solution, "passed", false),
            (&wrong, "wrong_values", false),
            (&delegated, "passed", true),
            (&broken, "does_not_compile", false),
            (&later, "passed", false),
        ] {
            // Otherwise the second round would show what is kept of the first as a whole.
            let source = format!("{source}// {round}\n");
            let (verdict, forbidden) = verdict(&sandbox, &source);
            assert_eq!((&*verdict, forbidden > 0), (expected, calls), "{source}");
        }
    }
}

#[test]
fn what_rustc_has_kept_may_be_damaged() {
    let sandbox = Sandbox::real();
    let solution = sandbox.read("solutions/s03_layer_norm.rs");
    assert_eq!(verdict(&sandbox, &solution).0, "passed");
    for (i, ending) in ["o", "bin", "o"].iter().enumerate() {
        // Before the last one rustc starts anew.
        let kept = files(&sandbox.kit_folder(), ending);
        let kept: Vec<_> = (kept.iter())
            .filter(|file| {
                file.components()
                    .any(|part| part.as_os_str() == "incremental")
            })
            .collect();
        assert!(!kept.is_empty(), "{ending}: nothing is kept");
        for file in kept {
            fs::write(file, "this is none").expect("it can be written");
        }
        for edit in 0..2 {
            let edited = format!("{solution}\nfn _edit() -> u32 {{ {i} + {edit} }}\n");
            assert_eq!(verdict(&sandbox, &edited).0, "passed", "{ending}: {edit}");
        }
    }
}
