//! All that watching shows, and what keys, saves and verdicts make of it. No terminal, no files.

use std::cell::Cell;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key as far as it means something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter or sign.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// Up.
    Up,
    /// Down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Ctrl-C.
    Interrupt,
    /// Any other.
    Other,
}

impl From<KeyEvent> for Key {
    fn from(key: KeyEvent) -> Self {
        match key.code {
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Self::Interrupt,
            KeyCode::Char(c) => Self::Char(c),
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Escape,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            _ => Self::Other,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Watching begins.
    Start,
    /// A key was pressed.
    Key(Key),
    /// The file of the step at this position was saved.
    Saved(usize),
    /// A run came to its end.
    Judged {
        /// The step, by position.
        step: usize,
        /// Whether it passed.
        passed: bool,
        /// The verdict, in colours.
        text: String,
        /// The steps as they are now.
        rows: Vec<Row>,
    },
    /// The terminal has another size.
    Resized,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Judge the step at this position; a run that is under way is cancelled.
    Judge(usize),
    /// Show what `tutor` prints for these words and the step.
    Show {
        /// The step, by position.
        step: usize,
        /// What it is.
        title: &'static str,
        /// As in `show lesson`.
        words: Vec<String>,
    },
    /// Find out which experiments the step has.
    Experiments(usize),
    /// Run an experiment, with the terminal to itself.
    Try {
        /// The step, by position.
        step: usize,
        /// The experiment.
        name: String,
    },
    /// Open the step's file in the learner's editor.
    Edit(usize),
    /// Stop watching.
    Quit,
}

/// A step in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `s06`.
    pub id: String,
    /// `s06_position_embeddings`.
    pub name: String,
    /// `Position embeddings`.
    pub title: String,
    /// The last verdict in one word, or nothing.
    pub last: String,
}

impl Row {
    /// Whether the last verdict was a pass.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.last == "passed"
    }
}

/// What the main part of the screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pane {
    /// The verdict on the current step.
    Verdict,
    /// A text: a lesson, a hint, a diff.
    Text {
        /// What it is.
        title: &'static str,
        /// In colours.
        text: String,
    },
    /// All steps.
    List(List),
    /// The experiments of the current step.
    Experiments(Vec<String>),
    /// The keys.
    Help,
    /// A question to be answered with y or n.
    Question(Question),
}

/// The list of steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The chosen row among those shown.
    pub cursor: usize,
    /// What is searched for; none if nothing is being typed or kept.
    pub search: String,
    /// Whether keys go into the search.
    pub is_searching: bool,
    /// Which rows are shown.
    pub filter: Filter,
}

/// Which rows a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those that do not pass.
    Open,
    /// Those that pass.
    Passed,
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Look at the solution?
    Solution,
    /// Write the skeleton again?
    Reset,
}

/// The verdict on the current step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whether it is a pass.
    pub passed: bool,
    /// In colours.
    pub text: String,
}

/// All that is shown.
#[derive(Debug)]
pub struct Model {
    /// The course.
    pub title: String,
    /// Its steps.
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
    pub fn new(title: &str, rows: Vec<Row>, current: usize) -> Self {
        Self {
            title: title.to_owned(),
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
            Key::Enter if self.verdict.as_ref().is_some_and(|shown| shown.passed) => self.go(1),
            Key::Char('l') => show("lesson", &["show", "lesson"]),
            Key::Char('h') => show("hint", &["hint"]),
            Key::Char('d') => show("your file against the solution", &["diff"]),
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
            None => {
                self.notice(if by > 0 {
                    "This is the last step"
                } else {
                    "This is the first step"
                });
                Vec::new()
            }
        }
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
