//! What the programs share: how they are told what to do, how they tell what they do, and a model
//! with the tokenizer that lies beside it.

use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use burn::tensor::Device;
use serde_json::{Value, json};

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s14_tokenizer::{BpeTokenizer, CharTokenizer};
use crate::s18_checkpoint::load_gpt2;

/// The file of a tokenizer of characters: all of them, in the order of their ids, as one string of
/// JSON.
const CHARACTERS: &str = "characters.json";

/// The files of a tokenizer by byte-pair encoding, as GPT-2 has them.
const BPE: [&str; 2] = ["vocab.json", "merges.txt"];

/// The file that a program holds as long as it works in a folder.
pub const LOCK: &str = "lock";

/// How many characters are listed to say which ones a model knows.
const LISTED: usize = 120;

/// Why a program cannot do what it was told, as a sentence without its full stop.
pub type Refusal = String;

/// A refusal, and what to do about it where the program knows that better than who started it.
pub struct Refused {
    message: Refusal,
    next: Option<&'static str>,
}

impl Refused {
    /// A model that cannot be used.
    fn model(folder: &Path, why: impl std::fmt::Display) -> Self {
        Self {
            message: format!("the model in `{}` is of no use: {why}", folder.display()),
            next: Some("`--checkpoint DIR` names another one; `tutor train` makes one"),
        }
    }

    /// Tells it.
    pub fn tell(&self) {
        tell(&json!({ "event": "refused", "message": self.message, "next": self.next }));
    }
}

impl From<Refusal> for Refused {
    fn from(message: Refusal) -> Self {
        Self {
            message,
            next: None,
        }
    }
}

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

/// The model in `folder`, with its tokenizer.
pub fn loaded(folder: &Path, device: &Device) -> Result<(Tokenizer, Gpt, GptConfig), Refused> {
    let refused = |why: String| Refused::model(folder, why);
    let tokenizer = Tokenizer::read(folder).map_err(refused)?;
    let (model, config) =
        load_gpt2(folder, device).map_err(|error| Refused::model(folder, error))?;
    let (tokens, rows) = (tokenizer.vocab_size(), config.vocab_size);
    if tokens != rows {
        return Err(refused(format!(
            "its tokenizer has {tokens} tokens and its table {rows}, so they do not belong together"
        )));
    }
    Ok((tokenizer, model, config))
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
        Ok(Self::Bpe(Box::new(
            read.map_err(|error| error.to_string())?,
        )))
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
                let known = characters.chars();
                match text.chars().find(|c| !known.contains(c)) {
                    Some(stranger) => Err(format!(
                        "the model has never seen the character {stranger:?}; {}",
                        known_characters(known)
                    )),
                    None => characters.encode(text).map_err(|error| error.to_string()),
                }
            }
            Self::Bpe(bpe) => Ok(bpe.encode(text)),
        }
    }

    /// A text to begin with, for who has none: a heading where the tokenizer knows one, as the
    /// lessons begin, and otherwise the first token.
    pub fn beginning(&self) -> Result<String, Refusal> {
        match self.encode("# ") {
            Ok(_) => Ok("# ".to_owned()),
            Err(_) => self.text(&[0]),
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

    /// How the token `id` is shown by itself: as text, or its bytes like `<e2 82>` if they are no
    /// whole characters.
    pub fn label(&self, id: usize) -> Result<String, Refusal> {
        Ok(
            String::from_utf8(self.bytes(&[id])?).unwrap_or_else(|error| {
                let bytes = error.as_bytes().iter().map(|byte| format!("{byte:02x}"));
                format!("<{}>", bytes.collect::<Vec<_>>().join(" "))
            }),
        )
    }

    /// The text that `ids` stand for, with a substitute for what is no whole character.
    pub fn text(&self, ids: &[usize]) -> Result<String, Refusal> {
        Ok(String::from_utf8_lossy(&self.bytes(ids)?).into_owned())
    }
}

/// Which characters a model knows, those that can be seen.
fn known_characters(known: &[char]) -> String {
    let seen = || known.iter().filter(|c| !c.is_whitespace());
    let listed: String = seen().take(LISTED).collect();
    match seen().count().saturating_sub(LISTED) {
        0 => format!("besides spaces it knows {listed}"),
        more => format!("besides spaces it knows {listed} and {more} more"),
    }
}

/// Holds `folder` for this program alone, until the file is dropped.
pub fn lock(folder: &Path) -> Result<File, Refusal> {
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(format!(
            "another program is at work in `{}`",
            folder.display()
        )),
    }
}
