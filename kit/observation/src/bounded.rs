//! Lists of which no more is kept than anybody would read, however many elements a record has.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

/// Axes of a tensor or a parameter.
pub const AXES: usize = 64;

/// Parameters of a module.
pub const PARAMETERS: usize = 2_000;

/// Calls that led to a panic, the innermost first.
pub const CALLS: usize = 500;

/// Events of one run: the largest check records a few hundred. Whatever records more than this is no
/// check, and the rest of it is not read.
pub const EVENTS: usize = 20_000;

/// A list's first `MOST` elements; those behind them are read and thrown away, one by one.
pub fn list<'de, const MOST: usize, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(First::<T, MOST>(PhantomData))
}

/// Of more axes than any tensor has, the first are kept; bytes that do not fit these end the reading.
pub fn axes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, [usize]>, D::Error> {
    list::<AXES, _, _>(deserializer).map(Cow::Owned)
}

struct First<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for First<T, MOST> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < MOST {
            match elements.next_element()? {
                Some(element) => kept.push(element),
                None => return Ok(kept),
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Observation, Observations, Panic, Parameter, Place, Tolerance, Value};

    fn written(events: &[Event]) -> Vec<u8> {
        let mut text = Vec::new();
        for event in events {
            event.write(&mut text).expect("a Vec takes all");
        }
        text
    }

    #[test]
    fn no_more_is_kept_than_any_check_records() {
        let place = Place {
            file: "a.rs".into(),
            line: 1,
        };
        let parameter = Parameter {
            path: "w".into(),
            shape: vec![1; 10_000],
        };
        let many = vec![
            Event::Group("g".into()),
            Event::Observation(Observation {
                name: "table".into(),
                value: Value::Parameters(vec![parameter; 2 * PARAMETERS]),
                tolerance: Tolerance::EXACT,
            }),
            Event::Panic(Panic {
                message: "no".into(),
                at: None,
                calls: vec![place; 2 * CALLS],
                thread: None,
            }),
            Event::GroupEnd,
        ];
        let group = Observations::read(&written(&many)).groups.remove(0);
        let Value::Parameters(parameters) = &group.observations[0].value else {
            panic!("parameters were written");
        };
        assert_eq!(parameters.len(), PARAMETERS);
        assert_eq!(parameters[0].shape.len(), AXES);
        assert_eq!(group.panics[0].calls.len(), CALLS);
        assert!(group.ended);

        let endless = written(&[Event::Group("g".into())]).repeat(2 * EVENTS);
        assert_eq!(Observations::read(&endless).groups.len(), EVENTS);
    }
}
