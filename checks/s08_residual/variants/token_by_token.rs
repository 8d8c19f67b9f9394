//! The norm is given one vector at a time; the sublayer gets them all at once.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// x + sublayer(norm(x)); [batch, seq, n_embd] -> [batch, seq, n_embd].
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    let [batch, seq, n_embd] = x.dims();
    let mut vectors: Vec<Tensor<1>> = Vec::new();
    for row in 0..batch {
        for token in 0..seq {
            let place = [row..row + 1, token..token + 1, 0..n_embd];
            vectors.push(norm.forward(x.clone().slice(place).reshape([n_embd])));
        }
    }
    let normalised: Tensor<2> = Tensor::stack(vectors, 0); // [batch * seq, n_embd]
    let answer = sublayer(normalised.reshape([batch, seq, n_embd]));
    x.add(answer)
}
