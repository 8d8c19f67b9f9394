//! What step 18 makes of folders, told in words: for each how far the logits are from Hugging Face's,
//! or the error.

use std::fs;
use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::AdamWConfig;
use crate::s17_training::{Trainer, TrainingConfig};
use crate::s18_checkpoint::{load_gpt2, resume, save, weights};
use kit::{Observer, Stored};

/// Loads each folder; then saves and resumes in a folder of its own.
pub fn observe(o: &mut Observer) {
    o.group("folders", |o| {
        let device = o.device();
        let stored = Stored::open(Path::new(ORACLE), &device);
        for &(name, folder) in FOLDERS {
            let said = match load_gpt2(Path::new(folder), &device) {
                Ok((model, _)) => {
                    let logits = model.forward(stored.ints("in.ids")).expect("they fit");
                    let expected = stored.floats::<3>("out.logits");
                    let off: f32 = (logits - expected).abs().max().into_scalar();
                    off.to_string()
                }
                Err(error) => format!("{error:?}"),
            };
            o.text(name, said);
        }
    });
    o.group("a folder on the disk", |o| {
        let device = o.device();
        let (model, config) = load_gpt2(Path::new(FOLDERS[0].1), &device).expect("it is sound");
        let text: Vec<usize> = (0..90).map(|i| i * i % config.vocab_size).collect();
        let mut trainer = Trainer::new(model, settings()).expect("they are sound");
        trainer.train_step(&text).expect("the text is long enough");
        let folder = Path::new("checkpoint");
        save(folder, &trainer, &config).expect("there is room");
        o.text("goes on", goes_on(&trainer, folder, &text));
        let bytes = fs::metadata(folder.join("model.safetensors")).expect("it is there").len();
        o.text("bytes for each number", bytes as f64 / config.num_params() as f64);
        let read = load_gpt2(folder, &device).expect("it is what Hugging Face would read");
        o.text("reads as a model", weights(&read.0) == weights(&trainer.model) && read.1 == config);

        // A folder of that name is in the way of each file that is written.
        let before = trainer.clone();
        trainer.train_step(&text).expect("the text is long enough");
        for name in ["config.json.new", "model.safetensors.new", "training-2.safetensors"] {
            // A save that failed may have left a file.
            let _ = fs::remove_file(folder.join(name));
            fs::create_dir(folder.join(name)).expect("the name is free");
            o.text(&format!("{name} cannot be written"), save(folder, &trainer, &config).is_err());
            o.text(&format!("{name}: the old one goes on"), goes_on(&before, folder, &text));
            fs::remove_dir(folder.join(name)).expect("it is empty");
        }
        save(folder, &trainer, &config).expect("nothing is in the way");
        o.text("the new one goes on", goes_on(&trainer, folder, &text));
        o.text("files", fs::read_dir(folder).expect("it is there").count());
    });
}

/// Whether what lies in the folder makes the very step that `trainer` makes.
fn goes_on(trainer: &Trainer, folder: &Path, text: &[usize]) -> bool {
    let device = trainer.model.transformer.wte.weight.device().inner();
    let (mut found, _) = resume(folder, &device).expect("it is whole");
    let mut trainer = trainer.clone();
    let same = weights(&found.model) == weights(&trainer.model);
    let steps = (found.train_step(text), trainer.train_step(text));
    let model: &Gpt = &found.model;
    same && steps.0 == steps.1 && weights(model) == weights(&trainer.model)
}

fn settings() -> TrainingConfig {
    TrainingConfig {
        batch_size: 2,
        context: 8,
        accumulation: 2,
        steps: 10,
        warmup_steps: 3,
        learning_rate: 1.0 / 300.0,
        min_learning_rate: 1.0 / 3000.0,
        clip_norm: f64::INFINITY,
        adamw: AdamWConfig::default(),
        seed: u64::MAX,
    }
}
