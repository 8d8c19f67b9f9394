//! The tree in which a clone and a newer course come together.
//!
//! In an index of its own, so that nothing can be seen of it until all is decided. A step's file
//! is the learner's: what was committed of it stays. Elsewhere changes on both sides are merged
//! where they can be, and where they cannot the course's own text counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::git::{Blob, Git};
use crate::error::{Error, Result};

/// A tree, and what it does not have.
#[derive(Debug)]
pub struct Merged {
    /// The tree's hash.
    pub tree: String,
    /// Paths of which it has the course's text in place of the learner's.
    pub given_up: Vec<String>,
}

/// What the base, the learner and the course have at a path.
type Sides = [Option<Blob>; 3];

/// Merges what led from `base` to `theirs` into `head`. `index` is a name for the index, in a
/// folder for whatever else has to be written.
///
/// # Errors
///
/// If git cannot do it.
pub fn merge(
    git: &Git,
    index: &Path,
    [base, head, theirs]: [&str; 3],
    is_step: impl Fn(&str) -> bool,
) -> Result<Merged> {
    let git = git.with_index(index);
    let args = ["read-tree", "-i", "-m", "--aggressive", base, head, theirs];
    git.bytes(&args, &[])?;
    let mut given_up = Vec::new();
    let mut decided = String::new();
    for (path, sides) in unmerged(&git)? {
        let chosen = if is_step(&path) {
            let [base, own, course] = sides;
            // Without a base, both made it; without the learner's, the learner removed it.
            own.or(course.filter(|_| base.is_none()))
        } else {
            let merged = in_one(&git, index, &sides)?;
            let [_, own, course] = sides;
            if merged.is_none() && own.is_some() {
                given_up.push(path.clone());
            }
            merged.or(course)
        };
        let nothing = "0".repeat(head.len());
        decided.push_str(&format!("0 {nothing}\t{path}\0"));
        if let Some(Blob { mode, id }) = chosen {
            decided.push_str(&format!("{mode} {id} 0\t{path}\0"));
        }
    }
    let args = ["update-index", "-z", "--index-info"];
    git.bytes(&args, decided.as_bytes())?;
    Ok(Merged {
        tree: git.line(&["write-tree"])?,
        given_up,
    })
}

/// The paths that git leaves open.
fn unmerged(git: &Git) -> Result<BTreeMap<String, Sides>> {
    let listed = git.bytes(&["ls-files", "-u", "-z"], &[])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut open: BTreeMap<String, Sides> = BTreeMap::new();
    for entry in listed.split('\0') {
        let Some((about, path)) = entry.split_once('\t') else {
            continue;
        };
        let fields: Vec<&str> = about.split(' ').collect();
        if let [mode, id, stage] = fields.as_slice()
            && let Ok(stage @ 1..=3) = stage.parse::<usize>()
        {
            open.entry(path.to_owned()).or_default()[stage - 1] = Some(Blob {
                mode: (*mode).to_owned(),
                id: (*id).to_owned(),
            });
        }
    }
    Ok(open)
}

/// Both sides' changes to a text in one; nothing if they touch the same lines.
fn in_one(git: &Git, index: &Path, sides: &Sides) -> Result<Option<Blob>> {
    let [Some(base), Some(own), Some(course)] = sides else {
        return Ok(None);
    };
    let mut names = Vec::new();
    for (name, side) in [("own", own), ("base", base), ("course", course)] {
        let path = index.with_file_name(name);
        let text = git.bytes(&["cat-file", "blob", &side.id], &[])?;
        fs::write(&path, text).map_err(Error::io("write", &path))?;
        names.push(path.to_string_lossy().into_owned());
    }
    let [own, base, theirs] = names.as_slice() else {
        return Ok(None);
    };
    let output = git.run(&["merge-file", "-p", own, base, theirs], &[])?;
    if !output.status.success() {
        return Ok(None);
    }
    let id = git.bytes(&["hash-object", "-w", "--stdin"], &output.stdout)?;
    Ok(Some(Blob {
        mode: course.mode.clone(),
        id: String::from_utf8_lossy(&id).trim().to_owned(),
    }))
}
