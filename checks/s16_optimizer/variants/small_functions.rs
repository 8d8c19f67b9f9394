//! Small functions: a running mean, its correction, a step; and a start that is decided by a table.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Distribution, Gradients, Tensor};

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;

pub fn map_parameters(
    model: Gpt,
    change: &mut dyn FnMut(&str, &[usize], Tensor<1>) -> Tensor<1>,
) -> Gpt {
    model.map(&mut Parameters {
        path: Vec::new(),
        change,
    })
}

struct Parameters<'a> {
    path: Vec<String>,
    change: &'a mut dyn FnMut(&str, &[usize], Tensor<1>) -> Tensor<1>,
}

impl ModuleMapper for Parameters<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        param.map(|old| {
            let (shape, learns) = (old.dims(), old.is_require_grad());
            let strategy = old.gradient_checkpointing_strategy(); // none without autodiff
            let new = (self.change)(&path, &shape, old.inner().reshape([-1])).reshape(shape);
            match strategy {
                Some(strategy) => (new.autodiff())
                    .with_gradient_checkpointing_strategy(strategy)
                    .set_require_grad(learns),
                None => new,
            }
        })
    }
}

pub fn gradients(model: &Gpt, loss: Tensor<1>) -> BTreeMap<String, Tensor<1>> {
    let mut collector = Collector {
        path: Vec::new(),
        gradients: loss.backward(),
        found: BTreeMap::new(),
    };
    model.visit(&mut collector);
    collector.found
}

struct Collector {
    path: Vec<String>,
    gradients: Gradients,
    found: BTreeMap<String, Tensor<1>>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = param.val().grad_remove(&mut self.gradients) {
            self.found
                .insert(self.path.join("."), gradient.reshape([-1]));
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct AdamWConfig {
    pub beta_1: f64,
    pub beta_2: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
}

impl Default for AdamWConfig {
    fn default() -> Self {
        Self {
            beta_1: 0.9,
            beta_2: 0.95,
            epsilon: 1e-8,
            weight_decay: 0.1,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Moments {
    pub first: Tensor<1>,
    pub second: Tensor<1>,
}

/// How the values of a parameter start.
enum Beginning {
    All(f64),
    Normal(f64),
}

fn beginning(path: &str, n_layer: usize) -> Beginning {
    let (module, field) = path.rsplit_once('.').unwrap_or(("", path));
    match (module.rsplit('.').next(), field) {
        (_, "bias") => Beginning::All(0.0),
        (Some("c_proj"), _) => {
            Beginning::Normal((0.02_f64.powi(2) / (n_layer + n_layer) as f64).sqrt())
        }
        (Some("wte" | "wpe" | "c_attn" | "c_fc"), _) => Beginning::Normal(0.02),
        _ => Beginning::All(1.0),
    }
}

pub fn gpt2_start(model: Gpt, config: &GptConfig, seed: u64) -> Gpt {
    // All numbers are drawn in one go, so it is of no importance what is drawn in between.
    let device = model.transformer.wte.weight.val().device().inner();
    device.seed(seed);
    let n = config.num_params();
    let mut drawn = Tensor::<1>::random([n], Distribution::Normal(0.0, 1.0), &device);
    map_parameters(model, &mut |path, _, values| {
        let [n] = values.dims();
        match beginning(path, config.n_layer) {
            Beginning::All(value) => values.full_like(value),
            Beginning::Normal(std) => {
                let [left] = drawn.dims();
                let mine = drawn.clone().narrow(0, 0, n);
                // What is left over is more than enough: biases and norms need none.
                drawn = drawn.clone().narrow(0, n, left - n);
                mine * std
            }
        }
    })
}

fn square_sum(gradient: &Tensor<1>) -> f64 {
    gradient
        .to_data()
        .iter::<f64>()
        .map(|value| value * value)
        .sum()
}

pub fn global_norm(gradients: &BTreeMap<String, Tensor<1>>) -> f64 {
    gradients.values().map(square_sum).sum::<f64>().powf(0.5)
}

pub fn clip(gradients: &mut BTreeMap<String, Tensor<1>>, max_norm: f64) -> f64 {
    let norm = global_norm(gradients);
    let factor = if norm > max_norm {
        max_norm / norm
    } else {
        1.0
    };
    gradients
        .iter_mut()
        .for_each(|(_, gradient)| *gradient = gradient.clone() * factor);
    norm
}

fn running_mean(old: Tensor<1>, new: Tensor<1>, beta: f64) -> Tensor<1> {
    old * beta + new * (1.0 - beta)
}

fn corrected(mean: &Tensor<1>, beta: f64, step: usize) -> Tensor<1> {
    // The weights of all gradients so far add up to this.
    mean.clone() / -(step as f64 * beta.ln()).exp_m1()
}

pub fn adamw_update(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    moments: Moments,
    step: usize,
    learning_rate: f64,
    weight_decay: f64,
    config: &AdamWConfig,
) -> (Tensor<1>, Moments) {
    let moments = Moments {
        first: running_mean(moments.first, gradient.clone(), config.beta_1),
        second: running_mean(moments.second, gradient.square(), config.beta_2),
    };
    let size = corrected(&moments.second, config.beta_2, step).powf_scalar(0.5);
    let direction =
        corrected(&moments.first, config.beta_1, step) / size.add_scalar(config.epsilon);
    let change = direction + parameter.clone() * weight_decay;
    (parameter - change * learning_rate, moments)
}

#[derive(Debug, Clone)]
pub struct AdamW {
    pub config: AdamWConfig,
    pub step: usize,
    pub moments: BTreeMap<String, Moments>,
}

impl AdamW {
    pub fn new(config: AdamWConfig) -> Self {
        Self {
            config,
            step: usize::default(),
            moments: [].into(),
        }
    }

    pub fn update(
        &mut self,
        model: Gpt,
        gradients: &BTreeMap<String, Tensor<1>>,
        learning_rate: f64,
    ) -> Gpt {
        self.step += 1;
        let mut seen = std::mem::take(&mut self.moments);
        let mut model = Some(model);
        // One walk for each gradient, which is slow, and as good.
        for (path, gradient) in gradients {
            let changed = model.take().map(|model| {
                map_parameters(model, &mut |at, shape, parameter| {
                    if at != path {
                        return parameter;
                    }
                    let zeros = Tensor::zeros_like(gradient);
                    let before = seen.get(path).cloned().unwrap_or(Moments {
                        first: zeros.clone(),
                        second: zeros,
                    });
                    let decay = self.config.weight_decay * f64::from(u8::from(shape.len() != 1));
                    let (step, config) = (self.step, &self.config);
                    let (new, after) = adamw_update(
                        parameter,
                        gradient.clone(),
                        before,
                        step,
                        learning_rate,
                        decay,
                        config,
                    );
                    seen.insert(at.to_owned(), after);
                    new
                })
            });
            model = changed;
        }
        self.moments = seen;
        model.expect("it is put back each time")
    }
}
