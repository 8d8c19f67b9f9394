//! One norm for all, or one for each.
//!
//! Ask: two gradients are [3, 4] and [0.3, -0.4], of norms 5 and 0.5. Clipped to a norm of 1, what
//! is left of each, if they are clipped together? And if each is clipped by itself?

use std::collections::BTreeMap;

use crate::s16_optimizer::clip;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints what is left of two gradients, and the angle by which the direction was turned.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let gradients = [("a", [3.0_f32, 4.0]), ("b", [0.3, -0.4])];
    let map = |some: &[(&str, [f32; 2])]| -> BTreeMap<String, Tensor<1>> {
        let tensor = |values: [f32; 2]| Tensor::from_data(values, &device);
        some.iter()
            .map(|&(name, values)| (name.to_owned(), tensor(values)))
            .collect()
    };
    let before = listed(map(&gradients));
    let mut together = map(&gradients);
    let norm = clip(&mut together, 1.0);
    let together = listed(together);
    let mut apart = Vec::new();
    for gradient in gradients {
        let mut one = map(&[gradient]);
        clip(&mut one, 1.0);
        apart.extend(listed(one));
    }
    println!("  the norm of both before: {norm:.4}");
    println!();
    println!("                              a                   b   turned by");
    let mut angles = Vec::new();
    for (name, all) in [
        ("before", &before),
        ("together", &together),
        ("each alone", &apart),
    ] {
        let values: Vec<String> = all.iter().map(|value| format!("{value:>8.4}")).collect();
        let turned = angle(&before, all);
        println!("  {name:<10}  {}   {turned:>7.1}°", values.join("  "));
        angles.push(turned);
    }
    println!();
    if (norm - 25.25_f64.sqrt()).abs() < 1e-3 && angles[1] < 0.1 && angles[2] > 15.0 {
        println!("Together, all are shortened by one factor, and the direction stays. Clipped one");
        println!("by one, the large gradient is shortened and the small one is not: the direction");
        println!("changes. Burn's own clipping by norm treats each parameter by itself.");
    } else {
        println!(
            "Clipped together, both gradients should be shortened by the same factor, and the"
        );
        println!("norm from before is 5.0249. Yours are not: `tutor run s16` says more.");
    }
}

fn listed(gradients: BTreeMap<String, Tensor<1>>) -> Vec<f32> {
    let data = gradients.into_values().map(Tensor::into_data);
    data.flat_map(|data| data.iter::<f32>().collect::<Vec<_>>())
        .collect()
}

/// Between two vectors, in degrees.
fn angle(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    cosine.min(1.0).acos().to_degrees()
}
