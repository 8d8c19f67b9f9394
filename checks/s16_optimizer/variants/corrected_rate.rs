//! The corrections as one factor of the learning rate, as the paper on Adam proposes in section 2; one
//! long vector for the norm; and a start that is written into each field.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Distribution, Gradients, Tensor};

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

fn normal(std: f64, shape: [usize; 2], device: &Device) -> Param<Tensor<2>> {
    Param::from_tensor(Tensor::random(
        shape,
        Distribution::Normal(0.0, std),
        device,
    ))
}

fn draw(linear: &mut Linear, std: f64, device: &Device) {
    let [d_in, d_out] = linear.weight.dims();
    linear.weight = normal(std, [d_in, d_out], device);
    linear.bias = Some(Param::from_tensor(Tensor::zeros([d_out], device)));
}

pub fn gpt2_start(mut model: Gpt, config: &GptConfig, seed: u64) -> Gpt {
    let body = &mut model.transformer;
    let device = body.ln_f.weight.val().device();
    let width = config.n_embd;
    // Everything that is drawn lazily is drawn now; then the seed counts.
    for block in &body.h {
        let _ = (
            block.attn.c_attn.weight.val(),
            block.attn.c_proj.weight.val(),
        );
        let _ = (block.mlp.c_fc.weight.val(), block.mlp.c_proj.weight.val());
    }
    device.seed(seed);
    body.wte.weight = normal(0.02, [config.vocab_size, width], &device);
    body.wpe.weight = normal(0.02, [config.n_positions, width], &device);
    let narrow = 0.02 * (0.5 / config.n_layer as f64).sqrt();
    for block in &mut body.h {
        for norm in [&mut block.ln_1, &mut block.ln_2] {
            norm.weight = Param::from_tensor(Tensor::ones([width], &device));
            norm.bias = Param::from_tensor(Tensor::zeros([width], &device));
        }
        draw(&mut block.attn.c_attn, 0.02, &device);
        draw(&mut block.attn.c_proj, narrow, &device);
        draw(&mut block.mlp.c_fc, 0.02, &device);
        draw(&mut block.mlp.c_proj, narrow, &device);
    }
    body.ln_f.weight = Param::from_tensor(Tensor::ones([width], &device));
    body.ln_f.bias = Param::from_tensor(Tensor::zeros([width], &device));
    model
}

pub fn global_norm(gradients: &BTreeMap<String, Tensor<1>>) -> f64 {
    if gradients.is_empty() {
        return 0.0;
    }
    let all = Tensor::cat(gradients.values().cloned().collect(), 0);
    let norm: f32 = all.powi_scalar(2).sum().sqrt().into_scalar();
    f64::from(norm)
}

pub fn clip(gradients: &mut BTreeMap<String, Tensor<1>>, max_norm: f64) -> f64 {
    let norm = global_norm(gradients);
    // As PyTorch has it: a little is added, against a division by zero.
    let factor = max_norm / (norm + 1e-6);
    if factor < 1.0 {
        for (_, gradient) in gradients.iter_mut() {
            *gradient = gradient.clone().mul_scalar(factor);
        }
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
    let AdamWConfig {
        beta_1,
        beta_2,
        epsilon,
        ..
    } = *config;
    let first = moments.first.mul_scalar(beta_1) + gradient.clone().mul_scalar(1.0 - beta_1);
    let second =
        moments.second.mul_scalar(beta_2) + (gradient.clone() * gradient).mul_scalar(1.0 - beta_2);
    let root = (1.0 - beta_2.powi(step as i32)).sqrt();
    let rate = learning_rate * root / (1.0 - beta_1.powi(step as i32));
    let divisor = second.clone().sqrt() + epsilon * root;
    let decay = parameter.clone() * (learning_rate * weight_decay);
    let parameter = parameter - decay - first.clone().mul_scalar(rate) / divisor;
    (parameter, Moments { first, second })
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
            step: 0,
            moments: BTreeMap::new(),
        }
    }

    pub fn update(
        &mut self,
        model: Gpt,
        gradients: &BTreeMap<String, Tensor<1>>,
        learning_rate: f64,
    ) -> Gpt {
        self.step += 1;
        map_parameters(model, &mut |path, shape, parameter| {
            let Some(gradient) = gradients.get(path).cloned() else {
                return parameter;
            };
            let moments = self.moments.remove(path).unwrap_or_else(|| Moments {
                first: gradient.zeros_like(),
                second: gradient.zeros_like(),
            });
            let weight_decay = if shape.len() > 1 {
                self.config.weight_decay
            } else {
                0.0
            };
            let (parameter, moments) = adamw_update(
                parameter,
                gradient,
                moments,
                self.step,
                learning_rate,
                weight_decay,
                &self.config,
            );
            self.moments.insert(path.to_owned(), moments);
            parameter
        })
    }
}
