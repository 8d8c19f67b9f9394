//! `tutor book`: pages that work from a folder, whose links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag};

use tutor::course::figures;
use tutor::figure::{Figure, svg, text};

use crate::support::{self, Sandbox};

/// The book of the real course: names and contents.
static BOOK: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for tests");
    let out = folder.path().join("book");
    let sandbox = Sandbox::real();
    support::copy(
        &support::root().join("lessons"),
        &sandbox.path().join("lessons"),
    );
    let done = sandbox.tutor(&["book", "--out", &out.to_string_lossy()]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("index.html"), "{}", done.stdout);
    read(&out)
});

fn read(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("it was written");
    let file = |path: &Path| {
        let name = path.file_name().expect("files have names");
        let text = fs::read_to_string(path).expect("it is text");
        (name.to_string_lossy().into_owned(), text)
    };
    entries
        .map(|entry| file(&entry.expect("it can be read").path()))
        .collect()
}

/// The values of an attribute, wherever it stands in a tag.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    let rests = html.split(&begin).skip(1);
    rests
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect()
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_fetched() {
    let book = &*BOOK;
    let sizes: usize = book.values().map(String::len).sum();
    assert!(sizes < 5_000_000, "{sizes} bytes");
    let pages: BTreeMap<&str, BTreeSet<&str>> = (book.iter())
        .map(|(name, text)| (name.as_str(), values(text, "id").into_iter().collect()))
        .collect();
    let (mut wrong, mut links) = (Vec::new(), 0);
    for (name, text) in book.iter().filter(|(name, _)| name.ends_with(".html")) {
        let ids = values(text, "id");
        if ids.len() != pages[name.as_str()].len() {
            wrong.push(format!("{name} has an id twice"));
        }
        for target in values(text, "src") {
            if !book.contains_key(target) {
                wrong.push(format!("{name} needs {target}"));
            }
        }
        for target in values(text, "href") {
            links += 1;
            if target.starts_with("https://") {
                continue;
            }
            let (page, anchor) = target.split_once('#').unwrap_or((target, ""));
            let page = if page.is_empty() { name } else { page };
            let ids = pages.get(page);
            if !ids.is_some_and(|ids| anchor.is_empty() || ids.contains(anchor)) {
                wrong.push(format!("{name} links to {target}"));
            }
        }
        for fetched in [
            "<img",
            "<iframe",
            "@import",
            "url(",
            "<link rel=\"stylesheet\" href=\"http",
        ] {
            if text.contains(fetched) {
                wrong.push(format!("{name} has {fetched}"));
            }
        }
    }
    for entry in book["search.js"]
        .lines()
        .filter(|line| line.starts_with('['))
    {
        let entry: Vec<String> =
            serde_json::from_str(entry.trim_end_matches(',')).expect("an entry is a list");
        let (page, anchor) = entry[0].split_once('#').unwrap_or((&entry[0], ""));
        if !(anchor.is_empty() || pages[page].contains(anchor)) {
            wrong.push(format!("search leads to {}", entry[0]));
        }
    }
    for script in ["book.js", "book.css"] {
        for elsewhere in ["http:", "https:", "//cdn", "fetch(", "url("] {
            assert!(
                !book[script].contains(elsewhere),
                "{script} has {elsewhere}"
            );
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(links > 1000, "{links} links");
}

/// What is folded is folded, formulas are formulas, figures are drawn, checks are linked to.
#[test]
fn every_lesson_is_there_with_all_that_belongs_to_it() {
    let book = &*BOOK;
    let course = tutor::course::Course::find(support::root()).expect("the project is a course");
    for step in course.steps() {
        let lesson = fs::read_to_string(course.lesson_file(step)).expect("it has a lesson");
        let page = &book[&format!("{}.html", step.name)];
        let name = &step.name;
        let count = |what: &str| page.matches(what).count();
        assert_eq!(
            count("<math "),
            lesson.matches("```formula").count(),
            "{name}"
        );
        assert_eq!(
            count("<figure>"),
            lesson.matches("](figures/").count(),
            "{name}"
        );
        assert_eq!(
            count("<summary>Answer</summary>"),
            lesson.matches("<summary>Answer").count()
        );
        assert!(count("<details class=\"hint\">") >= 3, "{name}");
        assert_eq!(count("<summary>The solution</summary>"), 1, "{name}");
        assert!(!page.contains("<details open"), "{name}");
        assert!(count(&format!("check_{name}.html")) >= 2, "{name}");
        assert!(book.contains_key(&format!("check_{name}.html")));
        assert!(
            book["whole.html"].contains(&format!(" id=\"{name}\"")),
            "{name}"
        );
        assert!(
            book["index.html"].contains(&format!("href=\"{name}.html\"")),
            "{name}"
        );
    }
}

/// For those who listen instead of looking.
#[test]
fn headings_go_down_a_rank_at_a_time_and_pictures_have_words() {
    for (name, text) in BOOK.iter().filter(|(name, _)| name.ends_with(".html")) {
        let mut rank = 0;
        for heading in text.split("<h").skip(1) {
            let next = heading.chars().next().and_then(|c| c.to_digit(10));
            let Some(next) = next else { continue };
            assert!(
                next <= rank + 1,
                "{name}: {}",
                &heading[..60.min(heading.len())]
            );
            rank = next;
        }
        assert_eq!(text.matches("<h1").count(), 1, "{name}");
        assert_eq!(text.matches("<main").count(), 1, "{name}");
        assert!(text.contains("<html lang=\"en\">"), "{name}");
        let pictures = text.matches("role=\"img\"").count();
        assert_eq!(
            pictures,
            text.matches("role=\"img\" aria-label=\"").count(),
            "{name}"
        );
    }
}

#[test]
fn a_small_course_has_a_book_too_and_other_folders_are_left_alone() {
    let sandbox = Sandbox::small();
    let done = sandbox.tutor(&["book"]);
    assert_eq!(done.code, 0, "{done:?}");
    let page = sandbox.read(".tutor/book/s02_twice.html");
    assert!(page.contains("This step has no lesson yet."), "{page}");
    assert_eq!(
        sandbox.tutor(&["book"]).code,
        0,
        "a book may be written anew"
    );

    fs::create_dir(sandbox.path().join("other")).expect("it is new");
    sandbox.write("other/notes.txt", "mine");
    let done = sandbox.tutor(&["book", "--out", "other"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("has other things in it"),
        "{}",
        done.stderr
    );
    assert_eq!(
        fs::read_dir(sandbox.path().join("other")).map_or(0, Iterator::count),
        1
    );
}

/// What `tutor course check` finds out by running the programs, as far as that takes no kit.
#[test]
fn pictures_are_what_is_drawn_of_their_descriptions_today() {
    let course = tutor::course::Course::find(support::root()).expect("the project is a course");
    let mut seen = 0;
    for step in course.steps() {
        for program in figures::programs(&course, step).expect("they can be read") {
            let file = figures::picture(&program);
            let drawn = tutor::files::read_text(&file).expect("it is drawn");
            let description = svg::description(&drawn).expect("it holds its description");
            let figure = Figure::parse(&description).expect("it is sound");
            let name = file.display();
            assert!(
                drawn == svg::file(&figure, &description),
                "{name}: `tutor course draw {}` draws it anew",
                step.id
            );
            let shown = text::text(&figure, 76);
            let shown = anstream::adapter::strip_str(&shown).to_string();
            let wide = shown.lines().find(|line| line.chars().count() > 76);
            assert_eq!(wide, None, "{name}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} figures");
}

/// What mdBook is given: every chapter is in the summary, and every link leads to a file that is there.
#[test]
fn mdbook_finds_every_file_that_the_texts_link_to() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    let out = folder.path().join("book");
    let sandbox = Sandbox::real();
    let lessons = support::root().join("lessons");
    support::copy(&lessons, &sandbox.path().join("lessons"));
    let done = sandbox.tutor(&["book", "--mdbook", "--out", &out.to_string_lossy()]);
    assert_eq!(done.code, 0, "{done:?}");
    let settings = fs::read_to_string(out.join("book.toml")).expect("it was written");
    assert!(
        toml::from_str::<toml::Table>(&settings).is_ok(),
        "{settings}"
    );
    let texts = markdown(&out.join("src"));
    let (mut wrong, mut links) = (Vec::new(), 0);
    for (path, text) in &texts {
        for event in Parser::new(text) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
            else {
                continue;
            };
            let (target, _) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            links += 1;
            let is_there = target.starts_with("https://")
                || path
                    .parent()
                    .is_some_and(|folder| folder.join(target).is_file());
            if !is_there {
                wrong.push(format!("{} links to {dest_url}", path.display()));
            }
        }
        if text.contains("```formula") {
            wrong.push(format!("{} has a formula that was not set", path.display()));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(links > 150, "only {links} links were looked at");
    let summary = &texts[&out.join("src/SUMMARY.md")];
    for path in texts.keys().filter(|path| !path.ends_with("SUMMARY.md")) {
        let name = path.strip_prefix(out.join("src")).expect("it lies there");
        assert!(
            summary.contains(&format!("({})", name.display())),
            "{} is not in it",
            name.display()
        );
    }
    // A second time into the same folder, but not into one with other things in it.
    let again = sandbox.tutor(&["book", "--mdbook", "--out", &out.to_string_lossy()]);
    assert_eq!(again.code, 0, "{again:?}");
    let refused = sandbox.tutor(&["book", "--out", &out.to_string_lossy()]);
    assert_eq!(refused.code, 2, "{refused:?}");
}

/// All Markdown below a folder.
fn markdown(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it was written") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(markdown(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).expect("it is text");
            found.insert(path, text);
        }
    }
    found
}
