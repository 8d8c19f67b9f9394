//! The kit: the observer and the crates that steps use as one shared library, built once.
//!
//! It lies below cargo's target folder, with a note beside it of what it was built from. A course
//! may have further kits, each by a [`Profile`] of its own. A kit
//! whose note does not fit (another rustc, another `Cargo.lock`, other sources, other files than
//! those that were noted) is built anew.

mod build;
mod interface;
mod needs;
mod note;
mod package;
mod recipe;
pub mod toolchain;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::course::{Course, KitKey};
use crate::error::Result;
use toolchain::Toolchain;

pub use interface::Interface;
use note::Note;
use recipe::Recipe;
pub use recipe::{Profile, folder};

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
    /// How far programs are optimised that are compiled against it: rustc's `opt-level`.
    pub opt_level: u8,
    /// Where things made with this kit are kept.
    pub cache: PathBuf,
    /// Folders of further shared libraries, which the kit is linked with.
    libraries: Vec<PathBuf>,
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
    Begun {
        /// What the course says about it.
        intro: &'a str,
    },
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
    /// The kit of `course` in this profile, built now if it is missing or stale; `tell` hears how
    /// far it is.
    ///
    /// # Errors
    ///
    /// If it has to be built and cannot be.
    pub fn ready(
        course: &Course,
        profile: Profile<'_>,
        mut tell: impl FnMut(Building<'_>),
    ) -> Result<Self> {
        let recipe = Recipe::of(course, profile)?;
        match Self::of(&recipe, &recipe.folder())? {
            Some(kit) => Ok(kit),
            None => build::build(&recipe, &mut tell),
        }
    }

    /// The kit of `course` in this profile, if there is one that fits.
    ///
    /// # Errors
    ///
    /// If the course's own files cannot be read, or if there is no rustc.
    pub fn current(course: &Course, profile: Profile<'_>) -> Result<Option<Self>> {
        let recipe = Recipe::of(course, profile)?;
        Self::of(&recipe, &recipe.folder())
    }

    /// The kit for the checks of `course` that lies in `folder`, if there is one that fits.
    ///
    /// # Errors
    ///
    /// If the course's own files cannot be read, or if there is no rustc.
    pub fn current_in(course: &Course, folder: &Path) -> Result<Option<Self>> {
        Self::of(&Recipe::of(course, Profile::Check)?, folder)
    }

    /// Where the loader finds all that a program is linked with which is compiled against this kit.
    ///
    /// # Errors
    ///
    /// If a folder's name cannot stand in such a list.
    pub fn library_path(&self) -> Result<OsString> {
        self.toolchain.library_path(&self.library, &self.libraries)
    }

    fn of(recipe: &Recipe<'_>, folder: &Path) -> Result<Option<Self>> {
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
        if recipe.id(&note.toolchain)? != note.id {
            return Ok(None);
        }
        if is_changed {
            // Only spares the next run the same questions.
            let _ = note.write(&file);
        }
        Self::noted(note, recipe, folder).map(Some)
    }

    fn noted(note: Note, recipe: &Recipe<'_>, folder: &Path) -> Result<Self> {
        let id = recipe.name(&note.id);
        let mut interface = note.interface(folder);
        interface.offered = offered(recipe.course, &interface.offered)?;
        Ok(Self {
            library: note.library(folder),
            interface,
            linking: recipe.linking(&note.toolchain),
            opt_level: recipe.opt_level(),
            cache: folder.join(&id),
            id,
            toolchain: note.toolchain,
            libraries: recipe.libraries().to_owned(),
        })
    }
}

/// Of the crates that the kit has, those that the course offers to its steps.
fn offered(course: &Course, has: &[(String, PathBuf)]) -> Result<Vec<(String, PathBuf)>> {
    let crates = course.kit().crates.iter().enumerate();
    crates
        .map(|(i, name)| {
            let found = has.iter().find(|(has, _)| has == name);
            found.cloned().ok_or_else(|| {
                let spelt = name.replace('-', "_");
                let advice = if has.iter().any(|(has, _)| *has == spelt) {
                    format!("; a step names it `{spelt}`, so this list has to")
                } else {
                    String::new()
                };
                let message = format!(
                    "the kit does not depend on a crate `{name}` itself, so no step can use it\
                     {advice}"
                );
                course.kit_error(KitKey::Crate(i), message)
            })
        })
        .collect()
}

/// What the kit of `course` in this profile needs besides Rust, as it was found on this machine;
/// nothing if it needs nothing.
///
/// # Errors
///
/// If the machine lacks it, or if the course has no such profile.
pub fn needed(course: &Course, profile: Profile<'_>) -> Result<Option<String>> {
    let found = Recipe::of(course, profile)?.found;
    Ok(found.map(|found| found.what))
}

/// All that the kit for the checks of `course` is made of, sorted.
///
/// # Errors
///
/// If there is no such package, or it cannot be read.
pub fn sources(course: &Course) -> Result<Vec<PathBuf>> {
    Recipe::of(course, Profile::Check)?.package.sources()
}

fn note_file(folder: &Path) -> PathBuf {
    folder.join("kit.json")
}
