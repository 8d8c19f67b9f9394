//! Standard output.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// Prints `text` as it is. A reader that has seen enough (`| head`) is no error.
///
/// # Errors
///
/// If standard output cannot be written to for another reason.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("write to", Path::new("standard output"))(e))
        }
        _ => Ok(()),
    }
}

/// Prints to standard error what is not the answer.
pub fn note(text: &str) {
    // Nobody is there to be told that standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Decides once, for all output, whether there are colours: `NO_COLOR` and `CLICOLOR_FORCE`
/// first, then whether standard output is a terminal.
pub fn set_up_colours() {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced =
        set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0");
    let coloured = !set("NO_COLOR") && (forced || io::stdout().is_terminal());
    colored::control::set_override(coloured);
}

/// Whether output is coloured.
#[must_use]
pub fn is_coloured() -> bool {
    colored::control::SHOULD_COLORIZE.should_colorize()
}
