//! Who is in the class: a CSV, as teachers and platforms write it. Pure.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use unicode_normalization::UnicodeNormalization;

use super::due::{Stamp, seconds_of};

mod columns;

use columns::{Column, columns, is_of_nobody};

/// Who is in the class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The students, in the order of the file.
    pub students: Vec<Listed>,
}

/// A student of the roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The line of the file.
    pub line: u64,
    /// Unique in the roster.
    pub id: String,
    /// What the student is called.
    pub name: Option<String>,
    /// The group.
    pub group: Option<String>,
    /// Seconds that the student has more than others.
    pub extra_time: u64,
    /// Steps that do not count, as they are written.
    pub excused: Vec<String>,
    /// When it was handed in, for those of whom nothing else says so.
    pub submitted: Option<Stamp>,
}

/// What is wrong with a roster, and in which line.
type Flaw = (u64, String);

impl Roster {
    /// Reads a CSV with a line of headers. Cells are separated by commas, semicolons or tabs.
    ///
    /// # Errors
    ///
    /// If it is none, with the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        // The reader counts the end of a line with the next one if it is of two characters.
        let text = text.replace("\r\n", "\n");
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if text.trim().is_empty() {
            return Err((1, "it is empty".into()));
        }
        let (told, text) = told_delimiter(text);
        let above = u64::from(told.is_some());
        let mut reader = ReaderBuilder::new()
            .delimiter(told.unwrap_or_else(|| delimiter(text)))
            .flexible(true)
            .from_reader(text.as_bytes());
        let broken = |e: csv::Error| {
            let line = e.position().map_or(1, csv::Position::line);
            (line + above, format!("this is no CSV: {e}"))
        };
        let headers = reader.headers().map_err(broken)?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(broken)?;
        let line_of = |row: &StringRecord| row.position().map_or(0, csv::Position::line) + above;
        if let Some(row) = rows.last().filter(|row| is_never_closed(text, row)) {
            let why = "a quotation mark is opened here and never closed".into();
            return Err((line_of(row), why));
        }
        let columns = columns(&headers, &rows).map_err(|(line, why)| (line + above, why))?;
        let mut lines: HashMap<String, u64> = HashMap::new();
        let mut students = Vec::new();
        for row in &rows {
            let line = line_of(row);
            if row.iter().all(|cell| cell.trim().is_empty()) || is_of_nobody(&columns, row) {
                continue;
            }
            let student = listed(&columns, row, line).map_err(|why| (line, why))?;
            if let Some(first) = lines.insert(folded(&student.id), line) {
                return Err((line, format!("`{}` is in line {first} already", student.id)));
            }
            students.push(student);
        }
        if students.is_empty() {
            return Err((1, "there is nobody in it".into()));
        }
        Ok(Self { students })
    }

    /// Who has this id, or else the only one whom a platform would call `name`.
    #[must_use]
    pub fn find(&self, id: &str, name: Option<&str>) -> Option<&Listed> {
        let by_id = self
            .students
            .iter()
            .find(|student| folded(&student.id) == folded(id));
        by_id.or_else(|| {
            let mut named = self.students.iter().filter(|student| {
                let called = student.name.as_deref().unwrap_or_default();
                // Moodle may put the group before the name.
                let behind = student.group.as_deref().and_then(|group| {
                    let name = name?.strip_prefix(group)?;
                    name.strip_prefix('-')
                });
                let others = [Some(id), name, behind];
                others
                    .into_iter()
                    .flatten()
                    .any(|other| are_one(called, other))
            });
            named.next().filter(|_| named.next().is_none())
        })
    }
}

/// Whether the name of a roster and that of a submission are one: they consist of the same words,
/// whatever their order, as `Ana Maria Lopez` and `Lopez, Ana Maria` do. Canvas writes last and first name
/// as one, `lopezanamaria`: that is the words of the roster joined, begun with any of them.
fn are_one(listed: &str, other: &str) -> bool {
    let is_joined = !folded(other).contains(|c: char| !c.is_alphanumeric() && c != '-');
    let (mut listed, mut other) = (words(listed), words(other));
    let joined = other.concat();
    let is_rotated = (0..listed.len()).any(|start| {
        let (before, from) = listed.split_at(start);
        joined == [from, before].concat().concat()
    });
    listed.sort_unstable();
    other.sort_unstable();
    !listed.is_empty() && (listed == other || is_joined && is_rotated)
}

/// A text in lower case and composed: macOS names files with letters and their accents apart.
fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

/// The words of a name in lower case, without the marks between and within them: `O'Brien` is one
/// word, `Lopez-Cruz` is two.
fn words(name: &str) -> Vec<String> {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’');
    let is_between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() && !is_apostrophe(c);
    let plain = |word: &str| folded(&word.replace(is_apostrophe, ""));
    (name.split(is_between).map(plain))
        .filter(|word| !word.is_empty())
        .collect()
}

/// The most common of the characters that may separate the headers.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    let by_count = [b'\t', b';', b','].into_iter().max_by_key(count);
    by_count
        .filter(|separator| count(separator) > 0)
        .unwrap_or(b',')
}

/// What separates cells by Excel's own line at the top, as in `sep=;`, and the text below that line.
fn told_delimiter(text: &str) -> (Option<u8>, &str) {
    let told = text.split_once('\n').and_then(|(first, rest)| {
        let (word, separator) = first.trim_end().split_at_checked("sep=".len())?;
        let &[separator] = separator.as_bytes() else {
            return None;
        };
        (word.eq_ignore_ascii_case("sep=")).then_some((Some(separator), rest))
    });
    told.unwrap_or((None, text))
}

/// Whether the last row goes on to the end of the text for want of a quotation mark.
fn is_never_closed(text: &str, last: &StringRecord) -> bool {
    let goes_on = last.iter().any(|cell| cell.contains('\n'));
    goes_on && text.bytes().filter(|&byte| byte == b'"').count() % 2 == 1
}

fn listed(
    columns: &HashMap<Column, usize>,
    row: &StringRecord,
    line: u64,
) -> Result<Listed, String> {
    let cell = |column: Column| {
        let cell = columns.get(&column).and_then(|&at| row.get(at))?.trim();
        (!cell.is_empty()).then_some(cell)
    };
    let name = match (cell(Column::Name), cell(Column::First), cell(Column::Last)) {
        (Some(name), ..) => Some(name.to_owned()),
        (None, Some(first), Some(last)) => Some(format!("{first} {last}")),
        (None, first, last) => first.or(last).map(str::to_owned),
    };
    let extra_time = match cell(Column::ExtraTime) {
        None | Some("0") => 0,
        Some(length) => seconds_of(length).map_err(|why| format!("extra time: {why}"))?,
    };
    let submitted = match cell(Column::Submitted) {
        None => None,
        Some(time) => Some(time.parse().map_err(|why| format!("submitted: {why}"))?),
    };
    let excused = cell(Column::Excused).unwrap_or_default();
    Ok(Listed {
        line,
        id: cell(Column::Id)
            .ok_or("a student without an id")?
            .to_owned(),
        name,
        group: cell(Column::Group).map(str::to_owned),
        extra_time,
        excused: (excused
            .split([' ', ',', ';'])
            .filter(|step| !step.is_empty()))
        .map(str::to_owned)
        .collect(),
        submitted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_may_be_written_in_many_ways() {
        for text in [
            "id,name,group,extra_time,excused\n7,Ana Cruz,A,2 days,s01 s02\n",
            "\u{feff}ID;Full name;Group;Extra Time;Excused steps\r\n7;Ana Cruz;A;48 h;\"s01;s02\"\r\n",
            "SIS User ID\tSection\tFirst name\tSurname\textra-time\tEXCUSED\tother\n7\tA\tAna\tCruz\t2d\ts01,s02\tx\n",
        ] {
            let roster = Roster::parse(text).expect("a roster");
            let ana = Listed {
                line: 2,
                id: "7".into(),
                name: Some("Ana Cruz".into()),
                group: Some("A".into()),
                extra_time: 2 * 86_400,
                excused: vec!["s01".into(), "s02".into()],
                submitted: None,
            };
            assert_eq!(roster.students, [ana], "{text}");
        }
        let roster = Roster::parse("id\n7\n\n8\n").expect("a roster");
        assert_eq!(roster.students.len(), 2);
        let roster = Roster::parse("id,submitted\n7,2026-11-30 23:59\n").expect("a roster");
        assert_eq!(
            roster.students[0].submitted.map(Stamp::short),
            Some("2026-11-30 23:59".into())
        );
    }

    #[test]
    fn what_platforms_export_is_a_roster() {
        let canvas = "Student,ID,SIS User ID,SIS Login ID,Section,HW\n\
                      ,,,,,Manual Posting\n    Points Possible,,,,,5\n\
                      \"Cruz, Ana\",11,s1,ana@x.edu,A,\n";
        let moodle = "First name,Last name,ID number,Email address,Groups\nAna,Cruz,,ana@x.edu,A\n";
        let excel = "sep=;\r\nStudent;Section\r\nana;A\r\n";
        for (text, line, id, name) in [
            (canvas, 4, "11", Some("Cruz, Ana")),
            (moodle, 2, "ana@x.edu", Some("Ana Cruz")),
            (excel, 3, "ana", None),
        ] {
            let roster = Roster::parse(text).expect(text);
            let ana = Listed {
                line,
                id: id.into(),
                name: name.map(str::to_owned),
                group: Some("A".into()),
                ..Listed::default()
            };
            assert_eq!(roster.students, [ana], "{text}");
        }
        let roster = Roster::parse(moodle).expect("a roster");
        assert!(roster.find("70", Some("A-Ana Cruz")).is_some());
        assert!(roster.find("70", Some("B-Ana Cruz")).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, part) in [
            ("name\nAna\n", 1, "no column is called `id`, only `name`"),
            ("id,name\n", 1, "there is nobody in it"),
            ("", 1, "it is empty"),
            ("\u{feff}\n", 1, "it is empty"),
            (
                "sep=|\nname|x\n",
                2,
                "no column is called `id`, only `name`, `x`",
            ),
            ("id,name\n7,Ana\n8,\"Bo\n9,Cy\n", 3, "never closed"),
            ("id\n7\n8\n7\n", 4, "`7` is in line 2 already"),
            ("id\nana\nANA\n", 3, "`ANA` is in line 2 already"),
            ("id,name\n,Ana\n", 2, "a student without an id"),
            ("id,extra time\n7,25%\n", 2, "`25%` is no length of time"),
            ("id,submitted\n7,yesterday\n", 2, "a time is as in"),
        ] {
            let (at, said) = Roster::parse(text).expect_err(text);
            assert!(said.contains(part), "{text}: {said}");
            assert_eq!(at, line, "{text}");
        }
    }

    #[test]
    fn students_are_found_by_id_and_else_by_name() {
        let text = "id,name\n7,\"Cruz, Ana María\"\n8,Bo Li\n9,Li Bo\nx,Cy\n";
        let roster = Roster::parse(text).expect("a roster");
        let found =
            |id: &str, name: Option<&str>| roster.find(id, name).map(|student| &student.id[..]);
        assert_eq!(found("7", None), Some("7"));
        assert_eq!(found("X", None), Some("x"));
        assert_eq!(found("555", Some("Ana María Cruz")), Some("7"));
        assert_eq!(found("555", Some("cruzanamaría")), Some("7"));
        assert_eq!(found("Cy", None), Some("x"));
        assert_eq!(found("555", Some("maríacruzana")), Some("7"));
        // The same letters are not the same name.
        for other in ["anacruzmaría", "Naa María Cruz", "cruzmaríaana", "Ana Cruz"] {
            assert_eq!(found("555", Some(other)), None, "{other}");
        }
        assert_eq!(found("yC", None), None);
        // Two of the same name are not told apart by it.
        assert_eq!(found("555", Some("Bo Li")), None);
        assert_eq!(found("555", None), None);
        assert_eq!(found("---", Some("")), None);
    }

    #[test]
    fn accents_may_stand_apart() {
        let roster = Roster::parse("id,name\njosé,Zoë Nguyễn\n").expect("it is sound");
        for (id, name) in [
            ("jose\u{301}", None),
            ("Jose\u{301}", None),
            ("1", Some("Zoe\u{308} Nguye\u{302}\u{303}n")),
            ("nguye\u{302}\u{303}nzoe\u{308}", None),
        ] {
            assert!(roster.find(id, name).is_some(), "{id} {name:?}");
        }
        assert!(roster.find("jose", None).is_none());
    }

    #[test]
    fn names_are_one_by_their_words() {
        for (listed, other) in [
            ("Ana Maria Lopez", "Lopez, Ana Maria"),
            ("Ana Maria Lopez", "LOPEZ_Ana-Maria"),
            ("Ana Maria Lopez", "lopezanamaria"),
            ("Bo Lee-Smith", "lee-smithbo"),
            ("Pat O'Brien", "OBrien, Pat"),
            ("Pat O’Brien", "obrienpat"),
            ("Ana", "ANA"),
        ] {
            assert!(are_one(listed, other), "{listed}, {other}");
        }
        for (listed, other) in [
            ("Ana", "Naa"),
            ("Ana Bo", "An Abo"),
            ("Ana Maria Lopez", "Ana Lopez"),
            ("Ana Maria Lopez", "lopezmariaana"),
            ("", ""),
            ("-", "--"),
        ] {
            assert!(!are_one(listed, other), "{listed}, {other}");
        }
    }
}
