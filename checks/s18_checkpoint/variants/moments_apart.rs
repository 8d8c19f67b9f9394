//! Two tensors for each parameter with moments, and sizes checked while they are read.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData, f16};
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use serde_json::{Map, Value, json};

use crate::s01_config::{ConfigError, GptConfig};
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, Moments, map_parameters};
use crate::s17_training::{Trainer, TrainingConfig, TrainingError};

/// The file with the weights.
const MODEL: &str = "model.safetensors";

/// Tensors by name: f32, each with its shape.
pub type Weights = BTreeMap<String, TensorData>;

/// What comes out, or why it does not.
pub type Result<T> = std::result::Result<T, CheckpointError>;

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
pub fn read_tensors(file: &[u8]) -> Result<Weights> {
    let file = SafeTensors::deserialize(file).map_err(CheckpointError::Damaged)?;
    let mut weights = Weights::new();
    for (name, view) in file.tensors() {
        if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
            continue;
        }
        let (pairs, _) = view.data().as_chunks::<2>();
        let (fours, _) = view.data().as_chunks::<4>();
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => fours.iter().map(|&four| f32::from_le_bytes(four)).collect(),
            Dtype::F16 => (pairs.iter())
                .map(|&pair| f16::from_le_bytes(pair).to_f32())
                .collect(),
            Dtype::BF16 => (pairs.iter())
                .map(|&[low, high]| f32::from_le_bytes([0, 0, low, high]))
                .collect(),
            _ => return Err(CheckpointError::ElementType(name)),
        };
        if !values.iter().all(|value| value.is_finite()) {
            return Err(CheckpointError::NotFinite(name));
        }
        weights.insert(name, TensorData::new(values, view.shape()));
    }
    Ok(weights)
}

/// A safetensors file of these tensors: each under its name, as `F32`, in the order of their names.
/// `metadata` becomes the header's entry `__metadata__`.
///
/// The header has an entry for each tensor: its `dtype`, its `shape`, and in `data_offsets` where
/// its bytes begin and end, counted from the end of the header.
///
/// # Errors
///
/// [`NotFinite`](CheckpointError::NotFinite) if a number is infinite or NaN: what could not be read
/// again is not written.
pub fn write_tensors(weights: &Weights, metadata: &[(&str, &str)]) -> Result<Vec<u8>> {
    let mut entries = Map::new();
    for &(key, value) in metadata {
        entries.insert(key.to_owned(), value.into());
    }
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), entries.into());
    let mut numbers = Vec::new();
    for (name, data) in weights {
        let start = numbers.len();
        for value in data.iter::<f32>() {
            if !value.is_finite() {
                return Err(CheckpointError::NotFinite(name.clone()));
            }
            numbers.extend_from_slice(&value.to_le_bytes());
        }
        let (shape, offsets) = (data.shape().to_vec(), [start, numbers.len()]);
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": offsets });
        header.insert(name.clone(), entry);
    }
    let mut header = Value::from(header).to_string();
    // Spaces, so that the numbers begin at a multiple of eight bytes.
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let length = (header.len() as u64).to_le_bytes();
    Ok([&length, header.as_bytes(), &numbers].concat())
}

/// An entry in the metadata of a safetensors file.
fn entry(file: &[u8], key: &str) -> Result<String> {
    let (_, header) = SafeTensors::read_metadata(file).map_err(CheckpointError::Damaged)?;
    let entries = header.metadata().as_ref();
    let value = entries.and_then(|entries| entries.get(key)).cloned();
    value.ok_or_else(|| setting(key))
}

/// The weights of a model, by path.
pub fn weights(model: &Gpt) -> Weights {
    let mut weights = Weights::new();
    map_parameters(model.clone(), &mut |path, shape, values| {
        let numbers: Vec<f32> = values.to_data().iter().collect();
        weights.insert(path.to_owned(), TensorData::new(numbers, shape));
        values
    });
    weights
}

/// The model with each parameter replaced by the tensor of its path, whatever it held before.
///
/// Names may lack the `transformer.` at their start, as OpenAI's do, all or some of them. A tensor
/// `lm_head.weight` is the output layer, which our model ties to the token table: it may be there if
/// it is equal to that table.
///
/// # Errors
///
/// [`Missing`](CheckpointError::Missing) names the path of a parameter that has no tensor, and
/// [`Shape`](CheckpointError::Shape) that of one whose tensor has another shape;
/// [`Unexpected`](CheckpointError::Unexpected) names a tensor that belongs to no parameter, or to
/// one that has a tensor already; and [`HeadDiffers`](CheckpointError::HeadDiffers) is an output
/// layer of its own. If there are several reasons, it is any of them.
pub fn load_weights(model: Gpt, weights: Weights) -> Result<Gpt> {
    let (mut by_path, mut head) = (Weights::new(), None);
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
            return Err(CheckpointError::Unexpected(name));
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
    let left = loader.weights.into_keys().next();
    match loader.error.or(left.map(CheckpointError::Unexpected)) {
        Some(error) => Err(error),
        None => Ok(model),
    }
}

/// A walk over the parameters that gives each the tensor of its path.
struct Loader {
    /// The names of the fields on the way to where the walk stands.
    path: Vec<String>,
    /// What no parameter has taken yet.
    weights: Weights,
    /// What went wrong first.
    error: Option<CheckpointError>,
}

impl ModuleMapper for Loader {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.join(".");
        // These two are known of a parameter before its values are drawn, which would take long.
        let (shape, device) = (param.lazy_shape(), param.lazy_device());
        match take(&mut self.weights, &name, &shape) {
            Ok(data) => Param::from_tensor(Tensor::from_data(data, &device)),
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}

/// Takes the tensor of this name out of all of them, if it has this shape.
fn take(weights: &mut Weights, name: &str, shape: &[usize]) -> Result<TensorData> {
    let name = name.to_owned();
    match weights.remove(&name) {
        None => Err(CheckpointError::Missing(name)),
        Some(data) if data.shape().as_slice() != shape => Err(CheckpointError::Shape {
            name,
            expected: shape.to_vec(),
            found: data.shape().to_vec(),
        }),
        Some(data) => Ok(data),
    }
}

/// The sizes in a `config.json` of Hugging Face's `GPT2Config`.
///
/// `vocab_size`, `n_positions`, `n_embd`, `n_layer` and `n_head` have to be there. `n_inner` is
/// 4 n_embd if it is missing or `null`, `layer_norm_epsilon` likewise 1e-5, and `resid_pdrop`, which
/// is our dropout, 0.1.
///
/// # Errors
///
/// [`Setting`](CheckpointError::Setting) names an entry that is missing or is no such number; or one
/// that asks for another model than ours, which is an `activation_function` that is there and is not
/// `gelu_new`, a `scale_attn_weights` that is not `true`, and a `scale_attn_by_inverse_layer_idx`
/// that is not `false`. It names `config.json` if the text is not JSON.
/// [`Config`](CheckpointError::Config) is what [`validate`](GptConfig::validate) says.
pub fn read_config(json: &str) -> Result<GptConfig> {
    let settings: Value = serde_json::from_str(json).map_err(|_| setting("config.json"))?;
    for (name, ours) in [
        ("activation_function", json!("gelu_new")),
        ("scale_attn_weights", json!(true)),
        ("scale_attn_by_inverse_layer_idx", json!(false)),
    ] {
        if settings.get(name).is_some_and(|theirs| *theirs != ours) {
            return Err(setting(name));
        }
    }
    let n_embd = size(&settings, "n_embd")?;
    let config = GptConfig {
        vocab_size: size(&settings, "vocab_size")?,
        n_positions: size(&settings, "n_positions")?,
        n_embd,
        n_layer: size(&settings, "n_layer")?,
        n_head: size(&settings, "n_head")?,
        n_inner: match settings["n_inner"] {
            Value::Null => n_embd.saturating_mul(4),
            _ => size(&settings, "n_inner")?,
        },
        layer_norm_epsilon: number(&settings, "layer_norm_epsilon", 1e-5)?,
        dropout: number(&settings, "resid_pdrop", 0.1)?,
    };
    config.validate().map_err(CheckpointError::Config)?;
    Ok(config)
}

fn size(settings: &Value, name: &str) -> Result<usize> {
    let size = settings[name].as_u64().map(usize::try_from);
    size.and_then(|size| size.ok()).ok_or_else(|| setting(name))
}

fn number(settings: &Value, name: &str, if_missing: f64) -> Result<f64> {
    match &settings[name] {
        Value::Null => Ok(if_missing),
        value => value.as_f64().ok_or_else(|| setting(name)),
    }
}

fn setting(name: &str) -> CheckpointError {
    CheckpointError::Setting(name.to_owned())
}

/// The entries of a `config.json` as Hugging Face has it; [`read_config`] reads the same sizes.
pub fn write_config(config: &GptConfig) -> Value {
    json!({
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "vocab_size": config.vocab_size,
        "n_positions": config.n_positions,
        "n_embd": config.n_embd,
        "n_layer": config.n_layer,
        "n_head": config.n_head,
        "n_inner": config.n_inner,
        "layer_norm_epsilon": config.layer_norm_epsilon,
        "embd_pdrop": config.dropout,
        "attn_pdrop": config.dropout,
        "resid_pdrop": config.dropout,
    })
}

/// The model of these sizes with these weights, or why there is none.
///
/// Sizes come out of a file, and anybody may have written it: a model with n_layer = 10^12 would take all
/// memory, whatever weights there are. So they are held against the tensors before a model is made.
///
/// # Errors
///
/// Those of [`load_weights`].
fn model_of(config: &GptConfig, weights: Weights, device: &Device) -> Result<Gpt> {
    for (name, shape) in [
        ("wte.weight", [config.vocab_size, config.n_embd]),
        ("wpe.weight", [config.n_positions, config.n_embd]),
        ("h.0.mlp.c_fc.weight", [config.n_embd, config.n_inner]),
    ] {
        let path = format!("transformer.{name}");
        let tensor = weights.get(&path).or_else(|| weights.get(name));
        match tensor.map(|data| data.shape().to_vec()) {
            None => return Err(CheckpointError::Missing(path)),
            Some(found) if found != shape => {
                return Err(CheckpointError::Shape {
                    name: path,
                    expected: shape.to_vec(),
                    found,
                });
            }
            Some(_) => {}
        }
    }
    // Each layer has tensors of its own.
    if config.n_layer > weights.len() {
        let path = format!("transformer.h.{}.ln_1.weight", config.n_layer - 1);
        return Err(CheckpointError::Missing(path));
    }
    load_weights(Gpt::new(config, device), weights)
}

/// Hugging Face's GPT-2 in a folder: `config.json`, and `model.safetensors` or, if that is not
/// there, the files that `model.safetensors.index.json` names. The index holds a `weight_map`, which
/// says of each tensor in which file it is. The sizes are held against the tensors before anything is made
/// of that size.
///
/// # Errors
///
/// Those of [`read_config`], [`read_tensors`] and [`load_weights`];
/// [`File`](CheckpointError::File) if a file cannot be read, and
/// [`Setting`](CheckpointError::Setting) names `weight_map` if the index does not hold one.
pub fn load_gpt2(files: &(impl Files + ?Sized), device: &Device) -> Result<(Gpt, GptConfig)> {
    let config = read_config(&String::from_utf8_lossy(&read(files, "config.json")?))?;
    let weights = match read(files, MODEL) {
        Err(CheckpointError::File(_, error)) if error.kind() == ErrorKind::NotFound => {
            let index = read(files, "model.safetensors.index.json")?;
            let index: Value = serde_json::from_slice(&index).unwrap_or_default();
            let map = index["weight_map"].as_object();
            let (mut weights, mut seen) = (Weights::new(), Vec::new());
            for name in map.ok_or_else(|| setting("weight_map"))?.values() {
                let name = name.as_str().ok_or_else(|| setting("weight_map"))?;
                if !seen.contains(&name) {
                    weights.append(&mut read_tensors(&read(files, name)?)?);
                    seen.push(name);
                }
            }
            weights
        }
        file => read_tensors(&file?)?,
    };
    let model = model_of(&config, weights, device)?;
    Ok((model, config))
}

/// Writes a checkpoint: `model.safetensors` with the weights under their paths, `config.json`, and a
/// file with all else that [`resume`] needs. Its name is the entry `training` in the metadata of
/// `model.safetensors`.
///
/// The power may fail at any time: [`resume`] finds the checkpoint that was there before, or this
/// one, and nothing in between. Once this function has returned `Ok`, it is this one. So no file of
/// a checkpoint that counts is written to, and one single renaming decides which counts. In the end
/// nothing is left of the one before, nor of one that was interrupted.
///
/// # Errors
///
/// [`File`](CheckpointError::File) if a file cannot be read or written, and
/// [`NotFinite`](CheckpointError::NotFinite) if a weight or a moment is infinite or NaN: then no file
/// is touched.
pub fn save(files: &(impl Files + ?Sized), trainer: &Trainer, config: &GptConfig) -> Result<()> {
    // Of two names, the one that the checkpoint in place does not use.
    let names = ["training-1.safetensors", "training-2.safetensors"];
    let in_place = match read(files, MODEL) {
        Err(CheckpointError::File(_, error)) if error.kind() == ErrorKind::NotFound => None,
        // Which of the two counts is not known if it cannot be read: then neither may be written to.
        model => entry(&model?, "training").ok(),
    };
    let [free, used] = match in_place.is_some_and(|name| name == names[0]) {
        true => [names[1], names[0]],
        false => names,
    };
    let metadata = [("format", "pt"), ("training", free)];
    let model = write_tensors(&weights(&trainer.model), &metadata)?;
    let mut moments = Weights::new();
    for (path, both) in trainer.optimizer.moments.iter() {
        moments.insert(format!("exp_avg.{path}"), both.first.to_data());
        moments.insert(format!("exp_avg_sq.{path}"), both.second.to_data());
    }
    let state = state(trainer, config).to_string();
    let training = write_tensors(&moments, &[("state", &state)])?;
    let config_json = format!("{:#}\n", write_config(config));

    let failed = |name: &str, error| CheckpointError::File(name.to_owned(), error);
    for (name, bytes) in [
        (free, &training[..]),
        ("config.json.new", config_json.as_bytes()),
        ("model.safetensors.new", &model),
    ] {
        files
            .write(name, bytes)
            .map_err(|error| failed(name, error))?;
    }
    for (from, to) in [
        ("config.json.new", "config.json"),
        ("model.safetensors.new", MODEL),
    ] {
        files.rename(from, to).map_err(|error| failed(to, error))?;
    }
    match files.remove(used) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(used, error)),
        _ => Ok(()),
    }
}

/// The trainer that [`save`] was given, on `device`, and the sizes of its model. Each further step is
/// the one that the trainer would have made, to the last bit. The sizes are held against the tensors
/// here, too.
///
/// # Errors
///
/// [`File`](CheckpointError::File) if a file cannot be read,
/// [`Setting`](CheckpointError::Setting) if an entry is missing or of no use, and those of
/// [`read_config`], [`read_tensors`], [`load_weights`] and [`Trainer::new`].
pub fn resume(files: &(impl Files + ?Sized), device: &Device) -> Result<(Trainer, GptConfig)> {
    let model = read(files, MODEL)?;
    let training = read(files, &entry(&model, "training")?)?;
    let saved = entry(&training, "state")?;
    let saved: Value = serde_json::from_str(&saved).map_err(|_| setting("state"))?;
    let config = read_config(&saved["config"].to_string())?;
    let weights = read_tensors(&model)?;
    let mut pairs = read_tensors(&training)?;
    let mut moments = BTreeMap::new();
    for (path, weight) in weights.iter() {
        let size = [weight.num_elements()];
        let names = ["exp_avg", "exp_avg_sq"].map(|kind| format!("{kind}.{path}"));
        if pairs.contains_key(&names[0]) || pairs.contains_key(&names[1]) {
            let device = device.clone().inner();
            let first = Tensor::from_data(take(&mut pairs, &names[0], &size)?, &device);
            let second = Tensor::from_data(take(&mut pairs, &names[1], &size)?, &device);
            moments.insert(path.to_owned(), Moments { first, second });
        }
    }
    if let Some(name) = pairs.into_keys().next() {
        return Err(CheckpointError::Unexpected(name));
    }
    let model = model_of(&config, weights, device)?;
    let mut trainer =
        Trainer::new(model, training_config(&saved)?).map_err(CheckpointError::Training)?;
    trainer.step = size(&saved, "step")?;
    trainer.optimizer.step = size(&saved, "updates")?;
    trainer.optimizer.moments = moments;
    Ok((trainer, config))
}

/// What a trainer is, but for weights and moments.
fn state(trainer: &Trainer, config: &GptConfig) -> Value {
    let training = &trainer.config;
    json!({
        "config": write_config(config),
        "step": trainer.step,
        "updates": trainer.optimizer.step,
        "batch_size": training.batch_size,
        "context": training.context,
        "accumulation": training.accumulation,
        "steps": training.steps,
        "warmup_steps": training.warmup_steps,
        "learning_rate": training.learning_rate,
        "min_learning_rate": training.min_learning_rate,
        "clip_norm": training.clip_norm,
        "beta_1": training.adamw.beta_1,
        "beta_2": training.adamw.beta_2,
        "epsilon": training.adamw.epsilon,
        "weight_decay": training.adamw.weight_decay,
        "seed": training.seed,
    })
}

/// The way back from [`state`]. JSON has no infinity and says `null` for it.
fn training_config(state: &Value) -> Result<TrainingConfig> {
    let number = |name| number(state, name, f64::INFINITY);
    Ok(TrainingConfig {
        batch_size: size(state, "batch_size")?,
        context: size(state, "context")?,
        accumulation: size(state, "accumulation")?,
        steps: size(state, "steps")?,
        warmup_steps: size(state, "warmup_steps")?,
        learning_rate: number("learning_rate")?,
        min_learning_rate: number("min_learning_rate")?,
        clip_norm: number("clip_norm")?,
        adamw: AdamWConfig {
            beta_1: number("beta_1")?,
            beta_2: number("beta_2")?,
            epsilon: number("epsilon")?,
            weight_decay: number("weight_decay")?,
        },
        seed: state["seed"].as_u64().ok_or_else(|| setting("seed"))?,
    })
}

/// What a checkpoint is written to and read from: a folder, a [`Path`], as a rule. The check has
/// files in memory, where the power can fail at any call.
pub trait Files {
    /// All bytes of a file; [`ErrorKind::NotFound`] if there is no such file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Writes a file, in place of one that there is. If the power fails, a part of it is there.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Renames a file, in place of one that there is. If the power fails, it has happened or not.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file; [`ErrorKind::NotFound`] if there is no such file.
    fn remove(&self, name: &str) -> io::Result<()>;
}

impl Files for Path {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(inside(self, name)?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(self)?;
        let mut file = fs::File::create(inside(self, name)?)?;
        file.write_all(bytes)?;
        // On a disk, a new name may otherwise be there before the bytes are.
        file.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(inside(self, from)?, inside(self, to)?)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(inside(self, name)?)
    }
}

/// A file of a folder. Names may come from files that others wrote: none leads out of it.
fn inside(folder: &Path, name: &str) -> io::Result<PathBuf> {
    match Path::new(name).file_name().is_some_and(|last| last == name) {
        true => Ok(folder.join(name)),
        false => Err(ErrorKind::InvalidInput.into()),
    }
}

fn read(files: &(impl Files + ?Sized), name: &str) -> Result<Vec<u8>> {
    let bytes = files.read(name);
    bytes.map_err(|error| CheckpointError::File(name.to_owned(), error))
}

/// Why there is no checkpoint. Most reasons have the name of what they are about.
#[derive(Debug)]
pub enum CheckpointError {
    /// A file cannot be read or written.
    File(String, io::Error),
    /// This is not a safetensors file, or not exactly one.
    Damaged(SafeTensorError),
    /// A tensor's numbers are of another type than `F32`, `F16` and `BF16`.
    ElementType(String),
    /// A tensor holds a number that is infinite or NaN.
    NotFinite(String),
    /// A parameter has no tensor.
    Missing(String),
    /// A tensor has no parameter.
    Unexpected(String),
    /// A tensor has another shape than it should.
    Shape {
        /// The tensor's name.
        name: String,
        /// The shape that it should have.
        expected: Vec<usize>,
        /// The shape that it has.
        found: Vec<usize>,
    },
    /// The output layer is another than the token table.
    HeadDiffers,
    /// An entry is missing or of no use.
    Setting(String),
    /// There is no model of these sizes.
    Config(ConfigError),
    /// There is no training like this.
    Training(TrainingError),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name, error) => write!(f, "`{name}`: {error}"),
            Self::Damaged(error) => write!(f, "not a whole safetensors file: {error}"),
            Self::ElementType(name) => write!(f, "`{name}` does not hold F32, F16 or BF16"),
            Self::NotFinite(name) => write!(f, "`{name}` holds an infinite number or NaN"),
            Self::Missing(name) => write!(f, "there is no tensor for `{name}`"),
            Self::Unexpected(name) => write!(f, "the model has no place for `{name}`"),
            Self::Shape {
                name,
                expected,
                found,
            } => write!(f, "`{name}` is {found:?} and should be {expected:?}"),
            Self::HeadDiffers => write!(f, "`lm_head.weight` is not the token table"),
            Self::Setting(name) => write!(f, "`{name}` is missing, or of no use for our model"),
            Self::Config(error) => write!(f, "{error}"),
            Self::Training(error) => write!(f, "{error}"),
        }
    }
}

impl Error for CheckpointError {}
