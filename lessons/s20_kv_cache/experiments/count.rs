//! What is computed again without a cache.
//!
//! Ask: A prompt of eight tokens is continued. How many tokens does the model read for the tenth, the
//! hundredth and the thousandth token, with a cache and without? How many multiplications is that in GPT-2 small?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, next_logits};
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// The length of the text in each round that is looked at.
const LENGTHS: [usize; 7] = [8, 9, 10, 11, 100, 999, 1000];

/// Counts what your `next_logits` reads, and prints the multiplications that it means in GPT-2 small.
pub fn observe(o: &mut Observer) {
    // As many positions as GPT-2, and next to nothing else.
    let config = GptConfig {
        vocab_size: 5,
        n_embd: 2,
        n_head: 1,
        n_inner: 2,
        n_layer: 1,
        ..GptConfig::gpt2()
    };
    let model = Gpt::new(&config, &o.device());
    let text: Tensor<2, Int> = o.ids("text", 5, [1, 1000]);
    let mut cache = KvCache::new(1);
    let mut is_once = true;
    println!("                tokens read         multiplications, in millions");
    println!("  text     with    without           with      without");
    for (i, &seq) in LENGTHS.iter().enumerate() {
        // What lies between two rounds of the table is read by the way.
        if i > 0 && cache.seen() + 1 < seq {
            let _ = next_logits(&model, &text.clone().narrow(1, 0, seq - 1), &mut cache);
        }
        let before = cache.seen();
        let _ = next_logits(&model, &text.clone().narrow(1, 0, seq), &mut cache);
        let new = cache.seen().saturating_sub(before);
        is_once &= new == if i == 0 { 8 } else { 1 };
        let (with, without) = (millions(new, seq, 1), millions(seq, seq, seq));
        println!("  {seq:>4}   {new:>6}   {seq:>8}   {with:>12.1} {without:>12.1}");
    }
    println!();
    if is_once {
        println!(
            "Each token is read once. Without a cache, the last round reads a thousand tokens for"
        );
        println!("a single new one. With a cache, it costs hardly more than the second round.");
    } else {
        println!(
            "After the prompt, one token should be read in each round. Your next_logits reads"
        );
        println!("others: `tutor run s20` says more.");
    }
}

/// Multiplications of GPT-2 small that reads `new` tokens, of which each is compared with all `seq`, and
/// makes so many rows of logits.
fn millions(new: usize, seq: usize, logits: usize) -> f64 {
    let config = GptConfig::gpt2();
    let width = config.n_embd;
    let block = 4 * width * width + 2 * width * config.n_inner;
    let pairs = 2 * width * new * seq;
    let all = config.n_layer * (new * block + pairs) + logits * config.vocab_size * width;
    all as f64 / 1e6
}
