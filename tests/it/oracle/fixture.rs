//! A file of reference values: what it holds, without the numbers.

use std::env;
use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Names another folder than the one that comes with the project.
const FOLDER_VARIABLE: &str = "TUTOR_ORACLE";

/// Rust source of `config()`, for programs that can name `GptConfig`; it uses the
/// [constants](Fixture::constants).
pub const CONFIG: &str = "
fn config() -> crate::s01_config::GptConfig {
    crate::s01_config::GptConfig {
        vocab_size: VOCAB_SIZE,
        n_positions: N_POSITIONS,
        n_embd: N_EMBD,
        n_layer: N_LAYER,
        n_head: N_HEAD,
        n_inner: N_INNER,
        layer_norm_epsilon: LAYER_NORM_EPSILON,
        dropout: 0.0,
    }
}
";

/// The header of one part's file.
pub struct Fixture {
    folder: PathBuf,
    path: PathBuf,
    header: Map<String, Value>,
}

impl Fixture {
    /// Reads the header of the file of `part`.
    pub fn open(part: &str) -> Self {
        let folder = folder();
        let path = folder.join(format!("gpt2_{part}.safetensors"));
        let header =
            read_header(&path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
        Self {
            folder,
            path,
            header,
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the expected results, without `out.`.
    pub fn outputs(&self) -> Vec<&str> {
        self.below("out.")
    }

    /// The paths of the parameters, without `param.`.
    pub fn parameters(&self) -> Vec<&str> {
        self.below("param.")
    }

    /// The names of the expected gradients and of the expected parameters after training, whole.
    pub fn learnt(&self) -> Vec<&str> {
        let names = self.header.keys().map(String::as_str);
        names
            .filter(|name| name.starts_with("grad.") || name.starts_with("after."))
            .collect()
    }

    fn below(&self, prefix: &str) -> Vec<&str> {
        self.header
            .keys()
            .filter_map(|name| name.strip_prefix(prefix))
            .collect()
    }

    /// Rust source that tells a program where the files are and of what sizes the model is:
    /// `FOLDER`, and each number of the file's `config` under its name in capitals.
    pub fn constants(&self) -> String {
        let folder = self.folder.to_str().expect("the folder's name is UTF-8");
        let mut source = format!("\nconst FOLDER: &str = {folder:?};\n");
        for (name, value) in self.config() {
            let name = name.to_uppercase();
            // What is neither belongs to a part that is still to come. Writing to a String cannot
            // fail.
            let _ = match (value.as_u64(), value.as_f64(), floats(&value)) {
                (Some(size), ..) => writeln!(source, "const {name}: usize = {size};"),
                (None, Some(number), _) => writeln!(source, "const {name}: f64 = {number:?};"),
                (None, None, Some(list)) => {
                    let length = list.len();
                    writeln!(source, "const {name}: [f64; {length}] = {list:?};")
                }
                (None, None, None) => Ok(()),
            };
        }
        source
    }

    fn config(&self) -> Map<String, Value> {
        let text = self.header["__metadata__"]["config"]
            .as_str()
            .expect("generate.py writes the sizes into the metadata");
        serde_json::from_str(text).expect("the sizes are a JSON object")
    }
}

/// The numbers of a list.
fn floats(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// The folder of the files, as an absolute path: programs run elsewhere.
pub fn folder() -> PathBuf {
    // Tests run in the project's folder.
    let folder = env::var_os(FOLDER_VARIABLE).unwrap_or_else(|| "tests/it/oracle/tiny".into());
    let folder = PathBuf::from(folder);
    fs::canonicalize(&folder)
        .unwrap_or_else(|e| panic!("no reference values in `{}`: {e}", folder.display()))
}

/// The JSON object at the start of a safetensors file, behind its length in eight bytes.
fn read_header(path: &Path) -> std::io::Result<Map<String, Value>> {
    let mut file = File::open(path)?;
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let mut header = Vec::new();
    file.take(u64::from_le_bytes(length))
        .read_to_end(&mut header)?;
    Ok(serde_json::from_slice(&header)?)
}
