//! Checkpoints: GPT-2's weights out of Hugging Face's files and into your own model.
//!
//! The format is [safetensors](https://github.com/huggingface/safetensors): eight bytes with the
//! length of the header, the header as JSON, and the numbers of all tensors, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData, f16};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

use crate::s01_config::{ConfigError, GptConfig};
use crate::s11_lm_head::Gpt;

/// Tensors by name: f32, each with its shape.
pub type Weights = BTreeMap<String, TensorData>;

/// The tensors of a safetensors file, by the names that they have there, as f32.
///
/// Numbers are stored with their lowest byte first. An `F32` is taken as it is. A `BF16` is the
/// upper half of an f32, an `F16` a 16-bit float of IEEE 754; both widen without rounding. Old
/// files hold Hugging Face's causal masks as well, buffers whose names end in `.attn.bias` or
/// `.attn.masked_bias`: these are left out, whatever they hold.
///
/// # Errors
///
/// [`Damaged`](CheckpointError::Damaged) if this is not a safetensors file, or not exactly one;
/// [`ElementType`](CheckpointError::ElementType) if a tensor is of another type than these three;
/// [`NotFinite`](CheckpointError::NotFinite) if a number is infinite or NaN.
pub fn read_tensors(file: &[u8]) -> Result<Weights, CheckpointError> {
    let file = SafeTensors::deserialize(file).map_err(|error| CheckpointError::Damaged {
        reason: error.to_string(),
    })?;
    let mut weights = Weights::new();
    for (name, view) in file.tensors() {
        if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
            continue;
        }
        let bytes = view.data();
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => {
                let (fours, _) = bytes.as_chunks::<4>();
                fours.iter().map(|&four| f32::from_le_bytes(four)).collect()
            }
            Dtype::F16 => {
                let (pairs, _) = bytes.as_chunks::<2>();
                let floats = pairs.iter().map(|&pair| f16::from_le_bytes(pair));
                floats.map(f16::to_f32).collect()
            }
            Dtype::BF16 => {
                let (pairs, _) = bytes.as_chunks::<2>();
                let fours = pairs.iter().map(|&[low, high]| [0, 0, low, high]);
                fours.map(f32::from_le_bytes).collect()
            }
            other => {
                let found = other.to_string();
                return Err(CheckpointError::ElementType { name, found });
            }
        };
        if !values.iter().all(|value| value.is_finite()) {
            return Err(CheckpointError::NotFinite { name });
        }
        weights.insert(name, TensorData::new(values, view.shape()));
    }
    Ok(weights)
}

/// The model with each parameter replaced by the tensor of its path, whatever it held before.
///
/// Names may lack the `transformer.` at the start, as OpenAI's do, all or some of them. A tensor
/// `lm_head.weight` is the output layer, which this model ties to the token table: it may be there
/// if it is equal to that table.
///
/// # Errors
///
/// [`Missing`](CheckpointError::Missing) names a parameter without a tensor,
/// [`Shape`](CheckpointError::Shape) one whose tensor has another shape,
/// [`Unexpected`](CheckpointError::Unexpected) a tensor without a parameter, or one that is there
/// with and without `transformer.`, and [`HeadDiffers`](CheckpointError::HeadDiffers) is an output
/// layer of its own. Of several faults, any one is named.
pub fn load_weights(model: Gpt, weights: Weights) -> Result<Gpt, CheckpointError> {
    let mut by_path = Weights::new();
    let mut head = None;
    for (name, data) in weights {
        if name == "lm_head.weight" {
            head = Some(data);
            continue;
        }
        let path = match name.starts_with("transformer.") {
            true => name.clone(),
            false => format!("transformer.{name}"),
        };
        if by_path.insert(path, data).is_some() {
            return Err(CheckpointError::Unexpected { name });
        }
    }
    if head.is_some_and(|head| by_path.get("transformer.wte.weight") != Some(&head)) {
        return Err(CheckpointError::HeadDiffers);
    }
    let mut loader = Loader {
        path: Vec::new(),
        weights: by_path,
        error: None,
    };
    let model = model.map(&mut loader);
    if let Some(error) = loader.error {
        return Err(error);
    }
    match loader.weights.into_keys().next() {
        Some(name) => Err(CheckpointError::Unexpected { name }),
        None => Ok(model),
    }
}

/// A walk over the parameters that gives each the tensor of its path.
struct Loader {
    /// The names of the fields on the way to where the walk stands.
    path: Vec<String>,
    /// What no parameter has taken yet.
    weights: Weights,
    /// The first fault.
    error: Option<CheckpointError>,
}

impl Loader {
    /// Takes the tensor of a parameter.
    fn take(&mut self, name: String, expected: &[usize]) -> Result<TensorData, CheckpointError> {
        match self.weights.remove(&name) {
            None => Err(CheckpointError::Missing { name }),
            Some(data) if *data.shape() != *expected => Err(CheckpointError::Shape {
                name,
                expected: expected.to_vec(),
                found: data.shape().to_vec(),
            }),
            Some(data) => Ok(data),
        }
    }
}

impl ModuleMapper for Loader {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    // Shape and device of a parameter are known before its values are drawn, which takes long.
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.take(self.path.join("."), &param.lazy_shape()) {
            Ok(data) => Param::from_tensor(Tensor::from_data(data, &param.lazy_device())),
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}

/// The sizes in a `config.json` of Hugging Face's `GPT2Config`.
///
/// `vocab_size`, `n_positions`, `n_embd`, `n_layer` and `n_head` have to be there. `n_inner` is
/// 4 n_embd if it is missing or `null`, `layer_norm_epsilon` is 1e-5 if it is missing, and
/// `resid_pdrop`, our dropout, 0.1.
///
/// # Errors
///
/// [`Setting`](CheckpointError::Setting) names an entry that is missing or is no such number,
/// `activation_function` if it is there and not `gelu_new`, `scale_attn_weights` if it is there and
/// not `true`, `scale_attn_by_inverse_layer_idx` if it is there and not `false`, or one of the sizes
/// if [`validate`](GptConfig::validate) refuses them; it names `config.json` if the text is no JSON
/// object.
pub fn read_config(json: &str) -> Result<GptConfig, CheckpointError> {
    let settings: Value = serde_json::from_str(json).map_err(|_| setting("config.json"))?;
    if !settings.is_object() {
        return Err(setting("config.json"));
    }
    // The model of step 11 does as these say, and not otherwise.
    for (name, ours) in [
        ("activation_function", Value::from("gelu_new")),
        ("scale_attn_weights", Value::from(true)),
        ("scale_attn_by_inverse_layer_idx", Value::from(false)),
    ] {
        if settings.get(name).is_some_and(|theirs| *theirs != ours) {
            return Err(setting(name));
        }
    }
    let size = |name| {
        let size = settings[name].as_u64().ok_or_else(|| setting(name))?;
        usize::try_from(size).map_err(|_| setting(name))
    };
    let number = |name, default| match &settings[name] {
        Value::Null => Ok(default),
        value => value.as_f64().ok_or_else(|| setting(name)),
    };
    let n_embd = size("n_embd")?;
    let config = GptConfig {
        vocab_size: size("vocab_size")?,
        n_positions: size("n_positions")?,
        n_embd,
        n_layer: size("n_layer")?,
        n_head: size("n_head")?,
        n_inner: match settings["n_inner"] {
            Value::Null => n_embd.saturating_mul(4),
            _ => size("n_inner")?,
        },
        layer_norm_epsilon: number("layer_norm_epsilon", 1e-5)?,
        dropout: number("resid_pdrop", 0.1)?,
    };
    config.validate().map_err(CheckpointError::Config)?;
    Ok(config)
}

/// A file's entry that is missing or of no use.
fn setting(name: &str) -> CheckpointError {
    CheckpointError::Setting {
        name: name.to_owned(),
    }
}

/// Hugging Face's GPT-2 in `files`: `config.json`, and `model.safetensors` or, if there is none,
/// the files that `model.safetensors.index.json` names. Its `weight_map` says for each tensor in
/// which file it is.
///
/// # Errors
///
/// Those of [`read_config`], [`read_tensors`] and [`load_weights`];
/// [`File`](CheckpointError::File) if a file cannot be read, and
/// [`Setting`](CheckpointError::Setting) names `weight_map` if the index has none or one that does
/// not name files.
pub fn load_gpt2_from(
    files: &dyn Files,
    device: &Device,
) -> Result<(Gpt, GptConfig), CheckpointError> {
    let read = |name: &str| files.read(name).map_err(|error| file(name, error));
    let config = read_config(&String::from_utf8_lossy(&read("config.json")?))?;
    let weights = match files.read("model.safetensors") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let index: Value = serde_json::from_slice(&read("model.safetensors.index.json")?)
                .map_err(|_| setting("weight_map"))?;
            let map = index["weight_map"].as_object();
            let names: Option<BTreeSet<&str>> =
                map.and_then(|map| map.values().map(Value::as_str).collect());
            let mut weights = Weights::new();
            for name in names.ok_or_else(|| setting("weight_map"))? {
                weights.extend(read_tensors(&read(name)?)?);
            }
            weights
        }
        bytes => read_tensors(&bytes.map_err(|error| file("model.safetensors", error))?)?,
    };
    let model = load_weights(Gpt::new(&config, device), weights)?;
    Ok((model, config))
}

/// [`load_gpt2_from`] a folder.
pub fn load_gpt2(folder: &Path, device: &Device) -> Result<(Gpt, GptConfig), CheckpointError> {
    load_gpt2_from(&Folder(folder.to_owned()), device)
}

/// What a checkpoint is written to and read from: named files.
///
/// A [`Folder`] has them on a disk. The check has some in memory, and there the power can fail
/// between two calls, or in the middle of a [`write`](Self::write).
pub trait Files {
    /// All bytes of a file; [`NotFound`](io::ErrorKind::NotFound) if there is none of the name.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Writes a file, or writes it anew. If the power fails, a part of it may be there.
    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name, and removes what had that name: all of this or, if the power
    /// fails, nothing.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&mut self, name: &str) -> io::Result<()>;
}

/// The files of a folder.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A name out of a file that somebody else wrote stays in the folder.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let is_plain = Path::new(name).file_name().is_some_and(|last| last == name);
        match is_plain {
            true => Ok(self.0.join(name)),
            false => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl Files for Folder {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(name)?)
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let mut file = fs::File::create(self.path(name)?)?;
        file.write_all(bytes)?;
        // Without this, a name may reach the disk before what it names.
        file.sync_all()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from)?, self.path(to)?)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name)?)
    }
}

fn file(name: &str, error: io::Error) -> CheckpointError {
    let name = name.to_owned();
    CheckpointError::File { name, error }
}

/// Why there is no checkpoint to be had, or none was written.
#[derive(Debug)]
pub enum CheckpointError {
    /// A file cannot be read or written.
    File { name: String, error: io::Error },
    /// This is not a safetensors file, or not exactly one.
    Damaged { reason: String },
    /// A tensor holds numbers of a type that weights do not have.
    ElementType { name: String, found: String },
    /// A tensor holds an infinite number or NaN.
    NotFinite { name: String },
    /// A parameter has no tensor.
    Missing { name: String },
    /// A tensor belongs to no parameter.
    Unexpected { name: String },
    /// A tensor has another shape than its parameter.
    Shape {
        name: String,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    /// The output layer is not the token table.
    HeadDiffers,
    /// An entry is missing, is not what it should be, or asks for another model than ours.
    Setting { name: String },
    /// There is no model of these sizes.
    Config(ConfigError),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, error } => write!(f, "`{name}`: {error}"),
            Self::Damaged { reason } => write!(f, "no whole safetensors file: {reason}"),
            Self::ElementType { name, found } => {
                write!(f, "`{name}` holds numbers of type {found}")
            }
            Self::NotFinite { name } => write!(f, "`{name}` holds a number that is not finite"),
            Self::Missing { name } => write!(f, "there is no tensor `{name}`"),
            Self::Unexpected { name } => write!(f, "the model has no place for `{name}`"),
            Self::Shape {
                name,
                expected,
                found,
            } => write!(f, "`{name}` is {found:?}, and the model's is {expected:?}"),
            Self::HeadDiffers => write!(f, "`lm_head.weight` is not the token table"),
            Self::Setting { name } => write!(f, "`{name}` is missing or of no use here"),
            Self::Config(error) => write!(f, "{error}"),
        }
    }
}

impl Error for CheckpointError {}
