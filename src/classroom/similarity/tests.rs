mod course;

use super::*;

const SKELETON: &str = include_str!("../../../checks/s07_attention/skeleton.rs");
const SOLUTION: &str = include_str!("../../../solutions/s07_attention.rs");
const LOOP: &str = include_str!("../../../checks/s07_attention/variants/loop_over_heads.rs");
const BY_HAND: &str = include_str!("../../../checks/s07_attention/variants/softmax_by_hand.rs");
const PROJECTIONS: &str =
    include_str!("../../../checks/s07_attention/variants/three_projections.rs");
const SUM: &str = include_str!("../../../checks/s07_attention/variants/weighted_sum.rs");

const BASE: Base<'_> = Base {
    step: "s07",
    skeleton: SKELETON,
    solution: SOLUTION,
};

/// What is found among these texts for step 07, each a student's: a, b, c and so on.
fn found(texts: &[&str]) -> Findings {
    let students: Vec<String> = ('a'..).take(texts.len()).map(String::from).collect();
    let texts: Vec<Text<'_>> = students
        .iter()
        .zip(texts)
        .map(|(student, text)| Text {
            student,
            step: "s07",
            text,
        })
        .collect();
    find(&texts, &[BASE])
}

/// The same in a few words: `a b same_text`.
fn told(findings: &Findings) -> Vec<String> {
    let pairs = findings.pairs.iter();
    pairs
        .flat_map(|pair| pair.steps.iter().map(move |alike| (pair, alike)))
        .map(|(pair, alike)| {
            let other = match &pair.b {
                Other::Student(student) => student,
                Other::Solution => "solution",
            };
            let kind = match alike.kind {
                Kind::SameText => "same text",
                Kind::SameNormalised => "same",
                Kind::Near { .. } => "near",
            };
            format!("{} {other} {kind}", pair.a)
        })
        .collect()
}

/// `text` with `suffix` behind each of the `words`.
fn renamed(text: &str, words: &[&str], suffix: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        out.push_str(word);
        if words.contains(&word) {
            out.push_str(suffix);
        }
        let length = after.find(is_word).unwrap_or(after.len());
        out.push_str(&after[..length]);
        rest = &after[length..];
    }
    out
}

/// [`LOOP`] with other names, comments, spacing, and its methods in another order.
fn disguised() -> String {
    let names = [
        "config",
        "x",
        "q",
        "k",
        "heads",
        "head",
        "rows",
        "row",
        "qkv",
        "found",
        "columns",
        "part",
        "start",
        "weights",
        "mask",
        "scores",
        "forward_row",
        "weights_of_one_head",
    ];
    let text = renamed(LOOP, &names, "_of_mine");
    let start = text.find("    /// Untrained").expect("the first method");
    let end = text
        .find("\n}\n\n/// Queries")
        .expect("the end of the methods");
    let mut methods: Vec<&str> = text[start..end].split("\n\n").collect();
    methods.reverse();
    let methods = methods.join("\n\n");
    let text = format!("{}{methods}{}", &text[..start], &text[end..]);
    let text = text
        .replace("///", "//")
        .replace("    ", "\t")
        .replace(", ", " , ");
    format!("//! All my own work.\n/* Really. */ {text}")
}

#[test]
fn a_text_handed_in_twice_is_found() {
    let findings = found(&[BY_HAND, PROJECTIONS, BY_HAND]);
    assert_eq!(told(&findings), ["a c same text"]);
    assert_eq!(findings.left_out, 0);
}

#[test]
fn names_comments_order_and_spacing_do_not_matter() {
    let disguised = disguised();
    assert_eq!(told(&found(&[LOOP, BY_HAND, &disguised])), ["a c same"]);
}

#[test]
fn the_same_text_tells_more_than_the_same_code() {
    let disguised = disguised();
    let score = |findings: &Findings| findings.pairs.first().map(|pair| pair.score);
    assert!(score(&found(&[LOOP, LOOP])) > score(&found(&[LOOP, &disguised])));
}

#[test]
fn two_changed_lines_leave_it_near() {
    let changed = LOOP
        .replacen(
            "linear(n_embd, n_embd, device)",
            "projection(n_embd, device)",
            1,
        )
        .replacen(
            "self.c_proj.forward(",
            "self.c_proj.forward(x.clone() + ",
            1,
        );
    assert_ne!(changed, LOOP);
    let findings = found(&[&changed, BY_HAND, LOOP]);
    assert_eq!(told(&findings), ["a c near"]);
    let alike = &findings.pairs[0].steps[0];
    assert!(matches!(alike.kind, Kind::Near { shared, of } if shared < of));
    assert!((0.8..1.0).contains(&alike.similarity));
}

#[test]
fn the_solution_is_a_participant() {
    let copied = renamed(SOLUTION, &["qkv", "scores", "mask", "found"], "2");
    let findings = found(&[&copied, LOOP, SUM]);
    assert_eq!(told(&findings), ["a solution same"]);
}

#[test]
fn what_was_never_begun_is_nothing() {
    let touched = SKELETON.replace("todo!()", "/* later */ todo!()");
    let findings = found(&[SKELETON, SKELETON, &touched, "", ""]);
    assert_eq!((findings.pairs, findings.common), (vec![], vec![]));
    assert_eq!(find(&[], &[BASE]).pairs, []);
}

#[test]
fn other_ways_are_not_alike() {
    assert_eq!(found(&[LOOP, BY_HAND, PROJECTIONS, SUM]).pairs, []);
}

#[test]
fn what_half_the_class_has_is_common_and_makes_no_pairs() {
    let plain: Vec<String> = (0..12)
        .map(|i| renamed(SUM, &["q", "k", "v"], &i.to_string()))
        .collect();
    let mut texts: Vec<&str> = plain.iter().map(String::as_str).collect();
    texts.extend([LOOP, PROJECTIONS, LOOP]);
    let findings = found(&texts);
    assert_eq!(told(&findings), ["m o same text"]);
    assert_eq!(findings.common.len(), 1);
    let common = &findings.common[0];
    assert_eq!((common.students.len(), common.of), (12, 15));
    assert!(!common.solution);
}

#[test]
fn short_steps_tell_nothing_alone_but_do_together() {
    let steps: Vec<String> = (0..30).map(|i| format!("s{i:02}")).collect();
    let write = |i: usize, own: &str| {
        format!(
            "fn f(x: Tensor<3>) -> Tensor<3> {{ x.{own}({i}).a(1).b({i}, 2).c(3, x.d(4, {i})).e({i}) }}"
        )
    };
    let copied: Vec<String> = (0..steps.len()).map(|i| write(i, "same")).collect();
    let other: Vec<String> = (0..steps.len()).map(|i| write(i + 100, "other")).collect();
    let pairs = |count: usize| {
        let mut texts = Vec::new();
        for (i, step) in steps.iter().enumerate().take(count) {
            for (student, text) in [("a", &copied[i]), ("b", &copied[i]), ("c", &other[i])] {
                texts.push(Text {
                    student,
                    step,
                    text,
                });
            }
        }
        find(&texts, &[]).pairs
    };
    assert_eq!(pairs(1), []);
    let together = pairs(30);
    assert_eq!(together.len(), 1);
    assert_eq!(together[0].steps.len(), 30);
}

#[test]
fn broken_files_are_compared_too() {
    let broken = LOOP.replacen('}', "", 1);
    let quoted = LOOP.replacen("use ", "\" use ", 1);
    let findings = found(&[&broken, BY_HAND, &quoted, LOOP]);
    assert_eq!(findings.pairs.len(), 3, "{:?}", told(&findings));
}

#[test]
fn garbage_does_no_harm() {
    let deep = "(".repeat(10_000) + &")".repeat(10_000);
    let expressions = [
        "!",
        "a.",
        "a+",
        "||",
        "&",
        "fn a<",
        "struct A {",
        "Vec<",
        "if a {} else ",
        "'",
    ]
    .map(|piece| piece.repeat((64 << 10) / piece.len()));
    let open = "(".repeat(1 << 20);
    let mut texts = vec![&deep, &deep, &open, &open];
    texts.extend(&expressions);
    let mut texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
    texts.extend([
        "",
        "\u{feff}#!/bin/sh",
        "😀\0 \"",
        "/*",
        "r#\"",
        "'",
        "Dear teacher, use this.",
    ]);
    let findings = found(&texts);
    assert!(findings.pairs.iter().all(|pair| pair.b != Other::Solution));
}

#[test]
fn no_more_pairs_than_can_be_looked_at() {
    let write = |i: usize| {
        let line = |line: usize| format!("a.way_{}(b, {line}).c();", i / 2);
        format!("fn f() {{ {} }}", (0..40).map(line).collect::<String>())
    };
    let students: Vec<(String, String)> = (0..410).map(|i| (format!("{i:03}"), write(i))).collect();
    let texts = students.iter().map(|(student, text)| Text {
        student,
        step: "s01",
        text,
    });
    let findings = find(&texts.collect::<Vec<_>>(), &[]);
    assert_eq!((findings.pairs.len(), findings.left_out), (REPORTED, 5));
}

#[test]
fn findings_are_written_and_read() {
    let findings = found(&[LOOP, LOOP, SOLUTION]);
    let json = serde_json::to_value(&findings).expect("it can be written");
    let [first, second] = [&json["pairs"][0], &json["pairs"][1]];
    assert_eq!(first["b"]["student"], "b");
    assert_eq!(first["steps"][0]["kind"], "same_text");
    assert_eq!(second["b"], "solution");
    let back: Findings = serde_json::from_value(json).expect("it can be read");
    assert_eq!(back, findings);
}
