//! One attempt to get one file.

use std::io::{ErrorKind, Read};
use std::path::Path;

use ureq::http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RETRY_AFTER};

use super::client::{Answer, Client};
use super::notes::Note;
use super::part::{Origin, Part};
use super::trouble::Trouble;
use super::{News, REPOSITORY, Tell, content, settle};
use crate::files;

/// More than any of the files has, where no server says how much there is.
const LARGEST: u64 = 4_000_000_000;

/// How often is news of bytes, in bytes.
const NEWS_EVERY: u64 = 1 << 18;

/// A file that is wanted.
pub struct Download<'a> {
    /// Who asks.
    pub client: &'a Client<'a>,
    /// Where it goes.
    pub folder: &'a Path,
    /// What it is called, here and there.
    pub name: &'static str,
    /// Who is told.
    pub tell: Tell<'a>,
}

impl Download<'_> {
    /// Asks for what is missing of the file, and gives it its name when it is whole. `own` is a file
    /// of that name which is there already; if it is the same, it stays.
    pub fn attempt(&self, own: Option<&Note>) -> Result<Note, Trouble> {
        let mut part = Part::open(self.folder, self.name)?;
        if let (Some(size), Some(sha256)) = (part.origin.size, part.origin.sha256.clone())
            && part.length == size
            && part.sha256() == sha256
        {
            return self.finish(part, Some(sha256), own);
        }
        let (answer, is_rest) = self.answer(&mut part)?;
        let origin = self.origin(&answer, is_rest, part.length)?;
        let sha256 = origin.sha256.clone();
        if let (Some(own), Some(sha256)) = (own, &sha256)
            && own.sha256 == *sha256
        {
            part.forget();
            return Ok(own.clone());
        }
        self.make_room(&origin, if is_rest { part.length } else { 0 })?;
        match is_rest {
            // A server that says less than the one before takes nothing away of what is known.
            true => part.note(Origin {
                sha256: sha256.clone().or(part.origin.sha256.clone()),
                ..origin.clone()
            })?,
            false => part.restart(origin.clone())?,
        }
        let size = origin.size;
        (self.tell)(News::Begun {
            name: self.name,
            size,
            done: part.length,
        });
        self.take(answer, &mut part, size)?;
        (self.tell)(News::Ended);
        self.finish(part, sha256, own)
    }

    /// The server's answer, and whether it is the rest of what is there.
    fn answer(&self, part: &mut Part) -> Result<(Answer, bool), Trouble> {
        let settings = self.client.settings;
        let address = settings
            .address(REPOSITORY, self.name)
            .ok_or(Trouble::NoAddress)?;
        let mut rest = part.rest();
        loop {
            let answer = self.client.get(&address, rest.as_ref())?;
            match answer.status {
                206 if rest.is_some() => {
                    let found = range(&answer);
                    let goes_on = found.is_some_and(|(from, total)| {
                        let origin = Origin {
                            size: Some(total),
                            ..tags(&answer)
                        };
                        from == part.length && part.origin.is_same_as(&origin)
                    });
                    if goes_on {
                        return Ok((answer, true));
                    }
                }
                416 if rest.is_some() => {}
                200 => return Ok((answer, false)),
                status => {
                    let wait = answer
                        .header(RETRY_AFTER)
                        .and_then(|wait| wait.parse().ok());
                    return Err(Trouble::Refused {
                        host: answer.host,
                        name: self.name,
                        status,
                        wait,
                    });
                }
            }
            // The rest is not to be had: the whole file, then.
            rest = None;
        }
    }

    /// What the answer says about the whole file, if it can be true.
    fn origin(&self, answer: &Answer, is_rest: bool, length: u64) -> Result<Origin, Trouble> {
        let is_page = answer
            .header(CONTENT_TYPE)
            .is_some_and(|kind| kind.starts_with("text/html"));
        if is_page {
            return Err(Trouble::Page {
                host: answer.host.clone(),
                name: self.name,
            });
        }
        let sent = answer
            .header(CONTENT_LENGTH)
            .and_then(|length| length.parse::<u64>().ok());
        let said = match is_rest {
            true => range(answer).map(|(_, total)| total),
            false => sent,
        };
        let lies = |one, other| Trouble::Lies {
            host: answer.host.clone(),
            name: self.name,
            one,
            other,
        };
        if let (true, Some(total), Some(sent)) = (is_rest, said, sent)
            && total.checked_sub(length) != Some(sent)
        {
            return Err(lies(total, length.saturating_add(sent)));
        }
        if let (Some(linked), Some(said)) = (answer.linked_size, said)
            && linked != said
        {
            return Err(lies(linked, said));
        }
        Ok(Origin {
            size: answer.linked_size.or(said),
            ..tags(answer)
        })
    }

    /// Makes sure that the disk can hold what is to come.
    fn make_room(&self, origin: &Origin, there: u64) -> Result<(), Trouble> {
        let needed = origin.size.unwrap_or(0).saturating_sub(there);
        match files::free_space(self.folder) {
            Some(free) if free < needed => Err(Trouble::NoRoom {
                name: self.name,
                needed,
                free,
            }),
            _ => Ok(()),
        }
    }

    /// Takes the bytes as they come.
    fn take(&self, answer: Answer, part: &mut Part, size: Option<u64>) -> Result<(), Trouble> {
        let most = size.unwrap_or(LARGEST);
        let host = answer.host;
        let mut reader = answer.body.into_reader();
        let mut buffer = vec![0; 1 << 16];
        let mut told = part.length;
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(match ureq::Error::from(error) {
                        ureq::Error::Timeout(_) => Trouble::Silent {
                            host,
                            patience: self.client.settings.patience,
                        },
                        _ => self.broken(host, part, size),
                    });
                }
            };
            if part.length + read as u64 > most {
                return Err(Trouble::TooMuch {
                    host,
                    name: self.name,
                    most,
                });
            }
            part.add(&buffer[..read])?;
            if part.length - told >= NEWS_EVERY || Some(part.length) == size {
                told = part.length;
                (self.tell)(News::Done(told));
            }
        }
        match size {
            Some(size) if part.length < size => Err(self.broken(host, part, Some(size))),
            _ => Ok(()),
        }
    }

    fn broken(&self, host: String, part: &Part, size: Option<u64>) -> Trouble {
        let (name, there) = (self.name, part.length);
        Trouble::Broken {
            host,
            name,
            there,
            size,
        }
    }

    /// Looks at the whole file and gives it its name.
    fn finish(
        &self,
        part: Part,
        sha256: Option<String>,
        own: Option<&Note>,
    ) -> Result<Note, Trouble> {
        let note = Note {
            size: part.length,
            sha256: part.sha256(),
        };
        let path = part.kept()?;
        let is_right = sha256.is_none_or(|sha256| sha256 == note.sha256);
        let is_sound = content::is_sound(path, self.name);
        let is_sound = is_sound.map_err(|error| Trouble::disk("read", path, error))?;
        if !is_right || !is_sound {
            // Bytes of two attempts may be bytes of two files.
            let trouble = match part.goes_on {
                true => Trouble::Mixed { name: self.name },
                false if !is_right => Trouble::WrongHash { name: self.name },
                false => Trouble::WrongKind { name: self.name },
            };
            part.forget();
            return Err(trouble);
        }
        if own != Some(&note) {
            settle(path, self.folder, self.name, self.tell)?;
        }
        part.forget();
        Ok(note)
    }
}

/// What tells the file from others.
fn tags(answer: &Answer) -> Origin {
    let etag = answer.header(ETAG).filter(|etag| !etag.starts_with("W/"));
    Origin {
        etag: etag.map(str::to_owned),
        sha256: answer.sha256.clone(),
        size: None,
    }
}

/// The first byte of an answer and the size of the whole: `Content-Range: bytes 5-9/10`.
fn range(answer: &Answer) -> Option<(u64, u64)> {
    let (bytes, total) = answer
        .header(CONTENT_RANGE)?
        .strip_prefix("bytes ")?
        .split_once('/')?;
    let (from, to) = bytes.split_once('-')?;
    let (from, to, total) = (
        from.parse().ok()?,
        to.parse::<u64>().ok()?,
        total.parse().ok()?,
    );
    (from <= to && to.checked_add(1) == Some(total)).then_some((from, total))
}
