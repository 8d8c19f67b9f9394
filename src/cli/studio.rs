//! Options of the commands that put the finished model to work.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::{Format, Seconds, seconds};
use crate::studio::PROFILE;

/// What tensors are computed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Backend {
    /// Optimised; its kit is built when it is first needed, which takes minutes
    #[default]
    Flex,
    /// That of the checks, which is there already, and many times slower
    Ndarray,
    /// `LibTorch`, out of a `torch` that Python has; its kit is built when it is first needed
    Tch,
}

impl Backend {
    /// The profile of the kit that has it; that of the checks has none.
    #[must_use]
    pub const fn profile(self) -> Option<&'static str> {
        match self {
            Self::Flex => Some(PROFILE),
            Self::Ndarray => None,
            Self::Tch => Some("tch"),
        }
    }
}

/// What all of these commands can be told.
#[derive(Debug, clap::Args)]
pub struct Studio {
    /// Use the reference's steps instead of your own
    #[arg(long)]
    pub solution: bool,
    /// What tensors are computed by
    #[arg(long, value_enum, default_value_t)]
    pub backend: Backend,
    /// How it is told what happens
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// How a text becomes tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TokenizerKind {
    /// A token is a character
    #[default]
    Chars,
    /// A token is a run of bytes, by byte-pair encoding learned from the text
    Bpe,
}

/// Options of `tutor train`.
#[derive(Debug, clap::Args)]
pub struct Train {
    /// Texts to learn from, joined in this order; without any, the course's own lessons
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub text: Vec<PathBuf>,
    /// How the text becomes tokens
    #[arg(long, value_enum, default_value_t)]
    pub tokenizer: TokenizerKind,
    /// How many tokens byte-pair encoding may have
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u64).range(257..=50_257))]
    pub vocab_size: u64,
    /// How many steps to train; with `--resume`, how many more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000), conflicts_with = "minutes")]
    pub steps: Option<u64>,
    /// How long to train, instead of how many steps
    #[arg(long, value_name = "M", value_parser = minutes, conflicts_with = "resume")]
    pub minutes: Option<f64>,
    /// Sizes of the model and of the training, like `n_layer=2,n_embd=32,batch_size=8`
    #[arg(long, value_name = "KEY=VALUE,…", value_delimiter = ',', value_parser = setting, conflicts_with = "resume")]
    pub config: Vec<(String, f64)>,
    /// Go on where the checkpoint stopped
    #[arg(long, conflicts_with_all = ["text", "tokenizer", "seed"])]
    pub resume: bool,
    /// Decides the start, the batches and the samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Where the checkpoint lies; without it, `.tutor/model`
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What all commands of this kind can be told
    #[command(flatten)]
    pub studio: Studio,
}

/// Which model is meant.
#[derive(Debug, clap::Args)]
pub struct Model {
    /// The folder of a checkpoint; without it, `.tutor/model` if you have trained one, and
    /// otherwise the small model that comes with the course
    #[arg(long, value_name = "DIR", conflicts_with = "gpt2")]
    pub checkpoint: Option<PathBuf>,
    /// A folder with GPT-2 as Hugging Face has it: config.json, model.safetensors, vocab.json and
    /// merges.txt
    #[arg(long, value_name = "DIR")]
    pub gpt2: Option<PathBuf>,
}

/// Options of `tutor generate`.
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// What the model writes on from; without it, a beginning that fits the model
    pub prompt: Option<String>,
    /// Which model writes
    #[command(flatten)]
    pub model: Model,
    /// Below 1 for likely tokens, above 1 for daring ones; 0 is the same as `--greedy`
    #[arg(
        long,
        value_name = "T",
        default_value_t = 0.8,
        conflicts_with = "greedy"
    )]
    pub temperature: f64,
    /// Draw from the K likeliest tokens only
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..))]
    pub top_k: Option<u64>,
    /// Draw from the likeliest tokens only that have this much probability together
    #[arg(long, value_name = "P")]
    pub top_p: Option<f64>,
    /// How much less likely a token becomes once it was said; 1 for not at all
    #[arg(long, value_name = "R", default_value_t = 1.0)]
    pub repetition_penalty: f64,
    /// Decides the draws: the same seed writes the same text
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many tokens to write at most
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub max_new_tokens: u64,
    /// Always take the likeliest token
    #[arg(long)]
    pub greedy: bool,
    /// Shade each token by how likely the model found it, and list what else was likely
    #[arg(long)]
    pub show_probabilities: bool,
    /// What all commands of this kind can be told
    #[command(flatten)]
    pub studio: Studio,
}

/// Options of `tutor look`.
#[derive(Debug, clap::Args)]
pub struct Look {
    /// The text that the model reads
    pub text: String,
    /// Which model is looked into
    #[command(flatten)]
    pub model: Model,
    /// Show the attention of this layer, counted from 0, in full
    #[arg(long, value_name = "L", requires = "head")]
    pub layer: Option<usize>,
    /// Show the attention of this head, counted from 0, in full
    #[arg(long, value_name = "H", requires = "layer")]
    pub head: Option<usize>,
    /// Write a page with everything, to be opened in a browser
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// What all commands of this kind can be told
    #[command(flatten)]
    pub studio: Studio,
}

/// What can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Fetched {
    /// GPT-2 small, with 124 million parameters: 550 MB from the Hugging Face hub
    Gpt2,
}

/// How long a server may say nothing, unless another time is asked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Options of `tutor fetch`.
#[derive(Debug, clap::Args)]
pub struct Fetch {
    /// What to download; what is there already is not downloaded again
    pub what: Fetched,
    /// The folder that it goes to; without it, `.tutor/gpt2`
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// How many seconds a server may say nothing
    #[arg(long, value_name = "S", value_parser = seconds, default_value_t = Seconds(PATIENCE))]
    pub timeout: Seconds,
}

/// Sizes of the model that `--config` knows.
pub const MODEL_KEYS: [&str; 6] = [
    "n_positions",
    "n_embd",
    "n_layer",
    "n_head",
    "n_inner",
    "dropout",
];

/// Settings of the training that `--config` knows.
pub const TRAINING_KEYS: [&str; 8] = [
    "batch_size",
    "context",
    "accumulation",
    "warmup_steps",
    "learning_rate",
    "min_learning_rate",
    "clip_norm",
    "weight_decay",
];

/// Settings that need not be whole numbers.
const FRACTIONS: [&str; 5] = [
    "dropout",
    "learning_rate",
    "min_learning_rate",
    "clip_norm",
    "weight_decay",
];

fn setting(text: &str) -> Result<(String, f64), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("a setting looks like `n_layer=2`")?;
    if !MODEL_KEYS.contains(&key) && !TRAINING_KEYS.contains(&key) {
        return Err(format!(
            "`{key}` is no setting; there are {}",
            [&MODEL_KEYS[..], &TRAINING_KEYS[..]].concat().join(", ")
        ));
    }
    let is_fraction = FRACTIONS.contains(&key);
    let number = value.parse::<f64>().ok();
    let fits = |number: &f64| {
        number.is_finite() && *number >= 0.0 && (is_fraction || number.fract() == 0.0)
    };
    match number.filter(fits) {
        Some(number) => Ok((key.to_owned(), number)),
        None if is_fraction => Err(format!("`{key}` takes a number, 0 or more")),
        None => Err(format!("`{key}` takes a whole number, 0 or more")),
    }
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(minutes) if (0.01..=10_000.0).contains(&minutes) => Ok(minutes),
        _ => Err("a number of minutes, from 0.01 to 10000".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_known_by_name_and_kind() {
        assert_eq!(setting("n_layer=2"), Ok(("n_layer".into(), 2.0)));
        assert_eq!(
            setting("learning_rate=1e-3"),
            Ok(("learning_rate".into(), 1e-3))
        );
        assert!(setting("n_layer=2.5").is_err_and(|e| e.contains("whole number")));
        assert!(setting("n_layer").is_err_and(|e| e.contains("looks like")));
        assert!(setting("layers=2").is_err_and(|e| e.contains("n_layer")));
        assert!(setting("dropout=-1").is_err());
    }
}
