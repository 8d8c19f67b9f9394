//! What an executable calls, as its symbols say.
//!
//! Unoptimised Rust keeps every function that is called as a symbol of its own, whatever name the
//! source called it by: renamed, behind a glob or inside a macro, it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::{Object, ObjectSymbol, SymbolKind};
use serde::Serialize;

use crate::course::guard;
use crate::error::{Error, Result};

/// The names that stand in `program` and are wanted, like
/// `nets_nn::modules::norm::layer::LayerNorm::forward`.
///
/// # Errors
///
/// If the executable cannot be read.
pub fn in_program(program: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<BTreeSet<String>> {
    let bytes = fs::read(program).map_err(Error::io("read", program))?;
    let file = parse(program, &bytes)?;
    Ok(file
        .symbols()
        .filter_map(|symbol| symbol.name().ok().map(demangled))
        .filter(|name| is_wanted(name))
        .collect())
}

/// A symbol's name as in the source, without the hash behind it.
pub(super) fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
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
            let name = demangled(name);
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

pub(super) fn parse<'a>(program: &Path, bytes: &'a [u8]) -> Result<object::File<'a>> {
    object::File::parse(bytes).map_err(|e| Error::Tool {
        name: program.display().to_string(),
        reason: e.to_string(),
    })
}

/// Whether `path`, or something below it, stands in a symbol's name.
fn mentions(name: &str, path: &str) -> bool {
    guard::paths(name).any(|found| guard::is_below(found, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_calls_what_it_calls() {
        let program = std::env::current_exe().expect("it runs");
        let within = |path: &'static str| {
            in_program(&program, |name| mentions(name, path)).expect("it can be read")
        };
        let found = within("tutor::engine::compile::symbols");
        assert!(
            found
                .iter()
                .any(|name| name == "tutor::engine::compile::symbols::mentions"),
            "{found:?}"
        );
        assert!(within("no::such").is_empty());
    }
}
