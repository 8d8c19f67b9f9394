//! Parameter counts, small and large.
//!
//! Ask: a model with 4 tokens, 4 channels, 2 blocks and 64 positions has 768 parameters. How many
//! does it have with 8 channels, with 4 blocks, with 8 positions? And what does tying save in gpt2-xl?

#[path = "../../common.rs"]
mod common;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use common::thousands;
use kit::Observer;

/// Counts four small models part by part, and GPT-2's four sizes by the formula of step 01.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let mut all = Vec::new();
    println!("  tokens  channels  blocks  positions    wte  wpe  blocks  ln_f    all");
    for (c, n, t) in [(4, 2, 64), (8, 2, 64), (4, 4, 64), (4, 2, 8)] {
        let config = GptConfig {
            vocab_size: 4,
            n_positions: t,
            n_embd: c,
            n_layer: n,
            n_head: 2,
            n_inner: 4 * c,
            ..GptConfig::gpt2()
        };
        let table = Gpt::new(&config, &device).parameter_table();
        let size = |start: &str| -> usize {
            let parts = table.iter().filter(|entry| entry.part.starts_with(start));
            parts.map(|entry| entry.parameters).sum()
        };
        all.push((size(""), config.num_params()));
        println!(
            "  {:>6}  {c:>8}  {n:>6}  {t:>9}  {:>5}  {:>3}  {:>6}  {:>4}  {:>5}",
            4,
            size("wte"),
            size("wpe"),
            size("h."),
            size("ln_f"),
            size(""),
        );
    }
    println!();
    println!("                     tied         untied   saved");
    for (name, config) in [
        ("gpt2", GptConfig::gpt2()),
        ("gpt2-medium", GptConfig::gpt2_medium()),
        ("gpt2-large", GptConfig::gpt2_large()),
        ("gpt2-xl", GptConfig::gpt2_xl()),
    ] {
        let tied = config.num_params();
        let head = config.vocab_size * config.n_embd;
        let untied = tied + head;
        let saved = 100.0 * head as f64 / untied as f64;
        let (tied, untied) = (thousands(tied), thousands(untied));
        println!("  {name:<11} {tied:>13}  {untied:>13}  {saved:>4.1} %");
    }
    if let Some((table, formula)) = all.iter().find(|(table, formula)| table != formula) {
        println!();
        println!("Your table adds up to {table} where the formula of step 01 gives {formula}:");
        println!("`tutor run s11` says more.");
    }
}
