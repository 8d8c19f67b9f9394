//! The whole model, with what goes from each part to the next.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use figures::{figure, panel, stage};
use kit::Observer;
use kit::tensor::{Int, Tensor, activation};

const WORDS: [&str; 5] = ["cat", "dog", "saw", "the", "."];
const IDS: [i64; 4] = [3, 0, 2, 3];

/// Describes the way of four tokens through a small model: shapes, and the last token's numbers.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 5,
        n_positions: 8,
        n_embd: 6,
        n_head: 2,
        n_inner: 24,
        n_layer: 2,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    let model = o.filled(Gpt::new(&config, &device));
    let body = &model.transformer;
    let ids = Tensor::<2, Int>::from_data([IDS], &device);
    let tokens = body.token_embeddings().forward(ids.clone());
    let sum = body.embed(ids.clone());
    let block = &body.h[0];
    let normed = block.ln_1.forward(sum.clone());
    let attended = block.attn.forward(normed.clone());
    let middle = sum.clone() + attended.clone();
    let normed_again = block.ln_2.forward(middle.clone());
    let worked = block.mlp.forward(normed_again.clone());
    let first = block.forward(sum.clone());
    let second = body.h[1].forward(first.clone());
    let last = body.ln_f.forward(second.clone());
    let Ok(logits) = model.forward(ids) else {
        return;
    };
    let probabilities = activation::softmax(logits.clone(), 2);
    let chances = row(&probabilities);
    let best = (1..chances.len()).fold(
        0,
        |best, i| if chances[i] > chances[best] { i } else { best },
    );

    figure(
        "The map of the model",
        &format!(
            "The way of four tokens, \"the cat saw the\", through a model of 5 words, 6 channels, 2 \
             heads and 2 blocks. The ids become rows of the token table, [1, 4, 6]; rows of the \
             position table are added. In a block, a norm and attention work on a copy that is \
             added to what came in, then a norm and the MLP do the same. A second block follows, \
             then the last norm. The product with the token table gives a score for each word, \
             [1, 4, 5], and the softmax of the last row a probability: {:.2} for \"{}\".",
            chances[best], WORDS[best]
        ),
    );
    panel("stages", "GPT-2, small enough to print");
    let of = |x: &Tensor<3>| told(x);
    stage(
        "ids",
        "the cat saw the",
        &["[1, 4]: 3 0 2 3".to_owned()],
        None,
    );
    stage("wte", "a row for each token", &of(&tokens), None);
    stage("+ wpe", "a row for each place", &of(&sum), None);
    stage("h.0.ln_1", "a norm", &of(&normed), None);
    stage("h.0.attn", "from token to token", &of(&attended), None);
    stage("sum", "with what came in", &of(&middle), Some(2));
    stage("h.0.ln_2", "a norm", &of(&normed_again), None);
    stage("h.0.mlp", "each token by itself", &of(&worked), None);
    stage("sum", "with what came in", &of(&first), Some(5));
    stage("h.1", "the same once more", &of(&second), None);
    stage("ln_f", "the last norm", &of(&last), None);
    stage("× wteᵀ", "a score for each word", &of(&logits), None);
    stage("softmax", "what comes next", &of(&probabilities), None);
}

/// The shape, and the numbers of the last token.
fn told(x: &Tensor<3>) -> Vec<String> {
    let numbers: Vec<String> = row(x).iter().map(|number| format!("{number:.2}")).collect();
    vec![format!("{:?}", x.dims()), numbers.join(" ")]
}

fn row(x: &Tensor<3>) -> Vec<f32> {
    let [_, seq, _] = x.dims();
    let last = x.clone().narrow(1, seq - 1, 1);
    last.try_into_vec_as().unwrap_or_default()
}
