//! A bar in a terminal, plain lines elsewhere; both on standard error.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar as Bar, ProgressStyle};

use super::note;

/// Progress of something that takes long.
pub enum ProgressBar {
    /// Drawn over itself.
    Bar(Bar),
    /// A line for every tenth.
    Lines {
        /// What is counted.
        unit: &'static str,
        /// What 100 % is.
        total: usize,
        /// Tenths said so far.
        said: usize,
    },
}

impl ProgressBar {
    /// Starts at 0 of `total`; `unit` is what is counted, as in "crates".
    #[must_use]
    pub fn new(total: usize, unit: &'static str) -> Self {
        Self::with(total, unit, "{elapsed}")
    }

    /// The same for things that take equally long, so that the time left can be told.
    #[must_use]
    pub fn with_time_left(total: usize, unit: &'static str) -> Self {
        Self::with(total, unit, "{elapsed}, {eta} left")
    }

    fn with(total: usize, unit: &'static str, times: &str) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines {
                unit,
                total,
                said: 0,
            };
        }
        let bar = Bar::new(total as u64);
        let template = format!("{{bar:30}} {{pos}}/{{len}} {unit}  {times}  {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self::Bar(bar)
    }

    /// `done` of the total are done, `name` last.
    pub fn set(&mut self, done: usize, name: &str) {
        match self {
            Self::Bar(bar) => {
                // The total is an estimate; a bar that runs past its end looks broken.
                bar.set_length(bar.length().unwrap_or(0).max(done as u64));
                bar.set_position(done as u64);
                bar.set_message(name.to_owned());
            }
            Self::Lines { unit, total, said } => {
                let tenths = done * 10 / (*total).max(1);
                if tenths > *said {
                    *said = tenths;
                    note(&format!("{done} of {} {unit}", (*total).max(done)));
                }
            }
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
