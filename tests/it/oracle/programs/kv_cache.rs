//! The cache of step 20 beside Hugging Face's `GPT2LMHeadModel`, which reads all ids at once: every
//! split of a text, in batches of one, two and three.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, last_logits, logits};
use kit::tensor::{Int, Tensor};
use kit::{Observer, Stored};

/// Records the logits for each place at which the text is cut, the rest read token by token.
pub fn observe(o: &mut Observer) {
    o.group("cache", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_lm.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);

        let (ids, expected) = (stored.ints::<2>("in.ids"), stored.floats::<3>("out.logits"));
        let [_, seq] = ids.dims();
        o.tensor("logits", read(&model, &ids, seq));
        o.tensor("logits expected", expected.clone());
        let last = last_logits(&model, ids.clone(), &mut KvCache::new(N_LAYER));
        o.tensor("last logits", last.expect("as many positions"));
        let last: Tensor<2> = expected.clone().narrow(1, seq - 1, 1).squeeze_dim(1);
        o.tensor("last logits expected", last);

        let (first, first_expected) = (
            ids.clone().narrow(0, 0, 1),
            expected.clone().narrow(0, 0, 1),
        );
        let three = Tensor::cat(vec![ids.clone(), first.clone()], 0);
        let three_expected = Tensor::cat(vec![expected.clone(), first_expected.clone()], 0);
        for (ids, expected) in [
            (first, first_expected),
            (ids, expected),
            (three, three_expected),
        ] {
            let [batch, _] = ids.dims();
            for cut in 1..seq {
                let name = format!("{batch} rows cut after {cut}");
                o.tensor(&name, read(&model, &ids, cut));
                o.tensor(&format!("{name} expected"), expected.clone());
            }
        }
    });
}

/// The logits of all places: the first `cut` at once, the others token by token.
fn read(model: &Gpt, ids: &Tensor<2, Int>, cut: usize) -> Tensor<3> {
    let [_, seq] = ids.dims();
    let mut cache = KvCache::new(N_LAYER);
    let mut part = |from, new| {
        let part = logits(model, ids.clone().narrow(1, from, new), &mut cache);
        part.expect("Hugging Face took as many ids")
    };
    let mut parts = vec![part(0, cut)];
    parts.extend((cut..seq).map(|place| part(place, 1)));
    Tensor::cat(parts, 1)
}
