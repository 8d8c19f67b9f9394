//! Files of tensors that nobody had to write by step 18.

use crate::s18_checkpoint::Weights;
use kit::tensor::TensorData;
use kit::{Observer, Sizes};

/// The numbers of a tensor.
pub fn numbers(data: &TensorData) -> Vec<f32> {
    data.iter::<f32>().collect()
}

/// A tensor.
pub fn data(values: Vec<f32>, shape: &[usize]) -> TensorData {
    TensorData::new(values, shape)
}

/// Weights under Hugging Face's names, without a prefix.
pub fn hugging_face(o: &Observer, sizes: Sizes, which: &str) -> Weights {
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

/// The same weights with something in front of each name.
pub fn renamed(weights: &Weights, prefix: &str) -> Weights {
    let mut renamed = Weights::new();
    for (name, data) in weights {
        renamed.insert(format!("{prefix}{name}"), data.clone());
    }
    renamed
}

/// A tensor in a file: name, type, shape and bytes.
pub type Entry = (String, String, Vec<usize>, Vec<u8>);

/// A tensor in a file.
pub fn tensor(name: &str, kind: &str, shape: &[usize], bytes: Vec<u8>) -> Entry {
    (name.to_owned(), kind.to_owned(), shape.to_vec(), bytes)
}

/// The bytes of these numbers.
pub fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A safetensors file of these weights.
pub fn plain(weights: &Weights) -> Vec<u8> {
    let entries = weights.iter().map(|(name, data)| {
        tensor(name, "F32", &data.shape().to_vec(), floats(&numbers(data)))
    });
    pack(&entries.collect::<Vec<Entry>>())
}

/// A safetensors file.
pub fn pack(entries: &[Entry]) -> Vec<u8> {
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
pub fn forged(o: &Observer, name: &str, kind: &str, sizes: Sizes) -> Vec<u8> {
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
