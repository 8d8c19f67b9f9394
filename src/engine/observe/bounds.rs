//! Limits of what a step may record: what it says and what it names is kept for people to read, and
//! goes into every report.
//!
//! A reference's own record is read with the same limits and stays far below them; nothing that is
//! cut is taken for it.

use observation::{Call, Group, Observations, Panic, Parameter, Value};

use crate::engine::cut::{MESSAGE, cut};

/// Characters of a recorded text.
const TEXT: usize = 16_000;

/// Characters of a name.
const NAME: usize = 120;

/// Characters of a file's name. Where a panic comes from is told by the step's own process.
const PATH: usize = 4_000;

/// Groups of a record, and observations and panics of a group.
const ENTRIES: usize = 500;

/// Parameters of a module.
const PARAMETERS: usize = 1_000;

/// Axes of a parameter.
const AXES: usize = 32;

/// Calls that led to a panic, the innermost first.
const CALLS: usize = 200;

/// Bytes of all names and texts of a record together: a hundred times what the largest check records.
const ALL: usize = 2 << 20;

/// Cuts whatever is longer than anybody would read.
pub fn bound(observations: &mut Observations) {
    let mut left = Left(ALL);
    observations.groups.truncate(ENTRIES);
    for group in &mut observations.groups {
        left.bound_group(group);
    }
}

/// How many bytes may still be kept of a record.
struct Left(usize);

impl Left {
    /// Cuts a text to so many characters, or to what is left.
    fn cut(&mut self, text: &mut String, limit: usize) {
        cut(text, limit.min(self.0));
        self.0 = self.0.saturating_sub(text.len());
    }

    fn bound_group(&mut self, group: &mut Group) {
        self.cut(&mut group.name, NAME);
        group.observations.truncate(ENTRIES);
        for observation in &mut group.observations {
            self.cut(&mut observation.name, NAME);
            match &mut observation.value {
                Value::Tensor(_) | Value::Call(Call::Accepted) => {}
                Value::Parameters(parameters) => {
                    parameters.truncate(PARAMETERS);
                    for parameter in parameters {
                        self.bound_parameter(parameter);
                    }
                }
                Value::Call(Call::Error { message }) => self.cut(message, MESSAGE),
                Value::Call(Call::Panicked(panic)) => self.bound_panic(panic),
                Value::Text(text) => self.cut(text, TEXT),
            }
        }
        group.panics.truncate(ENTRIES);
        for panic in &mut group.panics {
            self.bound_panic(panic);
        }
    }

    fn bound_parameter(&mut self, parameter: &mut Parameter) {
        self.cut(&mut parameter.path, NAME);
        parameter.shape.truncate(AXES);
    }

    fn bound_panic(&mut self, panic: &mut Panic) {
        self.cut(&mut panic.message, MESSAGE);
        panic.calls.truncate(CALLS);
        for place in panic.at.iter_mut().chain(&mut panic.calls) {
            self.cut(&mut place.file, PATH);
        }
        if let Some(thread) = &mut panic.thread {
            self.cut(thread, NAME);
        }
    }
}

#[cfg(test)]
mod tests {
    use observation::{Observation, Tolerance};

    use super::*;

    fn panic(message: String, calls: usize) -> Panic {
        let place = observation::Place {
            file: "a.rs".into(),
            line: 1,
        };
        Panic {
            message,
            at: None,
            calls: vec![place; calls],
            thread: Some("t".repeat(1 << 15)),
        }
    }

    /// `times` observations of `value`, under a long name.
    fn recorded(value: Value, times: usize) -> Observations {
        let observation = Observation {
            name: "n".repeat(1 << 14),
            value,
            tolerance: Tolerance::EXACT,
        };
        let group = Group {
            name: "g".repeat(1 << 20),
            observations: vec![observation; times],
            panics: vec![panic("p".repeat(1 << 20), 1_000)],
            ended: true,
        };
        Observations {
            groups: vec![group],
            finished: true,
        }
    }

    fn written(observations: &Observations) -> usize {
        let mut text = Vec::new();
        observations.write(&mut text).expect("a Vec takes all");
        text.len()
    }

    #[test]
    fn nothing_is_longer_than_anybody_would_read() {
        let parameter = Parameter {
            path: "a.".repeat(1 << 10),
            shape: vec![1; 1_000],
        };
        for value in [
            Value::Text("ä".repeat(1 << 15)),
            Value::Call(Call::Error {
                message: "e".repeat(1 << 15),
            }),
            Value::Call(Call::Panicked(panic("p".repeat(1 << 15), 0))),
        ] {
            let mut observations = recorded(value, 2 * ENTRIES);
            bound(&mut observations);
            let size = written(&observations);
            assert!(size < 2 * ALL, "{size}");
        }
        let mut observations = recorded(Value::Parameters(vec![parameter; 2_000]), 1);
        bound(&mut observations);
        let size = written(&observations);
        assert!(size < PARAMETERS * 400, "{size}");
    }

    #[test]
    fn a_cut_is_told_and_falls_between_characters() {
        let mut text = "äöü".to_owned();
        cut(&mut text, 3);
        assert_eq!(text, "äöü");
        cut(&mut text, 2);
        assert_eq!(text, "äö… (3 characters in all)");
    }
}
