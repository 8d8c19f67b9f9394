//! What a position table has learned.
//!
//! Ask: A fresh table's rows have nothing in common. The small model that comes with the course has
//! 64 positions and was trained. How alike are its rows for neighbours, and for positions half the table
//! apart? Which row is the longest?

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use kit::{Observer, Stored};

const APART: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// Prints the mean cosine of rows that are so far apart, fresh and trained.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_positions: 64,
        n_embd: 64,
        ..GptConfig::gpt2()
    };
    device.seed(6);
    let fresh = PositionEmbeddings::new(&config, &device);
    let weights = Stored::open(&o.asset_path("model/model.safetensors"), &device);
    let trained = weights.filled("transformer.", PositionEmbeddings::new(&config, &device));
    let rows = |table: &PositionEmbeddings| -> Vec<Vec<f32>> {
        let values = table.forward_unbatched(position_ids(64, 0, &device)); // [64, 64]
        let values: Vec<f32> = values.try_into_vec_as().unwrap_or_default();
        values.chunks(64).map(<[f32]>::to_vec).collect()
    };
    let (fresh, trained) = (rows(&fresh), rows(&trained));
    if fresh.len() != 64 || trained.len() != 64 {
        println!("There should be a vector for each position: `tutor run s06` says more.");
        return;
    }
    println!("positions apart    fresh   trained     (mean cosine between two rows)");
    let mut cosines = Vec::new();
    for apart in APART {
        let [before, after] = [&fresh, &trained].map(|rows| alike(rows, apart));
        println!("{apart:>15} {before:8.2} {after:9.2}");
        cosines.push(after);
    }
    let lengths: Vec<f64> = trained.iter().map(|row| dot(row, row).sqrt()).collect();
    let [first, second, middle, last] = [0, 1, 32, 63].map(|i| lengths[i]);
    println!(
        "\nlength of the trained row   0: {first:.2}   1: {second:.2}   32: {middle:.2}   63: {last:.2}"
    );
    let falls = cosines.windows(2).all(|pair| pair[1] < pair[0]);
    let is_longest = lengths[1..].iter().all(|length| *length < first);
    if falls && cosines[0] > 0.9 && cosines[5] < 0.0 && is_longest {
        println!(
            "\nNobody told the table that 5 lies between 4 and 6. Neighbours became alike, and"
        );
        println!(
            "what is half the table apart became different. The first row stands out: position 0"
        );
        println!("is the only one that has nothing before it.");
    } else {
        println!(
            "\nThe trained rows should be the more alike the nearer they are, and the first one"
        );
        println!("the longest: these are not the table's own rows. `tutor run s06` says more.");
    }
}

fn alike(rows: &[Vec<f32>], apart: usize) -> f64 {
    let pairs = rows.iter().zip(&rows[apart..]);
    let cosines = pairs.map(|(a, b)| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt());
    cosines.sum::<f64>() / (rows.len() - apart) as f64
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}
