//! The file that orders come from and that the record goes to.

use std::fs::File;
use std::io;

/// Takes standard input away from the rest of the program: it reads as empty from now on.
///
/// Safe code has no way to the file but the one that is returned: its number is not standard
/// input's any more, and making a file of a number needs `unsafe`.
#[cfg(unix)]
pub fn take() -> io::Result<File> {
    use std::os::fd::AsFd;

    let file = io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(file.into())
}

/// Standard input stays what it is where nothing safe can replace it.
#[cfg(windows)]
pub fn take() -> io::Result<File> {
    use std::os::windows::io::AsHandle;

    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}
