//! Observes step 14.

#[path = "files.rs"]
mod files;

use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer, END_OF_TEXT, TokenizerError};
use crate::s14_tokenizer::{byte_letters, merge_pair, most_frequent_pair, pre_split};
use files::MERGES;
use kit::Observer;

/// Records what becomes of texts and ids. Texts are short, and drawn where words do not matter.
pub fn observe(o: &mut Observer) {
    o.group("characters", characters);
    o.group("letters for bytes", |o| {
        for &name in &["all 256 of them", "once more"] {
            o.text(name, String::from_iter(byte_letters()));
        }
    });
    o.group("where a text is cut", cuts);
    o.group("merging a pair", merging);
    o.group("the most frequent pair", counting);
    o.group("what is learned from a text", |o| {
        let more = drawn(o, "more letters", "abcdefgh", 60);
        for &(name, text, size) in &[
            ("a small text", SMALL, 265),
            ("few letters", &drawn(o, "few letters", "ab", 40), 264),
            ("more letters", &more, 265),
            ("runs", "aaa aaaa aaaaa aaaaaaa", 261),
            ("ties", "zy yx xw zy yx xw wv", 261),
            ("bytes that are no ASCII", "éé ñé 日日本 日本 🙂🙂🙂", 268),
            (
                "frequent across words only",
                "a! b! a! b! a! b! xyz xyz",
                259,
            ),
            (
                "ends",
                "ab<|endoftext|>ab<|endoftext|>ba ba <|endoftext|>",
                262,
            ),
            ("the small text again", SMALL, 265),
        ] {
            learn(o, name, text, size);
        }
    });
    o.group("how much is learned", |o| {
        let text = drawn(o, "how much", "abc", 30);
        for &(name, text, size) in &[
            ("no merge", text.as_str(), 257),
            ("one merge", &text, 258),
            ("ten merges", &text, 267),
            ("all that there are", "aaaa bb aaaa", 400),
            ("an empty text", "", 300),
            ("no two bytes in a piece", "1a!", 300),
        ] {
            learn(o, name, text, size);
        }
        for &size in &[0, 255, 256] {
            made(
                o,
                &format!("a vocabulary of {size}"),
                BpeTokenizer::train(&text, size),
            );
        }
    });
    o.group("from a text to ids", encoding);
    o.group("from ids to a text", decoding);
    o.group("the end of text", ends);
    o.group("the files that it writes", files::writing);
    o.group("files that others wrote", files::reading);
    o.group("files to refuse", files::refusing);
}

const SMALL: &str = "low low low lower lowest newer newer wider";

fn characters(o: &mut Observer) {
    let some = drawn(o, "characters", "zyxé 中b\n", 8);
    let others = drawn(o, "other characters", "AQ!k🙂", 12);
    for &(name, letters) in &[
        ("a text", &*some),
        ("another", &others),
        ("an empty text", ""),
        ("the first again", &some),
    ] {
        let tokenizer = CharTokenizer::from_text(letters);
        o.text(
            &format!("{name}: characters"),
            String::from_iter(tokenizer.chars()),
        );
        o.integer(&format!("{name}: how many"), tokenizer.vocab_size());
        ids(o, &format!("{name}: ids"), tokenizer.encode(letters));
        let all: Vec<usize> = (0..tokenizer.vocab_size()).rev().collect();
        text(o, &format!("{name}: back"), tokenizer.decode(&all));
    }
    let tokenizer = CharTokenizer::from_chars(vec!['c', 'a', 'é', 'b']);
    ids(o, "in another order: ids", tokenizer.encode("abécab"));
    text(
        o,
        "in another order: text",
        tokenizer.decode(&[0, 2, 1, 3, 3]),
    );
    ids(o, "an unknown character", tokenizer.encode("abzcy"));
    let id = 4 + o.below("an id", 50);
    text(o, "an unknown id", tokenizer.decode(&[1, 0, id]));
    text(o, "two of them", tokenizer.decode(&[1, id, 900]));
}

fn cuts(o: &mut Observer) {
    let [number, other] = o.distinct::<2>("numbers", 10, 9999);
    for &(name, text) in &[
        ("words", "the cat sat on the mat"),
        ("words and marks", "Hello, world! (No: wait...)"),
        ("contractions", "don't we're I've she'd he'll I'm it's"),
        (
            "contractions in capitals",
            "DON'T WE'RE IT'S I'M I'D I'VE I'LL",
        ),
        (
            "other apostrophes",
            "it\u{2019}s rock 'n' roll 'tis o'clock ''s '' ",
        ),
        ("numbers", &format!("in {number} or{other} 3.14 x2y")),
        ("spaces in a row", "a  b   c    d"),
        ("spaces at both ends", "  a b   "),
        ("spaces before a mark and a number", "a   !  12   's"),
        ("nothing but spaces", "    "),
        ("a single space", " "),
        ("ends of lines", "a\nb\n\nc\n \n  d\r\n\te\n"),
        ("tabs", "\ta\t\tb \tc\t d"),
        (
            "spaces of other scripts",
            "a\u{a0}b \u{3000}c\u{2003}\u{2003}d",
        ),
        (
            "letters of other scripts",
            "naïve Straße Ωμέγα привет 日本語 שלום",
        ),
        ("letters and what is put on them", "e\u{301}a n\u{303}"),
        ("other numbers", "½ ² x² ٣٤ Ⅷ"),
        ("emoji", "hi 👍🏽👍 a🙂b 👩\u{200d}🚀"),
        ("control characters", "a\0b\u{1}\u{7f} c"),
        ("a program", "fn f(x: &u8) -> bool { x_1 != 0x1F }"),
        ("an empty text", ""),
        ("words again", "the cat sat on the mat"),
        ("a drawn text", &drawn(o, "a text to cut", "a'st 1!\n", 12)),
    ] {
        o.text(name, format!("{:?}", pre_split(text)));
    }
}

fn merging(o: &mut Observer) {
    let drawn = o.distinct::<4>("ids", 0, 400);
    let [a, b, c, new] = drawn;
    for &(name, word, pair, merged) in &[
        ("once", "cabc", (a, b), new),
        ("everywhere", "abcabab", (a, b), new),
        ("at both ends only", "abbacab", (a, b), new),
        ("the other way round", "bacba", (a, b), new),
        ("two alike", "caac", (a, a), new),
        ("three alike", "aaa", (a, a), new),
        ("four alike", "baaaa", (a, a), new),
        ("five alike", "aaaaab", (a, a), new),
        ("one in between", "acb", (a, b), new),
        ("nowhere", "cbc", (a, b), new),
        ("a single id", "a", (a, b), new),
        ("no id", "", (a, b), new),
        ("what is new is there before", "dabd", (a, b), new),
        ("what is new is the first of the two", "abbb", (a, b), a),
        ("another pair", "abcbc", (b, c), new),
        ("once again", "cabc", (a, b), new),
    ] {
        let merged = merge_pair(&word_of(word, drawn), pair, merged);
        ids(o, name, Ok(merged));
    }
}

fn counting(o: &mut Observer) {
    let mut drawn = o.distinct::<4>("ids", 0, 400);
    for i in 1..4 {
        drawn[i] += drawn[i - 1] + 1;
    }
    let many = 3 + o.below("how often", 5);
    // Words, each with how often it is there.
    for &(name, words) in &[
        ("one word", &[("bcabc", 1)][..]),
        ("over words", &[("ab", 1), ("cda", 1), ("acd", 1)]),
        ("a word that is there often", &[("abab", 1), ("cd", many)]),
        ("no pair across words", &[("ab", 1), ("ac", 1), ("adb", 2)]),
        ("three alike count twice", &[("ccc", 1), ("ad", 1)]),
        ("a tie by the first id", &[("ba", 2), ("ab", 2)]),
        ("the same tie in another order", &[("ab", 2), ("ba", 2)]),
        ("a tie by the second id", &[("bd", 1), ("bc", 1)]),
        ("a tie of many", &[("dbcdacbdbadc", 1)]),
        ("small ids that are rare", &[("aabbb", 2)]),
        ("large ids that are rare", &[("ddccc", 2)]),
        ("single ids", &[("a", 5), ("b", 7)]),
        ("a word without ids", &[("", 9), ("da", 1)]),
        ("no word", &[]),
        ("one word again", &[("bcabc", 1)]),
    ] {
        let mut list = Vec::new();
        for &(word, times) in words {
            list.push((word_of(word, drawn), times));
        }
        o.text(name, format!("{:?}", most_frequent_pair(&list)));
    }
}

/// The first id for each `a` in a word, the second for each `b`, and so on.
fn word_of(word: &str, ids: [usize; 4]) -> Vec<usize> {
    word.bytes()
        .map(|letter| ids[usize::from(letter - b'a')])
        .collect()
}

fn learn(o: &mut Observer, name: &str, text: &str, size: usize) {
    let tokenizer = trained(text, size);
    o.text(&format!("{name}: merges"), tokenizer.merges_txt());
    o.integer(&format!("{name}: how many tokens"), tokenizer.vocab_size());
    o.integer(&format!("{name}: the end of text"), tokenizer.end_of_text());
}

fn encoding(o: &mut Observer) {
    let few = drawn(o, "few letters", "ab", 40);
    let unseen = drawn(o, "unseen", "ab", 20);
    let [small, other] = [trained(SMALL, 270), trained(&few, 266)];
    for &(name, tokenizer, text) in &[
        ("a word", &small, "low"),
        ("a word with a space", &small, " low"),
        ("an unknown word", &small, "slower than owls"),
        ("the text itself", &small, SMALL),
        ("one behind the other", &small, "lowlowlowlowlowlow werer"),
        ("capitals", &small, "LOW Low"),
        ("no ASCII", &small, "höher 🙂"),
        ("every kind of space", &small, " low  low\n\nlow\t low "),
        ("a text of few letters", &other, &few),
        ("another one", &other, &unseen),
        ("a long run", &other, &"a".repeat(41)),
        ("an empty text", &small, ""),
        ("the word again", &small, "low"),
    ] {
        ids(o, name, Ok(tokenizer.encode(text)));
    }
    let read = files::read(MERGES, 0);
    let text = "abcd bcd abcdabcd cdab aabbccdd dcab abcab";
    ids(o, "merges from files", encoded(read, text));
}

fn decoding(o: &mut Observer) {
    let some = drawn(o, "a text", "abc é", 30);
    let tokenizer = trained(&some, 262);
    let emoji = trained("🙂🙂 🙃", 259);
    for (name, tokenizer, list) in &[
        ("a text", &tokenizer, tokenizer.encode(&some)),
        ("all ids", &tokenizer, (0..tokenizer.vocab_size()).collect()),
        (
            "an emoji of several tokens",
            &emoji,
            emoji.encode("🙃!🙂 👍🏽"),
        ),
        ("its beginning", &emoji, emoji.encode("🙃!")[..1].to_vec()),
        ("its beginning, then a letter", &emoji, vec![256, 64, 257]),
        ("no id", &tokenizer, vec![]),
        (
            "an id too large",
            &tokenizer,
            vec![1, tokenizer.vocab_size(), 2],
        ),
        (
            "two of them",
            &emoji,
            vec![0, 300 + o.below("id", 90), 1000],
        ),
    ] {
        let bytes = tokenizer.decode_bytes(list);
        let bytes = bytes.map(|bytes| bytes.into_iter().map(usize::from).collect());
        ids(o, &format!("{name}: bytes"), bytes);
        text(o, &format!("{name}: text"), tokenizer.decode(list));
    }
}

fn ends(o: &mut Observer) {
    let some = trained(&drawn(o, "a text", "abc", 30), 262);
    let other = trained("end of text |> <|end", 270);
    o.text("its name", END_OF_TEXT);
    for &(name, tokenizer) in &[("one", &some), ("another", &other), ("the first", &some)] {
        for &given in &[
            "<|endoftext|>",
            "ab<|endoftext|>end of text",
            "a <|endoftext|> b",
            "<|endoftext|><|endoftext|>a",
            "<|endoftext <|endoftext| <|EndOfText|>",
            "<|endof<|endoftext|>text|>",
        ] {
            let list = tokenizer.encode(given);
            text(o, &format!("{name}: {given} back"), tokenizer.decode(&list));
            ids(o, &format!("{name}: {given}"), Ok(list));
        }
    }
}

/// A text of so many characters out of these; a third of it is spaces.
fn drawn(o: &Observer, name: &str, letters: &str, length: usize) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let mut text = String::new();
    for i in 0..length {
        let at = o.below(&format!("{name} {i}"), letters.len() * 3 / 2);
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

fn ids(o: &mut Observer, name: &str, ids: Result<Vec<usize>>) {
    text(o, name, ids.map(|ids| format!("{ids:?}")));
}

fn made(o: &mut Observer, name: &str, tokenizer: Result<BpeTokenizer>) {
    text(o, name, tokenizer.map(|_| "accepted".to_owned()));
}

/// Records a text, or the error and its field; the words of an `InvalidJson` are free.
fn text(o: &mut Observer, name: &str, text: Result<String>) {
    let error = match text {
        Ok(text) => return o.text(name, text),
        Err(error) => error,
    };
    let (kind, field) = match error {
        TokenizerError::UnknownChar(char) => ("UnknownChar", char.to_string()),
        TokenizerError::UnknownId(id) => ("UnknownId", id.to_string()),
        TokenizerError::VocabTooSmall(size) => ("VocabTooSmall", size.to_string()),
        TokenizerError::WrongMerge(line) => ("WrongMerge", line.to_string()),
        TokenizerError::InvalidJson(_) => ("InvalidJson", String::new()),
        TokenizerError::MissingToken(token) => ("MissingToken", token),
        TokenizerError::UnexpectedToken(token) => ("UnexpectedToken", token),
        TokenizerError::WrongId(id) => ("WrongId", id.to_string()),
        #[allow(unreachable_patterns, reason = "a learner may add kinds of errors")]
        _ => ("another error", String::new()),
    };
    o.text(name, format!("Err({kind} {field})"));
}
