//! What can go wrong on the way, and the sentences that say so.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::{FILES, PAUSE, REPOSITORY, error};
use crate::error::Error;
use crate::report::numbers::bytes;

/// The longest that a server may make us wait for its next answer.
const LONGEST_PAUSE: u64 = 60;

/// Why there is no file.
#[derive(Debug)]
pub enum Trouble {
    /// No connection.
    Unreachable { host: String, reason: String },
    /// A server that does not prove who it is.
    Untrusted { host: String, reason: String },
    /// A connection on which nothing comes.
    Silent { host: String, patience: Duration },
    /// It ended too early.
    Broken {
        host: String,
        name: &'static str,
        there: u64,
        size: Option<u64>,
    },
    /// A status that is no success; after `wait` seconds it may be another one.
    Refused {
        host: String,
        name: &'static str,
        status: u16,
        wait: Option<u64>,
    },
    /// A redirection that is not followed.
    Astray { host: String, what: &'static str },
    /// Two sizes for one file.
    Lies {
        host: String,
        name: &'static str,
        one: u64,
        other: u64,
    },
    /// More bytes than there may be.
    TooMuch {
        host: String,
        name: &'static str,
        most: u64,
    },
    /// A page for people instead of a file.
    Page { host: String, name: &'static str },
    /// Other bytes than the hub has.
    WrongHash { name: &'static str },
    /// Bytes that are no file of that kind.
    WrongKind { name: &'static str },
    /// The same, with bytes that were there from before.
    Mixed { name: &'static str },
    /// The disk is too small.
    NoRoom {
        name: &'static str,
        needed: u64,
        free: u64,
    },
    /// There is to be no network.
    Offline { name: &'static str },
    /// The variable names no proxy.
    Proxy { variable: &'static str },
    /// The token cannot be sent.
    Token,
    /// The endpoint and the file's name make no address.
    NoAddress,
    /// Another process fills the folder.
    Busy,
    /// What should be a folder is something else.
    NoFolder { path: String },
    /// The folder cannot be written to.
    NotAllowed { path: String },
    /// What has its sentence already.
    Own(Error),
}

impl Trouble {
    /// What the disk refuses.
    pub fn disk(action: &'static str, path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotAllowed {
                    path: path.display().to_string(),
                }
            }
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => Self::NoFolder {
                path: path.display().to_string(),
            },
            _ => Self::Own(Error::io(action, path)(error)),
        }
    }

    /// Whether another attempt may go better.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Silent { .. }
            | Self::Broken { .. }
            | Self::Mixed { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500..=599),
            _ => false,
        }
    }

    /// How long to wait after so many attempts.
    pub fn pause(&self, attempts: u32) -> Duration {
        let own = PAUSE * attempts * attempts;
        match self {
            Self::Refused {
                wait: Some(wait), ..
            } => own.max(Duration::from_secs((*wait).min(LONGEST_PAUSE))),
            _ => own,
        }
    }

    /// As an error, for somebody who wants the four files in `folder`.
    pub fn into_error(self, folder: &Path) -> Error {
        let again = "`tutor fetch gpt2` goes on where it stopped";
        let by_hand = format!(
            "put {} of https://huggingface.co/{REPOSITORY} into `{}`",
            in_words(&FILES),
            folder.display()
        );
        let next = match &self {
            Self::Own(_) => String::new(),
            Self::Unreachable { .. }
            | Self::Silent { .. }
            | Self::Broken { .. }
            | Self::Refused { .. } => {
                format!("{again}; or {by_hand}")
            }
            Self::Offline { .. } => format!("unset `HF_HUB_OFFLINE`; or {by_hand}"),
            Self::NoRoom { .. } => format!(
                "free some space (`cargo clean` does, for one), or `--to DIR` on another disk; {again}"
            ),
            Self::Untrusted { .. } => format!(
                "a network that reads along needs its certificate among the system's, or in the \
                 file that `SSL_CERT_FILE` names; or {by_hand}"
            ),
            Self::Proxy { .. } => "a proxy looks like http://proxy.example.org:3128".into(),
            Self::Token => "GPT-2 needs no token: unset `HF_TOKEN`".into(),
            Self::Busy => "wait until it is done".into(),
            Self::NoFolder { .. } => {
                "`--to DIR` names a folder, which need not be there yet".into()
            }
            Self::NotAllowed { .. } => "`tutor fetch gpt2 --to DIR` fills another folder".into(),
            Self::Page { .. } => format!(
                "a network may want you to log in: open any page in a browser, then `tutor fetch gpt2` again; or {by_hand}"
            ),
            Self::Astray { .. }
            | Self::Lies { .. }
            | Self::TooMuch { .. }
            | Self::WrongHash { .. }
            | Self::WrongKind { .. }
            | Self::Mixed { .. }
            | Self::NoAddress => format!("`HF_ENDPOINT` names another server; or {by_hand}"),
        };
        match self {
            Self::Own(error) => error,
            trouble => error(trouble.to_string(), next),
        }
    }
}

/// What a status says about a file.
fn refusal(host: &str, name: &str, status: u16) -> String {
    match status {
        404 => format!("{host} has no {name} (status 404)"),
        401 | 403 => format!(
            "{host} does not give {name} to you (status {status}); if `HF_TOKEN` is set, it may \
             have expired"
        ),
        429 => format!("{host} was asked too often and does not give {name} now (status 429)"),
        _ => format!("{host} does not give {name} (status {status})"),
    }
}

/// Names in a row, with `and` before the last.
fn in_words(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted { host, reason } => {
                write!(
                    f,
                    "{host} has a certificate that this machine does not trust: {reason}"
                )
            }
            Self::Unreachable { host, reason } => write!(f, "{host} cannot be reached: {reason}"),
            Self::Silent { host, patience } => {
                write!(
                    f,
                    "{host} has sent nothing for {} s",
                    patience.as_secs_f64()
                )
            }
            Self::Broken {
                host,
                name,
                there,
                size,
            } => {
                let there = bytes(*there);
                write!(f, "{host} broke off {name} after {there}")?;
                size.map_or(Ok(()), |size| write!(f, " of {}", bytes(size)))
            }
            Self::Refused {
                host, name, status, ..
            } => f.write_str(&refusal(host, name, *status)),
            Self::Astray { host, what } => write!(f, "{host} redirects {what}"),
            Self::Lies {
                host,
                name,
                one,
                other,
            } => {
                write!(
                    f,
                    "{host} says of {name} that it has {one} bytes, and also that it has {other}"
                )
            }
            Self::TooMuch { host, name, most } => {
                write!(
                    f,
                    "{host} sends more of {name} than the {most} bytes that it may have"
                )
            }
            Self::Page { host, name } => write!(f, "{host} sends a web page instead of {name}"),
            Self::WrongHash { name } => write!(
                f,
                "what came as {name} is another file than the hub's: its SHA-256 differs, and it was thrown away"
            ),
            Self::WrongKind { name } => write!(
                f,
                "what came as {name} is no such file, or not all of it, and was thrown away"
            ),
            Self::Mixed { name } => write!(
                f,
                "the parts of {name} do not make the hub's file; they were thrown away"
            ),
            Self::NoRoom { name, needed, free } => write!(
                f,
                "{name} takes {} more, and {} are free",
                bytes(*needed),
                bytes(*free)
            ),
            Self::Offline { name } => write!(
                f,
                "`HF_HUB_OFFLINE` is set, and {name} is neither in the folder nor in the hub's cache"
            ),
            Self::Proxy { variable } => write!(f, "`{variable}` names no proxy"),
            Self::Token => write!(
                f,
                "`HF_TOKEN` cannot be sent: it holds a character that no token has"
            ),
            Self::NoAddress => write!(f, "`HF_ENDPOINT` makes no address of a file"),
            Self::Busy => write!(f, "another `tutor fetch` is filling this folder"),
            Self::NoFolder { path } => write!(f, "`{path}` is no folder"),
            Self::NotAllowed { path } => write!(f, "`{path}` cannot be written: you may not"),
            Self::Own(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_refuses_says_why() {
        let folder = Path::new("models");
        let said = |kind: io::ErrorKind| {
            let error = Trouble::disk("write", folder, kind.into()).into_error(folder);
            format!("{error}; {}", error.next())
        };
        for kind in [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
        ] {
            assert_eq!(
                said(kind),
                "`models` cannot be written: you may not; `tutor fetch gpt2 --to DIR` fills another \
                 folder"
            );
        }
        assert!(said(io::ErrorKind::StorageFull).contains("free some space"));
    }

    #[test]
    fn a_server_may_ask_for_patience_but_not_for_hours() {
        let refused = |wait| Trouble::Refused {
            host: String::new(),
            name: "config.json",
            status: 429,
            wait,
        };
        assert_eq!(refused(None).pause(2), 4 * PAUSE);
        assert_eq!(refused(Some(7)).pause(1), Duration::from_secs(7));
        assert_eq!(refused(Some(86_400)).pause(1), Duration::from_secs(60));
    }
}
