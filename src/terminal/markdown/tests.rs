use super::*;

fn shown(markdown: &str, width: usize, unfolded: bool) -> String {
    let style = Style {
        width,
        unfolded,
        unfold: "--answers",
        draw: &|at, width| (at == "a.svg").then(|| format!("a picture in {width}\n\n│dots│")),
    };
    anstream::adapter::strip_str(&render(markdown, style)).to_string()
}

#[test]
fn paragraphs_are_wrapped_and_headings_underlined() {
    let text = "# Title\n\nOne two three four five six seven.\n";
    assert_eq!(
        shown(text, 20, false),
        "Title\n═════\n\nOne two three four\nfive six seven.\n"
    );
}

#[test]
fn lists_hang() {
    let text = "1. one two three four five\n2. six\n\n- a\n  - b\n";
    let expected = " 1. one two three\n    four five\n 2. six\n\n• a\n  • b\n";
    assert_eq!(shown(text, 20, false), expected);
}

#[test]
fn code_is_not_wrapped() {
    let text = "```text\na very long line that is wider than the page\n```\n";
    assert_eq!(
        shown(text, 20, false),
        "    a very long line that is wider than the page\n"
    );
}

#[test]
fn answers_are_folded_away() {
    let text = "Q?\n\n<details><summary>Answer</summary>\n\nBecause.\n\n</details>\n\nNext.\n";
    assert_eq!(
        shown(text, 40, false),
        "Q?\n\n▸ Answer: `--answers`\n\nNext.\n"
    );
    assert_eq!(
        shown(text, 40, true),
        "Q?\n\n▸ Answer:\n\nBecause.\n\nNext.\n"
    );
}

#[test]
fn a_picture_stands_above_its_caption() {
    let text = "One.\n\n![What it *shows*](a.svg)\n\n![Unknown](b.svg)\n";
    assert_eq!(
        shown(text, 30, false),
        "One.\n\na picture in 30\n\n│dots│\n\nWhat it shows\n\nUnknown\n"
    );
}

#[test]
fn tables_fit() {
    let text = "| call | makes |\n|---|---|\n| `a` | something rather long to say |\n";
    let shown = shown(text, 30, false);
    assert!(shown.lines().all(|line| wrap::width(line) <= 30), "{shown}");
    assert!(shown.contains("something"), "{shown}");
}
