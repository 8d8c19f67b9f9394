//! Why a text is cut before pairs are counted.
//!
//! Ask: twelve merges are learned from the same text twice: once within pieces, and once over the
//! whole text. What kind of token is learned only the second time?

use crate::s14_tokenizer::{merge_pair, most_frequent_pair, pre_split};
use kit::Observer;

const TEXT: &str = "The king of the sea and the king of the land. The end of the day, the end of the \
                    road: the sun of the day sets in the sea, and the moon of the night is in the sky.";

/// Prints the tokens that are learned both ways.
pub fn observe(_: &mut Observer) {
    let within = learnt(&pre_split(TEXT));
    let across = learnt(&[TEXT]);
    println!("  within pieces: {}", within.join(" "));
    println!("  over the text: {}", across.join(" "));
    println!();
    let reaches = |token: &String| token.trim_start_matches('_').contains('_');
    if within.iter().any(reaches) || !across.iter().any(reaches) || within.len() != 12 {
        println!(
            "Tokens within pieces should have a space in front only, and twelve should be learned."
        );
        println!("Yours do otherwise: `tutor run s14` says more.");
        return;
    }
    let count = across.iter().filter(|token| reaches(token)).count();
    println!(
        "Over the whole text, {count} of 12 tokens end with a space or reach from one word into the"
    );
    println!("next. They fit these very words, and are of no use for the same words elsewhere.");
}

/// The tokens that twelve merges make, `_` for a space.
fn learnt(pieces: &[&str]) -> Vec<String> {
    let mut tokens: Vec<String> = (0..=255_u8)
        .map(|byte| char::from(byte).to_string())
        .collect();
    let ids = |piece: &&str| -> Vec<usize> { piece.bytes().map(usize::from).collect() };
    let mut words: Vec<(Vec<usize>, usize)> = pieces.iter().map(|piece| (ids(piece), 1)).collect();
    for _ in 0..12 {
        let Some((left, right)) = most_frequent_pair(&words) else {
            break;
        };
        for (ids, _) in &mut words {
            *ids = merge_pair(ids, (left, right), tokens.len());
        }
        tokens.push(format!("{}{}", tokens[left], tokens[right]));
    }
    tokens[256..]
        .iter()
        .map(|token| token.replace(' ', "_"))
        .collect()
}
