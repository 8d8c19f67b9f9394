//! What step 14 writes, reads and refuses.

use super::{Result, drawn, encoded, ids, made, text, trained};
use crate::s14_tokenizer::{BpeTokenizer, END_OF_TEXT};
use kit::Observer;
use serde_json::Value;

pub fn writing(o: &mut Observer) {
    for &(name, letters, size) in &[("one text", "abcd", 270), ("another", "xyz\"\\é", 264)] {
        let text = drawn(o, name, letters, 40);
        let tokenizer = trained(&text, size);
        let [vocab, merges] = [tokenizer.vocab_json(), tokenizer.merges_txt()];
        o.text(&format!("{name}: vocab.json"), parsed(&vocab));
        let read = BpeTokenizer::from_files(&vocab, &merges);
        o.text(&format!("{name}: merges.txt"), merges);
        ids(o, &format!("{name}: read again"), encoded(read, &text));
    }
}

/// Merges whose order decides, some with letters that have a meaning elsewhere.
pub const MERGES: &str =
    "#version: 0.2\nb c\na b\nc d\nbc d\nab cd\n# #\n## #\nĠ \"\n\\ n\nð Ł\nĻ Ĥ\nðŁ ĻĤ\n";

pub fn reading(o: &mut Observer) {
    let [one, other] = o.distinct::<2>("ids turned by", 1, 250);
    let sharp = MERGES.replace("#version: 0.2\n", "# !\n");
    for &(name, merges, turn) in &[
        ("in GPT-2's order", MERGES, 0),
        ("other ids", MERGES, one),
        ("no version, other ids", &sharp, other),
        ("no merge", "#version: 0.2\n", other),
        ("in GPT-2's order again", MERGES, 0),
    ] {
        let read = read(merges, turn);
        if let Ok(read) = &read {
            o.integer(&format!("{name}: how many tokens"), read.vocab_size());
            o.integer(&format!("{name}: the end of text"), read.end_of_text());
            o.text(&format!("{name}: merges.txt"), read.merges_txt());
            o.text(&format!("{name}: vocab.json"), parsed(&read.vocab_json()));
            text(
                o,
                &format!("{name}: text"),
                read.decode(&[turn, 90, 91, 93, 250, 252, 257]),
            );
        }
        let given = "abcd \"## ###!#!\\n🙂<|endoftext|>é";
        ids(o, &format!("{name}: ids"), encoded(read, given));
    }
}

pub fn refusing(o: &mut Observer) {
    let start = "#version: 0.2\nh e\n";
    let merges = format!("{start}Ġ t\nĠt he\n");
    let sound = tokens(&merges);
    for &missing in &["!", "Ń", "Ġthe", "<|endoftext|>"] {
        let mut tokens = sound.clone();
        tokens.retain(|token| token != missing);
        let read = BpeTokenizer::from_files(&json(&tokens, 0), &merges);
        made(o, &format!("vocab.json without {missing}"), read);
    }
    let vocab = json(&sound, 0);
    for &(name, from, to) in &[
        ("nothing wrong", "", ""),
        ("no JSON", "{", ""),
        ("an id that is a text", ":256", ":\"256\""),
        ("an id below zero", ":256", ":-256"),
        ("a token too many", "{", "{\"theĠ\":260,"),
        ("a token in no letters", "{", "{\"日\":260,"),
        ("an id twice", ":256", ":257"),
        ("the end of text on a byte's id", ":259", ":0"),
        ("an id too large", ":256", ":260"),
        ("an id far too large", ":256", ":99999999"),
    ] {
        let read = BpeTokenizer::from_files(&vocab.replacen(from, to, 1), &merges);
        made(o, &format!("vocab.json, {name}"), read);
    }
    for &(name, rest) in &[
        ("a line is missing", "Ġ t\n"),
        ("out of order", "Ġt he\nĠ t\n"),
        ("an unknown letter", "Ġ t\nĠt he\nh 日\n"),
        ("an unknown second part", "Ġ t\nĠt hee\n"),
        ("a line of one token", "Ġ t\nĠthe\n"),
        ("a line of three", "Ġ t h\nĠt he\n"),
        ("a line twice", "Ġ t\nh e\nĠt he\n"),
        ("a version on a later line", "#version: 0.2\nĠ t\nĠt he\n"),
    ] {
        let read = BpeTokenizer::from_files(&vocab, &format!("{start}{rest}"));
        made(o, &format!("merges.txt, {name}"), read);
    }
}

/// A tokenizer with these merges; the id of the first token is `first`.
pub fn read(merges: &str, first: usize) -> Result<BpeTokenizer> {
    BpeTokenizer::from_files(&json(&tokens(merges), first), merges)
}

/// The tokens that these merges make, in GPT-2's order.
fn tokens(merges: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for &(first, last) in &[('!', '~'), ('¡', '¬'), ('®', 'ÿ'), ('Ā', 'Ń')] {
        tokens.extend((first..=last).map(String::from));
    }
    for line in merges.lines() {
        if !line.starts_with("#version") {
            tokens.push(line.replace(' ', ""));
        }
    }
    tokens.push(END_OF_TEXT.to_owned());
    tokens
}

/// `vocab.json` of these tokens. The id of the first is `first`; ids count up from 0, or down from
/// any other.
fn json(tokens: &[String], first: usize) -> String {
    let mut vocab = Value::Object(serde_json::Map::new());
    for (i, token) in tokens.iter().enumerate() {
        let id = if first == 0 {
            i
        } else {
            first + tokens.len() - i
        };
        vocab[token] = Value::from(id % tokens.len());
    }
    vocab.to_string()
}

/// A JSON text, written in one way.
fn parsed(json: &str) -> String {
    match json.parse::<Value>() {
        Ok(value) => value.to_string(),
        Err(_) => "no JSON".to_owned(),
    }
}
