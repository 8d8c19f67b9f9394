//! A step that does not compile is compared with its skeleton.

use tutor::engine::compile::{signatures, unwritten};
use tutor::tokens::Tokens;

const SKELETON: &str = include_str!("../../checks/s03_layer_norm/skeleton.rs");

/// Bytes of a signature that is shown: 2,000 characters and how many there were.
const SHOWN: usize = 4 * 2_000 + 100;

/// Does what is to be tried with this input.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for signature in signatures::differences(SKELETON, &text) {
        assert!(signature.found.is_none_or(|(found, _)| found.len() < SHOWN));
    }
    assert!(signatures::differences(&text, &text).is_empty());
    let _ = signatures::counterpart(&text, 3, &text);
    let _ = signatures::import_of(&text, "Module");
    let _ = unwritten::without(Vec::new(), &text);
    if let Some(tokens) = Tokens::read(&text) {
        let whole: usize = (0..tokens.len())
            .map(|place| tokens.text(place).len())
            .sum();
        assert!(whole <= text.len());
        assert!((0..tokens.len()).all(|place| tokens.behind(place) > place));
    }
}
