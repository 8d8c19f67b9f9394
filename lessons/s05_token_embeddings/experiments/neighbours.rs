//! The rows of a table that has learned.
//!
//! Ask: The small model that comes with the course was trained on the lessons, to predict the next
//! character. Which rows of its table are most like those of `a`, of `4`, of `,` and of `A`?

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Stored};

const ASKED: [char; 5] = ['a', '4', ',', '.', 'A'];

/// Prints the nearest rows by the cosine between them.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let letters: String = serde_json::from_reader(o.asset("model/characters.json"))
        .expect("the file is one string of JSON");
    let letters: Vec<char> = letters.chars().collect();
    let config = GptConfig {
        vocab_size: letters.len(),
        n_embd: 64,
        ..GptConfig::gpt2()
    };
    let weights = Stored::open(&o.asset_path("model/model.safetensors"), &device);
    let module = weights.filled("transformer.", TokenEmbeddings::new(&config, &device));

    let ids = Tensor::<1, Int>::arange(0..letters.len() as i64, &device);
    let vectors = module.forward(ids.unsqueeze()); // [1, vocab_size, n_embd]
    let vectors: Vec<f32> = vectors.try_into_vec_as().unwrap_or_default();
    let rows: Vec<&[f32]> = vectors.chunks(config.n_embd).collect();
    println!(
        "{} characters; the nearest rows, and the cosine\n",
        letters.len()
    );
    let mut like_digit = Vec::new();
    let mut like_a = Vec::new();
    for asked in ASKED {
        let of = letters.iter().position(|letter| *letter == asked);
        let (Some(of), true) = (of, rows.len() == letters.len()) else {
            println!("There should be a vector for each character: `tutor run s05` says more.");
            return;
        };
        let mut near: Vec<(f64, char)> = (rows.iter().zip(&letters))
            .map(|(row, letter)| (cosine(rows[of], row), *letter))
            .filter(|(_, letter)| *letter != asked)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.truncate(5);
        let words: String = near
            .iter()
            .map(|(c, letter)| format!("   {letter} {c:.2}"))
            .collect();
        println!("  {asked}{words}");
        match asked {
            '4' => like_digit.extend(near),
            'a' => like_a.extend(near.into_iter().take(3)),
            _ => {}
        }
    }
    let digits = like_digit.iter().all(|(_, letter)| letter.is_ascii_digit());
    let vowels = like_a.iter().all(|(_, letter)| "eiou".contains(*letter));
    if digits && vowels {
        println!(
            "\nNobody told the model what a digit is, or a vowel. Characters that occur in the"
        );
        println!(
            "same contexts help to predict the same things, and so their rows became alike."
        );
    } else {
        println!("\nThe nearest to 4 should be digits, and those to a vowels: these are not the");
        println!("table's own rows. `tutor run s05` says more.");
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
