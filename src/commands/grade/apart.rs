//! The course, the submissions and the results are kept apart.

use std::fs;
use std::path::{Path, PathBuf};

use crate::classroom::results_folder;
use crate::course::Course;
use crate::error::{Error, Result};

/// Refuses a course among the submissions: it would be a student's, and judge by the student's check. And
/// submissions in the course: what judges and what is judged stay apart.
pub fn course(course: &Course, folder: &Path) -> Result<()> {
    let real = (fs::canonicalize(folder), fs::canonicalize(course.root()));
    let (Ok(folder), Ok(root)) = real else {
        // What is wrong with the folder is told where it is read.
        return Ok(());
    };
    let how = if root.starts_with(&folder) {
        "the course lies among the submissions"
    } else if folder.starts_with(&root) {
        "the submissions lie in the course"
    } else {
        return Ok(());
    };
    Err(Error::Usage {
        message: format!(
            "{how}: the course is `{}`, the submissions are in `{}`",
            root.display(),
            folder.display()
        ),
        next: "keep them apart, and type it in the folder of your own course".into(),
    })
}

/// Refuses results in a student's submission, which would be passed over for them, and in the folder of
/// submissions itself, where they would be taken for some. A folder for them may stand among the
/// submissions. A file is no folder.
pub fn results(folder: &Path, out: &Path, is_single: bool) -> Result<()> {
    let refused = |why: &str| {
        Err(Error::Usage {
            message: format!("`{}` {why}", out.display()),
            next: "name a new folder for the results with `--out FOLDER`".into(),
        })
    };
    if out.is_file() {
        return refused("is a file, and results need a folder");
    }
    let (Ok(folder), Some(place)) = (fs::canonicalize(folder), real(out)) else {
        return Ok(());
    };
    if place == folder {
        return refused("is what is to be graded: the results would lie among the submissions");
    }
    if is_single || !place.starts_with(&folder) {
        return Ok(());
    }
    let is_among_them = place.parent() == Some(&*folder);
    let is_free = results_folder::is_in(&place)
        || fs::read_dir(&place).map_or(true, |mut entries| entries.next().is_none());
    if is_among_them && is_free {
        return Ok(());
    }
    refused("lies in a submission: the results would be in it")
}

/// Where something is or would be.
fn real(path: &Path) -> Option<PathBuf> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        parent => parent.map(Path::to_owned),
    };
    fs::canonicalize(path).ok().or_else(|| {
        let folder = real(&parent(path)?)?;
        Some(folder.join(path.file_name()?))
    })
}
