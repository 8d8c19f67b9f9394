//! How much a program wrote into files that are still there.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What a file takes at least: a name and an entry in the file system's books.
const LEAST: u64 = 4096;

/// A unit of `Metadata::blocks`.
const BLOCK: u64 = 512;

/// Bytes that the files in `folder` take, and those that the process `id` has open and that have
/// no name any more.
pub fn by(id: u32, folder: &Path) -> u64 {
    let named = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = named.filter_map(|entry| entry.metadata().ok());
    let open = fs::read_dir(format!("/proc/{id}/fd"));
    let open = open.into_iter().flatten().flatten();
    let nameless = (open.filter_map(|entry| fs::metadata(entry.path()).ok()))
        .filter(|data| data.is_file() && data.nlink() == 0);
    named.chain(nameless).map(|data| taken(&data)).sum()
}

fn taken(data: &Metadata) -> u64 {
    LEAST + data.blocks() * BLOCK
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use super::*;

    #[test]
    fn files_count_with_a_name_and_without() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let me = std::process::id();
        let before = by(me, folder.path());
        let path = folder.path().join("a");
        let mut file = File::create(&path).expect("the folder is new");
        file.write_all(&vec![1; 1 << 20]).expect("there is space");
        file.sync_all().expect("there is space");
        assert!(by(me, folder.path()) >= before + (1 << 20));
        fs::remove_file(&path).expect("it is there");
        assert!(by(me, folder.path()) >= before + (1 << 20));
        drop(file);
        assert!(by(me, folder.path()) < before + (1 << 20));
    }
}
