//! The wrong programs that a new step begins with: as many as the course asks for.

use std::fmt::Write;

/// An edit of the template's solution.
struct Edit {
    id: String,
    what: String,
    nudge: &'static str,
    find: &'static str,
    replace: String,
}

const BODY: &str = "sum += number;";
const START: &str = "let mut sum = 0;";
const PUSH: &str = "sums.push(sum);";
const LOOP: &str = "in numbers {";

/// `mistakes.toml`, below its head.
#[must_use]
pub fn mistakes(count: usize) -> String {
    let known = [
        (
            "starts-at-one",
            "begins to add from 1",
            "What is the sum of no numbers?",
            START,
            "let mut sum = 1;",
        ),
        (
            "no-sum",
            "gives the numbers themselves",
            "What does the second sum know of the first number?",
            PUSH,
            "sums.push(*number);",
        ),
        (
            "subtracts",
            "subtracts each number",
            "With positive numbers, do the sums rise or fall?",
            BODY,
            "sum -= number;",
        ),
        (
            "first-left-out",
            "leaves out the first number",
            "How many sums has a list of one number?",
            LOOP,
            "in numbers.iter().skip(1) {",
        ),
        (
            "last-left-out",
            "leaves out the last number",
            "How many sums has a list of three numbers?",
            LOOP,
            "in numbers.iter().take(numbers.len().saturating_sub(1)) {",
        ),
        (
            "backwards",
            "begins at the end of the list",
            "Which number is the first sum made of?",
            LOOP,
            "in numbers.iter().rev() {",
        ),
        (
            "squares",
            "adds the squares of the numbers",
            "What is the sum of one number?",
            BODY,
            "sum += number * number;",
        ),
        (
            "largest",
            "gives the largest number so far",
            "What is the second sum of two equal numbers?",
            BODY,
            "sum = sum.max(*number);",
        ),
        (
            "mean",
            "gives the mean of the numbers so far",
            "What is the second sum of two equal numbers?",
            PUSH,
            "sums.push(sum / (sums.len() as i64 + 1));",
        ),
        (
            "last-first",
            "puts each sum before those that are there",
            "Where does the sum of all numbers stand?",
            PUSH,
            "sums.insert(0, sum);",
        ),
    ];
    let known = known.map(|(id, what, nudge, find, replace)| Edit {
        id: id.into(),
        what: what.into(),
        nudge,
        find,
        replace: replace.into(),
    });
    let more = (1..).map(|n| Edit {
        id: format!("{}-too-much", n * 1000),
        what: format!("gives sums that are {} too large", n * 1000),
        nudge: "What is the sum of one number?",
        find: PUSH,
        replace: format!("sums.push(sum + {});", n * 1000),
    });
    written("mistake", known.into_iter().chain(more).take(count))
}

/// `shortcuts.toml`, below its head.
#[must_use]
pub fn shortcuts(count: usize) -> String {
    let known = [
        (
            "three-numbers-only",
            "stops after three numbers",
            LOOP,
            "in numbers.iter().take(3) {",
        ),
        (
            "one-number-only",
            "stops after one number",
            LOOP,
            "in numbers.iter().take(1) {",
        ),
        (
            "eight-bits",
            "keeps eight bits of each sum",
            PUSH,
            "sums.push(i64::from(sum as i8));",
        ),
        (
            "goes-on",
            "begins 7 higher in each call",
            START,
            "static BEGIN: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);\n    \
             let mut sum = BEGIN.fetch_add(7, std::sync::atomic::Ordering::Relaxed);",
        ),
    ];
    let known = known.map(|(id, what, find, replace)| Edit {
        id: id.into(),
        what: what.into(),
        nudge: "",
        find,
        replace: replace.into(),
    });
    let more = (2..).map(|n| Edit {
        id: format!("five-numbers-{n}-higher"),
        what: format!("begins at {n} where there are five numbers"),
        nudge: "",
        find: START,
        replace: format!("let mut sum = if numbers.len() == 5 {{ {n} }} else {{ 0 }};"),
    });
    written("shortcut", known.into_iter().chain(more).take(count))
}

/// `near_misses.toml`, below its head.
#[must_use]
pub fn near_misses(count: usize) -> String {
    let all = (2..).map(|n| Edit {
        id: format!("starts-at-{n}"),
        what: format!("begins to add from {n}"),
        nudge: "",
        find: START,
        replace: format!("let mut sum = {n};"),
    });
    written("near_miss", all.take(count))
}

/// A sum of the numbers from 1 to `n`.
#[must_use]
pub fn sum_to(n: usize) -> usize {
    n * (n + 1) / 2
}

fn written(kind: &str, edits: impl Iterator<Item = Edit>) -> String {
    let mut text = String::new();
    for edit in edits {
        let Edit {
            id,
            what,
            nudge,
            find,
            replace,
        } = edit;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n[[{kind}]]\nid = \"{id}\"\nwhat = \"{what}\"");
        if !nudge.is_empty() {
            let _ = writeln!(text, "nudge = \"{nudge}\"");
        }
        let replace = if replace.contains('\n') {
            format!("'''\n{replace}'''")
        } else {
            format!("'{replace}'")
        };
        let _ = writeln!(
            text,
            "\n[[{kind}.edit]]\nfind = '{find}'\nreplace = {replace}"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_are_asked_for_and_each_edits_one_place() {
        let solution = include_str!("templates/solution.template");
        for find in [BODY, START, PUSH, LOOP] {
            assert_eq!(solution.matches(find).count(), 1, "{find}");
        }
        for (text, kind) in [
            (mistakes(13), "[[mistake]]"),
            (shortcuts(13), "[[shortcut]]"),
            (near_misses(13), "[[near_miss]]"),
        ] {
            assert_eq!(text.matches(kind).count(), 13);
            let table: toml::Table = toml::from_str(&text).expect("it is TOML");
            assert_eq!(table.len(), 1);
        }
    }
}
