//! `tutor fetch`

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::cli::studio::{Fetch, Fetched};
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::hub::settings::Settings;
use crate::hub::{self, News};
use crate::progress::FOLDER;
use crate::report::numbers::bytes;
use crate::report::shown;
use crate::terminal::progress_bar::ProgressBar;
use crate::terminal::{self, style};

/// Smaller files are there before a bar is seen.
const WORTH_A_BAR: u64 = 2_000_000;

/// How soon Ctrl-C is noticed.
const EVERY: Duration = Duration::from_millis(100);

/// Fetches what is asked for, and says how it goes.
pub fn fetch(course: &Course, options: &Fetch) -> Result<Code> {
    let Fetched::Gpt2 = options.what;
    let settings = Settings::of_environment(options.timeout.0)?;
    let default = || course.root().join(FOLDER).join("gpt2");
    let folder = options.to.clone().unwrap_or_else(default);
    let intro = format!(
        "GPT-2 small is four files, about 550 MB in all. They go to {}",
        shown(&folder)
    );
    terminal::note(&style::dim(intro).to_string());

    let interrupted = interrupted().map_err(|error| Error::Internal(error.to_string()))?;
    let (news, heard) = channel();
    let into = folder.clone();
    let worker = thread::spawn(move || {
        // Nobody listens after Ctrl-C, and then nothing is to be told.
        hub::fetch(&settings, &into, &|piece| drop(news.send(piece)))
    });
    let mut teller = Teller::default();
    loop {
        if interrupted.load(Ordering::Relaxed) {
            drop(teller);
            return Err(Error::Hub {
                message: "stopped; what came so far is kept".into(),
                next: "`tutor fetch gpt2` goes on where it stopped".into(),
            });
        }
        match heard.recv_timeout(EVERY) {
            Ok(piece) => teller.hear(piece),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(teller);
    worker
        .join()
        .map_err(|_| Error::Internal("the thread that fetches came to a bad end".into()))??;
    terminal::print(&format!(
        "{} GPT-2 is in {}\nNext: `tutor generate --gpt2 {}`\n",
        style::right("✓"),
        shown(&folder),
        shown(&folder)
    ))?;
    Ok(Code::Passed)
}

/// Shows news.
#[derive(Default)]
struct Teller {
    bar: Option<ProgressBar>,
}

impl Teller {
    fn hear(&mut self, news: News) {
        match news {
            News::Said(words) => {
                self.end();
                terminal::note(&words);
            }
            News::Begun { name, size, done } => {
                self.end();
                terminal::note(&begun(name, size, done));
                let size = size.filter(|size| *size >= WORTH_A_BAR);
                self.bar = size.map(|size| ProgressBar::bytes(size, done));
            }
            News::Done(done) => {
                if let Some(bar) = &mut self.bar {
                    bar.set(usize::try_from(done).unwrap_or(usize::MAX), "");
                }
            }
            News::Ended => self.end(),
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish();
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.end();
    }
}

/// A file, how large it is, and how much of it is there.
fn begun(name: &str, size: Option<u64>, done: u64) -> String {
    let size = size.map_or_else(String::new, |size| format!(", {}", bytes(size)));
    match done {
        0 => format!("{name}{size}"),
        done => format!("{name}{size}, of which {} are there", bytes(done)),
    }
}

/// Set by Ctrl-C from now on.
#[cfg(unix)]
fn interrupted() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&flag))?;
    Ok(flag)
}

/// Ctrl-C ends `tutor` at once here, and what came so far stays as well.
#[cfg(not(unix))]
fn interrupted() -> io::Result<Arc<AtomicBool>> {
    Ok(Arc::default())
}
