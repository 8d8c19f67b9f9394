//! The head is tied.
//!
//! Ask: five tokens, 3 1 4 1 5, go through a model with a vocabulary of eleven. Then row 7 of the
//! token table is changed, a token that does not occur. Which logits change? And for row 4?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Shows which logits change with a row of the table.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(11);
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 48,
        ..GptConfig::gpt2()
    };
    let model = Gpt::new(&config, &device);
    let tokens = [3, 1, 4, 1, 5];
    let ids = Tensor::<2, Int>::from_data([tokens], &device);
    let other: Tensor<2> = Tensor::<1, Int>::arange(0..12, &device)
        .float()
        .sin()
        .unsqueeze();

    let mut all_moved = Vec::new();
    println!("█ marks a logit that changed, one column for each token of the vocabulary.");
    for (row, place) in [(7, "does not occur"), (4, "is the third token")] {
        let mut changed = model.clone();
        let table = changed.transformer.wte.weight.clone();
        changed.transformer.wte.weight =
            table.map(|table| table.slice_assign([row..row + 1, 0..12], other.clone()));
        println!();
        let title = format!("Row {row} is changed, which {place}:");
        println!("{title:<46}0 1 2 3 4 5 6 7 8 9 10");
        let (Ok(before), Ok(after)) = (model.forward(ids.clone()), changed.forward(ids.clone()))
        else {
            println!("  the model refuses five tokens");
            return;
        };
        let sizes = (after - before).abs().into_data();
        let moved: Vec<&str> = (sizes.iter::<f32>())
            .map(|size| {
                if size > 1e-6 || size.is_nan() {
                    "█"
                } else {
                    "·"
                }
            })
            .collect();
        all_moved.push(moved.concat());
        for (token, logits) in tokens.into_iter().zip(moved.chunks(11)) {
            println!("{:>42} {token}  {}", "at the token", logits.join(" "));
        }
    }
    println!();
    let only = |token: usize| "·".repeat(token) + "█" + &"·".repeat(10 - token);
    let expected = [only(7).repeat(5), only(4).repeat(2) + &"█".repeat(33)];
    if all_moved == expected {
        println!(
            "As output, a row makes the logits of its own token, at every position. As input,"
        );
        println!("it reaches all logits from the position where its token occurs.");
    } else {
        println!("In a tied head a row makes the logits of its own token, at every position, and");
        println!("reaches all logits from where its token occurs. With your head, other");
        println!("logits change: `tutor run s11` says more.");
    }
}
