//! Which files a compiler and a step need on this machine: all that is inside their sandbox.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engine::kit::Kit;
use crate::engine::kit::toolchain;
use crate::engine::sandbox::self_test::SYSTEM;
use crate::engine::sandbox::{Kind, Policy};
use crate::error::{Error, Result};

/// What is inside the sandbox.
#[derive(Debug, Clone)]
pub struct Profiles {
    /// The Rust toolchain, the linker, the system's libraries.
    tools: Vec<PathBuf>,
    /// What rustc reads of the kit.
    kit: Vec<PathBuf>,
    /// The shared libraries that an observation program is linked with.
    shared: Vec<PathBuf>,
    /// What starts a program: the system's loader.
    loader: Vec<PathBuf>,
}

/// Where the loader looks up where shared libraries are.
const LOADER_CACHE: &str = "/etc/ld.so.cache";

impl Profiles {
    /// Finds out what is needed. `program` is any observation program.
    ///
    /// # Errors
    ///
    /// If the system does not say what a program is linked with.
    pub fn find(kit: &Kit, program: &Path) -> Result<Self> {
        let toolchain = kit.toolchain.rustc.ancestors().nth(2);
        let mut tools: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
        tools.extend(toolchain.map(Path::to_owned));
        tools.extend(linker_home());
        let (shared, loader) = linked_with(kit, program)?;
        Ok(Self {
            tools,
            kit: vec![
                kit.interface.library.clone(),
                kit.interface.dependencies.clone(),
            ],
            shared,
            loader,
        })
    }

    /// The policy of a compiler that works in `scratch` on a step which stands on `libraries`.
    #[must_use]
    pub fn compiler(&self, scratch: &Path, libraries: &Path) -> Policy {
        let mut read = self.kit.clone();
        read.extend([libraries.to_owned(), LOADER_CACHE.into()]);
        Policy {
            read,
            execute: self.tools.clone(),
            write: vec![scratch.to_owned()],
            asks: true,
            kind: Kind::Compiler,
        }
    }

    /// The policy of an observation program with a step in it.
    #[must_use]
    pub fn program(&self, program: &Path) -> Policy {
        let mut read = self.shared.clone();
        read.push(LOADER_CACHE.into());
        let mut execute = self.loader.clone();
        execute.push(program.to_owned());
        Policy {
            read,
            execute,
            write: Vec::new(),
            asks: false,
            kind: Kind::Foreign,
        }
    }
}

/// The folder of a linker that is not among the system's tools.
fn linker_home() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let linker = env::split_paths(&path)
        .map(|folder| folder.join("cc"))
        .find(|file| file.is_file())?;
    let linker = fs::canonicalize(linker).ok()?;
    if SYSTEM.iter().any(|folder| linker.starts_with(folder)) {
        return None;
    }
    // As in /opt/gcc/bin/cc, which needs /opt/gcc/lib.
    linker.ancestors().nth(2).map(Path::to_owned)
}

/// The shared libraries of `program`, and the loader. The loader itself says so, and runs
/// nothing of the program.
fn linked_with(kit: &Kit, program: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let unknown = |reason: String| Error::Tool {
        name: "the loader of shared libraries".into(),
        reason,
    };
    let output = Command::new(program)
        .env(toolchain::library_path_variable(), kit.library_path()?)
        .env("LD_TRACE_LOADED_OBJECTS", "1")
        .output()
        .map_err(|e| unknown(e.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (shared, loader) = read_trace(&text);
    if loader.is_empty() {
        return Err(unknown(format!("it said `{}`", text.trim())));
    }
    Ok((shared, loader))
}

/// Reads lines like `libc.so.6 => /lib/libc.so.6 (0x…)` and `/lib64/ld-linux.so.2 (0x…)`.
fn read_trace(text: &str) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut shared = Vec::new();
    let mut loader = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let line = line.rsplit_once(" (").map_or(line, |(before, _)| before);
        match line.split_once(" => ") {
            Some((_, path)) if path.starts_with('/') => shared.push(PathBuf::from(path)),
            None if line.starts_with('/') => loader.push(PathBuf::from(line)),
            _ => {}
        }
    }
    (shared, loader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaders_words_are_understood() {
        let text = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibkit.so => /t/libkit.so (0x00007f)\n\
                    \tlibgone.so => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";
        let (shared, loader) = read_trace(text);
        assert_eq!(shared, [Path::new("/t/libkit.so")]);
        assert_eq!(loader, [Path::new("/lib64/ld-linux-x86-64.so.2")]);
    }
}
