//! The generation of step 20 beside Hugging Face's model, up to the end of the window; what is behind it,
//! beside the model of step 11, which the file of the language model holds.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s19_sampling::SamplingConfig;
use crate::s20_kv_cache::{KvCache, generate, logits, next_logits};
use kit::tensor::Tensor;
use kit::{Observer, Stored};

/// Records the greedy answer, the logits of a full window, and those of texts that are longer.
pub fn observe(o: &mut Observer) {
    o.group("window", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_generate.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);

        let (prompt, expected) = (
            stored.ints::<2>("in.prompt"),
            stored.ints::<2>("out.greedy"),
        );
        let ([_, given], [_, window]) = (prompt.dims(), expected.dims());
        let greedy = SamplingConfig {
            temperature: 0.0,
            top_k: None,
            top_p: None,
            repetition_penalty: 1.0,
            seed: 0,
        };
        let text = generate(&model, prompt.clone(), window - given, &greedy);
        o.tensor("greedy", text.expect("a prompt and a valid configuration"));
        o.tensor("greedy expected", expected.clone());

        let three = expected.clone().repeat_dim(0, 3);
        for text in [expected.clone(), three] {
            let [batch, _] = text.dims();
            let mut cache = KvCache::new(N_LAYER);
            let parts = (0..window).map(|place| {
                let part = logits(&model, text.clone().narrow(1, place, 1), &mut cache);
                part.expect("as many positions")
            });
            let name = format!("{batch} rows token by token to the end of the window");
            o.tensor(&name, Tensor::cat(parts.collect(), 1));
            let whole = model.forward(text).expect("as many positions");
            o.tensor(&format!("{name} expected"), whole);
        }

        // Three more tokens than the window holds, with one cache.
        let longer = Tensor::cat(vec![expected, prompt.narrow(1, 0, 3)], 1);
        let mut cache = KvCache::new(N_LAYER);
        for seq in window - 2..=window + 3 {
            let text = longer.clone().narrow(1, 0, seq);
            let name = format!("after {seq} tokens");
            let next = next_logits(&model, &text, &mut cache);
            o.tensor(&name, next.expect("there is a new token"));
            let seen = seq.min(window);
            let recent = text.narrow(1, seq - seen, seen);
            let whole = model.forward(recent).expect("as many positions");
            let last: Tensor<2> = whole.narrow(1, seen - 1, 1).squeeze_dim(1);
            o.tensor(&format!("{name} expected"), last);
        }
    });
}
