//! What texts are compared by: every [`GRAM`] tokens in a row have a hash, as in Moss (Schleimer,
//! Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003),
//! which keeps some of them; a class is small enough to keep all. What two texts share, they share
//! wherever it stands.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::lex::Token;

/// The paper's noise threshold k: what is shorter is never a match. Ten tokens are a call with two
/// arguments, `x.swap_dims(1, 2)`, which everybody writes; twelve are more than that.
const GRAM: usize = 12;

/// What a text is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prints {
    /// Names the text as a whole, its pieces in whatever order.
    pub whole: u64,
    /// The hashes of every [`GRAM`] tokens in a row, in order.
    pub grams: Vec<u64>,
}

/// The fingerprints of a text in pieces.
pub fn prints(units: &[&[Token]]) -> Prints {
    let units: Vec<Vec<u64>> = (units.iter())
        .map(|unit| unit.iter().map(hash).collect())
        .collect();
    Prints {
        whole: hash(&sorted(units.iter().map(hash))),
        grams: sorted(units.iter().flat_map(|unit| grams(unit))),
    }
}

/// Names a text to the last letter, but for white space at the ends of lines.
pub fn text_hash(text: &str) -> u64 {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    hash(&lines)
}

/// The same on every machine. Another version of Rust may have another hash; none is written down.
fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Each once, in order.
fn sorted(hashes: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut hashes: Vec<u64> = hashes.collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A piece shorter than a gram is one.
fn grams(tokens: &[u64]) -> Vec<u64> {
    if tokens.len() <= GRAM {
        return vec![hash(tokens)];
    }
    tokens.windows(GRAM).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    #[test]
    fn what_is_as_long_as_a_gram_is_shared_wherever_it_stands_and_less_is_not() {
        let line = |from: u64, length: usize| (from..).take(length).collect::<Vec<u64>>();
        let shares = |length| {
            let one = grams(&[line(1000, 20), line(0, length), line(3000, 10)].concat());
            let other = grams(&[line(2000, 33), line(0, length), line(4000, 10)].concat());
            one.iter().any(|hash| other.contains(hash))
        };
        assert!(shares(GRAM) && !shares(GRAM - 1));
    }

    #[test]
    fn the_whole_does_not_depend_on_the_order_of_the_pieces() {
        let (a, b) = (tokens("fn a() { x + 1 }"), tokens("fn b() { y }"));
        assert_eq!(prints(&[&a, &b]), prints(&[&b, &a]));
        assert_ne!(prints(&[&a, &b]).whole, prints(&[&a]).whole);
        assert!(prints(&[]).grams.is_empty());
    }

    #[test]
    fn only_the_ends_of_lines_may_differ_in_the_same_text() {
        assert_eq!(text_hash("a \r\nb\n\n"), text_hash("a\nb"));
        assert_ne!(text_hash("a\nb"), text_hash("a\n b"));
    }
}
