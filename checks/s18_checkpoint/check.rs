//! Observes step 18.

#[path = "../common.rs"]
mod common;
#[path = "disk.rs"]
mod disk;
#[path = "folders.rs"]
mod folders;
#[path = "forged.rs"]
mod forged;
#[path = "sizes.rs"]
mod sizes;
#[path = "training.rs"]
mod training;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::Moments;
use crate::s18_checkpoint::{
    CheckpointError, Files, Weights, load_gpt2, load_weights, read_tensors, resume, save,
    write_tensors,
};
use common::config;
use disk::Disk;
use folders::hugging_faces;
use forged::{
    Forged, IN_ONE_PLACE, NAN, ONE, REFUSED, TWICE_THE_LARGEST, WITH_A_GAP, data, forged, hugging_face,
    numbers, plain, renamed,
};
use kit::module::Param;
use kit::tensor::{Tensor, TensorData};
use kit::{Observer, Sizes};
use safetensors::SafeTensors;
use training::{goes_on, kept, narrow, power, small, trained};

/// Records what is read and written, what is refused, and what becomes of a checkpoint when the
/// power fails.
pub fn observe(o: &mut Observer) {
    // Time goes with the number of parameters: these are narrow, and all else is a little more, so
    // that no two sizes of a model are equal.
    let [mut first, mut second] = o.sizes();
    narrow(&mut first, 1);
    narrow(&mut second, 2);
    o.group("the tensors of a file", |o| {
        for &(name, kind) in &[("F32", "F32"), ("F16", "F16"), ("BF16", "BF16"), ("F32 again", "F32")] {
            read(o, name, &forged(o, name, kind, first));
        }
        read(o, "at a second size", &forged(o, "other", "BF16", second));
        let mut file = Forged::default();
        read(o, "without tensors", &file.packed());
        for &(name, kind, shape, bytes) in &[
            ("h.0.attn.bias", "U8", &[1, 1, 2, 2][..], &[1; 4][..]),
            ("transformer.h.11.attn.bias", "F32", &[1], &ONE),
            ("h.3.attn.masked_bias", "F16", &[1], &[0, 0xfc]),
            ("transformer.h.0.attn.masked_bias", "F32", &[], &NAN),
        ] {
            file.add(name, kind, shape, bytes);
        }
        read(o, "with nothing but buffers", &file.packed());
        // What only looks like one. The sum of the largest numbers is infinite.
        for &(name, shape, bytes) in &[
            ("h.0.attn.c_attn.bias", &[2][..], &TWICE_THE_LARGEST[..]),
            ("h.1.attn.biased", &[], &[0, 0, 0x20, 0xc0]),
            ("transformer.h.0.mlp.masked_bias", &[1, 1, 1], &ONE),
            ("h.0.attn.masked_bias.weight", &[2, 0], &[]),
        ] {
            file.add(name, "F32", shape, bytes);
        }
        read(o, "with buffers", &file.packed());
    });
    o.group("files that are refused", |o| {
        let sound = forged(o, "sound", "F32", first);
        let length = sound.len();
        let mut longer = sound.clone();
        longer[..8].copy_from_slice(&(1_u64 << 40).to_le_bytes());
        for &(name, file) in &[
            ("no bytes at all", &[][..]),
            ("seven bytes", &sound[..7]),
            ("a header that is cut off", &sound[..50]),
            ("a number that is cut off", &sound[..length - 4]),
            ("a byte too many", &[&sound[..], &[0]].concat()),
            ("a header longer than the file", &longer),
            ("two tensors in one place", IN_ONE_PLACE),
            ("bytes of no tensor", WITH_A_GAP),
        ] {
            said(o, name, read_tensors(file).err());
        }
        for &(name, kind, length, bytes) in &REFUSED {
            let mut file = Forged::default();
            file.add("a", "F32", &[1], &ONE);
            file.add("b", kind, &[length], bytes);
            said(o, name, read_tensors(&file.packed()).err());
        }
    });
    o.group("a file of tensors", |o| {
        let two = [("format", "pt"), ("a \"quoted\" name", "1")];
        let mut strange = hugging_face(o, first, "");
        strange.insert("nothing".to_owned(), data(Vec::new(), &[0, 3]));
        strange.insert("a \"name\" with \\ and ä".to_owned(), data(vec![f32::MAX; 2], &[1, 2, 1]));
        written(o, "of two sizes", &strange, &two);
        written(o, "at a second size", &hugging_face(o, second, "other "), &[]);
        written(o, "without tensors", &Weights::new(), &two[..1]);
        for &value in &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            strange.insert("b".to_owned(), data(vec![0.0, value], &[2]));
            said(o, &format!("with {value}"), write_tensors(&strange, &[]).err());
        }
    });
    o.group("weights into the model", |o| {
        for &(name, sizes, prefix, has_head) in &[
            ("full names", first, "transformer.", false),
            ("without the prefix", first, "", false),
            ("with an output layer", second, "transformer.", true),
            ("with an output layer, without the prefix", second, "", true),
            ("the first size again", first, "transformer.", false),
        ] {
            let mut weights = renamed(&hugging_face(o, sizes, ""), prefix);
            if has_head {
                let table = weights[&format!("{prefix}wte.weight")].clone();
                weights.insert("lm_head.weight".to_owned(), table);
            }
            loaded(o, name, sizes, weights);
        }
        let mut mixed = renamed(&hugging_face(o, second, ""), "transformer.");
        let last = mixed.remove("transformer.ln_f.bias").unwrap_or_else(|| data(Vec::new(), &[0]));
        mixed.insert("ln_f.bias".to_owned(), last);
        loaded(o, "some names without the prefix", second, mixed);
        let twice = renamed(&hugging_face(o, first, ""), "transformer.transformer.");
        let found = load_weights(Gpt::new(&config(first), &o.device()), twice);
        o.text("with the prefix twice: refused", found.is_err());
    });
    o.group("weights that are refused", |o| {
        refused(o, first);
        refused(o, second);
    });
    o.group("a model of Hugging Face's", |o| hugging_faces(o, first, second));
    o.group("saved and resumed", |o| {
        let mut saved = trained(o, first, 1);
        let disk = Disk::default();
        // A model that was never in training.
        disk.put("model.safetensors", plain(&Weights::new()));
        let found = kept(o, "a checkpoint", &disk, &saved, first);
        goes_on(o, "a checkpoint", found, &mut saved, first);
        o.integer("files", disk.files.borrow().len());
        let file = disk.read("model.safetensors").unwrap_or_default();
        unpacked(o, "model.safetensors", &file, &[("training", "")]);
        let with_sizes = load_gpt2(&disk, &o.device());
        let is_same = match with_sizes {
            Ok((_, found)) => found == config(first),
            Err(_) => false,
        };
        o.text("the sizes in config.json", is_same);
        let mut other = trained(o, second, 1);
        other.optimizer.step += 3;
        other.config.clip_norm = f64::INFINITY;
        let found = kept(o, "another one in its place", &disk, &other, second);
        goes_on(o, "another one in its place", found, &mut other, second);
        o.integer("files left", disk.files.borrow().len());
        other.optimizer.moments.clear();
        let settings = &mut other.config;
        (settings.batch_size, settings.context) = (7, 3);
        (settings.accumulation, settings.warmup_steps) = (5, 2);
        kept(o, "without moments", &disk, &other, second);
        other.config.steps = 0;
        said(o, "settings of no use: saved", save(&disk, &other, &config(second)).err());
        said(o, "settings of no use: resumed", resume(&disk, &o.device()).err());
        kept(o, "before the first step", &disk, &trained(o, second, 0), second);
        kept(o, "the first one, which went on", &disk, &saved, first);
        said(o, "nothing to resume", resume(&Disk::default(), &o.device()).err());
    });
    o.group("when the power fails", |o| power(o, first, second));
    o.group("what cannot be saved", |o| {
        let disk = Disk::default();
        let mut trainer = trained(o, first, 1);
        said(o, "a sound trainer", save(&disk, &trainer, &config(first)).err());
        let before = disk.files.borrow().clone();
        let bias = trainer.model.transformer.ln_f.bias.clone();
        let endless = bias.val().inner() * f32::INFINITY;
        trainer.model.transformer.ln_f.bias = Param::from_tensor(endless.autodiff());
        not_finite(o, "a weight is infinite", save(&disk, &trainer, &config(first)).err());
        trainer.model.transformer.ln_f.bias = bias;
        let path = "transformer.ln_f.bias".to_owned();
        let moments = trainer.optimizer.moments.get(&path);
        let [first_moment, second_moment] = match moments {
            Some(moments) => [moments.first.clone(), moments.second.clone() * f32::NAN],
            None => panic!("the last bias has learned"),
        };
        let moments = Moments { first: first_moment, second: second_moment };
        trainer.optimizer.moments.insert(path, moments);
        not_finite(o, "a moment is NaN", save(&disk, &trainer, &config(first)).err());
        o.text("the files are as before", before == *disk.files.borrow());
    });
    o.group("sizes that no tensor bears out", |o| {
        sizes::refused(o, small(first), 1_000_000_000_000_000_000);
        sizes::refused(o, small(second), 1_000_000_000_000_000_000);
    });
    // Last: no memory holds a model of these, and a program that makes one does not survive it.
    o.group("sizes that no memory holds", |o| sizes::refused(o, small(first), 1_000_000_000_000));
}

fn logits(o: &mut Observer, name: &str, model: &Gpt, vocab_size: usize) {
    let ids = o.ids("ids", vocab_size, [2, 5]);
    o.attempt(&format!("{name}: logits [batch, seq, vocab]"), || model.forward(ids));
}

/// Records a model with these weights.
fn loaded(o: &mut Observer, name: &str, sizes: Sizes, weights: Weights) {
    match load_weights(Gpt::new(&config(sizes), &o.device()), weights) {
        Ok(model) => {
            logits(o, name, &model, sizes.vocab_size);
            let square = model.transformer.h[0].attn.c_proj.weight.val();
            o.tensor(&format!("{name}: the square c_proj [row, column]"), square);
        }
        Err(error) => {
            said(o, &format!("{name}: logits [batch, seq, vocab]"), Some(error));
            o.text(&format!("{name}: the square c_proj [row, column]"), "none");
        }
    }
}

/// Records what is said of weights with one thing wrong.
fn refused(o: &mut Observer, sizes: Sizes) {
    let Sizes { vocab_size, n_positions, n_embd, .. } = sizes;
    let sound = renamed(&hugging_face(o, sizes, ""), "transformer.");
    if sizes.n_layer > 1 {
        for (name, _) in &sound {
            refuse(o, sizes, &sound, &format!("without {name}"), name, None);
        }
    }
    let bias = &sound["transformer.ln_f.bias"];
    for &name in &["transformer.h.2.ln_1.bias", "transformer.lm_head.weight", "lm_head.bias", "ln_f.bias"] {
        refuse(o, sizes, &sound, &format!("and {name}"), name, Some(bias.clone()));
    }
    for &(name, shape) in &[
        ("wte.weight", &[n_embd, vocab_size][..]),
        ("wte.weight", &[vocab_size + 1, n_embd]),
        ("wte.weight", &[vocab_size * n_embd]),
        ("wpe.weight", &[n_positions - 1, n_embd]),
        ("h.0.attn.c_attn.weight", &[3 * n_embd, n_embd]),
        ("h.0.attn.c_proj.weight", &[1, n_embd, n_embd]),
        ("ln_f.bias", &[1, n_embd]),
        ("ln_f.weight", &[1]),
    ] {
        let what = format!("{name} of shape {shape:?}");
        let misshapen = data(vec![0.5; shape.iter().product()], shape);
        refuse(o, sizes, &sound, &what, &format!("transformer.{name}"), Some(misshapen));
    }
    let table = numbers(&sound["transformer.wte.weight"]);
    let mut off = table.clone();
    let last = &mut off[vocab_size * n_embd - 1];
    *last = f32::from_bits(last.to_bits() ^ 1);
    let off = data(off, &[vocab_size, n_embd]);
    refuse(o, sizes, &sound, "an output layer of its own", "lm_head.weight", Some(off));
    let turned = data(table, &[n_embd, vocab_size]);
    refuse(o, sizes, &sound, "an output layer of another shape", "lm_head.weight", Some(turned));
}

/// Records what is said of these weights without this one, or with another one in its place.
fn refuse(
    o: &mut Observer,
    sizes: Sizes,
    sound: &Weights,
    what: &str,
    name: &str,
    other: Option<TensorData>,
) {
    let mut weights = sound.clone();
    match other {
        Some(data) => drop(weights.insert(name.to_owned(), data)),
        None => drop(weights.remove(name)),
    }
    let model = Gpt::new(&config(sizes), &o.device());
    let what = format!("{} tokens, {what}", sizes.vocab_size);
    said(o, &what, load_weights(model, weights).err());
}

/// Records the kind of an error and what it is about.
fn said(o: &mut Observer, name: &str, error: Option<CheckpointError>) {
    let short = |name: String| name.trim_start_matches("transformer.").to_owned();
    let said = match error {
        None => "accepted".to_owned(),
        Some(CheckpointError::File(..)) => "File".to_owned(),
        Some(CheckpointError::Damaged(_)) => "Damaged".to_owned(),
        Some(CheckpointError::ElementType(name)) => format!("ElementType({name})"),
        Some(CheckpointError::NotFinite(name)) => format!("NotFinite({})", short(name)),
        Some(CheckpointError::Missing(name)) => format!("Missing({})", short(name)),
        Some(CheckpointError::Unexpected(name)) => format!("Unexpected({})", short(name)),
        Some(CheckpointError::Shape { name, expected, found }) => {
            format!("Shape({}, {expected:?}, {found:?})", short(name))
        }
        Some(CheckpointError::HeadDiffers) => "HeadDiffers".to_owned(),
        Some(CheckpointError::Setting(name)) => format!("Setting({name})"),
        Some(CheckpointError::Config(_)) => "Config".to_owned(),
        Some(CheckpointError::Training(_)) => "Training".to_owned(),
        #[allow(unreachable_patterns, reason = "a learner may add kinds of errors")]
        Some(_) => "another error".to_owned(),
    };
    o.text(name, said);
}

/// Records whether an error names the last bias, whatever the tensor of its moments is called.
fn not_finite(o: &mut Observer, name: &str, error: Option<CheckpointError>) {
    match error {
        Some(CheckpointError::NotFinite(found)) => o.text(name, found.contains("ln_f.bias")),
        other => said(o, name, other),
    }
}

/// Records what `read_tensors` reads.
fn read(o: &mut Observer, name: &str, file: &[u8]) {
    match read_tensors(file) {
        Ok(weights) => listed(o, name, &weights),
        Err(error) => {
            said(o, &format!("{name}: names and shapes"), Some(error));
            o.text(&format!("{name}: values"), "none");
        }
    }
}

/// Records what `write_tensors` writes.
fn written(o: &mut Observer, name: &str, weights: &Weights, metadata: &[(&str, &str)]) {
    match write_tensors(weights, metadata) {
        Ok(file) => unpacked(o, name, &file, metadata),
        Err(error) => {
            said(o, &format!("{name}: in the order of their bytes"), Some(error));
            panic!("nothing is written");
        }
    }
}

/// Records a file, by means of its own crate.
fn unpacked(o: &mut Observer, name: &str, file: &[u8], metadata: &[(&str, &str)]) {
    let (Ok(tensors), Ok((_, header))) = (SafeTensors::deserialize(file), SafeTensors::read_metadata(file)) else {
        o.text(&format!("{name}: in the order of their bytes"), "no safetensors file");
        panic!("nothing can be read again");
    };
    for (key, given) in metadata {
        let value = header.metadata().as_ref().and_then(|entries| entries.get(*key));
        let is_there = value.is_some_and(|value| given.is_empty() || value == given);
        o.text(&format!("{name}: {key} in the metadata, as given"), is_there);
    }
    o.text(&format!("{name}: in the order of their bytes"), header.offset_keys().join(" "));
    let mut weights = Weights::new();
    for (name, view) in tensors.tensors() {
        let (fours, _) = view.data().as_chunks::<4>();
        let mut values = Vec::new();
        for &four in fours {
            values.push(f32::from_le_bytes(four));
        }
        weights.insert(format!("{name} {}", view.dtype()), data(values, view.shape()));
    }
    listed(o, name, &weights);
}

fn listed(o: &mut Observer, name: &str, weights: &Weights) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (name, data) in weights {
        names.push(format!("{name} {:?}", data.shape().to_vec()));
        values.extend(numbers(data));
    }
    o.text(&format!("{name}: names and shapes"), names.join("; "));
    let values = TensorData::new(values.clone(), [values.len()]);
    o.tensor(&format!("{name}: values"), Tensor::<1>::from_data(values, &o.device()));
}

