//! The numbers of lesson 14.

#[path = "../running.rs"]
mod running;

use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer, byte_letters, most_frequent_pair};
use crate::s14_tokenizer::{merge_pair, pre_split};
use kit::Observer;
use running::{NEXT, Running, TEXT};

/// Recomputes the example, the sizes and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        sizes(o);
        shapes(o);
    });
}

fn example(o: &mut Observer) {
    let text = "the cat sat on the mat";
    let characters = CharTokenizer::from_text(text);
    assert_eq!(
        (text.chars().count(), text.len(), characters.vocab_size()),
        (22, 22, 10)
    );
    assert_eq!(("é".len(), "🙂".len()), (2, 4));
    let pieces = pre_split(text);
    assert_eq!(pieces, ["the", " cat", " sat", " on", " the", " mat"]);
    let tokenizer = trained(text, 261);
    let merges = tokenizer.merges_txt();
    assert_eq!(merges, "#version: 0.2\na t\nh e\nt he\nc at\n");
    // How often each of them is there when it is learned.
    let bytes = trained("", 257);
    let mut words: Vec<(Vec<usize>, usize)> = pieces
        .iter()
        .map(|piece| (bytes.encode(piece), 1))
        .collect();
    for (i, times) in [3, 2, 2, 1].into_iter().enumerate() {
        let pair = most_frequent_pair(&words).unwrap_or_default();
        let is_it = |two: &&[usize]| (two[0], two[1]) == pair;
        let count = |ids: &[usize]| ids.windows(2).filter(is_it).count();
        assert_eq!(
            words.iter().map(|(ids, _)| count(ids)).sum::<usize>(),
            times
        );
        for (ids, _) in &mut words {
            *ids = merge_pair(ids, pair, 256 + i);
        }
    }
    assert_eq!(trained(text, 260).encode(" that").len(), 4);
    assert_eq!(pre_split("don't"), ["don", "'t"]);
    assert_eq!(pre_split("   cat"), ["  ", " cat"]);
    o.text("bytes", "256");
    let smallest = (0..300).find(|&size| BpeTokenizer::train("", size).is_ok());
    o.text("the smallest vocabulary", smallest.unwrap_or(0));
}

/// `the mo` by the characters of the small model, and by the merges of the example.
fn running_example(o: &mut Observer) {
    let letters = Running::open(o).letters;
    o.text("characters of the small model", letters.len());
    let characters = CharTokenizer::from_chars(letters);
    let ids = characters.encode(TEXT).unwrap_or_default();
    assert_eq!(ids, [82, 70, 67, 1, 75, 77]);
    let next = characters.encode(&NEXT.to_string()).unwrap_or_default();
    assert_eq!(next, [66]);
    let all = [ids, next].concat();
    assert_eq!(characters.decode(&all), Ok(format!("{TEXT}{NEXT}")));
    assert_eq!(pre_split(TEXT), ["the", " mo"]);
    let merges = trained("the cat sat on the mat", 261);
    let ids = merges.encode(TEXT);
    for (id, token) in ids.iter().zip(["the", " ", "m", "o"]) {
        o.text("an id by merges", id);
        assert_eq!(merges.decode(&[*id]), Ok(token.to_owned()));
    }
    assert_eq!(ids.len(), 4);
}

fn sizes(o: &mut Observer) {
    let letters = byte_letters();
    let itself = (0..=255).filter(|&byte| letters[usize::from(byte)] == char::from(byte));
    let itself = itself.count();
    o.text("letters that stand for themselves", itself);
    assert_eq!(letters.len() - itself, 68);
    o.text("the first other letter", u32::from(letters[0]));
    o.text("the letter of a space", u32::from(letters[32]));
    assert_eq!((letters[32], letters[10]), ('Ġ', 'Ċ'));
    assert_eq!(
        letters[..=32]
            .iter()
            .filter(|&&letter| letter > 'ÿ')
            .count(),
        33
    );
    o.text("merges of GPT-2", "50,000");
    o.text("tokens of GPT-2", thousands(256 + 50_000 + 1));
    o.text("a window", thousands(1024));
    o.text("its bytes", thousands(4 * 1024));
}

fn shapes(o: &mut Observer) {
    let tokenizer = trained("nice 🙂 🙂 🙂 🙂 🙂 🙂 🙂 🙂", 263);
    let ids = tokenizer.encode("a 🙂<|endoftext|>b");
    assert_eq!(ids, [64, 259, 262, 65]);
    for id in ids {
        o.text("an id", id);
    }
    o.text("tokens", tokenizer.vocab_size());
}

fn trained(text: &str, vocab_size: usize) -> BpeTokenizer {
    BpeTokenizer::train(text, vocab_size).unwrap_or_else(|error| panic!("{error}"))
}

/// 50257 as `50,257`.
fn thousands(number: usize) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
