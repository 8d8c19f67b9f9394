//! What the learner has answered and predicted.

use serde::{Deserialize, Serialize};

use super::StepProgress;

/// What became of an exercise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// How often it was answered, until it was right.
    pub tries: u32,
    /// Whether one answer was right.
    pub right: bool,
}

impl StepProgress {
    /// What became of the exercise with this number.
    #[must_use]
    pub fn answered(&self, number: usize) -> Answered {
        self.answers.get(&number).copied().unwrap_or_default()
    }

    /// Notes an answer. What was right once stays so.
    pub fn answer(&mut self, number: usize, is_right: bool) {
        let known = self.answers.entry(number).or_default();
        if !known.right {
            known.tries = known.tries.saturating_add(1);
            known.right = is_right;
        }
    }

    /// What was predicted of an experiment when it last ran.
    #[must_use]
    pub fn prediction(&self, experiment: &str) -> Option<&str> {
        self.predictions.get(experiment).map(String::as_str)
    }

    /// Notes a prediction.
    pub fn predict(&mut self, experiment: &str, prediction: &str) {
        let prediction = prediction.to_owned();
        self.predictions.insert(experiment.to_owned(), prediction);
    }
}
