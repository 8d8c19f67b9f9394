//! A cache that slides.
//!
//! Ask: The window is full. Instead of reading it again, the oldest key and value of each layer
//! are dropped, and the next token is read after the others. In which of four models does this give the
//! same logits: with one layer or two, with positions or without?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, last_logits, next_logits};
use kit::Observer;
use kit::tensor::{Int, Tensor};

const WINDOW: usize = 8;

/// Prints how far the logits are from those of a window that is read anew.
pub fn observe(o: &mut Observer) {
    let text: Tensor<2, Int> = o.ids("text", 13, [1, WINDOW + 1]);
    let mut moved = Vec::new();
    println!("  layers   positions   read anew   cache slid along");
    for (n_layer, has_positions) in [(1, true), (1, false), (2, true), (2, false)] {
        let model = model(o, n_layer, has_positions);
        let Ok(expected) = model.forward(text.clone().narrow(1, 1, WINDOW)) else {
            println!("The last eight tokens should fit: `tutor run s11` says more.");
            return;
        };
        let expected: Tensor<2> = expected.narrow(1, WINDOW - 1, 1).squeeze_dim(1);
        let mut cache = KvCache::new(n_layer);
        let _ = last_logits(&model, text.clone().narrow(1, 0, WINDOW), &mut cache);
        let mut slid = cache.clone();
        for layer in &mut slid.layers {
            layer.kept = layer.kept.take().map(|(keys, values)| {
                (
                    keys.narrow(2, 1, WINDOW - 1),
                    values.narrow(2, 1, WINDOW - 1),
                )
            });
        }
        let anew = next_logits(&model, &text, &mut cache);
        let slid = last_logits(&model, text.clone().narrow(1, WINDOW, 1), &mut slid);
        let [anew, slid] = [anew, slid].map(|logits| match logits {
            Ok(logits) => (logits - expected.clone()).abs().max().into_scalar::<f32>(),
            Err(_) => f32::INFINITY,
        });
        let positions = if has_positions { "yes" } else { "no" };
        println!("  {n_layer:>6}   {positions:>9}   {anew:>9.2}   {slid:>16.2}");
        moved.push([anew, slid].map(|difference| !matches!(difference, 0.0..0.001)));
    }
    println!("\n(the largest difference from the logits of step 11 for the last eight tokens)\n");
    if moved == [[false, true], [false, false], [false, true], [false, true]] {
        println!(
            "With position embeddings, a token that moves gets another key. Without them, one"
        );
        println!(
            "layer can slide, since each of its keys depends on one token only. The keys of a"
        );
        println!("second layer depend on tokens that have left the window.");
    } else {
        println!(
            "Read anew, the logits should be those of step 11; slid along, they should be so in a"
        );
        println!(
            "single layer without positions only. Yours are otherwise: `tutor run s20` says more."
        );
    }
}

fn model(o: &Observer, n_layer: usize, has_positions: bool) -> Gpt {
    let config = GptConfig {
        vocab_size: 13,
        n_positions: WINDOW,
        n_embd: 12,
        n_head: 3,
        n_inner: 20,
        n_layer,
        ..GptConfig::gpt2()
    };
    let mut model = o.filled(Gpt::new(&config, &o.device()));
    let body = &mut model.transformer;
    // Attention looks at few tokens and has much to say of them: what it sees shows in the logits.
    for block in &mut body.h {
        let attn = &mut block.attn;
        attn.c_attn.weight = attn.c_attn.weight.clone().map(|weight| weight * 3.0);
        attn.c_proj.weight = attn.c_proj.weight.clone().map(|weight| weight * 8.0);
    }
    body.ln_f.weight = body.ln_f.weight.clone().map(|weight| weight * 4.0);
    if !has_positions {
        body.wpe.weight = body.wpe.weight.clone().map(|table| table.zeros_like());
    }
    model
}
