//! The results while they come in: one line a student, each on disk before the next is begun.
//!
//! Whatever kills the grading leaves whole lines, and perhaps the beginning of one, which counts
//! for nothing.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::classroom::record::{Header, Record, VERSION};
use crate::classroom::results_folder::{self, LOG};
use crate::error::{Error, Result};
use crate::files;

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
    /// What was found so far, in the order in which it came in.
    pub records: Vec<Record>,
    /// Where the last whole line ends.
    end: u64,
}

impl Log {
    /// Opens the log in `folder`, which may be new, and reads what it holds.
    ///
    /// # Errors
    ///
    /// If it holds results that are not to be gone on with, or none that are; if it cannot be
    /// read, or another process is writing it.
    pub fn open(folder: &Path, resume: bool) -> Result<(Self, Option<Logged>)> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join(LOG);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        if file.try_lock().is_err() {
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
    pub fn append(&mut self, record: &Record) -> Result<()> {
        self.line(record)
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

    fn line(&mut self, value: &impl serde::Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value).map_err(|e| Error::Internal(e.to_string()))?;
        line.push(b'\n');
        self.file
            .write_all(&line)
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
    let records = whole
        .zip(2..)
        .map(|(line, number)| {
            serde_json::from_slice(&line).map_err(|e| broken(number, e.to_string()))
        })
        .collect::<Result<_>>()?;
    Ok(Some(Logged {
        header,
        records,
        end: lines.end,
    }))
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
mod tests {
    use super::*;
    use crate::classroom::record::{Deadline, EarlierSteps, Intake, Sandbox, Student, Timing};

    fn header() -> Header {
        Header {
            version: VERSION,
            course: "C".into(),
            course_id: "c".into(),
            seed: 7,
            earlier: EarlierSteps::Reference,
            timeout: 10.0,
            sandbox: Sandbox::Enforced,
            shard: None,
            deadline: Deadline::default(),
            steps: Vec::new(),
        }
    }

    fn record(id: &str) -> Record {
        Record {
            student: Student {
                id: id.into(),
                entry: id.into(),
                intake: Intake::default(),
                notes: Vec::new(),
                steps: Vec::new(),
            },
            timing: Timing::default(),
        }
    }

    fn begun() -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let (mut log, logged) = Log::open(folder.path(), false).expect("it is new");
        assert!(logged.is_none());
        log.begin(&header()).expect("it can be written");
        (folder, log)
    }

    fn message(error: &Error) -> String {
        error.to_string()
    }

    #[test]
    fn a_torn_line_counts_for_nothing() {
        let (folder, mut log) = begun();
        log.append(&record("a")).expect("it can be written");
        log.append(&record("b")).expect("it can be written");
        drop(log);
        let path = folder.path().join(LOG);
        let whole = fs::read(&path).expect("it is there");
        for torn in 1..whole.len() {
            fs::write(&path, &whole[..torn]).expect("it can be written");
            let (mut log, logged) = Log::open(folder.path(), true).expect("it can be read");
            let ids: Vec<String> = logged.map_or(Vec::new(), |logged| {
                assert_eq!(logged.header, header());
                logged.records.into_iter().map(|r| r.student.id).collect()
            });
            if ids.is_empty() && whole[..torn].iter().all(|&byte| byte != b'\n') {
                log.begin(&header()).expect("it can be written");
            }
            for id in ["a", "b"]
                .iter()
                .filter(|id| !ids.iter().any(|known| known == *id))
            {
                log.append(&record(id)).expect("it can be written");
            }
            drop(log);
            assert_eq!(
                fs::read(&path).expect("it is there"),
                whole,
                "torn at {torn}"
            );
        }
    }

    #[test]
    fn results_are_not_written_over() {
        let (folder, log) = begun();
        let second = Log::open(folder.path(), true).map(drop);
        assert!(second.is_err_and(|e| message(&e).contains("another `tutor`")));
        drop(log);
        let again = Log::open(folder.path(), false).map(drop);
        assert!(again.is_err_and(|e| message(&e).contains("results already")));
    }

    #[test]
    fn what_is_no_log_is_told() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        assert!(read(folder.path()).is_err_and(|e| message(&e).contains("no results")));
        let path = folder.path().join(LOG);
        let said = |text: &str| {
            fs::write(&path, text).expect("it can be written");
            read(folder.path()).map_or_else(|e| message(&e), |_| "read".into())
        };
        assert!(said("{\"version\":99}\n").contains("version 99"));
        assert!(said("hello\n").contains("no file of results"));
        let first = serde_json::to_string(&header()).expect("it can be written");
        assert_eq!(said(&format!("{first}\n")), "read");
        assert!(said(&format!("{first}\n{{}}\n")).contains("grades.jsonl:2"));
    }
}
