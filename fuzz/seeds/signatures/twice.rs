pub struct LayerNorm {
    pub weight: Param<Tensor<1>>,
    pub weight: Param<Tensor<2>>,
}

impl LayerNorm {
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        x
    }

    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        x
    }
}
