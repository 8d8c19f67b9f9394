//! All that is said about submissions, to the teacher and to the student.

use std::io;

use super::safe_names::written_bytes;
use super::select::Why;
use crate::course::source::Unreadable;

/// How much of a name is shown: some are made to fill the screen.
const SHOWN: usize = 120;

/// How many names are listed.
const LISTED: usize = 5;

/// What can be handed in.
const INSTEAD: &str = "hand in a folder, a .zip or a .tar.gz";

pub fn unusable(folder: &str, why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::NotFound => format!("there is no folder `{folder}`"),
        io::ErrorKind::NotADirectory => format!("`{folder}` is not a folder"),
        _ => format!("the folder `{folder}` cannot be read: {why}"),
    }
}

pub fn one_submission(folder: &str) -> String {
    format!("`{folder}` holds step files, not students: it looks like one submission")
}

pub fn no_entry(folder: &str, passed_over: &[String]) -> String {
    if passed_over.is_empty() {
        return format!("`{folder}` is empty: there is no submission in it");
    }
    let others = list(passed_over);
    format!("there is no submission in `{folder}`, only {others}")
}

/// None, if the name is nobody else's.
pub fn shared_name(name: &str, others: &[String]) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let (name, others) = (quoted(name), list(others));
    Some(format!(
        "{name} has the same name as {others}; each was graded for itself, under its full name"
    ))
}

pub fn looks_like_results() -> String {
    "it holds a file `grades.jsonl`, as the results of a grading do".into()
}

/// `reason` is as in "is a RAR archive".
pub fn not_taken(name: &str, reason: &str) -> String {
    format!("{} {reason}", quoted(name))
}

pub fn lone_source() -> String {
    format!("is a file by itself, and nobody's name is on it: {INSTEAD}")
}

/// `what` is as in "a symbolic link".
pub fn no_file(what: &str) -> String {
    format!("is {what}, not a file: it was not read")
}

pub fn other_format(what: &str) -> String {
    format!("is {what}, which cannot be unpacked: {INSTEAD}")
}

pub fn class_in_other_format(what: &str) -> String {
    format!(
        "is {what}; a whole class is read from a .zip or a folder: unpack it, and name that folder"
    )
}

pub fn unknown_format() -> String {
    format!("is no archive: {INSTEAD}")
}

pub fn empty_file() -> String {
    format!("is empty, perhaps an upload that failed: {INSTEAD}")
}

pub fn unopened(why: &io::Error) -> String {
    format!("cannot be read: {why}")
}

pub fn broken_zip(why: &str) -> String {
    let why = harmless(why);
    format!("is broken, or only a part of an archive ({why}): pack it again")
}

pub fn overfull_zip() -> String {
    "has too long a list of contents for a submission and was not opened".into()
}

pub fn no_tar(why: &io::Error) -> String {
    let why = harmless(&why.to_string());
    format!("the archive holds no files that can be read ({why}): {INSTEAD}")
}

pub fn broken_tar(why: &io::Error) -> String {
    let why = harmless(&why.to_string());
    format!("the archive is broken or ends too early ({why}); what comes before that was taken")
}

pub fn bomb(limit: u64) -> String {
    let limit = limit >> 20;
    format!(
        "the archive unpacks to more than {limit} MiB, and what comes behind them was not looked \
         at; is it an archive bomb, or was the folder `target` packed too?"
    )
}

pub fn stumbled() -> String {
    "tutor itself stumbled over this submission, which is a bug in tutor: nothing of it was graded"
        .into()
}

/// Why a file that should be opened cannot be had.
pub fn unread(why: &Unreadable) -> String {
    match why {
        Unreadable::TooLarge { bytes, limit } => format!(
            "has {} MiB, and no more than {} are unpacked in memory: {INSTEAD}",
            bytes >> 20,
            limit >> 20
        ),
        Unreadable::Refused { reason } => format!("cannot be read: {reason}"),
        _ => unknown_format(),
    }
}

pub fn vanished() -> &'static str {
    "is not in the archive any more"
}

/// What is said of a submission of several attempts, or of several files.
pub fn attempts(names: &[&str]) -> String {
    format!(
        "{} belong to one student; for each step the last one that has it counts",
        list(names)
    )
}

/// None, if nobody else did.
pub fn handed_in_with(others: &[String]) -> Option<String> {
    (!others.is_empty()).then(|| format!("handed in together with {}", list(others)))
}

pub fn unread_list(name: &str) -> String {
    format!(
        "{} cannot be read, so students go by the numbers of their submissions, and when they handed in is \
         not known from it",
        quoted(name)
    )
}

pub fn unknown() -> &'static str {
    "not on the roster"
}

pub fn nothing_handed_in() -> &'static str {
    "nothing was handed in"
}

pub fn shortened_names(start: &str) -> String {
    let start = quoted(start);
    format!("The names of all clones begin with {start}, which was left out of the ids.")
}

/// None of the entries is made like the pattern.
pub fn no_such_name(folder: &str, names: &[String]) -> String {
    let names = list(names);
    format!("no name in `{folder}` fits `--names`; there are {names}")
}

pub fn other_name(name: &str) -> String {
    format!("{} does not fit `--names`", quoted(name))
}

pub fn odd(path: &str, what: &str) -> String {
    not_taken(path, &no_file(what))
}

pub fn unreadable_folder(path: &str, why: &io::Error) -> String {
    if path.is_empty() {
        return format!("the folder cannot be read: {why}");
    }
    format!("the folder {} cannot be read: {why}", quoted(path))
}

pub fn too_many(limit: usize) -> String {
    format!("there are more than {limit} files and folders; the others were not looked at")
}

pub fn too_deep(limit: usize) -> String {
    format!("folders nested more than {limit} deep were not looked into")
}

/// `why` is as in "leads out of the archive".
pub fn escapes(path: &str, why: &str) -> String {
    format!("{} {why} and was ignored", quoted(path))
}

pub fn twice(path: &str) -> String {
    format!(
        "{} is in the archive more than once: the last one counts",
        quoted(path)
    )
}

pub fn archive_within(path: &str) -> String {
    let path = quoted(path);
    format!("{path} is an archive inside of the submission and was not opened")
}

pub fn opened(path: &str) -> String {
    format!("all was taken out of {}", quoted(path))
}

/// Names of files that are no step's, the first few of so many.
pub struct Others<'a> {
    pub names: &'a [String],
    pub count: usize,
}

pub fn no_step(
    what: &str,
    is_empty: bool,
    step: &str,
    skipped: &[&String],
    others: Others,
) -> String {
    let found = if is_empty {
        format!("the {what} is empty")
    } else {
        "no step file was found".into()
    };
    let mut text = format!("{found}; a submission holds files named like `{step}.rs`");
    if others.count > 0 {
        let seen = list_of(others.names, others.count);
        text.push_str(&format!(", and all that was seen is {seen}"));
    }
    if !skipped.is_empty() {
        let skipped = list(skipped);
        text.push_str(&format!(
            ", and they are not looked for in folders of the course or of tools: {skipped}"
        ));
    }
    text
}

pub fn archive_like_a_source(path: &str) -> String {
    let path = quoted(path);
    format!("{path} is called like a source and is an archive: it was not opened")
}

pub fn taken_for(path: &str, step: &str) -> String {
    let path = quoted(path);
    format!("{path} was taken, as no file is named `{step}.rs` exactly")
}

pub fn rival(taken: &str, other: &str, why: Why) -> String {
    let (taken, other) = (quoted(taken), quoted(other));
    let why = match why {
        Why::Later => " as the later attempt",
        Why::Name => " for its name",
        Why::Folder => " for the folder that it is in",
        Why::Newer => " as it was written later",
        Why::Alphabet => "",
    };
    format!("{taken} was taken{why} and {other} was not, which differs from it")
}

pub fn decoded(encoding: &str) -> String {
    format!("it is in {encoding} and was read as such; save it as UTF-8, which is what Rust reads")
}

pub fn more_rivals(taken: &str, more: usize) -> String {
    let taken = quoted(taken);
    format!("{taken} was taken; {more} more could have been, and were not compared with it")
}

pub fn encrypted() -> String {
    "it is encrypted; pack it without a password".into()
}

pub fn unknown_compression() -> String {
    "it is compressed in a way that is not known here; pack it as a plain .zip or .tar.gz".into()
}

pub fn damaged(why: &str) -> String {
    let why = harmless(why);
    format!("the archive is damaged here ({why}); pack it again")
}

/// In backticks, and not too long.
fn quoted(name: &str) -> String {
    format!("`{}`", shortened(name))
}

/// Without its middle, if it is long.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return text.to_owned();
    }
    let mut shown: String = text.chars().take(SHOWN / 2).collect();
    shown.push('…');
    shown.extend(text.chars().skip(length - SHOWN / 2));
    shown
}

/// What a library says, which may quote from what it read.
fn harmless(why: &str) -> String {
    shortened(&written_bytes(why.as_bytes()))
}

/// As in "`a`, `b` and 3 more".
fn list(names: &[impl AsRef<str>]) -> String {
    list_of(names, names.len())
}

/// The same, where there are `count` and the first of them are `names`.
fn list_of(names: &[impl AsRef<str>], count: usize) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| quoted(name.as_ref()))
        .collect();
    let more = count - shown.len();
    match (shown.as_slice(), more) {
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (all, 0) => all.join(", "),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_up_to_a_few() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(list(&many), "`a`, `b`, `c`, `d`, `e` and 2 more");
    }

    #[test]
    fn long_names_are_shortened_in_the_middle() {
        let long = format!("{}/s07.rs", "ü".repeat(500));
        let shown = quoted(&long);
        assert_eq!(shown.chars().count(), SHOWN + 3);
        assert!(shown.ends_with("/s07.rs`"), "{shown}");
    }
}
