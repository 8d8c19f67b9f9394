//! GPT-2's four files, from the Hugging Face hub: what is there already stays, what the hub's own
//! cache has is taken from there, and the rest is downloaded, going on where an earlier download
//! broke off.

mod address;
mod cache;
mod client;
mod content;
mod download;
mod notes;
mod part;
pub mod settings;
mod trouble;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cache::Cached;
use client::Client;
use content::sha256;
use download::Download;
use notes::{Note, Notes};
use settings::Settings;
use trouble::Trouble;

use crate::error::{Error, Result};

/// Where the hub has GPT-2 small.
pub const REPOSITORY: &str = "openai-community/gpt2";

/// What makes a model, the large file last.
pub const FILES: [&str; 4] = [
    "config.json",
    "vocab.json",
    "merges.txt",
    "model.safetensors",
];

/// How often in a row a download may fail without a byte having come.
const ATTEMPTS: u32 = 4;

/// What happens meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something to be told in a line.
    Said(String),
    /// A file begins, or goes on.
    Begun {
        /// Its name.
        name: &'static str,
        /// Its bytes, if the server says so.
        size: Option<u64>,
        /// Those that are there.
        done: u64,
    },
    /// So many bytes of it are there.
    Done(u64),
    /// Nothing more comes of this file for now.
    Ended,
}

/// Who is told of it; news may come from another thread than the one that shows it.
type Tell<'a> = &'a dyn Fn(News);

/// Fills `folder` with the four files.
///
/// # Errors
///
/// If one of them is neither there nor to be had; what was downloaded of it stays.
pub fn fetch(settings: &Settings, folder: &Path, tell: Tell<'_>) -> Result<()> {
    fetch_all(settings, folder, tell).map_err(|trouble| trouble.into_error(folder))
}

fn fetch_all(
    settings: &Settings,
    folder: &Path,
    tell: Tell<'_>,
) -> std::result::Result<(), Trouble> {
    fs::create_dir_all(folder).map_err(|error| Trouble::disk("create", folder, error))?;
    let client = Client::new(settings);
    let snapshot = cache::snapshot(&settings.caches);
    for name in FILES {
        let mut notes = Notes::read(folder);
        let note = match there(folder, name, &notes)? {
            Some(note) => {
                tell(News::Said(format!("{name} is there already")));
                note
            }
            None => match snapshot
                .as_deref()
                .and_then(|folder| Cached::find(folder, name))
            {
                Some(cached) => {
                    let note = cached.place(folder, tell)?;
                    tell(News::Said(format!(
                        "{name} comes from {}",
                        cached.place.display()
                    )));
                    note
                }
                None => downloaded(settings, &client, folder, name, tell)?,
            },
        };
        notes.insert(name, note);
        notes.write(folder).map_err(Trouble::Own)?;
    }
    Ok(())
}

/// What is known of a file that was fetched and is still the same.
fn there(folder: &Path, name: &str, notes: &Notes) -> std::result::Result<Option<Note>, Trouble> {
    let path = folder.join(name);
    let size = fs::metadata(&path).ok().map(|file| file.len());
    let Some(note) = notes.of(name).filter(|note| size == Some(note.size)) else {
        return Ok(None);
    };
    let found = sha256(&path).map_err(|error| Trouble::disk("read", &path, error))?;
    Ok((found == note.sha256).then(|| note.clone()))
}

/// Downloads a file, again and again where that may help.
fn downloaded(
    settings: &Settings,
    client: &Client<'_>,
    folder: &Path,
    name: &'static str,
    tell: Tell<'_>,
) -> std::result::Result<Note, Trouble> {
    let own = content::found(folder, name)?;
    let keep = |note: Note| {
        let words = "is there already; without a network, nobody can tell whether it is the hub's";
        tell(News::Said(format!("{name} {words}")));
        note
    };
    if settings.offline {
        return own.map(keep).ok_or(Trouble::Offline { name });
    }
    let download = Download {
        client,
        folder,
        name,
        tell,
    };
    let mut failed = 0;
    loop {
        let before = part::length(folder, name);
        let trouble = match download.attempt(own.as_ref()) {
            Ok(note) => return Ok(note),
            Err(trouble) => trouble,
        };
        tell(News::Ended);
        // Whatever came is a reason to go on.
        failed = match part::length(folder, name) > before {
            true => 1,
            false => failed + 1,
        };
        if !trouble.may_pass() || failed >= ATTEMPTS {
            return match (trouble, own) {
                (Trouble::Unreachable { .. }, Some(note)) => Ok(keep(note)),
                (trouble, _) => Err(trouble),
            };
        }
        let pause = trouble.pause(failed);
        tell(News::Said(format!(
            "{trouble}; trying again in {:.1} s",
            pause.as_secs_f64()
        )));
        thread::sleep(pause);
    }
}

/// Gives `from`, which is whole, its name in `folder`. Another file of that name is kept.
fn settle(
    from: &Path,
    folder: &Path,
    name: &str,
    tell: Tell<'_>,
) -> std::result::Result<(), Trouble> {
    let to = folder.join(name);
    if to.exists() {
        let aside = (1..1000)
            .map(|number| folder.join(format!("{name}.{number}.aside")))
            .find(|path| !path.exists());
        if let Some(aside) = aside {
            fs::rename(&to, &aside).map_err(|error| Trouble::disk("rename", &to, error))?;
            let words = format!(
                "the {name} that was there is another one; it is now {}",
                aside.display()
            );
            tell(News::Said(words));
        }
    }
    fs::rename(from, &to).map_err(|error| Trouble::disk("write", &to, error))
}

/// An error that is about the hub, for `next` to be typed.
fn error(message: String, next: String) -> Error {
    Error::Hub { message, next }
}

/// The first pause between two attempts.
const PAUSE: Duration = Duration::from_millis(250);
