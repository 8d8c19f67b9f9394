//! What becomes of an emoji.
//!
//! Ask: a tokenizer learns from English words alone, and is then given `nice 🙂`. How many ids does
//! the emoji have? What does a tokenizer of characters do with it? And what does half of it decode to?

use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer, byte_letters};
use kit::Observer;

/// Prints ids, letters and texts.
pub fn observe(_: &mut Observer) {
    let words = "nice nice nicer ice mice";
    println!("  by characters:");
    let by_characters = CharTokenizer::from_text(words).encode("nice 🙂");
    let is_refused = by_characters.is_err();
    match by_characters {
        Ok(ids) => println!("    {ids:?}"),
        Err(error) => println!("    refused: {error}"),
    }
    let learnt = [words, "nice 🙂 🙂 🙂 🙂 🙂 🙂 🙂 🙂"];
    let mut counts = Vec::new();
    for (name, text) in ["from words alone", "from words and emoji"]
        .iter()
        .zip(learnt)
    {
        let Ok(tokenizer) = BpeTokenizer::train(text, 257 + 6) else {
            return println!("263 tokens should be accepted: `tutor run s14` says more.");
        };
        println!("  learned {name}:");
        let ids = tokenizer.encode("nice 🙂");
        let letters = byte_letters();
        for id in &ids {
            let bytes = tokenizer.decode_bytes(&[*id]).unwrap_or_default();
            let word: String = bytes
                .iter()
                .map(|&byte| letters[usize::from(byte)])
                .collect();
            let text = tokenizer.decode(&[*id]).unwrap_or_default();
            println!("    {id:>3}  {word:<6} {bytes:?} alone: {text:?}");
        }
        let whole = tokenizer.decode(&ids).unwrap_or_default();
        println!("    together: {whole:?}");
        counts.push((ids.len(), whole == "nice 🙂"));
    }
    println!();
    if is_refused && matches!(counts[..], [(few, true), (fewer, true)] if fewer < few) {
        println!("A tokenizer of bytes knows every character. One that never saw an emoji needs");
        println!("several ids for it, and none of them is a character by itself.");
    } else {
        println!(
            "The tokenizer of characters should refuse; the other two should give the text back,"
        );
        println!("the second one from fewer ids. Yours do otherwise: `tutor run s14` says more.");
    }
}
