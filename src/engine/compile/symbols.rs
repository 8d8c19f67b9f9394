//! What an executable calls, as its symbols say.
//!
//! Unoptimised Rust keeps every function that is called as a symbol of its own, whatever name the
//! source called it by: renamed, behind a glob or inside a macro, it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::{Object, ObjectSymbol, SymbolKind};
use serde::Serialize;

use crate::error::{Error, Result};

/// The functions in and below the modules `within` that stand in `program`, as paths like
/// `nets_nn::modules::norm::layer::LayerNorm::forward`.
///
/// # Errors
///
/// If the executable cannot be read.
pub fn below(program: &Path, within: &[&str]) -> Result<BTreeSet<String>> {
    let bytes = fs::read(program).map_err(Error::io("read", program))?;
    let file = parse(program, &bytes)?;
    Ok(file
        .symbols()
        .filter_map(|symbol| symbol.name().ok())
        // Without the hash behind it.
        .map(|name| format!("{:#}", rustc_demangle::demangle(name)))
        .filter(|name| within.iter().any(|path| mentions(name, path)))
        .collect())
}

/// A piece of generic code, compiled for certain types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instance {
    /// As in `<burn_tensor::tensor::api::base::Tensor<3>>::slice::<3, [Range<usize>; 3]>`.
    pub name: String,
    /// Bytes of machine code.
    pub bytes: u64,
}

/// The generic code in `program` that names nothing of the crates `own`, the largest first. The
/// executable was made with names that say what code is compiled for.
///
/// # Errors
///
/// If the executable cannot be read.
pub fn instances(program: &Path, own: &[String]) -> Result<Vec<Instance>> {
    let bytes = fs::read(program).map_err(Error::io("read", program))?;
    let file = parse(program, &bytes)?;
    let mut found: Vec<Instance> = file
        .symbols()
        .filter(|symbol| symbol.is_definition() && symbol.kind() == SymbolKind::Text)
        .filter_map(|symbol| {
            // Other names are those of the C runtime.
            let name = symbol.name().ok().filter(|name| name.starts_with("_R"))?;
            let name = format!("{:#}", rustc_demangle::demangle(name));
            let is_foreign = !own.iter().any(|own| mentions(&name, own));
            is_foreign.then_some(Instance {
                name,
                bytes: symbol.size(),
            })
        })
        .collect();
    found.sort_by(|a, b| (b.bytes, &a.name).cmp(&(a.bytes, &b.name)));
    Ok(found)
}

fn parse<'a>(program: &Path, bytes: &'a [u8]) -> Result<object::File<'a>> {
    object::File::parse(bytes).map_err(|e| Error::Tool {
        name: program.display().to_string(),
        reason: e.to_string(),
    })
}

/// Whether `path`, or something below it, stands in a symbol's name.
fn mentions(name: &str, path: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    name.match_indices(path).any(|(at, _)| {
        let before = name[..at].chars().next_back();
        let behind = name[at + path.len()..].chars().next();
        !before.is_some_and(|c| is_part(c) || c == ':') && !behind.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_a_name_ends() {
        let norm = "nets_nn::modules::norm";
        assert!(mentions(
            "nets_nn::modules::norm::layer::LayerNorm::forward",
            norm
        ));
        assert!(mentions(
            "<nets_nn::modules::norm::rms::RmsNorm as Module>::visit",
            norm
        ));
        assert!(!mentions("nets_nn::modules::normal::f", norm));
        assert!(!mentions("my::nets_nn::modules::norm", norm));
        assert!(mentions("a::gelu", "a::gelu"));
        assert!(!mentions("a::gelu_approximate", "a::gelu"));
    }

    #[test]
    fn this_test_calls_what_it_calls() {
        let program = std::env::current_exe().expect("it runs");
        let found = below(&program, &["tutor::engine::compile::symbols"]).expect("it can be read");
        assert!(
            found
                .iter()
                .any(|name| name == "tutor::engine::compile::symbols::mentions"),
            "{found:?}"
        );
        assert!(
            below(&program, &["no::such"])
                .expect("it can be read")
                .is_empty()
        );
    }
}
