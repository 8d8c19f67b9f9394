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
    let mut all_times = Vec::new();
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
        let bar = "█".repeat((times * 7.0).round().clamp(0.0, 40.0) as usize);
        all_times.push(times);
        println!(
            "twice {name:<18} {:>12}  x {times:.2}  {bar}",
            config.num_params()
        );
    }
    println!();
    // Twice as many blocks add what the blocks of one width hold.
    let blocks = |width: usize| {
        let mut config = small.clone();
        config.n_embd *= width;
        config.n_inner *= width;
        let once = config.num_params() as f64;
        config.n_layer *= 2;
        config.num_params() as f64 - once
    };
    let wider = blocks(2) / blocks(1);
    if all_times[0] != 1.0 {
        println!("By your count, twice as many heads change the number of parameters. They");
        println!("share the width, and have no parameters of their own: `tutor run s01`.");
    } else if (3.9..=4.0).contains(&wider) {
        println!("Heads divide the width among them and add no parameters. Twice the width");
        println!("doubles both sides of every projection: four times the weights.");
    } else {
        println!("By your count, blocks of twice the width hold {wider:.2} times as much, and");
        println!("not nearly four times: `tutor run s01` says which part is counted otherwise.");
    }
}
