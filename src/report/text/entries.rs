//! The names of what a step has, parameters above all, beside those that it should have.

use std::fmt::Write;

use crate::engine::judge::Entries;
use crate::terminal::style;

/// So many names are told of a list; the rest are counted.
const NAMED: usize = 12;

/// What is there beside what should be there.
pub(super) fn wrong(entries: &Entries) -> String {
    let names = |names: &[String]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        match quoted.len().saturating_sub(NAMED) {
            0 => quoted.join(", "),
            more => format!("{} and {more} more", quoted[..NAMED].join(", ")),
        }
    };
    let are_the_same = entries.missing.is_empty() && entries.extra.is_empty();
    let mut text = String::from(if are_the_same {
        "the entries stand in another order\n"
    } else {
        "the entries are not those that are asked for\n"
    });
    for (word, list) in [("missing", &entries.missing), ("extra", &entries.extra)] {
        if !list.is_empty() {
            let _ = write!(text, "\n  {word:<9} {}", names(list));
        }
    }
    // Beside a long list, what differs says more than the list; of a long order, where it begins to.
    let is_long = entries.got.len().max(entries.expected.len()) > NAMED;
    if are_the_same || !is_long {
        let mut pairs = entries.got.iter().zip(&entries.expected);
        let from = match is_long {
            true => pairs.position(|(got, expected)| got != expected),
            false => None,
        };
        let tail = |list: &[String]| match from {
            Some(from) if from > 0 => format!("…, {}", names(&list[from..])),
            _ => names(list),
        };
        let _ = write!(
            text,
            "\n  got       {}\n  expected  {}",
            style::wrong(tail(&entries.got)),
            style::right(tail(&entries.expected))
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: impl IntoIterator<Item = usize>) -> Vec<String> {
        of.into_iter().map(|i| i.to_string()).collect()
    }

    fn said(got: Vec<String>, expected: Vec<String>) -> String {
        let without = |all: &[String], some: &[String]| -> Vec<String> {
            all.iter()
                .filter(|name| !some.contains(name))
                .cloned()
                .collect()
        };
        let entries = Entries {
            missing: without(&expected, &got),
            extra: without(&got, &expected),
            got,
            expected,
        };
        anstream::adapter::strip_str(&wrong(&entries)).to_string()
    }

    #[test]
    fn of_a_short_list_all_is_told() {
        let text = said(names([1, 2]), names([2, 3]));
        for line in [
            "missing   `3`",
            "extra     `1`",
            "got       `1`, `2`",
            "expected  `2`, `3`",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }

    #[test]
    fn of_a_long_list_what_differs_is_told() {
        let text = said(names(0..200), names(100..201));
        assert!(text.contains("missing   `200`\n"), "{text}");
        assert!(text.contains("`10`, `11` and 88 more"), "{text}");
        assert!(!text.contains("expected"), "{text}");
    }

    #[test]
    fn of_a_long_order_the_place_is_told() {
        let mut got = names(0..200);
        got.swap(150, 151);
        let text = said(got, names(0..200));
        assert!(text.contains("another order"), "{text}");
        assert!(text.contains("got       …, `151`, `150`, `152`"), "{text}");
        assert!(text.contains("expected  …, `150`, `151`, `152`"), "{text}");
    }
}
