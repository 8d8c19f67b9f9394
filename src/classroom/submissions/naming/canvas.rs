//! The names that Canvas gives. Pure.

use super::{Named, Platform, is_number};

/// What Canvas makes of a text or a link that was handed in instead of a file.
const OWN: [&str; 2] = ["text.html", "link.html"];

/// Stands before the id of somebody whose name Canvas keeps to itself.
const ANONYMOUS: &str = "anon";

/// As in `surnamefirst_LATE_12345_67890_s06.rs`: who, perhaps that it is late, the student's number,
/// the file's number, the file. The name of a group may have a `_` in it. Where students are to be
/// unknown it is `anon_Ab3dE_67890_s06.rs`, or `LATE_anon_…`; a text has no number of a file, as in
/// `surnamefirst_12345_text.html`.
pub fn of(name: &str) -> Option<Named> {
    let words: Vec<&str> = name.split('_').collect();
    anonymous(&words).or_else(|| {
        (1..words.len()).find_map(|at| {
            let (student, rest) = words.split_at(at);
            let (is_late, student) = match student {
                [student @ .., "LATE"] if !student.is_empty() => (true, student),
                _ => (false, student),
            };
            let student = student.join("_");
            let named =
                numbered(rest).filter(|named| is_number(&named.id) && !student.is_empty())?;
            Some(Named {
                student: Some(student),
                is_late,
                ..named
            })
        })
    })
}

fn anonymous(words: &[&str]) -> Option<Named> {
    let (is_late, rest) = match words {
        ["LATE", rest @ ..] => (true, rest),
        _ => (false, words),
    };
    let rest = rest.strip_prefix(&[ANONYMOUS])?;
    let id = rest.first()?;
    let is_short =
        (1..=8).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let named = numbered(rest).filter(|_| is_short)?;
    Some(Named { is_late, ..named })
}

/// The words from the student's number on.
fn numbered(words: &[&str]) -> Option<Named> {
    let (id, rest) = words.split_first()?;
    let (upload, file) = match rest {
        [own] if OWN.contains(own) => (0, (*own).to_owned()),
        [number, file @ ..] if is_number(number) => (number.parse().ok()?, file.join("_")),
        _ => return None,
    };
    (!file.is_empty()).then(|| Named {
        file: Some(file),
        order: (0, upload),
        ..Named::new(Platform::Canvas, id)
    })
}

#[cfg(test)]
mod tests {
    use super::super::of;
    use super::*;

    #[test]
    fn canvas_puts_numbers_before_the_file() {
        let late = of(
            "doejane_LATE_12345_67890_s06_position_embeddings-1.rs",
            false,
        )
        .expect("it is");
        assert!(late.is_late);
        assert_eq!((&late.id[..], late.order), ("12345", (0, 67890)));
        assert_eq!(late.student, Some("doejane".to_owned()));
        assert_eq!(late.file, Some("s06_position_embeddings-1.rs".to_owned()));
        let in_time = of("doejane_12345_67890_homework.zip", false).expect("it is");
        assert!(!in_time.is_late);
        for name in ["alice_12345_s07_attention.rs", "a_1_2_", "late_LATE_1.rs"] {
            assert_eq!(of(name, false), None, "{name}");
        }
        assert_eq!(of("doejane_12345_67890_s06", true), None);
    }

    #[test]
    fn a_group_may_have_an_underscore_and_the_unknown_have_no_name() {
        let said = |name: &str| {
            let named = of(name, false).unwrap_or_else(|| panic!("{name} is Canvas'"));
            assert_eq!(named.platform, Platform::Canvas, "{name}");
            (named.id, named.student, named.is_late, named.file)
        };
        let row = |id: &str, student: Option<&str>, is_late, file: &str| {
            let student = student.map(str::to_owned);
            (id.to_owned(), student, is_late, Some(file.to_owned()))
        };
        for (name, expected) in [
            (
                "blue_team_12_34_s06.rs",
                row("12", Some("blue_team"), false, "s06.rs"),
            ),
            (
                "blue_team_LATE_12_34_my_s06.rs",
                row("12", Some("blue_team"), true, "my_s06.rs"),
            ),
            ("anon_Ab3dE_34_s06.rs", row("Ab3dE", None, false, "s06.rs")),
            (
                "LATE_anon_Zz9yX_34_s06.rs",
                row("Zz9yX", None, true, "s06.rs"),
            ),
            ("anon_12345_34_s06.rs", row("12345", None, false, "s06.rs")),
            (
                "doejane_12_text.html",
                row("12", Some("doejane"), false, "text.html"),
            ),
            (
                "doejane_LATE_12_link.html",
                row("12", Some("doejane"), true, "link.html"),
            ),
            (
                "anon_Ab3dE_text.html",
                row("Ab3dE", None, false, "text.html"),
            ),
        ] {
            assert_eq!(said(name), expected, "{name}");
        }
        for name in ["anon_s06.rs", "anon_position_1.rs", "doejane_12_notes.html"] {
            assert_eq!(of(name, false), None, "{name}");
        }
    }
}
