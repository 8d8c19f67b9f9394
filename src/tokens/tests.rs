use super::*;

fn texts(text: &str) -> Vec<&str> {
    let tokens = Tokens::read(text).expect("it can be read");
    (0..tokens.len()).map(|place| tokens.text(place)).collect()
}

#[test]
fn every_kind_of_literal_is_one_token() {
    for literal in [
        "1_000.5e-3",
        "0xfe",
        "1e9",
        "'a'",
        "'\\''",
        "'\\u{1F600}'",
        "b'('",
        "\"a \\\" ( b\"",
        "r\"\\\"",
        "r##\"a \"# { b\"##",
        "br#\"(\"#",
        "c\"x\"",
    ] {
        assert_eq!(texts(&format!("f({literal})")), ["f", "(", literal, ")"]);
    }
    assert_eq!(texts("0..n"), ["0", ".", ".", "n"]);
    assert_eq!(texts("x.0.1"), ["x", ".", "0.1"]);
    assert_eq!(texts("0xe-1"), ["0xe", "-", "1"]);
    assert_eq!(texts("r#fn"), ["r#fn"]);
    assert_eq!(texts("&'a T"), ["&", "'a", "T"]);
}

#[test]
fn comments_are_no_tokens_and_lines_are_counted() {
    let text = "#!/bin/x (\n// (\n/* ( /* [ */ \n */ a /// }\nb";
    let tokens = Tokens::read(text).expect("it can be read");
    assert_eq!(texts(text), ["a", "b"]);
    assert_eq!((tokens.line(0), tokens.line(1)), (4, 5));
    assert!(tokens.has_word("b") && !tokens.has_word("x"));
}

#[test]
fn what_has_no_end_is_no_rust() {
    for text in [
        "(", ")", "(]", "\"a", "'", "''", "/* /* */", "r#\"a\"", "{ ( }",
    ] {
        assert!(Tokens::read(text).is_none(), "{text}");
    }
}

#[test]
fn a_bracket_knows_its_end() {
    let tokens = Tokens::read("a(b, [c]) d").expect("it can be read");
    assert_eq!(tokens.text(tokens.behind(1)), "d");
    assert_eq!(tokens.on_one_line(tokens.inside(1)), "b, [c]");
    assert_eq!(tokens.behind(0), 1);
    assert_eq!(tokens.text(99), "");
}

#[test]
fn a_text_may_be_nested_as_deep_as_it_is_long() {
    for (open, close) in [("(", ")"), ("{[", "]}"), ("/*", "*/")] {
        let deep = open.repeat(1 << 18) + &close.repeat(1 << 18);
        assert!(Tokens::read(&deep).is_some(), "{open}");
    }
    for flat in ["!", "&", "'a ", "r#", "-", ".x()", "b'", "1e"] {
        // Whatever it is: it comes to an end.
        let _ = Tokens::read(&flat.repeat(1 << 17));
    }
}
