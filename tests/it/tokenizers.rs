//! The tokenizer of step 14 against code that others wrote: `tiktoken-rs`, with the 50,257 tokens of
//! GPT-2, and the trainer of Hugging Face's `tokenizers`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use tiktoken_rs::{CoreBPE, r50k_base};
use tokenizers::models::bpe::{BPE, BpeTrainerBuilder};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{
    AddedToken, Model, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, Trainer,
};

use s14_tokenizer::{BpeTokenizer, END_OF_TEXT, byte_letters, pre_split};

/// The solution itself. It uses nothing of Burn's, so nothing of Burn's is compiled for it.
#[path = "../../solutions/s14_tokenizer.rs"]
#[expect(dead_code, reason = "characters are not compared with anything")]
mod s14_tokenizer;

/// Tokens of GPT-2 that are runs of bytes; the one behind them is [`END_OF_TEXT`].
const RUNS: u32 = 50_256;

/// Random texts to be compared.
const TEXTS: usize = 4000;

/// What texts are made of, beside any character that there is.
const PARTS: [&str; 48] = [
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\0",
    "\u{1}",
    "\u{1c}",
    "\u{7f}",
    "\u{85}",
    "'",
    "'s",
    "'S",
    "'ll",
    "'re",
    "'ve",
    "'d",
    "’s",
    "a",
    "b",
    "the",
    " the",
    "The",
    "don't",
    "0",
    "12",
    " 3",
    "½",
    "²",
    "٣",
    "é",
    "e\u{301}",
    "ß",
    "中",
    "\u{200b}",
    "\u{200d}",
    "👍🏽",
    "👩\u{200d}🚀",
    "🇫🇷",
    "!",
    "...",
    " -",
    "_",
    END_OF_TEXT,
    "<|endoftext",
];

/// Runs of white space, which no random text has: the pattern looks behind a run for what follows it.
fn long_runs() -> Vec<String> {
    let runs = [
        " ".repeat(100_000),
        "\n".repeat(30_000),
        " \t\u{3000}".repeat(20_000),
    ];
    runs.iter()
        .flat_map(|run| {
            [
                run.clone(),
                format!("a{run}b"),
                format!("{run}{END_OF_TEXT}{run}!"),
            ]
        })
        .collect()
}

/// A small generator of random numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("it is below a usize")
    }

    fn char(&mut self) -> char {
        let bound = [0x80, 0x800, 0x1_0000, 0x11_0000][self.below(4)];
        let point = u32::try_from(self.below(bound)).expect("it is below 0x110000");
        char::from_u32(point).unwrap_or(' ')
    }

    fn text(&mut self, words: &[&str]) -> String {
        let kind = self.below(4);
        let mut text = String::new();
        for _ in 0..self.below(40) {
            match kind {
                0 => text.push(self.char()),
                1 => text += PARTS[self.below(PARTS.len())],
                2 => text += words[self.below(words.len())],
                _ => match self.below(6) {
                    0 => text.push(self.char()),
                    1 => text += &" ".repeat(self.below(70)),
                    2 | 3 => text += PARTS[self.below(PARTS.len())],
                    _ => text += words[self.below(words.len())],
                },
            }
        }
        text
    }
}

/// The texts of all lessons.
fn lessons() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let folders = fs::read_dir(root).expect("the lessons are there");
    let mut files: Vec<_> = folders
        .map(|entry| entry.expect("it can be read").path().join("lesson.md"))
        .filter(|file| file.exists())
        .collect();
    files.sort();
    let read = |file| fs::read_to_string(file).expect("it is text");
    files.iter().map(read).collect()
}

/// The two parts that a token is made of: what its bytes become by the merges before it.
fn parts(bytes: &[u8], id: u32, ids: &HashMap<Vec<u8>, u32>) -> [Vec<u8>; 2] {
    let mut parts: Vec<Vec<u8>> = bytes.iter().map(|&byte| vec![byte]).collect();
    while parts.len() > 2 {
        let rank = |i: usize| {
            ids.get(&parts[i..=i + 1].concat())
                .filter(|&&rank| rank < id)
        };
        let best = (0..parts.len() - 1)
            .filter(|&i| rank(i).is_some())
            .min_by_key(|&i| rank(i))
            .expect("every token is made of earlier ones");
        let right = parts.remove(best + 1);
        parts[best].extend(right);
    }
    parts.try_into().expect("two are left")
}

/// GPT-2's `vocab.json` and `merges.txt`, from the order of its tokens.
fn files_of_gpt2(gpt2: &CoreBPE) -> (String, String) {
    let letters = byte_letters();
    let write = |bytes: &[u8]| -> String {
        let letters = bytes.iter().map(|&byte| letters[usize::from(byte)]);
        letters.collect()
    };
    let bytes_of = |id| gpt2.decode_bytes(&[id]).expect("it is a token");
    let ids: HashMap<Vec<u8>, u32> = (0..RUNS).map(|id| (bytes_of(id), id)).collect();
    let mut vocab: HashMap<String, u32> = HashMap::new();
    let mut merges = "#version: 0.2\n".to_owned();
    for id in 0..RUNS {
        let bytes = bytes_of(id);
        if bytes.len() > 1 {
            let [left, right] = parts(&bytes, id, &ids);
            merges += &format!("{} {}\n", write(&left), write(&right));
        }
        vocab.insert(write(&bytes), id);
    }
    vocab.insert(END_OF_TEXT.to_owned(), RUNS);
    (serde_json::json!(vocab).to_string(), merges)
}

fn as_usize(ids: &[u32]) -> Vec<usize> {
    let id = |&id: &u32| usize::try_from(id).expect("a usize has 32 bits");
    ids.iter().map(id).collect()
}

#[test]
fn gpt2s_tokens_are_those_of_tiktoken() {
    let gpt2 = r50k_base().expect("it is built in");
    let (vocab, merges) = files_of_gpt2(&gpt2);
    let tokenizer = BpeTokenizer::from_files(&vocab, &merges).expect("the files are sound");
    assert_eq!(tokenizer.vocab_size(), 50_257);
    assert_eq!(tokenizer.end_of_text(), 50_256);
    assert_eq!(tokenizer.merges_txt(), merges);
    let again = BpeTokenizer::from_files(&tokenizer.vocab_json(), &merges);
    let again = again.expect("what it wrote can be read");

    let lessons = lessons();
    let words: Vec<&str> = lessons.iter().flat_map(|text| pre_split(text)).collect();
    let mut random = Random(14);
    let mut texts: Vec<String> = (0..TEXTS).map(|_| random.text(&words)).collect();
    texts.extend(lessons.iter().cloned());
    texts.extend(long_runs());
    texts.push("a".repeat(3000));
    for text in &texts {
        assert_eq!(pre_split(text).concat(), *text);
        let ids = gpt2.encode_with_special_tokens(text);
        let encoded = tokenizer.encode(text);
        assert_eq!(encoded, as_usize(&ids), "{text:?}");
        assert_eq!(again.encode(text), encoded, "{text:?}");
        assert_eq!(tokenizer.decode(&encoded).as_deref(), Ok(text.as_str()));
    }
    // Ids in any order stand for bytes that are no UTF-8 as a rule.
    let mut no_text = 0;
    for _ in 0..TEXTS {
        let length = random.below(12);
        let draw = |_| u32::try_from(random.below(50_257)).expect("it is small");
        let ids: Vec<u32> = (0..length).map(draw).collect();
        let bytes = gpt2.decode_bytes(&ids).expect("all ids are known");
        let decoded = tokenizer.decode(&as_usize(&ids)).expect("so are ours");
        assert_eq!(decoded, String::from_utf8_lossy(&bytes), "{ids:?}");
        no_text += usize::from(str::from_utf8(&bytes).is_err());
        assert_eq!(tokenizer.decode_bytes(&as_usize(&ids)), Ok(bytes));
    }
    assert!(no_text > 100, "{no_text} of them are no UTF-8");
    // A single byte of any value, and any two.
    for byte in 0..RUNS {
        let bytes = gpt2.decode_bytes(&[byte]).expect("it is a token");
        let id = usize::try_from(byte).expect("a usize has 32 bits");
        assert_eq!(tokenizer.decode_bytes(&[id]), Ok(bytes));
    }
}

#[test]
fn the_longest_run_of_white_space_is_told_as_documented() {
    for run in [" ", "\n"] {
        assert_eq!(pre_split(&run.repeat(900_000)).len(), 1);
        let longer = run.repeat(1_000_000);
        let gave_up = std::panic::catch_unwind(|| pre_split(&longer).len());
        assert!(gave_up.is_err(), "{gave_up:?}");
    }
}

/// Hugging Face's cut of a text, each piece in letters for bytes.
fn pieces_of_hugging_face(text: &str) -> Vec<String> {
    let mut cut = PreTokenizedString::from(text);
    let byte_level = ByteLevel::new(false, false, true);
    byte_level.pre_tokenize(&mut cut).expect("it cuts any text");
    let pieces = cut.get_splits(OffsetReferential::Original, OffsetType::Byte);
    pieces
        .into_iter()
        .map(|(piece, ..)| piece.to_owned())
        .collect()
}

/// What Hugging Face's trainer learns from a text.
fn trained_by_hugging_face(text: &str, vocab_size: usize) -> BPE {
    let mut trainer = BpeTrainerBuilder::new()
        .vocab_size(vocab_size)
        .show_progress(false)
        .special_tokens(vec![AddedToken::from(END_OF_TEXT, true)])
        .initial_alphabet(byte_letters().into())
        .build();
    let words = |text: &str| Ok(pieces_of_hugging_face(text));
    trainer
        .feed(std::iter::once(text), words)
        .expect("it counts");
    let mut model = BPE::default();
    trainer.train(&mut model).expect("it learns");
    model
}

#[test]
fn merges_are_those_that_hugging_faces_trainer_learns() {
    let lessons = lessons();
    let words: Vec<&str> = lessons.iter().flat_map(|text| pre_split(text)).collect();
    let mut random = Random(41);
    // Their trainer learns from its letters.
    let without_end = |text: String| text.replace(END_OF_TEXT, " ");
    let mut texts: Vec<(String, usize)> = (0..60)
        .map(|_| (without_end(random.text(&words)), 257 + random.below(200)))
        .collect();
    // Runs and ties: few letters, many pairs that are equally frequent.
    for _ in 0..200 {
        let letters = (0..random.below(60)).map(|_| ["a", "b", "c", " "][random.below(4)]);
        let text: String = letters.collect::<Vec<_>>().concat();
        texts.push((text, 257 + random.below(60)));
    }
    texts.push((without_end(lessons.concat()), 900));
    let folder = tempfile::tempdir().expect("a folder for tests");
    for (text, vocab_size) in texts {
        let tokenizer = BpeTokenizer::train(&text, vocab_size).expect("there is room");
        let model = trained_by_hugging_face(&text, vocab_size);
        model.save(folder.path(), None).expect("it can be written");
        let read = |file| fs::read_to_string(folder.path().join(file)).expect("it was written");
        let merges = read("merges.txt");
        assert_eq!(tokenizer.merges_txt(), merges, "{text:?}");
        assert_eq!(tokenizer.vocab_size(), model.get_vocab_size());

        // Its files have the end of text first, and can be read all the same.
        let theirs = BpeTokenizer::from_files(&read("vocab.json"), &merges);
        let theirs = theirs.expect("the files are sound");
        assert_eq!(theirs.end_of_text(), 0);
        let mut ids = Vec::new();
        for piece in pieces_of_hugging_face(&text) {
            let tokens = model.tokenize(&piece).expect("all bytes are known");
            ids.extend(tokens.into_iter().map(|token| token.id));
        }
        assert_eq!(theirs.encode(&text), as_usize(&ids), "{text:?}");
    }
}
