//! The initial table: how long its rows are, and how alike.
//!
//! Ask: A fresh row holds 768 numbers of standard deviation 0.02. Guess its length.
//! Is the cosine of the angle between two different rows nearer to 1, or to 0?

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use kit::Observer;

/// Prints a histogram of a fresh table, the lengths of its rows and the cosines between them.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 64,
        ..GptConfig::gpt2()
    };
    o.device().seed(5);
    let table = TokenEmbeddings::new(&config, &o.device()).wte.weight.val();
    let values: Vec<f32> = table.try_into_vec_as().unwrap_or_default();

    println!("the numbers of a fresh table, 64 rows of 768");
    for bin in -4..4 {
        let from = 0.02 * f64::from(bin);
        let inside = |value: &&f32| f64::from(**value) >= from && f64::from(**value) < from + 0.02;
        let share = 100.0 * values.iter().filter(inside).count() as f64 / values.len() as f64;
        let bar = "█".repeat((share + 0.5) as usize);
        let line = format!("  {from:5.2} to {:5.2} {share:4.0} % {bar}", from + 0.02);
        println!("{}", line.trim_end());
    }

    let rows: Vec<&[f32]> = values.chunks(768).collect();
    let lengths: Vec<f64> = rows.iter().map(|row| dot(row, row).sqrt()).collect();
    println!("\nlength of a row   {}", summary(&lengths));

    let mut cosines = Vec::new();
    for i in 0..rows.len() {
        for j in 0..i {
            cosines.push(dot(rows[i], rows[j]) / (lengths[i] * lengths[j]));
        }
    }
    println!("cosine of a pair  {}", summary(&cosines));
    println!("\n0.02 * sqrt(768) = {:.2}", 0.02 * 768_f64.sqrt());
    let length = lengths.iter().sum::<f64>() / lengths.len() as f64;
    if (length / (0.02 * 768_f64.sqrt()) - 1.0).abs() > 0.05 || length.is_nan() {
        println!("Your rows have another length: `tutor run s05` says what they start from.");
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}

fn summary(values: &[f64]) -> String {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Adding 0.0 turns a rounded -0.00 into 0.00.
    let mean = (mean * 100.0).round() / 100.0 + 0.0;
    format!("mean {mean:.2}, from {least:.2} to {most:.2}")
}
