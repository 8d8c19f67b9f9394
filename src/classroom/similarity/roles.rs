//! Where words stand, which says what kind of name they are.

use super::lex::{PATH, Token};

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A keyword or a type of the language; also what is no word at all.
    Fixed,
    /// Behind a dot.
    Member,
    /// In a path of several words, or a macro's name.
    Path,
    /// Before arguments.
    Call,
    /// A field's name before a colon.
    Field,
    /// A field's name that stands for its value too.
    Shorthand,
    /// Anywhere else.
    Plain,
}

/// For each token.
pub fn roles(tokens: &[Token]) -> Vec<Role> {
    // For each open bracket: is it one of braces, and do they hold fields?
    let mut open: Vec<(bool, bool)> = Vec::new();
    let mut roles = Vec::with_capacity(tokens.len());
    let mut before: Option<&Token> = None;
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(bracket) => {
                // Also a block behind a type. It is so in every copy of it.
                let fields = before.is_some_and(|before| match before {
                    Token::Word(word) => word.starts_with(char::is_uppercase),
                    other => *other == Token::Sign('>'),
                });
                open.push((*bracket == '{', fields));
            }
            Token::Close(_) => {
                open.pop();
            }
            _ => {}
        }
        roles.push(match token {
            Token::Word(word) if !FIXED.contains(&word.as_str()) => role(
                before,
                tokens.get(i + 1..).unwrap_or_default(),
                open.last().copied().unwrap_or_default(),
            ),
            _ => Role::Fixed,
        });
        before = Some(token);
    }
    roles
}

/// From the tokens around a word, and whether it stands in braces, and in such that may hold fields.
fn role(before: Option<&Token>, after: &[Token], (braces, fields): (bool, bool)) -> Role {
    let first = matches!(before, Some(Token::Open('{') | Token::Sign(',')));
    let public = before.is_some_and(|before| before.is_word("pub"));
    match (before, after) {
        (Some(Token::Sign('.')), _) => Role::Member,
        (Some(Token::Sign(PATH)), _) | (_, [Token::Sign(PATH), ..]) => Role::Path,
        (_, [Token::Sign('!'), Token::Open(_), ..]) => Role::Path,
        (_, [Token::Open('('), ..]) => Role::Call,
        (_, [Token::Sign(':'), ..]) if braces && (first || public) => Role::Field,
        (_, [Token::Sign(',') | Token::Close(_), ..]) if braces && fields && first => {
            Role::Shorthand
        }
        _ => Role::Plain,
    }
}

/// Words of the language.
pub const FIXED: [&str; 56] = [
    "_", "as", "async", "await", "bool", "break", "char", "const", "continue", "crate", "dyn",
    "else", "enum", "extern", "f32", "f64", "false", "fn", "for", "i128", "i16", "i32", "i64",
    "i8", "if", "impl", "in", "isize", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "Self", "static", "str", "struct", "super", "trait", "true", "type", "u128",
    "u16", "u32", "u64", "u8", "unsafe", "use", "usize", "where", "while",
];

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    #[test]
    fn a_word_is_what_its_neighbours_make_it() {
        let tokens = tokens("let a = S { b, c: d.e(f::g(h)) }; i!(j as f64)");
        let found: Vec<(String, Role)> = std::iter::zip(&tokens, roles(&tokens))
            .filter_map(|(token, role)| match token {
                Token::Word(word) if role != Role::Fixed => Some((word.clone(), role)),
                _ => None,
            })
            .collect();
        let expected = [
            ("a", Role::Plain),
            ("S", Role::Plain),
            ("b", Role::Shorthand),
            ("c", Role::Field),
            ("d", Role::Plain),
            ("e", Role::Member),
            ("f", Role::Path),
            ("g", Role::Path),
            ("h", Role::Plain),
            ("i", Role::Path),
            ("j", Role::Plain),
        ];
        let expected = expected.map(|(word, role)| (word.to_owned(), role));
        assert_eq!(found, expected);
    }
}
