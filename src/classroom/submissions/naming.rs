//! How learning platforms name what they export. Pure.

use crate::classroom::record::Submitted;

pub mod blackboard;
mod brightspace;
mod canvas;

/// Who gives names in one way. Ids of different platforms are different people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// `First Last_1234567_assignsubmission_file_`
    Moodle,
    /// `surnamefirst_LATE_12345_67890_s06.rs`
    Canvas,
    /// `Assignment_userid_attempt_2026-11-01-10-00-00_s06.rs`
    Blackboard,
    /// `12345-67890 - First Last - Nov 1, 2026 1000 AM`
    Brightspace,
    /// `submission_123`
    Gradescope,
    /// `assignment-user`, where all are clones
    GitHub,
    /// The teacher's own pattern
    Pattern,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who gave it.
    pub platform: Platform,
    /// What the student is called.
    pub student: Option<String>,
    /// Who it is.
    pub id: String,
    /// The file's own name, as the student had it.
    pub file: Option<String>,
    /// Which attempt, as far as it is not said by the file's own name. The larger came later.
    pub order: (u64, u64),
    /// When it was handed in, and what says so.
    pub time: Option<Submitted>,
    /// Whether the platform says that it came too late.
    pub is_late: bool,
    /// The ids of those who handed in the same together with this one.
    pub with: Vec<String>,
}

impl Named {
    /// Nothing but who it is.
    pub fn new(platform: Platform, id: &str) -> Self {
        Self {
            platform,
            student: None,
            id: id.to_owned(),
            file: None,
            order: (0, 0),
            time: None,
            is_late: false,
            with: Vec::new(),
        }
    }
}

/// What the name of a folder or a file says, if a platform gave it.
pub fn of(name: &str, is_folder: bool) -> Option<Named> {
    moodle(name, is_folder).or_else(|| {
        if is_folder {
            gradescope(name).or_else(|| brightspace::of(name))
        } else {
            blackboard::of(name).or_else(|| canvas::of(name))
        }
    })
}

/// As in `First Last_1234567_assignsubmission_file_`, a folder, perhaps without the last `_`; or
/// with the file's own name behind it.
fn moodle(name: &str, is_folder: bool) -> Option<Named> {
    let (head, kind) = name.split_once("_assignsubmission_")?;
    let rest = kind
        .strip_prefix("file")
        .or_else(|| kind.strip_prefix("onlinetext"))?;
    let (student, id) = head.rsplit_once('_')?;
    let file = rest.strip_prefix('_').unwrap_or(rest);
    let fits = if is_folder {
        file.is_empty()
    } else {
        rest.starts_with('_')
    };
    // An archive of such a folder has its ending behind the name.
    let file = Some(file).filter(|file| !file.is_empty());
    (fits && is_number(id)).then(|| Named {
        student: Some(student.to_owned()),
        file: file.map(str::to_owned),
        ..Named::new(Platform::Moodle, id)
    })
}

/// As in `submission_123`.
fn gradescope(name: &str) -> Option<Named> {
    let id = name.strip_prefix("submission_")?;
    is_number(id).then(|| Named::new(Platform::Gradescope, id))
}

/// Where the names of the clones of one assignment begin to differ, as in `assignment-ana`,
/// `assignment-bob`: their common start, up to a hyphen. One clone alone tells nothing.
pub fn assignment<'a>(names: &[&'a str]) -> Option<&'a str> {
    common_start(names, b'-')
}

/// The common start of several names up to the last `separator` in it, where each goes on behind it.
fn common_start<'a>(names: &[&'a str], separator: u8) -> Option<&'a str> {
    let (first, rest) = names.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let shared = rest.iter().fold(first.len(), |shared, name| {
        let same = first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b);
        shared.min(same.count())
    });
    let end = first.as_bytes()[..shared]
        .iter()
        .rposition(|&byte| byte == separator)?
        + 1;
    names
        .iter()
        .all(|name| name.len() > end)
        .then(|| &first[..end])
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(
        name: &str,
        is_folder: bool,
    ) -> Option<(Platform, String, Option<String>, Option<String>)> {
        of(name, is_folder).map(|named| (named.platform, named.id, named.student, named.file))
    }

    #[test]
    fn moodle_puts_the_name_first() {
        for name in [
            "Ana María de la Cruz_1234567_assignsubmission_file_",
            "Ana María de la Cruz_1234567_assignsubmission_file",
            "Ana María de la Cruz_1234567_assignsubmission_onlinetext_",
        ] {
            let expected = (
                Platform::Moodle,
                "1234567".into(),
                Some("Ana María de la Cruz".to_owned()),
                None,
            );
            assert_eq!(said(name, true), Some(expected), "{name}");
        }
        let flat = said("Bo Li_7_assignsubmission_file_s06 (1).rs", false);
        assert_eq!(
            flat,
            Some((
                Platform::Moodle,
                "7".into(),
                Some("Bo Li".to_owned()),
                Some("s06 (1).rs".to_owned())
            ))
        );
        assert_eq!(said("Bo Li_assignsubmission_file_", true), None);
        assert_eq!(said("Bo Li_7_assignsubmission_else_", true), None);
    }

    #[test]
    fn gradescope_counts() {
        assert_eq!(
            said("submission_123", true),
            Some((Platform::Gradescope, "123".into(), None, None))
        );
        assert_eq!(said("submission_123.zip", false), None);
        assert_eq!(said("submission_ana", true), None);
    }

    #[test]
    fn clones_share_the_name_of_the_assignment() {
        assert_eq!(assignment(&["gpt-ana", "gpt-bob"]), Some("gpt-"));
        assert_eq!(
            assignment(&["gpt-2-ana", "gpt-2-anton", "gpt-2-bob"]),
            Some("gpt-2-")
        );
        assert_eq!(assignment(&["gpt-ana", "gpt-ana-b"]), Some("gpt-"));
        assert_eq!(assignment(&["gpt-ana"]), None);
        assert_eq!(assignment(&["ana", "bob"]), None);
        assert_eq!(assignment(&["gpt-", "gpt-b"]), None);
        assert_eq!(assignment(&["ü-a", "ü-b"]), Some("ü-"));
    }
}
