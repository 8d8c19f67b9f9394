//! Observes step 18.

#[path = "../common.rs"]
mod common;

use std::cell::{Cell, RefCell};
use std::io::{Error, ErrorKind, Result as IoResult};

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::AdamWConfig;
use crate::s17_training::{Trainer, TrainingConfig};
use crate::s18_checkpoint::{
    CheckpointError, Files, Weights, load_gpt2, load_weights, read_tensors, resume, save, weights,
    write_tensors,
};
use common::config;
use kit::tensor::{Tensor, TensorData};
use kit::{Observer, Sizes};
use safetensors::SafeTensors;

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
        said(o, "a moment is NaN", save(&disk, &strange, &config(first)).err());
        let mut strange = sound.clone();
        let bias = strange.model.transformer.ln_f.bias.clone();
        strange.model.transformer.ln_f.bias = bias.map(|bias| bias * f32::INFINITY);
        said(o, "a weight is not finite", save(&disk, &strange, &config(first)).err());
        o.text("the files are as before", before == *disk.files.borrow());
    });
}

/// Files in memory. After some calls the power fails, or the disk is full for one call.
#[derive(Default)]
struct Disk {
    files: RefCell<Vec<(String, Vec<u8>)>>,
    /// How many calls succeed before one fails; that many at first, if there are any.
    left: Cell<Option<usize>>,
    /// Whether nothing works after that.
    for_good: bool,
    failed: Cell<bool>,
}

impl Disk {
    fn call(&self) -> IoResult<()> {
        let failing = match self.left.get() {
            Some(0) => !self.failed.replace(true) || self.for_good,
            Some(left) => {
                self.left.set(Some(left - 1));
                false
            }
            None => false,
        };
        match failing {
            true => Err(Error::other("the power has failed, or the disk is full")),
            false => Ok(()),
        }
    }

    fn place(&self, name: &str) -> IoResult<usize> {
        let place = self.files.borrow().iter().position(|(found, _)| found == name);
        place.ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn put(&self, name: &str, bytes: Vec<u8>) {
        match self.place(name) {
            Ok(place) => self.files.borrow_mut()[place].1 = bytes,
            Err(_) => self.files.borrow_mut().push((name.to_owned(), bytes)),
        }
    }

    fn take(&self, name: &str) -> IoResult<Vec<u8>> {
        let place = self.place(name)?;
        Ok(self.files.borrow_mut().remove(place).1)
    }
}

impl Files for Disk {
    fn read(&self, name: &str) -> IoResult<Vec<u8>> {
        let place = self.place(name)?;
        Ok(self.files.borrow()[place].1.clone())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> IoResult<()> {
        let was_dead = self.for_good && self.failed.get();
        let result = self.call();
        if !was_dead {
            let length = if result.is_ok() { bytes.len() } else { bytes.len() / 2 };
            self.put(name, bytes[..length].to_vec());
        }
        result
    }

    fn rename(&self, from: &str, to: &str) -> IoResult<()> {
        self.call()?;
        let file = self.take(from)?;
        self.put(to, file);
        Ok(())
    }

    fn remove(&self, name: &str) -> IoResult<()> {
        self.call()?;
        self.take(name).map(drop)
    }
}

/// Interrupts a save at each of its calls.
fn power(o: &mut Observer, first: Sizes, second: Sizes) {
    let small = |sizes: Sizes| Sizes { n_inner: 3, n_layer: 1, vocab_size: 5, n_positions: 4, ..sizes };
    let (first, second) = (small(first), small(second));
    let (old, new) = (trained(o, first, 1), trained(o, second, 2));
    let before = Disk::default();
    said(o, "a checkpoint before", save(&before, &old, &config(first)).err());
    let before = before.files.take();
    for (name, before, for_good) in [
        ("the power fails", before.clone(), true),
        ("a disk is full", before, false),
        ("the power fails in the first save", Vec::new(), true),
    ] {
        let (mut torn, mut lost, mut stuck) = (0, 0, 0);
        for calls in 0..40 {
            let mut disk = Disk { for_good, ..Disk::default() };
            disk.files.replace(before.clone());
            disk.left.set(Some(calls));
            let saved = save(&disk, &new, &config(second)).is_ok();
            let is_over = !disk.failed.get();
            disk.left.set(None);
            disk.for_good = false;
            let found = resume(&disk, &o.device()).ok().map(|(trainer, _)| trainer);
            let is_new = found.as_ref().is_some_and(|found| same(found, &new));
            let is_old = match &found {
                Some(found) => !before.is_empty() && same(found, &old),
                None => before.is_empty(),
            };
            torn += usize::from(!is_new && !is_old);
            lost += usize::from(saved && !is_new);
            let again = save(&disk, &new, &config(second)).is_ok();
            let found = resume(&disk, &o.device()).is_ok_and(|(found, _)| same(&found, &new));
            let is_clean = disk.files.borrow().len() == 3;
            stuck += usize::from(!(again && found && is_clean));
            if is_over {
                break;
            }
        }
        o.integer(&format!("{name}: neither the old one nor the new one"), torn);
        o.integer(&format!("{name}: said to be saved, and is not"), lost);
        o.integer(&format!("{name}: not mended by another save"), stuck);
    }
}

fn same(one: &Trainer, other: &Trainer) -> bool {
    let mut equal = one.step == other.step && weights(&one.model) == weights(&other.model);
    equal &= one.optimizer.moments.len() == other.optimizer.moments.len();
    for (path, a) in &one.optimizer.moments {
        equal &= other.optimizer.moments.get(path).is_some_and(|b| {
            a.first.to_data() == b.first.to_data() && a.second.to_data() == b.second.to_data()
        });
    }
    equal
}

/// Records a trainer that was saved and resumed, beside itself.
fn kept(o: &mut Observer, name: &str, disk: &Disk, trainer: &Trainer, sizes: Sizes) {
    said(o, &format!("{name}: saved"), save(disk, trainer, &config(sizes)).err());
    let (mut found, found_sizes) = match resume(disk, &o.device()) {
        Ok(found) => found,
        Err(error) => return said(o, &format!("{name}: resumed"), Some(error)),
    };
    o.text(&format!("{name}: the sizes are the same"), found_sizes == config(sizes));
    o.text(&format!("{name}: the settings are the same"), found.config == trainer.config);
    o.integer(&format!("{name}: step"), found.step);
    o.integer(&format!("{name}: updates"), found.optimizer.step);
    let path = "transformer.h.0.attn.c_proj.weight";
    let weight = found.model.transformer.h[0].attn.c_proj.weight.val().inner();
    o.tensor(&format!("{name}: {path} [row, column]"), weight);
    o.integer(&format!("{name}: parameters with moments"), found.optimizer.moments.len());
    if let Some(moments) = found.optimizer.moments.get(path) {
        // A second moment is a mean of squares, and small.
        let scale = 1e4_f32;
        o.tensor(&format!("{name}: first moments of {path}"), moments.first.clone());
        o.tensor(&format!("{name}: 10,000 times the second"), moments.second.clone() * scale);
    }
    o.text(&format!("{name}: the same to the last bit"), same(&found, trainer));
    let (mut went_on, text) = (trainer.clone(), text(o, sizes));
    for step in ["next step", "step after that"] {
        let is_same = match (went_on.train_step(&text), found.train_step(&text)) {
            (Ok(one), Ok(other)) => one == other && same(&found, &went_on),
            _ => false,
        };
        o.text(&format!("{name}: the {step} is the same to the last bit"), is_same);
    }
}

fn text(o: &Observer, sizes: Sizes) -> Vec<usize> {
    let ids = (0..20).map(|i| o.below(&format!("token {i}"), sizes.vocab_size));
    ids.collect()
}

/// A trainer after some steps.
fn trained(o: &Observer, sizes: Sizes, steps: usize) -> Trainer {
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
    let mut trainer = Trainer::new(model, settings).expect("the settings are sound");
    for _ in 0..steps {
        let report = trainer.train_step(&text(o, sizes));
        report.expect("nothing is wrong with the text");
    }
    trainer
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

fn numbers(data: &TensorData) -> Vec<f32> {
    data.iter::<f32>().collect()
}

fn data(values: Vec<f32>, shape: &[usize]) -> TensorData {
    TensorData::new(values, shape)
}

/// Weights under Hugging Face's names, without a prefix.
fn hugging_face(o: &Observer, sizes: Sizes, which: &str) -> Weights {
    let Sizes { vocab_size, n_positions, n_embd, n_inner, .. } = sizes;
    let shapes: [(&str, &[usize]); 12] = [
        ("ln_1.weight", &[n_embd]),
        ("ln_1.bias", &[n_embd]),
        ("attn.c_attn.weight", &[n_embd, 3 * n_embd]),
        ("attn.c_attn.bias", &[3 * n_embd]),
        ("attn.c_proj.weight", &[n_embd, n_embd]),
        ("attn.c_proj.bias", &[n_embd]),
        ("ln_2.weight", &[n_embd]),
        ("ln_2.bias", &[n_embd]),
        ("mlp.c_fc.weight", &[n_embd, n_inner]),
        ("mlp.c_fc.bias", &[n_inner]),
        ("mlp.c_proj.weight", &[n_inner, n_embd]),
        ("mlp.c_proj.bias", &[n_embd]),
    ];
    let mut all = vec![
        ("wte.weight".to_owned(), vec![vocab_size, n_embd]),
        ("wpe.weight".to_owned(), vec![n_positions, n_embd]),
        ("ln_f.weight".to_owned(), vec![n_embd]),
        ("ln_f.bias".to_owned(), vec![n_embd]),
    ];
    for layer in 0..sizes.n_layer {
        for (name, shape) in shapes {
            all.push((format!("h.{layer}.{name}"), shape.to_vec()));
        }
    }
    let mut weights = Weights::new();
    for (name, shape) in all {
        let values = o.floats(&format!("{which}{name}"), [shape.iter().product()]);
        weights.insert(name, data(numbers(&values.into_data()), &shape));
    }
    weights
}

fn renamed(weights: &Weights, prefix: &str) -> Weights {
    let mut renamed = Weights::new();
    for (name, data) in weights {
        renamed.insert(format!("{prefix}{name}"), data.clone());
    }
    renamed
}

/// A tensor in a file: name, type, shape and bytes.
type Entry = (String, String, Vec<usize>, Vec<u8>);

fn tensor(name: &str, kind: &str, shape: &[usize], bytes: Vec<u8>) -> Entry {
    (name.to_owned(), kind.to_owned(), shape.to_vec(), bytes)
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn plain(weights: &Weights) -> Vec<u8> {
    let entries = weights.iter().map(|(name, data)| {
        tensor(name, "F32", &data.shape().to_vec(), floats(&numbers(data)))
    });
    pack(&entries.collect::<Vec<Entry>>())
}

/// A safetensors file.
fn pack(entries: &[Entry]) -> Vec<u8> {
    let (mut header, mut bytes) = (Vec::new(), Vec::new());
    for (name, kind, shape, data) in entries {
        let start = bytes.len();
        bytes.extend_from_slice(data);
        let end = bytes.len();
        header.push(format!(
            "{name:?}: {{\"dtype\": {kind:?}, \"shape\": {shape:?}, \"data_offsets\": [{start}, {end}]}}"
        ));
    }
    let header = format!("{{{}}}", header.join(", "));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &bytes].concat()
}

/// A file with three tensors of this type, whose values are drawn.
fn forged(o: &Observer, name: &str, kind: &str, sizes: Sizes) -> Vec<u8> {
    let shapes: [&[usize]; 3] = [&[sizes.n_head], &[sizes.n_positions, 2], &[2, 3, sizes.n_head]];
    let mut entries = Vec::new();
    for (i, shape) in shapes.into_iter().enumerate() {
        let mut bytes = Vec::new();
        for at in 0..shape.iter().product() {
            let name = format!("{name} {i} {at}");
            if kind == "F32" {
                let value = o.below(&name, 60_000) as f32 / 1e4 - 3.0;
                bytes.extend_from_slice(&value.to_le_bytes());
            } else {
                // Without its highest bit, an exponent is one of a number between -2 and 2.
                bytes.extend_from_slice(&(o.below(&name, 1 << 16) as u16 & 0xbfff).to_le_bytes());
            }
        }
        entries.push(tensor(&format!("tensor {}", 2 * i), kind, shape, bytes));
    }
    pack(&entries)
}
