//! Minus infinity against -10,000.
//!
//! Ask: a token may see one key, with score 0, and a second one is hidden by
//! adding -10,000. At which score does the hidden key get half of the weight?

use crate::s02_causal_mask::causal_mask;
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Prints the hidden key's weight under both masks.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    // Row 0 of two tokens: the first key may be seen, the second one may not.
    let yours = causal_mask(2, 0, &device).slice([0..1]);
    let finite = Tensor::<2>::from_data([[0.0, -1e4]], &device);
    let mut most = 0.0_f32;
    println!("score of the        weight that it gets");
    println!("hidden key          with -10,000    with your mask");
    for score in [0.0, 100.0, 9_990.0, 9_999.0, 10_000.0, 10_001.0, 10_010.0] {
        let scores = Tensor::<2>::from_data([[0.0, score]], &device);
        let leaked = hidden(scores.clone() + finite.clone());
        let kept = hidden(scores + yours.clone());
        // A NaN is more than nothing, too.
        most = if kept.is_nan() { kept } else { most.max(kept) };
        println!("{score:>10}          {leaked:>12.5}    {kept:>14.5}");
    }
    println!();
    if most == 0.0 {
        println!("A finite mask only makes a key less likely: a large enough score outweighs");
        println!("it. Nothing outweighs minus infinity.");
    } else if most.is_nan() {
        println!("With your mask some weights are NaN: `tutor run s02` says more.");
    } else {
        println!("With your mask the hidden key gets a weight, too: up to {most:.5}. Nothing");
        println!("but minus infinity hides it at every score: `tutor run s02` says more.");
    }
}

fn hidden(masked: Tensor<2>) -> f32 {
    activation::softmax(masked, 1)
        .slice([0..1, 1..2])
        .into_scalar()
}
