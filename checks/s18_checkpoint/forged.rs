//! Files of tensors that nobody had to write by step 18.

use crate::s18_checkpoint::Weights;
use kit::tensor::TensorData;
use kit::{Observer, Sizes};

/// Numbers as they stand in a file.
pub const ONE: [u8; 4] = 1.0_f32.to_le_bytes();
pub const NAN: [u8; 4] = f32::NAN.to_le_bytes();
pub const TWICE_THE_LARGEST: [u8; 8] = [0xff, 0xff, 0x7f, 0x7f, 0xff, 0xff, 0x7f, 0x7f];

/// Tensors that are refused: a name, their type, how many numbers they are said to have, their bytes.
pub const REFUSED: [(&str, &str, usize, &[u8]); 13] = [
    ("whole numbers", "I32", 1, &[0; 4]),
    ("floats of eight bytes", "F64", 1, &[0; 8]),
    ("whole numbers of two bytes", "I16", 1, &[0; 2]),
    ("whole numbers of eight bytes", "I64", 1, &[0; 8]),
    ("bytes", "U8", 1, &[0]),
    ("truth values", "BOOL", 1, &[0]),
    ("floats of one byte", "F8_E4M3", 1, &[0]),
    ("numbers that are not there", "F32", 2, &ONE),
    ("more numbers than the shape has", "F16", 1, &[0; 4]),
    ("NaN", "F32", 3, &[0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0xc0, 0x7f]),
    ("infinity", "F32", 2, &[0, 0, 0x80, 0x7f, 0, 0, 0, 0]),
    ("minus infinity of two bytes", "BF16", 2, &[0, 0, 0x80, 0xff]),
    ("NaN of two bytes", "F16", 2, &[1, 0x7e, 0, 0]),
];

/// Headers that say what cannot be, each with the numbers behind it.
pub const IN_ONE_PLACE: &[u8] = b"\x6e\0\0\0\0\0\0\0\
    {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\
    \"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   \0\0\0\0";
pub const WITH_A_GAP: &[u8] = b"\x38\0\0\0\0\0\0\0\
    {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}  \0\0\0\0\0\0\0\0";

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
    let mut weights = Weights::new();
    // Rows and columns; what has no rows has no axis for them.
    let mut add = |name: &str, rows: usize, columns: usize| {
        let values = o.floats(&format!("{which}{name}"), [rows.max(1) * columns]);
        let shape = if rows == 0 { &[columns][..] } else { &[rows, columns] };
        weights.insert(name.to_owned(), data(numbers(&values.into_data()), shape));
    };
    add("wte.weight", vocab_size, n_embd);
    add("wpe.weight", n_positions, n_embd);
    add("ln_f.weight", 0, n_embd);
    add("ln_f.bias", 0, n_embd);
    for layer in 0..sizes.n_layer {
        for &(name, rows, columns) in &[
            ("ln_1", 0, n_embd),
            ("attn.c_attn", n_embd, 3 * n_embd),
            ("attn.c_proj", n_embd, n_embd),
            ("ln_2", 0, n_embd),
            ("mlp.c_fc", n_embd, n_inner),
            ("mlp.c_proj", n_inner, n_embd),
        ] {
            add(&format!("h.{layer}.{name}.weight"), rows, columns);
            add(&format!("h.{layer}.{name}.bias"), 0, columns);
        }
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

/// A safetensors file of these weights.
pub fn plain(weights: &Weights) -> Vec<u8> {
    let mut file = Forged::default();
    for (name, data) in weights {
        let mut bytes = Vec::new();
        for value in numbers(data) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        file.add(name, "F32", &data.shape().to_vec(), &bytes);
    }
    file.packed()
}

/// A safetensors file that is being written.
#[derive(Default)]
pub struct Forged {
    header: String,
    bytes: Vec<u8>,
}

impl Forged {
    /// Adds a tensor.
    pub fn add(&mut self, name: &str, kind: &str, shape: &[usize], bytes: &[u8]) {
        let comma = if self.header.is_empty() { "" } else { ", " };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len();
        self.header += &format!(
            "{comma}{name:?}: {{\"dtype\": {kind:?}, \"shape\": {shape:?}, \"data_offsets\": [{start}, {end}]}}"
        );
    }

    /// The file as it is by now.
    pub fn packed(&self) -> Vec<u8> {
        let header = format!("{{{}}}", self.header);
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &self.bytes].concat()
    }
}

/// A file with three tensors of this type, whose values are drawn.
pub fn forged(o: &Observer, name: &str, kind: &str, sizes: Sizes) -> Vec<u8> {
    let mut file = Forged::default();
    for &(i, shape) in &[
        (0, &[sizes.n_head][..]),
        (1, &[sizes.n_positions, 2]),
        (2, &[2, 3, sizes.n_head]),
    ] {
        let mut bytes = Vec::new();
        for at in 0..shape.iter().product() {
            let name = format!("{name} {i} {at}");
            if kind == "F32" {
                let value = o.below(&name, 60_000) as f32 / 1e4 - 3.0;
                bytes.extend_from_slice(&value.to_le_bytes());
            } else {
                // An exponent that lacks this bit is not that of infinity or NaN, in either type.
                bytes.extend_from_slice(&(o.below(&name, 1 << 16) as u16 & 0xfbff).to_le_bytes());
            }
        }
        file.add(&format!("tensor {}", 2 * i), kind, shape, &bytes);
    }
    file.packed()
}
