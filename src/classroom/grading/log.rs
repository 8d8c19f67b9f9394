//! The results while they come in: one line a student, each on disk before the next is begun.
//!
//! Whatever kills the grading leaves whole lines, and perhaps the beginning of one, which counts
//! for nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::classroom::record::{Header, Record, VERSION};
use crate::classroom::results_folder::{self, LOG};
use crate::error::{Error, Result};
use crate::files;
use crate::text;

/// Tenths of a second that a log is waited for which another process has.
const PATIENCE: u32 = 15;

/// A log that is being written. One process at a time.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
    folder: PathBuf,
}

/// What a log says.
#[derive(Debug)]
pub struct Logged {
    /// What is graded, and how.
    pub header: Header,
    /// Who was in the class, by id, if that was written down.
    pub class: Option<Vec<String>>,
    /// What was found so far, in the order in which it came in: the last of each student's, and none
    /// of those who were withdrawn.
    pub records: Vec<Kept>,
    /// Where the last whole line ends.
    end: u64,
}

impl Logged {
    /// What a log says that was just begun.
    #[must_use]
    pub fn nothing(header: Header) -> Self {
        Self {
            header,
            class: None,
            records: Vec::new(),
            end: 0,
        }
    }
}

/// What is kept of a student.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What was found.
    #[serde(flatten)]
    pub record: Record,
    /// Names what was handed in. Something else is judged anew.
    #[serde(default)]
    pub content: String,
}

/// A line behind the first.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    /// The ids of all students.
    Class { class: Vec<String> },
    /// The id of one who is not there any more.
    Withdrawn { withdrawn: String },
    /// A student, in the place of whatever there was before.
    Student(Box<Kept>),
}

impl Log {
    /// Opens the log in `folder`, which may be new, and reads what it holds.
    ///
    /// # Errors
    ///
    /// If it holds results that are not to be gone on with, or none that are; if it cannot be
    /// read, or another process is writing it.
    pub fn open(folder: &Path, resume: bool) -> Result<(Self, Option<Logged>)> {
        results_folder::make(folder)?;
        let path = folder.join(LOG);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = results_folder::for_its_owner(&mut options)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        // One that was killed a moment ago may be about to let go.
        let is_ours = (0..PATIENCE).any(|_| {
            let is_ours = file.try_lock().is_ok();
            if !is_ours {
                thread::sleep(Duration::from_millis(100));
            }
            is_ours
        });
        if !is_ours {
            return Err(Error::Usage {
                message: format!("another `tutor` is writing to `{}`", folder.display()),
                next: "wait for it, or name another folder with `--out FOLDER`".into(),
            });
        }
        let logged = read_from(&file, &path)?;
        if logged.is_some() && !resume {
            return Err(Error::Usage {
                message: format!("`{}` holds results already", folder.display()),
                next: "add `--resume` to go on with them, or `--out FOLDER` for a new place".into(),
            });
        }
        let mut log = Self {
            file,
            path,
            folder: folder.to_owned(),
        };
        // The beginning of a line that was never finished.
        let end = logged.as_ref().map_or(0, |logged| logged.end);
        let cut = log
            .file
            .set_len(end)
            .and_then(|()| log.file.seek(SeekFrom::Start(end)));
        cut.map_err(Error::io("write", &log.path))?;
        Ok((log, logged))
    }

    /// Writes what is graded, and how: the first line.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn begin(&mut self, header: &Header) -> Result<()> {
        self.line(header)?;
        // The file's name is in the folder, which is written by itself.
        if let Some(Ok(folder)) = self.path.parent().map(File::open) {
            // Not every system can; the worst is a log that has to be begun again.
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Says that there is more to come: until the results are written anew, they are not all.
    ///
    /// # Errors
    ///
    /// If what says otherwise cannot be removed.
    pub fn go_on(&self) -> Result<()> {
        results_folder::sweep(&self.folder);
        results_folder::mark_incomplete(&self.folder)
    }

    /// Keeps what was found. When this returns it is on disk.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn append(&mut self, kept: &Kept) -> Result<()> {
        self.line(kept)
    }

    /// Writes down who is in the class.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn class(&mut self, ids: &[String]) -> Result<()> {
        self.line(&Line::Class {
            class: ids.to_vec(),
        })
    }

    /// Takes back what was found of a student.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn withdraw(&mut self, id: &str) -> Result<()> {
        self.line(&Line::Withdrawn {
            withdrawn: id.to_owned(),
        })
    }

    /// Keeps what was handed in under the name of its content.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn keep_source(&self, name: &str, text: &str) -> Result<()> {
        let path = results_folder::source_file(&self.folder, name);
        if path.is_file() {
            return Ok(());
        }
        files::write(&path, text.as_bytes())
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let line = serde_json::to_string(value).map_err(|e| Error::Internal(e.to_string()))?;
        self.file
            .write_all((text::json(&line) + "\n").as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(Error::io("write", &self.path))
    }
}

/// Reads the log in `folder`.
///
/// # Errors
///
/// If there is none, or it is none of this version.
pub fn read(folder: &Path) -> Result<Logged> {
    let path = folder.join(LOG);
    let none = || Error::Usage {
        message: format!("there are no results in `{}`", folder.display()),
        next: "name the folder that `tutor grade --out FOLDER` wrote to".into(),
    };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Err(none()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    read_from(&file, &path)?.ok_or_else(none)
}

/// The whole lines of a log; nothing if there is not even one.
fn read_from(file: &File, path: &Path) -> Result<Option<Logged>> {
    let broken = |line: usize, message: String| Error::Usage {
        message: format!("{}:{line}: {message}", path.display()),
        next: "name another folder with `--out FOLDER`".into(),
    };
    let mut lines = Lines {
        reader: BufReader::new(file),
        end: 0,
    };
    let read = Error::io("read", path);
    let mut whole = Vec::new();
    loop {
        match lines.next() {
            Ok(Some(line)) => whole.push(line),
            Ok(None) => break,
            Err(e) => return Err(read(e)),
        }
    }
    let mut whole = whole.into_iter();
    let Some(first) = whole.next() else {
        return Ok(None);
    };
    let version = serde_json::from_slice::<serde_json::Value>(&first)
        .ok()
        .and_then(|value| value["version"].as_u64());
    if version != Some(VERSION.into()) {
        let message = match version {
            Some(version) => format!("these results have version {version}, not this tutor's"),
            None => "this is no file of results".into(),
        };
        return Err(broken(1, message));
    }
    let header = serde_json::from_slice(&first).map_err(|e| broken(1, e.to_string()))?;
    let mut logged = Logged::nothing(header);
    logged.end = lines.end;
    for (line, number) in whole.zip(2..) {
        let line = serde_json::from_slice(&line).map_err(|e| broken(number, e.to_string()))?;
        logged.take_in(line);
    }
    Ok(Some(logged))
}

impl Logged {
    fn take_in(&mut self, line: Line) {
        let records = &mut self.records;
        let mut forget = |id: &str| records.retain(|kept| kept.record.student.id != id);
        match line {
            Line::Class { class } => self.class = Some(class),
            Line::Withdrawn { withdrawn } => forget(&withdrawn),
            Line::Student(kept) => {
                forget(&kept.record.student.id);
                self.records.push(*kept);
            }
        }
    }
}

/// Lines that have an end, and where the last of them ends.
struct Lines<R> {
    reader: R,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Ok(None);
        }
        self.end += line.len() as u64 + 1;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests;
