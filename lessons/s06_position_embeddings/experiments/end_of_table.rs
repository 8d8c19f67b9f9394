//! The end of the table: positions that have a row, and one that has none.
//!
//! Ask: A table has rows for 8 positions. Six tokens were read, and three more follow.
//! Which rows are asked for, and what happens?

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use kit::Observer;
use kit::module::Param;
use kit::tensor::Tensor;

/// Prints the rows for a few sequences, or that there is none.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_positions: 8,
        n_embd: 3,
        ..GptConfig::gpt2()
    };
    let table: Vec<Tensor<2>> = (0..8)
        .map(|row| Tensor::from_data([[row as f32, row as f32 + 0.1, row as f32 + 0.2]], &device))
        .collect();
    let mut module = PositionEmbeddings::new(&config, &device);
    module.wpe.weight = Param::from_tensor(Tensor::cat(table, 0)); // [8, 3]
    println!("row p of the table is [p.0, p.1, p.2]; rows 0 to 7");
    for (new, past) in [(3, 0), (1, 6), (2, 6), (3, 6)] {
        let ids = position_ids(new, past, &device);
        let asked: Vec<i64> = ids.try_to_vec_as().unwrap_or_default();
        println!("\n{new} new after {past}: positions {asked:?}");
        if asked.iter().all(|position| *position < 8) {
            println!("  {}", rows(module.forward_unbatched(ids)));
            continue;
        }
        // The words of a refusal are of no interest here.
        let mut vectors = None;
        o.call("past the table", || {
            vectors = Some(module.forward_unbatched(ids))
        });
        match vectors {
            Some(vectors) => {
                println!("  not refused: {}", rows(vectors));
                println!("  There is no such row. `tutor run s06` says more.");
            }
            None => println!("  refused"),
        }
    }
}

fn rows(vectors: Tensor<2>) -> String {
    let values: Vec<f32> = vectors.try_into_vec_as().unwrap_or_default();
    let rows: Vec<String> = values.chunks(3).map(|row| format!("{row:.1?}")).collect();
    rows.join(" ")
}
