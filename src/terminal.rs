//! Standard output and standard error. Whoever makes a text styles it always (see [`style`]); this
//! is where styles are taken away if the reader would not see them as such: for `NO_COLOR`, a
//! `TERM` of `dumb`, and whatever is no terminal unless `CLICOLOR_FORCE` is set.

pub mod highlight;
pub mod markdown;
pub mod progress_bar;
pub mod style;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use textwrap::{WordSeparator, WordSplitter};

use crate::error::{Error, Result};

/// Prints `text`, which may be styled. A reader that has seen enough (`| head`) is no error.
///
/// # Errors
///
/// If standard output cannot be written to for another reason.
pub fn print(text: &str) -> Result<()> {
    write(text, adapted(io::stdout())).map(drop)
}

/// Prints `text` as a part of what is still to come; a break if nobody reads on.
///
/// # Errors
///
/// Like [`print`].
pub fn print_part(text: &str) -> Result<ControlFlow<()>> {
    write(text, adapted(io::stdout()))
}

/// Prints `text` byte for byte: what is no text for people.
///
/// # Errors
///
/// Like [`print`].
pub fn print_data(text: &str) -> Result<()> {
    write(text, io::stdout()).map(drop)
}

/// A break if nobody reads on.
fn write(text: &str, mut out: impl Write) -> Result<ControlFlow<()>> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(e) => Err(Error::io("write to", Path::new("standard output"))(e)),
    }
}

/// Prints to standard error what is not the answer.
pub fn note(text: &str) {
    // Nobody is there to be told that standard error is gone.
    let _ = writeln!(adapted(io::stderr()), "{text}");
}

/// Whether standard output shows styles.
#[must_use]
pub fn shows_styles() -> bool {
    choice(&io::stdout()) != ColorChoice::Never
}

/// `stream` as one that takes styles away if need be.
fn adapted<S: RawStream>(stream: S) -> AutoStream<S> {
    let choice = choice(&stream);
    AutoStream::new(stream, choice)
}

fn choice(stream: &impl RawStream) -> ColorChoice {
    let is_forced = env::var_os("CLICOLOR_FORCE").is_none_or(|value| value != "0");
    match AutoStream::choice(stream) {
        // To anstream any value is a yes, but `0` is a no.
        ColorChoice::Always if !is_forced && !stream.is_terminal() => ColorChoice::Never,
        choice => choice,
    }
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
    let pager = env::var("PAGER").unwrap_or_else(|_| "less -R".into());
    let mut words = pager.split_whitespace();
    let child = words.next().map(|program| {
        Command::new(program)
            .args(words)
            // For a `less` without `-R` in `PAGER`.
            .env("LESS", env::var("LESS").unwrap_or_else(|_| "FRX".into()))
            .stdin(Stdio::piped())
            .spawn()
    });
    let Some(Ok(mut child)) = child else {
        return print(text);
    };
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever quits the pager early has seen enough.
        let _ = match shows_styles() {
            true => stdin.write_all(text.as_bytes()),
            false => write!(stdin, "{}", anstream::adapter::strip_str(text)),
        };
    }
    child.wait().map_err(Error::io("run", Path::new(&pager)))?;
    Ok(())
}
