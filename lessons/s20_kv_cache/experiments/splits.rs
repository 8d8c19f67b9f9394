//! A text split at every position.
//!
//! Ask: A text of nine tokens is read in two parts, and then the second part token by token. How far are
//! the logits from those of step 11, which reads all at once? Does it matter where the text is split?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, logits};
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the largest difference for each cut.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 17,
        n_positions: 9,
        n_embd: 12,
        n_head: 3,
        n_inner: 20,
        n_layer: 3,
        ..GptConfig::gpt2()
    };
    let model = o.filled(Gpt::new(&config, &o.device()));
    let text: Tensor<2, Int> = o.ids("text", 17, [2, 9]);
    let Ok(whole) = model.forward(text.clone()) else {
        println!("Nine tokens should fit into nine positions: `tutor run s11` says more.");
        return;
    };
    let mut largest = 0.0_f32;
    println!("  cut after   the rest at once   token by token");
    for cut in 1..9 {
        let differences = [vec![cut, 9 - cut], [vec![cut], vec![1; 9 - cut]].concat()]
            .map(|pieces| difference(&model, &text, &whole, &pieces));
        let [at_once, one_by_one] = differences;
        println!("  {cut:>9}   {at_once:>16.4}   {one_by_one:>14.4}");
        for difference in differences {
            // A NaN is no smaller than anything.
            let is_small = difference <= largest.max(1e-4);
            largest = if is_small {
                largest.max(difference)
            } else {
                f32::INFINITY
            };
        }
    }
    println!();
    if largest <= 1e-4 {
        println!("The differences are rounding errors of sums taken in another order. It does not");
        println!("matter where the text is split, since a token never sees what comes after it.");
    } else {
        println!("No difference should be larger than 0.0001; with your cache it is otherwise.");
        println!("`tutor run s20` says more.");
    }
}

/// The largest difference of logits when the text is read in these pieces.
fn difference(model: &Gpt, text: &Tensor<2, Int>, whole: &Tensor<3>, pieces: &[usize]) -> f32 {
    let mut cache = KvCache::new(model.transformer.h.len());
    let (mut parts, mut read) = (Vec::new(), 0);
    for &new in pieces {
        match logits(model, text.clone().narrow(1, read, new), &mut cache) {
            Ok(part) => parts.push(part),
            Err(_) => return f32::INFINITY,
        }
        read += new;
    }
    (Tensor::cat(parts, 1) - whole.clone())
        .abs()
        .max()
        .into_scalar()
}
