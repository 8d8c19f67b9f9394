//! Merges in the order in which they are learned.
//!
//! Ask: "This is the house that Jack built", with malt, rat and cat. Which two letters are merged
//! first? After how many merges is "house", with the space before it, one token? And how many bytes
//! does a token have after 100 merges?

use crate::s14_tokenizer::BpeTokenizer;
use kit::Observer;

const RHYME: &str = "This is the house that Jack built. This is the malt that lay in the house \
                     that Jack built. This is the rat that ate the malt that lay in the house \
                     that Jack built. This is the cat that chased the rat that ate the malt that \
                     lay in the house that Jack built.";

/// Prints the first merges, and how much shorter the text becomes.
pub fn observe(_: &mut Observer) {
    let Ok(tokenizer) = BpeTokenizer::train(RHYME, 257 + 40) else {
        println!("257 tokens and more should be accepted: `tutor run s14` says more.");
        return;
    };
    let merges = tokenizer.merges_txt();
    let lines: Vec<&str> = merges.lines().skip(1).collect();
    for (row, four) in lines.chunks(4).enumerate() {
        let four: Vec<String> = (four.iter().zip(4 * row + 1..))
            .map(|(line, number)| format!("{number:>4} {:<12}", line.replace(' ', " + ")))
            .collect();
        println!("{}", four.concat().trim_end());
    }
    println!();
    println!("  merges   tokens in all   tokens of the text   bytes per token");
    let (mut lengths, mut last) = (Vec::new(), 0);
    for merges in [0, 1, 5, 10, 20, 30, 40, 100] {
        let Ok(tokenizer) = BpeTokenizer::train(RHYME, 257 + merges) else {
            continue;
        };
        let length = tokenizer.encode(RHYME).len();
        let size = tokenizer.vocab_size();
        let share = RHYME.len() as f64 / length as f64;
        println!("  {merges:>6} {size:>15} {length:>20} {share:>17.2}");
        lengths.push(length);
        last = size;
    }
    println!();
    let shrinks = lengths.windows(2).all(|two| two[1] < two[0]);
    if shrinks && lengths.len() == 8 && lengths[0] == RHYME.len() && lines.len() == 40 && last < 357
    {
        println!("The first merges are used most and shorten the text most. Later ones are rarer.");
        println!("When every piece is one token, no pair is left, and training ends.");
    } else {
        println!(
            "Without merges there should be a token for each byte, and fewer with every merge."
        );
        println!("Yours do otherwise: `tutor run s14` says more.");
    }
}
