//! The names that Brightspace (D2L) gives. Pure.

use super::{Named, Platform, is_number};
use crate::classroom::due::Stamp;
use crate::classroom::record::{Submitted, TimeFrom};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// As in `12345-67890 - First Last - Nov 1, 2026 1000 AM`, a folder for each attempt: the student's
/// number, another number, who, and when.
pub fn of(name: &str) -> Option<Named> {
    let (numbers, rest) = name.split_once(" - ")?;
    let (id, other) = numbers.split_once('-')?;
    let (student, time) = rest.rsplit_once(" - ")?;
    let fits = is_number(id) && is_number(other) && !student.trim().is_empty();
    let at = time_of(time).filter(|_| fits)?;
    Some(Named {
        student: Some(student.trim().to_owned()),
        order: (u64::try_from(at.order()).ok()?, 0),
        time: Some(Submitted {
            at,
            from: TimeFrom::Name,
        }),
        ..Named::new(Platform::Brightspace, id)
    })
}

/// As in `Nov 1, 2026 1000 AM`; without the colon, which no file's name may have in it on Windows.
fn time_of(text: &str) -> Option<Stamp> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [month, day, year, clock, half @ ..] = &words[..] else {
        return None;
    };
    let is_meant = |known: &&str| month.get(..known.len()) == Some(*known);
    let month = MONTHS.iter().position(is_meant)? + 1;
    let number = |text: &str| -> Option<u32> { is_number(text).then(|| text.parse().ok())? };
    let (hour, minute) = clock.split_at_checked(clock.len().checked_sub(2)?)?;
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match half {
        [] => hour,
        ["AM"] if (1..=12).contains(&hour) => hour % 12,
        ["PM"] if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    let day = number(day.strip_suffix(',').unwrap_or(day))?;
    let date = [number(year)?, u32::try_from(month).ok()?, day];
    Stamp::local(date, [hour, minute, 0])
}

#[cfg(test)]
mod tests {
    use super::super::of;
    use super::*;

    #[test]
    fn brightspace_says_who_and_when() {
        let of =
            |name: &str| of(name, true).filter(|named| named.platform == Platform::Brightspace);
        for (time, expected) in [
            ("Nov 20, 2026 1011 AM", "2026-11-20T10:11:00"),
            ("Nov 3, 2026 911 PM", "2026-11-03T21:11:00"),
            ("Dec 1, 2026 1259 AM", "2026-12-01T00:59:00"),
            ("Dec 1, 2026 1200 PM", "2026-12-01T12:00:00"),
            ("June 9, 2026 2301", "2026-06-09T23:01:00"),
        ] {
            let name = format!("12345-67890 - Jean-Luc O'Neill - Roy, Jr. - {time}");
            let named = of(&name).unwrap_or_else(|| panic!("{name} is Brightspace's"));
            assert_eq!(named.id, "12345");
            assert_eq!(
                named.student.as_deref(),
                Some("Jean-Luc O'Neill - Roy, Jr.")
            );
            let at = named.time.map(|time| time.at.to_string());
            assert_eq!(at.as_deref(), Some(expected), "{time}");
        }
        for name in [
            "12345-67890 - Ana - Nov 31, 2026 1011 AM",
            "12345-67890 - Ana - Nov 20, 2026 1311 PM",
            "12345-67890 - Ana - Nov 20, 2026 é1 PM",
            "12345-67890 - Ana",
            "12345 - Ana - Nov 20, 2026 1011 AM",
            "12345-67890 -  - Nov 20, 2026 1011 AM",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
