//! Standard output.

pub mod highlight;
pub mod markdown;
pub mod progress_bar;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use textwrap::{WordSeparator, WordSplitter};

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

/// Columns of the terminal; 80 where there is none.
#[must_use]
pub fn width() -> usize {
    crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns))
}

/// How lines of at most `width` columns are broken: at spaces only; a word that is wider stands
/// alone. Colours have no width.
#[must_use]
pub fn wrapping<'a>(width: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

/// Prints through the learner's pager if the text is longer than the screen.
///
/// # Errors
///
/// Like [`print`].
pub fn page(text: &str) -> Result<()> {
    let rows = crossterm::terminal::size().map_or(24, |(_, rows)| usize::from(rows));
    if !io::stdout().is_terminal() || text.lines().count() < rows {
        return print(text);
    }
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less -R".into());
    let mut words = pager.split_whitespace();
    let child = words.next().map(|program| {
        Command::new(program)
            .args(words)
            // For a `less` without `-R` in `PAGER`.
            .env(
                "LESS",
                std::env::var("LESS").unwrap_or_else(|_| "FRX".into()),
            )
            .stdin(Stdio::piped())
            .spawn()
    });
    let Some(Ok(mut child)) = child else {
        return print(text);
    };
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever quits the pager early has seen enough.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().map_err(Error::io("run", Path::new(&pager)))?;
    Ok(())
}
