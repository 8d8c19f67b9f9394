//! What the model is made of, what happens to it, and what it asks for.

use crate::course::verdict_kind::VerdictKind;

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
    /// Left.
    Left,
    /// Right.
    Right,
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
    /// Ctrl-Z.
    Suspend,
    /// Ctrl-L.
    Redraw,
    /// Any other.
    Other,
}

impl From<KeyEvent> for Key {
    fn from(key: KeyEvent) -> Self {
        match key.code {
            KeyCode::Char(c) => with_modifiers(c, key.modifiers),
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Escape,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::Left => Self::Left,
            KeyCode::Right => Self::Right,
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            _ => Self::Other,
        }
    }
}

/// A letter is itself only without Ctrl and Alt. (With both it is: that is `AltGr` on Windows.)
fn with_modifiers(letter: char, modifiers: KeyModifiers) -> Key {
    let control = modifiers.contains(KeyModifiers::CONTROL);
    let held = KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META | KeyModifiers::HYPER;
    let others = modifiers.intersects(held);
    match letter.to_ascii_lowercase() {
        'c' if control => Key::Interrupt,
        'z' if control => Key::Suspend,
        'l' if control => Key::Redraw,
        _ if control != others => Key::Other,
        _ => Key::Char(letter),
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Watching begins.
    Start,
    /// A key was pressed.
    Key(Key),
    /// A text was pasted, or keys came faster than anybody types.
    Pasted(String),
    /// The files of the steps at these positions were saved at the same time.
    Saved(Vec<usize>),
    /// The steps as they are now, perhaps changed by another `tutor`.
    Rows(Vec<Row>),
    /// A run came to its end.
    Judged {
        /// The step, by position.
        step: usize,
        /// Whether it passed.
        passed: bool,
        /// The verdict, in colours.
        text: String,
        /// The line that it points at.
        line: Option<u32>,
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
    /// Say what there is to say when every step passes.
    Finished,
    /// Open the step's file in the learner's editor.
    Edit {
        /// The step, by position.
        step: usize,
        /// The line to open it at.
        line: Option<u32>,
    },
    /// Draw the whole screen again.
    Redraw,
    /// Give the terminal to the shell until it is told to come back.
    Suspend,
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
    /// The last verdict, if there was one.
    pub last: Option<VerdictKind>,
    /// Whether the file was edited since.
    pub is_edited: bool,
    /// How many hints were shown.
    pub hints: usize,
}

impl Row {
    /// Whether the last verdict was a pass.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.last == Some(VerdictKind::Passed)
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
        /// What `tutor` printed it for, if it would print the same again.
        words: Option<Vec<String>>,
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
    /// Look at the file beside the solution?
    Diff,
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
    /// The line of the step's file that it points at.
    pub line: Option<u32>,
}
