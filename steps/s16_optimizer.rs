//! The optimiser: the values that training starts from, and how a gradient changes them.
//!
//! GPT-2's start and decay on matrices only, as Hugging Face's `GPT2PreTrainedModel` and
//! `Trainer` have them; "Decoupled Weight Decay Regularization" (Loshchilov and Hutter, 2019),
//! algorithm 2, which PyTorch calls `AdamW`; and PyTorch's `clip_grad_norm_`.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Distribution, Gradients, Tensor};

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;

/// Replaces the values of each parameter of the model by what `change` makes of them.
///
/// `change` is given the parameter's path (`transformer.h.0.attn.c_attn.weight`), its shape, and its
/// values in a row, without autodiff; it returns as many. What needed a gradient still does.
pub fn map_parameters(
    model: Gpt,
    change: &mut dyn FnMut(&str, &[usize], Tensor<1>) -> Tensor<1>,
) -> Gpt {
    model.map(&mut Parameters {
        path: Vec::new(),
        change,
    })
}

/// A walk over the parameters: Burn calls it with each of them.
struct Parameters<'a> {
    /// The names of the fields on the way to where the walk stands.
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

/// The model with the values that GPT-2's training starts from, whatever it held before: biases 0,
/// weights of norms 1, and all others drawn from a normal distribution of mean 0 and standard
/// deviation 0.02, but 0.02 / sqrt(2 n_layer) for the weights of each `c_proj`.
///
/// There are 2 n_layer of these, and what they return is added up along the residual path
/// ("Language Models are Unsupervised Multitask Learners", section 2.3; `_init_weights` of Hugging
/// Face's `GPT2PreTrainedModel`).
///
/// The device's random numbers start from the seed: the same seed makes the same model.
pub fn gpt2_start(model: Gpt, config: &GptConfig, seed: u64) -> Gpt {
    // Burn draws a weight when it is first used. A fresh model would draw its own between yours, and a
    // used one would not: then the same seed makes two models. So each weight has to be used before the
    // device is seeded, once; the device is that of any parameter, without autodiff.
    //
    // Then come the values: zeros, ones, and draws of two deviations. What tells which of them a
    // parameter needs: its path, the number of its axes, or both?
    todo!()
}

/// The gradient of `loss` in each parameter, in a row and without autodiff, by path. A parameter
/// that `loss` does not depend on has none.
///
/// # Panics
///
/// If nothing that `loss` depends on needs a gradient, as without
/// [`autodiff`](burn::tensor::Device::autodiff).
pub fn gradients(model: &Gpt, loss: Tensor<1>) -> BTreeMap<String, Tensor<1>> {
    let mut collector = Collector {
        path: Vec::new(),
        gradients: loss.backward(),
        found: BTreeMap::new(),
    };
    model.visit(&mut collector);
    collector.found
}

/// A walk that collects gradients.
struct Collector {
    /// The names of the fields on the way to where the walk stands.
    path: Vec<String>,
    /// What the backward pass left.
    gradients: Gradients,
    /// What has been collected, by path.
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

/// The length of all gradients as one long vector: the square root of the sum of all squares. 0 if
/// there are none.
pub fn global_norm(gradients: &BTreeMap<String, Tensor<1>>) -> f64 {
    // One sum over all gradients, as if they were a single long vector. How many roots are there, and
    // where?
    todo!()
}

/// Shortens gradients that are together longer than `max_norm` to that length, all by the same
/// factor, and returns their [`global_norm`] from before. Shorter ones stay as they are.
///
/// "On the difficulty of training Recurrent Neural Networks" (Pascanu, Mikolov and Bengio, 2013),
/// algorithm 1.
pub fn clip(gradients: &mut BTreeMap<String, Tensor<1>>, max_norm: f64) -> f64 {
    // One norm, one factor, and only if the norm is too large. What is returned in either case?
    todo!()
}

/// What AdamW can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct AdamWConfig {
    /// How much of the mean gradient is kept at each step.
    pub beta_1: f64,
    /// How much of the mean square is kept at each step.
    pub beta_2: f64,
    /// Added to the root of the mean square, so that nothing is divided by zero.
    pub epsilon: f64,
    /// Share of a matrix that a step takes away, times the learning rate.
    pub weight_decay: f64,
}

impl Default for AdamWConfig {
    /// 0.9, 0.95, 1e-8 and 0.1, as in "Language Models are Few-Shot Learners" (Brown et al., 2020),
    /// appendix B, on GPT-3. GPT-2's are not published.
    fn default() -> Self {
        // As it says above.
        todo!()
    }
}

/// What AdamW remembers of one parameter's gradients, value by value.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Running mean of the gradient.
    pub first: Tensor<1>,
    /// Running mean of its square.
    pub second: Tensor<1>,
}

/// One step of AdamW on a parameter, its values in a row: [n] and [n] -> [n], and the moments after
/// the step. `step` counts from 1; before that, both moments are 0.
///
/// ```text
/// first     = beta_1 first  + (1 - beta_1) gradient
/// second    = beta_2 second + (1 - beta_2) gradient^2
/// mean      = first  / (1 - beta_1^step)
/// square    = second / (1 - beta_2^step)
/// parameter = parameter - learning_rate weight_decay parameter
///                       - learning_rate mean / (sqrt(square) + epsilon)
/// ```
///
/// `weight_decay` is the one to apply here, and may be another than the configuration's.
pub fn adamw_update(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    moments: Moments,
    step: usize,
    learning_rate: f64,
    weight_decay: f64,
    config: &AdamWConfig,
) -> (Tensor<1>, Moments) {
    // The five lines above, one by one. Two of their results are kept for the next step: the running
    // means themselves, or the corrected ones? And to which values does the decay apply: those from
    // before the step, or those that the gradient has moved already?
    todo!()
}

/// AdamW for a whole model.
#[derive(Debug, Clone)]
pub struct AdamW {
    /// The same for all parameters.
    pub config: AdamWConfig,
    /// How many updates there have been.
    pub step: usize,
    /// By path, of each parameter that has had a gradient.
    pub moments: BTreeMap<String, Moments>,
}

impl AdamW {
    /// Before the first update.
    pub fn new(config: AdamWConfig) -> Self {
        // Nothing has been counted yet, and nothing is remembered.
        todo!()
    }

    /// The model after one more step, by [`adamw_update`]. What has two axes or more decays by the
    /// configuration's `weight_decay`; biases and norms, which have one, do not decay.
    ///
    /// A parameter without a gradient keeps its values and its moments. The step is counted all the
    /// same, and it is one count for all parameters.
    pub fn update(
        &mut self,
        model: Gpt,
        gradients: &BTreeMap<String, Tensor<1>>,
        learning_rate: f64,
    ) -> Gpt {
        // Count the step, then walk over the parameters. Each one that has a gradient is updated with
        // moments of its own: where do these come from the first time, and where do they go? What tells
        // a matrix from a bias or a norm? One without a gradient stays as it is, moments and all.
        todo!()
    }
}
