//! What is known of the files of a folder, in a small file beside them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files;

/// The file that has it.
const NAME: &str = "fetched.json";

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its bytes.
    pub size: u64,
    /// Of all of them, in hexadecimal digits.
    pub sha256: String,
}

/// The notes of a folder, by the names of its files.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(BTreeMap<String, Note>);

impl Notes {
    /// Those of `folder`. What cannot be read is as good as none: files are looked at again then.
    pub fn read(folder: &Path) -> Self {
        let text = files::read_text(&folder.join(NAME)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// That of one file.
    pub fn of(&self, name: &str) -> Option<&Note> {
        self.0.get(name)
    }

    /// Notes a file.
    pub fn insert(&mut self, name: &str, note: Note) {
        self.0.insert(name.to_owned(), note);
    }

    /// Keeps them.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::Internal(format!("{NAME}: {error}")))?;
        files::write(&folder.join(NAME), format!("{text}\n").as_bytes())
    }
}
