//! Rust source as a flat list of tokens.
//!
//! What others wrote may be nested as deep as it is long, or hold a million signs in a row. So this
//! never calls itself, looks at each character once, and knows nothing of expressions, types or
//! patterns: it says where words, signs and brackets are, and which brackets belong together.

use std::ops::Range;

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or an identifier.
    Word,
    /// A lifetime or a label.
    Lifetime,
    /// A number, a string or a character.
    Literal,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A single character of punctuation.
    Sign,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    range: Range<usize>,
    line: u32,
}

/// The tokens of a text; comments are none.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    all: Vec<Token>,
    /// For each opening bracket, where the closing one is; for all others, where they are themselves.
    ends: Vec<usize>,
}

impl<'a> Tokens<'a> {
    /// Reads `text`; nothing if a string, a comment or a bracket in it has no end, or one that does
    /// not fit.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let mut reader = Reader {
            text,
            at: 0,
            line: 1,
        };
        let mut all = Vec::new();
        while reader.skip_blank()? {
            let (start, line) = (reader.at, reader.line);
            let kind = reader.token()?;
            all.push(Token {
                kind,
                range: start..reader.at,
                line,
            });
        }
        let ends = ends(text, &all)?;
        Some(Self { text, all, ends })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What the token at this place says; nothing behind the last.
    #[must_use]
    pub fn text(&self, place: usize) -> &'a str {
        (self.all.get(place)).map_or("", |token| &self.text[token.range.clone()])
    }

    /// Of what kind the token at this place is; none behind the last.
    #[must_use]
    pub fn kind(&self, place: usize) -> Option<Kind> {
        self.all.get(place).map(|token| token.kind)
    }

    /// The line that it begins in, counted from 1.
    #[must_use]
    pub fn line(&self, place: usize) -> u32 {
        self.all.get(place).map_or(0, |token| token.line)
    }

    /// The place behind the token at this one, or behind all that the bracket there holds.
    #[must_use]
    pub fn behind(&self, place: usize) -> usize {
        self.ends.get(place).map_or(place, |end| end + 1)
    }

    /// The places inside the bracket at this one.
    #[must_use]
    pub fn inside(&self, place: usize) -> Range<usize> {
        place + 1..self.behind(place).saturating_sub(1).max(place + 1)
    }

    /// Whether one of the tokens is this word.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        let mut words = self.all.iter().filter(|token| token.kind == Kind::Word);
        words.any(|token| &self.text[token.range.clone()] == word)
    }

    /// These tokens on one line, a space wherever something parts them in the text.
    #[must_use]
    pub fn on_one_line(&self, places: Range<usize>) -> String {
        let mut written = String::new();
        let mut end = None;
        for token in self.all.get(places).unwrap_or_default() {
            if end.is_some_and(|end| end < token.range.start) {
                written.push(' ');
            }
            written.push_str(&self.text[token.range.clone()]);
            end = Some(token.range.end);
        }
        written
    }
}

/// For each opening bracket, where it is closed.
fn ends(text: &str, all: &[Token]) -> Option<Vec<usize>> {
    let mut ends: Vec<usize> = (0..all.len()).collect();
    let mut open: Vec<usize> = Vec::new();
    for (place, token) in all.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push(place),
            Kind::Close => {
                let start = open.pop()?;
                let pair = (&text[all[start].range.clone()], &text[token.range.clone()]);
                if !matches!(pair, ("(", ")") | ("[", "]") | ("{", "}")) {
                    return None;
                }
                ends[start] = place;
            }
            _ => {}
        }
    }
    open.is_empty().then_some(ends)
}

/// Where in the text reading has got to.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes on by so many bytes.
    fn pass(&mut self, bytes: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + bytes];
        let lines = passed.iter().filter(|&&byte| byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at += bytes;
    }

    fn pass_while(&mut self, is: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.pass(rest.find(|c| !is(c)).unwrap_or(rest.len()));
    }

    /// Passes over spaces and comments; whether there is more. Nothing if a comment has no end.
    fn skip_blank(&mut self) -> Option<bool> {
        if self.at == 0 && self.text.starts_with("#!") && !self.text.starts_with("#![") {
            self.pass_while(|c| c != '\n');
        }
        loop {
            self.pass_while(|c| c.is_whitespace() || c == '\u{feff}');
            if self.rest().starts_with("//") {
                self.pass_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.skip_comment()?;
            } else {
                return Some(!self.rest().is_empty());
            }
        }
    }

    /// Passes over a comment between `/*` and `*/`, which may hold others.
    fn skip_comment(&mut self) -> Option<()> {
        let bytes = self.rest().as_bytes();
        let (mut depth, mut i) = (0usize, 0);
        loop {
            match bytes.get(i..i + 2)? {
                b"/*" => depth += 1,
                b"*/" => depth -= 1,
                _ => {
                    i += 1;
                    continue;
                }
            }
            i += 2;
            if depth == 0 {
                self.pass(i);
                return Some(());
            }
        }
    }

    /// Passes over one token, of which there is at least a character.
    fn token(&mut self) -> Option<Kind> {
        let first = self.next()?;
        if let Some(length) = self.string_prefix() {
            self.pass(length);
            return self.string();
        }
        Some(match first {
            '(' | '[' | '{' => self.one(Kind::Open),
            ')' | ']' | '}' => self.one(Kind::Close),
            '\'' => return self.quote(),
            _ if first.is_ascii_digit() => {
                self.number();
                Kind::Literal
            }
            _ if is_word(first) => {
                if self.rest().starts_with("r#") {
                    self.pass(2);
                }
                self.pass_while(is_word);
                Kind::Word
            }
            _ => self.one(Kind::Sign),
        })
    }

    fn one(&mut self, kind: Kind) -> Kind {
        self.pass(self.next().map_or(0, char::len_utf8));
        kind
    }

    /// How many bytes stand before the quote of a string or the raw string's signs, if one begins.
    fn string_prefix(&self) -> Option<usize> {
        let rest = self.rest();
        ["br", "cr", "r", "b", "c", ""].iter().find_map(|prefix| {
            let behind = rest.strip_prefix(prefix)?;
            let behind = match prefix.ends_with('r') {
                true => behind.trim_start_matches('#'),
                false => behind,
            };
            let is_byte = *prefix == "b" && behind.starts_with('\'');
            let length = prefix.len() - usize::from(prefix.ends_with('r'));
            (behind.starts_with('"') || is_byte).then_some(length)
        })
    }

    /// Passes over a string, from `r` or its quote on.
    fn string(&mut self) -> Option<Kind> {
        if self.next() == Some('\'') {
            return self.quote();
        }
        if self.next() == Some('r') {
            let signs = self.rest()[1..]
                .bytes()
                .take_while(|&byte| byte == b'#')
                .count();
            let end = format!("\"{}", "#".repeat(signs));
            let start = 1 + signs + 1;
            let length = self.rest()[start..].find(&end)?;
            self.pass(start + length + end.len());
            return Some(Kind::Literal);
        }
        self.escaped(1, '"')
    }

    /// Passes over a text from `start` on that ends with `quote`, unless a backslash is before it.
    fn escaped(&mut self, start: usize, quote: char) -> Option<Kind> {
        let mut is_escaped = false;
        let end = self.rest()[start..].char_indices().find_map(|(at, c)| {
            if is_escaped {
                is_escaped = false;
            } else if c == '\\' {
                is_escaped = true;
            } else if c == quote {
                return Some(at);
            }
            None
        })?;
        self.pass(start + end + 1);
        Some(Kind::Literal)
    }

    /// Passes over a character, or over a lifetime.
    fn quote(&mut self) -> Option<Kind> {
        let mut behind = self.rest().chars().skip(1);
        match (behind.next()?, behind.next()) {
            ('\\', _) => self.escaped(1, '\''),
            (c, Some('\'')) => {
                self.pass(2 + c.len_utf8());
                Some(Kind::Literal)
            }
            (c, _) if is_word(c) => {
                self.pass(1);
                self.pass_while(is_word);
                Some(Kind::Lifetime)
            }
            _ => None,
        }
    }

    /// Passes over a number with its fraction and its exponent.
    fn number(&mut self) {
        let start = self.at;
        self.pass_while(is_word);
        let mut behind = self.rest().chars();
        if behind.next() == Some('.') && behind.next().is_some_and(|c| c.is_ascii_digit()) {
            self.pass(1);
            self.pass_while(is_word);
        }
        let number = &self.text[start..self.at];
        let is_decimal = !number.starts_with("0x");
        let mut behind = self.rest().chars();
        if is_decimal
            && number.ends_with(['e', 'E'])
            && matches!(behind.next(), Some('+' | '-'))
            && behind.next().is_some_and(|c| c.is_ascii_digit())
        {
            self.pass(1);
            self.pass_while(is_word);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests;
