//! Sizes that no tensor bears out.

use super::disk::Disk;
use super::forged::{hugging_face, plain, renamed};
use super::training::trained;
use super::{config, settings};
use crate::s18_checkpoint::{load_gpt2, resume, save};
use kit::{Observer, Sizes};

/// More than any memory holds.
const ENDLESS: usize = 1_000_000_000_000;

/// Records whether a model of endless sizes is refused, and not made.
pub fn endless(o: &mut Observer, sizes: Sizes) {
    let weights = plain(&renamed(&hugging_face(o, sizes, ""), "transformer."));
    let trainer = trained(o, sizes, 0);
    for &name in &["n_layer", "n_positions", "vocab_size", "n_embd", "n_inner"] {
        let mut asked = sizes;
        let size = match name {
            "n_layer" => &mut asked.n_layer,
            "n_positions" => &mut asked.n_positions,
            "vocab_size" => &mut asked.vocab_size,
            "n_embd" => &mut asked.n_embd,
            _ => &mut asked.n_inner,
        };
        *size = ENDLESS * sizes.n_head;
        let disk = Disk::default();
        disk.put("config.json", settings(asked, &asked.n_inner.to_string(), "gelu_new"));
        disk.put("model.safetensors", weights.clone());
        o.text(&format!("{name} of a folder: refused"), load_gpt2(&disk, &o.device()).is_err());
        let disk = Disk::default();
        let saved = save(&disk, &trainer, &config(asked)).is_ok();
        let is_refused = resume(&disk, &o.device()).is_err();
        o.text(&format!("{name} of a checkpoint: refused"), saved && is_refused);
    }
}
