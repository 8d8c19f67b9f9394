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
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars.dedup();
        Self { chars }
    }

    /// These characters in this order, as [`chars`](Self::chars) gave them.
    pub fn from_chars(chars: Vec<char>) -> Self {
        Self { chars }
    }

    /// The characters, by id.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// How many ids there are.
    pub fn vocab_size(&self) -> usize {
        self.chars.len()
    }

    /// An id for each character of the text.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownChar`] names the first character that has no id.
    pub fn encode(&self, text: &str) -> Result<Vec<usize>, TokenizerError> {
        let id = |char| {
            let id = self.chars.iter().position(|&known| known == char);
            id.ok_or(TokenizerError::UnknownChar(char))
        };
        text.chars().map(id).collect()
    }

    /// The text that these ids stand for.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownId`] names the first id that stands for nothing.
    pub fn decode(&self, ids: &[usize]) -> Result<String, TokenizerError> {
        let char = |&id: &usize| self.chars.get(id).ok_or(TokenizerError::UnknownId(id));
        ids.iter().map(char).collect()
    }
}

/// A letter for each byte, by which GPT-2's files write tokens down (`bytes_to_unicode` in
/// `encoder.py`): each one can be seen, and no two are the same.
///
/// The bytes 33 to 126, 161 to 172 and 174 to 255 are letters by themselves: the characters of
/// these code points. The other 68 get the characters from code point 256 on, in the order of the
/// bytes. So a space, byte 32, is written as `Ġ`.
pub fn byte_letters() -> [char; 256] {
    let mut others = '\u{100}'..;
    let mut letters = ['\0'; 256];
    for (byte, letter) in (0..=255).zip(&mut letters) {
        *letter = match byte {
            33..=126 | 161..=172 | 174..=255 => char::from(byte),
            _ => others.next().unwrap_or_default(),
        };
    }
    letters
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
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        let kinds = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
        Regex::new(kinds).expect("the pattern is sound")
    });
    let found = PATTERN.find_iter(text);
    let pieces = found.map(|piece| piece.expect("the pattern is simple"));
    pieces.map(|piece| piece.as_str()).collect()
}

/// The ids with `merged` in the place of each `pair`, from left to right. What was just merged is
/// not looked at again: of three equal ids, the first two can become one, and the third stays.
pub fn merge_pair(ids: &[usize], pair: (usize, usize), merged: usize) -> Vec<usize> {
    let mut after = Vec::with_capacity(ids.len());
    let mut at = 0;
    while at < ids.len() {
        if ids[at..].starts_with(&[pair.0, pair.1]) {
            after.push(merged);
            at += 2;
        } else {
            after.push(ids[at]);
            at += 1;
        }
    }
    after
}

/// The pair of neighbouring ids that is there most often, or nothing if there is no pair. Each
/// word counts as often as the number beside it says.
///
/// Neighbours are counted at every place, so 7, 7, 7 has the pair (7, 7) twice. Of pairs that are
/// equally frequent, the smallest one wins: the one with the smaller first id, and among those the
/// one with the smaller second id.
pub fn most_frequent_pair(words: &[(Vec<usize>, usize)]) -> Option<(usize, usize)> {
    let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
    for (ids, times) in words {
        for pair in neighbours(ids) {
            *counts.entry(pair).or_default() += times;
        }
    }
    let pairs = counts.keys().copied();
    pairs.max_by_key(|pair| (counts[pair], Reverse(*pair)))
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
        if vocab_size < 257 {
            return Err(TokenizerError::VocabTooSmall(vocab_size));
        }
        let mut alphabet = byte_letters();
        alphabet.sort_unstable();
        let mut tokens: Vec<String> = alphabet.map(String::from).to_vec();
        let mut merges = Vec::new();
        let bytes = Self::new(tokens.clone(), Vec::new());
        let mut counts: HashMap<String, usize> = HashMap::new();
        for piece in text.split(END_OF_TEXT).flat_map(pre_split) {
            *counts.entry(piece.to_owned()).or_default() += 1;
        }
        let mut words: Vec<_> = (counts.iter())
            .map(|(piece, &count)| (bytes.encode_piece(piece), count))
            .collect();
        while tokens.len() < vocab_size - 1
            && let Some(pair) = most_frequent_pair(&words)
        {
            for (ids, _) in &mut words {
                *ids = merge_pair(ids, pair, tokens.len());
            }
            merges.push((pair, tokens.len()));
            tokens.push(format!("{}{}", tokens[pair.0], tokens[pair.1]));
        }
        tokens.push(END_OF_TEXT.to_owned());
        Ok(Self::new(tokens, merges))
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
        let ids: HashMap<String, usize> = serde_json::from_str(vocab_json)
            .map_err(|error| TokenizerError::InvalidJson(error.to_string()))?;
        let id = |token: &str| match ids.get(token) {
            Some(&id) => Ok(id),
            None => Err(TokenizerError::MissingToken(token.to_owned())),
        };
        let mut made: HashMap<String, usize> = HashMap::new();
        for letter in byte_letters().map(String::from) {
            made.insert(letter.clone(), id(&letter)?);
        }
        let mut merges = Vec::new();
        for (line, text) in (1..).zip(merges_txt.lines()) {
            if line == 1 && text.starts_with("#version") {
                continue;
            }
            let (left, right) = text.split_once(' ').unwrap_or((text, ""));
            let whole = format!("{left}{right}");
            let parts = (made.get(left), made.get(right), made.get(&whole));
            let (Some(&left), Some(&right), None) = parts else {
                return Err(TokenizerError::WrongMerge(line));
            };
            merges.push(((left, right), id(&whole)?));
            made.insert(whole.clone(), id(&whole)?);
        }
        made.insert(END_OF_TEXT.to_owned(), id(END_OF_TEXT)?);
        let mut tokens = vec![String::new(); ids.len()];
        for (token, &id) in &ids {
            if !made.contains_key(token) {
                return Err(TokenizerError::UnexpectedToken(token.clone()));
            }
            match tokens.get_mut(id) {
                Some(place) if place.is_empty() => place.clone_from(token),
                _ => return Err(TokenizerError::WrongId(id)),
            }
        }
        Ok(Self::new(tokens, merges))
    }

    /// What `vocab.json` holds: the object that [`from_files`](Self::from_files) reads.
    pub fn vocab_json(&self) -> String {
        serde_json::json!(self.ids).to_string()
    }

    /// What `merges.txt` holds: `#version: 0.2`, and then a line for each merge, in order.
    pub fn merges_txt(&self) -> String {
        let mut text = "#version: 0.2\n".to_owned();
        for &((left, right), _) in &self.merges {
            text += &format!("{} {}\n", self.tokens[left], self.tokens[right]);
        }
        text
    }

    /// How many ids there are.
    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    /// The id of [`END_OF_TEXT`].
    pub fn end_of_text(&self) -> usize {
        self.ids[END_OF_TEXT]
    }

    /// The ids of a text. Where [`END_OF_TEXT`] stands in it, it becomes its one id; what lies
    /// between is cut by [`pre_split`] and encoded piece by piece.
    ///
    /// A piece begins as its bytes. Of all pairs of neighbours that can be merged, the one that
    /// was learned first is merged, wherever it is in the piece; and so on, until none is left
    /// (`bpe` in `encoder.py`).
    pub fn encode(&self, text: &str) -> Vec<usize> {
        let mut ids = Vec::new();
        for (i, document) in text.split(END_OF_TEXT).enumerate() {
            if i > 0 {
                ids.push(self.end_of_text());
            }
            for piece in pre_split(document) {
                ids.extend(self.encode_piece(piece));
            }
        }
        ids
    }

    /// The bytes that these ids stand for; [`END_OF_TEXT`] stands for itself.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::UnknownId`] names the first id that stands for nothing.
    pub fn decode_bytes(&self, ids: &[usize]) -> Result<Vec<u8>, TokenizerError> {
        // By code point: the last letter's is 323.
        let mut bytes = [0; 324];
        for (byte, letter) in (0..=255).zip(byte_letters()) {
            bytes[letter as usize] = byte;
        }
        let mut found = Vec::new();
        for &id in ids {
            let token = self.tokens.get(id);
            let token = token.ok_or(TokenizerError::UnknownId(id))?;
            found.extend(token.chars().map(|letter| bytes[letter as usize]));
        }
        Ok(found)
    }

    /// The text that these ids stand for. Bytes that are no UTF-8 become the character U+FFFD, as
    /// [`String::from_utf8_lossy`] makes it of all the bytes together.
    ///
    /// # Errors
    ///
    /// As [`decode_bytes`](Self::decode_bytes).
    pub fn decode(&self, ids: &[usize]) -> Result<String, TokenizerError> {
        let bytes = self.decode_bytes(ids)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
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
        let mut ids: Vec<usize> = (piece.bytes())
            .map(|byte| self.byte_ids[usize::from(byte)])
            .collect();
        let rank = |pair| self.ranks.get(&pair);
        while let Some(&rank) = neighbours(&ids).filter_map(rank).min() {
            let (pair, merged) = self.merges[rank];
            ids = merge_pair(&ids, pair, merged);
        }
        ids
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
