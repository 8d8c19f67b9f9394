use super::*;

const LESSON: &str = "# 06\n\n1. no exercise\n\n## Exercises\n\n1. How many\n   rows?\n\n   \
    <details><summary>Answer</summary>\n\n   Four.\n\n   As `rows` says.\n\n   </details>\n\n2. \
    Which one?\n\n## Next\n\n3. Not here.\n";

fn flaw(text: &str) -> String {
    parse(text, LESSON).expect_err("there is a flaw").1
}

#[test]
fn question_and_explanation_are_the_lessons() {
    let text = "[[exercise]]\nnumber = 1\nanswer = 4\n";
    let exercises = parse(text, LESSON).expect("it is sound");
    let [exercise] = exercises.as_slice() else {
        panic!("{exercises:?}");
    };
    assert_eq!(exercise.ask, "How many\nrows?");
    assert_eq!(exercise.explanation, "Four.\n\nAs `rows` says.");
    assert_eq!(exercise.line, 1);
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (typed, value) in [
        ("1,048,576", 1_048_576.0),
        ("1_048_576", 1_048_576.0),
        (" 1 048 576 ", 1_048_576.0),
        ("-0.5", -0.5),
        ("1e-5", 1e-5),
        ("3/4", 0.75),
        ("25%", 0.25),
        ("+4", 4.0),
    ] {
        assert_eq!(number(typed), Some(value), "{typed}");
    }
    for typed in ["", "four", "1/0", "nan", "inf", "4 rows", "1/2/3", "%", "٣"] {
        assert_eq!(number(typed), None, "{typed}");
    }
}

#[test]
fn words_count_whatever_their_case_and_marks() {
    let answer = Answer::Words(vec!["softmax".into(), "a softmax".into()]);
    for typed in ["softmax", " Softmax ", "`softmax`", "softmax.", "A softmax"] {
        assert!(answer.is(typed), "{typed}");
    }
    for typed in ["", "soft max", "max"] {
        assert!(!answer.is(typed), "{typed}");
    }
}

#[test]
fn what_cannot_be_meant_is_told() {
    let one = "[[exercise]]\nnumber = 1\n";
    for (text, words) in [
        (
            "[[exercise]]\nnumber = 3\nanswer = 4\n".to_owned(),
            "no exercise 3",
        ),
        (
            format!("{one}answer = 4\n{one}answer = 4\n"),
            "listed twice",
        ),
        (format!("{one}answer = nan\n"), "finite number"),
        (format!("{one}answer = 4\nwithin = -1.0\n"), "zero or more"),
        (format!("{one}answer = \" \"\n"), "say something"),
        (format!("{one}answer = []\n"), "say something"),
        (
            format!("{one}answer = \"c\"\nchoices = [\"x\", \"y\"]\n"),
            "letter of one",
        ),
        (
            format!("{one}answer = 1\nchoices = [\"x\", \"y\"]\n"),
            "letter of one",
        ),
        (
            format!("{one}answer = 4\n[[exercise.wrong]]\nanswer = 4\nwhy = \"x\"\n"),
            "as right",
        ),
        (
            format!("{one}answer = 4\n[[exercise.wrong]]\nanswer = \"x\"\nwhy = \"x\"\n"),
            "same kind",
        ),
        (
            format!("{one}answer = 4\n[[exercise.wrong]]\nanswer = 5\nwhy = \"\"\n"),
            "comes from",
        ),
        (format!("{one}answer = 4\nanswers = 5\n"), "unknown field"),
    ] {
        let said = flaw(&text);
        assert!(said.contains(words), "{words}: {said}");
    }
}
