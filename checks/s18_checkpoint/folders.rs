//! Models as Hugging Face keeps them: whole, in parts, and not quite.

use super::disk::{Disk, UNREADABLE};
use super::forged::{data, hugging_face, plain, renamed};
use super::{logits, said};
use crate::s18_checkpoint::{Weights, load_gpt2, read_config, resume};
use kit::{Observer, Sizes};

/// An entry of a `config.json`, the name under which it stands there, and its value.
type Change<'a> = (&'a str, &'a str, &'a str);

/// Nothing is changed.
pub const SOUND: Change = ("n_ctx", "n_ctx", "3");
const NO_INNER: Change = ("n_inner", "n_inner", "null");

/// What may be said in a `config.json`, and what may not.
const CHANGES: [(&str, Change); 17] = [
    ("as it should be", SOUND),
    ("n_inner is null", NO_INNER),
    ("no n_inner", ("n_inner", "n_outer", "3")),
    ("no epsilon", ("layer_norm_epsilon", "rms_norm_eps", "0.5")),
    ("no activation", ("activation_function", "hidden_act", "\"relu\"")),
    ("a dropout", ("n_ctx", "resid_pdrop", "0.25")),
    ("scores scaled as ever", ("n_ctx", "scale_attn_weights", "true")),
    ("all layers alike", ("n_ctx", "scale_attn_by_inverse_layer_idx", "false")),
    ("another activation", ("activation_function", "activation_function", "\"gelu\"")),
    ("scores that are not scaled", ("n_ctx", "scale_attn_weights", "false")),
    ("scores scaled by layer", ("n_ctx", "scale_attn_by_inverse_layer_idx", "true")),
    ("no tokens", ("vocab_size", "vocab_size", "0")),
    ("heads that do not divide", ("n_head", "n_head", "1009")),
    ("no width", ("n_embd", "width", "8")),
    ("fewer layers than none", ("n_layer", "n_layer", "-1")),
    ("an epsilon in words", ("layer_norm_epsilon", "layer_norm_epsilon", "\"small\"")),
    ("no JSON", ("n_ctx", "n_ctx", "]")),
];

/// Records what is read from a folder.
pub fn hugging_faces(o: &mut Observer, first: Sizes, second: Sizes) {
    let wide = Sizes { n_inner: 4 * second.n_embd, ..second };
    for &(what, change) in &CHANGES {
        match read_config(&settings(wide, change)) {
            Ok(config) => o.text(what, format!("{config:?}")),
            Err(error) => said(o, what, Some(error)),
        }
    }
    for &(name, sizes, change) in &[("", first, SOUND), (" at a second size", wide, NO_INNER)] {
        let disk = Disk::default();
        let mut all = renamed(&hugging_face(o, sizes, ""), "transformer.");
        all.insert("transformer.h.0.attn.bias".to_owned(), data(vec![0.5; 4], &[1, 1, 2, 2]));
        disk.put("config.json", settings(sizes, change).into());
        from_folder(o, "neither weights nor an index", name, &disk);
        disk.put("model.safetensors", plain(&all));
        from_folder(o, "in one file", name, &disk);
        said(o, &format!("resumed{name}"), resume(&disk, &o.device()).err());
        // An index beside a whole file says nothing.
        disk.put("model.safetensors.index.json", "{}".into());
        from_folder(o, "with a stray index", name, &disk);
        drop(disk.take("model.safetensors"));
        from_folder(o, "an index without a map", name, &disk);
        disk.put("model.safetensors.index.json", "[".into());
        from_folder(o, "an index that is not JSON", name, &disk);
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
        disk.put("config.json", settings(sizes, ("vocab_size", "vocab_size", "1009")).into());
        from_folder(o, "a vocabulary of another size", name, &disk);
        disk.put("model.safetensors", UNREADABLE.to_vec());
        from_folder(o, "a file that cannot be read", name, &disk);
        drop(disk.take("config.json"));
        from_folder(o, "no config.json", name, &disk);
    }
}

fn from_folder(o: &mut Observer, name: &str, which: &str, disk: &Disk) {
    let name = &format!("{name}{which}");
    match load_gpt2(disk, &o.device()) {
        Ok((model, config)) => {
            o.text(&format!("{name}: sizes"), format!("{config:?}"));
            logits(o, name, &model, config.vocab_size);
        }
        Err(error) => {
            said(o, &format!("{name}: sizes"), Some(error));
            o.text(&format!("{name}: logits [batch, seq, vocab]"), "none");
        }
    }
}

/// A `config.json` of these sizes, with one entry changed.
pub fn settings(sizes: Sizes, (entry, name, value): Change) -> String {
    let mut text = "{\"model_type\": \"gpt2\"".to_owned();
    let mut add = |found: &str, size: &str| {
        let (name, value) = if found == entry { (name, value) } else { (found, size) };
        text += &format!(", \"{name}\": {value}");
    };
    for &(found, size) in &[
        ("vocab_size", sizes.vocab_size),
        ("n_positions", sizes.n_positions),
        ("n_ctx", 3),
        ("n_embd", sizes.n_embd),
        ("n_layer", sizes.n_layer),
        ("n_head", sizes.n_head),
        ("n_inner", sizes.n_inner),
    ] {
        add(found, &size.to_string());
    }
    add("layer_norm_epsilon", &sizes.layer_norm_epsilon.to_string());
    add("activation_function", "\"gelu_new\"");
    text + "}"
}
