//! A kit belongs to the place where it lies: a course that is copied or moved goes on with the copy,
//! and never with a library that is not the one that was noted.

use std::fs;
use std::path::Path;

use tutor::engine::kit::Kit;

use crate::support::Sandbox;

/// The library of the kit that `sandbox` would use, if there is one.
fn library(sandbox: &Sandbox) -> Option<std::path::PathBuf> {
    let folder = sandbox.kit_folder();
    let current = Kit::current_in(&sandbox.course(), &folder).expect("the course is sound");
    current.map(|kit| kit.library)
}

#[test]
fn a_copied_course_uses_its_own_kit() {
    let sandbox = Sandbox::small();
    let found = library(&sandbox).expect("it was lent a kit");
    assert!(found.starts_with(sandbox.path()), "{}", found.display());
    sandbox.write("steps/s01_scale.rs", sandbox.read("solutions/s01_scale.rs"));
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
}

#[test]
fn a_moved_course_goes_on_without_a_rebuild() {
    let sandbox = Sandbox::small();
    assert_eq!(sandbox.tutor(&["setup"]).code, 0);
    let before = sandbox.read("target/tutor/kit.json");
    let moved = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let to = moved.path().join("elsewhere");
    fs::rename(sandbox.path(), &to).expect("it can be moved");
    fs::copy(
        to.join("solutions/s01_scale.rs"),
        to.join("steps/s01_scale.rs"),
    )
    .expect("it is there");
    let mut command = sandbox.command(&["run", "s01"]);
    let done = command
        .current_dir(&to)
        .output()
        .expect("tutor can be started");
    assert!(done.status.success(), "{done:?}");
    assert_eq!(
        without_selections(&before),
        without_selections(
            &fs::read_to_string(to.join("target/tutor/kit.json")).expect("it is there")
        ),
        "the note is as it was"
    );
    // What the sandbox removes in the end.
    fs::rename(&to, sandbox.path()).expect("it can be moved back");
}

/// What selects the toolchain hangs on the current folder.
fn without_selections(note: &str) -> serde_json::Value {
    let mut note: serde_json::Value = serde_json::from_str(note).expect("it is JSON");
    note["selections"] = serde_json::Value::Null;
    note
}

#[test]
fn a_library_that_is_not_the_noted_one_is_not_used() {
    let sandbox = Sandbox::small();
    let library = library(&sandbox).expect("it was lent a kit");
    let right = fs::read(&library).expect("it can be read");
    let replace = |content: &[u8]| {
        // Not through the second name, which is the project's own.
        fs::remove_file(&library).expect("it is there");
        fs::write(&library, content).expect("it can be written");
    };
    let mut wrong = right.clone();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 1;
    replace(&wrong);
    assert_eq!(self::library(&sandbox), None, "one bit is another");
    replace(&right[1..]);
    assert_eq!(self::library(&sandbox), None, "it is shorter");
    replace(&right);
    assert!(
        self::library(&sandbox).is_some(),
        "a copy of the same is as good"
    );
}

#[test]
fn a_note_that_points_elsewhere_is_not_used() {
    let sandbox = Sandbox::small();
    let note = sandbox.read("target/tutor/kit.json");
    let mut value: serde_json::Value = serde_json::from_str(&note).expect("it is JSON");
    let other = Sandbox::small();
    for path in ["/library/path", "/interface/path", "/dependencies"] {
        let field = value.pointer_mut(path).expect("it is there");
        let inside = field.as_str().expect("it is text").to_owned();
        *field = other
            .path()
            .join("target/tutor")
            .join(&inside)
            .to_str()
            .into();
        sandbox.write("target/tutor/kit.json", value.to_string());
        assert_eq!(library(&sandbox), None, "{path} lies elsewhere");
        *value.pointer_mut(path).expect("it is there") = inside.into();
    }
    sandbox.write("target/tutor/kit.json", value.to_string());
    assert!(library(&sandbox).is_some());
    assert!(Path::new(&other.path()).exists());
}
