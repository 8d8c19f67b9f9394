//! The names that Blackboard gives. Pure.

use super::{Named, Platform, common_start, is_number};
use crate::classroom::due::Stamp;
use crate::classroom::record::{Submitted, TimeFrom};

/// Stands between who it is and when it was handed in.
const MARK: &str = "_attempt_";

const TIME: usize = "2026-11-01-10-00-00".len();

/// As in `Assignment_userid_attempt_2026-11-01-10-00-00_s06.rs`; what ends with `.txt` behind the
/// time is Blackboard's own word on the attempt.
pub fn of(name: &str) -> Option<Named> {
    let (head, time, rest) = parts(name)?;
    let (_, id) = head.rsplit_once('_')?;
    let file = rest.strip_prefix('_').filter(|file| !file.is_empty());
    if file.is_none() && rest != ".txt" || id.is_empty() {
        return None;
    }
    Some(Named {
        file: file.map(str::to_owned),
        order: (u64::try_from(time.order()).ok()?, 0),
        time: Some(Submitted {
            at: time,
            from: TimeFrom::Name,
        }),
        ..Named::new(Platform::Blackboard, id)
    })
}

/// The assignment and who it is, as in `Assignment_userid`.
pub fn head(name: &str) -> Option<&str> {
    parts(name).map(|(head, ..)| head)
}

/// What all heads begin with, up to a `_`: the assignment. What is left of each is who it is, be there a
/// `_` in it or not.
pub fn assignment<'a>(heads: &[&'a str]) -> Option<&'a str> {
    common_start(heads, b'_')
}

/// What stands before the time, the time, and what stands behind it.
fn parts(name: &str) -> Option<(&str, Stamp, &str)> {
    // An assignment or a file may have the mark in its name, too.
    name.match_indices(MARK).find_map(|(at, _)| {
        let behind = &name[at + MARK.len()..];
        let time = time(behind.get(..TIME)?)?;
        Some((&name[..at], time, &behind[TIME..]))
    })
}

fn time(text: &str) -> Option<Stamp> {
    let number = |part: &str| is_number(part).then(|| part.parse().ok())?;
    let numbers: Vec<u32> = text.split('-').map(number).collect::<Option<_>>()?;
    let [year, month, day, hour, minute, second] = numbers[..] else {
        return None;
    };
    Stamp::local([year, month, day], [hour, minute, second])
}

#[cfg(test)]
mod tests {
    use super::super::of;
    use super::*;

    #[test]
    fn blackboard_says_when() {
        let name = "Home work_1_jd42_attempt_2026-11-01-10-00-00_s06.rs";
        let named = of(name, false).expect("it is");
        assert_eq!((&named.id[..], named.student), ("jd42", None));
        assert_eq!(named.file, Some("s06.rs".to_owned()));
        assert_eq!(
            named.time.map(|time| time.at.to_string()),
            Some("2026-11-01T10:00:00".to_owned())
        );
        let later = of("Home work_1_jd42_attempt_2026-11-02-09-00-00.txt", false).expect("it is");
        assert!(later.order > named.order && later.file.is_none());
        for name in [
            "W_u_attempt_2026-13-01-10-00-00_x.rs",
            "W_u_attempt_2026-11-01_x.rs",
            "W_u_attempt_2026-11-01-10-00-00x.rs",
            "u_attempt_x",
        ] {
            assert_eq!(of(name, false), None, "{name}");
        }
    }

    #[test]
    fn a_name_may_have_the_mark_in_it() {
        let name = "An_attempt_2_ann_attempt_2026-11-01-10-00-00_my_attempt_3.rs";
        let named = of(name, false).expect("it is");
        assert_eq!(
            (&named.id[..], named.file.as_deref()),
            ("ann", Some("my_attempt_3.rs"))
        );
        assert_eq!(head(name), Some("An_attempt_2_ann"));
    }
}
