//! `tutor book`

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::book::{self, FIRST, SIGN};
use crate::cli::book::Book;
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::terminal;

/// Where the book is written if nothing else is said, beside a learner's progress.
const FOLDER: &str = ".tutor/book";

/// Writes the book.
pub fn book(course: &Course, options: &Book) -> Result<Code> {
    let started = Instant::now();
    let folder = match &options.out {
        Some(folder) => folder.clone(),
        None => course.root().join(FOLDER),
    };
    is_free(&folder)?;
    let files = book::files(course)?;
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    for file in &files {
        let path = folder.join(&file.name);
        fs::write(&path, &file.content).map_err(Error::io("write", &path))?;
    }
    let bytes: usize = files.iter().map(|file| file.content.len()).sum();
    let first = folder.join(FIRST);
    terminal::print(&format!(
        "Written: {}\n({} files, {}.{} MB, {:.1} s)\n",
        first.display(),
        files.len(),
        bytes / 1_000_000,
        bytes / 100_000 % 10,
        started.elapsed().as_secs_f64()
    ))?;
    if options.open {
        open(&first)?;
    }
    Ok(Code::Passed)
}

/// What is no book is not written into.
fn is_free(folder: &Path) -> Result<()> {
    let is_other = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        && !folder.join(SIGN).exists();
    if !is_other {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!("{} has other things in it", folder.display()),
        next: "`--out` takes a folder that is new, empty, or a book already".into(),
    })
}

/// Hands the first page to whatever this machine opens pages with.
fn open(page: &Path) -> Result<()> {
    let program = match () {
        () if cfg!(target_os = "macos") => "open",
        () if cfg!(windows) => "explorer",
        () => "xdg-open",
    };
    let started = Command::new(program)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Usage {
            message: format!("there is no `{program}` here that would open a page"),
            next: format!("open {} in a browser", page.display()),
        }),
    }
}
