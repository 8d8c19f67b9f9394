//! The kit: Burn and the observer as one shared library, built once.
//!
//! It lies below cargo's target folder, with a note beside it of what it was built from. A kit
//! whose note does not fit (another rustc, another `Cargo.lock`, other sources, other files than
//! those that were noted) is built anew.

mod build;
mod interface;
mod note;
pub mod toolchain;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::course::Course;
use crate::error::{Error, Result};
use crate::hash;
use toolchain::Toolchain;

pub use interface::Interface;
use note::Note;

/// A kit that is ready for use.
#[derive(Debug, Clone)]
pub struct Kit {
    /// Names this kit: everything compiled against it, or observed with it, hangs on this.
    pub id: String,
    /// The compiler that built it, and that has to compile whatever uses it.
    pub toolchain: Toolchain,
    /// The shared library.
    pub library: PathBuf,
    /// What rustc reads of it.
    pub interface: Interface,
    /// What rustc is told about linking.
    pub linking: Vec<String>,
    /// Where things made with this kit are kept.
    pub cache: PathBuf,
}

/// Why nothing can be linked, if that is what `words` of rustc's or cargo's say.
#[must_use]
pub fn missing_linker(words: &str) -> Option<String> {
    let (_, rest) = words.split_once("linker `")?;
    let (linker, rest) = rest.split_once('`')?;
    if !rest.starts_with(" not found") {
        return None;
    }
    Some(if linker == "cc" || linker == "link.exe" {
        "there is no linker; install a C compiler (on Debian and Ubuntu: `apt install gcc`, on \
         macOS: `xcode-select --install`)"
            .to_owned()
    } else {
        format!("the linker `{linker}`, which cargo's configuration names, is not there")
    })
}

/// What is told while a kit is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Building<'a> {
    /// Another process builds it, which is waited for.
    Awaited,
    /// It takes a while from here on.
    Begun,
    /// A crate is compiled.
    Crate {
        /// How many are.
        done: usize,
        /// About how many there are.
        total: usize,
        /// The last one; empty if there is none yet.
        name: &'a str,
    },
    /// There are no more crates to compile, or one could not be.
    Compiled,
}

/// Selections remembered: `cargo run` and a plain `tutor` are two.
const SELECTIONS: usize = 8;

impl Kit {
    /// The kit of `course`, built now if it is missing or stale; `tell` hears how far it is.
    ///
    /// # Errors
    ///
    /// If it has to be built and cannot be.
    pub fn ready(course: &Course, mut tell: impl FnMut(Building<'_>)) -> Result<Self> {
        match Self::current(course)? {
            Some(kit) => Ok(kit),
            None => build::build(course, &mut tell),
        }
    }

    /// The kit of `course`, if there is one that fits.
    ///
    /// # Errors
    ///
    /// If the course's own files cannot be read, or if there is no rustc.
    pub fn current(course: &Course) -> Result<Option<Self>> {
        Self::current_in(course, &folder(course))
    }

    /// The kit of `course` that lies in `folder`, if there is one that fits.
    ///
    /// # Errors
    ///
    /// If the course's own files cannot be read, or if there is no rustc.
    pub fn current_in(course: &Course, folder: &Path) -> Result<Option<Self>> {
        let file = note_file(folder);
        let Some(mut note) = Note::read(&file) else {
            return Ok(None);
        };
        let (holds, mut is_changed) = note.holds(folder);
        if !holds || !note.toolchain.is_unchanged() {
            return Ok(None);
        }
        let selection = toolchain::selection();
        if !note.selections.contains(&selection) {
            if Toolchain::find()? != note.toolchain {
                return Ok(None);
            }
            note.selections.insert(0, selection);
            note.selections.truncate(SELECTIONS);
            is_changed = true;
        }
        if id(course, &note.toolchain)? != note.id {
            return Ok(None);
        }
        if is_changed {
            // Only spares the next run the same questions.
            let _ = note.write(&file);
        }
        Ok(Some(Self::noted(note, course, folder)))
    }

    fn noted(note: Note, course: &Course, folder: &Path) -> Self {
        Self {
            library: note.library(folder),
            interface: note.interface(folder),
            linking: note.toolchain.linking(course.root()),
            cache: folder.join(&note.id),
            id: note.id,
            toolchain: note.toolchain,
        }
    }
}

/// The folder of everything that `tutor` builds for this course.
#[must_use]
pub fn folder(course: &Course) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || course.root().join("target"),
        |target| course.root().join(PathBuf::from(target)),
    );
    target.join("tutor")
}

fn note_file(folder: &Path) -> PathBuf {
    folder.join("kit.json")
}

/// Names what a kit is made of.
fn id(course: &Course, toolchain: &Toolchain) -> Result<String> {
    let root = course.root();
    let mut paths = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    paths.extend(sources(&root.join("kit"))?);
    let mut parts = vec![toolchain.identity.clone().into_bytes()];
    parts.push(course.kit().crates.join(" ").into_bytes());
    for path in paths {
        // Below the root: a course that is moved or copied keeps its kit.
        let name = path.strip_prefix(root).unwrap_or(&path);
        parts.push(name.as_os_str().as_encoded_bytes().to_vec());
        parts.push(fs::read(&path).map_err(Error::io("read", &path))?);
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(hash::of(&parts))
}

/// All manifests and Rust files below `folder`, sorted.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::io("read", &folder))? {
            let path = entry.map_err(Error::io("read", &folder))?.path();
            let is_source = path.extension().is_some_and(|e| e == "rs");
            let is_manifest = path.file_name().is_some_and(|name| name == "Cargo.toml");
            if path.is_dir() {
                folders.push(path);
            } else if is_source || is_manifest {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
