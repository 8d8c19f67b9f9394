//! The crate roots that steps are compiled in.
//!
//! A step file says `use crate::s01_config::Config;`: every root has the earlier steps as
//! modules under their own names, beside the step itself.

use std::fmt::Write;
use std::path::Path;

use super::calls::Caller;
use super::{Below, Check, Library, Source};
use crate::course::Step;
use crate::engine::sandbox::workplace::Trust;

const MAIN: &str = "fn main() -> std::process::ExitCode {\n    kit::run(check::observe)\n}\n";

/// The crate that a program is compiled from.
pub const PROGRAM: &str = "observe";

/// The crate that an earlier step is compiled to.
#[must_use]
pub fn crate_name(step: &str) -> String {
    format!("earlier_{step}")
}

/// The root of a crate that has `source` in it: a library without a check, an observation program
/// with one.
///
/// Where the code is not trusted, the check stands in the root and not in a file: rustc, which reads
/// what the step tells it to, could open that.
#[must_use]
pub fn root(source: &Source<'_>, check: Option<&Check>, below: Below<'_>, trust: Trust) -> String {
    let mut root = String::new();
    if let Below::Libraries(libraries) = below {
        uses(&mut root, names(libraries));
    }
    // Before the step, whose macros reach what stands behind it.
    match (check, trust) {
        (None, _) => {}
        (Some(check), Trust::Trusted) => module(&mut root, "mod", "check", &check.path),
        (Some(check), Trust::Untrusted) => {
            // Writing to a String cannot fail.
            let _ = writeln!(root, "mod check {{\n{}\n}}", check.text);
        }
    }
    if let Below::Modules(sources) = below {
        for earlier in sources {
            step(&mut root, earlier);
        }
    }
    step(&mut root, source);
    if check.is_some() {
        root.push_str(MAIN);
    }
    root
}

/// The root of several implementations of one step, each with its own copy of the check.
#[must_use]
pub fn batch(step: &Step, members: &[&str], check: &Check, earlier: &[Library]) -> String {
    let mut root = String::new();
    uses(&mut root, names(earlier));
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

/// The step `name` and its check where they are the only ones in a program.
pub(super) fn caller(name: &str) -> Caller {
    Caller {
        step: format!("{PROGRAM}::{name}"),
        check: format!("{PROGRAM}::check"),
    }
}

/// The step `name` and its check in the member `i` of a batch.
pub(super) fn caller_in_batch(i: usize, name: &str) -> Caller {
    Caller {
        step: format!("{PROGRAM}::m{i}::{name}"),
        check: format!("{PROGRAM}::m{i}::check"),
    }
}

/// The member of a batch whose text, or whose copy of the check, has this line of the `root`.
#[must_use]
pub fn member_at(root: &str, line: u32) -> Option<usize> {
    let lines: Vec<&str> = root.lines().take(line as usize).collect();
    let opening = |line: &&str| line.strip_prefix("mod m")?.strip_suffix(" {")?.parse().ok();
    lines.iter().rev().find_map(opening)
}

/// The root of a program of the course's that has a `main` of its own and uses steps.
#[must_use]
pub fn driver(program: &Check, below: Below<'_>) -> String {
    // The crates that steps use are in the kit, whether the program names that or not.
    let mut root = String::from("extern crate kit as _;\n");
    match below {
        Below::Libraries(libraries) => uses(&mut root, names(libraries)),
        Below::Modules(sources) => sources.iter().for_each(|source| step(&mut root, source)),
    }
    module(&mut root, "mod", "program", &program.path);
    root.push_str("fn main() -> impl std::process::Termination {\n    program::main()\n}\n");
    root
}

fn uses<'a>(root: &mut String, earlier: impl Iterator<Item = &'a str>) {
    for step in earlier {
        let _ = writeln!(
            root,
            "#[allow(unused_imports)]\npub use {}::{step};",
            crate_name(step)
        );
    }
}

fn names(libraries: &[Library]) -> impl Iterator<Item = &str> {
    libraries.iter().map(|library| library.step.as_str())
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
