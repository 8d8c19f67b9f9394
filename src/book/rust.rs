//! Rust in colours, as HTML: a reader of words only, quick enough for whole courses.

use super::html::escaped;

/// The words that Rust keeps for itself, as far as they turn up in steps.
const KEYWORDS: [&str; 36] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "self", "static", "struct", "super", "true", "type", "use", "where", "while",
    "Self",
];

/// `text` with a `<span>` around what has a colour: `c` a comment, `s` a string or character, `n` a
/// number, `k` a keyword, `t` a type.
#[must_use]
pub fn html(text: &str) -> String {
    let mut result = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first);
        let (word, behind) = rest.split_at(length);
        match class {
            // A span ends with its line, so that lines can be taken apart.
            Some(class) => {
                for (i, line) in word.split('\n').enumerate() {
                    if i > 0 {
                        result.push('\n');
                    }
                    if !line.is_empty() {
                        result += &format!("<span class=\"{class}\">{}</span>", escaped(line));
                    }
                }
            }
            None => result += &escaped(word),
        }
        rest = behind;
    }
    result
}

/// The class and the length of what `text` begins with.
fn token(text: &str, first: char) -> (Option<char>, usize) {
    let line = || text.find('\n').unwrap_or(text.len());
    if text.starts_with("//") {
        return (Some('c'), line());
    }
    if text.starts_with("/*") {
        return (Some('c'), text.find("*/").map_or(text.len(), |end| end + 2));
    }
    if let Some(length) = raw_string(text) {
        return (Some('s'), length);
    }
    if let Some(quoted) = text.strip_prefix("b\"").or_else(|| text.strip_prefix('"')) {
        return (
            Some('s'),
            text.len() - quoted.len() + quoted_length(quoted, '"'),
        );
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        return match character(quoted) {
            Some(length) => (Some('s'), 1 + length),
            // A lifetime.
            None => (None, 1),
        };
    }
    if first.is_ascii_digit() {
        return (Some('n'), number(text));
    }
    if first.is_alphabetic() || first == '_' {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
        let word = &text[..length];
        let class = match word {
            word if KEYWORDS.contains(&word) => Some('k'),
            _ if first.is_uppercase() && word.contains(char::is_lowercase) => Some('t'),
            _ => None,
        };
        return (class, length);
    }
    (None, first.len_utf8())
}

fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let next = bytes.get(end + 1);
        let is_sign = matches!(byte, b'-' | b'+') && matches!(bytes[end - 1], b'e' | b'E');
        let is_point = byte == b'.' && next.is_some_and(u8::is_ascii_digit);
        if !(byte.is_ascii_alphanumeric() || byte == b'_' || is_point || is_sign) {
            break;
        }
        end += 1;
    }
    end
}

/// The length of `r"…"` or `r#"…"#`.
fn raw_string(text: &str) -> Option<usize> {
    let behind = text.strip_prefix('r')?;
    let inside = behind.trim_start_matches('#');
    let hashes = behind.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(text.len() - inside.len() + length)
}

/// The length up to and with the `quote` that ends it.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The length of a character behind its first quote; none if this is a lifetime.
fn character(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if first == '\\' {
        return Some(quoted_length(text, '\''));
    }
    let behind = &text[first.len_utf8()..];
    behind.starts_with('\'').then(|| first.len_utf8() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of one class.
    fn of(class: char, text: &str) -> Vec<String> {
        let begin = format!("<span class=\"{class}\">");
        let html = html(text);
        let words = html.split(&begin).skip(1);
        words
            .filter_map(|rest| Some(rest.split_once("</span>")?.0.to_owned()))
            .collect()
    }

    #[test]
    fn words_have_the_colour_of_what_they_are() {
        let text = "pub fn f<'a>(x: Tensor<3>) -> char { 'x' } // \"a\"\nlet s = \"b\\\"c\"; 1e-5 0..24 r#\"d\"e\"#";
        assert_eq!(of('k', text), ["pub", "fn", "let"]);
        assert_eq!(of('t', text), ["Tensor"]);
        assert_eq!(of('c', text), ["// &quot;a&quot;"]);
        assert_eq!(of('n', text), ["3", "1e-5", "0", "24"]);
        assert_eq!(
            of('s', text),
            ["'x'", "&quot;b\\&quot;c&quot;", "r#&quot;d&quot;e&quot;#"]
        );
    }

    #[test]
    fn nothing_is_added_or_lost() {
        for file in ["src/book/rust.rs", "src/book.rs"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            let text = std::fs::read_to_string(path).expect("it is there");
            let html = html(&text);
            let mut plain = String::new();
            for part in html.split('<') {
                plain += part.split_once('>').map_or(part, |(_, text)| text);
            }
            let plain = plain.replace("&lt;", "<").replace("&gt;", ">");
            assert_eq!(plain.replace("&quot;", "\"").replace("&amp;", "&"), text);
        }
    }
}
