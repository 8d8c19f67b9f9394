//! The sampling of step 19 beside PyTorch's: what top-k and top-p leave, and what greedy takes.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s19_sampling::{SamplingConfig, next_token, sampling_probabilities, top_k, top_p};
use kit::tensor::Tensor;
use kit::tensor::activation::softmax;
use kit::{Observer, Stored};

/// Records logits and probabilities that are left, then a greedy answer, a token at a time.
pub fn observe(o: &mut Observer) {
    o.group("sampling", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_generate.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);

        let logits = || stored.floats::<2>("in.logits");
        let [k_expected, p_expected] =
            ["top_k_5", "top_p_0.8"].map(|name| stored.floats::<2>(&format!("out.{name}")));
        o.tensor("top_k_5", top_k(logits(), 5));
        o.tensor("top_k_5 expected", k_expected.clone());
        o.tensor("top_p_0.8", top_p(logits(), 0.8));
        o.tensor("top_p_0.8 expected", p_expected.clone());

        // The ids do not matter without a penalty.
        let ids = || {
            stored
                .ints::<2>("in.prompt")
                .repeat_dim(0, logits().dims()[0])
        };
        let mut sampling = SamplingConfig {
            temperature: 1.0,
            top_k: Some(5),
            top_p: None,
            repetition_penalty: 1.0,
            seed: 0,
        };
        o.tensor(
            "probabilities of top_k_5",
            sampling_probabilities(logits(), ids(), &sampling),
        );
        o.tensor("probabilities of top_k_5 expected", softmax(k_expected, 1));
        (sampling.top_k, sampling.top_p) = (None, Some(0.8));
        o.tensor(
            "probabilities of top_p_0.8",
            sampling_probabilities(logits(), ids(), &sampling),
        );
        o.tensor(
            "probabilities of top_p_0.8 expected",
            softmax(p_expected, 1),
        );
        (sampling.top_p, sampling.temperature) = (None, 0.7);
        let probabilities = sampling_probabilities(logits(), ids(), &sampling);
        o.tensor("probabilities_at_0.7", probabilities);
        let expected = stored.floats::<2>("out.probabilities_at_0.7");
        o.tensor("probabilities_at_0.7 expected", expected);

        sampling.temperature = 0.0;
        let expected = stored.ints::<2>("out.greedy");
        let [_, wanted] = expected.dims();
        let mut text = stored.ints::<2>("in.prompt");
        for position in text.dims()[1]..wanted {
            let logits = model
                .forward(text.clone())
                .expect("Hugging Face took as many ids");
            let last: Tensor<2> = logits.narrow(1, position - 1, 1).squeeze_dim(1);
            let next = next_token(last, text.clone(), &sampling, position);
            text = Tensor::cat(vec![text, next], 1);
        }
        o.tensor("greedy", text);
        o.tensor("greedy expected", expected);
    });
}
