//! The crate roots that steps are compiled in.
//!
//! A step file says `use crate::s01_config::GptConfig;`: every root has the earlier steps as
//! modules under their own names, beside the step itself.

use std::fmt::Write;
use std::path::Path;

use super::{Check, Source};
use crate::course::Step;

const MAIN: &str = "fn main() -> std::process::ExitCode {\n    kit::run(check::observe)\n}\n";

/// The crate that an earlier step is compiled to.
#[must_use]
pub fn crate_name(step: &str) -> String {
    format!("earlier_{step}")
}

/// The root of a step's library.
#[must_use]
pub fn library<'a>(source: &Source<'_>, earlier: impl Iterator<Item = &'a str>) -> String {
    let mut root = String::new();
    modules(&mut root, source, earlier);
    root
}

/// The root of an observation program.
#[must_use]
pub fn program<'a>(
    source: &Source<'_>,
    check: &Check,
    earlier: impl Iterator<Item = &'a str>,
) -> String {
    let mut root = String::new();
    modules(&mut root, source, earlier);
    module(&mut root, "mod", "check", &check.path);
    root.push_str(MAIN);
    root
}

/// The root of an observation program that has the earlier steps in it.
#[must_use]
pub fn whole(source: &Source<'_>, check: &Check, earlier: &[Source<'_>]) -> String {
    let mut root = String::new();
    for earlier in earlier {
        step(&mut root, earlier);
    }
    step(&mut root, source);
    module(&mut root, "mod", "check", &check.path);
    root.push_str(MAIN);
    root
}

/// The root of an observation program that names no file but the step's, which lies in the
/// compiler's working folder: the check stands in the root, and the root in no file.
#[must_use]
pub fn apart<'a>(
    source: &Source<'_>,
    check: Option<&Check>,
    earlier: impl Iterator<Item = &'a str>,
) -> String {
    let mut root = String::new();
    uses(&mut root, earlier);
    if let Some(check) = check {
        // Before the step, whose macros reach what stands behind it.
        let _ = writeln!(root, "mod check {{\n{}\n}}", check.text);
    }
    step(&mut root, source);
    if check.is_some() {
        root.push_str(MAIN);
    }
    root
}

/// Like [`apart`], with the earlier steps in it.
#[must_use]
pub fn whole_apart(source: &Source<'_>, check: &Check, earlier: &[Source<'_>]) -> String {
    let mut root = String::new();
    let _ = writeln!(root, "mod check {{\n{}\n}}", check.text);
    for earlier in earlier {
        step(&mut root, earlier);
    }
    step(&mut root, source);
    root.push_str(MAIN);
    root
}

/// The root of several implementations of one step, each with its own copy of the check.
#[must_use]
pub fn batch<'a>(
    step: &Step,
    members: &[&str],
    check: &Check,
    earlier: impl Iterator<Item = &'a str>,
) -> String {
    let mut root = String::new();
    uses(&mut root, earlier);
    let name = &step.name;
    for (i, member) in members.iter().enumerate() {
        // A check says `crate::s06_…`; in here the step lies one module deeper.
        let deeper =
            |text: &str| text.replace(&format!("crate::{name}"), &format!("crate::m{i}::{name}"));
        let _ = writeln!(
            root,
            "mod m{i} {{\npub mod {name} {{\n{}\n}}\npub mod check {{\n{}\n}}\n}}",
            deeper(member),
            deeper(&check.text)
        );
    }
    let list: Vec<String> = (0..members.len())
        .map(|i| format!("m{i}::check::observe"))
        .collect();
    let _ = writeln!(
        root,
        "fn main() -> std::process::ExitCode {{\n    kit::run_chosen(&[{}])\n}}",
        list.join(", ")
    );
    root
}

fn uses<'a>(root: &mut String, earlier: impl Iterator<Item = &'a str>) {
    for step in earlier {
        // Writing to a String cannot fail.
        let _ = writeln!(
            root,
            "#[allow(unused_imports)]\npub use {}::{step};",
            crate_name(step)
        );
    }
}

fn modules<'a>(root: &mut String, source: &Source<'_>, earlier: impl Iterator<Item = &'a str>) {
    uses(root, earlier);
    step(root, source);
}

fn step(root: &mut String, source: &Source<'_>) {
    // What a check does not call is not dead: it is the step's public surface.
    root.push_str("#[allow(dead_code)]\n");
    module(root, "pub mod", &source.step.name, &source.path);
}

fn module(root: &mut String, keyword: &str, name: &str, path: &Path) {
    // `{:?}` of a str is a Rust string literal.
    let _ = writeln!(
        root,
        "#[path = {:?}]\n{keyword} {name};",
        path.to_string_lossy()
    );
}
