//! All that watching shows, and what keys, saves and verdicts make of it. No terminal, no files.

mod types;

use std::cell::Cell;

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
    /// A short message.
    pub notice: Option<String>,
    is_changed: Cell<bool>,
}

/// Lines that a page key moves by.
const PAGE: u16 = 10;

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
            notice: None,
            is_changed: Cell::new(true),
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
            Message::Resized => Vec::new(),
            Message::Saved(step) => self.judge(step),
            Message::Judged {
                step,
                passed,
                text,
                rows,
            } => {
                self.rows = rows;
                if step == self.current {
                    self.is_running = false;
                    self.verdict = Some(Shown { passed, text });
                    self.scroll.set(0);
                }
                Vec::new()
            }
            Message::Key(key) => {
                self.notice = None;
                self.key(key)
            }
        }
    }

    /// Shows a text.
    pub fn show(&mut self, title: &'static str, text: String, rows: Vec<Row>) {
        self.rows = rows;
        self.open(Pane::Text { title, text });
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

    /// The rows that the list shows, by position.
    #[must_use]
    pub fn listed(&self, list: &List) -> Vec<usize> {
        let wanted = list.search.to_lowercase();
        (0..self.rows.len())
            .filter(|&i| match list.filter {
                Filter::All => true,
                Filter::Open => !self.rows[i].has_passed(),
                Filter::Passed => self.rows[i].has_passed(),
            })
            .filter(|&i| {
                let row = &self.rows[i];
                row.name.contains(&wanted) || row.title.to_lowercase().contains(&wanted)
            })
            .collect()
    }

    fn open(&mut self, pane: Pane) {
        self.pane = pane;
        self.scroll.set(0);
        self.touch();
    }

    fn judge(&mut self, step: usize) -> Vec<Effect> {
        if step != self.current {
            self.current = step;
            self.verdict = None;
        }
        self.is_running = true;
        self.open(Pane::Verdict);
        vec![Effect::Judge(step)]
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if key == Key::Interrupt {
            return vec![Effect::Quit];
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
            Key::Char('l') => show("lesson", &["show", "lesson"]),
            Key::Char('h') => show("hint", &["hint"]),
            Key::Char('d') => self.ask(Question::Diff),
            Key::Char('t') => vec![Effect::Experiments(self.current)],
            Key::Char('e') => vec![Effect::Edit(self.current)],
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

    fn scroll_by(&mut self, key: Key) {
        let now = self.scroll.get();
        self.scroll.set(match key {
            Key::Up | Key::Char('k') => now.saturating_sub(1),
            Key::Down | Key::Char('j') => now.saturating_add(1),
            Key::PageUp => now.saturating_sub(PAGE),
            Key::PageDown | Key::Char(' ') => now.saturating_add(PAGE),
            Key::Home => 0,
            Key::End => u16::MAX,
            _ => now,
        });
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
                    let id = self.rows[open].id.clone();
                    self.notice(&format!(
                        "This is the last step; {id} does not pass yet (a shows all)"
                    ));
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

    fn first_open(&self) -> Option<usize> {
        self.rows.iter().position(|row| !row.has_passed())
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
            Question::Reset => ("reset", ["reset"].as_slice()),
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

    fn list_key(&mut self, mut list: List, key: Key) -> Vec<Effect> {
        if list.is_searching {
            match key {
                Key::Char(c) => list.search.push(c),
                Key::Backspace => {
                    list.search.pop();
                }
                Key::Escape => {
                    list.search.clear();
                    list.is_searching = false;
                }
                Key::Enter => list.is_searching = false,
                _ => {}
            }
            list.cursor = 0;
            self.pane = Pane::List(list);
            return Vec::new();
        }
        let last = self.listed(&list).len().saturating_sub(1);
        match key {
            Key::Enter => {
                if let Some(&step) = self.listed(&list).get(list.cursor) {
                    return self.judge(step);
                }
            }
            Key::Escape | Key::Char('q' | 'a') => {
                self.open(Pane::Verdict);
                return Vec::new();
            }
            Key::Char('/') => list.is_searching = true,
            Key::Char('f') => {
                list.filter = match list.filter {
                    Filter::All => Filter::Open,
                    Filter::Open => Filter::Passed,
                    Filter::Passed => Filter::All,
                };
                list.cursor = 0;
            }
            Key::Up | Key::Char('k') => list.cursor = list.cursor.saturating_sub(1),
            Key::Down | Key::Char('j') => list.cursor = (list.cursor + 1).min(last),
            Key::Home => list.cursor = 0,
            Key::End => list.cursor = last,
            _ => {}
        }
        self.pane = Pane::List(list);
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
