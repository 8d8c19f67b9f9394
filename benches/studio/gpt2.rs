//! A folder with the four files of a GPT-2 of the smallest real size, its weights drawn at random.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

/// Tokens of the vocabulary.
const VOCAB: usize = 50_257;

/// Positions.
const POSITIONS: usize = 1024;

/// Channels.
const WIDTH: usize = 768;

/// Blocks, and heads in each.
const LAYERS: usize = 12;
const HEADS: usize = 12;

/// How many parameters it has.
pub const PARAMETERS: usize = 124_439_808;

/// Makes the folder, unless it is there and whole.
pub fn make(folder: &Path) {
    if folder.join("merges.txt").is_file() {
        return;
    }
    fs::create_dir_all(folder).expect("a folder for the model");
    let config = json!({
        "model_type": "gpt2", "vocab_size": VOCAB, "n_positions": POSITIONS, "n_embd": WIDTH,
        "n_layer": LAYERS, "n_head": HEADS, "n_inner": null, "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new", "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0,
    });
    let write =
        |name: &str, text: String| fs::write(folder.join(name), text).expect("a small file");
    write("config.json", config.to_string());
    weights(&folder.join("model.safetensors"));
    let letters: Vec<char> = (0..=255).map(letter).collect();
    let pairs = (0..VOCAB - 257).map(|n| (letters[n / 256], letters[n % 256]));
    let mut vocab: Map<String, Value> = Map::new();
    let tokens = letters.iter().map(char::to_string);
    let tokens = tokens.chain(pairs.clone().map(|(a, b)| format!("{a}{b}")));
    for (id, token) in tokens.chain(["<|endoftext|>".to_owned()]).enumerate() {
        vocab.insert(token, id.into());
    }
    write("vocab.json", Value::from(vocab).to_string());
    let lines = pairs.map(|(a, b)| format!("{a} {b}\n"));
    let merges = format!("#version: 0.2\n{}", lines.collect::<String>());
    // The last one: a folder that has it is whole.
    write("merges.txt", merges);
}

/// Names and shapes as Hugging Face has them.
fn tensors() -> Vec<(String, Vec<usize>)> {
    let mut all = vec![
        ("wte.weight".to_owned(), vec![VOCAB, WIDTH]),
        ("wpe.weight".to_owned(), vec![POSITIONS, WIDTH]),
    ];
    for layer in 0..LAYERS {
        let parts: [(&str, &[usize]); 6] = [
            ("ln_1", &[WIDTH]),
            ("attn.c_attn", &[WIDTH, 3 * WIDTH]),
            ("attn.c_proj", &[WIDTH, WIDTH]),
            ("ln_2", &[WIDTH]),
            ("mlp.c_fc", &[WIDTH, 4 * WIDTH]),
            ("mlp.c_proj", &[4 * WIDTH, WIDTH]),
        ];
        for (part, shape) in parts {
            all.push((format!("h.{layer}.{part}.weight"), shape.to_vec()));
            let bias = shape.last().copied().unwrap_or_default();
            all.push((format!("h.{layer}.{part}.bias"), vec![bias]));
        }
    }
    all.push(("ln_f.weight".to_owned(), vec![WIDTH]));
    all.push(("ln_f.bias".to_owned(), vec![WIDTH]));
    all
}

fn weights(path: &Path) {
    let tensors = tensors();
    let mut header = Map::new();
    let mut begin = 0;
    for (name, shape) in &tensors {
        let end = begin + 4 * shape.iter().product::<usize>();
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": [begin, end] });
        header.insert(name.clone(), entry);
        begin = end;
    }
    assert_eq!(begin, 4 * PARAMETERS, "GPT-2 small has so many");
    let header = Value::from(header).to_string();
    let mut file = BufWriter::new(File::create(path).expect("a file for the weights"));
    let mut put = |bytes: &[u8]| file.write_all(bytes).expect("room for the weights");
    put(&(header.len() as u64).to_le_bytes());
    put(header.as_bytes());
    // A linear congruential generator: what the numbers are does not matter, only that none is 0.
    let mut state = 1_u32;
    for _ in 0..PARAMETERS {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        #[expect(clippy::cast_precision_loss, reason = "24 bits fit into an f32")]
        let uniform = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
        put(&(uniform * 0.07).to_le_bytes());
    }
    file.flush().expect("room for the weights");
}

/// GPT-2's letter for a byte: itself if it can be seen, otherwise one from 256 on.
fn letter(byte: u8) -> char {
    let is_seen = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..);
    match is_seen(byte) {
        true => char::from(byte),
        false => {
            let before = (0..byte).filter(|&byte| !is_seen(byte)).count();
            u32::try_from(before)
                .ok()
                .and_then(|before| char::from_u32(256 + before))
                .expect("a letter")
        }
    }
}
