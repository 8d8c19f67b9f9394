//! Tells typing from pasting.
//!
//! A terminal says so itself where it knows bracketed paste. Elsewhere a paste is a burst of keys:
//! more of them at a time than anybody can press.

use std::time::{Duration, Instant};

use super::model::Key;

/// Letters that come together and are no typing any more.
const BURST: usize = 3;

/// The same letter over and over is a key held down while the screen was busy.
const HELD: usize = 12;

/// How long after a burst what comes still belongs to it: long pastes come in pieces.
const TAIL: Duration = Duration::from_millis(300);

/// What keys that came together are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Keys, each to be obeyed.
    Keys(Vec<Key>),
    /// A text.
    Pasted(String),
}

/// Remembers whether a paste is under way.
#[derive(Debug, Default)]
pub struct Typing {
    pasting_until: Option<Instant>,
}

impl Typing {
    /// What `keys`, which came together at `now`, are.
    pub fn take(&mut self, keys: Vec<Key>, now: Instant) -> Typed {
        let letters: Vec<char> = keys.iter().filter_map(|&key| letter(key)).collect();
        let is_tail = !letters.is_empty() && self.pasting_until.is_some_and(|until| now < until);
        if is_tail || is_burst(&letters) {
            self.pasting_until = Some(now + TAIL);
            return Typed::Pasted(letters.into_iter().collect());
        }
        Typed::Keys(keys)
    }
}

fn is_burst(letters: &[char]) -> bool {
    let is_varied = letters.windows(2).any(|two| two[0] != two[1]);
    (letters.len() >= BURST && is_varied) || letters.len() >= HELD
}

/// What a key stands for in a text. Keys that only scroll do no harm and are held down.
fn letter(key: Key) -> Option<char> {
    match key {
        Key::Char('j' | 'k' | ' ') => None,
        Key::Char(letter) => Some(letter),
        Key::Enter => Some('\n'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        let key = |c| match c {
            '\n' => Key::Enter,
            c => Key::Char(c),
        };
        text.chars().map(key).collect()
    }

    #[test]
    fn a_burst_is_a_paste_and_so_is_what_follows_at_once() {
        let mut typing = Typing::default();
        let start = Instant::now();
        let first = typing.take(keys("let x"), start);
        assert_eq!(first, Typed::Pasted("letx".into()));
        let rest = typing.take(keys("y"), start + TAIL / 2);
        assert_eq!(rest, Typed::Pasted("y".into()));
        let typed = typing.take(keys("y"), start + TAIL * 3);
        assert_eq!(typed, Typed::Keys(keys("y")));
    }

    #[test]
    fn single_keys_and_keys_held_down_are_typing() {
        let mut typing = Typing::default();
        for text in ["h", "hl", "jjjjjjjjjjjjjjjjjjjj", "nnn", "kjkjkj"] {
            assert_eq!(
                typing.take(keys(text), Instant::now()),
                Typed::Keys(keys(text))
            );
        }
    }
}
