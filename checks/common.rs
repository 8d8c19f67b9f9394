//! What several checks share.

use kit::Sizes;

use crate::s01_config::GptConfig;

/// A configuration of these sizes.
pub fn config(sizes: Sizes) -> GptConfig {
    GptConfig {
        vocab_size: sizes.vocab_size,
        n_positions: sizes.n_positions,
        n_embd: sizes.n_embd,
        n_layer: sizes.n_layer,
        n_head: sizes.n_head,
        n_inner: sizes.n_inner,
        layer_norm_epsilon: sizes.layer_norm_epsilon,
        dropout: sizes.dropout,
    }
}
