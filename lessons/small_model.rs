//! The sizes of the small model that comes with the course, for lessons that build parts of it.

use crate::s01_config::GptConfig;

/// 210,880 parameters: `assets/model/config.json` says the same.
pub fn config() -> GptConfig {
    GptConfig {
        vocab_size: 105,
        n_positions: 64,
        n_embd: 64,
        n_head: 4,
        n_layer: 4,
        n_inner: 256,
        dropout: 0.0,
        ..GptConfig::gpt2()
    }
}
