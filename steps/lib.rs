//! The steps, as you write them.

pub mod s01_config;
pub mod s02_causal_mask;
pub mod s03_layer_norm;
pub mod s04_mlp;
pub mod s05_token_embeddings;
pub mod s06_position_embeddings;
pub mod s07_attention;
pub mod s08_residual;
pub mod s09_block;
pub mod s10_model;
pub mod s11_lm_head;
pub mod s12_generation;
pub mod s13_loss;
pub mod s14_tokenizer;
pub mod s15_data;
pub mod s16_optimizer;
pub mod s17_training;
pub mod s18_checkpoint;
pub mod s19_sampling;
pub mod s20_kv_cache;
