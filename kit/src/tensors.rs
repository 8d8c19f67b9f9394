//! The observer of a course with Burn: it offers tensors and modules as well, and records them.

use std::fmt::Display;
use std::ops::{Deref, DerefMut};
use std::process::ExitCode;

use burn::module::Module;
use burn::tensor::kind::Basic;
use burn::tensor::{BoolStore, DType as BurnDType, Device, DeviceType, Int, Tensor, TensorData};
use observation::{DType, TensorValue, Tolerance, Value};
use observer::Draws;

use crate::fill;

/// Offers a check its inputs and writes down its observations.
///
/// It does all that [`observer::Observer`] does. Inputs and parameters depend on the seed and on
/// their name only: two implementations get the same numbers, in whatever order they use them.
pub struct Observer {
    base: observer::Observer,
    device: Device,
}

/// Where tensors live: the one backend that this kit is built with.
const BACKEND: DeviceType = cfg_select! {
    feature = "flex" => DeviceType::Flex,
    feature = "tch" => DeviceType::LibTorch,
    _ => DeviceType::NdArray,
};

/// The device that this kit's backend computes on.
#[must_use]
pub fn device() -> Device {
    // `Device::ndarray()` is deprecated.
    let device = Device::enumerate(BACKEND).into_iter().next();
    device.unwrap_or_default()
}

/// Runs an observation program, as its `main`.
///
/// Exits with failure if standard input and output are not what `tutor` makes them.
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
    observer::run_as(programs)
}

impl From<observer::Observer> for Observer {
    fn from(base: observer::Observer) -> Self {
        Self {
            base,
            device: device(),
        }
    }
}

impl Deref for Observer {
    type Target = observer::Observer;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

impl DerefMut for Observer {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.base
    }
}

impl Observer {
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
        self.begin_group(name);
        // What is drawn from Burn's generator is the same in each run, and in each group by itself.
        self.device.seed(self.seed());
        // What was thrown is of no interest: the hook has kept message and place.
        let _ = observer::catch(&mut || body(self));
        self.end_group();
    }

    // Not left to the base, so that what is recorded may be made with the observer itself:
    // `o.number("…", f(o))`.

    /// Records a number. An overflow of `i64` is recorded as its largest value.
    pub fn integer(&mut self, name: &str, value: usize) {
        self.base.integer(name, value);
    }

    /// Records a number.
    pub fn number(&mut self, name: &str, value: f64) {
        self.base.number(name, value);
    }

    /// Records text: a `bool`, or anything else that is right or wrong as a whole.
    pub fn text(&mut self, name: &str, value: impl Display) {
        self.base.text(name, value);
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
        TensorData::new(float_values(self.seed(), name, low, high, shape), shape)
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
        let draws = self.draws(name);
        let values: Vec<i64> = (0..shape.iter().product())
            .map(|i| draws.below(bound, i))
            .collect();
        TensorData::new(values, shape)
    }

    /// The module with every float parameter overwritten: uniform in [-0.5, 0.5), a function of
    /// seed, path and position only. Biases and norms too, so that one left out shows.
    #[must_use]
    pub fn filled<M: Module>(&self, module: M) -> M {
        let seed = self.seed();
        fill::overwrite(module, &mut |path, shape| {
            float_values(seed, path, -0.5, 0.5, shape)
        })
    }

    /// Like [`filled`](Self::filled), with other values for each `name`.
    #[must_use]
    pub fn filled_with<M: Module>(&self, name: &str, module: M) -> M {
        let seed = self.seed();
        fill::overwrite(module, &mut |path, shape| {
            float_values(seed, &format!("{name}: {path}"), -0.5, 0.5, shape)
        })
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

    /// Records the tensor that `body` returns, or its error, or its panic. Unlike one outside, a
    /// panic in `body` does not end the group: what comes after it is observed.
    pub fn attempt<const D: usize, K: Basic, E: Display>(
        &mut self,
        name: &str,
        body: impl FnOnce() -> Result<Tensor<D, K>, E>,
    ) {
        let mut body = Some(body);
        self.attempt_value(name, &mut || {
            let tensor = body.take()?();
            let data = tensor.map(Tensor::into_data);
            Some(data.map(tensor_value).map_err(|e| e.to_string()))
        });
    }

    fn record_data(&mut self, name: &str, data: TensorData, tolerance: Tolerance) {
        self.record(name, tensor_value(data), tolerance);
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
        let nowhere = std::fs::File::options()
            .write(true)
            .open(if cfg!(windows) { "NUL" } else { "/dev/null" })
            .expect("every system has it");
        observer::Observer::new(seed, nowhere).into()
    }
}
