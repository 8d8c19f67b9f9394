//! What lies in a folder of submissions, or in the one archive that a platform makes of all.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::slice;

use super::archive::{self, zip};
use super::format::Format;
use super::open::{self, Kind};
use super::part::{Origin, Part};
use super::{folder, naming, notes, paths, safe_names};
use crate::classroom::due::Stamp;

/// The folder that makes a folder a submission.
pub const STEPS: &str = "steps";

/// What lies in the folder or in the zip archive `class`, in the order of names.
///
/// # Errors
///
/// If it is neither, or cannot be read: what to say about it.
pub fn of(class: &Path) -> Result<Vec<Part>, String> {
    let shown = class.display().to_string();
    if fs::metadata(class).is_ok_and(|data| data.is_file()) {
        let not_taken = |reason: String| notes::not_taken(&shown, &reason);
        let other = match archive::format(class) {
            Format::Zip => return in_zip(class).map_err(not_taken),
            Format::Gzip => Some("compressed by gzip"),
            Format::Tar => Some("a tar archive"),
            Format::Other(what) => Some(what),
            Format::Empty | Format::Unknown => None,
        };
        if let Some(what) = other {
            return Err(not_taken(notes::class_in_other_format(what)));
        }
    }
    let (listed, _) = folder::list(class, usize::MAX).map_err(|e| notes::unusable(&shown, &e))?;
    let parts = listed.into_iter().map(|listed| Part {
        name: safe_names::written(&listed.name),
        file: None,
        origin: Origin::Disk(class.join(&listed.name)),
        kind: listed.kind,
        modified: listed.modified,
        attempt: (0, 0),
    });
    Ok(parts.collect())
}

/// A file or a folder that a zip archive holds.
struct Seen {
    path: Vec<String>,
    kind: Kind,
    modified: Option<Stamp>,
}

fn in_zip(class: &Path) -> Result<Vec<Part>, String> {
    let file = open::open(class).map_err(|e| notes::unopened(&e))?;
    let mut seen = Vec::new();
    zip::each(Box::new(file), |member, _| {
        // Whoever packed the class means no harm; what leads out of it is nobody's.
        if let Ok(path) = paths::components(&member.name)
            && !path.iter().any(|name| safe_names::is_junk(name))
        {
            seen.push(Seen {
                path,
                kind: member.kind,
                modified: member.modified,
            });
        }
        ControlFlow::Continue(())
    })?;
    let start = start(&seen);
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    for Seen {
        path,
        kind,
        modified,
    } in &seen
    {
        let Some((name, below)) = path.strip_prefix(&start[..]).and_then(<[_]>::split_first) else {
            continue;
        };
        let kind = if below.is_empty() {
            *kind
        } else {
            Kind::Folder
        };
        parts.insert(
            name,
            Part {
                name: name.clone(),
                file: None,
                origin: Origin::Zip(
                    class.to_owned(),
                    [&start[..], slice::from_ref(name)].concat(),
                ),
                kind,
                modified: modified.filter(|_| kind == Kind::File),
                attempt: (0, 0),
            },
        );
    }
    Ok(parts.into_values().collect())
}

/// The folder that everything is in, if it is no student's.
fn start(seen: &[Seen]) -> Vec<String> {
    let tops: HashSet<&String> = seen.iter().filter_map(|seen| seen.path.first()).collect();
    let (Some(top), 1) = (tops.iter().next(), tops.len()) else {
        return Vec::new();
    };
    let below = || {
        seen.iter()
            .filter_map(|seen| Some((seen.path.get(1)?, seen)))
    };
    let is_students = |(name, seen): (&String, &Seen)| {
        let is_folder = seen.path.len() > 2 || seen.kind == Kind::Folder;
        !name.eq_ignore_ascii_case(STEPS)
            && (is_folder || safe_names::is_archive(name) || naming::of(name, false).is_some())
    };
    let has_steps = below().any(|(name, _)| name.eq_ignore_ascii_case(STEPS));
    if naming::of(top, true).is_none() && !has_steps && below().any(is_students) {
        vec![(*top).clone()]
    } else {
        Vec::new()
    }
}
