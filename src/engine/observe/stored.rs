//! Runs as they are kept in the cache: a line about each, and its record behind the line.

use std::io;

use observation::Observations;
use serde::{Deserialize, Serialize};

use super::{Run, RunEnding};
use crate::engine::sandbox::Printed;

/// What is kept of a run besides its record.
#[derive(Serialize, Deserialize)]
struct Head {
    ending: RunEnding,
    stdout: Printed,
    stderr: Printed,
    peak_memory: u64,
    /// How many bytes the record has.
    record: usize,
}

/// Writes runs down.
///
/// # Errors
///
/// Never, but for a bug.
pub fn to_bytes<'r>(runs: impl IntoIterator<Item = &'r Run>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for run in runs {
        let mut record = Vec::new();
        run.observations.write(&mut record)?;
        let head = Head {
            ending: run.ending.clone(),
            stdout: run.stdout.clone(),
            stderr: run.stderr.clone(),
            peak_memory: run.peak_memory,
            record: record.len(),
        };
        serde_json::to_writer(&mut bytes, &head)?;
        bytes.push(b'\n');
        bytes.append(&mut record);
    }
    Ok(bytes)
}

/// Reads what [`to_bytes`] wrote; nothing if it is not whole.
#[must_use]
pub fn from_bytes(mut bytes: &[u8]) -> Option<Vec<Run>> {
    let mut runs = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let (record, behind) = bytes[end + 1..].split_at_checked(head.record)?;
        runs.push(Run {
            observations: Observations::read(record),
            ending: head.ending,
            stdout: head.stdout,
            stderr: head.stderr,
            peak_memory: head.peak_memory,
        });
        bytes = behind;
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use observation::{Group, Observation, TensorValue, Tolerance, Value};

    use super::*;

    fn run(ending: RunEnding) -> Run {
        let observation = Observation {
            name: "x".into(),
            value: Value::Tensor(TensorValue::from_f32(vec![3], &[1.0, f32::NAN, -0.0])),
            tolerance: Tolerance::DEFAULT,
        };
        Run {
            observations: Observations {
                groups: vec![Group {
                    name: "g".into(),
                    observations: vec![observation; 2],
                    panics: Vec::new(),
                    ended: true,
                }],
                finished: ending == RunEnding::Finished,
            },
            ending,
            stdout: Printed {
                text: "a\nb".into(),
                cut: true,
            },
            stderr: Printed::default(),
            peak_memory: 7,
        }
    }

    #[test]
    fn runs_come_back_and_nothing_comes_of_a_cut() {
        let runs = vec![run(RunEnding::Finished), run(RunEnding::Exited(3))];
        let bytes = to_bytes(&runs).expect("it can be written");
        assert_eq!(from_bytes(&bytes), Some(runs));
        for cut in [bytes.len() - 1, bytes.len() / 2 + 9, 5] {
            assert_eq!(from_bytes(&bytes[..cut]), None, "{cut}");
        }
    }
}
