//! The same token at two positions, without and with position embeddings.
//!
//! Ask: A sentence has one token at positions 0 and 3. What is the cosine between
//! its two vectors before positions are added? And after: above or below 0.9?

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use kit::Observer;
use kit::tensor::{Distribution, Int, Tensor};

const IDS: [i64; 5] = [7, 2, 4, 7, 1];

/// Prints how alike the two vectors are.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_positions: 8,
        ..GptConfig::gpt2()
    };
    device.seed(5);
    // A token table as step 05 starts it, and a row for each id.
    let tokens = Tensor::<2>::random([11, 768], Distribution::Normal(0.0, 0.02), &device);
    let tokens = tokens.select(0, Tensor::<1, Int>::from_data(IDS, &device)); // [5, 768]
    let table = PositionEmbeddings::new(&config, &device);
    let places = table.forward_unbatched(position_ids(5, 0, &device)); // [5, 768]
    let sums = tokens.clone() + places.clone();

    println!("ids {IDS:?}: token 7 stands at positions 0 and 3\n");
    println!("                      length  length  cosine between");
    println!("                      at 0    at 3    the two");
    print("token alone", tokens);
    let places = print("position alone", places);
    print("token plus position", sums);
    // Two rows of a fresh table have as little in common as any two.
    if places.is_nan() || places.abs() > 0.2 {
        println!("\nThe rows of your table for 0 and 3 are not drawn independently of each other:");
        println!("`tutor run s06` says more.");
    }
}

/// Returns the cosine between the two vectors.
fn print(what: &str, vectors: Tensor<2>) -> f64 {
    let [_, n_embd] = vectors.dims();
    let values: Vec<f32> = vectors.try_into_vec_as().unwrap_or_default();
    let row = |i: usize| &values[i * n_embd..(i + 1) * n_embd];
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
    let (first, second) = (row(0), row(3));
    let lengths = [dot(first, first).sqrt(), dot(second, second).sqrt()];
    let cosine = dot(first, second) / (lengths[0] * lengths[1]);
    println!(
        "  {what:<19} {:6.3}  {:6.3}  {cosine:6.2}",
        lengths[0], lengths[1]
    );
    cosine
}
