//! Rows looked up: a sentence becomes vectors.
//!
//! Ask: "the cat saw the dog" has the word "the" twice. Will its two vectors differ?
//! And does the vector of "cat" depend on the words around it?

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Int, Tensor};

const WORDS: [&str; 5] = ["cat", "dog", "saw", "the", "."];
const IDS: [i64; 5] = [3, 0, 2, 3, 1];
const TABLE: [[f32; 4]; 5] = [
    [0.9, 0.1, -0.3, 0.0],
    [0.8, 0.2, -0.4, 0.1],
    [-0.5, 0.7, 0.6, 0.0],
    [0.0, -0.1, 0.1, 0.9],
    [-0.2, -0.8, 0.0, -0.3],
];

/// Prints a table, a sentence's ids, and the rows that they pick.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 5,
        n_embd: 4,
        ..GptConfig::gpt2()
    };
    let mut module = TokenEmbeddings::new(&config, &o.device());
    module.wte.weight = Param::from_tensor(Tensor::from_data(TABLE, &o.device()));

    println!("the table, a row for each token");
    for (id, word) in WORDS.iter().enumerate() {
        println!("  {id}  {word:<4} {}", row(&TABLE[id]));
    }

    let ids = Tensor::<2, Int>::from_data([IDS], &o.device());
    let vectors = module.forward(ids);
    let [batch, seq, n_embd] = vectors.dims();
    println!("\n\"the cat saw the dog\": ids {IDS:?}");
    let found: Vec<f32> = vectors.try_into_vec_as().unwrap_or_default();
    let found: Vec<&[f32]> = found.chunks(n_embd.max(1)).collect();
    for (id, vector) in IDS.iter().zip(&found) {
        let word = usize::try_from(*id).map_or("?", |id| WORDS[id]);
        println!("  {id}  {word:<4} {}", row(vector));
    }
    println!("\nshape [{batch}, {seq}, {n_embd}]");
    if [batch, seq, n_embd] != [1, 5, 4] {
        println!("It should be [1, 5, 4]: `tutor run s05` says more.");
        return;
    }
    println!(
        "the two rows of \"the\" are equal: {}",
        found[0] == found[3]
    );
    if IDS.iter().zip(&found).any(|(id, vector)| {
        // No id is past the table.
        !usize::try_from(*id).is_ok_and(|id| TABLE[id] == **vector)
    }) {
        println!("These are not the rows that the ids name: `tutor run s05` says more.");
    }
}

fn row(values: &[f32]) -> String {
    values.iter().map(|value| format!("{value:6.1}")).collect()
}
