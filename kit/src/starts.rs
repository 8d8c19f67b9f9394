//! What a module starts from, as statistics; and what its parameters learn.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData};
use observation::{DType, TensorValue, Tolerance};

use crate::Observer;
use crate::fill::Path;
use crate::tensors::tensor_value;

/// Standard deviations of a statistic that two sound starts may lie apart. Of some ten thousand
/// comparisons, none is that far off.
const SIGMAS: f64 = 6.0;

/// How much of a normal distribution lies more than two deviations from its mean.
const BEYOND: f64 = 0.0455;

/// Sums over many tokens, with cancellation on the way.
const GRADIENTS: Tolerance = Tolerance {
    relative: 1e-3,
    absolute: 1e-3,
};

impl Observer {
    /// Records what a module's float parameters start from, path by path: mean, standard deviation
    /// and the share of values beyond two deviations, each as exact as that many draws allow.
    ///
    /// Three thousand draws tell 0.02 from 0.022, and a normal distribution from a uniform one. Of
    /// a parameter whose values are all the same, the same has to be equal to the last digit.
    pub fn start<M: Module>(&mut self, name: &str, module: &M) {
        self.record_starts(name, Floats::of(module, None));
    }

    fn record_starts(&mut self, name: &str, found: Vec<(String, Option<TensorData>)>) {
        for (path, data) in found {
            if let Some(data) = data {
                self.start_of(&format!("{name}{path}"), data);
            }
        }
    }

    /// Like [`start`](Self::start), of a single tensor.
    pub fn start_tensor<const D: usize>(&mut self, name: &str, tensor: Tensor<D>) {
        self.start_of(name, tensor.into_data());
    }

    fn start_of(&mut self, name: &str, data: TensorData) {
        let value = tensor_value(data);
        let observation::Value::Tensor(tensor) = value else {
            return self.record(name, value, Tolerance::EXACT);
        };
        let found = Statistics::of(&tensor.values());
        for (what, value, tolerance) in found.described() {
            let value = scalar(value, tensor.dtype());
            self.record(&format!("{name}: {what}"), value, tolerance);
        }
    }

    /// Records which float parameters hold the same values in both modules, by path: of two that
    /// are made one after the other, those that are not drawn at random.
    pub fn alike<M: Module>(&mut self, name: &str, first: &M, second: &M) {
        let said = alike(Floats::of(first, None), Floats::of(second, None));
        self.text(name, said);
    }

    /// Records the gradient of `loss` in each of a module's float parameters, or that there is
    /// none. The module has to be on a device with [`autodiff`](burn::tensor::Device::autodiff).
    pub fn gradients<M: Module>(&mut self, name: &str, module: &M, loss: &Tensor<1>) {
        // Nothing that an untracked loss was made from can learn.
        let found = if loss.is_tracked() {
            Floats::of(module, Some(&loss.backward()))
        } else {
            without_values(Floats::of(module, None))
        };
        self.record_gradients(name, found);
    }

    fn record_gradients(&mut self, name: &str, found: Vec<(String, Option<TensorData>)>) {
        for (path, gradient) in found {
            let name = format!("{name}{path}");
            match gradient {
                Some(data) => self.record(&name, tensor_value(data), GRADIENTS),
                None => self.text(&name, "no gradient"),
            }
        }
    }
}

/// A number of the type that it was counted of.
#[expect(clippy::cast_possible_truncation, reason = "as exact as the type is")]
fn scalar(value: f64, dtype: DType) -> observation::Value {
    let bytes = match dtype {
        DType::F32 => (value as f32).to_le_bytes().to_vec(),
        _ => value.to_le_bytes().to_vec(),
    };
    let dtype = match dtype {
        DType::F32 => DType::F32,
        _ => DType::F64,
    };
    TensorValue::new(Vec::new(), dtype, bytes).map_or_else(
        || observation::Value::Text(value.to_string()),
        observation::Value::Tensor,
    )
}

struct Statistics {
    count: f64,
    mean: f64,
    deviation: f64,
    beyond: f64,
}

impl Statistics {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn of(values: &[f64]) -> Self {
        let count = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let mut deviation = (squares.sum::<f64>() / count).sqrt();
        // Equal values differ from their mean by its rounding.
        if values.windows(2).all(|two| two[0] == two[1]) {
            deviation = 0.0;
        }
        let far = values
            .iter()
            .filter(|&&value| (value - mean).abs() > 2.0 * deviation);
        let beyond = if deviation > 0.0 {
            far.count() as f64 / count
        } else {
            0.0
        };
        Self {
            count,
            mean,
            deviation,
            beyond,
        }
    }

    /// Name, value and tolerance of each.
    fn described(&self) -> [(&'static str, f64, Tolerance); 3] {
        // Two draws differ by the root of two times the error of one.
        let of_mean = SIGMAS * self.deviation * (2.0 / self.count).sqrt();
        let of_deviation = SIGMAS * (1.0 / self.count).sqrt();
        let of_share = if self.deviation > 0.0 {
            SIGMAS * (2.0 * BEYOND * (1.0 - BEYOND) / self.count).sqrt()
        } else {
            0.0
        };
        let within = |relative: f64, absolute: f64| Tolerance { relative, absolute };
        [
            // First: a spread that is wrong makes another mean likely, too.
            (
                "standard deviation",
                self.deviation,
                within(of_deviation, 0.0),
            ),
            ("mean", self.mean, within(1e-6, of_mean)),
            (
                "share of values beyond two deviations",
                self.beyond,
                within(0.0, of_share),
            ),
        ]
    }
}

/// Collects something of every float parameter, by path.
struct Floats<'a> {
    path: Path,
    /// Gradients to collect instead of values.
    gradients: Option<&'a Gradients>,
    found: Vec<(String, Option<TensorData>)>,
}

impl<'a> Floats<'a> {
    /// Values, or gradients if there are any; sorted by path.
    fn of<M: Module>(
        module: &M,
        gradients: Option<&'a Gradients>,
    ) -> Vec<(String, Option<TensorData>)> {
        let mut floats = Self {
            path: Path::default(),
            gradients,
            found: Vec::new(),
        };
        module.visit(&mut floats);
        floats.sorted()
    }

    // Not generic: sorting is much code, and this is compiled once, in here.
    fn sorted(mut self) -> Vec<(String, Option<TensorData>)> {
        self.found.sort_by(|a, b| a.0.cmp(&b.0));
        self.found
    }
}

/// The paths alone.
fn without_values(found: Vec<(String, Option<TensorData>)>) -> Vec<(String, Option<TensorData>)> {
    found.into_iter().map(|(path, _)| (path, None)).collect()
}

/// The paths under which both hold the same, in a row.
fn alike(
    first: Vec<(String, Option<TensorData>)>,
    second: Vec<(String, Option<TensorData>)>,
) -> String {
    let both = first.into_iter().zip(second);
    let same: Vec<String> = both
        .filter(|((one, a), (other, b))| one == other && holds_the_same(a.as_ref(), b.as_ref()))
        .map(|((path, _), _)| path)
        .collect();
    if same.is_empty() {
        "none".to_owned()
    } else {
        same.join(", ")
    }
}

/// Whether both have the same shape and equal values: -0.0 is 0.0.
fn holds_the_same(one: Option<&TensorData>, other: Option<&TensorData>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one.shape() == other.shape() && one.iter::<f64>().eq(other.iter::<f64>())
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

impl ModuleVisitor for Floats<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.leave();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let data = match self.gradients {
            Some(gradients) => value.grad(gradients).map(Tensor::into_data),
            None => Some(value.into_data()),
        };
        self.found.push((self.path.joined(), data));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use observer::Draws;

    #[test]
    fn zeros_of_either_sign_are_alike() {
        let of = |values: Vec<f32>| {
            let length = values.len();
            vec![("bias".to_owned(), Some(TensorData::new(values, [length])))]
        };
        assert_eq!(alike(of(vec![0.0, -0.0]), of(vec![-0.0, 0.0])), "bias");
        assert_eq!(alike(of(vec![0.0, 1.0]), of(vec![0.0, 2.0])), "none");
        assert_eq!(alike(of(vec![0.0]), of(vec![0.0, 0.0])), "none");
    }

    fn uniform(count: usize) -> Vec<f64> {
        let draws = Draws::new(1, "x");
        (0..count).map(|i| draws.unit(i) - 0.5).collect()
    }

    #[test]
    fn of_equal_values_nothing_is_left_to_chance() {
        let ones = Statistics::of(&[0.1; 7]);
        let [deviation, mean, share] = ones.described();
        assert_eq!((deviation.1, share.1), (0.0, 0.0));
        assert!(!mean.2.accepts(0.1001, mean.1));
        assert!(!deviation.2.accepts(1e-9, deviation.1));
    }

    #[test]
    fn three_thousand_draws_tell_a_uniform_distribution() {
        let [deviation, _, share] = Statistics::of(&uniform(3000)).described();
        assert_eq!(share.1, 0.0, "nothing lies beyond two deviations");
        assert!(!share.2.accepts(share.1, BEYOND));
        assert!(!deviation.2.accepts(deviation.1 * 1.13, deviation.1));
        assert!(deviation.2.accepts(deviation.1 * 1.05, deviation.1));
    }
}
