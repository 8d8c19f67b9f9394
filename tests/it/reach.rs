//! The last line of everything that watching shows can be reached, however small the screen.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tutor::terminal::markdown::{Style, render};
use tutor::watch::model::{Key, LESSON, Message, Model, Row};
use tutor::watch::view;

use crate::support::quick;
use crate::support::{self, Sandbox};

const SIZES: [(u16, u16); 6] = [(20, 10), (40, 24), (60, 20), (80, 24), (100, 30), (120, 40)];

/// A model in which a page shows `text`.
fn showing(text: &str) -> Model {
    let row = Row {
        id: "s01".into(),
        name: "s01_scale".into(),
        title: "Scale".into(),
        last: None,
        is_edited: false,
        hints: 0,
    };
    let mut model = Model::new(vec![row.clone()], 0);
    let words = ["show".to_owned(), "lesson".to_owned()];
    model.show(LESSON, &words, text.to_owned(), vec![row]);
    model
}

/// What stands between heading and keys.
fn screen(model: &Model, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("it is in memory");
    terminal
        .draw(|frame| view::draw(model, frame))
        .expect("it is in memory");
    let buffer = terminal.backend().buffer().clone();
    let rows = 2..height - 1;
    rows.flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|place| buffer[place].symbol().to_owned())
        .collect()
}

/// Without what wrapping changes.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks that the end of `text` can be seen, with one key or with many.
fn reaches(what: &str, text: &str, size: (u16, u16)) {
    let plain = anstream::adapter::strip_str(text).to_string();
    let last = plain.lines().rev().find(|line| !line.trim().is_empty());
    let last = bare(last.expect("there is a line"));
    let end: String = last
        .chars()
        .skip(last.chars().count().saturating_sub(12))
        .collect();
    for key in [Key::End, Key::PageDown] {
        let mut model = showing(text);
        let mut shown = String::new();
        for _ in 0..20 {
            shown = bare(&screen(&model, size));
            if !shown.ends_with("↓more") {
                break;
            }
            // Drawing takes its time, and nobody looks at each page.
            for _ in 0..50 {
                model.update(Message::Key(key));
            }
        }
        assert!(
            shown.ends_with(&end),
            "{what} at {size:?} with {key:?}: `{end}` is not at the end of {shown}"
        );
    }
}

#[test]
fn the_end_of_every_lesson_is_reached() {
    let course = tutor::course::Course::find(support::root()).expect("the project is a course");
    for step in quick::steps(&course) {
        let text = std::fs::read_to_string(course.lesson_file(step)).expect("it has a lesson");
        for size in SIZES {
            for unfolded in [false, true] {
                let style = Style {
                    width: size.0.into(),
                    unfolded,
                    unfold: "tutor show lesson s01 --answers",
                    draw: &|_, _| None,
                };
                reaches(&step.name, &render(&text, style), size);
            }
        }
    }
}

#[test]
fn the_end_of_diffs_verdicts_and_errors_is_reached() {
    let sandbox = Sandbox::small();
    let print = |args: &[&str]| {
        let output = sandbox
            .command(args)
            .env("CLICOLOR_FORCE", "1")
            .output()
            .expect("tutor can be started");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    };
    let diff = print(&["diff", "s01"]);
    let solution = sandbox.read("solutions/s01_scale.rs");
    let body = "x * self.weight.val().unsqueeze()";
    assert!(solution.contains(body));
    sandbox.write("steps/s01_scale.rs", solution.replace(body, "x + 1.0"));
    let wrong = print(&["run", "s01", "--watched"]);
    assert!(wrong.contains("wrong"), "{wrong}");
    sandbox.write(
        "steps/s01_scale.rs",
        solution.replace(body, "self.wieght + nothing + x"),
    );
    let error = print(&["run", "s01", "--watched"]);
    assert!(error.contains("error"), "{error}");
    let signature = solution.replace("pub fn new(", "pub fn new(_more: &str, ");
    sandbox.write("steps/s01_scale.rs", signature);
    let changed = print(&["run", "s01", "--watched"]);
    for (what, text) in [
        ("a diff", diff),
        ("a verdict", wrong),
        ("an error", error),
        ("a changed signature", changed),
    ] {
        for size in SIZES {
            reaches(what, &text, size);
        }
    }
}
