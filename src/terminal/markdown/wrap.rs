//! Words with colours, set into lines.

use unicode_width::UnicodeWidthStr;

use crate::terminal::style::Styled;

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Something that is not broken: as shown, and how wide.
    Word(String, usize),
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
                spans.push(Self::Word(paint(word).to_string(), word.width()));
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
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let mut space = false;
    let mut rest = spans;
    while let Some((span, after)) = rest.split_first() {
        rest = after;
        match span {
            Span::Space => space = true,
            Span::Break => {
                lines.push(std::mem::take(&mut line));
                (used, space) = (0, false);
            }
            Span::Word(word, wide) => {
                // Words without a space between them, as a comma behind code, stay together.
                let together = *wide + glued(rest);
                if used > 0 && space && used + 1 + together > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                } else if used > 0 && space {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(word);
                used += wide;
                space = false;
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// How wide the words are that follow without a space.
fn glued(spans: &[Span]) -> usize {
    spans
        .iter()
        .map_while(|span| match span {
            Span::Word(_, wide) => Some(wide),
            Span::Space | Span::Break => None,
        })
        .sum()
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
