//! The model of step 10 beside Hugging Face's `GPT2Model`.

use std::path::Path;

use crate::s10_model::GptModel;
use kit::{Observer, Stored};

/// Records what each block is given, then the result.
pub fn observe(o: &mut Observer) {
    o.group("model", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_model.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", GptModel::new(&config(), &device));
        o.parameters("parameters", &model);
        let ids = stored.ints::<2>("in.ids");

        // What the last block returns is in no file: Hugging Face lists it normalised, which is
        // the result.
        let mut x = model.embed(ids.clone());
        for (i, block) in model.h.iter().enumerate() {
            o.tensor(&format!("hidden.{i}"), x.clone());
            let expected = stored.floats::<3>(&format!("out.hidden.{i}"));
            o.tensor(&format!("hidden.{i} expected"), expected);
            x = block.forward(x);
        }

        let y = model.forward(ids).expect("Hugging Face took as many ids");
        o.tensor("y", y);
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
