//! The cache of the hub's own tools: `models--OWNER--NAME/snapshots/COMMIT/FILE`, links to blobs that
//! are named by their hash.

use std::fs;
use std::path::{Path, PathBuf};

use super::content::{self, sha256_of_etag};
use super::notes::Note;
use super::trouble::Trouble;
use super::{Tell, settle};

/// The names that GPT-2 small has had on the hub.
const FOLDERS: [&str; 2] = ["models--openai-community--gpt2", "models--gpt2"];

/// A file in the cache that is what it should be.
pub struct Cached {
    name: &'static str,
    /// Where it lies.
    pub place: PathBuf,
    note: Note,
}

/// The snapshot of GPT-2 in one of the `caches`; that of the branch `main` where there are several.
pub fn snapshot(caches: &[PathBuf]) -> Option<PathBuf> {
    let mut folders = caches
        .iter()
        .flat_map(|cache| FOLDERS.map(|name| cache.join(name)));
    folders.find_map(|folder| latest(&folder))
}

fn latest(folder: &Path) -> Option<PathBuf> {
    let snapshots = folder.join("snapshots");
    let main = fs::read_to_string(folder.join("refs").join("main")).ok();
    let main = main.map(|commit| snapshots.join(commit.trim()));
    main.filter(|snapshot| snapshot.is_dir()).or_else(|| {
        let entries = fs::read_dir(&snapshots).ok()?;
        let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        all.sort();
        all.pop()
    })
}

impl Cached {
    /// The file `name` of a snapshot, if it is whole.
    pub fn find(snapshot: &Path, name: &'static str) -> Option<Self> {
        let note = content::found(snapshot, name).ok()??;
        let place = fs::canonicalize(snapshot.join(name)).ok()?;
        let named = sha256_of_etag(place.file_name()?.to_str()?);
        let is_right = named.is_none_or(|sha256| sha256 == note.sha256);
        is_right.then_some(Self { name, place, note })
    }

    /// Puts it into `folder`: as a second name where that can be, otherwise as a copy.
    pub fn place(&self, folder: &Path, tell: Tell<'_>) -> Result<Note, Trouble> {
        let name = self.name;
        let own = content::found(folder, name)?;
        if own.as_ref() == Some(&self.note) {
            return Ok(self.note.clone());
        }
        let aside = folder.join(format!("{name}.linked"));
        let _ = fs::remove_file(&aside);
        if fs::hard_link(&self.place, &aside).is_err() {
            fs::copy(&self.place, &aside).map_err(|error| Trouble::disk("write", &aside, error))?;
        }
        settle(&aside, folder, name, tell)?;
        Ok(self.note.clone())
    }
}
