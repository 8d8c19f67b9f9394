//! Observes step 14.

#[path = "files.rs"]
mod files;
#[path = "texts.rs"]
mod texts;

use std::fmt::Display;

use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer, END_OF_TEXT, TokenizerError};
use crate::s14_tokenizer::{byte_letters, merge_pair, most_frequent_pair, pre_split};
use kit::Observer;
use texts::{BESIDE, CODED, COUNTED, CUT, DECODED, ENCODED, ENCODED_LONG, ENDS, LEARNED};
use texts::{LEARNED_OF_DRAWN, LONG, MERGED, SMALL, UP_TO};

/// Records what becomes of texts and ids. Texts are short, and drawn where words do not matter.
pub fn observe(o: &mut Observer) {
    let groups: &[(&str, fn(&mut Observer))] = &[
        ("characters", characters),
        ("letters for bytes", letters),
        ("where a text is cut", cuts),
        ("merging a pair", merging),
        ("the most frequent pair", counting),
        ("what is learned from a text", learning),
        ("how much is learned", how_much),
        ("from a text to ids", encoding),
        ("from ids to a text", decoding),
        ("the end of text", ends),
        ("the files that it writes", files::writing),
        ("files that others wrote", files::reading),
        ("files to refuse", files::refusing),
    ];
    for &(name, body) in groups {
        o.group(name, body);
    }
}

fn characters(o: &mut Observer) {
    let some = drawn(o, "characters", "zyxéaAš 中b\n", 14);
    let mut many = "日本中".to_owned();
    for letter in &files::tokens("") {
        many.push_str(letter);
    }
    for &(name, given) in &[
        ("a text", &*some),
        ("another", "AQ!qk🙂aﬁ\0\u{feff}\tA\r"),
        ("many characters", &many),
        ("an empty text", ""),
        ("the first again", &some),
    ] {
        let tokenizer = CharTokenizer::from_text(given);
        let size = tokenizer.vocab_size();
        let chars = String::from_iter(tokenizer.chars());
        text(o, name, "characters", Ok(chars));
        text(o, name, "how many", Ok(size.to_string()));
        coded(o, name, &tokenizer, given, &up_to(size));
        coded(o, &format!("{name}, too much"), &tokenizer, "bÀé", &[size]);
    }
    let tokenizer = CharTokenizer::from_chars(vec!['c', 'a', 'é', 'b', 'B']);
    for &(name, given, list) in CODED {
        coded(o, name, &tokenizer, given, list);
    }
}

fn coded(o: &mut Observer, name: &str, tokenizer: &CharTokenizer, given: &str, list: &[usize]) {
    ids(o, name, "ids", tokenizer.encode(given));
    text(o, name, "back", tokenizer.decode(list));
}

/// The ids below `end`.
fn up_to(end: usize) -> Vec<usize> {
    let mut all = Vec::new();
    while all.len() < end {
        all.push(all.len());
    }
    all
}

fn letters(o: &mut Observer) {
    for &name in &["all 256 of them", "once more"] {
        o.text(name, String::from_iter(byte_letters()));
    }
}

fn cuts(o: &mut Observer) {
    for &(name, text) in CUT {
        cut(o, name, text);
    }
    for &(kind, chars) in BESIDE {
        for char in chars.chars() {
            let mut text = String::new();
            for &other in &["a", "1", "!", " ", "'s", "  ", "'", ""] {
                text += other;
                text.push(char);
            }
            cut(o, &format!("{kind}, U+{:04X}", char as u32), &text);
        }
    }
    cut(o, "words again", CUT[0].1);
    let text = drawn(o, "a text to cut", "a'st 1!\n", 20);
    cut(o, "a drawn text", &text);
    let mut text = drawn(o, "a longer text to cut", "ab12?!", 200);
    for &unit in &["ab", "12", "?!", " "] {
        text += &unit.repeat(40);
    }
    cut(o, "many pieces and long ones", &text);
}

fn cut(o: &mut Observer, name: &str, text: &str) {
    o.text(name, format!("{:?}", pre_split(text)));
}

/// Ids in ascending order, and how often a word is there at least: drawn, such as text would mix
/// up, and such as few bits do not hold.
fn id_sets(o: &Observer) -> [(&'static str, [usize; 4], usize); 3] {
    let mut drawn = o.distinct::<4>("ids", 0, 400);
    drawn.sort_unstable();
    [
        ("", drawn, 1),
        ("ids of like digits", [3, 12, 13, 120], 1),
        (
            "ids of any size",
            [0, 1 << 16, 1 << 32, usize::MAX],
            1 << 32,
        ),
    ]
}

fn merging(o: &mut Observer) {
    for &(set, values, _) in &id_sets(o) {
        for &(name, word, of) in MERGED {
            let of = word_of(of, values);
            let merged = merge_pair(&word_of(word, values), (of[0], of[1]), of[2]);
            ids(o, name, set, Ok(merged));
        }
    }
}

fn counting(o: &mut Observer) {
    for &(set, values, least) in &id_sets(o) {
        for &(name, words) in COUNTED {
            let mut list = Vec::new();
            for &(word, times) in words {
                list.push((word_of(word, values), times * least));
            }
            let pair = most_frequent_pair(&list);
            text(o, name, set, Ok(format!("{pair:?}")));
        }
    }
}

/// The first id for each `a` in a word, the second for each `b`, and so on.
fn word_of(word: &str, ids: [usize; 4]) -> Vec<usize> {
    let mut found = Vec::new();
    for &letter in word.as_bytes() {
        found.push(ids[usize::from(letter - b'a')]);
    }
    found
}

fn learning(o: &mut Observer) {
    for &(name, text, size) in LEARNED {
        learn(o, name, text, size);
    }
    for &(name, letters, length, size) in LEARNED_OF_DRAWN {
        let text = drawn(o, name, letters, length);
        learn(o, name, &text, size);
    }
    learn(o, "the small text again", SMALL, 265);
}

fn how_much(o: &mut Observer) {
    let given = drawn(o, "how much", "abc", 30);
    for &(name, size) in &[("no merge", 257), ("one merge", 258), ("ten merges", 267)] {
        learn(o, name, &given, size);
    }
    for &(name, given, size) in UP_TO {
        learn(o, name, given, size);
    }
    for &size in &[0, 1, 255, 256] {
        made(
            o,
            "size",
            &size.to_string(),
            BpeTokenizer::train(&given, size),
        );
    }
}

fn learn(o: &mut Observer, name: &str, given: &str, size: usize) {
    let tokenizer = trained(given, size);
    text(o, name, "merges", Ok(tokenizer.merges_txt()));
    let many = tokenizer.vocab_size().to_string();
    text(o, name, "how many tokens", Ok(many));
    ids(
        o,
        name,
        "the end of text",
        Ok(vec![tokenizer.end_of_text()]),
    );
}

fn encoding(o: &mut Observer) {
    let few = drawn(o, "few letters", "ab", 40);
    let unseen = drawn(o, "unseen", "ab", 20);
    let [small, long] = [trained(SMALL, 270), trained(LONG, 400)];
    for &(name, text) in ENCODED {
        ids(o, name, "", Ok(small.encode(text)));
    }
    for &(name, text) in ENCODED_LONG {
        ids(o, name, "", Ok(long.encode(text)));
    }
    let other = trained(&few, 266);
    ids(o, "a text of few letters", "", Ok(other.encode(&few)));
    ids(o, "another one", "", Ok(other.encode(&unseen)));
    ids(o, "the first word again", "", Ok(small.encode("low")));
    let read = files::read(files::MERGES, 0);
    let text = "abcd bcd abcdabcd cdab aabbccdd dcab abcab";
    ids(o, "merges from files", "", encoded(read, text));
}

fn decoding(o: &mut Observer) {
    let given = drawn(o, "a text", "abc é", 30);
    let tokenizer = trained(&given, 262);
    decoded(o, "a text", &tokenizer, &tokenizer.encode(&given));
    decoded(o, "all ids", &tokenizer, &up_to(262));
    let emoji = trained("🙂🙂 🙃", 259);
    decoded(o, "emoji", &emoji, &emoji.encode("🙃!🙂 👍🏽"));
    for &(name, list) in DECODED {
        decoded(o, name, &emoji, list);
    }
}

fn decoded(o: &mut Observer, name: &str, tokenizer: &BpeTokenizer, list: &[usize]) {
    let bytes = tokenizer.decode_bytes(list);
    text(o, name, "bytes", bytes.map(|bytes| format!("{bytes:?}")));
    text(o, name, "text", tokenizer.decode(list));
}

fn ends(o: &mut Observer) {
    let some = trained(&drawn(o, "a text", "abc", 30), 262);
    let other = trained("end of text |> <|end", 270);
    o.text("its name", END_OF_TEXT);
    for &(name, tokenizer) in &[("one", &some), ("another", &other), ("the first", &some)] {
        for &given in ENDS {
            let list = tokenizer.encode(given);
            let back = tokenizer.decode(&list);
            text(o, name, given, back);
            ids(o, name, given, Ok(list));
        }
    }
}

/// A text of so many characters out of these; a third of it is spaces.
fn drawn(o: &Observer, name: &str, letters: &str, length: usize) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let mut text = String::new();
    for &at in &o.integers(name, letters.len() * 3 / 2, length) {
        text.push(*letters.get(at).unwrap_or(&' '));
    }
    text
}

fn trained(text: &str, vocab_size: usize) -> BpeTokenizer {
    match BpeTokenizer::train(text, vocab_size) {
        Ok(tokenizer) => tokenizer,
        Err(error) => panic!("a vocabulary of {vocab_size} was refused: {error}"),
    }
}

type Result<T> = std::result::Result<T, TokenizerError>;

fn encoded(tokenizer: Result<BpeTokenizer>, text: &str) -> Result<Vec<usize>> {
    Ok(tokenizer?.encode(text))
}

fn ids(o: &mut Observer, name: &str, what: &str, ids: Result<Vec<usize>>) {
    text(o, name, what, ids.map(|ids| format!("{ids:?}")));
}

fn made(o: &mut Observer, name: &str, what: &str, tokenizer: Result<BpeTokenizer>) {
    text(o, name, what, tokenizer.map(|_| "accepted".to_owned()));
}

/// Records a text, or an error.
fn text(o: &mut Observer, name: &str, what: &str, text: Result<String>) {
    let name = match what {
        "" => name.to_owned(),
        _ => format!("{name}: {what}"),
    };
    match text {
        Ok(text) => o.text(&name, text),
        Err(error) => o.text(&name, told(&error)),
    }
}

/// An error with its field; the words of an `InvalidJson` are free.
fn told(error: &TokenizerError) -> String {
    let (kind, field): (_, &dyn Display) = match error {
        TokenizerError::UnknownChar(char) => ("UnknownChar", char),
        TokenizerError::UnknownId(id) => ("UnknownId", id),
        TokenizerError::VocabTooSmall(size) => ("VocabTooSmall", size),
        TokenizerError::WrongMerge(line) => ("WrongMerge", line),
        TokenizerError::InvalidJson(_) => ("InvalidJson", &""),
        TokenizerError::MissingToken(token) => ("MissingToken", token),
        TokenizerError::UnexpectedToken(token) => ("UnexpectedToken", token),
        TokenizerError::WrongId(id) => ("WrongId", id),
        #[allow(unreachable_patterns, reason = "a learner may add kinds of errors")]
        _ => ("another error", &""),
    };
    format!("Err({kind} {field})")
}
