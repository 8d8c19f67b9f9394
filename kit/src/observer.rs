//! The observer: inputs for the code under check, and a record of what comes out.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::module::Module;
use burn::tensor::kind::Basic;
use burn::tensor::{BoolStore, DType as BurnDType, Device, DeviceType, Int, Tensor, TensorData};
use observation::{Call, DType, Event, Instructions, Observation, TensorValue, Tolerance, Value};

use crate::channel;
use crate::fill;
use crate::inputs::Draws;
use crate::panics;

/// Offers a check its inputs and writes down its observations.
///
/// Inputs and parameters depend on the seed and on their name only: two implementations get the
/// same numbers, in whatever order they use them.
pub struct Observer {
    seed: u64,
    device: Device,
    output: File,
}

/// Where tensors live: the one backend that this kit is built with.
#[cfg(feature = "flex")]
const BACKEND: DeviceType = DeviceType::Flex;
#[cfg(not(feature = "flex"))]
const BACKEND: DeviceType = DeviceType::NdArray;

/// The device that this kit's backend computes on.
#[must_use]
pub fn device() -> Device {
    // `Device::ndarray()` is deprecated.
    let device = Device::enumerate(BACKEND).into_iter().next();
    device.unwrap_or_default()
}

/// Runs an observation program, as its `main`.
///
/// Exits with failure if standard input is not what `tutor` makes it.
#[must_use]
pub fn run(observe: fn(&mut Observer)) -> ExitCode {
    run_chosen(&[observe])
}

/// Runs one of several observation programs, as their `main`: the one that the orders name, the
/// first if they name none.
///
/// Exits with failure if there is no such one, and where [`run`] does.
#[must_use]
pub fn run_chosen(programs: &[fn(&mut Observer)]) -> ExitCode {
    let Some((orders, mut observer)) = Observer::open() else {
        return ExitCode::FAILURE;
    };
    let Some(observe) = programs.get(orders.choice.unwrap_or(0)) else {
        return ExitCode::FAILURE;
    };
    panics::keep(orders.source);
    observe(&mut observer);
    observer.write(&Event::Finished);
    ExitCode::SUCCESS
}

impl Observer {
    fn open() -> Option<(Instructions, Self)> {
        let output = channel::take().ok()?;
        let orders = Instructions::read(&output).ok()?;
        let observer = Self {
            seed: orders.seed,
            device: device(),
            output,
        };
        Some((orders, observer))
    }

    /// The seed that everything is drawn from. Not for checks: what is drawn from it has a name.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// The device that inputs live on and that modules are to be built on.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device.clone()
    }

    /// Observes under a heading of its own. A panic in `body` ends the group, not the program.
    pub fn group(&mut self, name: &str, mut body: impl FnMut(&mut Self)) {
        self.group_dyn(name, &mut body);
    }

    // What is generic is compiled with every step: as little as possible stays generic.
    fn group_dyn(&mut self, name: &str, body: &mut dyn FnMut(&mut Self)) {
        self.write(&Event::Group(name.to_owned()));
        // What is drawn from Burn's generator is the same in each run, and in each group by itself.
        self.device.seed(self.seed);
        // What was thrown is of no interest: the hook has kept message and place.
        let _ = panics::catch(&mut || body(self));
        self.write_panics();
        self.write(&Event::GroupEnd);
    }

    fn write_panics(&mut self) {
        for panic in panics::take() {
            self.write(&Event::Panic(panic));
        }
    }

    /// Floats uniform in [-3, 3): wide enough for the two forms of GELU to differ visibly.
    #[must_use]
    pub fn floats<const D: usize>(&self, name: &str, shape: [usize; D]) -> Tensor<D> {
        self.floats_between(name, -3.0, 3.0, shape)
    }

    /// Floats uniform in `low..high`.
    #[must_use]
    pub fn floats_between<const D: usize>(
        &self,
        name: &str,
        low: f64,
        high: f64,
        shape: [usize; D],
    ) -> Tensor<D> {
        Tensor::from_data(self.float_data(name, low, high, &shape), &self.device)
    }

    fn float_data(&self, name: &str, low: f64, high: f64, shape: &[usize]) -> TensorData {
        TensorData::new(float_values(self.seed, name, low, high, shape), shape)
    }

    /// Token or position ids in `0..bound`.
    #[must_use]
    pub fn ids<const D: usize>(
        &self,
        name: &str,
        bound: usize,
        shape: [usize; D],
    ) -> Tensor<D, Int> {
        Tensor::from_data(self.id_data(name, bound, &shape), &self.device)
    }

    fn id_data(&self, name: &str, bound: usize, shape: &[usize]) -> TensorData {
        let draws = Draws::new(self.seed, name);
        let values: Vec<i64> = (0..shape.iter().product())
            .map(|i| draws.below(bound, i))
            .collect();
        TensorData::new(values, shape)
    }

    /// An integer in `0..bound`.
    #[must_use]
    pub fn below(&self, name: &str, bound: usize) -> usize {
        usize::try_from(Draws::new(self.seed, name).below(bound, 0)).unwrap_or(0)
    }

    /// The module with every float parameter overwritten: uniform in [-0.5, 0.5), a function of
    /// seed, path and position only. Biases and norms too, so that one left out shows.
    #[must_use]
    pub fn filled<M: Module>(&self, module: M) -> M {
        let seed = self.seed;
        fill::overwrite(module, &mut |path, shape| {
            float_values(seed, path, -0.5, 0.5, shape)
        })
    }

    /// Like [`filled`](Self::filled), with other values for each `name`.
    #[must_use]
    pub fn filled_with<M: Module>(&self, name: &str, module: M) -> M {
        let seed = self.seed;
        fill::overwrite(module, &mut |path, shape| {
            float_values(seed, &format!("{name}: {path}"), -0.5, 0.5, shape)
        })
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
    #[expect(clippy::unused_self, reason = "it is asked for like everything else")]
    pub fn asset_path(&self, name: &str) -> PathBuf {
        let path = Path::new(observation::ASSETS).join(name);
        if path.exists() { path } else { flaw(name) }
    }

    /// Records paths and shapes of a module's parameters.
    pub fn parameters<M: Module>(&mut self, name: &str, module: &M) {
        self.record(
            name,
            Value::Parameters(fill::parameters(module)),
            Tolerance::DEFAULT,
        );
    }

    /// Records a tensor.
    pub fn tensor<const D: usize, K: Basic>(&mut self, name: &str, tensor: Tensor<D, K>) {
        self.tensor_within(name, tensor, Tolerance::DEFAULT);
    }

    /// Records a tensor that needs a tolerance of its own.
    pub fn tensor_within<const D: usize, K: Basic>(
        &mut self,
        name: &str,
        tensor: Tensor<D, K>,
        tolerance: Tolerance,
    ) {
        self.record_data(name, tensor.into_data(), tolerance);
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

    /// Records the tensor that `body` returns, or its error, or its panic. Unlike one outside, a
    /// panic in `body` does not end the group: what comes after it is observed.
    pub fn attempt<const D: usize, K: Basic, E: Display>(
        &mut self,
        name: &str,
        body: impl FnOnce() -> Result<Tensor<D, K>, E>,
    ) {
        let mut body = Some(body);
        self.attempt_dyn(name, &mut || {
            let tensor = body.take()?();
            Some(tensor.map(Tensor::into_data).map_err(|e| e.to_string()))
        });
    }

    fn attempt_dyn(
        &mut self,
        name: &str,
        body: &mut dyn FnMut() -> Option<Result<TensorData, String>>,
    ) {
        self.write_panics();
        let mut result = None;
        let value = match panics::catch(&mut || result = body()) {
            Ok(()) => match result {
                Some(Ok(data)) => tensor_value(data),
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

    fn record_data(&mut self, name: &str, data: TensorData, tolerance: Tolerance) {
        self.record(name, tensor_value(data), tolerance);
    }

    pub(crate) fn record(&mut self, name: &str, value: Value, tolerance: Tolerance) {
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

/// Floats for the thing called `name`.
fn float_values(seed: u64, name: &str, low: f64, high: f64, shape: &[usize]) -> Vec<f32> {
    let draws = Draws::new(seed, name);
    (0..shape.iter().product())
        .map(|i| draws.between(low, high, i))
        .collect()
}

pub(crate) fn tensor_value(data: TensorData) -> Value {
    let (bytes, shape, dtype) = data.into_parts();
    let dtype = match dtype {
        BurnDType::F64 => DType::F64,
        BurnDType::F32 => DType::F32,
        BurnDType::I64 => DType::I64,
        BurnDType::I32 => DType::I32,
        BurnDType::Bool(BoolStore::Native | BoolStore::U8) => DType::Bool,
        other => return Value::Text(format!("a tensor of {other:?}")),
    };
    match TensorValue::new(shape.to_vec(), dtype, bytes.to_vec()) {
        Some(tensor) => Value::Tensor(tensor),
        None => Value::Text("a tensor whose bytes do not fit its shape".to_owned()),
    }
}

#[cfg(test)]
impl Observer {
    /// One that records nothing.
    pub(crate) fn of_seed(seed: u64) -> Self {
        Self {
            seed,
            device: Device::default(),
            output: nowhere(),
        }
    }
}

#[cfg(test)]
fn nowhere() -> File {
    File::options()
        .write(true)
        .open(if cfg!(windows) { "NUL" } else { "/dev/null" })
        .expect("every system has it")
}
