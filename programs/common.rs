//! What the programs share: how they are told what to do, how they tell what they do, and the
//! tokenizer that lies beside a model.

use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer};

/// The file of a tokenizer of characters: all of them, in the order of their ids, as one string of
/// JSON.
const CHARACTERS: &str = "characters.json";

/// The files of a tokenizer by byte-pair encoding, as GPT-2 has them.
const BPE: [&str; 2] = ["vocab.json", "merges.txt"];

/// Why a program cannot do what it was told, as a sentence without its full stop.
pub type Refusal = String;

/// What the program is to do: one JSON object, on the first line of standard input.
pub fn settings() -> Result<Value, Refusal> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| format!("no settings: {error}"))?;
    serde_json::from_str(&line).map_err(|error| format!("no settings: {error}"))
}

/// Becomes true once standard input ends or has another line: whoever started the program wants it
/// to stop, or is gone.
pub fn stop_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    thread::spawn(move || {
        // A line, the end and an error mean the same.
        let _ = io::stdin().lock().read_line(&mut String::new());
        asked.store(true, Ordering::Relaxed);
    });
    stop
}

/// Tells what happened: one JSON object on a line of standard output; false if nobody listens.
pub fn tell(event: &Value) -> bool {
    let mut out = io::stdout().lock();
    writeln!(out, "{event}").and_then(|()| out.flush()).is_ok()
}

/// A tokenizer of one kind or the other.
pub enum Tokenizer {
    /// A token is a character.
    Characters(CharTokenizer),
    /// A token is a run of bytes.
    Bpe(Box<BpeTokenizer>),
}

impl Tokenizer {
    /// One that is made for `text`: of its characters, or with `vocab_size` tokens.
    pub fn learnt(text: &str, vocab_size: Option<usize>) -> Result<Self, Refusal> {
        Ok(match vocab_size {
            None => Self::Characters(CharTokenizer::from_text(text)),
            Some(size) => {
                let learnt = BpeTokenizer::train(text, size).map_err(|error| error.to_string())?;
                Self::Bpe(Box::new(learnt))
            }
        })
    }

    /// The one that lies in `folder`.
    pub fn read(folder: &Path) -> Result<Self, Refusal> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|error| format!("`{}`: {error}", path.display()))
        };
        if folder.join(CHARACTERS).exists() {
            let characters: String = serde_json::from_str(&text(CHARACTERS)?)
                .map_err(|error| format!("`{CHARACTERS}`: {error}"))?;
            let characters = characters.chars().collect();
            return Ok(Self::Characters(CharTokenizer::from_chars(characters)));
        }
        let [vocab, merges] = BPE;
        let read = BpeTokenizer::from_files(&text(vocab)?, &text(merges)?);
        Ok(Self::Bpe(Box::new(read.map_err(|error| error.to_string())?)))
    }

    /// Writes it into `folder`.
    pub fn write(&self, folder: &Path) -> Result<(), Refusal> {
        let write = |name: &str, text: String| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|error| format!("`{}`: {error}", path.display()))
        };
        match self {
            Self::Characters(characters) => {
                let all: String = characters.chars().iter().collect();
                write(CHARACTERS, Value::from(all).to_string())
            }
            Self::Bpe(bpe) => {
                let [vocab, merges] = BPE;
                write(vocab, bpe.vocab_json())?;
                write(merges, bpe.merges_txt())
            }
        }
    }

    /// How many tokens there are.
    pub fn vocab_size(&self) -> usize {
        match self {
            Self::Characters(characters) => characters.vocab_size(),
            Self::Bpe(bpe) => bpe.vocab_size(),
        }
    }

    /// The ids of `text`.
    pub fn encode(&self, text: &str) -> Result<Vec<usize>, Refusal> {
        match self {
            Self::Characters(characters) => {
                characters.encode(text).map_err(|error| error.to_string())
            }
            Self::Bpe(bpe) => Ok(bpe.encode(text)),
        }
    }

    /// The bytes that `ids` stand for, which need not be whole characters.
    pub fn bytes(&self, ids: &[usize]) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Characters(characters) => {
                let text = characters.decode(ids).map_err(|error| error.to_string())?;
                Ok(text.into_bytes())
            }
            Self::Bpe(bpe) => bpe.decode_bytes(ids).map_err(|error| error.to_string()),
        }
    }

    /// The text that `ids` stand for, with a substitute for what is no whole character.
    pub fn text(&self, ids: &[usize]) -> Result<String, Refusal> {
        Ok(String::from_utf8_lossy(&self.bytes(ids)?).into_owned())
    }
}

/// Holds `folder` for this program alone, until the file is dropped.
pub fn lock(folder: &Path) -> Result<File, Refusal> {
    let path = folder.join("lock");
    let file = File::create(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(format!(
            "another program is at work in `{}`",
            folder.display()
        )),
    }
}
