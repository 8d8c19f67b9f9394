//! `tutor book`

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::book::{self, mdbook};
use crate::cli::book::Book;
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::terminal;

/// What there is to write, and where.
struct Kind {
    /// The folder if nothing else is said, beside a learner's progress.
    folder: &'static str,
    /// What every such folder has and hardly any other.
    sign: &'static str,
    /// The file to look at first.
    first: &'static str,
}

const PAGES: Kind = Kind {
    folder: ".tutor/book",
    sign: book::SIGN,
    first: book::FIRST,
};

const MDBOOK: Kind = Kind {
    folder: ".tutor/mdbook",
    sign: mdbook::SIGN,
    first: mdbook::SIGN,
};

/// Writes the book.
pub fn book(course: &Course, options: &Book) -> Result<Code> {
    let started = Instant::now();
    let kind = if options.mdbook { &MDBOOK } else { &PAGES };
    let folder = match &options.out {
        Some(folder) => folder.clone(),
        None => course.root().join(kind.folder),
    };
    is_free(&folder, kind)?;
    let files = match options.mdbook {
        true => mdbook::files(course)?,
        false => book::files(course)?,
    };
    for file in &files {
        let path = folder.join(&file.name);
        let inside = path.parent().unwrap_or(&folder);
        fs::create_dir_all(inside).map_err(Error::io("create", inside))?;
        fs::write(&path, &file.content).map_err(Error::io("write", &path))?;
    }
    let bytes: usize = files.iter().map(|file| file.content.len()).sum();
    let first = folder.join(kind.first);
    terminal::print(&format!(
        "Written: {}\n({} files, {}.{} MB, {:.1} s)\n",
        first.display(),
        files.len(),
        bytes / 1_000_000,
        bytes / 100_000 % 10,
        started.elapsed().as_secs_f64()
    ))?;
    if options.mdbook {
        terminal::print(&format!(
            "`mdbook serve --open {}` shows it; `cargo install mdbook` installs that.\n",
            folder.display()
        ))?;
    }
    if options.open {
        open(&first)?;
    }
    Ok(Code::Passed)
}

/// What is no book is not written into.
fn is_free(folder: &Path, kind: &Kind) -> Result<()> {
    let is_other = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        && !folder.join(kind.sign).exists();
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
