use std::fs;

use super::*;

const COURSE: &str = "title = 'T'\n[[part]]\ntitle = 'P'\n\
    [[part.step]]\nid = 's01'\nfile = 's01_one'\ntitle = 'One'\npoints = 1\n\
    [[part.step]]\nid = 's02'\nfile = 's02_two'\ntitle = 'Two'\npoints = 1\n";

/// The text as step 01's lesson.
fn set(markdown: &str, layout: Layout) -> Text {
    let folder = tempfile::tempdir().expect("a folder for tests");
    fs::write(folder.path().join("course.toml"), COURSE).expect("it can be written");
    let course = Course::find(folder.path()).expect("it is sound");
    let place = |name: &str| Place {
        stem: name.to_owned(),
        folder: course.lessons_folder().join(name),
    };
    let known = [place("s01_one"), place("s02_two")];
    let setting = Setting {
        course: &course,
        known: &known,
        place: &known[0],
        layout,
        named: &|words| (words == "the mean").then(|| links::check("s01_one", Some(7))),
        check: Some((links::check("s01_one", None), "check.rs".to_owned())),
    };
    text(&setting, markdown, 0)
}

fn html(markdown: &str) -> String {
    set(markdown, Layout::Pages).html
}

#[test]
fn headings_are_linked_to_and_searched_below() {
    let markdown = "# 01 One\n\nFirst.\n\n## By `hand`, twice\n\nSecond *word*.\n";
    let text = set(markdown, Layout::Pages);
    assert!(
        text.html
            .contains("<h2 id=\"by-hand-twice\">By <code>hand</code>, twice <a")
    );
    let sections: Vec<(&str, &str)> = (text.sections.iter())
        .map(|section| (section.title.as_str(), section.words.as_str()))
        .collect();
    assert_eq!(
        sections,
        [("01 One", "First. "), ("By hand, twice", "Second word. ")]
    );
    let whole = set(markdown, Layout::Whole).html;
    assert!(whole.contains("<h1 id=\"s01_one\">"), "{whole}");
    assert!(whole.contains("href=\"#s01_one-by-hand-twice\""), "{whole}");
}

#[test]
fn a_search_finds_no_answers() {
    let answer = "<details><summary>Answer</summary>\n\nForty-two.\n\n</details>";
    let text = set(
        &format!("# Q\n\n- What?\n- Why?\n\n{answer}\n\nMore.\n"),
        Layout::Pages,
    );
    assert!(text.html.contains("Forty-two"));
    let words: Vec<&str> = text.sections[0].words.split_whitespace().collect();
    assert_eq!(words, ["What?", "Why?", "More."]);
}

#[test]
fn what_tells_of_the_check_leads_to_it() {
    let html = html("## What the check observes\n\n## Checks\n");
    let link = "<p class=\"soft\">Line by line: <a href=\"check_s01_one.html\">check.rs</a></p>";
    assert_eq!(html.matches(link).count(), 1, "{html}");
}

#[test]
fn links_lead_into_the_book_or_are_none() {
    for (markdown, expected) in [
        (
            "[a](../s02_two/lesson.md#b)",
            "<a href=\"s02_two.html#b\">a</a>",
        ),
        ("[a](#b)", "<a href=\"#b\">a</a>"),
        (
            "[a](https://example.org/?a&b)",
            "<a href=\"https://example.org/?a&amp;b\">a</a>",
        ),
        (
            "[a](../../checks/s02_two/check.rs)",
            "<a href=\"check_s02_two.html\">a</a>",
        ),
        ("[a](../../docs/x.md)", "<span>a</span>"),
        ("[a](../s03_three/lesson.md)", "<span>a</span>"),
        (
            "as in step 02, step 01",
            "as in <a href=\"s02_two.html\">step 02</a>, step 01",
        ),
        ("misstep 02 step 2 step 022", "misstep 02 step 2 step 022"),
        (
            "**the mean** and **more**",
            "<strong><a href=\"check_s01_one.html#L7\">the mean</a></strong>",
        ),
        (
            "[**the mean**](#b)",
            "<a href=\"#b\"><strong>the mean</strong></a>",
        ),
    ] {
        let html = html(markdown);
        assert!(html.contains(expected), "{markdown}: {html}");
        assert_eq!(
            html.matches("<a ").count(),
            html.matches("</a>").count(),
            "{html}"
        );
    }
    let whole = set("[a](../s02_two/lesson.md#b)", Layout::Whole).html;
    assert!(whole.contains("href=\"#s02_two-b\""), "{whole}");
}

#[test]
fn blocks_are_set_as_what_they_are() {
    let table = html("| | b |\n|---|--:|\n| `c` | 1 |\n");
    let head = "<tr><td></td><th scope=\"col\" class=\"right\">b</th></tr>";
    assert!(table.contains(head), "{table}");
    assert!(
        table.contains("<td><code>c</code></td><td class=\"right\">1</td>"),
        "{table}"
    );
    assert!(html("```rust\nlet x;\n```\n").contains("<span class=\"k\">let</span>"));
    assert!(html("```text\na < b\n```\n").contains("a &lt; b</code></pre>"));
    assert!(html("```formula\na = b\n```\n").contains("<math"));
    assert!(html("```formula\na = (b\n```\n").contains("<pre"));
    assert!(html("![Seen](figures/none.svg)\n").contains("<em>Seen</em>"));
    let answer = html("1. Q?\n\n   <details><summary>Answer</summary>\n\n   A.\n\n   </details>\n");
    assert!(
        answer.contains("<details><summary>Answer</summary>\n<p>A.</p>\n</details>"),
        "{answer}"
    );
}
