//! Takes a file apart into pieces whose order does not matter: each function's signature and its
//! body, the head of each `impl`, every other item.

use super::lex::Token;

/// The pieces of a file, those inside `impl`, `trait` and `mod` too. A body has no braces.
pub fn items(tokens: &[Token]) -> Vec<&[Token]> {
    let closing = closing(tokens);
    let mut items = Vec::new();
    // Ranges of tokens that hold items.
    let mut lists = vec![(0, tokens.len())];
    while let Some((mut start, end)) = lists.pop() {
        let mut i = start;
        while i < end {
            match tokens[i] {
                Token::Sign(';') => {
                    items.push(&tokens[start..i]);
                    start = i + 1;
                }
                Token::Open('{') => {
                    let close = closing[i].min(end);
                    let after = (close + 1).min(end);
                    let (head, inside) = (&tokens[start..i], (i + 1, close));
                    i = close;
                    match Item::of(head) {
                        Item::Value => {}
                        Item::Container => {
                            items.push(head);
                            lists.push(inside);
                            start = after;
                        }
                        Item::Function => {
                            items.extend([head, &tokens[inside.0..inside.1]]);
                            start = after;
                        }
                        Item::Other => {
                            items.push(&tokens[start..after]);
                            start = after;
                        }
                    }
                }
                Token::Open(_) => i = closing[i].min(end),
                _ => {}
            }
            i += 1;
        }
        items.push(&tokens[start..end]);
    }
    items.retain(|item| !item.is_empty());
    items
}

/// What braces mean behind this.
enum Item {
    /// They are its value's, and it goes on to a semicolon.
    Value,
    /// Items.
    Container,
    /// A body.
    Function,
    /// Its end.
    Other,
}

impl Item {
    fn of(head: &[Token]) -> Self {
        // Not the type `fn()`, which has no name.
        if head
            .windows(2)
            .any(|pair| matches!(pair, [f, Token::Word(_) | Token::Name] if f.is_word("fn")))
        {
            return Self::Function;
        }
        head.iter()
            .find_map(|token| match token {
                Token::Word(word) => match word.as_str() {
                    "const" | "static" | "type" => Some(Self::Value),
                    "impl" | "mod" | "trait" => Some(Self::Container),
                    "struct" | "enum" | "union" => Some(Self::Other),
                    _ => None,
                },
                _ => None,
            })
            .unwrap_or(Self::Other)
    }
}

/// For each opening bracket, where it is closed: behind the end if it is not.
fn closing(tokens: &[Token]) -> Vec<usize> {
    let mut closing = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(_) => open.push(i),
            Token::Close(_) => {
                if let Some(start) = open.pop() {
                    closing[start] = i;
                }
            }
            _ => {}
        }
    }
    closing
}

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    fn sorted(text: &str) -> Vec<Vec<Token>> {
        let tokens = tokens(text);
        let mut items: Vec<Vec<Token>> = items(&tokens).into_iter().map(<[_]>::to_vec).collect();
        items.sort_by_key(|item| format!("{item:?}"));
        items
    }

    #[test]
    fn items_and_methods_are_pieces_wherever_they_stand() {
        let one = sorted(
            "const A: [u8; 2] = B { x: 1 }.y; struct S { a: u8 } struct T(u8);
            impl<const D: usize> S<D> { fn f(&self) { g(); } pub const fn h() -> u8 { 1 } }
            mod m { fn i() -> impl Iterator<Item = u8> { j() } }",
        );
        let other = sorted(
            "mod m { fn i() -> impl Iterator<Item = u8> { j() } }
            impl<const D: usize> S<D> { pub const fn h() -> u8 { 1 } fn f(&self) { g(); } }
            struct T(u8); struct S { a: u8 } const A: [u8; 2] = B { x: 1 }.y;",
        );
        assert_eq!(one, other);
        assert_eq!(one.len(), 3 + 1 + 4 + 1 + 2);
    }

    #[test]
    fn the_order_inside_a_function_matters() {
        assert_ne!(
            sorted("fn f() { a(); b(); }"),
            sorted("fn f() { b(); a(); }")
        );
    }

    #[test]
    fn brackets_that_do_not_match_end_with_the_file() {
        assert_eq!(sorted("fn f() { a(").len(), 2);
        assert_eq!(sorted("} fn f() ) { a()").len(), 2);
        assert_eq!(sorted("").len(), 0);
        let deep = "mod a {".repeat(100_000);
        assert_eq!(sorted(&deep).len(), 100_000);
    }
}
