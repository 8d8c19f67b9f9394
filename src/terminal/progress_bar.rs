//! A bar in a terminal, plain lines elsewhere; both on standard error.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{DecimalBytes, ProgressBar as Bar, ProgressStyle};

use super::note;

/// The unit that is written by thousands.
const BYTES: &str = "bytes";

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

    /// The same for bytes of a file, of which `done` are there from before.
    #[must_use]
    pub fn bytes(total: u64, done: u64) -> Self {
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let mut bar = Self::with(total, BYTES, "");
        match &mut bar {
            Self::Bar(bar) => {
                let template = "{bar:30} {decimal_bytes} of {decimal_total_bytes}  \
                    {decimal_bytes_per_sec}, {eta} left";
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
                bar.set_position(done);
                // What is there says nothing about how fast the rest comes.
                bar.reset_eta();
            }
            Self::Lines { said, .. } => {
                *said = tenths(usize::try_from(done).unwrap_or(usize::MAX), total);
            }
        }
        bar
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
                let tenths = tenths(done, *total);
                if tenths > *said {
                    *said = tenths;
                    let total = (*total).max(done);
                    note(&match *unit {
                        BYTES => format!(
                            "{} of {}",
                            DecimalBytes(done as u64),
                            DecimalBytes(total as u64)
                        ),
                        unit => format!("{done} of {total} {unit}"),
                    });
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

fn tenths(done: usize, total: usize) -> usize {
    done.saturating_mul(10) / total.max(1)
}
