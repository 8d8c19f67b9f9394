//! Plain numbers: every parameter becomes a vector of f64 and is changed in a loop.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

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

/// Draws from a normal distribution by Box and Muller's method, from numbers of its own.
struct Normal(u64);

impl Normal {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn draw(&mut self, deviation: f64) -> f32 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        (deviation * radius * (std::f64::consts::TAU * self.unit()).cos()) as f32
    }
}

/// The device's random numbers are not needed.
pub fn gpt2_start(model: Gpt, config: &GptConfig, seed: u64) -> Gpt {
    let mut normal = Normal(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    map_parameters(model, &mut |path, shape, values| {
        let n: usize = shape.iter().product();
        let names: Vec<&str> = path.rsplit('.').collect();
        let new: Vec<f32> = match (names[0], names[1]) {
            ("bias", _) => vec![0.0; n],
            (_, "ln_1" | "ln_2" | "ln_f") => vec![1.0; n],
            (_, "c_proj") => {
                let variance = 0.0004 / (config.n_layer as f64 * 2.0);
                (0..n).map(|_| normal.draw(variance.sqrt())).collect()
            }
            _ => (0..n).map(|_| normal.draw(0.02)).collect(),
        };
        Tensor::from_data(new.as_slice(), &values.device())
    })
}

fn numbers(tensor: &Tensor<1>) -> Vec<f64> {
    tensor.to_data().iter().collect()
}

fn tensor(numbers: impl Iterator<Item = f64>, like: &Tensor<1>) -> Tensor<1> {
    let numbers: Vec<f32> = numbers.map(|number| number as f32).collect();
    Tensor::from_data(numbers.as_slice(), &like.device())
}

pub fn global_norm(gradients: &BTreeMap<String, Tensor<1>>) -> f64 {
    let mut sum = 0.0;
    for gradient in gradients.values() {
        for number in numbers(gradient) {
            sum += number * number;
        }
    }
    sum.sqrt()
}

pub fn clip(gradients: &mut BTreeMap<String, Tensor<1>>, max_norm: f64) -> f64 {
    let norm = global_norm(gradients);
    let factor = (max_norm / norm).min(1.0);
    for gradient in gradients.values_mut() {
        *gradient = tensor(numbers(gradient).into_iter().map(|g| g * factor), gradient);
    }
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
    let like = parameter.clone();
    let mut new = numbers(&parameter);
    let (mut first, mut second) = (numbers(&moments.first), numbers(&moments.second));
    let [left_1, left_2] = [config.beta_1, config.beta_2].map(|beta| beta.powf(step as f64));
    for (i, g) in numbers(&gradient).into_iter().enumerate() {
        first[i] += (1.0 - config.beta_1) * (g - first[i]);
        second[i] += (1.0 - config.beta_2) * (g * g - second[i]);
        let root = (second[i] / (1.0 - left_2)).sqrt();
        let direction = first[i] / (1.0 - left_1) / (root + config.epsilon);
        new[i] -= learning_rate * (direction + weight_decay * new[i]);
    }
    let moments = Moments {
        first: tensor(first.into_iter(), &like),
        second: tensor(second.into_iter(), &like),
    };
    (tensor(new.into_iter(), &like), moments)
}

#[derive(Debug, Clone)]
pub struct AdamW {
    pub config: AdamWConfig,
    pub step: usize,
    pub moments: BTreeMap<String, Moments>,
}

impl AdamW {
    pub fn new(config: AdamWConfig) -> Self {
        let moments = BTreeMap::default();
        Self {
            config,
            step: 0,
            moments,
        }
    }

    pub fn update(
        &mut self,
        model: Gpt,
        gradients: &BTreeMap<String, Tensor<1>>,
        learning_rate: f64,
    ) -> Gpt {
        self.step += 1;
        let (step, config, all) = (self.step, &self.config, &mut self.moments);
        map_parameters(
            model,
            &mut |path, shape, parameter| match gradients.get(path) {
                None => parameter,
                Some(gradient) => {
                    let zeros = || Moments {
                        first: parameter.zeros_like(),
                        second: parameter.zeros_like(),
                    };
                    let moments = all.entry(path.to_owned()).or_insert_with(zeros);
                    let decay = [0.0, config.weight_decay][usize::from(shape.len() >= 2)];
                    let (new, after) = adamw_update(
                        parameter.clone(),
                        gradient.clone(),
                        moments.clone(),
                        step,
                        learning_rate,
                        decay,
                        config,
                    );
                    *moments = after;
                    new
                }
            },
        )
    }
}
