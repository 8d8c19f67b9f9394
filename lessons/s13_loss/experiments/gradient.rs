//! The gradient of the logits is the softmax, minus 1 at the target.
//!
//! Ask: four tokens have the logits 2, 1, 0 and -1, and the third one is right. For which of them is
//! the gradient of the loss negative, for which is it largest, and what do all four add up to?

use crate::s13_loss::cross_entropy;
use kit::Observer;
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor};

/// Prints softmax, target and gradient side by side, for a wrong and for a right guess.
pub fn observe(o: &mut Observer) {
    let device = o.device().autodiff();
    let mut is_difference = true;
    for (title, target) in [
        ("The third token is right:", 2_usize),
        ("The first token is right:", 0),
    ] {
        let logits = Tensor::<2>::from_data([[2.0, 1.0, 0.0, -1.0]], &device).require_grad();
        let targets = Tensor::<1, Int>::from_data([target as i64], &device);
        let loss = cross_entropy(logits.clone(), targets);
        let probabilities: Vec<f32> = softmax(logits.clone(), 1).into_data().iter().collect();
        let value: f32 = loss.clone().into_scalar();
        println!("{title} the loss is {value:.4}");
        println!("   logit   softmax   target   difference   gradient");
        if !loss.is_tracked() {
            println!("  nothing can be learned: the loss is cut off from the logits");
            return;
        }
        let Some(gradient) = logits.grad(&loss.backward()) else {
            println!("  no gradient reaches the logits");
            return;
        };
        let gradient: Vec<f32> = gradient.into_data().iter().collect();
        for (token, (p, g)) in probabilities.iter().zip(&gradient).enumerate() {
            let one = if token == target { 1.0 } else { 0.0 };
            let logit = 2.0 - token as f32;
            let difference = p - one;
            println!("  {logit:>6.1}   {p:>7.4}   {one:>6.0}   {difference:>10.4}   {g:>8.4}");
            is_difference &= (difference - g).abs() < 1e-5;
        }
        let sum = gradient.iter().sum::<f32>();
        is_difference &= sum.abs() < 1e-5;
        println!();
    }
    if is_difference {
        println!(
            "The gradient is the model's probability minus the right one. Only the target's is"
        );
        println!(
            "negative: its logit should rise. The others should fall, the likeliest most. They"
        );
        println!("add up to 0, and they are small where the model is already right.");
    } else {
        println!("The gradient should be the softmax less 1 at the target, and add up to 0. Yours");
        println!("is another: `tutor run s13` says more.");
    }
}
