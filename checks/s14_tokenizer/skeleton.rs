//! Tokenizers: from a text to ids, and back. First one id for each character, then GPT-2's
//! byte-level byte-pair encoding.
//!
//! "Language Models are Unsupervised Multitask Learners" (Radford et al., 2019), section 2.2, and
//! OpenAI's `encoder.py`; Hugging Face's counterpart is `GPT2Tokenizer`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use fancy_regex::Regex;

/// A token between documents, one id that no text is merged into. In a [`BpeTokenizer`] of
/// GPT-2's, it is the last one, 50256.
pub const END_OF_TEXT: &str = "<|endoftext|>";

/// One id for each character: its place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharTokenizer {
    chars: Vec<char>,
}

impl CharTokenizer {
    /// The characters of a text, each of them once, in the order of their code points.
    pub fn from_text(text: &str) -> Self {
        // Every character of the text, each once, in order. What is easier: to look for repeats in a
        // list as it is, or in one that is sorted already?
        todo!()
    }

    /// These characters in this order, as [`chars`](Self::chars) gave them.
    pub fn from_chars(chars: Vec<char>) -> Self {
        // They are what the struct holds.
        todo!()
    }

    /// The characters, by id.
    pub fn chars(&self) -> &[char] {
        // What the struct holds, borrowed.
        todo!()
    }

    /// How many ids there are.
    pub fn vocab_size(&self) -> usize {
        // As many as there are characters.
        todo!()
    }

    /// An id for each character of the text.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownChar`] names the first character that has no id.
    pub fn encode(&self, text: &str) -> Result<Vec<usize>, TokenizerError> {
        // The id of a character is its place in the list. The first character that has none ends it
        // all: how can many results become one?
        todo!()
    }

    /// The text that these ids stand for.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownId`] names the first id that stands for nothing.
    pub fn decode(&self, ids: &[usize]) -> Result<String, TokenizerError> {
        // The way back. An id may come from anywhere, so a place past the end must be an error and not
        // a panic.
        todo!()
    }
}

/// A letter for each byte, by which GPT-2's files write tokens down (`bytes_to_unicode` in
/// `encoder.py`): each one can be seen, and no two are the same.
///
/// The bytes 33 to 126, 161 to 172 and 174 to 255 are letters by themselves: the characters of
/// these code points. The other 68 get the characters from code point 256 on, in the order of the
/// bytes. So a space, byte 32, is written as `Ġ`.
pub fn byte_letters() -> [char; 256] {
    // Go through the bytes 0 to 255. Those that can be seen keep their own character; each of the
    // others takes the next one from code point 256 on. Which of the two is byte 173?
    todo!()
}

/// Cuts a text into pieces; no token reaches from one piece into the next. The pieces in a row are
/// the text.
///
/// Each piece is the longest of the first of these kinds that fits where the last piece ended:
/// - `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`, in small letters;
/// - letters (Unicode's category L), or one space and letters;
/// - digits and other numbers (category N), or one space and these;
/// - what is no white space, letter or number, or one space and that;
/// - white space up to the end of the text, or a run of it without its last character;
/// - white space.
///
/// # Panics
///
/// On a million white-space characters in a row: `fancy_regex` gives up.
pub fn pre_split(text: &str) -> Vec<&str> {
    // One regular expression has all kinds, in this order; the lesson spells it out. What is left is to
    // go from piece to piece. Making the expression takes far longer than cutting a text by it: make it
    // once, and keep it inside this function.
    todo!()
}

/// The ids with `merged` in the place of each `pair`, from left to right. What was just merged is
/// not looked at again: of three equal ids, the first two can become one, and the third stays.
pub fn merge_pair(ids: &[usize], pair: (usize, usize), merged: usize) -> Vec<usize> {
    // Walk along the ids with a place of your own. How far does it move where the pair begins, and how
    // far where it does not? The last id has no neighbour.
    todo!()
}

/// The pair of neighbouring ids that is there most often, or nothing if there is no pair. Each
/// word counts as often as the number beside it says.
///
/// Neighbours are counted at every place, so 7, 7, 7 has the pair (7, 7) twice. Of pairs that are
/// equally frequent, the smallest one wins: the one with the smaller first id, and among those the
/// one with the smaller second id.
pub fn most_frequent_pair(words: &[(Vec<usize>, usize)]) -> Option<(usize, usize)> {
    // Two things: a count for each pair over all words, and the pair of the largest count. A hash map
    // has no order, so the rule for ties has to be part of the comparison: which of two equally
    // frequent pairs must come out larger?
    todo!()
}

fn neighbours(ids: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    ids.windows(2).map(|two| (two[0], two[1]))
}

/// Byte-level byte-pair encoding: a token is a run of bytes, put together of two shorter ones.
#[derive(Debug, Clone)]
pub struct BpeTokenizer {
    /// Each token by id, written in [`byte_letters`].
    tokens: Vec<String>,
    /// The id of each token.
    ids: HashMap<String, usize>,
    /// The id of each byte as a token.
    byte_ids: [usize; 256],
    /// The pairs that become one token, in the order of learning, each with that token's id.
    merges: Vec<((usize, usize), usize)>,
    /// Where each pair stands among the merges.
    ranks: HashMap<(usize, usize), usize>,
}

impl BpeTokenizer {
    /// Learns merges from a text until there are `vocab_size` tokens, or no pair is left.
    ///
    /// The ids 0 to 255 are the single bytes, in the order of their [`byte_letters`]: byte 33 is
    /// 0, since `!` has the smallest code point. Each further id is a merge, made everywhere: the
    /// [`most_frequent_pair`] within the pieces of [`pre_split`]. The last id is
    /// [`END_OF_TEXT`]; where it stands in the text, it separates, and nothing is learned from it.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::VocabTooSmall`] if `vocab_size` is less than 257.
    pub fn train(text: &str, vocab_size: usize) -> Result<Self, TokenizerError> {
        // Start with 256 tokens of one letter each, sorted by letter, and with the pieces of the text
        // and how often each is there. Write each different piece as a list of ids.
        //
        // Then, while there is room for a merge besides the end of text: find the most frequent pair,
        // merge it in all pieces, and note the new token and the merge. Which id does the new token
        // have?
        todo!()
    }

    /// Reads the texts of GPT-2's two files.
    ///
    /// `vocab.json` is an object that gives each token an id: the 256 single [`byte_letters`], what
    /// each merge makes, and [`END_OF_TEXT`]. The ids are 0, 1, 2 and so on, in any order.
    /// A first line of `merges.txt` that starts with `#version` is skipped. Each other line is a
    /// merge, in order: two tokens, one space between them, and nothing else, so no line is empty.
    /// Each of the two is a letter or made by a line above.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::InvalidJson`] if `vocab.json` is no JSON object whose values are whole
    /// numbers from 0 on; [`TokenizerError::MissingToken`] and [`TokenizerError::UnexpectedToken`]
    /// name a token that it lacks, or has beyond those above; [`TokenizerError::WrongId`] names an
    /// id that two tokens have, or that is too large. [`TokenizerError::WrongMerge`] has the number
    /// of a line of `merges.txt`, the first being 1, that is not two tokens from above, or that
    /// makes one that is made above; what such a line makes is not missed.
    pub fn from_files(vocab_json: &str, merges_txt: &str) -> Result<Self, TokenizerError> {
        // Keep track of the tokens that are made so far: first the letters; each line of merges needs
        // two of them and makes another, whose id the vocabulary has to know. In the end, each token of
        // the vocabulary has to be made, and each id has to belong to one token. A `#` at the start of
        // a line is a comment in the first line only.
        todo!()
    }

    /// What `vocab.json` holds: the object that [`from_files`](Self::from_files) reads.
    pub fn vocab_json(&self) -> String {
        // Letters like `"` and `\` need care in JSON. Which of the crates that this step may use takes
        // it?
        todo!()
    }

    /// What `merges.txt` holds: `#version: 0.2`, and then a line for each merge, in order.
    pub fn merges_txt(&self) -> String {
        // A line is the left token, a space and the right token, both in letters.
        todo!()
    }

    /// How many ids there are.
    pub fn vocab_size(&self) -> usize {
        // As many as there are tokens.
        todo!()
    }

    /// The id of [`END_OF_TEXT`].
    pub fn end_of_text(&self) -> usize {
        // Training puts it last; in files it may have any id.
        todo!()
    }

    /// The ids of a text. Where [`END_OF_TEXT`] stands in it, it becomes its one id; what lies
    /// between is cut by [`pre_split`] and encoded piece by piece.
    ///
    /// A piece begins as its bytes. Of all pairs of neighbours that can be merged, the one that
    /// was learned first is merged, wherever it is in the piece; and so on, until none is left
    /// (`bpe` in `encoder.py`).
    pub fn encode(&self, text: &str) -> Vec<usize> {
        // Cut at the end of text first, so that nothing else sees it: how many ends lie between three
        // parts? Then cut each part into pieces; `encode_piece` does the rest.
        todo!()
    }

    /// The bytes that these ids stand for; [`END_OF_TEXT`] stands for itself.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownId`] names the first id that stands for nothing.
    pub fn decode_bytes(&self, ids: &[usize]) -> Result<Vec<u8>, TokenizerError> {
        // Each letter of each token is one byte: `byte_letters` the other way round.
        todo!()
    }

    /// The text that these ids stand for. Bytes that are no UTF-8 become the character U+FFFD, as
    /// [`String::from_utf8_lossy`] makes it of all the bytes together.
    ///
    /// # Errors
    ///
    /// As [`decode_bytes`](Self::decode_bytes).
    pub fn decode(&self, ids: &[usize]) -> Result<String, TokenizerError> {
        // First all the bytes, then the text: a character may be spread over several tokens.
        todo!()
    }

    fn new(tokens: Vec<String>, merges: Vec<((usize, usize), usize)>) -> Self {
        let ids: HashMap<String, usize> = tokens.iter().cloned().zip(0..).collect();
        let mut ranks = HashMap::new();
        for (rank, &(pair, _)) in merges.iter().enumerate() {
            ranks.insert(pair, rank);
        }
        Self {
            byte_ids: byte_letters().map(|letter| ids[&letter.to_string()]),
            tokens,
            ids,
            merges,
            ranks,
        }
    }

    fn encode_piece(&self, piece: &str) -> Vec<usize> {
        // Begin with the ids of the bytes. Of all pairs of neighbours that were learned as merges, take
        // the one that was learned first, merge it everywhere, and look again. When is a piece done?
        todo!()
    }
}

/// Why a tokenizer cannot be made, or cannot do what it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenizerError {
    /// A character without an id.
    UnknownChar(char),
    /// An id that stands for nothing.
    UnknownId(usize),
    /// Fewer tokens than the bytes and the end of text.
    VocabTooSmall(usize),
    /// A line of `merges.txt`: not two tokens from above it, or what they make is made above.
    WrongMerge(usize),
    /// What is wrong with `vocab.json` as a text.
    InvalidJson(String),
    /// A token that `vocab.json` lacks.
    MissingToken(String),
    /// A token in `vocab.json` that nothing makes.
    UnexpectedToken(String),
    /// An id in `vocab.json` that two tokens have, or that is too large.
    WrongId(usize),
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownChar(char) => write!(f, "{char:?} has no id"),
            Self::UnknownId(id) => write!(f, "id {id} stands for no token"),
            Self::VocabTooSmall(size) => write!(f, "{size} tokens are too few: 257 are the least"),
            Self::WrongMerge(line) => write!(f, "merges.txt, line {line}: not two earlier tokens"),
            Self::InvalidJson(what) => write!(f, "vocab.json: {what}"),
            Self::MissingToken(token) => write!(f, "vocab.json: {token:?} is missing"),
            Self::UnexpectedToken(token) => write!(f, "vocab.json: no merge makes {token:?}"),
            Self::WrongId(id) => write!(f, "vocab.json: {id} is too large, or there twice"),
        }
    }
}

impl Error for TokenizerError {}
