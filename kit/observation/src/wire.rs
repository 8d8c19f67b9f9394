//! Events as they are written and read back: one JSON object a line, and the bytes of a tensor behind
//! the line that announces it.

use std::borrow::Cow;
use std::hint;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::bounded;
use crate::tensor::{self, DType, TensorValue};
use crate::{Group, Instructions, Observation, Observations, Panic, Tolerance, Value};

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

/// The line in front of a tensor's bytes; how many these are follows from shape and type.
#[derive(Serialize, Deserialize)]
struct Announcement<'a> {
    #[serde(borrow)]
    tensor: Cow<'a, str>,
    #[serde(deserialize_with = "bounded::axes")]
    shape: Cow<'a, [usize]>,
    dtype: DType,
    tolerance: Tolerance,
}

/// Bytes that orders have at most: a path, and some dozens of turns.
const ORDERS: usize = 64 << 10;

/// How an announcement begins, and no event.
const ANNOUNCED: &[u8] = b"{\"tensor\":";

impl Event {
    /// Writes the event. What is no tensor is written in one call.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Observation(observation) => observation.write(out),
            event => write_line(event, out),
        }
    }
}

impl Observation {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Value::Tensor(tensor) = &self.value else {
            return write_line(&Spoken::Observation(self), out);
        };
        let announcement = Announcement {
            tensor: Cow::Borrowed(&self.name),
            shape: Cow::Borrowed(tensor.shape()),
            dtype: tensor.dtype(),
            tolerance: self.tolerance,
        };
        write_line(&announcement, out)?;
        out.write_all(tensor.bytes())
    }
}

/// An event that holds no more than it must.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Spoken<'a> {
    Group(&'a str),
    Observation(&'a Observation),
    Panic(&'a Panic),
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

    /// Reads the orders, and leaves no second copy of them in memory.
    ///
    /// # Errors
    ///
    /// Those of the reader, or if there are none.
    pub fn read(mut from: impl Read) -> io::Result<Self> {
        let mut text = vec![0; ORDERS];
        let mut length = 0;
        while !text[..length].contains(&b'\n') {
            match from.read(&mut text[length..])? {
                0 => break,
                more => length += more,
            }
        }
        let line = text[..length].split(|&byte| byte == b'\n').next();
        let orders = serde_json::from_slice(line.unwrap_or_default());
        text.fill(0);
        // Otherwise nobody would read these zeros, and a compiler may leave them out.
        hint::black_box(&text);
        orders.map_err(io::Error::other)
    }
}

fn write_line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::other)?;
    line.push(b'\n');
    out.write_all(&line)
}

impl Observations {
    /// Writes the events of which these are the collection.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for group in &self.groups {
            write_line(&Spoken::Group(&group.name), out)?;
            for observation in &group.observations {
                observation.write(out)?;
            }
            for panic in &group.panics {
                write_line(&Spoken::Panic(panic), out)?;
            }
            if group.ended {
                Event::GroupEnd.write(out)?;
            }
        }
        if self.finished {
            Event::Finished.write(out)?;
        }
        Ok(())
    }

    /// Collects the events of `record`, which may begin with orders.
    ///
    /// What is no event ends the reading, and so does a tensor of which bytes are missing: the
    /// program died while writing it, or something else wrote to the file, and nothing behind it can
    /// be relied on. No more of a run is read than any check records.
    #[must_use]
    pub fn read(record: &[u8]) -> Self {
        let mut records = Self::read_each(record).into_iter();
        records.next().unwrap_or_default()
    }

    /// Collects the events of several runs, one behind the other. Only the last one may not have
    /// finished, and then nothing need stand in it.
    #[must_use]
    pub fn read_each(record: &[u8]) -> Vec<Self> {
        let mut all = vec![Self::default()];
        let mut rest = record;
        if let Some((line, behind)) = next_line(rest)
            && serde_json::from_slice::<Instructions>(line).is_ok()
        {
            rest = behind;
        }
        let mut events = 0;
        while let Some((event, behind)) = next_event(rest) {
            if all.last().is_some_and(|last| last.finished) {
                all.push(Self::default());
                events = 0;
            }
            events += 1;
            if events > bounded::EVENTS {
                break;
            }
            if !all.last_mut().is_some_and(|last| last.push(event)) {
                break;
            }
            rest = behind;
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

/// The first line, and what stands behind its end. The last line may have none.
fn next_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    match text.iter().position(|&byte| byte == b'\n') {
        Some(end) => Some((&text[..end], &text[end + 1..])),
        None => (!text.is_empty()).then_some((text, b"".as_slice())),
    }
}

/// The first event, and what stands behind it.
fn next_event(text: &[u8]) -> Option<(Event, &[u8])> {
    let (line, behind) = next_line(text)?;
    if !line.starts_with(ANNOUNCED) {
        return Some((serde_json::from_slice(line).ok()?, behind));
    }
    let announced: Announcement<'_> = serde_json::from_slice(line).ok()?;
    // Nothing is made room for before it is seen to be there: the line may be forged.
    let size = tensor::size(&announced.shape, announced.dtype)?;
    let (bytes, behind) = behind.split_at_checked(size)?;
    let shape = announced.shape.into_owned();
    let tensor = TensorValue::new(shape, announced.dtype, bytes.to_vec())?;
    let observation = Observation {
        name: announced.tensor.into_owned(),
        value: Value::Tensor(tensor),
        tolerance: announced.tolerance,
    };
    Some((Event::Observation(observation), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let ends = |length: usize| {
            let cut = Observations::read(&text[..length]);
            assert!(!cut.finished && !cut.groups[0].ended);
            cut.groups[0].observations.len()
        };
        let behind = "\"group_end\"\n\"finished\"\n".len();
        assert_eq!(ends(text.len() - 15), 1);
        assert_eq!(ends(text.len() - behind), 1);
        // Within the tensor's bytes, and within the line in front of them.
        assert_eq!(ends(text.len() - behind - 1), 0);
        assert_eq!(ends(text.len() - behind - 12), 0);
    }

    #[test]
    fn bytes_may_be_anything_and_are_taken_as_they_are() {
        let bytes = b"\n\"finished\"\n{\"tensor\":\n".to_vec();
        let tensor = TensorValue::new(vec![bytes.len()], DType::Bool, bytes).expect("it fits");
        let mut all = events();
        all[1] = Event::Observation(Observation {
            name: "two\nlines {".into(),
            value: Value::Tensor(tensor.clone()),
            tolerance: Tolerance::EXACT,
        });
        let read = Observations::read(&written(&all));
        assert!(read.finished);
        let observation = &read.groups[0].observations[0];
        assert_eq!(observation.name, "two\nlines {");
        assert_eq!(observation.value, Value::Tensor(tensor));
    }

    #[test]
    fn a_collection_is_written_as_it_was_read() {
        let mut all = events();
        all.insert(
            2,
            Event::Observation(Observation {
                name: "said".into(),
                value: Value::Text("a\nb".into()),
                tolerance: Tolerance::EXACT,
            }),
        );
        all.insert(
            3,
            Event::Panic(Panic {
                message: "no".into(),
                at: None,
                calls: Vec::new(),
                thread: None,
            }),
        );
        let text = written(&all);
        let mut again = Vec::new();
        let read = Observations::read(&text);
        read.write(&mut again).expect("a Vec takes all");
        assert_eq!(again, text);
    }

    #[test]
    fn a_forged_tensor_ends_the_reading() {
        let forged = |shape: &str, bytes: &[u8]| {
            let line = format!(
                "{{\"tensor\":\"x\",\"shape\":{shape},\"dtype\":\"f64\",\
                 \"tolerance\":{{\"relative\":0.0,\"absolute\":0.0}}}}\n"
            );
            let mut text = b"{\"group\":\"g\"}\n".to_vec();
            text.extend(line.bytes());
            text.extend(bytes);
            Observations::read(&text).groups[0].observations.len()
        };
        assert_eq!(forged("[1]", &[0; 8]), 1);
        for shape in [
            "[2]",
            "[1152921504606846976]",
            "[18446744073709551615,2]",
            "[-1]",
        ] {
            assert_eq!(forged(shape, &[0; 8]), 0, "{shape}");
        }
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
