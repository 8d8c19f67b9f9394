//! The list of steps: what it shows, and what its keys do.

use super::{Effect, Filter, Key, List, Model, Pane};

impl Model {
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

    pub(super) fn list_key(&mut self, mut list: List, key: Key) -> Vec<Effect> {
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
