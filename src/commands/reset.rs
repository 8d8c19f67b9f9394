//! `tutor reset`

use std::fs;
use std::path::Path;

use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::files;
use crate::progress::{FOLDER, free_name};
use crate::report::shown;
use crate::terminal;

/// Writes a step's skeleton again, keeping what was there.
pub fn reset(course: &Course, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let skeleton = course.read("skeleton", step, &course.skeleton_file(step))?;
    let path = course.step_file(step);
    if files::read_text(&path).is_ok_and(|text| text == skeleton) {
        terminal::print(&format!("`{}` is the skeleton already\n", shown(&path)))?;
        return Ok(Code::Passed);
    }
    let mut text = String::new();
    let backup = match path.symlink_metadata() {
        Ok(_) => Some(back_up(course, &path)?),
        Err(_) => None,
    };
    if let Err(error) = files::write(&path, skeleton.as_bytes()) {
        if let Some(backup) = &backup {
            fs::rename(backup, &path).map_err(Error::io("move back", backup))?;
        }
        return Err(error);
    }
    if let Some(backup) = backup {
        text.push_str(&format!("Your file is kept as `{}`\n", shown(&backup)));
    }
    text.push_str(&format!(
        "`{}` is the skeleton again\nNext: edit it, then `tutor run {}`\n",
        shown(&path),
        step.id
    ));
    terminal::print(&text)?;
    Ok(Code::Passed)
}

/// Moves the file away: that works for one that cannot be read, too.
fn back_up(course: &Course, path: &Path) -> Result<std::path::PathBuf> {
    let folder = course.root().join(FOLDER).join("backups");
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let backup = free_name(&folder.join(path.file_name().unwrap_or_default()));
    fs::rename(path, &backup).map_err(Error::io("move", path))?;
    Ok(backup)
}
