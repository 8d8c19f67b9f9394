//! Observes step 18.

#[path = "../common.rs"]
mod common;
#[path = "disk.rs"]
mod disk;
#[path = "forged.rs"]
mod forged;
#[path = "training.rs"]
mod training;

use crate::s11_lm_head::Gpt;
use crate::s18_checkpoint::{
    CheckpointError, Files, Weights, load_gpt2, load_weights, read_tensors, resume, save,
    write_tensors,
};
use common::config;
use disk::Disk;
use forged::{data, floats, forged, hugging_face, numbers, pack, plain, renamed, tensor};
use kit::tensor::{Tensor, TensorData};
use kit::{Observer, Sizes};
use safetensors::SafeTensors;
use training::{kept, power, trained};

/// Records what is read and written, what is refused, and what becomes of a checkpoint when the
/// power fails.
pub fn observe(o: &mut Observer) {
    // Time goes with the number of parameters: these are narrow, and all else is a little more, so
    // that no two sizes of a model are equal.
    let [mut first, mut second] = o.sizes();
    for (layers, sizes) in [(1, &mut first), (2, &mut second)] {
        (sizes.n_layer, sizes.n_embd) = (layers, (layers + 1) * sizes.n_head);
        (sizes.vocab_size, sizes.n_inner) = (sizes.vocab_size + 16, sizes.n_inner + 16);
        sizes.n_positions += 9;
    }
    o.group("the tensors of a file", |o| {
        for (name, kind) in [("F32", "F32"), ("F16", "F16"), ("BF16", "BF16"), ("F32 again", "F32")] {
            read(o, name, &forged(o, name, kind, first));
        }
        read(o, "at a second size", &forged(o, "other", "BF16", second));
        read(o, "without tensors", &pack(&[]));
        let mut tensors = vec![
            tensor("h.0.attn.bias", "U8", &[1, 1, 2, 2], vec![1; 4]),
            tensor("transformer.h.11.attn.bias", "F32", &[1], floats(&[1.0])),
            tensor("h.3.attn.masked_bias", "F16", &[1], vec![0, 0xfc]),
            tensor("transformer.h.0.attn.masked_bias", "F32", &[], floats(&[f32::NAN])),
            tensor("h.0.attn.c_attn.bias", "F32", &[2], floats(&[0.5, 7.0])),
            tensor("attn.biased", "F32", &[1, 1, 1], floats(&[-2.5])),
        ];
        read(o, "with buffers", &pack(&tensors));
        tensors.truncate(4);
        read(o, "with nothing but buffers", &pack(&tensors));
    });
    o.group("files that are refused", |o| {
        let sound = forged(o, "sound", "F32", first);
        let mut files = vec![
            ("no bytes at all", Vec::new()),
            ("seven bytes", sound[..7].to_vec()),
            ("a header that is cut off", sound[..50].to_vec()),
            ("a number that is cut off", sound[..sound.len() - 4].to_vec()),
            ("a byte too many", [&sound[..], &[0]].concat()),
        ];
        let mut longer = sound.clone();
        longer[..8].copy_from_slice(&(1_u64 << 40).to_le_bytes());
        files.push(("a header longer than the file", longer));
        for (what, kind, bytes) in [
            ("whole numbers", "I32", vec![0; 4]),
            ("floats of eight bytes", "F64", vec![0; 8]),
            ("floats of one byte", "F8_E4M3", vec![0; 1]),
            ("NaN", "F32", floats(&[0.0, 1.0, f32::NAN])),
            ("infinity", "F32", floats(&[f32::INFINITY, 0.0])),
            ("minus infinity of two bytes", "BF16", vec![0, 0, 0x80, 0xff]),
            ("NaN of two bytes", "F16", vec![1, 0x7e, 0, 0]),
        ] {
            let width = if kind.contains("16") { 2 } else { 4 };
            let length = (bytes.len() / width).max(1);
            let length = if kind == "F64" { 1 } else { length };
            let tensors = [
                tensor("a", "F32", &[1], vec![0; 4]),
                tensor("b", kind, &[length], bytes),
            ];
            files.push((what, pack(&tensors)));
        }
        for (name, file) in &files {
            said(o, name, read_tensors(file).err());
        }
    });
    o.group("a file of tensors", |o| {
        let two = [("format", "pt"), ("a \"quoted\" name", "1")];
        written(o, "of two sizes", &hugging_face(o, first, ""), &two);
        written(o, "at a second size", &hugging_face(o, second, "other "), &[]);
        written(o, "without tensors", &Weights::new(), &two[..1]);
        let mut strange = hugging_face(o, first, "");
        for value in [f32::NAN, f32::INFINITY] {
            strange.insert("b".to_owned(), data(vec![0.0, value], &[2]));
            said(o, &format!("with {value}"), write_tensors(&strange, &[]).err());
        }
    });
    o.group("weights into the model", |o| {
        for (name, sizes, prefix) in [
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
        for sizes in [first, second] {
            refused(o, sizes);
        }
    });
    o.group("a model of Hugging Face's", |o| hugging_faces(o, first, second));
    o.group("saved and resumed", |o| {
        let saved = trained(o, first, 2);
        let disk = Disk::default();
        kept(o, "a checkpoint", &disk, &saved, first);
        o.integer("files", disk.files.borrow().len());
        let file = disk.read("model.safetensors").unwrap_or_default();
        unpacked(o, "model.safetensors", &file, &[("format", "pt")]);
        let with_sizes = load_gpt2(&disk, &o.device());
        o.text("the sizes in config.json", with_sizes.is_ok_and(|(_, found)| found == config(first)));
        let mut other = trained(o, second, 1);
        other.optimizer.step += 3;
        other.config.clip_norm = f64::INFINITY;
        kept(o, "another one in its place", &disk, &other, second);
        o.integer("files left", disk.files.borrow().len());
        kept(o, "before the first step", &disk, &trained(o, second, 0), second);
        kept(o, "the first one once more", &disk, &saved, first);
        let nothing = resume(&Disk::default(), &o.device());
        said(o, "nothing to resume", nothing.err());
    });
    o.group("when the power fails", |o| power(o, first, second));
    o.group("what cannot be saved", |o| {
        let disk = Disk::default();
        let sound = trained(o, first, 1);
        said(o, "a sound trainer", save(&disk, &sound, &config(first)).err());
        let before = disk.files.borrow().clone();
        let mut strange = sound.clone();
        for (path, moments) in &mut strange.optimizer.moments {
            if path.ends_with("ln_f.bias") {
                moments.second = moments.second.clone() * f32::NAN;
            }
        }
        not_finite(o, "a moment is NaN", save(&disk, &strange, &config(first)).err());
        let mut strange = sound.clone();
        let bias = strange.model.transformer.ln_f.bias.clone();
        strange.model.transformer.ln_f.bias = bias.map(|bias| bias * f32::INFINITY);
        not_finite(o, "a weight is infinite", save(&disk, &strange, &config(first)).err());
        o.text("the files are as before", before == *disk.files.borrow());
    });
}

/// Models as Hugging Face keeps them: whole, in parts, and not quite.
fn hugging_faces(o: &mut Observer, first: Sizes, second: Sizes) {
    let wide = Sizes { n_inner: 4 * second.n_embd, ..second };
    for (name, sizes) in [("", first), (" without n_inner", wide)] {
        let n_inner = if sizes == first { first.n_inner.to_string() } else { "null".to_owned() };
        let disk = Disk::default();
        disk.put("config.json", settings(sizes, &n_inner, "gelu_new"));
        let all = renamed(&hugging_face(o, sizes, ""), "transformer.");
        disk.put("model.safetensors", plain(&all));
        from_folder(o, &format!("in one file{name}"), &disk);
        // An index beside a whole file says nothing.
        disk.put("model.safetensors.index.json", "{}".into());
        from_folder(o, &format!("with a stray index{name}"), &disk);
        drop(disk.take("model.safetensors"));
        from_folder(o, &format!("an index without a map{name}"), &disk);
        let (mut parts, mut map) = (vec![Weights::new(); 2 + sizes.n_layer], Vec::new());
        let count = parts.len();
        for (i, (name, data)) in all.into_iter().enumerate() {
            map.push(format!("{name:?}: \"part-{}.safetensors\"", i % count));
            parts[i % count].insert(name, data);
        }
        let index = format!("{{\"metadata\": {{}}, \"weight_map\": {{{}}}}}", map.join(", "));
        disk.put("model.safetensors.index.json", index.into());
        for (i, part) in parts.iter().enumerate() {
            from_folder(o, &format!("{i} of {count} parts{name}"), &disk);
            disk.put(&format!("part-{i}.safetensors"), plain(part));
        }
        from_folder(o, &format!("all parts{name}"), &disk);
        let more = Sizes { vocab_size: sizes.vocab_size + 1, ..sizes };
        disk.put("config.json", settings(more, &n_inner, "gelu_new"));
        from_folder(o, &format!("a vocabulary of another size{name}"), &disk);
        disk.put("config.json", settings(sizes, &n_inner, "gelu"));
        from_folder(o, &format!("another activation{name}"), &disk);
        drop(disk.take("config.json"));
        from_folder(o, &format!("no config.json{name}"), &disk);
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

fn from_folder(o: &mut Observer, name: &str, disk: &Disk) {
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
    let mut cases: Vec<(String, Weights)> = Vec::new();
    for name in ["wte.weight", "h.0.ln_2.weight", "h.0.attn.c_proj.bias", "ln_f.bias"] {
        let mut weights = sound.clone();
        weights.remove(&format!("transformer.{name}"));
        cases.push((format!("without {name}"), weights));
    }
    for name in ["transformer.h.2.ln_1.bias", "transformer.h.0.mlp.bias", "ln_0.bias", "ln_f.bias"] {
        let mut weights = sound.clone();
        weights.insert(name.to_owned(), sound["transformer.ln_f.bias"].clone());
        cases.push((format!("and {name}"), weights));
    }
    for (name, shape) in [
        ("wte.weight", vec![n_embd, vocab_size]),
        ("wte.weight", vec![vocab_size + 1, n_embd]),
        ("wte.weight", vec![vocab_size * n_embd]),
        ("wpe.weight", vec![n_positions - 1, n_embd]),
        ("h.0.attn.c_attn.weight", vec![3 * n_embd, n_embd]),
        ("h.0.attn.c_proj.weight", vec![1, n_embd, n_embd]),
        ("ln_f.bias", vec![1, n_embd]),
        ("ln_f.weight", vec![1]),
    ] {
        let mut weights = sound.clone();
        let values = vec![0.5; shape.iter().product()];
        weights.insert(format!("transformer.{name}"), data(values, &shape));
        cases.push((format!("{name} of shape {shape:?}"), weights));
    }
    let table = numbers(&sound["transformer.wte.weight"]);
    let mut off = table.clone();
    if let Some(last) = off.last_mut() {
        *last += 1e-3;
    }
    for (name, values, shape) in [
        ("an output layer of its own", off, [vocab_size, n_embd]),
        ("a table of another shape as output layer", table, [n_embd, vocab_size]),
    ] {
        let mut weights = sound.clone();
        weights.insert("lm_head.weight".to_owned(), data(values, &shape));
        cases.push((name.to_owned(), weights));
    }
    for (name, weights) in cases {
        let model = Gpt::new(&config(sizes), &o.device());
        said(o, &format!("{vocab_size} tokens, {name}"), load_weights(model, weights).err());
    }
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
        let values = fours.iter().map(|&four| f32::from_le_bytes(four)).collect();
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

