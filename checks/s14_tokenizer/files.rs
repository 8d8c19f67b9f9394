//! What step 14 writes, reads and refuses.

use super::{Result, drawn, encoded, ids, made, text, told, trained};
use crate::s14_tokenizer::{BpeTokenizer, END_OF_TEXT};
use kit::Observer;
use serde_json::Value;

pub fn writing(o: &mut Observer) {
    for &(name, letters, size) in &[("one text", "abcd", 270), ("another", "xyz\"\\é", 264)] {
        let given = drawn(o, name, letters, 40);
        let tokenizer = trained(&given, size);
        let [vocab, merges] = [tokenizer.vocab_json(), tokenizer.merges_txt()];
        vocabulary(o, name, &vocab);
        let read = BpeTokenizer::from_files(&vocab, &merges);
        text(o, name, "merges.txt", Ok(merges));
        ids(o, name, "read again", encoded(read, &given));
    }
}

/// Merges whose order decides, some with letters that have a meaning elsewhere.
pub const MERGES: &str = "#version: 0.2\nb c\na b\nc d\nbc d\nab cd\n# #\n## #\nĠ \"\n\\ n\nð Ł\n\
                          Ļ Ĥ\nðŁ ĻĤ\n1 2\n12 3\n4 5\n123 45\nX Y\nXY Z\nZ X\nq r\nqr s";

/// Merges without a version, the first of which begins with a sharp.
const SHARP: &str = "# !\nb c\na b\n# #\n## #\n1 2\nc d\nbc d\nab cd\n";

pub fn reading(o: &mut Observer) {
    let [one, other] = o.distinct::<2>("ids turned by", 1, 250);
    for &(name, merges, turn) in &[
        ("in GPT-2's order", MERGES, 0),
        ("other ids", MERGES, one),
        ("no version, other ids", SHARP, other),
        ("no version, no sharp", "b c\n# #\n", other),
        ("another version", "#version 3\nb c\n", one),
        ("no merge", "#version: 0.2\n", other),
        ("an empty merges.txt", "", 0),
        ("in GPT-2's order again", MERGES, 0),
    ] {
        match read(merges, turn) {
            Ok(read) => shown(o, name, turn, &read),
            // Under the same names, so that the two can be compared.
            Err(error) => {
                for &what in SHOWN {
                    text(o, name, what, Ok(told(&error)));
                }
            }
        }
    }
}

/// What is recorded of a tokenizer.
const SHOWN: &[&str] = &[
    "how many tokens",
    "the end of text",
    "merges.txt",
    "tokens in vocab.json",
    "letters in vocab.json",
    "text",
    "ids",
];

fn shown(o: &mut Observer, name: &str, turn: usize, read: &BpeTokenizer) {
    text(o, name, SHOWN[0], Ok(read.vocab_size().to_string()));
    ids(o, name, SHOWN[1], Ok(vec![read.end_of_text()]));
    text(o, name, SHOWN[2], Ok(read.merges_txt()));
    vocabulary(o, name, &read.vocab_json());
    let back = read.decode(&[turn, 90, 91, 93, 250, 252, 256]);
    text(o, name, SHOWN[5], back);
    let given = "abcd \"## ###!#!\\n🙂<|endoftext|>é12345 XYZX qrs";
    ids(o, name, SHOWN[6], Ok(read.encode(given)));
}

pub fn refusing(o: &mut Observer) {
    let before = ["h e\n", "x y\nh e\n", "x y\nxy z\nh e\n"][o.below("lines before", 3)];
    let start = format!("#version: 0.2\n{before}");
    let merges = format!("{start}Ġ t\nĠt he\nĠt h\n");
    let sound = tokens(&merges);
    for &missing in &["!", "z", "é", "Ń", "Ġthe", END_OF_TEXT] {
        let mut tokens = Vec::new();
        for token in &sound {
            if token != missing {
                tokens.push(token.clone());
            }
        }
        refused(o, "vocab.json without", missing, &json(&tokens, 0), &merges);
    }
    for &unexpected in &["theĠ", "日", ""] {
        let mut tokens = sound.clone();
        tokens.push(unexpected.to_owned());
        refused(o, "vocab.json with", unexpected, &json(&tokens, 0), &merges);
    }
    let vocab = json(&sound, 0);
    for &(name, from, to) in VOCABULARIES {
        let vocab = vocab.replacen(from, to, 1);
        refused(o, "vocab.json", name, &vocab, &merges);
    }
    let large = vocab.replacen(":256", &format!(":{}", sound.len()), 1);
    refused(o, "vocab.json", "an id too large", &large, &merges);
    for &json in &["", "[]", "null"] {
        refused(o, "all of vocab.json", json, json, &merges);
    }
    let twice = format!("#version: 0.2\n{merges}");
    refused(o, "merges.txt", "two versions", &vocab, &twice);
    // Every other one has a line for the version.
    let mut has_version = false;
    for &(name, rest) in LINES {
        let start = if has_version { &start } else { before };
        refused(o, "merges.txt", name, &vocab, &format!("{start}{rest}"));
        has_version = !has_version;
    }
}

fn refused(o: &mut Observer, file: &str, what: &str, vocab: &str, merges: &str) {
    made(o, file, what, BpeTokenizer::from_files(vocab, merges));
}

/// A slip in `vocab.json` each, and what is there in the place of what.
const VOCABULARIES: &[(&str, &str, &str)] = &[
    ("nothing wrong", "", ""),
    ("no JSON", "{", ""),
    ("two objects", "{", "{}{"),
    ("an id that is a text", ":256", ":\"256\""),
    ("an id below zero", ":256", ":-256"),
    ("an id that is no whole number", ":256", ":256.5"),
    ("an id that is none", ":256", ":null"),
    ("an id twice", ":256", ":257"),
    ("a letter's id twice", "\"!\":0", "\"!\":1"),
    ("an id of a letter's and of a merge's", ":256", ":7"),
    ("an id far too large", ":256", ":99999999"),
];

/// Slips in `merges.txt`, behind a line or more that are sound.
const LINES: &[(&str, &str)] = &[
    ("a line is missing", "Ġ t\nĠt h\n"),
    ("out of order", "Ġt he\nĠ t\nĠt h\n"),
    ("an unknown letter", "Ġ t\nĠt he\nh 日\nĠt h\n"),
    ("an unknown second part", "Ġ t\nĠt hee\nĠt h\n"),
    ("a line of one token", "Ġ t\nĠthe\nĠt h\n"),
    ("a line of three", "Ġ t h\nĠt he\nĠt h\n"),
    ("an empty line", "Ġ t\n\nĠt he\nĠt h\n"),
    ("two spaces", "Ġ t\nĠt  he\nĠt h\n"),
    ("a space before", " Ġ t\nĠt he\nĠt h\n"),
    ("a space behind", "Ġ t\nĠt he \nĠt h\n"),
    ("a tab", "Ġ\tt\nĠt he\nĠt h\n"),
    ("a line twice", "Ġ t\nh e\nĠt he\nĠt h\n"),
    ("a token made twice", "Ġ t\nĠt he\nĠt h\nĠth e\n"),
    (
        "the end of text in a pair",
        "Ġ t\n<|endoftext|> h\nĠt he\nĠt h\n",
    ),
    (
        "a version on a later line",
        "#version: 0.2\nĠ t\nĠt he\nĠt h\n",
    ),
];

/// A tokenizer with these merges; the id of the first token is `first`.
pub fn read(merges: &str, first: usize) -> Result<BpeTokenizer> {
    BpeTokenizer::from_files(&json(&tokens(merges), first), merges)
}

/// The tokens that these merges make, in GPT-2's order.
pub fn tokens(merges: &str) -> Vec<String> {
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
    let mut vocab = "{".to_owned();
    for (i, token) in tokens.iter().enumerate() {
        let id = match first {
            0 => i,
            _ => (first + tokens.len() - i) % tokens.len(),
        };
        // Strings of such letters are written alike in Rust and JSON.
        vocab += &format!("{token:?}:{id},");
    }
    vocab.pop();
    vocab.push('}');
    vocab
}

/// Records what is in a `vocab.json`, however it is laid out: what merges make, and the letters.
fn vocabulary(o: &mut Observer, name: &str, json: &str) {
    let [mut tokens, mut letters] = [String::new(), String::new()];
    match json.parse() {
        Ok(Value::Object(vocab)) => {
            for (token, id) in &vocab {
                let is_letter = token.chars().count() == 1;
                let list = if is_letter { &mut letters } else { &mut tokens };
                *list += &format!("{token} {id}, ");
            }
        }
        Ok(_) => tokens.push_str("JSON, but no object"),
        Err(_) => tokens.push_str("no JSON"),
    }
    text(o, name, SHOWN[3], Ok(tokens));
    text(o, name, SHOWN[4], Ok(letters));
}
