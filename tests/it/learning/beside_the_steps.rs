//! What belongs to no step: lessons before the first one, the glossary, a program of one's own.

use std::fs;

use crate::support::{self, Sandbox};

const MAP: &str = "# 00 The map\n\nA *factor* is multiplied by.\n";

/// A course with a map and a glossary.
fn course() -> Sandbox {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/s00_map")).expect("it is new");
    sandbox.write("lessons/s00_map/lesson.md", MAP);
    sandbox.write(
        "lessons/glossary.md",
        "# Glossary\n\n**factor** ([00](s00_map/lesson.md)): what is multiplied by.\n\n**scale \
         table** ([01](s01_scale/lesson.md)): all\nfactors.\n",
    );
    sandbox
}

#[test]
fn a_lesson_before_the_first_step_has_a_number_and_a_name() {
    let sandbox = course();
    for name in ["00", "0", "s00", "map", "s00_map"] {
        let shown = sandbox.tutor(&["show", "lesson", name]);
        assert_eq!((shown.code, shown.stdout.as_str()), (0, MAP), "{name}");
    }
    // A newcomer is told of it, and nobody else.
    let first = "Before the first step: `tutor show lesson 00`";
    for command in ["list", "next"] {
        let said = sandbox.tutor(&[command]).stdout;
        assert!(said.contains(first), "{said}");
    }
    let solution = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", solution);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    let said = sandbox.tutor(&["list"]).stdout;
    assert!(!said.contains(first), "{said}");
    let none = Sandbox::small().tutor(&["show", "lesson", "00"]);
    assert_eq!(none.code, 2, "{none:?}");
    let unnamed = sandbox.tutor(&["show", "lesson"]);
    assert_eq!(unnamed.code, 2, "{unnamed:?}");
    assert!(unnamed.stderr.contains("of which step?"), "{unnamed:?}");
}

#[test]
fn a_word_is_explained_with_the_lesson_that_introduces_it() {
    let sandbox = course();
    let factor = sandbox.tutor(&["show", "glossary", "Factors"]);
    assert_eq!(factor.code, 0, "{factor:?}");
    assert!(factor.stdout.contains("what is multiplied by"));
    assert!(!factor.stdout.contains("scale table"), "{factor:?}");
    assert!(factor.stdout.contains("`tutor show lesson s00`"));
    let table = sandbox
        .tutor(&["show", "glossary", "scale", "table"])
        .stdout;
    assert!(table.contains("`tutor show lesson s01`"), "{table}");
    let all = sandbox.tutor(&["show", "glossary"]).stdout;
    assert_eq!(all, sandbox.read("lessons/glossary.md"));
    let unknown = sandbox.tutor(&["show", "glossary", "facter"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.stderr.contains("`tutor show glossary factor`"));
    let none = Sandbox::small().tutor(&["show", "glossary", "factor"]);
    assert!(none.stdout.contains("no glossary"), "{none:?}");
}

#[test]
fn a_program_of_ones_own_runs_on_a_step() {
    let sandbox = course();
    let text = "use kit::Observer;\n\npub fn observe(_: &mut Observer) {\n    println!(\"it is {}\", \
                6 * 7);\n}\n";
    sandbox.write("scratch.rs", text);
    let done = sandbox.tutor(&["try", "s01", "--file", "scratch.rs"]);
    assert_eq!((done.code, done.stdout.as_str()), (0, "it is 42\n"));
    sandbox.write("scratch.rs", text.replace('6', "six"));
    let done = sandbox.tutor(&["try", "s01", "--file", "scratch.rs"]);
    assert_eq!(done.code, 1, "{done:?}");
    for words in [
        "scratch.rs does not compile with s01",
        "cannot find value `six`",
    ] {
        assert!(done.stdout.contains(words), "{words}: {}", done.stdout);
    }
    let done = sandbox.tutor(&["try", "s01", "--file", "nothing.rs"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("no file `nothing.rs`"), "{done:?}");
}

#[test]
fn the_scratch_file_of_the_course_runs() {
    let file = support::root().join("lessons/s00_map/scratch.rs");
    let file = file.to_str().expect("it is UTF-8");
    let done = Sandbox::real().tutor(&["try", "s01", "--file", file]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("0.66524"), "{}", done.stdout);
}
