//! What texts are compared by: every [`GRAM`] tokens in a row have a hash, as in Moss (Schleimer,
//! Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003),
//! which keeps some of them; a class is small enough to keep all. What two texts share, they share
//! wherever it stands.

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
    let units: Vec<Vec<u64>> = units.iter().map(|unit| hashes(unit)).collect();
    let whole = sorted(units.iter().map(|unit| combined(unit)));
    Prints {
        whole: combined(&whole),
        grams: sorted(units.iter().flat_map(|unit| grams(unit))),
    }
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
        return vec![combined(tokens)];
    }
    tokens.windows(GRAM).map(combined).collect()
}

fn hashes(tokens: &[Token]) -> Vec<u64> {
    tokens.iter().map(hash).collect()
}

fn hash(token: &Token) -> u64 {
    match token {
        Token::Word(word) => fnv(b'w', word.as_bytes()),
        Token::Name => fnv(b'n', b""),
        Token::Number(number) => fnv(b'0', number.as_bytes()),
        Token::Text => fnv(b't', b""),
        Token::Lifetime => fnv(b'l', b""),
        Token::Sign(sign) => fnv(b's', sign.encode_utf8(&mut [0; 4]).as_bytes()),
        Token::Open(bracket) => fnv(b'(', bracket.encode_utf8(&mut [0; 4]).as_bytes()),
        Token::Close(bracket) => fnv(b')', bracket.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// Names a text to the last letter, but for white space at the ends of lines.
pub fn text_hash(text: &str) -> u64 {
    let lines: Vec<u64> = text
        .trim_end()
        .lines()
        .map(|line| fnv(b'x', line.trim_end().as_bytes()))
        .collect();
    combined(&lines)
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo): the same on every machine and in every version,
/// unlike the hashes of the standard library.
fn fnv(kind: u8, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(step(FNV_BASIS, kind), |hash, &byte| step(hash, byte))
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The hash of hashes in a row, after Karp and Rabin. The factor is a large odd number without a
/// pattern, so that the highest bits, which decide what is kept, depend on every token.
fn combined(hashes: &[u64]) -> u64 {
    hashes.iter().fold(0, |sum: u64, &hash| {
        sum.wrapping_add(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    #[test]
    fn fnv_is_the_published_one() {
        assert_eq!(FNV_BASIS, 14_695_981_039_346_656_037);
        // From the authors' test vectors: "foobar".
        assert_eq!(fnv(b'f', b"oobar"), 0x8594_4171_f739_67e8);
    }

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
