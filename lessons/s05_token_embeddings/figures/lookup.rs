//! A sentence picks rows of the table.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use figures::{figure, panel, rows, text};
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

/// Describes the table and the rows that the sentence takes from it.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 5,
        n_embd: 4,
        ..GptConfig::gpt2()
    };
    let mut module = TokenEmbeddings::new(&config, &o.device());
    module.wte.weight = Param::from_tensor(Tensor::from_data(TABLE, &o.device()));
    let found = module.forward(Tensor::<2, Int>::from_data([IDS], &o.device()));
    let found: Vec<f32> = found.try_into_vec_as().unwrap_or_default();
    let named = |id: usize| format!("{id} {}", WORDS[id]);
    let sentence: Vec<String> = IDS
        .iter()
        .filter_map(|id| Some(named(usize::try_from(*id).ok()?)))
        .collect();
    figure(
        "A lookup",
        &format!(
            "On the left the token table: five rows of four numbers, one for each of {}. On the \
             right what the ids {IDS:?} take from it: row 3, row 0, row 2, row 3 once more, row 1, \
             each as it stands in the table. The fourth and the first are equal; row 4 is not \
             taken.",
            WORDS.join(", ")
        ),
    );
    let table = |title: &str, names: &[String], values: &[f32]| {
        panel("cells", title);
        text("rows", names);
        text("columns", ["0", "1", "2", "3"]);
        text("digits", 1);
        text("full", 1);
        rows("values", values, 4, 1);
    };
    let names: Vec<String> = (0..5).map(named).collect();
    table("wte.weight", &names, TABLE.as_flattened());
    table("the cat saw the dog", &sentence, &found);
}
