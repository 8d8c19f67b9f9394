//! Makes all names alike that a file chose itself: whoever copies a file may rename its
//! variables, its helpers and their generics, but not methods of crates, and not what the skeleton
//! declares.
//!
//! Names are told by the [`Role`] they stand in rather than by resolving them, so that it works
//! for files that do not compile. A lower-case word that is neither called nor a member nor part of
//! a path is a variable.

use std::collections::HashSet;

use super::lex::Token;
use super::roles::{FIXED, Role, roles};

/// The tokens with [`Token::Name`] for each name that the file chose. `kept` are the names that
/// the skeleton declares.
pub fn normalised(tokens: &[Token], kept: &HashSet<String>) -> Vec<Token> {
    let roles = roles(tokens);
    let declared = declared(tokens);
    let generics = generics(tokens);
    let variables: HashSet<&str> = words(tokens)
        .filter(|&(i, word)| roles[i] == Role::Plain && is_lower_case(word))
        .map(|(_, word)| word)
        .collect();
    let is_own = |word: &str| declared.contains(word) && !kept.contains(word);

    let mut out = Vec::with_capacity(tokens.len());
    for (token, role) in tokens.iter().zip(roles) {
        let Token::Word(word) = token else {
            out.push(token.clone());
            continue;
        };
        let chosen = match role {
            Role::Fixed => false,
            Role::Member | Role::Field => is_own(word),
            Role::Path => is_own(word) || generics.contains(word.as_str()),
            Role::Call | Role::Plain => {
                is_own(word)
                    || generics.contains(word.as_str())
                    || variables.contains(word.as_str())
            }
            // `Self { wte }` is `Self { wte: wte }`, which renaming makes of it.
            Role::Shorthand => {
                let field = if is_own(word) {
                    Token::Name
                } else {
                    token.clone()
                };
                out.extend([field, Token::Sign(':')]);
                true
            }
        };
        out.push(if chosen { Token::Name } else { token.clone() });
    }
    out
}

/// The names of the items that a file declares: functions and methods, types and their fields,
/// constants, macros.
pub fn declared(tokens: &[Token]) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut add = |token: Option<&Token>| {
        if let Some(Token::Word(name)) = token
            && !FIXED.contains(&name.as_str())
        {
            names.insert(name.clone());
        }
    };
    // Whether an open bracket holds the fields of a struct, for each.
    let mut open: Vec<bool> = Vec::new();
    let mut in_struct = false;
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(bracket) => {
                open.push(*bracket == '{' && in_struct);
                in_struct = in_struct && *bracket != '{';
            }
            Token::Close(_) => {
                open.pop();
            }
            Token::Sign(';') => in_struct = false,
            Token::Word(word) => match word.as_str() {
                "fn" | "enum" | "union" | "trait" | "type" | "static" | "mod" => {
                    add(tokens.get(i + 1));
                }
                "struct" => {
                    in_struct = true;
                    add(tokens.get(i + 1));
                }
                // Neither `<const D: usize>` nor `*const T`.
                "const"
                    if !matches!(i.checked_sub(1).map(|i| &tokens[i]), Some(Token::Sign(_))) =>
                {
                    add(tokens.get(i + 1));
                }
                "macro_rules" => add(tokens.get(i + 2)),
                _ if open.last() == Some(&true) && tokens.get(i + 1) == Some(&Token::Sign(':')) => {
                    add(Some(token));
                }
                _ => {}
            },
            _ => {}
        }
    }
    names
}

/// A list of generics longer than this is none.
const LONGEST_GENERICS: usize = 200;

/// The names of generic parameters.
fn generics(tokens: &[Token]) -> HashSet<&str> {
    let mut names = HashSet::new();
    for (i, word) in words(tokens).filter(|(_, word)| DECLARING.contains(word)) {
        let list = match tokens.get(i + 1..).unwrap_or_default() {
            [Token::Sign('<'), list @ ..] if word == "impl" => list,
            // Behind its name; but `impl Iterator<Item = u8>` declares nothing.
            [_, Token::Sign('<'), list @ ..] if word != "impl" => list,
            _ => continue,
        };
        let mut depth = 1;
        let mut first = true;
        for token in list.iter().take(LONGEST_GENERICS) {
            match token {
                Token::Sign('<') => depth += 1,
                Token::Sign('>') => depth -= 1,
                Token::Word(word) if first && depth == 1 && !FIXED.contains(&word.as_str()) => {
                    names.insert(word.as_str());
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            first = *token == Token::Sign(',') || token.is_word("const");
        }
    }
    names
}

fn words(tokens: &[Token]) -> impl Iterator<Item = (usize, &str)> {
    let numbered = tokens.iter().enumerate();
    numbered.filter_map(|(i, token)| match token {
        Token::Word(word) => Some((i, word.as_str())),
        _ => None,
    })
}

fn is_lower_case(word: &str) -> bool {
    !word.starts_with(char::is_uppercase)
}

/// What generics may stand behind.
const DECLARING: [&str; 6] = ["fn", "impl", "struct", "enum", "trait", "type"];

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    fn normal(text: &str) -> Vec<Token> {
        normalised(&tokens(text), &HashSet::new())
    }

    #[test]
    fn names_that_a_file_chose_are_alike() {
        for (one, other) in [
            (
                "fn f(x: f64) -> f64 { let y = x; y }",
                "fn f(a: f64) -> f64 { let b = a; b }",
            ),
            ("v.iter().map(|x| x + 1)", "v.iter().map(|item| item + 1)"),
            (
                "for i in 0..n { push(i) }",
                "for row in 0..rows { push(row) }",
            ),
            (
                "match r { Ok(x) => x, Err(e) => e }",
                "match q { Ok(y) => y, Err(why) => why }",
            ),
            (
                "fn f<T: A>(t: T) -> T { t }",
                "fn f<Value: A>(t: Value) -> Value { t }",
            ),
            (
                "fn f<const D: usize>(x: Tensor<D>) {}",
                "fn f<const N: usize>(x: Tensor<N>) {}",
            ),
            (
                "fn f(&self) { self.a(); } fn a(&self) {}",
                "fn f(&self) { self.b(); } fn b(&self) {}",
            ),
            (
                "const A: usize = 1; fn f() { A; }",
                "const LIMIT: usize = 1; fn f() { LIMIT; }",
            ),
            (
                "let norm = || 1; f(norm(), norm())",
                "let new_norm = || 1; f(new_norm(), new_norm())",
            ),
            (
                "let wte = f(); Self { wte }",
                "let table = f(); Self { wte: table }",
            ),
            ("let S { a, .. } = s; a", "let S { a: b, .. } = s; b"),
            ("struct A { x: f64 } a.x", "struct A { scale: f64 } a.scale"),
            (
                "use x::y as z; fn f() { z(1) }",
                "use x::y as w; fn f() { w(1) }",
            ),
            (
                "macro_rules! a { () => {} } a!()",
                "macro_rules! b { () => {} } b!()",
            ),
        ] {
            assert_eq!(normal(one), normal(other), "{one} / {other}");
        }
    }

    #[test]
    fn names_from_elsewhere_are_not() {
        for (one, other) in [
            ("x.exp()", "x.log()"),
            ("linear(x)", "gelu(x)"),
            ("Tensor::zeros(x)", "Tensor::ones(x)"),
            ("let new = 1; Vec::new(new)", "let new = 1; Vec::old(new)"),
            ("x as f32", "x as f64"),
            ("S { a: x }", "S { b: x }"),
            ("Some(x)", "Ok(x)"),
            ("impl From<A> for B { A }", "impl From<C> for B { C }"),
            ("x.weight", "x.bias"),
            ("vec![x]", "array![x]"),
        ] {
            assert_ne!(normal(one), normal(other), "{one} / {other}");
        }
    }

    #[test]
    fn what_the_skeleton_declares_keeps_its_name() {
        let kept = declared(&tokens(
            "impl A { fn forward(&self) {} } struct A { pub x: f64 }",
        ));
        let text = tokens("fn forward(&self) { self.x } fn helper() {} struct B { y: f64 }");
        let normal = normalised(&text, &kept);
        let left: Vec<&str> = words(&normal)
            .map(|(_, word)| word)
            .filter(|word| !FIXED.contains(word))
            .collect();
        assert_eq!(left, ["forward", "x"]);
    }
}
