//! Events as they are written, one JSON object a line, and read back.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};

use crate::{Group, Instructions, Observation, Observations, Panic};

/// Something that an observation program has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A group begins.
    Group(String),
    /// A result, in the group that began last.
    Observation(Observation),
    /// A panic, in the group that began last.
    Panic(Panic),
    /// The group that began last is over.
    GroupEnd,
    /// The program is over.
    Finished,
}

impl Event {
    /// Writes the event and its line end in one call.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write_line(self, out)
    }
}

impl Instructions {
    /// Writes the orders and their line end in one call.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write_line(self, out)
    }

    /// Reads the orders, and nothing of what stands behind them.
    ///
    /// # Errors
    ///
    /// Those of the reader, or if there are none.
    pub fn read(from: impl Read) -> io::Result<Self> {
        let mut line = String::new();
        BufReader::new(from).read_line(&mut line)?;
        serde_json::from_str(&line).map_err(io::Error::other)
    }
}

fn write_line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::other)?;
    line.push(b'\n');
    out.write_all(&line)
}

impl Observations {
    /// Collects the events of `text`, which may begin with orders.
    ///
    /// A line that is no event ends the reading: the program died while writing it, or something
    /// else wrote to the file, and nothing behind it can be relied on.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let mut records = Self::read_each(text).into_iter();
        records.next().unwrap_or_default()
    }

    /// Collects the events of several runs, one behind the other. Only the last one may not have
    /// finished, and then nothing need stand in it.
    #[must_use]
    pub fn read_each(text: &[u8]) -> Vec<Self> {
        let mut all = vec![Self::default()];
        let mut lines = text.split(|&byte| byte == b'\n').peekable();
        lines.next_if(|line| serde_json::from_slice::<Instructions>(line).is_ok());
        for line in lines {
            let Ok(event) = serde_json::from_slice(line) else {
                break;
            };
            if all.last().is_some_and(|last| last.finished) {
                all.push(Self::default());
            }
            if !all.last_mut().is_some_and(|last| last.push(event)) {
                break;
            }
        }
        all
    }

    /// Takes in one event; false if it does not belong here.
    fn push(&mut self, event: Event) -> bool {
        match (event, self.groups.last_mut()) {
            (Event::Finished, _) => self.finished = true,
            (Event::Group(name), _) => self.groups.push(Group {
                name,
                observations: Vec::new(),
                panics: Vec::new(),
                ended: false,
            }),
            (Event::Observation(observation), Some(group)) => group.observations.push(observation),
            (Event::Panic(panic), Some(group)) => group.panics.push(panic),
            (Event::GroupEnd, Some(group)) => group.ended = true,
            (_, None) => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TensorValue, Tolerance, Value};

    fn events() -> Vec<Event> {
        vec![
            Event::Group("one batch".into()),
            Event::Observation(Observation {
                name: "output".into(),
                value: Value::Tensor(TensorValue::from_f32(vec![2], &[1.5, f32::NAN])),
                tolerance: Tolerance::DEFAULT,
            }),
            Event::GroupEnd,
            Event::Finished,
        ]
    }

    fn written(events: &[Event]) -> Vec<u8> {
        let mut text = Vec::new();
        for event in events {
            event.write(&mut text).expect("a Vec takes all");
        }
        text
    }

    #[test]
    fn reads_back_what_was_written() {
        let read = Observations::read(&written(&events()));
        assert!(read.finished);
        assert_eq!(read.groups.len(), 1);
        assert!(read.groups[0].ended);
        let Value::Tensor(tensor) = &read.groups[0].observations[0].value else {
            panic!("a tensor was written");
        };
        let values = tensor.values();
        assert_eq!(values[0], 1.5);
        assert!(values[1].is_nan());
    }

    #[test]
    fn keeps_what_stands_before_a_cut() {
        let text = written(&events());
        let cut = Observations::read(&text[..text.len() - 15]);
        assert!(!cut.finished);
        assert_eq!(cut.groups[0].observations.len(), 1);
        assert!(!cut.groups[0].ended);
    }

    #[test]
    fn orders_come_first() {
        let orders = Instructions {
            seed: 7,
            source: Some("a.rs".into()),
            choice: None,
            then: Vec::new(),
        };
        let mut text = Vec::new();
        orders.write(&mut text).expect("a Vec takes all");
        text.extend(written(&events()));
        assert_eq!(Instructions::read(&text[..]).ok(), Some(orders));
        assert!(Observations::read(&text).finished);
        assert!(Instructions::read(&written(&events())[..]).is_err());
    }

    #[test]
    fn nothing_counts_after_the_end() {
        let mut all = events();
        all.push(Event::Group("forged".into()));
        let read = Observations::read(&written(&all));
        assert_eq!(read.groups.len(), 1);
    }

    #[test]
    fn one_record_stands_behind_the_other() {
        let mut all = [events(), events()].concat();
        all.push(Event::Group("the next one".into()));
        let read = Observations::read_each(&written(&all));
        let finished: Vec<bool> = read.iter().map(|record| record.finished).collect();
        assert_eq!(finished, [true, true, false]);
        assert_eq!(read[1], read[0]);
        assert_eq!(read[2].groups[0].name, "the next one");
    }

    #[test]
    fn garbage_is_no_observation() {
        assert_eq!(Observations::read(b"\xff\xfe\n"), Observations::default());
        assert_eq!(Observations::read(b""), Observations::default());
    }
}
