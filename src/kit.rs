//! The kit: Burn and the observer as one shared library, built once.
//!
//! It lies below cargo's target folder, with a note beside it of what it was built from. A kit
//! whose note does not fit (another rustc, another `Cargo.lock`, other sources) is built anew.

mod build;
mod interface;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::course::Course;
use crate::error::{Error, Result};
use crate::hash;
use crate::toolchain::{self, Toolchain};

pub use interface::Interface;

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
    /// Where things made with this kit are kept.
    pub store: PathBuf,
}

/// What a kit was built from and where it is, as noted beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    id: String,
    toolchain: Toolchain,
    /// The ways to select a rustc that were seen to mean this toolchain.
    selections: Vec<String>,
    library: PathBuf,
    interface: Interface,
}

/// What is said where rustc finds no linker.
pub const NO_LINKER: &str = "there is no linker; install a C compiler (on Debian and Ubuntu: \
     `apt install gcc`, on macOS: `xcode-select --install`)";

/// Selections remembered: `cargo run` and a plain `tutor` are two.
const SELECTIONS: usize = 8;

impl Kit {
    /// The kit of `course`, built now if it is missing or stale.
    ///
    /// # Errors
    ///
    /// If it has to be built and cannot be.
    pub fn ready(course: &Course) -> Result<Self> {
        match Self::current(course)? {
            Some(kit) => Ok(kit),
            None => build::build(course),
        }
    }

    /// The kit of `course`, if there is one that fits.
    ///
    /// # Errors
    ///
    /// If the course's own files cannot be read, or if there is no rustc.
    pub fn current(course: &Course) -> Result<Option<Self>> {
        let Some(mut note) = Note::read(course) else {
            return Ok(None);
        };
        let is_there = note.library.is_file() && note.interface.is_there();
        if !is_there || !note.toolchain.is_unchanged() {
            return Ok(None);
        }
        let selection = toolchain::selection();
        if !note.selections.contains(&selection) {
            if Toolchain::find()? != note.toolchain {
                return Ok(None);
            }
            note.selections.insert(0, selection);
            note.selections.truncate(SELECTIONS);
            // Only spares the next run the same question.
            let _ = note.write(course);
        }
        Ok((id(course, &note.toolchain)? == note.id).then(|| note.kit(course)))
    }
}

impl Note {
    fn read(course: &Course) -> Option<Self> {
        let text = fs::read(note_file(course)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, course: &Course) -> Result<()> {
        let path = note_file(course);
        let text = serde_json::to_vec_pretty(self)
            .map_err(|e| Error::Internal(format!("the kit's note: {e}")))?;
        crate::files::write(&path, &text)
    }

    fn kit(&self, course: &Course) -> Kit {
        Kit {
            id: self.id.clone(),
            toolchain: self.toolchain.clone(),
            library: self.library.clone(),
            interface: self.interface.clone(),
            store: folder(course).join(&self.id),
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

fn note_file(course: &Course) -> PathBuf {
    folder(course).join("kit.json")
}

/// Names what a kit is made of.
fn id(course: &Course, toolchain: &Toolchain) -> Result<String> {
    let root = course.root();
    let mut paths = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    paths.extend(sources(&root.join("kit"))?);
    let mut parts = vec![toolchain.identity.clone().into_bytes()];
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
