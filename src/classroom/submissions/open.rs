//! Opens files of strangers.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::path::Path;

/// What something in a folder or in an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// Something that nobody needs to hand in, as in "a named pipe".
    Odd(&'static str),
}

impl Kind {
    /// A symbolic link.
    pub const LINK: Self = Self::Odd("a symbolic link");

    /// What the file system says. A link is a link, wherever it leads.
    pub fn of(file_type: FileType) -> Self {
        if file_type.is_dir() {
            Self::Folder
        } else if file_type.is_file() {
            Self::File
        } else if file_type.is_symlink() {
            Self::LINK
        } else {
            Self::Odd(special(file_type))
        }
    }
}

#[cfg(unix)]
fn special(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_file_type: FileType) -> &'static str {
    "something special"
}

/// Opens a file that is one.
///
/// # Errors
///
/// If it cannot be opened, or if it is a link, a pipe or anything else that is not a file.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    // It was a file when the folder was listed. Should it have been swapped for a link since, it
    // is not followed; should it be a pipe now, this does not wait for somebody to write to it.
    #[cfg(unix)]
    {
        use nix::fcntl::OFlag;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_files_are_opened() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "x").expect("it can be written");
        symlink(path("file"), path("link")).expect("it can be linked");
        nix::unistd::mkfifo(&path("pipe"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        assert!(open(&path("file")).is_ok());
        assert!(open(&path("link")).is_err());
        assert!(open(&path("pipe")).is_err());
        assert!(open(folder.path()).is_err());
        assert!(open(&path("none")).is_err());
    }
}
