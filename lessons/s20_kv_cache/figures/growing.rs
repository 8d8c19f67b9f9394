//! What the model reads in each round, and what its cache holds.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, next_logits};
use figures::{figure, panel, rows, text};
use kit::Observer;
use kit::tensor::{Int, Tensor};

const PROMPT: usize = 3;
const ROUNDS: usize = 6;
const LENGTH: usize = PROMPT + ROUNDS - 1;

/// The shade of what was read earlier and is kept.
const KEPT: f32 = 0.3;

/// Describes which tokens are read and which are kept, with a cache and without.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 5,
        n_positions: 16,
        n_embd: 2,
        n_head: 1,
        n_inner: 2,
        n_layer: 1,
        ..GptConfig::gpt2()
    };
    let model = Gpt::new(&config, &o.device());
    let ids: Tensor<2, Int> = o.ids("text", 5, [1, LENGTH]);
    let mut cache = KvCache::new(1);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    let (mut read, mut read_again) = (0, 0);
    for round in 0..ROUNDS {
        let seq = PROMPT + round;
        let before = cache.seen();
        let _ = next_logits(&model, &ids.clone().narrow(1, 0, seq), &mut cache);
        let after = cache.seen();
        read += after - before;
        read_again += seq;
        for token in 0..LENGTH {
            let is_kept = token < before;
            let is_read = !is_kept && token < after;
            with.push(if is_read {
                1.0
            } else if is_kept {
                KEPT
            } else {
                0.0
            });
            without.push(if token < seq { 1.0 } else { 0.0 });
        }
    }
    figure(
        "The cache grows",
        &format!(
            "Two tables with a row for each round of generating and a column for each token. A \
             prompt of {PROMPT} tokens is continued for {ROUNDS} rounds. Without a cache every round \
             reads all tokens up to its own, {read_again} together. With one, the first round reads \
             the prompt and every other one the new token alone, {read} together; what was read \
             before is kept, drawn in a fainter shade, and that grows by a token in each round."
        ),
    );
    table("without a cache: read in each round", &without);
    table("with a cache: read (strong) and kept (faint)", &with);
}

fn table(title: &str, shades: &[f32]) {
    panel("cells", title);
    let names: Vec<String> = (0..LENGTH).map(|token| token.to_string()).collect();
    let rounds: Vec<String> = (1..=ROUNDS).map(|round| format!("round {round}")).collect();
    text("rows", &rounds);
    text("columns", &names);
    text("full", 1);
    rows("values", shades, LENGTH, 1);
}
