//! Doubling one size at a time.
//!
//! Ask: GPT-2 small has 124 million parameters. You double one of its sizes.
//! Which makes the model grow most, and which changes nothing?

use crate::s01_config::GptConfig;
use kit::Observer;

/// Prints how the number of parameters grows.
pub fn observe(_: &mut Observer) {
    let small = GptConfig::gpt2();
    let before = small.num_params();
    println!("GPT-2 small              {before:>12}");
    println!();
    let doubled: [(&str, fn(&mut GptConfig)); 7] = [
        ("n_head", |c| c.n_head *= 2),
        ("n_positions", |c| c.n_positions *= 2),
        ("vocab_size", |c| c.vocab_size *= 2),
        ("n_inner", |c| c.n_inner *= 2),
        ("n_layer", |c| c.n_layer *= 2),
        ("n_embd", |c| c.n_embd *= 2),
        ("n_embd and n_inner", |c| {
            c.n_embd *= 2;
            c.n_inner *= 2;
        }),
    ];
    for (name, double) in doubled {
        let mut config = small.clone();
        double(&mut config);
        let times = config.num_params() as f64 / before as f64;
        let bar = "█".repeat((times * 7.0).round() as usize);
        println!(
            "twice {name:<18} {:>12}  x {times:.2}  {bar}",
            config.num_params()
        );
    }
    println!();
    println!("Heads share the width, and add nothing to it. Twice the width is twice");
    println!("as much on both sides of every projection: four times the weights.");
}
