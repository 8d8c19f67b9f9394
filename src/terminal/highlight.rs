//! Rust source in colours.

use std::sync::LazyLock;

use syntect::easy::HighlightLines;
use syntect::highlighting::{Theme, ThemeSet};
use syntect::parsing::SyntaxSet;
use syntect::util::{LinesWithEndings, as_24_bit_terminal_escaped};

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);
static THEMES: LazyLock<ThemeSet> = LazyLock::new(ThemeSet::load_defaults);

/// `text` as a terminal shows Rust.
#[must_use]
pub fn rust(text: &str) -> String {
    coloured(text).unwrap_or_else(|| text.to_owned())
}

fn coloured(text: &str) -> Option<String> {
    let syntax = SYNTAXES.find_syntax_by_extension("rs")?;
    let theme: &Theme = THEMES.themes.get("base16-eighties.dark")?;
    let mut lines = HighlightLines::new(syntax, theme);
    let mut result = String::new();
    for line in LinesWithEndings::from(text) {
        let parts = lines.highlight_line(line, &SYNTAXES).ok()?;
        result.push_str(&as_24_bit_terminal_escaped(&parts, false));
    }
    result.push_str("\x1b[0m");
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_add_nothing_but_colours() {
        let text = "/// Doc.\nfn a() -> usize { 7 }\n";
        let shown = coloured(text).expect("Rust is a known language");
        assert_ne!(shown, text);
        assert_eq!(anstream::adapter::strip_str(&shown).to_string(), text);
    }
}
