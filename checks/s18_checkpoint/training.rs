//! Trainers that are saved and resumed.

use super::disk::Disk;
use super::forged::data;
use super::{config, said};
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::AdamWConfig;
use crate::s17_training::{Trainer, TrainingConfig};
use crate::s18_checkpoint::{CheckpointError, Files, Weights, read_config, resume, save, weights};
use kit::{Observer, Sizes};

/// Interrupts a save at each of its calls.
pub fn power(o: &mut Observer, first: Sizes, second: Sizes) {
    let (first, second) = (small(first), small(second));
    let (old, new) = (trained(o, first, 1), trained(o, second, 1));
    let (old_state, new_state) = (state(&old), state(&new));
    let before = Disk::default();
    said(o, "a checkpoint before", save(&before, &old, &config(first)).err());
    let before = before.files.take();
    for &(name, is_first, for_good) in &[
        ("the power fails", false, true),
        ("a disk is full", false, false),
        ("the power fails in the first save", true, true),
    ] {
        let [mut mixed, mut gone, mut lost, mut stuck, mut torn, mut strange] = [0; 6];
        // Elsewhere: what is remembered of one folder says nothing of another.
        said(o, &format!("{name}: in another folder"), save(&Disk::default(), &new, &config(second)).err());
        for calls in 0..40 {
            let mut disk = Disk { for_good, ..Disk::default() };
            if !is_first {
                disk.files.replace(before.clone());
            }
            disk.left.set(Some(calls));
            let saved = save(&disk, &new, &config(second));
            let is_over = !disk.failed.get();
            disk.left.set(None);
            disk.for_good = false;
            let state = found(o, &disk);
            let is_new = state == new_state;
            let is_old = !is_first && state == old_state;
            mixed += usize::from(!state.is_empty() && !is_new && !is_old);
            gone += usize::from(state.is_empty() && !is_first);
            lost += usize::from(saved.is_ok() && !is_new);
            strange += usize::from(!matches!(saved, Ok(()) | Err(CheckpointError::File(..))));
            let sizes = disk.read("config.json").unwrap_or_default();
            torn += usize::from(!is_first && read_config(&String::from_utf8_lossy(&sizes)).is_err());
            let again = save(&disk, &new, &config(second)).is_ok();
            let is_clean = disk.files.borrow().len() == 3;
            stuck += usize::from(!(again && is_clean && found(o, &disk) == new_state));
            if is_over {
                break;
            }
        }
        for &(what, count) in &[
            ("neither the old one nor the new one", mixed),
            ("none at all", gone),
            ("said to be saved, and is not", lost),
            ("not mended by another save", stuck),
            ("a config.json that is not whole", torn),
            ("another error than File", strange),
        ] {
            o.integer(&format!("{name}: {what}"), count);
        }
    }
}

/// As little as makes a model.
pub fn small(sizes: Sizes) -> Sizes {
    Sizes { n_inner: 3, n_layer: 1, vocab_size: 5, n_positions: 4, ..sizes }
}

/// A model that is narrow, and all else a little more than that.
pub fn narrow(sizes: &mut Sizes, layers: usize) {
    (sizes.n_layer, sizes.n_embd) = (layers, (layers + 1) * sizes.n_head);
    (sizes.vocab_size, sizes.n_inner) = (sizes.vocab_size + 16, sizes.n_inner + 16);
    sizes.n_positions += 9;
}

/// The state of what is resumed; none if nothing can be.
fn found(o: &Observer, disk: &Disk) -> Weights {
    match resume(disk, &o.device()) {
        Ok((trainer, _)) => state(&trainer),
        Err(_) => Weights::new(),
    }
}

/// What the next step depends on besides the settings: step, weights and moments.
fn state(trainer: &Trainer) -> Weights {
    let mut state = weights(&trainer.model);
    for (path, moments) in &trainer.optimizer.moments {
        state.insert(format!("first of {path}"), moments.first.to_data());
        state.insert(format!("second of {path}"), moments.second.to_data());
    }
    state.insert("step".to_owned(), data(vec![trainer.step as f32], &[1]));
    state
}

/// Records a trainer that was saved and resumed, beside itself. The group ends where nothing can be
/// resumed: the error says more than all that is missing then.
pub fn kept(o: &mut Observer, name: &str, disk: &Disk, trainer: &Trainer, sizes: Sizes) -> Trainer {
    said(o, &format!("{name}: saved"), save(disk, trainer, &config(sizes)).err());
    let (found, found_sizes) = match resume(disk, &o.device()) {
        Ok(found) => found,
        Err(error) => {
            said(o, &format!("{name}: resumed"), Some(error));
            panic!("there is no checkpoint");
        }
    };
    said(o, &format!("{name}: resumed"), None);
    for &(what, is_same) in &[
        ("the sizes are the same", found_sizes == config(sizes)),
        ("the settings are the same", found.config == trainer.config),
        ("the same to the last bit", state(&found) == state(trainer)),
    ] {
        o.text(&format!("{name}: {what}"), is_same);
    }
    for &(what, count) in &[
        ("step", found.step),
        ("updates", found.optimizer.step),
        ("parameters with moments", found.optimizer.moments.len()),
    ] {
        o.integer(&format!("{name}: {what}"), count);
    }
    let path = "transformer.h.0.attn.c_proj.weight".to_owned();
    let weight = found.model.transformer.h[0].attn.c_proj.weight.val().inner();
    o.tensor(&format!("{name}: {path} [row, column]"), weight);
    if let Some(moments) = found.optimizer.moments.get(&path) {
        // A second moment is a mean of squares, and small.
        let scale = 1e4_f32;
        o.tensor(&format!("{name}: first moments of {path}"), moments.first.clone());
        o.tensor(&format!("{name}: 10,000 times the second"), moments.second.clone() * scale);
    }
    found
}

/// Records whether a trainer that was resumed takes the step that the saved one takes.
pub fn goes_on(
    o: &mut Observer,
    name: &str,
    mut found: Trainer,
    trainer: &mut Trainer,
    sizes: Sizes,
) {
    let text = text(o, sizes);
    let is_same = match (trainer.train_step(&text), found.train_step(&text)) {
        (Ok(one), Ok(other)) => one == other && state(&found) == state(trainer),
        _ => false,
    };
    o.text(&format!("{name}: the next step is the same to the last bit"), is_same);
}

fn text(o: &Observer, sizes: Sizes) -> Vec<usize> {
    o.integers("text", sizes.vocab_size, 20)
}

/// A trainer after some steps.
pub fn trained(o: &Observer, sizes: Sizes, steps: usize) -> Trainer {
    // Numbers whose digits do not end.
    let digits = |name: &str, scale: f64| scale * (1.0 + o.below(name, 1000) as f64) / 3003.0;
    let settings = TrainingConfig {
        batch_size: 2,
        context: 4,
        accumulation: 1,
        steps: 90 + sizes.n_head,
        warmup_steps: 3,
        learning_rate: digits("rate", 0.3),
        min_learning_rate: digits("lowest rate", 0.01),
        clip_norm: 1.0 + digits("norm", 1.0),
        adamw: AdamWConfig {
            beta_1: 0.6 + digits("first", 0.5),
            beta_2: 0.7 + digits("second", 0.5),
            epsilon: digits("epsilon", 1e-6),
            weight_decay: digits("decay", 0.5),
        },
        // More than an f64 can hold.
        seed: u64::MAX - o.below("seed", 1000) as u64,
    };
    let model = o.filled_with("trained", Gpt::new(&config(sizes), &o.device()));
    let Ok(mut trainer) = Trainer::new(model, settings) else {
        panic!("the settings are sound");
    };
    for _ in 0..steps {
        let is_done = trainer.train_step(&text(o, sizes)).is_ok();
        assert!(is_done, "nothing is wrong with the text");
    }
    trainer
}
