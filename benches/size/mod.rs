//! What a folder takes on the disk.

use std::fs;
use std::path::Path;

/// How many bytes a file, or all below a folder, take. A file that has two names there counts once.
pub fn size(path: &Path) -> u64 {
    let Ok(data) = path.symlink_metadata() else {
        return 0;
    };
    if !data.is_dir() {
        #[cfg(unix)]
        let names = std::os::unix::fs::MetadataExt::nlink(&data);
        #[cfg(not(unix))]
        let names = 1;
        return data.len() / names;
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}
