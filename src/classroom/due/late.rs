//! What being late costs, and lengths of time as people write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units of time and their seconds, the longest first.
const UNITS: [(&str, u64); 4] = [
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
];

/// Longer than any course: ten years.
const LONGEST: u64 = 10 * 366 * 86_400;

/// So many percent of the points are taken off, for each begun unit of time or once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateRule {
    percent: u32,
    /// Seconds of a unit.
    per: Option<u64>,
    /// No more than so many percent.
    up_to: u32,
    /// Being late by so many seconds costs nothing.
    grace: u64,
}

impl LateRule {
    /// Percent of the points that being late by so many seconds costs.
    #[must_use]
    pub fn percent(&self, seconds: u64) -> u32 {
        if seconds <= self.grace {
            return 0;
        }
        let units = self.per.map_or(1, |unit| seconds.div_ceil(unit));
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        self.percent.saturating_mul(units).min(self.up_to)
    }
}

/// As it is typed, in one form.
impl fmt::Display for LateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent)?;
        if let Some(unit) = self.per {
            let words = all_units(unit).join(" ");
            write!(f, " per {}", words.strip_prefix("1 ").unwrap_or(&words))?;
        }
        if self.up_to < 100 {
            write!(f, " up to {}%", self.up_to)?;
        }
        if self.grace > 0 {
            write!(f, " after {}", all_units(self.grace).join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for LateRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const AS_IN: &str =
            "as in `10% per day`, `5% per 12 hours up to 50%`, or `20% after 15 minutes`";
        let (rest, grace) = match text.split_once(" after ") {
            Some((rest, grace)) => (rest, seconds_of(grace)?),
            None => (text, 0),
        };
        let (rest, up_to) = match rest.split_once(" up to ") {
            Some((rest, up_to)) => (rest, percent(up_to).ok_or(AS_IN)?),
            None => (rest, 100),
        };
        let (amount, per) = match rest.split_once(" per ") {
            Some((amount, unit)) => (amount, Some(seconds_of(unit)?)),
            None => (rest, None),
        };
        if per == Some(0) {
            return Err(AS_IN.into());
        }
        Ok(Self {
            percent: percent(amount).ok_or(AS_IN)?,
            per,
            up_to,
            grace,
        })
    }
}

/// As in `10%`, from 0 to 100.
fn percent(text: &str) -> Option<u32> {
    let number = text.trim().strip_suffix('%')?.trim_end().parse().ok()?;
    (number <= 100).then_some(number)
}

/// The seconds of a length of time, as in `2 days`, `36h` or `1 day 12 hours`.
///
/// # Errors
///
/// If it is none: a number alone says no unit.
pub fn seconds_of(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no length of time: it is as in `2 days` or `36 hours`");
    let mut seconds: u64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let behind = behind.trim_start();
        let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, behind) = behind.split_at(letters);
        let number: u64 = match number {
            // As in "per day".
            "" if seconds == 0 => 1,
            number => number.parse().map_err(|_| wrong())?,
        };
        let unit = unit_of(&unit.to_lowercase()).ok_or_else(wrong)?;
        let length = number.checked_mul(unit).ok_or_else(wrong)?;
        seconds = seconds.checked_add(length).ok_or_else(wrong)?;
        rest = behind.trim_start();
    }
    if seconds > LONGEST || text.trim().is_empty() {
        return Err(wrong());
    }
    Ok(seconds)
}

fn unit_of(word: &str) -> Option<u64> {
    let is_meant = |unit: &str| {
        let one = word.strip_suffix('s').unwrap_or(word);
        one == unit || word == &unit[..1] || (unit == "minute" && one == "min")
    };
    let meant = UNITS.iter().find(|(unit, _)| is_meant(unit));
    meant.map(|&(_, seconds)| seconds)
}

/// A length of time in the one or two units that say most, as in `1 day 3 hours`. Less than a
/// minute is `less than a minute`.
#[must_use]
pub fn words(seconds: u64) -> String {
    let mut units = all_units(seconds);
    units.truncate(2);
    if units.is_empty() {
        return "less than a minute".into();
    }
    units.join(" ")
}

/// A length of time in all its units, down to minutes.
fn all_units(seconds: u64) -> Vec<String> {
    let mut rest = seconds;
    let mut units = Vec::new();
    for (unit, length) in UNITS {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            units.push(format!("{count} {unit}{plural}"));
        }
    }
    units
}

impl Serialize for LateRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LateRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    fn rule(text: &str) -> LateRule {
        text.parse().expect("a rule")
    }

    #[test]
    fn each_begun_unit_costs_the_same() {
        let daily = rule("10% per day");
        for (seconds, percent) in [
            (1, 10),
            (DAY, 10),
            (DAY + 1, 20),
            (9 * DAY, 90),
            (40 * DAY, 100),
        ] {
            assert_eq!(daily.percent(seconds), percent, "{seconds}");
        }
        let bounded = rule("5% per 12 hours up to 12% after 30 minutes");
        for (seconds, percent) in [
            (1800, 0),
            (1801, 5),
            (DAY, 10),
            (DAY + 1, 12),
            (u64::MAX, 12),
        ] {
            assert_eq!(bounded.percent(seconds), percent, "{seconds}");
        }
        assert_eq!(rule("20%").percent(1), 20);
        assert_eq!(rule("20%").percent(99 * DAY), 20);
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for text in [
            "10% per day",
            "5% per 12 hours up to 50%",
            "20%",
            "3% per 90 min after 1 day 2 hours 3 minutes",
        ] {
            assert_eq!(rule(&rule(text).to_string()), rule(text), "{text}");
        }
        assert_eq!(rule("10 % per 1 day").to_string(), "10% per day");
        for text in [
            "",
            "10",
            "10 per day",
            "110%",
            "10% per fortnight",
            "10% per 0 days",
            "x% per day",
            "10% per",
        ] {
            assert!(text.parse::<LateRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_of_time_have_units() {
        for (text, seconds) in [
            ("2 days", 2 * DAY),
            ("1 day", DAY),
            ("36h", 36 * 3600),
            ("1 day 12 hours", DAY + 12 * 3600),
            ("90 min", 5400),
            ("1 Week", 7 * DAY),
            ("0 days", 0),
        ] {
            assert_eq!(seconds_of(text), Ok(seconds), "{text}");
        }
        for text in [
            "",
            "2",
            "1.5 days",
            "25%",
            "2 moons",
            "-1 day",
            "99999999999999999999 days",
            "9999999999 days",
        ] {
            assert!(seconds_of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_say_what_matters() {
        for (seconds, text) in [
            (59, "less than a minute"),
            (60, "1 minute"),
            (3 * 3600 + 120, "3 hours 2 minutes"),
            (DAY + 60, "1 day 1 minute"),
            (2 * DAY + 5 * 3600, "2 days 5 hours"),
            (8 * DAY, "1 week 1 day"),
        ] {
            assert_eq!(words(seconds), text);
        }
    }
}
