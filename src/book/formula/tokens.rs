//! The words and signs of a formula.

/// What a formula is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Digits, with commas and a point.
    Number(String),
    /// A name or a word.
    Name(String),
    /// What stands between things, as it is shown.
    Sign(&'static str),
    /// A bracket that opens.
    Open(char),
    /// A bracket that closes.
    Close(char),
    /// A power that is one character, like ².
    Power(char),
    /// `^`
    Raise,
}

/// A piece of a formula, and the spaces before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// How many spaces stand before it.
    pub gap: usize,
}

/// Signs as they are written and as they are shown; longer ones first.
const SIGNS: [(&str, &str); 20] = [
    ("...", "…"),
    ("..", ".."),
    ("<=", "≤"),
    (">=", "≥"),
    ("->", "→"),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("~", "∼"),
    ("+", "+"),
    ("-", "−"),
    ("*", "×"),
    ("×", "×"),
    ("/", "/"),
    (",", ","),
    (";", ";"),
    (":", ":"),
    ("|", "|"),
    ("…", "…"),
    ("∞", "∞"),
];

impl Token {
    /// Whether it stands between what is defined and what it is.
    pub fn is_definition(&self) -> bool {
        matches!(self.kind, Kind::Sign("=" | "∼"))
    }

    /// Whether something begins here that can be multiplied.
    pub fn begins_something(&self) -> bool {
        matches!(
            self.kind,
            Kind::Number(_) | Kind::Name(_) | Kind::Open(_) | Kind::Sign("…" | "∞")
        )
    }
}

/// The tokens of a line.
pub fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = line.trim_end();
    while !rest.is_empty() {
        let trimmed = rest.trim_start_matches(' ');
        let gap = rest.len() - trimmed.len();
        let (kind, length) = token(trimmed)?;
        found.push(Token { kind, gap });
        rest = &trimmed[length..];
    }
    Ok(found)
}

fn token(text: &str) -> Result<(Kind, usize), String> {
    let first = text.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        let length = length(text, |c, next| {
            c.is_ascii_digit()
                || (matches!(c, '.' | ',') && next.is_some_and(|c| c.is_ascii_digit()))
        });
        return Ok((Kind::Number(text[..length].to_owned()), length));
    }
    if first.is_alphabetic() {
        let length = length(text, |c, next| {
            (c.is_alphanumeric() && !matches!(c, '²' | '³'))
                || c == '_'
                || (c == '.' && next.is_some_and(char::is_alphabetic))
        });
        // What is in brackets behind an underscore is the parser's.
        return Ok((Kind::Name(text[..length].to_owned()), length));
    }
    for (written, shown) in SIGNS {
        if text.starts_with(written) {
            return Ok((Kind::Sign(shown), written.len()));
        }
    }
    let kind = match first {
        '(' | '[' | '{' => Kind::Open(first),
        ')' | ']' | '}' => Kind::Close(first),
        '²' => Kind::Power('2'),
        '³' => Kind::Power('3'),
        '^' => Kind::Raise,
        other => return Err(format!("`{other}` has no meaning in a formula")),
    };
    Ok((kind, first.len_utf8()))
}

/// How long the beginning is whose characters all belong together; each is seen with the next one.
fn length(text: &str, belongs: impl Fn(char, Option<char>) -> bool) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        if !belongs(c, next) {
            return at;
        }
    }
    text.len()
}
