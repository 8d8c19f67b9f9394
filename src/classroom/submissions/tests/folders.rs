//! Folders, by whoever meant well.

use super::*;

#[test]
fn a_clone_of_the_course_is_its_steps() {
    let class = Class::new();
    for folder in ["steps", "solutions", "kit/src", "target/debug", ".git"] {
        class.write(format!("alice/{folder}/s07_attention.rs"), folder);
    }
    class.write("alice/checks/s07_attention/s07_attention.rs", "check");
    class.write("alice/Cargo.toml", "[package]");
    class.write("alice/build.rs", "fn main() {}");
    let submission = class.read("alice");
    assert_eq!(submission.first(), ("steps/s07_attention.rs", "steps"));
    assert_eq!(submission.files[1].content, Content::Missing);
    assert!(submission.notes.is_empty(), "{submission:?}");
}

#[test]
fn nested_folders_are_searched() {
    let class = Class::of("alice/hand in/my course/s07_attention.rs", "x");
    let path = "hand in/my course/s07_attention.rs";
    assert_eq!(class.read("alice").first(), (path, "x"));
}

#[test]
fn a_name_that_is_nearly_right_will_do() {
    let class = Class::of("alice/alice_12345_s07_attention.rs", "x");
    let submission = class.read("alice");
    assert_eq!(submission.first().1, "x");
    assert!(submission.says("no file is named `s07_attention.rs`"));

    class.write("alice/deep/below/s07_attention.rs", "exact");
    let submission = class.read("alice");
    assert_eq!(submission.first().1, "exact");
    assert!(submission.says("for its name and `alice_12345_s07_attention.rs` was not"));
}

#[test]
fn what_differs_and_was_not_taken_is_told() {
    let class = Class::of("alice/a/s07_attention.rs", "1");
    class.write("alice/b/s07_attention.rs", "1");
    let submission = class.read("alice");
    assert_eq!(submission.first(), ("a/s07_attention.rs", "1"));
    assert!(submission.files[0].notes.is_empty());

    class.write("alice/b/s07_attention.rs", "2");
    assert!(class.read("alice").says("`b/s07_attention.rs` was not"));

    for folder in 'c'..='z' {
        class.write(format!("alice/{folder}/s07_attention.rs"), "3");
    }
    let submission = class.read("alice");
    assert!(submission.says("22 more could"), "{submission:?}");
    assert!(submission.files[0].notes.len() <= limits::FILE_NOTES + 1);
}

#[test]
fn what_is_no_source_is_told() {
    let class = Class::new();
    let read = |content: &[u8]| {
        class.write("alice/s07_attention.rs", content);
        class.read("alice").files[0].content.clone()
    };
    let unreadable = Content::Unreadable;
    assert_eq!(read(b"\n "), unreadable(Unreadable::Empty));
    assert_eq!(
        read(b"fn a() {}\n// \0\xff"),
        unreadable(Unreadable::NotUtf8 { line: 2 })
    );
    assert_eq!(
        read(&vec![b' '; 2 << 20]),
        unreadable(Unreadable::TooLarge {
            bytes: 2 << 20,
            limit: 1 << 20
        })
    );
    let bom = "\u{feff}fn a() {}\r\n";
    assert_eq!(read(bom.as_bytes()), Content::Text(bom.into()));
}

#[test]
fn nothing_in_it_is_told_with_what_belongs_there() {
    let class = Class::new();
    fs::create_dir(class.path("alice")).expect("a folder can be made");
    class.write("bob/homework.docx", "x");
    class.write("carol/solutions/s07_attention.rs", "x");
    let said = |id: &str| {
        let submission = class.read(id);
        assert!(submission.is_missing());
        submission.notes.join("; ")
    };
    assert_eq!(
        said("alice"),
        "the folder is empty; a submission holds files named like `s07_attention.rs`"
    );
    assert_eq!(
        said("bob"),
        "no step file was found; a submission holds files named like `s07_attention.rs`, and all \
         that was seen is `homework.docx`"
    );
    assert!(said("carol").ends_with("of the course or of tools: `solutions`"));
}

#[test]
fn a_lone_archive_in_a_folder_is_opened() {
    let homework = zip_of(&[("steps/s07_attention.rs", b"x")]);
    let class = Class::of("Alice_123_file/homework.zip", &homework);
    let submission = class.read("Alice_123_file");
    let path = "homework.zip/steps/s07_attention.rs";
    assert_eq!(submission.first(), (path, "x"));
    assert!(submission.says("out of `homework.zip`"));

    let newer = zip_of(&[("s07_attention.rs", b"y")]);
    class.write("Alice_123_file/homework (1).zip", newer);
    let submission = class.read("Alice_123_file");
    let path = "homework (1).zip/s07_attention.rs";
    assert_eq!(submission.first(), (path, "y"));
    assert!(submission.says("as the later attempt and `homework.zip/steps/s07"));

    let class = Class::of("bob/homework.rar", "Rar!");
    let submission = class.read("bob");
    assert!(submission.says("`homework.rar` is a RAR archive"));
    class.write("bob/s07_attention.rs", "x");
    let submission = class.read("bob");
    assert_eq!(submission.first().1, "x");
    assert!(submission.says("`homework.rar` is a RAR archive"));
}

#[test]
fn whoever_hands_in_a_file_of_results_is_still_there() {
    let class = Class::of("alice/s07_attention.rs", "x");
    class.write("grades/grades.jsonl", "{}");
    class.write("alice/grades.jsonl", "{\"version\":1}\n");
    let found = class.entries();
    assert!(found.passed_over.is_empty());
    assert_eq!(found.entries.len(), 2);
    for entry in found.entries {
        assert!(entry.notes[0].contains("grades.jsonl"), "{entry:?}");
    }
}
