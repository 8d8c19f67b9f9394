//! Which of a step's hints fit what was last seen of it, and which were shown.

use super::{Seen, StepProgress, Trouble};
use crate::course::hints::{Hint, Hints, Rank};
use crate::course::verdict_kind::VerdictKind;
use crate::hash;

impl StepProgress {
    /// The hints that fit what was last seen and have not been shown yet, the next one first.
    #[must_use]
    pub fn fitting<'a>(&self, hints: &'a Hints) -> Vec<&'a Hint> {
        if self.last == VerdictKind::Passed {
            return Vec::new();
        }
        let first_open = self.seen.first_open();
        let mut general = 0;
        let mut fitting: Vec<&Hint> = hints
            .iter()
            .filter(|hint| {
                let is_general = hint.rank() == Rank::General;
                general += usize::from(is_general);
                // An older tutor kept no more than their number.
                let was_counted = is_general && general <= self.hints;
                !was_counted && !self.was_shown(&hint.text) && self.calls_for(hint)
            })
            .collect();
        fitting.sort_by_key(|hint| {
            let is_ahead = first_open.is_some_and(|open| hint.groups.iter().any(|g| g == open));
            (hint.rank(), !is_ahead)
        });
        fitting
    }

    /// The hints that were shown, in that order; nothing for one that is no longer in the course.
    #[must_use]
    pub fn shown<'a>(&self, hints: &'a Hints) -> Vec<Option<&'a Hint>> {
        let mut general = hints.iter().filter(|hint| hint.rank() == Rank::General);
        // An older tutor kept no more than their number.
        let counted: Vec<_> = (0..self.hints).map(|_| general.next()).collect();
        let named = self.shown_hints().map(|name| {
            hints
                .iter()
                .find(|hint| hash::of(&[hint.text.as_bytes()]) == name)
        });
        counted.into_iter().chain(named).collect()
    }

    fn calls_for(&self, hint: &Hint) -> bool {
        let seen = &self.seen;
        let is_done = !hint.groups.is_empty() && hint.groups.iter().all(|name| seen.passes(name));
        if is_done {
            return false;
        }
        let is_named = |id: &String| self.diagnosis.contains(id);
        if !hint.mistake.as_ref().is_none_or(is_named) {
            return false;
        }
        (hint.on.is_none() && hint.error.is_none()) || seen.has_shown(hint)
    }
}

impl Seen {
    /// Whether the hint's kind and words were seen together, in one of its groups if it names any.
    fn has_shown(&self, hint: &Hint) -> bool {
        if let Some(whole) = &self.whole {
            // Which group would have failed is not known.
            return whole.is_described_by(hint);
        }
        self.groups
            .iter()
            .filter(|group| hint.groups.is_empty() || hint.groups.contains(&group.name))
            .filter_map(|group| group.trouble.as_ref())
            .any(|trouble| trouble.is_described_by(hint))
    }
}

impl Trouble {
    fn is_described_by(&self, hint: &Hint) -> bool {
        hint.on.as_ref().is_none_or(|on| self.kind == *on)
            && hint
                .error
                .as_ref()
                .is_none_or(|error| self.message.contains(error.as_str()))
    }
}

#[cfg(test)]
mod tests;
