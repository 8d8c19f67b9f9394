//! What others wrote, shown so that it can do nothing: no tag, no invisible character, no line
//! without an end.
//!
//! Characters that cannot be seen, or that move others about, are spelled out and marked:
//! `␀`, `\u{202e}`.

use std::fmt::Write;

use maud::{Escaper, Markup, Render, html};

use crate::text::{Kind, kind};

/// Characters of a line that are shown.
pub const LINE: usize = 300;

/// Entries of a list that are shown.
const ENTRIES: usize = 20;

/// Characters of what a teacher says that are shown.
const PROSE: usize = 5000;

/// A name or a sentence: one line, whatever is in it.
pub struct Shown<'a>(pub &'a str);

/// What a teacher says, in lines.
pub struct Prose<'a>(pub &'a str);

/// A line of a text with its own spacing.
pub struct Line<'a>(pub &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, buffer: &mut String) {
        visible(
            self.0,
            |c| !matches!(kind(c), Kind::Plain | Kind::Joiner),
            LINE,
            buffer,
        );
    }
}

impl Render for Line<'_> {
    fn render_to(&self, buffer: &mut String) {
        visible(
            self.0,
            |c| kind(c) != Kind::Plain && c != '\t',
            LINE,
            buffer,
        );
    }
}

impl Render for Prose<'_> {
    fn render_to(&self, buffer: &mut String) {
        visible(
            self.0,
            |c| !matches!(kind(c), Kind::Plain | Kind::Joiner) && c != '\n',
            PROSE,
            buffer,
        );
    }
}

/// A text of several lines, the first `most` of them.
pub fn block(text: &str, most: usize) -> Markup {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    html! {
        // The first line break after the tag is not part of the text.
        pre { "\n" @for line in lines.iter().take(most) { (Line(line)) "\n" } }
        (left_out(lines.len().saturating_sub(most)))
    }
}

/// Says how much longer a text is.
pub fn left_out(lines: usize) -> Markup {
    html! {
        @if lines > 0 { p.cut { "… and " (count(lines, "more line")) } }
    }
}

/// Sentences or names, the first of them.
pub fn list<'a>(all: &'a [String], entry: impl Fn(&'a str) -> Markup) -> Markup {
    html! {
        @for one in all.iter().take(ENTRIES) { li { (entry(one)) } }
        @if all.len() > ENTRIES { li.cut { "… and " (all.len() - ENTRIES) " more" } }
    }
}

/// As in `1 student`, `2 students`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn visible(text: &str, spell: impl Fn(char) -> bool, most: usize, buffer: &mut String) {
    let mut marked = false;
    for c in text.chars().take(most) {
        if spell(c) != marked {
            marked = !marked;
            buffer.push_str(if marked { "<mark>" } else { "</mark>" });
        }
        // Writing to a String cannot fail.
        let _ = if marked {
            buffer.write_str(&spelled(c))
        } else {
            Escaper::new(buffer).write_char(c)
        };
    }
    if marked {
        buffer.push_str("</mark>");
    }
    let more = text.chars().count().saturating_sub(most);
    if more > 0 {
        let _ = write!(buffer, "<mark>… {}</mark>", count(more, "more character"));
    }
}

fn spelled(c: char) -> String {
    match c {
        // Pictures of these are at the same places, further up.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c).into(),
        '\u{7f}' => '\u{2421}'.into(),
        _ => c.escape_unicode().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Shown(text).render().into_string()
    }

    fn line(text: &str) -> String {
        Line(text).render().into_string()
    }

    #[test]
    fn tags_are_text() {
        assert_eq!(
            shown("<b a=\"1\">&amp;</b>"),
            "&lt;b a=&quot;1&quot;&gt;&amp;amp;&lt;/b&gt;"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        assert_eq!(
            line("a\0\u{1b}b\u{202e}"),
            "a<mark>␀␛</mark>b<mark>\\u{202e}</mark>"
        );
        assert_eq!(line("a\tb"), "a\tb");
        assert_eq!(shown("a\tb\n"), "a<mark>␉</mark>b<mark>␊</mark>");
        assert_eq!(line("a\u{a0}b"), "a<mark>\\u{a0}</mark>b");
        assert_eq!(line("é ✓ 日本"), "é ✓ 日本");
    }

    #[test]
    fn names_may_have_joined_letters_and_code_may_not() {
        assert_eq!(shown("ශ්\u{200d}රී"), "ශ්\u{200d}රී");
        assert!(line("x\u{200d}").contains("<mark>\\u{200d}</mark>"));
    }

    #[test]
    fn nothing_is_endless() {
        let long = "x".repeat(LINE + 7);
        assert!(line(&long).ends_with("x<mark>… 7 more characters</mark>"));
        let tall = block("a\nb\nc\n", 2).into_string();
        assert_eq!(
            tall,
            "<pre>\na\nb\n</pre><p class=\"cut\">… and 1 more line</p>"
        );
    }
}
