//! Where trained heads look.
//!
//! Ask: The small model that comes with the course writes a character at a time. In its first block,
//! how much of a character's attention goes to the character just before it, how much to itself, and
//! how much to those more than five characters back?

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Stored};

const TEXT: &str = "the mask hides what comes later";

/// Characters in front, which have little behind them to look at.
const LEFT_OUT: usize = 8;

/// Prints the mean share of each distance, head by head.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let letters: String = serde_json::from_reader(o.asset("model/characters.json"))
        .expect("the file is one string of JSON");
    let id = |wanted| {
        letters
            .chars()
            .position(|letter| letter == wanted)
            .expect("it is known")
    };
    let ids: Vec<i64> = TEXT.chars().map(|letter| id(letter) as i64).collect();
    let seq = ids.len();
    let weights = Stored::open(&o.asset_path("model/model.safetensors"), &device);
    let config = GptConfig {
        n_embd: 64,
        n_head: 4,
        ..GptConfig::gpt2()
    };
    let attention = CausalSelfAttention::new(&config, &device);
    let attention = weights.filled("transformer.h.0.attn.", attention);

    // What the first block is given: token plus position, normed by its first norm.
    let tokens = weights.floats::<2>("transformer.wte.weight");
    let tokens = tokens.select(0, Tensor::<1, Int>::from_data(ids.as_slice(), &device));
    let x = tokens
        + weights
            .floats::<2>("transformer.wpe.weight")
            .narrow(0, 0, seq);
    let centred = x.clone() - x.mean_dim(1);
    let x = centred.clone() / (centred.square().mean_dim(1) + 1e-5).sqrt();
    let x = x * weights.row("transformer.h.0.ln_1.weight").unsqueeze();
    let x = x + weights.row("transformer.h.0.ln_1.bias").unsqueeze(); // [seq, n_embd]

    let qkv = attention.c_attn.forward(x.unsqueeze::<3>()); // [1, seq, 3 * n_embd]
    let [q, k] = [0, 64].map(|from| attention.split_heads(qkv.clone().narrow(2, from, 64)));
    let maps = attention.attention_weights(q, k); // [1, n_head, seq, seq]
    let maps: Vec<f32> = maps.try_into_vec_as().unwrap_or_default();
    if maps.len() != 4 * seq * seq {
        println!("There should be a share for each head and pair: `tutor run s07` says more.");
        return;
    }
    println!("\"{TEXT}\", the first block, mean shares\n");
    println!("        itself   1 back   2 back   3 back   4, 5   further");
    let mut is_nearby = true;
    for (head, map) in maps.chunks(seq * seq).enumerate() {
        let mut shares = [0.0; 6];
        for query in LEFT_OUT..seq {
            for key in 0..=query {
                let place = [0, 1, 2, 3, 4, 4].get(query - key).copied().unwrap_or(5);
                shares[place] += f64::from(map[query * seq + key]) / (seq - LEFT_OUT) as f64;
            }
        }
        let [own, one, two, three, few, far] = shares;
        println!("head {head}  {own:6.2} {one:8.2} {two:8.2} {three:8.2} {few:6.2} {far:9.2}");
        let sum: f64 = shares.iter().sum();
        is_nearby &= (sum - 1.0).abs() < 1e-3 && one + two > 0.45 && far < 0.2;
    }
    if is_nearby {
        println!(
            "\nNobody told the heads to look at what is near. The last few characters say much"
        );
        println!("about the next one, and training has found that out.");
    } else {
        println!(
            "\nHere each row should add up to 1, about half of it one or two characters back:"
        );
        println!("`tutor run s07` says more.");
    }
}
