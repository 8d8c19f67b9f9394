//! What rustc made of a step the last time, for it to use again.
//!
//! Who edits a step changes little of it, and nothing of its check: rustc's incremental compilation
//! takes over the rest. Each step has a folder for that, which one process has at a time; another one
//! compiles without.

use std::fs::{self, File, ReadDir};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};

/// Into how many units of code a step is split at most: what is taken over is whole units.
const UNITS: &str = "-Ccodegen-units=16";

/// rustc's own folder in a step's.
const STATE: &str = "state";

/// The file whose lock says that somebody is at it.
const LOCK: &str = "lock";

/// Of how many steps the folders are kept: each takes up to 20 MB.
const KEPT: usize = 6;

/// What there is of the last time, and the lock on it.
pub(super) struct LastTime {
    folder: PathBuf,
    _lock: File,
}

impl LastTime {
    /// That of the step `name` among those in the folder `all`. Nothing if another process has it, or
    /// if there can be none: then rustc goes without.
    pub fn open(all: &Path, name: &str) -> Option<Self> {
        let folder = all.join(name);
        if !folder.is_dir() {
            fs::create_dir_all(&folder).ok()?;
            forget_the_oldest(all, name);
        }
        let lock = locked(&folder)?;
        // Which is the time that says how old it is.
        lock.set_modified(SystemTime::now()).ok()?;
        // A compiler that was killed leaves the files that it was at.
        for left in paths(fs::read_dir(&folder)) {
            if left.is_file() && !left.ends_with(LOCK) {
                fs::remove_file(left).ok()?;
            }
        }
        Some(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where rustc works: it uses nothing again that it made elsewhere.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What rustc is told.
    pub fn arguments() -> [String; 2] {
        [format!("-Cincremental={STATE}"), UNITS.to_owned()]
    }

    /// The object files that rustc has just made or taken over. It keeps them for the next time.
    ///
    /// # Errors
    ///
    /// If they are not where rustc puts them today.
    pub fn objects(&self) -> Result<Vec<PathBuf>> {
        let state = self.folder.join(STATE);
        let none = || Error::Tool {
            name: "rustc".into(),
            reason: format!("no object files in `{}`", state.display()),
        };
        // A folder for each crate, and in it one for each time, the names of which begin with the time.
        // That of what is being made, or was not finished, ends in a word of its own.
        let crates = paths(fs::read_dir(&state)).into_iter();
        let times = crates.flat_map(|of_crate| paths(fs::read_dir(of_crate)));
        let is_whole = |path: &PathBuf| {
            path.is_dir() && !path.as_os_str().as_encoded_bytes().ends_with(b"-working")
        };
        let newest = times.filter(is_whole).max().ok_or_else(none)?;
        let mut objects = paths(fs::read_dir(newest));
        objects.retain(|path| path.extension().is_some_and(|end| end == "o"));
        match objects.is_empty() {
            true => Err(none()),
            false => Ok(objects),
        }
    }

    /// Removes what there is: rustc could not do with it.
    pub fn forget(&self) {
        // What cannot be removed now is tried once more the next time, and then done without again.
        let _ = fs::remove_dir_all(self.folder.join(STATE));
    }
}

/// The lock on a step's folder, if nobody else has it.
fn locked(folder: &Path) -> Option<File> {
    let mut options = File::options();
    let file = options.create(true).append(true).open(folder.join(LOCK));
    file.ok().filter(|file| file.try_lock().is_ok())
}

/// Removes the folders of the steps that nobody has compiled for the longest time.
fn forget_the_oldest(all: &Path, but: &str) {
    let mut others: Vec<(SystemTime, PathBuf)> = (paths(fs::read_dir(all)).into_iter())
        .filter(|folder| !folder.ends_with(but))
        .filter_map(|folder| {
            let data = fs::metadata(folder.join(LOCK)).ok()?;
            Some((data.modified().ok()?, folder))
        })
        .collect();
    others.sort();
    let more = (others.len() + 1).saturating_sub(KEPT);
    for (_, folder) in others.into_iter().take(more) {
        if let Some(_lock) = locked(&folder) {
            // What cannot be removed now only takes space.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn paths(folder: std::io::Result<ReadDir>) -> Vec<PathBuf> {
    let entries = folder.into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Makes the last time that somebody compiled this one another.
    fn used(one: &LastTime, time: SystemTime) {
        let lock = File::options().append(true).open(one.folder().join(LOCK));
        let lock = lock.expect("it is there");
        lock.set_modified(time).expect("its time can be set");
    }

    #[test]
    fn one_process_has_it_at_a_time() {
        let all = tempfile::tempdir().expect("a folder");
        let first = LastTime::open(all.path(), "s01_a").expect("nobody has it");
        assert!(LastTime::open(all.path(), "s01_a").is_none());
        assert!(LastTime::open(all.path(), "s02_b").is_some());
        drop(first);
        assert!(LastTime::open(all.path(), "s01_a").is_some());
    }

    #[test]
    fn what_a_killed_compiler_left_goes() {
        let all = tempfile::tempdir().expect("a folder");
        let open = || LastTime::open(all.path(), "s01_a").expect("nobody has it");
        let folder = open().folder().to_owned();
        fs::create_dir(folder.join(STATE)).expect("it is new");
        fs::write(folder.join("product.1.rcgu.o"), "half").expect("it can be written");
        assert_eq!(open().folder(), folder);
        let mut left = paths(fs::read_dir(&folder));
        left.sort();
        assert_eq!(left, [folder.join(LOCK), folder.join(STATE)]);
    }

    #[test]
    fn the_newest_are_kept_and_those_that_somebody_has() {
        let all = tempfile::tempdir().expect("a folder");
        let held = LastTime::open(all.path(), "s00").expect("nobody has it");
        let old = SystemTime::now() - Duration::from_secs(100);
        used(&held, old);
        for i in 1..=u64::try_from(KEPT + 2).expect("it is small") {
            let one = LastTime::open(all.path(), &format!("s0{i}")).expect("nobody has it");
            let time = old + Duration::from_secs(i);
            used(&one, time);
        }
        let is_there = |name: &str| all.path().join(name).is_dir();
        assert!(is_there("s00") && is_there(&format!("s0{}", KEPT + 2)));
        assert!(!is_there("s01") && !is_there("s02"));
    }

    #[test]
    fn objects_are_those_of_the_last_time() {
        let all = tempfile::tempdir().expect("a folder");
        let one = LastTime::open(all.path(), "s01_a").expect("nobody has it");
        assert!(one.objects().is_err());
        for (time, file) in [
            ("s-a1-x-y", "old.o"),
            ("s-a2-x-y", "new.o"),
            ("s-a3-x-working", "half.o"),
        ] {
            let folder = one.folder().join("state/observe-1").join(time);
            fs::create_dir_all(&folder).expect("it is new");
            fs::write(folder.join(file), "").expect("it can be written");
            fs::write(folder.join("dep-graph.bin"), "").expect("it can be written");
        }
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            let name = |path: &PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
            paths.iter().filter_map(name).collect()
        };
        assert_eq!(names(one.objects().expect("there are some")), ["new.o"]);
        one.forget();
        assert!(one.objects().is_err());
    }
}
