//! The page as a whole. How it looks is tested in a browser, see `tests/it/page.rs`.

use super::*;
use crate::classroom::gradebook::alike::Way;
use crate::classroom::gradebook::sample::{HOSTILE, hostile};
use crate::classroom::record::Shard;

fn page_of(grades: &Grades, alike: &[Group]) -> String {
    page(&Material {
        grades,
        alike,
        source: &|name| Some(format!("// {name}\n{HOSTILE}\n")),
        solution: &|step| Some(format!("// {step}\n")),
    })
}

fn group(students: [&str; 2], how: &str) -> Group {
    Group {
        students: students.map(String::from).to_vec(),
        solution: true,
        ways: vec![Way {
            how: how.into(),
            steps: "s03".into(),
            some: false,
        }],
    }
}

#[test]
fn what_others_wrote_stays_text() {
    let group = group([HOSTILE, "<i>gone</i>"], HOSTILE);
    let mut grades = hostile();
    for field in [&mut grades.header.course, &mut grades.header.course_id] {
        *field = HOSTILE.into();
    }
    grades.header.steps[1].title = HOSTILE.into();
    grades.header.steps[1].groups[0] = HOSTILE.into();
    let html = page_of(&grades, &[group]);
    for tag in ["<script", "<i>", "</pre>&lt;", "\u{202e}", "\0"] {
        assert!(!html.contains(tag), "{tag:?}");
    }
    let shown = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;'<mark>\\u{202e}␀</mark>";
    // The id (cell, section, pair, entry), file, note, call, text twice, comparison, titles, group …
    assert!(html.matches(shown).count() > 15);
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let html = page_of(&hostile(), &[]);
    assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"));
    for word in [
        "http://",
        "https://",
        "src=",
        "url(",
        "@import",
        "onclick",
        "javascript:",
    ] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn the_head_says_what_was_graded_and_how() {
    let mut grades = hostile();
    let html = page_of(&grades, &[]);
    assert!(html.contains("Parsers by hand, step by step</h1>"));
    assert!(
        html.contains("<dd>21.2<small> of 45 points</small></dd>"),
        "{html}"
    );
    assert!(!html.contains("without a sandbox"));
    grades.header.sandbox = Sandbox::Off;
    grades.header.shard = Some(Shard { number: 2, of: 3 });
    let html = page_of(&grades, &[]);
    assert!(html.contains("without a sandbox"));
    assert!(html.contains("<dd>2 of 3</dd>"));
}

#[test]
fn the_foot_of_the_table_has_rates_and_means() {
    let html = page_of(&hostile(), &[]);
    let foot = html.split_once("<tfoot>").expect("there is a foot").1;
    let foot = foot.split_once("</tfoot>").expect("which ends").0;
    assert!(
        foot.contains("<td>71\u{a0}%</td><td>43\u{a0}%</td>"),
        "{foot}"
    );
    assert!(foot.contains("<td>3.6</td><td>5.2</td>"), "{foot}");
}

#[test]
fn every_link_leads_somewhere() {
    let group = group(["ok", HOSTILE], "the same text");
    let html = page_of(&hostile(), &[group]);
    let targets: Vec<&str> = html
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(targets.contains(&"student-7-2"));
    for target in targets {
        let id = format!(" id=\"{target}\"");
        assert_eq!(html.matches(&id).count(), 1, "{target}");
    }
}

#[test]
fn a_verdict_can_be_repeated() {
    let grades = hostile();
    let html = page_of(&grades, &[]);
    assert!(html.contains("<code>tutor grade --again STUDENT:STEP --out FOLDER</code>"));
    assert!(html.contains("sources/evil.rs"));
    // Whoever looks over the teacher's shoulder learns no seed.
    for seed in grades.header.steps.iter().map(|step| step.seed) {
        assert!(!html.contains(&seed.to_string()), "{seed}");
    }
}

#[test]
fn a_class_without_students_has_a_page() {
    let mut grades = hostile();
    grades.records.clear();
    assert!(page_of(&grades, &[]).contains("There are none."));
}
