//! Where orders come from, and where the record goes.

use std::fs::File;
use std::io;

use observation::Instructions;

/// Takes the orders and the record from the rest of the program. From now on standard input reads as
/// empty, and standard output is what it is elsewhere.
///
/// The orders can be read once, and that is done; the record can be written and not read. So even code
/// that breaks Rust's rules finds no way back to the orders in a file. Safe code has no way to the record
/// but the file that is returned: its number is not standard input's any more, and making a file of a
/// number needs `unsafe`.
#[cfg(unix)]
pub fn take() -> io::Result<(Instructions, File)> {
    use std::os::fd::AsFd;

    let orders = io::stdout().as_fd().try_clone_to_owned()?;
    let orders = Instructions::read(File::from(orders))?;
    let record = io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok((orders, record.into()))
}

/// Both are one file here, and standard input stays what it is: nothing safe can replace it.
#[cfg(windows)]
pub fn take() -> io::Result<(Instructions, File)> {
    use std::os::windows::io::AsHandle;

    let file: File = io::stdin().as_handle().try_clone_to_owned()?.into();
    Ok((Instructions::read(&file)?, file))
}
