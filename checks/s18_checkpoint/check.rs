//! Observes step 18.

#[path = "../common.rs"]
mod common;
#[path = "disk.rs"]
mod disk;
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
use forged::{Forged, data, forged, hugging_face, numbers, plain, renamed};
use kit::module::Param;
use kit::tensor::{Tensor, TensorData};
use kit::{Observer, Sizes};
use safetensors::SafeTensors;
use training::{goes_on, kept, power, small, trained};

/// Numbers as they stand in a file.
const ONE: [u8; 4] = 1.0_f32.to_le_bytes();
const NAN: [u8; 4] = f32::NAN.to_le_bytes();

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
        file.add("h.0.attn.c_attn.bias", "F32", &[2], &[0, 0, 0, 0x3f, 0, 0, 0xe0, 0x40]);
        file.add("attn.biased", "F32", &[1, 1, 1], &[0, 0, 0x20, 0xc0]);
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
        ] {
            said(o, name, read_tensors(file).err());
        }
        for &(name, kind, length, bytes) in &[
            ("whole numbers", "I32", 1, &[0; 4][..]),
            ("floats of eight bytes", "F64", 1, &[0; 8]),
            ("floats of one byte", "F8_E4M3", 1, &[0]),
            ("NaN", "F32", 2, &[0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f]),
            ("infinity", "F32", 2, &[0, 0, 0x80, 0x7f, 0, 0, 0, 0]),
            ("minus infinity of two bytes", "BF16", 2, &[0, 0, 0x80, 0xff]),
            ("NaN of two bytes", "F16", 2, &[1, 0x7e, 0, 0]),
        ] {
            let mut file = Forged::default();
            file.add("a", "F32", &[1], &ONE);
            file.add("b", kind, &[length], bytes);
            said(o, name, read_tensors(&file.packed()).err());
        }
    });
    o.group("a file of tensors", |o| {
        let two = [("format", "pt"), ("a \"quoted\" name", "1")];
        written(o, "of two sizes", &hugging_face(o, first, ""), &two);
        written(o, "at a second size", &hugging_face(o, second, "other "), &[]);
        written(o, "without tensors", &Weights::new(), &two[..1]);
        let mut strange = hugging_face(o, first, "");
        for &value in &[f32::NAN, f32::INFINITY] {
            strange.insert("b".to_owned(), data(vec![0.0, value], &[2]));
            said(o, &format!("with {value}"), write_tensors(&strange, &[]).err());
        }
    });
    o.group("weights into the model", |o| {
        for &(name, sizes, prefix) in &[
            ("full names", first, "transformer."),
            ("without the prefix", first, ""),
            ("at a second size", second, "transformer."),
            ("the first size again", first, "transformer."),
        ] {
            loaded(o, name, sizes, renamed(&hugging_face(o, sizes, ""), prefix));
        }
        let mut mixed = renamed(&hugging_face(o, second, ""), "transformer.");
        let last = mixed.remove("transformer.ln_f.bias").unwrap_or_else(|| data(Vec::new(), &[0]));
        mixed.insert("ln_f.bias".to_owned(), last);
        loaded(o, "some names without the prefix", second, mixed);
        let mut tied = renamed(&hugging_face(o, first, ""), "transformer.");
        tied.insert("lm_head.weight".to_owned(), tied["transformer.wte.weight"].clone());
        loaded(o, "with an output layer", first, tied);
    });
    o.group("weights that are refused", |o| {
        refused(o, first);
        refused(o, second);
    });
    o.group("a model of Hugging Face's", |o| hugging_faces(o, first, second));
    o.group("saved and resumed", |o| {
        let mut saved = trained(o, first, 2);
        let disk = Disk::default();
        let found = kept(o, "a checkpoint", &disk, &saved, first);
        goes_on(o, "a checkpoint", found, &mut saved, first);
        o.integer("files", disk.files.borrow().len());
        let file = disk.read("model.safetensors").unwrap_or_default();
        unpacked(o, "model.safetensors", &file, &[("format", "pt")]);
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
        kept(o, "before the first step", &disk, &trained(o, second, 0), second);
        kept(o, "the first one, which went on", &disk, &saved, first);
        let nothing = resume(&Disk::default(), &o.device());
        said(o, "nothing to resume", nothing.err());
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

/// A model that is narrow, and all else a little more than that.
fn narrow(sizes: &mut Sizes, layers: usize) {
    (sizes.n_layer, sizes.n_embd) = (layers, (layers + 1) * sizes.n_head);
    (sizes.vocab_size, sizes.n_inner) = (sizes.vocab_size + 16, sizes.n_inner + 16);
    sizes.n_positions += 9;
}

/// Models as Hugging Face keeps them: whole, in parts, and not quite.
fn hugging_faces(o: &mut Observer, first: Sizes, second: Sizes) {
    let wide = Sizes { n_inner: 4 * second.n_embd, ..second };
    for &(name, sizes) in &[("", first), (" without n_inner", wide)] {
        let n_inner = if sizes == first { first.n_inner.to_string() } else { "null".to_owned() };
        let disk = Disk::default();
        disk.put("config.json", settings(sizes, &n_inner, "gelu_new"));
        let all = renamed(&hugging_face(o, sizes, ""), "transformer.");
        disk.put("model.safetensors", plain(&all));
        from_folder(o, "in one file", name, &disk);
        // An index beside a whole file says nothing.
        disk.put("model.safetensors.index.json", "{}".into());
        from_folder(o, "with a stray index", name, &disk);
        drop(disk.take("model.safetensors"));
        from_folder(o, "an index without a map", name, &disk);
        let (mut parts, mut map) = (vec![Weights::new(); 2 + sizes.n_layer], Vec::new());
        let count = parts.len();
        for (i, (name, data)) in all.into_iter().enumerate() {
            map.push(format!("{name:?}: \"part-{}.safetensors\"", i % count));
            parts[i % count].insert(name, data);
        }
        let index = format!("{{\"metadata\": {{}}, \"weight_map\": {{{}}}}}", map.join(", "));
        disk.put("model.safetensors.index.json", index.into());
        for (i, part) in parts.iter().enumerate() {
            from_folder(o, &format!("{i} of {count} parts"), name, &disk);
            disk.put(&format!("part-{i}.safetensors"), plain(part));
        }
        from_folder(o, "all parts", name, &disk);
        let more = Sizes { vocab_size: sizes.vocab_size + 1, ..sizes };
        disk.put("config.json", settings(more, &n_inner, "gelu_new"));
        from_folder(o, "a vocabulary of another size", name, &disk);
        disk.put("config.json", settings(sizes, &n_inner, "gelu"));
        from_folder(o, "another activation", name, &disk);
        drop(disk.take("config.json"));
        from_folder(o, "no config.json", name, &disk);
    }
}

fn settings(sizes: Sizes, n_inner: &str, activation: &str) -> Vec<u8> {
    let Sizes { vocab_size, n_positions, n_embd, n_layer, n_head, layer_norm_epsilon, .. } = sizes;
    let text = format!(
        "{{\"model_type\": \"gpt2\", \"activation_function\": {activation:?}, \
         \"vocab_size\": {vocab_size}, \"n_positions\": {n_positions}, \"n_ctx\": 3, \
         \"n_embd\": {n_embd}, \"n_layer\": {n_layer}, \"n_head\": {n_head}, \
         \"n_inner\": {n_inner}, \"layer_norm_epsilon\": {layer_norm_epsilon}}}"
    );
    text.into()
}

fn from_folder(o: &mut Observer, name: &str, which: &str, disk: &Disk) {
    let name = &format!("{name}{which}");
    match load_gpt2(disk, &o.device()) {
        Ok((model, config)) => {
            o.text(&format!("{name}: sizes"), format!("{config:?}"));
            logits(o, name, &model, config.vocab_size);
        }
        Err(error) => said(o, name, Some(error)),
    }
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
        Err(error) => said(o, name, Some(error)),
    }
}

/// Records what is said of weights with one thing wrong.
fn refused(o: &mut Observer, sizes: Sizes) {
    let Sizes { vocab_size, n_positions, n_embd, .. } = sizes;
    let sound = renamed(&hugging_face(o, sizes, ""), "transformer.");
    for &name in &["wte.weight", "h.0.ln_2.weight", "h.0.attn.c_proj.bias", "ln_f.bias"] {
        let what = format!("without {name}");
        refuse(o, sizes, &sound, &what, &format!("transformer.{name}"), None);
    }
    let bias = &sound["transformer.ln_f.bias"];
    for &name in &["transformer.h.2.ln_1.bias", "transformer.h.0.mlp.bias", "ln_0.bias", "ln_f.bias"] {
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
    off[vocab_size * n_embd - 1] += 1e-3;
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
        Err(error) => said(o, name, Some(error)),
    }
}

/// Records what `write_tensors` writes.
fn written(o: &mut Observer, name: &str, weights: &Weights, metadata: &[(&str, &str)]) {
    match write_tensors(weights, metadata) {
        Ok(file) => unpacked(o, name, &file, metadata),
        Err(error) => said(o, name, Some(error)),
    }
}

/// Records a file, by means of its own crate.
fn unpacked(o: &mut Observer, name: &str, file: &[u8], metadata: &[(&str, &str)]) {
    let (Ok(tensors), Ok((_, header))) = (SafeTensors::deserialize(file), SafeTensors::read_metadata(file)) else {
        return o.text(name, "no safetensors file");
    };
    for (key, _) in metadata {
        let value = header.metadata().as_ref().and_then(|entries| entries.get(*key));
        o.text(&format!("{name}: {key} in the metadata"), format!("{value:?}"));
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

