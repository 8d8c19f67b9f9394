//! The time at work on each step.
//!
//! Between two runs the learner worked on what was edited meanwhile, or on the step that was run
//! by itself. Running everything once more is no work on every step.

use super::{Progress, StepProgress};
use crate::course::{Course, Step};
use crate::engine::pipeline::Judgement;
use crate::files;
use crate::hash;

/// Seconds between two runs from which on the learner was doing something else.
const BREAK: u64 = 15 * 60;

impl Progress {
    /// Gives the time since the run before to the steps that were worked on. To be called before
    /// the judgements are noted.
    pub(super) fn spend(
        &mut self,
        course: &Course,
        judgements: &[Judgement],
        texts: &[String],
        now: u64,
    ) {
        let is_alone = judgements.len() == 1;
        let worked_on: Vec<&Step> = judgements
            .iter()
            .zip(texts)
            .map(|(judgement, text)| (&judgement.step, text))
            .filter(|(step, text)| is_alone || self.was_edited(course, step, text))
            .map(|(step, _)| step)
            .collect();
        let before = self.steps.values().map(|known| known.last_run).max();
        let share = share(before.unwrap_or_default(), now, worked_on.len());
        for step in worked_on {
            self.entry(step).seconds += share;
        }
    }

    /// Whether `text` is another than the one judged before: the skeleton, for the first time.
    fn was_edited(&self, course: &Course, step: &Step, text: &str) -> bool {
        match self.of(step) {
            Some(StepProgress {
                judged: Some(judged),
                ..
            }) => judged != text,
            // An older tutor did not note what it judged.
            Some(known) if known.attempts > 0 => false,
            _ => files::read_text(&course.skeleton_file(step))
                .is_ok_and(|skeleton| hash::of(&[skeleton.as_bytes()]) != text),
        }
    }
}

/// The seconds that each of `steps` steps was worked on from `before` to `now`.
fn share(before: u64, now: u64, steps: usize) -> u64 {
    match now.saturating_sub(before) {
        gap if gap < BREAK => gap / (steps.max(1) as u64),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_not_work_and_time_is_shared() {
        assert_eq!(share(1_000_000, 1_000_060, 1), 60);
        assert_eq!(share(1_000_000, 1_000_060, 3), 20);
        assert_eq!(share(1_000_000, 1_020_000, 1), 0);
        assert_eq!(share(1_000_000, 1_000_060, 0), 60);
        // A clock that was set back.
        assert_eq!(share(1_000_060, 1_000_000, 1), 0);
    }
}
