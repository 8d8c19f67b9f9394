mod pages;

use super::*;
use crate::watch::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn rows(last: [&str; 3]) -> Vec<Row> {
    ["alpha", "beta", "gamma"]
        .iter()
        .zip(last)
        .enumerate()
        .map(|(i, (title, last))| Row {
            id: format!("s0{}", i + 1),
            name: format!("s0{}_{title}", i + 1),
            title: (*title).to_owned(),
            last: last.parse().ok(),
            is_edited: false,
            hints: 0,
        })
        .collect()
}

fn model() -> Model {
    let mut model = Model::new(rows(["passed", "", ""]), 1);
    assert_eq!(model.update(Message::Start), [Effect::Judge(1)]);
    model
}

fn press(model: &mut Model, key: char) -> Vec<Effect> {
    model.update(Message::Key(Key::Char(key)))
}

fn judged(model: &mut Model, passed: bool, text: &str) {
    let effects = model.update(Message::Judged {
        step: model.current,
        passed,
        text: text.into(),
        line: Some(7),
        rows: rows(["passed", if passed { "passed" } else { "wrong_values" }, ""]),
    });
    assert!(effects.is_empty());
}

/// The screen as text.
fn screen(model: &Model, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("it is in memory");
    terminal
        .draw(|frame| view::draw(model, frame))
        .expect("it is in memory");
    let buffer = terminal.backend().buffer().clone();
    (0..height)
        .map(|y| {
            let row: String = (0..width)
                .map(|x| buffer[(x, y)].symbol().to_owned())
                .collect();
            row.trim_end().to_owned() + "\n"
        })
        .collect()
}

#[test]
fn a_verdict_is_shown_and_a_save_asks_for_the_next() {
    let mut model = model();
    assert!(screen(&model, 60, 10).contains("running"));
    judged(&mut model, false, "\x1b[31m✗\x1b[0m wrong values\n");
    let shown = screen(&model, 60, 10);
    assert!(shown.contains("✗ wrong values"), "{shown}");
    assert!(shown.contains("not yet"), "{shown}");
    assert_eq!(model.update(Message::Saved(vec![1])), [Effect::Judge(1)]);
    // The old verdict stays until the new one is there.
    assert!(screen(&model, 60, 10).contains("✗ wrong values"));
}

#[test]
fn a_save_of_another_step_goes_there() {
    let mut model = model();
    assert_eq!(model.update(Message::Saved(vec![2])), [Effect::Judge(2)]);
    assert_eq!(model.current, 2);
    // A verdict that was under way for the step before is not shown for this one.
    model.update(Message::Judged {
        step: 1,
        passed: true,
        text: "late".into(),
        line: None,
        rows: rows(["", "", ""]),
    });
    assert!(model.is_running);
    assert!(!screen(&model, 60, 10).contains("late"));
}

#[test]
fn passing_goes_on_when_asked_only() {
    let mut model = model();
    judged(&mut model, true, "passed");
    assert_eq!(model.current, 1);
    assert!(screen(&model, 60, 10).contains("Enter go on"));
    assert_eq!(model.update(Message::Key(Key::Enter)), [Effect::Judge(2)]);
    assert!(press(&mut model, 'n').is_empty());
    assert!(screen(&model, 60, 10).contains("last step"));
    judged(&mut model, false, "no");
    assert!(model.update(Message::Key(Key::Enter)).is_empty());
}

#[test]
fn the_last_step_leads_on() {
    let mut model = Model::new(rows(["passed", "wrong_values", "passed"]), 2);
    model.update(Message::Start);
    let judged = |model: &mut Model, rows| {
        model.update(Message::Judged {
            step: 2,
            passed: true,
            line: None,
            text: "passed".into(),
            rows,
        });
    };
    judged(&mut model, rows(["passed", "wrong_values", "passed"]));
    assert!(press(&mut model, 'n').is_empty());
    let shown = screen(&model, 60, 10);
    assert!(shown.contains("s02 does not pass yet"), "{shown}");
    // Back to what is open.
    assert_eq!(model.update(Message::Key(Key::Enter)), [Effect::Judge(1)]);

    let mut model = Model::new(rows(["passed"; 3]), 2);
    model.update(Message::Start);
    judged(&mut model, rows(["passed"; 3]));
    assert_eq!(model.update(Message::Key(Key::Enter)), [Effect::Finished]);
    assert_eq!(press(&mut model, 'n'), [Effect::Finished]);
}

#[test]
fn what_gives_much_away_or_overwrites_is_asked_for_first() {
    let mut model = model();
    judged(&mut model, false, "no");
    let diff = "your file against the solution";
    for (key, title) in [('s', "solution"), ('d', diff), ('x', "reset")] {
        assert!(press(&mut model, key).is_empty());
        assert!(screen(&model, 70, 10).contains('?'));
        assert!(press(&mut model, 'n').is_empty());
        press(&mut model, key);
        let effects = press(&mut model, 'y');
        let [Effect::Show { title: shown, .. }] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        assert_eq!(*shown, title);
    }
}

#[test]
fn the_list_is_searched_and_filtered() {
    let mut model = model();
    judged(&mut model, false, "no");
    press(&mut model, 'a');
    assert!(screen(&model, 60, 12).contains("s03 gamma"));
    press(&mut model, 'f');
    let open = screen(&model, 60, 12);
    assert!(
        !open.contains("s01 alpha") && open.contains("s03 gamma"),
        "{open}"
    );
    press(&mut model, '/');
    for c in "gam".chars() {
        press(&mut model, c);
    }
    let found = screen(&model, 60, 12);
    assert!(
        !found.contains("s02 beta\n") && found.contains("s03 gamma"),
        "{found}"
    );
    model.update(Message::Key(Key::Enter));
    assert_eq!(model.update(Message::Key(Key::Enter)), [Effect::Judge(2)]);
}

#[test]
fn experiments_are_chosen_by_number() {
    let mut model = model();
    assert_eq!(press(&mut model, 't'), [Effect::Experiments(1)]);
    model.offer_experiments(vec!["order".into(), "wave".into()]);
    assert!(screen(&model, 60, 10).contains("2  wave"));
    let tried = Effect::Try {
        step: 1,
        name: "wave".into(),
    };
    assert_eq!(press(&mut model, '2'), [tried]);
}

#[test]
fn keys_on_show_mean_something_there() {
    let mut model = model();
    judged(&mut model, true, "passed");
    let foot = |model: &Model| screen(model, 80, 10).lines().last().map(str::to_owned);
    press(&mut model, 'a');
    assert_eq!(
        foot(&model).as_deref(),
        Some("Enter go there  Esc back  f filter  / search")
    );
    model.update(Message::Key(Key::Escape));
    press(&mut model, 'x');
    assert_eq!(foot(&model).as_deref(), Some("y yes  Esc no"));
    model.update(Message::Key(Key::Escape));
    model.offer_experiments(vec!["order".into()]);
    assert_eq!(foot(&model).as_deref(), Some("1 2 … start one  Esc back"));
}

#[test]
fn a_narrow_screen_shows_the_head_and_keys() {
    let mut model = model();
    judged(
        &mut model,
        false,
        "a verdict that is wider than forty columns are, by far",
    );
    let shown = screen(&model, 40, 8);
    assert!(shown.contains("s02 beta"), "{shown}");
    assert!(shown.contains("? help"), "{shown}");
    assert!(shown.contains("by far"), "it is wrapped: {shown}");
    // Nothing panics, however small.
    for (width, height) in [(1, 1), (5, 2), (40, 3), (80, 0), (0, 24), (80, 1), (80, 2)] {
        screen(&model, width, height);
    }
}

#[test]
fn ctrl_c_quits_from_everywhere() {
    let mut model = model();
    for key in ['a', '/', '?', 's'] {
        press(&mut model, key);
        assert_eq!(model.update(Message::Key(Key::Interrupt)), [Effect::Quit]);
    }
}

#[test]
fn a_letter_with_ctrl_or_alt_is_another_key() {
    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    let key = |c, modifiers| Key::from(KeyEvent::new(KeyCode::Char(c), modifiers));
    assert_eq!(key('s', KeyModifiers::CONTROL), Key::Other);
    assert_eq!(key('x', KeyModifiers::CONTROL), Key::Other);
    assert_eq!(key('x', KeyModifiers::ALT), Key::Other);
    assert_eq!(key('c', KeyModifiers::CONTROL), Key::Interrupt);
    assert_eq!(key('z', KeyModifiers::CONTROL), Key::Suspend);
    assert_eq!(key('?', KeyModifiers::SHIFT), Key::Char('?'));
}

#[test]
fn a_paste_does_nothing_but_in_a_search() {
    let mut model = model();
    judged(&mut model, false, "no");
    for key in ['v', 's', 'l', '?'] {
        press(&mut model, key);
        let pane = model.pane.clone();
        assert!(model.update(Message::Pasted("yyx\n".into())).is_empty());
        assert_eq!(model.pane, pane);
        model.update(Message::Key(Key::Escape));
    }
    press(&mut model, 'a');
    press(&mut model, '/');
    model.update(Message::Pasted("gam\n".into()));
    assert!(screen(&model, 60, 12).contains("search (/): gam"));
}

#[test]
fn several_files_at_once_move_nothing() {
    let mut model = model();
    judged(&mut model, false, "no");
    assert!(model.update(Message::Saved(vec![0, 2])).is_empty());
    assert_eq!(model.current, 1);
    assert!(screen(&model, 60, 10).contains("2 other steps' files changed"));
    assert_eq!(
        model.update(Message::Saved(vec![0, 1, 2])),
        [Effect::Judge(1)]
    );
}

#[test]
fn a_pass_whose_file_was_edited_since_is_listed_as_such() {
    let mut edited = rows(["passed"; 3]);
    edited[0].is_edited = true;
    let mut model = Model::new(edited.clone(), 2);
    model.update(Message::Start);
    model.update(Message::Judged {
        step: 2,
        passed: true,
        text: "passed".into(),
        line: None,
        rows: edited,
    });
    press(&mut model, 'a');
    assert!(screen(&model, 60, 10).contains("s01 alpha  edited since"));
    model.update(Message::Key(Key::Escape));
    assert_eq!(model.update(Message::Key(Key::Enter)), [Effect::Judge(0)]);
}

#[test]
fn an_editor_is_told_the_line() {
    let mut model = model();
    judged(&mut model, false, "no");
    let line = Some(7);
    assert_eq!(press(&mut model, 'e'), [Effect::Edit { step: 1, line }]);
}
