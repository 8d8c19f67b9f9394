//! The module's traits written by hand, and parameters made of numbers rather than drawn.

use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
    Param,
};
use burn::tensor::{Device, Tensor, TensorData};

/// Normalises the last axis.
#[derive(Clone, Debug)]
pub struct LayerNorm {
    /// Factors.
    pub weight: Param<Tensor<1>>,
    /// Summands.
    pub bias: Param<Tensor<1>>,
    /// Below the root.
    pub epsilon: f64,
}

impl LayerNorm {
    /// Ones and zeros, as numbers.
    pub fn new(n_embd: usize, epsilon: f64, device: &Device) -> Self {
        Self {
            weight: Param::from_data(TensorData::ones::<f32, _>([n_embd]), device),
            bias: Param::from_data(TensorData::zeros::<f32, _>([n_embd]), device),
            epsilon,
        }
    }

    /// Both moments in one call; [.., n_embd] -> [.., n_embd].
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        let (spread, centre) = x.clone().var_mean_bias(D - 1);
        let factor = spread.add_scalar(self.epsilon).sqrt().recip();
        x.sub(centre)
            .mul(factor)
            .mul(self.weight.val().unsqueeze())
            .add(self.bias.val().unsqueeze())
    }
}

impl ModuleDisplay for LayerNorm {}
impl ModuleDisplayDefault for LayerNorm {
    fn content(&self, c: Content) -> Option<Content> {
        Some(c)
    }
}
impl Module for LayerNorm {
    fn collect_devices(&self, devices: Devices) -> Devices {
        devices
    }
    fn fork(self, _: &Device) -> Self {
        self
    }
    fn to_device(self, _: &Device) -> Self {
        self
    }
    fn train(self) -> Self {
        self
    }
    fn valid(&self) -> Self {
        self.clone()
    }
    fn materialize(self) -> Self {
        self
    }
    fn map<M: ModuleMapper>(mut self, m: &mut M) -> Self {
        m.enter_module("weight", "");
        self.weight = m.map_float(self.weight);
        m.exit_module("weight", "");
        m.enter_module("bias", "");
        self.bias = m.map_float(self.bias);
        m.exit_module("bias", "");
        self
    }
    fn visit<V: ModuleVisitor>(&self, v: &mut V) {
        v.enter_module("weight", "");
        v.visit_float(&self.weight);
        v.exit_module("weight", "");
        v.enter_module("bias", "");
        v.visit_float(&self.bias);
        v.exit_module("bias", "");
    }
}
