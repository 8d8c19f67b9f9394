//! A repetition penalty on logits of both signs.
//!
//! Ask: Eight tokens have logits from 3 down to -4, and every other one occurs in the text. With a
//! penalty of 2, which of them become less likely? And if those logits were simply halved?

use crate::s19_sampling::repetition_penalty;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints the logits before and after, and what plain division would make of them.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let logits = Tensor::<2>::from_data([[3.0, 2.0, 1.0, 0.5, -1.0, -2.0, -3.0, -4.0]], &device);
    let ids = Tensor::from_data([[0, 2, 4, 6, 0, 0]], &device);
    let penalised = repetition_penalty(logits.clone(), ids, 2.0);
    let occurs = Tensor::<2>::from_data([[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]], &device);
    let divided = logits.clone() / (occurs + 1.0_f64);

    let before: Vec<f32> = floats(logits);
    let [after, plain] = [penalised, divided].map(floats);
    println!("  token   in the text   logit   penalised   merely divided");
    let mut is_as_said = after.len() == before.len();
    for (token, (&before, (&after, &plain))) in
        before.iter().zip(after.iter().zip(&plain)).enumerate()
    {
        let occurs = token % 2 == 0;
        let [word, after_sign, plain_sign] = [
            if occurs { "yes" } else { "no" },
            sign(before, after),
            sign(before, plain),
        ];
        let line = format!(
            "  {token:>5}   {word:>11}   {before:>5.1}   {after:>5.1} {after_sign:<5} {plain:>8.1} {plain_sign}"
        );
        println!("{}", line.trim_end());
        is_as_said &= if occurs {
            after < before
        } else {
            after == before
        };
    }
    println!();
    if is_as_said {
        println!(
            "The penalty makes every token that occurs less likely, and only once: token 0 occurs"
        );
        println!(
            "three times. By a plain division, tokens with negative logits would become likelier."
        );
    } else {
        println!(
            "Each token that occurs should get a smaller logit, and no other one should change."
        );
        println!("Yours do otherwise: `tutor run s19` says more.");
    }
}

fn floats(logits: Tensor<2>) -> Vec<f32> {
    logits.into_data().iter().collect()
}

/// What the change of a logit does to its token.
fn sign(before: f32, after: f32) -> &'static str {
    match after.partial_cmp(&before) {
        Some(std::cmp::Ordering::Less) => "less",
        Some(std::cmp::Ordering::Greater) => "MORE",
        _ => "",
    }
}
