//! A run as the reference's observations see it: one mark for each of them.

use observation::{Group, Observation, Observations, Tolerance, Value};

use super::align::{self, Entries};
use super::compare::{self, reaction};

/// Wrong numbers of a tensor that another cause is not likely to give by chance.
const TELLING: usize = 4;

/// The same for whole numbers: where the likeliest token is another, it is the second likeliest as a
/// rule, whatever the cause.
const TELLING_WHOLE: usize = 8;

/// One observation of a run, beside the reference's.
#[derive(Clone)]
pub enum Mark<'a> {
    /// As it should be.
    Same,
    /// Not as it should be, but like this; and how many numbers of a tensor are wrong.
    Other(&'a Observation, usize),
    /// A panic came before it.
    Panicked(&'a str),
    /// The process died before it.
    Died,
    /// The check recorded nothing in its place.
    Absent,
    /// The group's observations have other names, or another order.
    Entries(Entries),
    /// There is nothing to be said: a `todo!()`, or the process had died by then.
    Unknown,
}

/// A run, group by group; the last mark of a group is that of its observations' names.
pub struct Marks<'a>(Vec<Vec<Mark<'a>>>);

impl<'a> Marks<'a> {
    pub fn new(run: &'a Observations, reference: &Observations) -> Self {
        let groups = reference.groups.iter().enumerate();
        let of_group = |(position, expected): (usize, &Group)| {
            let got = run.groups.get(position);
            match got.filter(|got| got.name == expected.name) {
                Some(got) => marks(got, expected),
                None => vec![Mark::Unknown; expected.observations.len() + 1],
            }
        };
        Self(groups.map(of_group).collect())
    }

    /// The marks of one group.
    pub fn group(&self, group: usize) -> &[Mark<'a>] {
        &self.0[group]
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn marks<'a>(got: &'a Group, expected: &Group) -> Vec<Mark<'a>> {
    let pairs = align::pairs(got, expected).into_iter();
    let of_names = match align::entries(got, expected) {
        None => Mark::Same,
        Some(entries) => Mark::Entries(entries),
    };
    pairs
        .map(|(found, expected)| match found {
            Some(found) if compare::is_todo(&found.value) => Mark::Unknown,
            Some(found) if compare::is_right(found, expected) => Mark::Same,
            Some(found) => Mark::Other(found, wrong_numbers(found, expected)),
            None => absent(got),
        })
        .chain([of_names])
        .collect()
}

/// How many numbers of a tensor are not those of the reference; all, if the shape is another.
fn wrong_numbers(found: &Observation, expected: &Observation) -> usize {
    let Value::Tensor(got) = &found.value else {
        return 0;
    };
    match &expected.value {
        Value::Tensor(right) if got.shape() == right.shape() => {
            let pairs = got.elements().zip(right.elements());
            pairs
                .filter(|&(a, b)| !expected.tolerance.accepts(a, b))
                .count()
        }
        _ => got.len(),
    }
}

/// What became of an observation that is not there.
fn absent(got: &Group) -> Mark<'_> {
    match got.panics.first() {
        Some(panic) if compare::is_todo_message(&panic.message) => Mark::Unknown,
        Some(panic) => Mark::Panicked(&panic.message),
        None if !got.ended => Mark::Died,
        None => Mark::Absent,
    }
}

impl Mark<'_> {
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same)
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether something is wrong here, for all that is known.
    pub fn is_wrong(&self) -> bool {
        !self.is_same() && !self.is_unknown()
    }

    /// Whether this, of a run, went wrong in the way that `known`, of a known mistake, does.
    pub fn is_like(&self, known: &Self) -> bool {
        match (self, known) {
            (Self::Other(a, _), Self::Other(b, _)) => values_alike(a, b),
            // The same words and the same numbers: another cause says something else.
            (Self::Panicked(a), Self::Panicked(b)) => a == b,
            (Self::Entries(a), Self::Entries(b)) => a == b,
            (Self::Died, Self::Died) | (Self::Absent, Self::Absent) => true,
            (Self::Unknown, _) | (_, Self::Unknown) => true,
            _ => false,
        }
    }

    /// Whether it is a tensor with enough numbers for two causes at once to follow from them.
    pub fn is_numbers(&self) -> bool {
        matches!(self, Self::Other(o, _) if matches!(o.value, Value::Tensor(_)))
            && self.is_telling()
    }

    /// Whether it says enough for a cause to follow from it alone: numbers that nothing else is
    /// likely to give.
    pub fn is_telling(&self) -> bool {
        match self {
            Self::Other(observation, wrong) => match &observation.value {
                Value::Tensor(tensor) if tensor.dtype().is_float() => *wrong >= TELLING,
                Value::Tensor(_) => *wrong >= TELLING_WHOLE,
                Value::Text(text) => text.chars().filter(char::is_ascii_digit).count() > 1,
                Value::Parameters(_) => true,
                Value::Call(_) => false,
            },
            Self::Entries(_) => true,
            _ => false,
        }
    }
}

/// Like the judge's comparison, but NaN is like NaN, and a statistic has the room that its own
/// draws ask for.
fn values_alike(run: &Observation, known: &Observation) -> bool {
    match (&run.value, &known.value) {
        (Value::Tensor(a), Value::Tensor(b)) => {
            let tolerance = if b.dtype().is_float() {
                known.tolerance
            } else {
                Tolerance::EXACT
            };
            let close = |(x, y): (f64, f64)| tolerance.accepts(x, y) || (x.is_nan() && y.is_nan());
            a.shape() == b.shape()
                && a.dtype() == b.dtype()
                && a.elements().zip(b.elements()).all(close)
        }
        (Value::Call(a), Value::Call(b)) => reaction(a) == reaction(b),
        (a, b) => a == b,
    }
}
