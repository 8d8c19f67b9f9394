//! The generation of step 12 beside Hugging Face's model, asked for one token after the other.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate, next_token_probabilities};
use kit::{Observer, Stored};

/// Records the greedy answer, then the probabilities that sampling would draw from.
pub fn observe(o: &mut Observer) {
    o.group("generation", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_generate.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);

        let (prompt, expected) = (
            stored.ints::<2>("in.prompt"),
            stored.ints::<2>("out.greedy"),
        );
        let ([_, given], [_, wanted]) = (prompt.dims(), expected.dims());
        let greedy = GenerationConfig {
            max_new_tokens: wanted - given,
            temperature: 0.0,
            seed: 0,
        };
        o.tensor("greedy", generate(&model, prompt, &greedy));
        o.tensor("greedy expected", expected);

        let probabilities = next_token_probabilities(stored.floats("in.logits"), 0.7);
        o.tensor("probabilities_at_0.7", probabilities);
        let expected = stored.floats::<2>("out.probabilities_at_0.7");
        o.tensor("probabilities_at_0.7 expected", expected);
    });
}
