//! Draws the model. Pure: the same model and size make the same screen.

use ansi_to_tui::IntoText;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::model::{Filter, HINT, LESSON, List, Model, Pane, Question, Row};
use crate::course::verdict_kind::VerdictKind;

/// A key and what it does.
type Keyed = (&'static str, &'static str);

/// Keys and what they do, the most wanted first.
const KEYS: [Keyed; 14] = [
    ("h", "hint"),
    ("l", "lesson"),
    ("n", "next"),
    ("p", "previous"),
    ("a", "all steps"),
    ("t", "try an experiment"),
    ("r", "run again"),
    ("e", "open in $EDITOR"),
    ("d", "diff with the solution"),
    ("s", "solution"),
    ("x", "reset to the skeleton"),
    ("?", "help"),
    ("q", "quit"),
    ("Esc", "back to the verdict"),
];

/// Keys that are in the help only.
const FURTHER_KEYS: [Keyed; 10] = [
    ("Enter", "after a pass: the next step"),
    ("o", "in a lesson: its answers, and without them again"),
    ("← →", "the hints that you saw, without a new one"),
    ("↑ ↓ j k", "a line up or down"),
    ("PgUp", "a page up"),
    ("PgDn", "a page down, and so does Space"),
    ("Home End", "the first and the last line"),
    ("f /", "in the list of steps: filter and search"),
    ("Ctrl-L", "draw the screen again"),
    ("Ctrl-Z", "to the shell; `fg` comes back. Ctrl-C quits"),
];

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    if frame.area().is_empty() {
        return;
    }
    let [head, main, foot] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Min(1),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(heading(model, head.width), head);
    scrolled(model, frame, main);
    frame.render_widget(footing(model, foot.width), foot);
}

fn heading(model: &Model, width: u16) -> Text<'static> {
    let row = &model.rows[model.current];
    let passed = model.rows.iter().filter(|row| row.has_passed()).count();
    let state = match (&model.verdict, model.is_running) {
        (_, true) => Span::from("running …").yellow(),
        (Some(shown), false) if shown.passed => Span::from("passed").green(),
        (Some(_), false) => Span::from("not yet").red(),
        (None, false) => Span::from(""),
    };
    let left = format!("{} {}  ", row.id, row.title);
    let right = format!("{passed}/{}", model.rows.len());
    let used = left.chars().count() + state.content.chars().count() + right.chars().count();
    let gap = usize::from(width).saturating_sub(used);
    Text::from(vec![
        Line::from(vec![
            left.bold(),
            state,
            Span::from(" ".repeat(gap)),
            right.dim(),
        ]),
        Line::from("─".repeat(width.into())).dim(),
    ])
}

/// The main part, moved up by what was scrolled.
fn scrolled(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let paragraph = Paragraph::new(trimmed(body(model))).wrap(Wrap { trim: false });
    let lines = u16::try_from(paragraph.line_count(area.width)).unwrap_or(u16::MAX);
    let most = lines.saturating_sub(area.height);
    let mut scroll = model.scroll.get().min(most);
    if let Pane::List(list) = &model.pane {
        scroll = following(model, list, area, scroll);
    }
    model.scroll.set(scroll);
    // A line stays, to go on from.
    model.page.set(area.height.saturating_sub(1).max(1));
    frame.render_widget(paragraph.scroll((scroll, 0)), area);
    if scroll < most && area.width > 8 {
        let corner = Rect::new(area.right() - 7, area.bottom() - 1, 7, 1);
        frame.render_widget(Line::from("↓ more ").yellow(), corner);
    }
}

/// Where a list is scrolled to, so that its cursor can be seen.
fn following(model: &Model, list: &List, area: Rect, scroll: u16) -> u16 {
    let above = |rows: usize| {
        let mut text = listing(model, list);
        text.lines.truncate(LIST_HEAD + rows);
        let paragraph = Paragraph::new(text).wrap(Wrap { trim: false });
        u16::try_from(paragraph.line_count(area.width)).unwrap_or(u16::MAX)
    };
    // With the first row, what stands above it is seen, too.
    let top = match list.cursor {
        0 => 0,
        cursor => above(cursor),
    };
    // The lowest line says that there is more.
    let bottom = above(list.cursor + 1) + 1;
    scroll.max(bottom.saturating_sub(area.height)).min(top)
}

/// Without the blanks at the ends of lines, which would be lines of their own on a narrow screen.
fn trimmed(mut text: Text<'static>) -> Text<'static> {
    for line in &mut text.lines {
        while let Some(last) = line.spans.last_mut() {
            let kept = last.content.trim_end();
            if kept.len() == last.content.len() && !kept.is_empty() {
                break;
            }
            if kept.is_empty() {
                line.spans.pop();
            } else {
                last.content = kept.to_owned().into();
            }
        }
    }
    text
}

fn body(model: &Model) -> Text<'static> {
    match &model.pane {
        Pane::Verdict => match &model.verdict {
            Some(shown) => coloured(&shown.text),
            None => waiting(&model.rows[model.current]),
        },
        Pane::Text { title, text, .. } => {
            let mut all = Text::from(vec![Line::from(*title).dim(), Line::from("")]);
            all.extend(coloured(text));
            all
        }
        Pane::List(list) => listing(model, list),
        Pane::Experiments(names) => experiments(names),
        Pane::Help => help(),
        Pane::Question(question) => Text::from(match question {
            Question::Solution => {
                "Show the solution? A hint (h) gives less away.\n\ny shows it, any other key goes back"
            }
            Question::Diff => {
                "Compare your file with the solution? That shows the solution.\n\ny does it, any other key goes back"
            }
            Question::Reset => {
                "Write the skeleton again? Your file is kept as a copy.\n\ny does it, any other key goes back"
            }
        }),
    }
}

fn waiting(row: &Row) -> Text<'static> {
    Text::from(format!(
        "The first verdict is on its way.\n\nEdit steps/{}.rs: every save is judged.\nl shows the lesson, ? all keys.",
        row.name
    ))
}

/// Text in ANSI colours; text that is no such thing is shown as it is.
fn coloured(text: &str) -> Text<'static> {
    text.into_text()
        .unwrap_or_else(|_| Text::from(text.to_owned()))
}

/// Lines above a list's first row.
const LIST_HEAD: usize = 2;

fn listing(model: &Model, list: &List) -> Text<'static> {
    let filter = match list.filter {
        Filter::All => "all",
        Filter::Open => "not passed",
        Filter::Passed => "passed",
    };
    let cursor = if list.is_searching { "▏" } else { "" };
    let mut lines = vec![
        Line::from(format!(
            "{filter} (f)   search (/): {}{cursor}",
            list.search
        ))
        .dim(),
        Line::from(""),
    ];
    for (i, &step) in model.listed(list).iter().enumerate() {
        let row = &model.rows[step];
        let kind = row.last.unwrap_or(VerdictKind::NotStarted);
        let mark = Span::from(kind.mark());
        let mark = match kind {
            VerdictKind::Passed if row.is_edited => mark.yellow(),
            VerdictKind::Passed => mark.green(),
            VerdictKind::NotStarted => mark.dim(),
            _ => mark.red(),
        };
        let style = if i == list.cursor {
            Style::new().add_modifier(Modifier::REVERSED)
        } else {
            Style::new()
        };
        let here = if step == model.current { " ←" } else { "" };
        lines.push(Line::from(vec![
            mark,
            Span::from(" "),
            Span::styled(format!("{} {}{here}", row.id, row.title), style),
            Span::from(if row.is_edited { "  edited since" } else { "" }).dim(),
        ]));
    }
    if lines.len() == LIST_HEAD {
        lines.push(Line::from("no step is like that"));
    }
    lines.extend([
        Line::from(""),
        Line::from("Enter goes there, Esc back").dim(),
    ]);
    Text::from(lines)
}

fn experiments(names: &[String]) -> Text<'static> {
    let mut lines = vec![Line::from("Experiments on your own code"), Line::from("")];
    for (i, name) in names.iter().enumerate() {
        lines.push(Line::from(vec![
            Span::styled(format!("{}", i + 1), Style::new().fg(Color::Cyan)),
            Span::from(format!("  {name}")),
        ]));
    }
    lines.extend([
        Line::from(""),
        Line::from("A number starts it, any other key goes back").dim(),
    ]);
    Text::from(lines)
}

fn help() -> Text<'static> {
    let mut lines = vec![
        Line::from("Every save of a step's file is judged."),
        Line::from(""),
    ];
    for (key, does) in KEYS.into_iter().chain(FURTHER_KEYS) {
        lines.push(Line::from(vec![
            Span::styled(format!("{key:>8}"), Style::new().fg(Color::Cyan)),
            Span::from(format!("  {does}")),
        ]));
    }
    Text::from(lines)
}

/// A notice, or as many keys as fit.
fn footing(model: &Model, width: u16) -> Line<'static> {
    if let Some(notice) = &model.notice {
        return Line::from(notice.clone()).yellow();
    }
    let mut spans = Vec::new();
    let mut left = usize::from(width);
    let (first, further) = keys(model);
    for (key, does) in first.iter().copied().chain(further.iter().copied()) {
        let wide = key.chars().count() + 1 + does.chars().count() + 2;
        let is_shown = spans.iter().any(|span: &Span<'_>| span.content == key);
        if wide > left || is_shown {
            continue;
        }
        left -= wide;
        spans.push(Span::styled(key.to_owned(), Style::new().fg(Color::Cyan)));
        spans.push(Span::from(format!(" {does}  ")));
    }
    Line::from(spans)
}

/// Keys that mean something now: those of what is shown, then all others.
fn keys(model: &Model) -> (&'static [Keyed], &'static [Keyed]) {
    let passed = model.verdict.as_ref().is_some_and(|shown| shown.passed);
    let first: &[_] = match &model.pane {
        Pane::List(list) if list.is_searching => {
            return (&[("Enter", "done"), ("Esc", "no search")], &[]);
        }
        Pane::List(_) => {
            let keys = &[
                ("Enter", "go there"),
                ("Esc", "back"),
                ("f", "filter"),
                ("/", "search"),
            ];
            return (keys, &[]);
        }
        Pane::Experiments(_) => return (&[("1 2 …", "start one"), ("Esc", "back")], &[]),
        Pane::Question(_) => return (&[("y", "yes"), ("Esc", "no")], &[]),
        Pane::Text { title: LESSON, .. } => &[
            ("Esc", "back to the verdict"),
            ("o", "answers"),
            ("?", "help"),
            ("q", "quit"),
        ],
        Pane::Text { title: HINT, .. } => &[
            ("Esc", "back to the verdict"),
            ("← →", "hints that you saw"),
            ("?", "help"),
            ("q", "quit"),
        ],
        Pane::Text { .. } | Pane::Help => {
            &[("Esc", "back to the verdict"), ("?", "help"), ("q", "quit")]
        }
        Pane::Verdict if passed => &[
            ("Enter", "go on"),
            ("t", "try an experiment"),
            ("?", "help"),
            ("q", "quit"),
        ],
        Pane::Verdict => &[("?", "help"), ("q", "quit")],
    };
    (first, &KEYS)
}
