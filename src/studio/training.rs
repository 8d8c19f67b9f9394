//! What a training has told so far, and how it is shown.

mod svg;
pub mod view;

use std::collections::VecDeque;

use serde_json::Value;

pub use svg::svg;

/// Steps whose time tells the speed.
const RECENT: usize = 32;

/// What is known of a training.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// How many steps there are to be.
    pub steps: u64,
    /// Steps that have been made.
    pub step: u64,
    /// Number of the model's parameters.
    pub parameters: u64,
    /// Tokens that a step learns from.
    pub tokens_per_step: u64,
    /// Step and loss of each batch.
    pub losses: Vec<(f64, f64)>,
    /// Step and loss on the text that is held back.
    pub validation: Vec<(f64, f64)>,
    /// The length of the last gradient, before clipping.
    pub gradient_norm: f64,
    /// The rate of the last step.
    pub learning_rate: f64,
    /// What the model wrote last.
    pub sample: String,
    /// The last step that was saved.
    pub saved: Option<u64>,
    /// Seconds that the last steps took.
    recent: VecDeque<f64>,
}

impl Training {
    /// Takes in an event of the program's.
    pub fn hear(&mut self, event: &Value) {
        let number = |key: &str| event[key].as_f64().unwrap_or(f64::NAN);
        let count = |key: &str| event[key].as_u64().unwrap_or_default();
        match event["event"].as_str().unwrap_or_default() {
            "start" => {
                self.steps = count("steps");
                self.step = count("step");
                self.parameters = count("parameters");
                self.tokens_per_step = count("tokens_per_step");
            }
            "step" => {
                self.step = count("step");
                self.losses.push((number("step"), number("loss")));
                self.gradient_norm = number("gradient_norm");
                self.learning_rate = number("learning_rate");
                if self.recent.len() == RECENT {
                    self.recent.pop_front();
                }
                self.recent.push_back(number("seconds"));
            }
            "validation" => self.validation.push((number("step"), number("loss"))),
            "sample" => event["text"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut self.sample),
            "saved" => self.saved = Some(count("step")),
            _ => {}
        }
    }

    /// Seconds that a step takes: the median of the last ones.
    #[must_use]
    pub fn seconds_per_step(&self) -> Option<f64> {
        let mut recent: Vec<f64> = self.recent.iter().copied().collect();
        recent.sort_by(f64::total_cmp);
        recent.get(recent.len() / 2).copied()
    }

    /// Tokens that are learnt from in a second.
    #[must_use]
    pub fn speed(&self) -> Option<f64> {
        let seconds = self.seconds_per_step()?;
        Some(self.tokens_per_step as f64 / seconds.max(1e-9))
    }

    /// Seconds that are left.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        let left = self.steps.saturating_sub(self.step);
        Some(self.seconds_per_step()? * left as f64)
    }

    /// Loss of the last batch.
    #[must_use]
    pub fn loss(&self) -> Option<f64> {
        self.losses.last().map(|(_, loss)| *loss)
    }

    /// A line about where it is, without styles.
    #[must_use]
    pub fn status(&self) -> String {
        let mut parts = vec![format!("step {} of {}", self.step, self.steps)];
        if let Some(loss) = self.loss() {
            parts.push(format!("loss {loss:.3}"));
        }
        if let Some((_, loss)) = self.validation.last() {
            parts.push(format!("validation {loss:.3}"));
        }
        if let Some(speed) = self.speed() {
            parts.push(format!("{} tokens/s", thousands(speed)));
        }
        if let Some(left) = self.seconds_left().filter(|left| *left >= 0.5) {
            parts.push(format!("{} left", duration(left)));
        }
        parts.join("  ")
    }
}

/// `12.3k` for 12,345, and `480` for less than a thousand.
fn thousands(number: f64) -> String {
    if number >= 999.5 {
        format!("{:.1}k", number / 1000.0)
    } else {
        format!("{number:.0}")
    }
}

/// `48 s`, `3 min 05 s` or `2 h 10 min`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn heard() -> Training {
        let mut training = Training::default();
        training.hear(
            &json!({"event": "start", "step": 0, "steps": 200, "parameters": 9,
            "tokens_per_step": 1024}),
        );
        for step in 1..=100 {
            training.hear(
                &json!({"event": "step", "step": step, "loss": 4.5 / f64::from(step),
                "gradient_norm": 1.5, "learning_rate": 1e-3,
                // One that was held up.
                "seconds": if step == 99 { 9.0 } else { 0.05 }}),
            );
        }
        training.hear(&json!({"event": "validation", "step": 100, "loss": 2.5}));
        training
    }

    #[test]
    fn one_slow_step_does_not_change_the_speed() {
        let status = heard().status();
        assert_eq!(
            status,
            "step 100 of 200  loss 0.045  validation 2.500  20.5k tokens/s  5 s left"
        );
    }

    #[test]
    fn durations_are_told_in_two_units_at_most() {
        assert_eq!(duration(47.6), "48 s");
        assert_eq!(duration(185.0), "3 min 05 s");
        assert_eq!(duration(7800.0), "2 h 10 min");
    }
}
