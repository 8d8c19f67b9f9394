//! Pages: scrolling, lessons, hints.

use super::*;

fn show(model: &mut Model, words: &[&str], text: &str) {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    model.show(LESSON, &words, text.into(), rows(["passed", "", ""]));
}

#[test]
fn scrolling_stays_within_the_text() {
    let mut model = model();
    let text: String = (0..30).map(|i| format!("line {i}\n")).collect();
    judged(&mut model, false, &text);
    assert!(screen(&model, 40, 10).contains("↓ more"));
    model.update(Message::Key(Key::End));
    let end = screen(&model, 40, 10);
    assert!(end.contains("line 29") && !end.contains("more"), "{end}");
    model.update(Message::Key(Key::Up));
    assert!(!screen(&model, 40, 10).contains("line 29"));
    model.update(Message::Key(Key::Home));
    assert!(screen(&model, 40, 10).contains("line 0"));
}

#[test]
fn a_page_key_skips_nothing() {
    let mut model = model();
    let text: String = (0..60).map(|i| format!("line {i}.\n")).collect();
    judged(&mut model, false, &text);
    for (width, height) in [(20, 10), (80, 24)] {
        model.update(Message::Key(Key::Home));
        let mut seen = screen(&model, width, height);
        while seen.contains("more") {
            seen = seen.replace("more", "");
            model.update(Message::Key(Key::PageDown));
            seen += &screen(&model, width, height);
        }
        let missing: Vec<i32> = (0..60)
            .filter(|i| !seen.contains(&format!("line {i}.")))
            .collect();
        assert_eq!(missing, [0; 0], "{width}x{height}");
    }
}

#[test]
fn a_lesson_keeps_its_place_and_opens_its_answers() {
    let mut model = model();
    judged(&mut model, false, "no");
    let text: String = (0..30).map(|i| format!("line {i}\n")).collect();
    show(&mut model, &["show", "lesson"], &text);
    for _ in 0..5 {
        press(&mut model, 'j');
    }
    model.update(Message::Key(Key::Escape));
    show(&mut model, &["show", "lesson"], &text);
    assert!(
        !screen(&model, 40, 10).contains("line 0"),
        "it is where it was"
    );
    let [Effect::Show { words, .. }] = &*press(&mut model, 'o') else {
        panic!("o shows the lesson otherwise");
    };
    assert_eq!(*words, ["show", "lesson", "--answers"]);
    // Another width wraps otherwise.
    let [Effect::Show { words, .. }] = &*model.update(Message::Resized) else {
        panic!("a lesson is wrapped anew");
    };
    assert_eq!(*words, ["show", "lesson"]);
}

#[test]
fn hints_that_were_shown_are_paged_without_a_new_one() {
    let mut model = model();
    judged(&mut model, false, "no");
    assert!(model.update(Message::Key(Key::Left)).is_empty());
    assert!(screen(&model, 60, 10).contains("No hint was shown yet"));
    let hint = |model: &mut Model, words: &[&str], shown: usize| {
        let mut rows = rows(["passed", "wrong_values", ""]);
        rows[1].hints = shown;
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        model.show(HINT, &words, format!("hint {words:?}"), rows);
    };
    let number = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::Show { words, .. }] => words.last().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    // Two in an earlier session, a third now.
    hint(&mut model, &["hint"], 2);
    press(&mut model, 'h');
    hint(&mut model, &["hint"], 3);
    assert!(screen(&model, 60, 10).contains("← → hints that you saw"));
    assert_eq!(number(model.update(Message::Key(Key::Left))), "2");
    hint(&mut model, &["hint", "--shown", "2"], 3);
    assert_eq!(number(model.update(Message::Resized)), "2");
    assert_eq!(number(model.update(Message::Key(Key::Left))), "1");
    hint(&mut model, &["hint", "--shown", "1"], 3);
    assert_eq!(number(model.update(Message::Key(Key::Left))), "");
    assert!(screen(&model, 60, 10).contains("the first hint"));
    assert_eq!(number(model.update(Message::Key(Key::Right))), "2");
    hint(&mut model, &["hint", "--shown", "3"], 3);
    assert_eq!(number(model.update(Message::Key(Key::Right))), "");
    // From the page that says that there is no further one, and from a verdict: the last one.
    hint(&mut model, &["hint"], 3);
    assert_eq!(number(model.update(Message::Key(Key::Left))), "3");
    model.update(Message::Key(Key::Escape));
    assert_eq!(number(model.update(Message::Key(Key::Left))), "3");
}

#[test]
fn words_that_wrap_can_be_read_to_the_end() {
    let mut model = model();
    let long = "word ".repeat(40) + "\n" + &"a-long-word-of-24-letters ".repeat(9) + "end";
    let padded = format!("{:<200}\nnext line\n{long}", "padded");
    judged(&mut model, false, &padded);
    for (width, height) in [(20, 10), (40, 24), (33, 7)] {
        model.scroll.set(0);
        let first = screen(&model, width, height);
        let next = first.lines().position(|line| line.contains("next line"));
        assert_eq!(next, Some(3), "padding is no line: {first}");
        model.update(Message::Key(Key::End));
        let last = screen(&model, width, height);
        assert!(last.contains("end"), "{width}x{height}: {last}");
        assert!(!last.contains("more"), "{last}");
    }
}

#[test]
fn a_list_follows_its_cursor() {
    let many: Vec<Row> = (1..=12)
        .map(|i| Row {
            id: format!("s{i:02}"),
            title: format!("A title that takes two lines, {i:02}"),
            ..rows(["", "", ""])[0].clone()
        })
        .collect();
    let mut model = Model::new(many, 0);
    for (width, height) in [(20, 10), (40, 8), (60, 20), (120, 40)] {
        press(&mut model, 'a');
        for i in 1..=12 {
            let shown = screen(&model, width, height);
            assert!(shown.contains(&format!("s{i:02} A title")), "{i}: {shown}");
            model.update(Message::Key(Key::Down));
        }
        for i in (1..=12).rev() {
            let shown = screen(&model, width, height);
            assert!(shown.contains(&format!("s{i:02} A title")), "{i}: {shown}");
            model.update(Message::Key(Key::Up));
        }
        assert!(screen(&model, width, height).contains("search"));
        model.update(Message::Key(Key::Escape));
    }
}

#[test]
fn a_notice_is_over_with_the_next_save() {
    let mut model = model();
    judged(&mut model, false, "no");
    model.update(Message::Pasted("let x".into()));
    assert!(screen(&model, 80, 10).contains("looked like a paste"));
    model.update(Message::Saved(vec![1]));
    assert!(!screen(&model, 80, 10).contains("paste"));
    model.show(
        RESET,
        &["reset".to_owned()],
        "Your file is kept\n".into(),
        rows(["", "", ""]),
    );
    model.update(Message::Saved(vec![1]));
    assert!(screen(&model, 80, 10).contains("Your file is kept"));
}
