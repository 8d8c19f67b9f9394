//! Every job has a walk of its own; the moments of a step are made for all parameters first.

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

/// A walk that starts each parameter; the kind of a parameter is known by its module.
struct Start {
    path: Vec<String>,
    narrow: f64,
}

impl ModuleMapper for Start {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let last = self.path.last().map(String::as_str);
        let is_bias = last == Some("bias");
        let is_narrow = self.path.iter().any(|name| name == "c_proj");
        let narrow = self.narrow;
        param.map(|old| {
            let (device, shape) = (old.device(), old.shape());
            let new = match (is_bias, D) {
                (true, _) => Tensor::zeros(shape, &device),
                (false, 1) => Tensor::ones(shape, &device),
                (false, _) => {
                    let standard = Distribution::Normal(0.0, 1.0);
                    let std = if is_narrow { narrow } else { 0.02 };
                    Tensor::random(shape, standard, &device) * std
                }
            };
            new.detach().set_require_grad(old.is_require_grad())
        })
    }
}

/// Draws whatever has not been drawn.
struct Touch;

impl ModuleVisitor for Touch {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        drop(param.val());
    }
}

pub fn gpt2_start(model: Gpt, config: &GptConfig, seed: u64) -> Gpt {
    model.visit(&mut Touch);
    model.transformer.wpe.weight.val().device().seed(seed);
    let residual_layers = 2 * config.n_layer;
    model.map(&mut Start {
        path: Vec::new(),
        narrow: 0.02 / f64::sqrt(residual_layers as f64),
    })
}

pub fn global_norm(gradients: &BTreeMap<String, Tensor<1>>) -> f64 {
    let norms = gradients.values().map(|gradient| -> f32 {
        let row = gradient.clone().unsqueeze_dim::<2>(0); // [1, n]
        row.clone().matmul(row.transpose()).sqrt().into_scalar()
    });
    norms.fold(0.0, |length, norm| f64::from(norm).hypot(length))
}

pub fn clip(gradients: &mut BTreeMap<String, Tensor<1>>, max_norm: f64) -> f64 {
    let norm = global_norm(gradients);
    if norm <= max_norm {
        return norm;
    }
    let old = std::mem::take(gradients);
    let shorter = |(path, gradient): (String, Tensor<1>)| (path, gradient / (norm / max_norm));
    gradients.extend(old.into_iter().map(shorter));
    norm
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
    let change = gradient.clone() - moments.first.clone();
    let first = moments.first + change * (1.0 - config.beta_1);
    let change = gradient.powi_scalar(2) - moments.second.clone();
    let second = moments.second + change * (1.0 - config.beta_2);
    let part = |beta: f64| 1.0 - (0..step).fold(1.0, |power, _| power * beta);
    let scaled = (second.clone() / part(config.beta_2)).sqrt() + config.epsilon;
    let mut parameter = parameter;
    if weight_decay != 0.0 {
        parameter = parameter.clone() - parameter * weight_decay * learning_rate;
    }
    let direction = first.clone() / part(config.beta_1) / scaled;
    (
        parameter - direction * learning_rate,
        Moments { first, second },
    )
}

#[derive(Debug, Clone)]
pub struct AdamW {
    pub config: AdamWConfig,
    pub step: usize,
    pub moments: BTreeMap<String, Moments>,
}

impl AdamW {
    pub fn new(config: AdamWConfig) -> Self {
        AdamW {
            step: 0,
            moments: BTreeMap::new(),
            config,
        }
    }

    pub fn update(
        &mut self,
        model: Gpt,
        gradients: &BTreeMap<String, Tensor<1>>,
        learning_rate: f64,
    ) -> Gpt {
        let step = self.step + 1;
        self.step = step;
        for (path, gradient) in gradients {
            if !self.moments.contains_key(path) {
                let zeros = gradient.clone() * 0.0;
                let none = Moments {
                    first: zeros.clone(),
                    second: zeros,
                };
                self.moments.insert(path.clone(), none);
            }
        }
        model.map(&mut Update {
            path: Vec::new(),
            optimizer: self,
            gradients,
            learning_rate,
        })
    }
}

/// A walk that updates each parameter.
struct Update<'a> {
    path: Vec<String>,
    optimizer: &'a mut AdamW,
    gradients: &'a BTreeMap<String, Tensor<1>>,
    learning_rate: f64,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        let Some(gradient) = self.gradients.get(&path) else {
            return param;
        };
        let optimizer = &mut *self.optimizer;
        let Some(moments) = optimizer.moments.get_mut(&path) else {
            return param;
        };
        let decay = if D == 1 {
            0.0
        } else {
            optimizer.config.weight_decay
        };
        let rate = self.learning_rate;
        param.map(|old| {
            let (learns, with_autodiff) = (old.is_require_grad(), old.is_autodiff());
            let row = old.clone().inner().flatten::<1>(0, D - 1);
            let before = moments.clone();
            let (step, config) = (optimizer.step, &optimizer.config);
            let (new, after) =
                adamw_update(row, gradient.clone(), before, step, rate, decay, config);
            *moments = after;
            let new = new.reshape(old.dims());
            match with_autodiff {
                true => new.autodiff().set_require_grad(learns),
                false => new,
            }
        })
    }
}
