//! Which rows of the table learn.
//!
//! Ask: a table has eight rows. A model is trained on two texts, of five tokens and of three.
//! Which rows get a gradient, and from how many texts?

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use kit::Observer;

/// Prints the gradient of each row, for a loss that counts every vector once.
pub fn observe(o: &mut Observer) {
    let device = o.device().autodiff();
    let config = GptConfig {
        n_positions: 8,
        n_embd: 4,
        ..GptConfig::gpt2()
    };
    let table = PositionEmbeddings::new(&config, &device);
    let vectors = |seq| table.forward_unbatched(position_ids(seq, 0, &device)); // [seq, 4]
    let loss = vectors(5).sum() + vectors(3).sum();
    let gradients = loss.backward();
    let Some(gradient) = table.wpe.weight.grad(&gradients) else {
        println!("No gradient reaches your table: `tutor run s06` says more.");
        return;
    };
    let rows: Vec<f32> = gradient.mean_dim(1).into_data().iter().collect();
    println!("row   gradient   texts that reach it");
    for (row, value) in rows.iter().enumerate() {
        let bar = "█".repeat((value * 4.0).round().clamp(0.0, 40.0) as usize);
        println!("{}", format!("{row:3}   {value:8.0}   {bar}").trim_end());
    }
    println!();
    if rows == [2.0, 2.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.0] {
        println!("The gradient of a row is the sum over the texts that have a token there. What");
        println!("no text reaches stays as it was drawn.");
    } else {
        println!(
            "Rows 0 to 2 are in both texts, rows 3 and 4 in one, and the others in none. Your"
        );
        println!("table learns otherwise: `tutor run s06` says more.");
    }
}
