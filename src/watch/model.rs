//! All that watching shows, and what keys, saves and verdicts make of it. No terminal, no files.

mod list;
mod pages;
mod types;

use std::cell::Cell;
use std::collections::HashMap;

pub use types::{Effect, Filter, Key, List, Message, Pane, Question, Row, Shown};

/// All that is shown.
#[derive(Debug)]
pub struct Model {
    /// The course's steps.
    pub rows: Vec<Row>,
    /// The current one.
    pub current: usize,
    /// The last verdict on it.
    pub verdict: Option<Shown>,
    /// Whether a run is under way.
    pub is_running: bool,
    /// What the main part shows.
    pub pane: Pane,
    /// Lines of it that are above the screen. The view keeps it within the text.
    pub scroll: Cell<u16>,
    /// Lines that a page key moves by; the view knows how many fit.
    pub page: Cell<u16>,
    /// A short message.
    pub notice: Option<String>,
    is_changed: Cell<bool>,
    /// Where the lessons were left, by step.
    places: HashMap<usize, u16>,
}

/// The title of a lesson.
pub const LESSON: &str = "lesson";

/// The title of what a reset says.
pub const RESET: &str = "reset";

/// The title of a hint.
pub const HINT: &str = "hint";

impl Model {
    /// Nothing has been judged yet.
    #[must_use]
    pub fn new(rows: Vec<Row>, current: usize) -> Self {
        Self {
            rows,
            current,
            verdict: None,
            is_running: false,
            pane: Pane::Verdict,
            scroll: Cell::new(0),
            page: Cell::new(1),
            notice: None,
            is_changed: Cell::new(true),
            places: HashMap::new(),
        }
    }

    /// Whether there is something new to draw; asking takes note of it.
    pub fn is_changed(&self) -> bool {
        self.is_changed.replace(false)
    }

    /// Draws everything again.
    pub fn touch(&mut self) {
        self.is_changed.set(true);
    }

    /// Takes in what happened; returns what is to be done.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.touch();
        match message {
            Message::Start => self.judge(self.current),
            Message::Resized => self.show_again(),
            Message::Pasted(text) => {
                self.pasted(&text);
                Vec::new()
            }
            Message::Saved(steps) => self.saved(&steps),
            Message::Rows(rows) => {
                self.rows = rows;
                Vec::new()
            }
            Message::Judged {
                step,
                passed,
                text,
                line,
                rows,
            } => {
                self.rows = rows;
                if step == self.current {
                    self.is_running = false;
                    self.verdict = Some(Shown { passed, text, line });
                    if self.pane == Pane::Verdict {
                        self.scroll.set(0);
                    }
                }
                Vec::new()
            }
            Message::Key(key) => {
                self.notice = None;
                self.key(key)
            }
        }
    }

    /// A text where keys were expected: a search takes it in, nothing else does.
    fn pasted(&mut self, text: &str) {
        match &mut self.pane {
            Pane::List(list) if list.is_searching => {
                list.search.extend(text.chars().filter(|c| !c.is_control()));
                list.cursor = 0;
            }
            _ => self.notice(
                "That looked like a paste, so nothing was done. Keys are pressed one by one",
            ),
        }
    }

    /// Judges what was saved. Of several files at once, none is the one being worked on unless it
    /// was that before: a tool wrote them.
    fn saved(&mut self, steps: &[usize]) -> Vec<Effect> {
        // What a reset says is about this very save; anything else is over.
        if !matches!(self.pane, Pane::Text { title: RESET, .. }) {
            self.notice = None;
        }
        match steps {
            [] => Vec::new(),
            _ if steps.contains(&self.current) => self.judge(self.current),
            [step] => self.judge(*step),
            several => {
                let notice = format!("{} other steps' files changed; a lists all", several.len());
                self.notice(&notice);
                Vec::new()
            }
        }
    }

    /// Offers experiments to choose from.
    pub fn offer_experiments(&mut self, names: Vec<String>) {
        if names.is_empty() {
            self.notice("There are no experiments for this step");
        } else {
            self.open(Pane::Experiments(names));
        }
    }

    /// Shows a short message.
    pub fn notice(&mut self, text: &str) {
        self.notice = Some(text.to_owned());
        self.touch();
    }

    fn open(&mut self, pane: Pane) {
        if matches!(self.pane, Pane::Text { title: LESSON, .. }) {
            self.places.insert(self.current, self.scroll.get());
        }
        self.pane = pane;
        self.scroll.set(0);
        self.touch();
    }

    fn judge(&mut self, step: usize) -> Vec<Effect> {
        self.open(Pane::Verdict);
        if step != self.current {
            self.current = step;
            self.verdict = None;
        }
        self.is_running = true;
        vec![Effect::Judge(step)]
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Interrupt => return vec![Effect::Quit],
            Key::Suspend => return vec![Effect::Suspend],
            Key::Redraw => return vec![Effect::Redraw],
            _ => {}
        }
        match self.pane.clone() {
            Pane::List(list) => self.list_key(list, key),
            Pane::Question(question) => self.answer(question, key),
            Pane::Experiments(names) => self.choose(&names, key),
            Pane::Verdict | Pane::Text { .. } | Pane::Help => self.main_key(key),
        }
    }

    fn main_key(&mut self, key: Key) -> Vec<Effect> {
        let show = |title, words: &[&str]| {
            vec![Effect::Show {
                step: self.current,
                title,
                words: words.iter().map(|&word| word.to_owned()).collect(),
            }]
        };
        match key {
            Key::Char('q') => vec![Effect::Quit],
            Key::Char('r') => self.judge(self.current),
            Key::Char('n') => self.go(1),
            Key::Char('p') => self.go(-1),
            Key::Enter if self.verdict.as_ref().is_some_and(|shown| shown.passed) => self.go_on(),
            Key::Char('l') => show(LESSON, &["show", "lesson"]),
            Key::Char('h') => show(HINT, &["hint"]),
            Key::Char('d') => self.ask(Question::Diff),
            Key::Char('t') => vec![Effect::Experiments(self.current)],
            Key::Char('o') => self.toggle_answers(),
            Key::Left => self.earlier_hint(),
            Key::Right => self.later_hint(),
            Key::Char('e') => vec![Effect::Edit {
                step: self.current,
                line: self.verdict.as_ref().and_then(|shown| shown.line),
            }],
            Key::Char('s') => self.ask(Question::Solution),
            Key::Char('x') => self.ask(Question::Reset),
            Key::Char('a') => {
                let cursor = self.current;
                self.open(Pane::List(List {
                    cursor,
                    ..List::default()
                }));
                Vec::new()
            }
            Key::Char('?') => {
                self.open(Pane::Help);
                Vec::new()
            }
            Key::Escape => {
                self.open(Pane::Verdict);
                Vec::new()
            }
            other => {
                self.scroll_by(other);
                Vec::new()
            }
        }
    }

    fn go(&mut self, by: isize) -> Vec<Effect> {
        let target = self.current.checked_add_signed(by);
        match target.filter(|&step| step < self.rows.len()) {
            Some(step) => self.judge(step),
            None if by < 0 => {
                self.notice("This is the first step");
                Vec::new()
            }
            None => match self.first_open() {
                None => vec![Effect::Finished],
                Some(open) => {
                    let row = &self.rows[open];
                    let why = match row.has_passed() {
                        true => "was edited since it passed",
                        false => "does not pass yet",
                    };
                    let id = row.id.clone();
                    self.notice(&format!("This is the last step; {id} {why} (a shows all)"));
                    Vec::new()
                }
            },
        }
    }

    /// From a step that passes to the next one; from the last one back to what is still open.
    fn go_on(&mut self) -> Vec<Effect> {
        let is_last = self.current + 1 == self.rows.len();
        match self.first_open().filter(|_| is_last) {
            Some(open) => self.judge(open),
            None => self.go(1),
        }
    }

    /// The first step that does not pass; if all do, the first one edited since.
    fn first_open(&self) -> Option<usize> {
        let does_not_pass = self.rows.iter().position(|row| !row.has_passed());
        does_not_pass.or_else(|| self.rows.iter().position(|row| row.is_edited))
    }

    fn ask(&mut self, question: Question) -> Vec<Effect> {
        self.open(Pane::Question(question));
        Vec::new()
    }

    fn answer(&mut self, question: Question, key: Key) -> Vec<Effect> {
        self.open(Pane::Verdict);
        if !matches!(key, Key::Char('y' | 'Y')) {
            return Vec::new();
        }
        let (title, words) = match question {
            Question::Solution => ("solution", ["show", "solution"].as_slice()),
            Question::Diff => ("your file against the solution", ["diff"].as_slice()),
            Question::Reset => (RESET, ["reset"].as_slice()),
        };
        vec![Effect::Show {
            step: self.current,
            title,
            words: words.iter().map(|&word| word.to_owned()).collect(),
        }]
    }

    fn choose(&mut self, names: &[String], key: Key) -> Vec<Effect> {
        let chosen = match key {
            Key::Char(c) => c.to_digit(10).and_then(|n| (n as usize).checked_sub(1)),
            _ => None,
        };
        match chosen.and_then(|i| names.get(i)) {
            Some(name) => {
                self.open(Pane::Verdict);
                vec![Effect::Try {
                    step: self.current,
                    name: name.clone(),
                }]
            }
            None => {
                self.open(Pane::Verdict);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests;
