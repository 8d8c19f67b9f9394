//! Each merge in turn over the whole piece, as learned; pairs counted by sorting.
//!
//! Tokenizers: from a text to ids, and back. First one id for each character, then GPT-2's
//! byte-level byte-pair encoding.
//!
//! "Language Models are Unsupervised Multitask Learners" (Radford et al., 2019), section 2.2, and
//! OpenAI's `encoder.py`; Hugging Face's counterpart is `GPT2Tokenizer`.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use fancy_regex::Regex;

pub const END_OF_TEXT: &str = "<|endoftext|>";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharTokenizer {
    chars: Vec<char>,
}

impl CharTokenizer {
    pub fn from_text(text: &str) -> Self {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars.dedup();
        Self { chars }
    }

    pub fn from_chars(chars: Vec<char>) -> Self {
        Self { chars }
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    pub fn vocab_size(&self) -> usize {
        self.chars.len()
    }

    pub fn encode(&self, text: &str) -> Result<Vec<usize>, TokenizerError> {
        let id = |char| {
            let id = self.chars.iter().position(|&known| known == char);
            id.ok_or(TokenizerError::UnknownChar(char))
        };
        text.chars().map(id).collect()
    }

    pub fn decode(&self, ids: &[usize]) -> Result<String, TokenizerError> {
        let char = |&id: &usize| self.chars.get(id).ok_or(TokenizerError::UnknownId(id));
        ids.iter().map(char).collect()
    }
}

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

pub fn pre_split(text: &str) -> Vec<&str> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        let kinds = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
        Regex::new(kinds).expect("the pattern is sound")
    });
    let found = PATTERN.find_iter(text);
    let pieces = found.map(|piece| piece.expect("the pattern is simple"));
    pieces.map(|piece| piece.as_str()).collect()
}

pub fn merge_pair(ids: &[usize], pair: (usize, usize), merged: usize) -> Vec<usize> {
    match ids {
        [] => Vec::new(),
        _ => {
            let place = ids.windows(2).position(|two| (two[0], two[1]) == pair);
            let Some(place) = place else {
                return ids.to_vec();
            };
            let mut all = ids[..place].to_vec();
            all.push(merged);
            all.extend(merge_pair(&ids[place + 2..], pair, merged));
            all
        }
    }
}

pub fn most_frequent_pair(words: &[(Vec<usize>, usize)]) -> Option<(usize, usize)> {
    let mut all: Vec<((usize, usize), usize)> = Vec::new();
    for (ids, times) in words {
        all.extend(neighbours(ids).map(|pair| (pair, *times)));
    }
    all.sort_unstable();
    let mut best = None;
    for group in all.chunk_by(|one, other| one.0 == other.0) {
        let count: usize = group.iter().map(|(_, times)| times).sum();
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, group[0].0));
        }
    }
    best.map(|(_, pair)| pair)
}

fn neighbours(ids: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    ids.windows(2).map(|two| (two[0], two[1]))
}

#[derive(Debug, Clone)]
pub struct BpeTokenizer {
    tokens: Vec<String>,
    ids: HashMap<String, usize>,
    byte_ids: [usize; 256],
    merges: Vec<((usize, usize), usize)>,
    _ranks: HashMap<(usize, usize), usize>,
}

impl BpeTokenizer {
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

    pub fn vocab_json(&self) -> String {
        serde_json::json!(self.ids).to_string()
    }

    pub fn merges_txt(&self) -> String {
        let mut text = "#version: 0.2\n".to_owned();
        for &((left, right), _) in &self.merges {
            text += &format!("{} {}\n", self.tokens[left], self.tokens[right]);
        }
        text
    }

    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    pub fn end_of_text(&self) -> usize {
        self.ids[END_OF_TEXT]
    }

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
            _ranks: ranks,
        }
    }

    fn encode_piece(&self, piece: &str) -> Vec<usize> {
        let mut ids = Vec::new();
        for byte in piece.as_bytes() {
            ids.push(self.byte_ids[*byte as usize]);
        }
        for &(pair, merged) in &self.merges {
            ids = merge_pair(&ids, pair, merged);
        }
        ids
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenizerError {
    UnknownChar(char),
    UnknownId(usize),
    VocabTooSmall(usize),
    WrongMerge(usize),
    InvalidJson(String),
    MissingToken(String),
    UnexpectedToken(String),
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
