//! Words with colours, set into lines.

use unicode_width::UnicodeWidthStr;

use crate::terminal;
use crate::terminal::style::Styled;
use std::borrow::Cow;

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Something that is not broken, as shown.
    Word(String),
    /// Where a line may be broken.
    Space,
    /// Where a line is broken.
    Break,
}

impl Span {
    /// The words of `text`, each painted.
    pub fn words(text: &str, paint: impl Fn(&str) -> Styled<&str>) -> Vec<Self> {
        let mut spans = Vec::new();
        for (i, word) in text.split(' ').enumerate() {
            if i > 0 {
                spans.push(Self::Space);
            }
            if !word.is_empty() {
                spans.push(Self::Word(paint(word).to_string()));
            }
        }
        spans
    }
}

/// How wide text is on the screen, colours aside.
pub fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// Breaks spans into lines of at most `width` columns; a word that is wider stands alone.
pub fn wrapped(spans: &[Span], width: usize) -> Vec<String> {
    let mut text = String::new();
    for span in spans {
        match span {
            Span::Space if text.is_empty() || text.ends_with([' ', '\n']) => {}
            Span::Space => text.push(' '),
            Span::Break => text.push('\n'),
            Span::Word(word) => text.push_str(word),
        }
    }
    let lines = text.lines();
    let lines = lines.flat_map(|line| textwrap::wrap(line, terminal::wrapping(width)));
    lines.map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::style;

    fn lines(pieces: &[&str], at: usize) -> Vec<String> {
        let spans: Vec<Span> = pieces
            .iter()
            .flat_map(|piece| Span::words(piece, |text| style::plain(text)))
            .collect();
        wrapped(&spans, at)
    }

    #[test]
    fn lines_break_at_spaces_only() {
        assert_eq!(lines(&["aa bb cc"], 5), ["aa bb", "cc"]);
        assert_eq!(lines(&["aaaaaaaa b"], 5), ["aaaaaaaa", "b"]);
        assert_eq!(lines(&["aa ", "bb", ", cc"], 5), ["aa", "bb,", "cc"]);
    }
}
