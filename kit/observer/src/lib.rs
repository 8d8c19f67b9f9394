//! The observer: offers a check its inputs and writes down what it observes.
//!
//! It knows numbers, words and calls, and no crate that a course is about. A course's kit hands it
//! on as it is, or has an observer of its own that stands on it and records more: see [`run_as`].

mod channel;
mod draws;
mod panics;
mod program;
mod recorded;

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use observation::{Call, Event, Observation, TensorValue, Value};

pub use draws::Draws;
pub use observation::Tolerance;
pub use panics::catch;
pub use program::{run, run_as, run_chosen};
pub use recorded::{Element, Recorded};

/// Offers a check its inputs and writes down its observations.
///
/// Inputs depend on the seed and on their name only: two implementations get the same numbers, in
/// whatever order they use them.
pub struct Observer {
    seed: u64,
    output: File,
}

impl Observer {
    /// One that draws from `seed` and records into `output`.
    #[must_use]
    pub fn new(seed: u64, output: File) -> Self {
        Self { seed, output }
    }

    /// The seed that everything is drawn from. Not for checks: what is drawn from it has a name.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The numbers that belong to `name`.
    #[must_use]
    pub fn draws(&self, name: &str) -> Draws {
        Draws::new(self.seed, name)
    }

    /// An integer in `0..bound`.
    #[must_use]
    pub fn below(&self, name: &str, bound: usize) -> usize {
        usize::try_from(self.draws(name).below(bound, 0)).unwrap_or(0)
    }

    /// `count` integers in `0..bound`.
    #[must_use]
    pub fn integers(&self, name: &str, bound: usize, count: usize) -> Vec<usize> {
        let draws = self.draws(name);
        (0..count)
            .map(|i| usize::try_from(draws.below(bound, i)).unwrap_or(0))
            .collect()
    }

    /// `count` numbers uniform in `low..high`.
    #[must_use]
    pub fn reals(&self, name: &str, low: f64, high: f64, count: usize) -> Vec<f64> {
        let draws = self.draws(name);
        (0..count)
            .map(|i| low + (high - low) * draws.unit(i))
            .collect()
    }

    /// `N` different numbers in `low..=high`.
    ///
    /// # Panics
    ///
    /// If there are not as many numbers.
    #[must_use]
    pub fn distinct<const N: usize>(&self, name: &str, low: usize, high: usize) -> [usize; N] {
        let mut found = [0; N];
        self.draw_distinct(name, low, high, &mut found);
        found
    }

    // What is generic is compiled with every step: as little as possible stays generic.
    fn draw_distinct(&self, name: &str, low: usize, high: usize, found: &mut [usize]) {
        let mut left: Vec<usize> = (low..=high).collect();
        let draws = self.draws(name);
        for (i, place) in found.iter_mut().enumerate() {
            let at = usize::try_from(draws.below(left.len(), i)).unwrap_or(0);
            *place = left.swap_remove(at);
        }
    }

    /// Opens a file of the course's `assets/` that `course.toml` names for this step.
    ///
    /// One that is not named there is a flaw of the course, which ends the program.
    #[must_use]
    pub fn asset(&self, name: &str) -> File {
        File::open(self.asset_path(name)).unwrap_or_else(|_| flaw(name))
    }

    /// Where [`asset`](Self::asset) finds that file, for steps that are given a path.
    #[must_use]
    pub fn asset_path(&self, name: &str) -> PathBuf {
        let path = Path::new(observation::ASSETS).join(name);
        // In a sandbox a file can be opened that cannot be asked for.
        if File::open(&path).is_ok() {
            path
        } else {
            flaw(name)
        }
    }

    /// Observes under a heading of its own. A panic in `body` ends the group, not the program.
    pub fn group(&mut self, name: &str, mut body: impl FnMut(&mut Self)) {
        self.begin_group(name);
        // What was thrown is of no interest: the hook has kept message and place.
        let _ = catch(&mut || body(self));
        self.end_group();
    }

    /// Begins a group, for an observer that stands on this one: it catches panics itself.
    pub fn begin_group(&mut self, name: &str) {
        self.write(&Event::Group(name.to_owned()));
    }

    /// Ends the group that was begun last.
    pub fn end_group(&mut self) {
        self.write_panics();
        self.write(&Event::GroupEnd);
    }

    fn write_panics(&mut self) {
        for panic in panics::take() {
            self.write(&Event::Panic(panic));
        }
    }

    /// Records numbers: one, or a sequence of them.
    pub fn numbers(&mut self, name: &str, numbers: impl Recorded) {
        self.numbers_within(name, numbers, Tolerance::DEFAULT);
    }

    /// Records numbers that need a tolerance of their own.
    pub fn numbers_within(&mut self, name: &str, numbers: impl Recorded, tolerance: Tolerance) {
        self.record(name, numbers.value(), tolerance);
    }

    /// Records the elements of an array with these axes, in row-major order.
    pub fn array<E: Element>(&mut self, name: &str, shape: &[usize], elements: &[E]) {
        let value = recorded::array(shape, elements);
        self.record(name, value, Tolerance::DEFAULT);
    }

    /// Records a number. An overflow of `i64` is recorded as its largest value.
    pub fn integer(&mut self, name: &str, value: usize) {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        self.record(
            name,
            Value::Tensor(TensorValue::scalar_i64(value)),
            Tolerance::DEFAULT,
        );
    }

    /// Records a number.
    pub fn number(&mut self, name: &str, value: f64) {
        self.number_within(name, value, Tolerance::DEFAULT);
    }

    /// Records a number that needs a tolerance of its own.
    pub fn number_within(&mut self, name: &str, value: f64, tolerance: Tolerance) {
        self.record(
            name,
            Value::Tensor(TensorValue::scalar_f64(value)),
            tolerance,
        );
    }

    /// Records text: a `bool`, or anything else that is right or wrong as a whole.
    pub fn text(&mut self, name: &str, value: impl Display) {
        self.record(name, Value::Text(value.to_string()), Tolerance::DEFAULT);
    }

    /// Records the numbers that `body` returns, or its error, or its panic. Unlike one outside, a
    /// panic in `body` does not end the group: what comes after it is observed.
    pub fn attempt<R: Recorded, E: Display>(
        &mut self,
        name: &str,
        body: impl FnOnce() -> Result<R, E>,
    ) {
        let mut body = Some(body);
        self.attempt_value(name, &mut || {
            let numbers = body.take()?();
            Some(numbers.map(Recorded::value).map_err(|e| e.to_string()))
        });
    }

    /// Like [`attempt`](Self::attempt), for an observer that stands on this one: `body` returns what
    /// is to be recorded or an error's text, and is called once.
    pub fn attempt_value(
        &mut self,
        name: &str,
        body: &mut dyn FnMut() -> Option<Result<Value, String>>,
    ) {
        self.write_panics();
        let mut result = None;
        let value = match catch(&mut || result = body()) {
            Ok(()) => match result {
                Some(Ok(value)) => value,
                Some(Err(message)) => Value::Call(Call::Error { message }),
                None => Value::Call(Call::Accepted),
            },
            Err(_) => Value::Call(thrown()),
        };
        self.record(name, value, Tolerance::DEFAULT);
    }

    /// Records whether `body` refuses its input by a panic.
    pub fn call<T>(&mut self, name: &str, body: impl FnOnce() -> T) {
        let mut body = Some(body);
        self.call_dyn(name, &mut || {
            drop(body.take()?());
            None
        });
    }

    /// Records whether `body` refuses its input, by an error or by a panic.
    pub fn fallible_call<T, E: Display>(
        &mut self,
        name: &str,
        body: impl FnOnce() -> Result<T, E>,
    ) {
        let mut body = Some(body);
        self.call_dyn(name, &mut || {
            body.take()?().err().map(|error| error.to_string())
        });
    }

    /// `body` returns the error's text, if there is an error.
    fn call_dyn(&mut self, name: &str, body: &mut dyn FnMut() -> Option<String>) {
        self.write_panics();
        let mut error = None;
        let call = match panics::catch_expected(&mut || error = body()) {
            Ok(()) => match error {
                None => Call::Accepted,
                Some(message) => Call::Error { message },
            },
            Err(_) => thrown(),
        };
        self.record(name, Value::Call(call), Tolerance::DEFAULT);
    }

    /// Records anything that a record can hold.
    pub fn record(&mut self, name: &str, value: Value, tolerance: Tolerance) {
        // Of what is infinite, there is no sound tolerance; and the record has no way to write one.
        let sound = |allowed: f64| if allowed.is_finite() { allowed } else { 0.0 };
        let tolerance = Tolerance {
            relative: sound(tolerance.relative),
            absolute: sound(tolerance.absolute),
        };
        self.write(&Event::Observation(Observation {
            name: name.to_owned(),
            value,
            tolerance,
        }));
    }

    fn write(&mut self, event: &Event) {
        // A full disk or a file-size limit: nothing more can be recorded, and a program that goes
        // on regardless would look like one that observed nothing.
        if event.write(&mut self.output).is_err() {
            std::process::abort();
        }
    }
}

/// Ends the program because the course does not name an asset that its check asks for.
fn flaw(name: &str) -> ! {
    // Who reads it is told of the signal in any case.
    let _ = writeln!(
        io::stderr(),
        "the asset `{name}` is not among the `assets` of this step in course.toml"
    );
    std::process::abort();
}

/// The panic that a call ended with.
fn thrown() -> Call {
    match panics::take().into_iter().next() {
        Some(panic) => Call::Panicked(panic),
        // The hook was replaced by the code under check.
        None => Call::Error {
            message: "a panic without a message".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use observation::Observations;

    /// What `observe` records.
    fn recorded(observe: impl FnOnce(&mut Observer)) -> Observations {
        let file = std::env::temp_dir().join(format!(
            "observer-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        let output = File::create(&file).expect("it can be made");
        observe(&mut Observer::new(7, output));
        let text = std::fs::read(&file).expect("it is there");
        std::fs::remove_file(&file).expect("it is there");
        Observations::read(&text)
    }

    #[test]
    fn numbers_are_different_and_in_their_range() {
        recorded(|o| {
            for seed in 0..50 {
                o.seed = seed;
                let mut found = o.distinct::<4>("n", 2, 5);
                found.sort_unstable();
                assert_eq!(found, [2, 3, 4, 5]);
                assert!(
                    o.reals("x", -2.0, 3.0, 9)
                        .iter()
                        .all(|x| (-2.0..3.0).contains(x))
                );
                assert!(o.integers("i", 4, 9).iter().all(|&i| i < 4));
            }
        });
    }

    #[test]
    fn a_group_holds_numbers_and_what_became_of_calls() {
        let all = recorded(|o| {
            o.group("g", |o| {
                o.numbers("x", [1.5, -2.0].as_slice());
                o.array("table", &[2, 2], &[1_i64, 2, 3, 4]);
                o.array("misfit", &[3], &[1_i64, 2]);
                o.attempt("y", || Ok::<f64, String>(0.25));
                o.attempt("error", || Err::<f64, _>("too large"));
            });
        });
        let shapes: Vec<Option<Vec<usize>>> = (all.groups[0].observations.iter())
            .map(|observation| match &observation.value {
                Value::Tensor(tensor) => Some(tensor.shape().to_vec()),
                _ => None,
            })
            .collect();
        let expected = [Some(vec![2]), Some(vec![2, 2]), None, Some(vec![]), None];
        assert_eq!(shapes, expected);
        assert!(all.groups[0].ended);
    }
}
