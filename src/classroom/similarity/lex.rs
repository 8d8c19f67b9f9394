//! A text as a flat list of tokens, without what does not matter: white space, comments,
//! attributes (doc comments are attributes), `use` declarations, the words inside strings.
//!
//! Any text has tokens, and nothing here recurses: a submission may be broken, or nested a
//! hundred thousand brackets deep on purpose. That is why the tokens are not parsed with `syn`,
//! whose parser does recurse, also where no bracket shows how deep (`!!!!x`, `a.b.b.b`).

use std::collections::HashSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream};

/// A token. Signs that belong together are one, white space between them or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
    /// A keyword, or an identifier that somebody else chose.
    Word(String),
    /// An identifier that the file chose itself.
    Name,
    /// As written, without `_`.
    Number(String),
    /// A string or a character, whatever it says.
    Text,
    /// A lifetime or a label, whatever its name.
    Lifetime,
    /// Punctuation; [`PATH`] and its like for pairs.
    Sign(char),
    /// An opening bracket.
    Open(char),
    /// A closing bracket.
    Close(char),
}

/// `::`
pub const PATH: char = '∷';
/// `->`
const ARROW: char = '→';
/// `=>`
const FAT_ARROW: char = '⇒';
/// `..`
const RANGE: char = '‥';

impl Token {
    /// Whether it is this keyword.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }
}

/// The tokens of `text`.
pub fn tokens(text: &str) -> Vec<Token> {
    let all = match text.parse::<TokenStream>() {
        Ok(stream) => flatten(stream),
        Err(_) => words(text),
    };
    // proc-macro2 keeps each text it has read until its thread ends, and counts their bytes in 32
    // bits. No span of this thread is looked at after this.
    proc_macro2::extra::invalidate_current_thread_spans();
    without_trailing_commas(without_noise(&with_pairs(all)))
}

/// Rust's tokens in the order in which they are written.
fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut outer: Vec<(token_stream::IntoIter, Option<char>)> = Vec::new();
    let mut current = (stream.into_iter(), None);
    loop {
        let Some(tree) = current.0.next() else {
            tokens.extend(current.1.map(Token::Close));
            match outer.pop() {
                Some(next) => current = next,
                None => return tokens,
            }
            continue;
        };
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => (' ', ' '),
                };
                tokens.push(Token::Open(open));
                let inside = (group.stream().into_iter(), Some(close));
                outer.push(std::mem::replace(&mut current, inside));
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                // Its name follows.
                current.0.next();
                tokens.push(Token::Lifetime);
            }
            TokenTree::Punct(punct) => tokens.push(Token::Sign(punct.as_char())),
            TokenTree::Ident(ident) => tokens.push(Token::Word(ident.to_string())),
            TokenTree::Literal(literal) => tokens.push(literal_token(&literal.to_string())),
        }
    }
}

fn literal_token(text: &str) -> Token {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        Token::Number(text.replace('_', ""))
    } else {
        Token::Text
    }
}

/// What looks like tokens in a text that is no Rust: mostly Rust with a bracket or a quote too
/// many or too few.
fn words(text: &str) -> Vec<Token> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let line = || rest.find('\n').unwrap_or(rest.len());
        let (token, length) = match first {
            '/' if rest.starts_with("//") => (None, line()),
            // Within its line: whatever else a lost quote would swallow.
            '"' => {
                let line = line();
                let length = rest[1..line].find('"').map_or(line, |end| end + 2);
                (Some(Token::Text), length)
            }
            '0'..='9' => {
                let fraction = rest[word..].strip_prefix('.').map_or(0, |fraction| {
                    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                    if digits > 0 { digits + 1 } else { 0 }
                });
                let length = word + fraction;
                (Some(literal_token(&rest[..length])), length)
            }
            c if is_word(c) => (Some(Token::Word(rest[..word].to_owned())), word),
            '(' | '[' | '{' => (Some(Token::Open(first)), 1),
            ')' | ']' | '}' => (Some(Token::Close(first)), 1),
            c if c.is_whitespace() => (None, c.len_utf8()),
            c => (Some(Token::Sign(c)), c.len_utf8()),
        };
        tokens.extend(token);
        rest = &rest[length..];
    }
    tokens
}

fn with_pairs(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let pair = match (out.last(), &token) {
            (Some(Token::Sign(':')), Token::Sign(':')) => PATH,
            (Some(Token::Sign('-')), Token::Sign('>')) => ARROW,
            (Some(Token::Sign('=')), Token::Sign('>')) => FAT_ARROW,
            (Some(Token::Sign('.')), Token::Sign('.')) => RANGE,
            _ => {
                out.push(token);
                continue;
            }
        };
        out.pop();
        out.push(Token::Sign(pair));
    }
    out
}

/// Without attributes and `use` declarations. What such a declaration names otherwise is a name
/// that the file chose.
fn without_noise(tokens: &[Token]) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut aliases: HashSet<&str> = HashSet::new();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let after = &tokens[i + 1..];
        match (token, after) {
            (Token::Sign('#'), [Token::Open('['), ..]) => i += 1 + group_length(after),
            (Token::Sign('#'), [Token::Sign('!'), Token::Open('['), ..]) => {
                i += 2 + group_length(&after[1..]);
            }
            // `use<'a>` is a bound.
            (_, [next, ..]) if token.is_word("use") && *next != Token::Sign('<') => {
                if out.last().is_some_and(|last: &Token| last.is_word("pub")) {
                    out.pop();
                }
                let end = after.iter().position(|token| *token == Token::Sign(';'));
                let end = end.unwrap_or(after.len());
                for pair in after[..end].windows(2) {
                    if let [before, Token::Word(alias)] = pair
                        && before.is_word("as")
                        && alias != "_"
                    {
                        aliases.insert(alias);
                    }
                }
                i += end + 2;
            }
            _ => {
                out.push(token.clone());
                i += 1;
            }
        }
    }
    for token in &mut out {
        if matches!(token, Token::Word(word) if aliases.contains(word.as_str())) {
            *token = Token::Name;
        }
    }
    out
}

/// How many tokens the group has that begins here, brackets included.
fn group_length(tokens: &[Token]) -> usize {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

/// rustfmt adds and removes them as lines grow and shrink, and they do when a name changes.
fn without_trailing_commas(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if matches!(token, Token::Close(_)) && out.last() == Some(&Token::Sign(',')) {
            out.pop();
        }
        out.push(token);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_attributes_imports_and_spacing_are_no_tokens() {
        let plain = tokens("fn f(x: f64) -> f64 { x * 1000.5 }");
        let dressed = tokens(
            "//! Module.
            #![allow(dead_code)]
            use std::{fmt, io::Write as _};
            pub use a::b;
            /// Doc. /* not open
            #[inline]
            fn f (
                x : f64, // a comment
            )->f64 { /* another /* inside */ */ x*1_000.5 }",
        );
        assert_eq!(plain, dressed);
        assert_eq!(plain.len(), 14);
    }

    #[test]
    fn strings_and_lifetimes_are_all_alike_but_numbers_are_not() {
        assert_eq!(tokens("f('a', \"b\")"), tokens("f('x', r#\"y\"#)"));
        assert_eq!(tokens("&'a T"), tokens("&'b T"));
        assert_ne!(tokens("f(1)"), tokens("f(2)"));
    }

    #[test]
    fn a_bracket_too_few_changes_nothing_else() {
        let text = "fn f(x: f64) -> f64 { let s = \"a b\"; g(x, 0..2, 1.5) } // end";
        let mut whole = tokens(text);
        let broken = tokens(&text.replace('}', ""));
        assert_eq!(whole.pop(), Some(Token::Close('}')));
        assert_eq!(whole, broken);
    }

    #[test]
    fn brackets_may_nest_as_deep_as_a_text_is_long() {
        let deep = "(".repeat(50_000) + &")".repeat(50_000);
        assert_eq!(tokens(&deep).len(), 100_000);
        assert_eq!(tokens(&"(".repeat(1 << 20)).len(), 1 << 20);
    }
}
