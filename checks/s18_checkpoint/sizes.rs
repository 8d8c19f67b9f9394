//! Sizes that no tensor bears out.

use super::disk::Disk;
use super::folders::{SOUND, settings};
use super::forged::{hugging_face, plain, renamed};
use super::training::trained;
use super::config;
use crate::s18_checkpoint::{load_gpt2, resume, save};
use kit::{Observer, Sizes};

/// Records whether a model is refused that has `endless` layers for each of its heads, or as much of
/// another size.
pub fn refused(o: &mut Observer, sizes: Sizes, endless: usize) {
    let weights = plain(&renamed(&hugging_face(o, sizes, ""), "transformer."));
    let (trainer, device) = (trained(o, sizes, 0), o.device());
    for &name in &["n_layer", "n_positions", "vocab_size", "n_embd", "n_inner"] {
        let mut asked = sizes;
        let size = match name {
            "n_layer" => &mut asked.n_layer,
            "n_positions" => &mut asked.n_positions,
            "vocab_size" => &mut asked.vocab_size,
            "n_embd" => &mut asked.n_embd,
            _ => &mut asked.n_inner,
        };
        *size = endless * sizes.n_head;
        let name = format!("{name} = {size}");
        let disk = Disk::default();
        disk.put("config.json", settings(asked, SOUND).into());
        disk.put("model.safetensors", weights.clone());
        o.fallible_call(&format!("a folder with {name}"), || load_gpt2(&disk, &device).map(drop));
        let disk = Disk::default();
        o.text(&format!("saved with {name}"), save(&disk, &trainer, &config(asked)).is_ok());
        o.fallible_call(&format!("a checkpoint with {name}"), || resume(&disk, &device).map(drop));
    }
}
