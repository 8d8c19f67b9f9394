//! Hints: one at a time, each where it fits.

use std::fs;

use super::{forward, listed};
use crate::support::Sandbox;

/// The small course with general hints and some for an occasion.
fn with_hints() -> Sandbox {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/s01_scale")).expect("it is new");
    sandbox.write(
        "lessons/s01_scale/hints.toml",
        "[[hint]]\ntext = 'first'\n[[hint]]\ntext = 'second'\n\
         [[hint]]\ngroup = 'the factors'\ntext = 'about factors'\n\
         [[hint]]\ngroup = ['scaled rows', 'too many rows']\ntext = 'about rows'\n\
         [[hint]]\non = 'wrong_shape'\ntext = 'about shapes'\n\
         [[hint]]\non = 'wrong_text'\ngroup = 'the name'\ntext = 'about words'\n\
         [[hint]]\nerror = 'index out of bounds'\ntext = 'about bounds'\n\
         [[hint]]\nerror = 'E0308'\ntext = 'about types'\n\
         [[hint]]\nmistake = 'adds'\ntext = 'about adding'\n",
    );
    sandbox
}

/// The hints that are given one after the other, each by a word of its text.
fn hinted(sandbox: &Sandbox, times: usize) -> Vec<String> {
    let text = |_| sandbox.tutor(&["hint", "s01"]).stdout;
    let word = |text: String| text.lines().nth(2).unwrap_or_default().trim().to_owned();
    (0..times).map(text).map(word).collect()
}

#[test]
fn hints_come_one_at_a_time_and_are_counted() {
    let sandbox = with_hints();
    assert_eq!(
        hinted(&sandbox, 4),
        ["first", "second", "about factors", "about rows"]
    );
    let done = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(done.contains("every hint of s01 that fits"), "{done}");
    for command in ["show lesson s01", "show hint s01", "show solution s01"] {
        assert!(done.contains(command), "{done}");
    }
    assert_eq!(listed(&sandbox)["hints"], 4);
    // Without a name: the step to do now.
    assert_eq!(sandbox.tutor(&["hint"]).stdout, done);
    let all = sandbox.tutor(&["show", "hint", "s01"]).stdout;
    for text in [
        "9 hints",
        "Hint 3, for `the factors`\nabout factors",
        "in `the name`\nabout words",
        "if the message says `E0308`",
        "if your code adds the factors instead of multiplying by them",
    ] {
        assert!(all.contains(text), "no {text:?} in {all}");
    }
}

#[test]
fn a_hint_fits_what_went_wrong() {
    let sandbox = with_hints();
    forward(&sandbox, "x.transpose()");
    // Once; then the general ones, those for the first failing group before the others, and
    // none for what passes.
    assert_eq!(
        hinted(&sandbox, 4),
        ["about shapes", "about rows", "first", "second"]
    );
    let done = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(done.contains("every hint of s01 that fits"), "{done}");
    forward(&sandbox, "x + self.weight.val().unsqueeze()");
    assert_eq!(hinted(&sandbox, 1), ["about adding"]);
}

#[test]
fn a_hint_fits_each_failing_group_and_what_was_said() {
    let sandbox = with_hints();
    // The name fails too, which is not the first group to fail.
    let text = sandbox.read("solutions/s01_scale.rs");
    let text = text.replace("\"scale\".into()", "\"skale\".into()");
    let body = "{ let rows: Vec<f32> = vec![]; x * rows[7] }";
    let panics = text.replace("x * self.weight.val().unsqueeze()", body);
    sandbox.write("steps/s01_scale.rs", panics);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
    assert_eq!(
        hinted(&sandbox, 3),
        ["about bounds", "about words", "about rows"]
    );
    // What rustc says; what it quotes of the learner's line is not what it says.
    sandbox.write(
        "steps/s01_scale.rs",
        text.replace("\"skale\".into()", "7 /* index out of bounds */"),
    );
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
    assert_eq!(hinted(&sandbox, 2), ["about types", "first"]);
}

#[test]
fn a_step_that_passes_needs_no_hint() {
    let sandbox = with_hints();
    sandbox.write("steps/s01_scale.rs", sandbox.read("solutions/s01_scale.rs"));
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    let hint = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(hint.contains("it needs no hint"), "{hint}");
}

#[test]
fn a_broken_hint_is_told_with_its_line() {
    let sandbox = with_hints();
    let file = "lessons/s01_scale/hints.toml";
    let text = sandbox.read(file).replace("wrong_text", "wrong_word");
    sandbox.write(file, text);
    let done = sandbox.tutor(&["hint", "s01"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("s01_scale/hints.toml:15:6"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("`wrong_word`"), "{}", done.stderr);
}

#[test]
fn progress_tells_effort_and_what_was_seen() {
    let sandbox = with_hints();
    forward(&sandbox, "x");
    sandbox.tutor(&["hint", "s01"]);
    sandbox.tutor(&["show", "solution", "s01"]);
    let step = listed(&sandbox);
    assert_eq!(step["attempts"], 1);
    assert_eq!(step["last"], "wrong_values");
    assert_eq!(step["solution_seen"], true);
    assert_eq!(step["passed"], false);
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("1 run, 1 hint, solution seen"), "{list}");
    assert!(list.contains("0 of 2 steps pass"), "{list}");
}

#[test]
fn hints_that_were_shown_are_shown_again() {
    let sandbox = with_hints();
    let none = sandbox.tutor(&["hint", "s01", "--shown", "1"]).stdout;
    assert!(none.contains("No hint of s01 was shown yet"), "{none}");
    let seen = hinted(&sandbox, 2);
    for (number, words) in [(1, &seen[0]), (2, &seen[1]), (9, &seen[1])] {
        let number = number.to_string();
        let again = sandbox.tutor(&["hint", "s01", "--shown", &number]).stdout;
        assert!(again.contains(words.as_str()), "{again}");
        assert!(again.contains("of 2 that you saw"), "{again}");
    }
    assert_eq!(listed(&sandbox)["hints"], 2);
}
