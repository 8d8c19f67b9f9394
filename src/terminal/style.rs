//! Styles by what they mean. Text is styled always; whoever prints it takes the styles away where
//! nobody would see them: see [`print`](super::print).

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style};

use crate::text::is_control;

/// What a styled text ends with.
const RESET: &str = "\x1b[0m";

/// Text in a style. Padding (`{:<12}`) counts what is seen, and goes to its right.
#[derive(Debug, Clone, Copy)]
pub struct Styled<T> {
    text: T,
    style: Style,
}

impl<T> Styled<T> {
    /// The same in bold.
    #[must_use]
    pub fn bold(mut self) -> Self {
        self.style = self.style.bold();
        self
    }

    /// The same in italics.
    #[must_use]
    pub fn italic(mut self) -> Self {
        self.style = self.style.italic();
        self
    }
}

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.to_string();
        if !text.is_empty() && self.style != Style::new() {
            let style = self.style.to_string();
            // A style inside this one ends with it, so it begins anew.
            let text = text.replace(RESET, &format!("{RESET}{style}"));
            write!(f, "{style}{text}{RESET}")?;
        } else {
            f.write_str(&text)?;
        }
        let seen = anstream::adapter::strip_str(&text).to_string();
        let missing = (f.width().unwrap_or(0)).saturating_sub(seen.chars().count());
        write!(f, "{:missing$}", "")
    }
}

/// Text without a style yet.
pub fn plain<T: Display>(text: T) -> Styled<T> {
    let style = Style::new();
    Styled { text, style }
}

/// What names the things that follow.
pub fn heading<T: Display>(text: T) -> Styled<T> {
    plain(text).bold()
}

/// The heading of a whole page, or of a part of it.
pub fn title<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Green)
}

/// What is as it should be.
pub fn right<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Green)
}

/// What is not as it should be.
pub fn wrong<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Red)
}

/// The word before an error's message.
pub fn error<T: Display>(text: T) -> Styled<T> {
    wrong(text).bold()
}

/// What deserves attention, and what is neither right nor wrong.
pub fn attention<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Yellow)
}

/// What to do now.
pub fn next<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Cyan)
}

/// Code, and places in it.
pub fn code<T: Display>(text: T) -> Styled<T> {
    coloured(text, AnsiColor::Cyan)
}

/// What matters less than what is around it.
pub fn dim<T: Display>(text: T) -> Styled<T> {
    let style = Style::new().dimmed();
    Styled { text, style }
}

fn coloured<T>(text: T, colour: AnsiColor) -> Styled<T> {
    let style = Style::new().fg_color(Some(colour.into()));
    Styled { text, style }
}

/// `text` with no control characters but line ends, tabs and the codes of styles. Whatever a step
/// or a compiler said in it can neither move the cursor nor swallow what follows, nor turn it round.
#[must_use]
pub fn harmless(text: &str) -> String {
    let is_harmless = |c: char| !is_control(c) || matches!(c, '\n' | '\t');
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let code = style_code(rest);
        let (part, behind) = rest.split_at(code.unwrap_or(first.len_utf8()));
        if code.is_some() || is_harmless(first) {
            kept.push_str(part);
        }
        rest = behind;
    }
    kept
}

/// How long the code of a style is that `text` begins with.
fn style_code(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\x1b[")?;
    let behind = numbers.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    let behind = behind.strip_prefix('m')?;
    Some(text.len() - behind.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn styles_add_nothing_but_styles() {
        let shown = format!("{} {}", right("a"), error("b"));
        assert_eq!(shown, "\x1b[32ma\x1b[0m \x1b[1m\x1b[31mb\x1b[0m");
        assert_eq!(stripped(&shown), "a b");
        assert_eq!(plain("a").to_string(), "a");
    }

    #[test]
    fn nothing_has_no_style() {
        assert_eq!(dim("").to_string(), "");
    }

    #[test]
    fn padding_counts_what_is_seen() {
        let shown = format!("{:<4}|", code("ab"));
        assert_eq!(stripped(&shown), "ab  |");
        let nested = format!("{:<4}|", heading(wrong("a").to_string() + "b"));
        assert_eq!(stripped(&nested), "ab  |");
        assert_eq!(format!("{:<4}|", dim("")), "    |");
    }

    #[test]
    fn a_style_goes_on_after_one_inside() {
        let shown = dim(format!("a {} c", heading("b"))).to_string();
        assert_eq!(shown, "\x1b[2ma \x1b[1mb\x1b[0m\x1b[2m c\x1b[0m");
    }

    #[test]
    fn only_styles_are_harmless() {
        let styled = format!("{}\n\t{}", right("a"), "\x1b[1;38;5;12mb\x1b[0m");
        assert_eq!(harmless(&styled), styled);
        assert_eq!(harmless("a\x1b]0;b\x07c\r\n"), "a]0;bc\n");
        assert_eq!(harmless("\x1b[2Ja\x1b\x1b[1mb\x1b["), "[2Ja\x1b[1mb[");
        assert_eq!(harmless("\u{9b}31ma\x1b"), "31ma");
    }
}
