//! Pages of text: lessons, hints, diffs. What is shown, and what turns the pages.

use super::{Effect, HINT, Key, LESSON, Model, Pane, Row};

impl Model {
    /// Shows a text that `tutor` printed for `words`; a lesson where it was left.
    pub fn show(&mut self, title: &'static str, words: &[String], text: String, rows: Vec<Row>) {
        let hints = self.rows[self.current].hints;
        self.rows = rows;
        if words.first().is_some_and(|word| word == "reset") {
            // The verdict on the skeleton follows at once, and the text makes room for it.
            let first = anstream::adapter::strip_str(text.trim()).to_string();
            self.notice = first.lines().next().map(str::to_owned);
        }
        let lasting = self.lasting(words, hints);
        let is_again =
            matches!(&self.pane, Pane::Text { words: Some(shown), .. } if shown == words);
        let scroll = self.scroll.get();
        self.open(Pane::Text {
            title,
            text,
            words: lasting,
        });
        if is_again {
            self.scroll.set(scroll);
        } else if title == LESSON {
            let place = self.places.get(&self.current).copied();
            self.scroll.set(place.unwrap_or_default());
        }
    }

    /// The text that is shown, wrapped for a screen of another width.
    pub(super) fn show_again(&self) -> Vec<Effect> {
        match &self.pane {
            Pane::Text {
                title,
                words: Some(words),
                ..
            } => vec![Effect::Show {
                step: self.current,
                title,
                words: words.clone(),
            }],
            _ => Vec::new(),
        }
    }

    /// The words that print the same again: a hint would not be the same a second time, but it is
    /// one of those that were shown, of which there were `hints` before.
    fn lasting(&self, words: &[String], hints: usize) -> Option<Vec<String>> {
        let known = self.rows[self.current].hints;
        match words.first()?.as_str() {
            "show" | "diff" => Some(words.to_vec()),
            "hint" if words.len() > 1 => Some(words.to_vec()),
            "hint" if known > hints => Some(shown_hint(known)),
            _ => None,
        }
    }

    /// The lesson with the answers to its exercises, or without them again.
    pub(super) fn toggle_answers(&mut self) -> Vec<Effect> {
        let Pane::Text {
            title: LESSON,
            words: Some(words),
            ..
        } = &self.pane
        else {
            return Vec::new();
        };
        let mut toggled: Vec<String> = words.iter().take(2).cloned().collect();
        if toggled.len() == words.len() {
            toggled.push("--answers".into());
            self.notice("With the answers to the exercises; o leaves them out again");
        } else {
            self.notice("Without the answers");
        }
        vec![Effect::Show {
            step: self.current,
            title: LESSON,
            words: toggled,
        }]
    }

    pub(super) fn scroll_by(&mut self, key: Key) {
        let now = self.scroll.get();
        self.scroll.set(match key {
            Key::Up | Key::Char('k') => now.saturating_sub(1),
            Key::Down | Key::Char('j') => now.saturating_add(1),
            Key::PageUp => now.saturating_sub(self.page.get()),
            Key::PageDown | Key::Char(' ') => now.saturating_add(self.page.get()),
            Key::Home => 0,
            Key::End => u16::MAX,
            _ => now,
        });
    }

    /// The hint that was shown before the one on the screen; the last one if none is there.
    pub(super) fn earlier_hint(&mut self) -> Vec<Effect> {
        let known = self.rows[self.current].hints;
        let here = self.hint_here().unwrap_or(known + 1).min(known + 1);
        match here {
            _ if known == 0 => self.notice("No hint was shown yet; h shows one"),
            1 => self.notice("This is the first hint that you saw"),
            _ => return self.show_hint(here - 1),
        }
        Vec::new()
    }

    /// The hint that was shown after the one on the screen.
    pub(super) fn later_hint(&mut self) -> Vec<Effect> {
        let known = self.rows[self.current].hints;
        match self.hint_here() {
            Some(here) if here < known => return self.show_hint(here + 1),
            Some(_) => self.notice("This is the last hint that you saw; h shows the next one"),
            None => {}
        }
        Vec::new()
    }

    /// Which of the hints that were shown is on the screen, counted from 1.
    fn hint_here(&self) -> Option<usize> {
        match &self.pane {
            Pane::Text {
                title: HINT,
                words: Some(words),
                ..
            } => words.last()?.parse().ok(),
            _ => None,
        }
    }

    fn show_hint(&self, number: usize) -> Vec<Effect> {
        vec![Effect::Show {
            step: self.current,
            title: HINT,
            words: shown_hint(number),
        }]
    }
}

/// Prints a hint that was shown before.
fn shown_hint(number: usize) -> Vec<String> {
    vec!["hint".into(), "--shown".into(), number.to_string()]
}
