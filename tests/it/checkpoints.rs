//! Step 18 beside Hugging Face: folders as `transformers` writes them, with the weights of a model
//! whose logits it computed, and the same folders with something wrong.
//!
//! The weights are those of `gpt2_lm.safetensors` in `tests/it/oracle/tiny`, or in the folder that
//! `TUTOR_ORACLE` names.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::Value;
use serde_json::{Value as Json, json};
use tutor::engine::compile::Check;
use tutor::engine::observe::{RunEnding, Seed};

use crate::oracle;
use crate::support::workshop::Workshop;

/// On a machine that may be busy.
const TIME: Duration = Duration::from_secs(120);

/// Of logits with all 24 bits of the weights.
const EXACT: f64 = 1e-4;

/// An F16 keeps 11 bits of a weight, a BF16 8: each weight is off by a 2,048th or a 256th of itself at
/// most, and a logit is a sum over a few hundred of them.
const F16: f64 = 0.004;
const BF16: f64 = 0.04;

/// A tensor: type, shape and bytes.
#[derive(Clone)]
pub struct Stored {
    pub kind: String,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

pub type Weights = BTreeMap<String, Stored>;

#[test]
fn folders_of_hugging_face_load_or_are_refused() {
    let oracle = oracle::folder().join("gpt2_lm.safetensors");
    let (all, config) = read(&oracle);
    let sound: Weights = (all.iter())
        .filter_map(|(name, data)| Some((name.strip_prefix("param.")?.to_owned(), data.clone())))
        .collect();
    let place = tempfile::tempdir().expect("a folder for tests");
    let mut folders = Folders {
        place: place.path().to_owned(),
        config,
        written: Vec::new(),
    };

    folders.write("as it is", &sound);
    accepted(&mut folders, &sound);
    refused(&mut folders, &sound);

    let said = run(&folders, &oracle);
    let off = |name: &str| -> f64 {
        let said = &said[name];
        said.parse().unwrap_or_else(|_| panic!("{name}: {said}"))
    };
    for name in [
        "as it is",
        "without prefix",
        "with buffers",
        "with the output layer",
        "in parts",
    ] {
        assert!(off(name) <= EXACT, "{name}: {}", off(name));
    }
    println!("f16 {:.1e}, bf16 {:.1e}", off("f16"), off("bf16"));
    assert!(
        off("f16") <= F16 && off("f16") > EXACT,
        "f16: {}",
        off("f16")
    );
    assert!(
        off("bf16") <= BF16 && off("bf16") > off("f16"),
        "bf16: {}",
        off("bf16")
    );
    // No shape tells, and nothing is said: only the logits show it.
    assert!(off("square turned around") > 0.01);
    for (name, kind) in [
        ("another output layer", "HeadDiffers"),
        ("cut off", "Damaged"),
        ("header too long", "Damaged"),
        (
            "a tensor too few",
            "Missing(\"transformer.h.0.mlp.c_fc.bias\")",
        ),
        (
            "a tensor too many",
            "Unexpected(\"transformer.h.0.attn.rotary\")",
        ),
        (
            "matrix turned around",
            "Shape { name: \"transformer.h.0.attn.c_attn.weight\"",
        ),
        (
            "another vocabulary",
            "Shape { name: \"transformer.wte.weight\"",
        ),
        ("nan", "NotFinite(\"transformer.ln_f.bias\")"),
        ("whole numbers", "ElementType(\"transformer.ln_f.bias\")"),
        ("a part is missing", "File(\"part-1.safetensors\""),
        ("a part outside", "File(\"../"),
    ] {
        assert!(said[name].starts_with(kind), "{name}: {}", said[name]);
    }
    let (bytes, others): (Vec<_>, Vec<_>) = (said.iter().filter(|(name, _)| !folders.has(name)))
        .partition(|(name, _)| name.starts_with("bytes"));
    for (name, said) in others {
        let expected = if name == "files" { "3" } else { "true" };
        assert_eq!(said, expected, "{name}");
    }
    let bytes: f64 = bytes[0].1.parse().expect("a number");
    assert!((4.0..4.8).contains(&bytes), "{bytes} bytes for each number");
}

fn accepted(folders: &mut Folders, sound: &Weights) {
    let bare = |name: &str| name.trim_start_matches("transformer.").to_owned();
    let without = sound.iter().map(|(name, data)| (bare(name), data.clone()));
    folders.write("without prefix", &without.clone().collect());
    let mut buffers: Weights = without.collect();
    let mask = |kind: &str, shape: &[usize], bytes: Vec<u8>| Stored {
        kind: kind.to_owned(),
        shape: shape.to_vec(),
        bytes,
    };
    buffers.insert(
        "h.0.attn.bias".to_owned(),
        mask("BOOL", &[1, 1, 2, 2], vec![1, 0, 1, 1]),
    );
    let lowest = (-1e4_f32).to_le_bytes().to_vec();
    buffers.insert("h.0.attn.masked_bias".to_owned(), mask("F32", &[], lowest));
    folders.write("with buffers", &buffers);
    let mut head = sound.clone();
    head.insert(
        "lm_head.weight".to_owned(),
        sound["transformer.wte.weight"].clone(),
    );
    folders.write("with the output layer", &head);
    folders.write("f16", &converted(sound, "F16", f16));
    folders.write("bf16", &converted(sound, "BF16", bf16));
    folders.write_parts("in parts", sound, |i| format!("part-{i}.safetensors"));
    let mut turned = sound.clone();
    let square = "transformer.h.0.attn.c_proj.weight";
    turned.insert(square.to_owned(), transposed(&sound[square]));
    folders.write("square turned around", &turned);
}

fn refused(folders: &mut Folders, sound: &Weights) {
    let mut head = sound["transformer.wte.weight"].clone();
    head.bytes[2] ^= 1;
    let mut with_head = sound.clone();
    with_head.insert("lm_head.weight".to_owned(), head);
    folders.write("another output layer", &with_head);

    let model = folders.write("cut off", sound).join("model.safetensors");
    let mut bytes = fs::read(&model).expect("it was written");
    bytes.pop();
    fs::write(&model, &bytes).expect("it can be written");
    let model = folders
        .write("header too long", sound)
        .join("model.safetensors");
    bytes[..8].copy_from_slice(&(1_u64 << 50).to_le_bytes());
    fs::write(&model, &bytes).expect("it can be written");

    let with = |name: &str, change: &dyn Fn(&mut Weights)| {
        let mut weights = sound.clone();
        change(&mut weights);
        (name.to_owned(), weights)
    };
    let last = "transformer.ln_f.bias";
    for (name, weights) in [
        with("a tensor too few", &|weights| {
            weights.remove("transformer.h.0.mlp.c_fc.bias");
        }),
        with("a tensor too many", &|weights| {
            let name = "transformer.h.0.attn.rotary".to_owned();
            weights.insert(name, sound[last].clone());
        }),
        with("matrix turned around", &|weights| {
            let name = "transformer.h.0.attn.c_attn.weight";
            weights.insert(name.to_owned(), transposed(&sound[name]));
        }),
        with("nan", &|weights| {
            let last = weights.get_mut(last).expect("it is there");
            last.bytes[..4].copy_from_slice(&f32::NAN.to_le_bytes());
        }),
        with("whole numbers", &|weights| {
            let last = weights.get_mut(last).expect("it is there");
            last.kind = String::from("I32");
        }),
    ] {
        folders.write(&name, &weights);
    }

    folders.write_parts("a part outside", sound, |i| {
        format!("../part-{i}.safetensors")
    });
    let folder = folders.write_parts("a part is missing", sound, |i| {
        format!("part-{i}.safetensors")
    });
    fs::remove_file(folder.join("part-1.safetensors")).expect("it was written");
    let more = folders.config["vocab_size"].as_u64().expect("a size") + 1;
    let sizes = folders.config.clone();
    folders.config["vocab_size"] = more.into();
    folders.write("another vocabulary", sound);
    folders.config = sizes;
}

/// The folders that the program is to load.
struct Folders {
    place: PathBuf,
    config: Json,
    written: Vec<(String, PathBuf)>,
}

impl Folders {
    fn has(&self, name: &str) -> bool {
        self.written.iter().any(|(written, _)| written == name)
    }

    /// A folder with a `config.json`.
    fn folder(&mut self, name: &str) -> PathBuf {
        let folder = self.place.join(name);
        fs::create_dir_all(&folder).expect("it can be made");
        let mut config = self.config.clone();
        config["model_type"] = "gpt2".into();
        config["architectures"] = json!(["GPT2LMHeadModel"]);
        config["activation_function"] = "gelu_new".into();
        fs::write(folder.join("config.json"), config.to_string()).expect("it can be written");
        self.written.push((name.to_owned(), folder.clone()));
        folder
    }

    fn write(&mut self, name: &str, weights: &Weights) -> PathBuf {
        let folder = self.folder(name);
        write(&folder.join("model.safetensors"), weights);
        folder
    }

    /// The weights in three files with an index.
    fn write_parts(&mut self, name: &str, weights: &Weights, file: fn(usize) -> String) -> PathBuf {
        let folder = self.folder(name);
        let mut parts = vec![Weights::new(); 3];
        let mut map = serde_json::Map::new();
        for (i, (name, data)) in weights.iter().enumerate() {
            map.insert(name.clone(), file(i % 3).into());
            parts[i % 3].insert(name.clone(), data.clone());
        }
        for (i, part) in parts.iter().enumerate() {
            write(&folder.join(file(i)), part);
        }
        let index = json!({ "metadata": {}, "weight_map": map }).to_string();
        fs::write(folder.join("model.safetensors.index.json"), index).expect("it can be written");
        folder
    }
}

/// What the program says of each.
fn run(folders: &Folders, oracle: &Path) -> HashMap<String, String> {
    let workshop = Workshop::new();
    let list: Vec<(&str, &str)> = (folders.written.iter())
        .map(|(name, folder)| (name.as_str(), folder.to_str().expect("it is UTF-8")))
        .collect();
    let text = format!(
        "{}\nconst ORACLE: &str = {:?};\nconst FOLDERS: &[(&str, &str)] = &{list:?};\n",
        include_str!("checkpoints/program.rs"),
        oracle.to_str().expect("it is UTF-8"),
    );
    let path = folders.place.join("check.rs");
    fs::write(&path, &text).expect("it can be written");
    let step = workshop.course.step("s18").expect("the course has it");
    let check = Check { path, text };
    let run = workshop
        .pipeline()
        .run_reference(step, &check, Seed::default(), TIME);
    let run = run.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(run.ending, RunEnding::Finished, "{}", run.stderr.text);
    let groups = run.observations.groups.into_iter();
    let groups = groups.inspect(|group| assert!(group.panics.is_empty(), "{:?}", group.panics));
    let observations = groups.flat_map(|group| group.observations);
    let said = observations.filter_map(|one| match one.value {
        Value::Text(text) => Some((one.name, text)),
        _ => None,
    });
    said.collect()
}

/// The tensors of a safetensors file, and the sizes in its metadata.
pub fn read(path: &Path) -> (Weights, Json) {
    let (weights, metadata) = tensors(path);
    let config = metadata["config"].as_str();
    let config = config.expect("generate.py writes it");
    (
        weights,
        serde_json::from_str(config).expect("a JSON object"),
    )
}

/// The tensors of a safetensors file, and its metadata.
pub fn tensors(path: &Path) -> (Weights, Json) {
    let bytes = fs::read(path).expect("it is there");
    let (length, rest) = bytes.split_at(8);
    let length = u64::from_le_bytes(length.try_into().expect("eight bytes"));
    let (header, numbers) = rest.split_at(usize::try_from(length).expect("it fits"));
    let header: serde_json::Map<String, Json> = serde_json::from_slice(header).expect("a header");
    let mut weights = Weights::new();
    for (name, info) in &header {
        let Some(kind) = info["dtype"].as_str() else {
            continue;
        };
        let numbers_of = |key: &str| -> Vec<usize> {
            serde_json::from_value(info[key].clone()).expect("a list of numbers")
        };
        let offsets = numbers_of("data_offsets");
        let stored = Stored {
            kind: kind.to_owned(),
            shape: numbers_of("shape"),
            bytes: numbers[offsets[0]..offsets[1]].to_vec(),
        };
        weights.insert(name.clone(), stored);
    }
    (weights, header["__metadata__"].clone())
}

/// Writes a safetensors file.
pub fn write(path: &Path, weights: &Weights) {
    let (mut header, mut numbers) = (serde_json::Map::new(), Vec::new());
    header.insert("__metadata__".to_owned(), json!({ "format": "pt" }));
    for (name, Stored { kind, shape, bytes }) in weights {
        let offsets = [numbers.len(), numbers.len() + bytes.len()];
        numbers.extend_from_slice(bytes);
        let info = json!({ "dtype": kind, "shape": shape, "data_offsets": offsets });
        header.insert(name.clone(), info);
    }
    let header = Json::from(header).to_string();
    let length = (header.len() as u64).to_le_bytes();
    fs::write(path, [&length, header.as_bytes(), &numbers].concat()).expect("it can be written");
}

fn transposed(matrix: &Stored) -> Stored {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1]);
    let at = |row: usize, column: usize| &matrix.bytes[(row * columns + column) * 4..][..4];
    let cells = (0..columns).flat_map(|column| (0..rows).map(move |row| (row, column)));
    Stored {
        kind: matrix.kind.clone(),
        shape: vec![columns, rows],
        bytes: cells
            .flat_map(|(row, column)| at(row, column))
            .copied()
            .collect(),
    }
}

fn converted(weights: &Weights, kind: &str, convert: fn(f32) -> u16) -> Weights {
    let convert = |bytes: &[u8]| {
        let value = f32::from_le_bytes(bytes.try_into().expect("four bytes"));
        convert(value).to_le_bytes()
    };
    let stored = |data: &Stored| Stored {
        kind: kind.to_owned(),
        shape: data.shape.clone(),
        bytes: data.bytes.chunks(4).flat_map(convert).collect(),
    };
    let all = weights
        .iter()
        .map(|(name, data)| (name.clone(), stored(data)));
    all.collect()
}

/// The upper half of an f32; what is cut off is lost.
fn bf16(value: f32) -> u16 {
    u16::try_from(value.to_bits() >> 16).expect("16 bits")
}

/// IEEE 754's 16 bits, cut off, for numbers below 65,504. The smallest that is not 0 is 2^-24.
fn f16(value: f32) -> u16 {
    let sign = u16::from(value.is_sign_negative()) << 15;
    let size = f64::from(value.abs());
    let exponent = size.log2().floor().clamp(-14.0, 15.0);
    let steps = (size / (exponent - 10.0).exp2()).floor();
    let is_normal = steps >= 1024.0;
    let exponent = if is_normal { exponent + 15.0 } else { 0.0 };
    let fraction = if is_normal { steps - 1024.0 } else { steps };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below 32,768"
    )]
    let bits = (exponent * 1024.0 + fraction) as u16;
    sign | bits
}
