//! The teacher's page in a real browser: what it looks like is a matter for eyes, but much of it
//! can be measured.
//!
//! `cargo test --test it page:: -- --ignored` needs Chromium; `TUTOR_CHROMIUM` says where it is if it is
//! not in the `PATH`. With `TUTOR_PAGES=DIR` pages, pictures and sheets are kept there for looking
//! at.

mod book;
mod browser;
mod class;
mod dice;

use std::fs;
use std::path::{Path, PathBuf};

use browser::{Browser, Screen};
use class::Class;
use tutor::classroom::gradebook::html::feedback;

/// Measures the page from inside and leaves what is wrong in an element at its end.
const CHECKS: &str = include_str!("page/checks.js");

/// Wide enough for twenty steps.
const DESK: Screen = Screen {
    width: 1280,
    height: 700,
};

/// As narrow as telephones are. No window is that narrow, but a frame in it may be.
const TELEPHONE: &str = "width=\"400\" height=\"660\"";

/// Where pages are written.
struct Folder {
    path: PathBuf,
    temporary: Option<tempfile::TempDir>,
}

impl Folder {
    fn new() -> Self {
        if let Some(path) = std::env::var_os("TUTOR_PAGES") {
            let path = PathBuf::from(path);
            fs::create_dir_all(&path).expect("the folder can be made");
            return Self {
                path,
                temporary: None,
            };
        }
        let temporary = tempfile::tempdir().expect("a folder for tests");
        Self {
            path: temporary.path().to_owned(),
            temporary: Some(temporary),
        }
    }

    fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    fn write(&self, name: &str, html: &str) -> PathBuf {
        let path = self.path.join(name);
        fs::write(&path, html).expect("it can be written");
        path
    }
}

/// What the checks find wrong with a page.
fn wrong(browser: &Browser, page: &Path) -> Vec<String> {
    let dom = browser.dom(page, &DESK);
    found(&dom)
}

/// What checks left in a page.
fn found(dom: &str) -> Vec<String> {
    let found = dom
        .rsplit_once("<output id=\"found\">")
        .and_then(|(_, rest)| rest.split_once("</output>"))
        .map(|(found, _)| found.trim())
        .expect("the checks ran to their end");
    found.lines().map(str::to_owned).collect()
}

/// The page with the checks in it. They would not run under its policy.
fn with_checks(html: &str, class: &Class) -> String {
    measured(html, class, CHECKS)
}

fn measured(html: &str, class: &Class, checks: &str) -> String {
    let (head, rest) = html
        .split_once("<meta http-equiv=\"Content-Security-Policy\"")
        .expect("there is a policy");
    let (_, rest) = rest.split_once('>').expect("a tag ends");
    let students = class.grades.records.len();
    let steps = class.grades.header.steps.len();
    let script = format!(
        "<script>const expected = {{students: {students}, steps: {steps}}};\n{checks}</script></body>"
    );
    format!("{head}{}", rest.replace("</body>", &script))
}

/// A page in a frame as narrow as a telephone, which may speak to the page around it.
fn framed(html: &str) -> String {
    let html = html.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><meta charset=\"utf-8\"><iframe {TELEPHONE} srcdoc=\"{html}\"></iframe>"
    )
}

/// A page on which somebody has asked for a page for each student.
fn asked_for(html: &str) -> String {
    let checked = html.replace("type=\"checkbox\"", "type=\"checkbox\" checked");
    assert_ne!(checked, html);
    checked
}

#[test]
fn a_large_class_is_no_large_file() {
    let class = Class::of(200);
    let steps = class.grades.header.steps.len();
    let html = class.page();
    // What a student's step takes; the whole course of 200 students stays under 17 MB.
    assert!(html.len() < 200 * steps * 4_200, "{} bytes", html.len());
}

#[test]
#[ignore = "needs chromium"]
fn it_holds_up_on_a_desk_on_a_telephone_and_at_night() {
    let browser = Browser::find();
    let folder = Folder::new();
    let class = Class::of(20).with_hostile_students();
    let html = class.page();
    let day = with_checks(&html, &class);
    let night = day.replace("screen and (prefers-color-scheme: dark)", "screen");
    assert_ne!(day, night);
    for (name, html) in [("day", &day), ("night", &night)] {
        let desk = folder.write(&format!("{name}.html"), html);
        assert_eq!(wrong(&browser, &desk), [""; 0], "{name}, at a desk");
        let telephone = folder.write(&format!("{name}-telephone.html"), &framed(html));
        assert_eq!(wrong(&browser, &telephone), [""; 0], "{name}, telephone");
        if folder.is_kept() {
            for page in [&desk, &telephone] {
                browser.picture(page, &DESK, &page.with_extension("png"));
            }
        }
    }
}

/// What is wrong with a page that a student gets back, measured from inside.
const FEEDBACK: &str = r#"
const root = document.documentElement, wrong = [];
if (root.scrollWidth > root.clientWidth) wrong.push(`it is ${root.scrollWidth} wide`);
if (window.pwned !== undefined) wrong.push("a script of a student ran");
if (document.querySelector("a, img, form, input, link")) wrong.push("there is a foreign element");
if (document.querySelectorAll(".step").length !== expected.steps) wrong.push("a step is missing");
window.top.document.body.insertAdjacentHTML("beforeend", "<output id=found></output>");
window.top.document.getElementById("found").textContent = wrong.join("\n");
"#;

#[test]
#[ignore = "needs chromium"]
fn what_students_get_back_holds_up_too() {
    let browser = Browser::find();
    let folder = Folder::new();
    let class = Class::of(20).with_hostile_students();
    for place in [4, 0, 20, 23, 24] {
        let student = &class.grades.records[place].student;
        let html = feedback(&class.grades.header, student);
        let html = measured(&html, &class, FEEDBACK);
        for (name, html) in [("desk", &html), ("telephone", &framed(&html))] {
            let page = folder.write(&format!("feedback-{place}-{name}.html"), html);
            assert_eq!(wrong(&browser, &page), [""; 0], "{place}, {name}");
            if folder.is_kept() {
                browser.picture(&page, &DESK, &page.with_extension("png"));
            }
        }
    }
}

#[test]
#[ignore = "needs chromium"]
fn its_policy_keeps_scripts_from_running() {
    let browser = Browser::find();
    let folder = Folder::new();
    let script = "<script>document.title = 'it ran'</script></body>";
    let html = Class::of(2).page();
    let guarded = folder.write("guarded.html", &html.replace("</body>", script));
    assert!(!browser.dom(&guarded, &DESK).contains("<title>it ran"));
    // And it would have.
    let html = html.replace("http-equiv", "data-nothing");
    let open = folder.write("open.html", &html.replace("</body>", script));
    assert!(browser.dom(&open, &DESK).contains("<title>it ran"));
}

#[test]
#[ignore = "needs chromium"]
fn on_paper_each_student_has_a_page_if_that_is_asked_for() {
    let browser = Browser::find();
    let folder = Folder::new();
    let class = Class::of(12).of_those_who_pass_everything();
    let page = folder.write("paper-class.html", &class.page());
    let sheets = browser.sheets(&page, &folder.path.join("paper-class.pdf"));
    // The class, and what it has in common.
    assert_eq!(sheets.len(), 2);

    let page = folder.write("paper.html", &asked_for(&class.page()));
    let sheets = browser.sheets(&page, &folder.path.join("paper.pdf"));
    // The class, then what it has in common, then the students.
    assert_eq!(sheets.len(), 2 + 12);
    assert!(sheets[0].is_landscape());
    assert!(sheets[1..].iter().all(|sheet| !sheet.is_landscape()));

    let class = Class::of(6).with_hostile_students();
    let students = class.grades.records.len();
    let page = folder.write("paper-hostile.html", &asked_for(&class.page()));
    let sheets = browser.sheets(&page, &folder.path.join("paper-hostile.pdf"));
    assert!(sheets.len() > 2 + students);
    let on_paper = sheets.len();

    // What is folded of a student on the screen is open on paper.
    let html = asked_for(&class.page());
    let (class, students) = html.split_at(html.find("<article").expect("there are students"));
    let html = format!("{class}{}", students.replace("<details>", "<details open>"));
    let page = folder.write("paper-open.html", &html);
    let sheets = browser.sheets(&page, &folder.path.join("paper-open.pdf"));
    assert_eq!(sheets.len(), on_paper);
}
