use super::*;
use crate::course::hints::parse;
use crate::progress::SeenGroup;

const TEXT: &str = "
    [[hint]]
    text = 'first'
    [[hint]]
    text = 'about b'
    group = 'b'
    [[hint]]
    text = 'about a or b'
    group = ['a', 'b']
    [[hint]]
    on = 'wrong_shape'
    text = 'shapes'
    [[hint]]
    on = 'wrong_shape'
    group = 'b'
    text = 'shapes in b'
    [[hint]]
    error = 'matmul'
    text = 'said matmul'
    [[hint]]
    mistake = 'm'
    text = 'for m'
";

fn texts(known: &StepProgress) -> Vec<String> {
    let hints = parse(TEXT).unwrap_or_else(|(_, message)| panic!("{message}"));
    known
        .fitting(&hints)
        .into_iter()
        .map(|hint| hint.text.clone())
        .collect()
}

/// A group that passed, or what was wrong with it.
fn group(name: &str, trouble: Option<(&str, &str)>) -> SeenGroup {
    SeenGroup {
        name: name.into(),
        passed: trouble.is_none(),
        trouble: trouble.map(|(kind, message)| Trouble {
            kind: kind.into(),
            message: message.into(),
        }),
    }
}

fn known(groups: Vec<SeenGroup>) -> StepProgress {
    let mut known = StepProgress::default();
    known.seen.groups = groups;
    known
}

#[test]
fn the_closest_hint_comes_first() {
    let mut known = known(vec![
        group("a", Some(("panicked", "in matmul: sizes differ"))),
        group("b", Some(("wrong_shape", ""))),
    ]);
    known.diagnosis = vec!["m".into()];
    assert_eq!(
        texts(&known),
        [
            "for m",
            "said matmul",
            "shapes in b",
            "shapes",
            // Towards the first group that fails.
            "about a or b",
            "first",
            "about b",
        ]
    );
    known.show("for m");
    known.show("shapes in b");
    assert_eq!(texts(&known)[..2], ["said matmul", "shapes"]);
}

#[test]
fn what_passes_is_skipped() {
    let shape = Some(("wrong_shape", ""));
    assert_eq!(
        texts(&known(vec![group("a", shape), group("b", None)])),
        ["shapes", "about a or b", "first"]
    );
    let after = known(vec![
        group("a", None),
        group("b", Some(("wrong_values", ""))),
    ]);
    assert_eq!(texts(&after), ["about b", "about a or b", "first"]);
    let mut passed = after;
    passed.last = "passed".into();
    assert!(texts(&passed).is_empty());
}

#[test]
fn nothing_seen_yet_leaves_the_queue_as_it_is() {
    let mut known = StepProgress::default();
    assert_eq!(texts(&known), ["first", "about b", "about a or b"]);
    // An older tutor kept a number.
    known.hints = 2;
    assert_eq!(texts(&known), ["about a or b"]);
}

#[test]
fn what_does_not_compile_has_no_groups_but_words() {
    let mut known = known(vec![
        group("a", None),
        group("b", Some(("wrong_shape", ""))),
    ]);
    known.seen.whole = Some(Trouble {
        kind: "does_not_compile".into(),
        message: "no method named `matmul`".into(),
    });
    // The wrong shape is not what was just seen.
    assert_eq!(texts(&known)[0], "said matmul");
    assert!(!texts(&known).contains(&"shapes".to_owned()));
}
