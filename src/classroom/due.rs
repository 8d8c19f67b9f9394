//! When something was handed in, when it was due, and what being late costs. Pure.

mod late;
mod stamp;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use late::{LateRule, seconds_of, words};
pub use stamp::Stamp;

/// When everything is due, in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due(DateTime<FixedOffset>);

/// How late something came, and what that costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lateness {
    /// Seconds after the time it was due, extra time included.
    pub seconds: u64,
    /// Percent of the points that are taken off, from 0 to 100.
    pub percent: u32,
}

impl Due {
    /// How late something is that was handed in at `at`, if it is, by someone who has `extra`
    /// seconds more than others. A time that says no zone is taken to be in that of the due time.
    #[must_use]
    pub fn lateness(self, at: Stamp, extra: u64, rule: Option<&LateRule>) -> Option<Lateness> {
        let handed_in = at.seconds_in(*self.0.offset());
        let due = self.0.timestamp().saturating_add_unsigned(extra);
        let seconds = u64::try_from(handed_in.saturating_sub(due)).ok()?;
        // In the very second in which it is due, it is in time.
        (seconds > 0).then(|| Lateness {
            seconds,
            percent: rule.map_or(0, |rule| rule.percent(seconds)),
        })
    }
}

/// As in `2026-11-30T23:59:00+01:00`.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

impl From<DateTime<FixedOffset>> for Due {
    fn from(time: DateTime<FixedOffset>) -> Self {
        Self(time)
    }
}

impl FromStr for Due {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let stamp: Stamp = text.parse()?;
        let time = stamp.zoned().map(Self);
        time.ok_or_else(|| format!("`{text}` says no zone"))
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(text: &str) -> Due {
        text.parse().expect("a time")
    }

    fn late_by(at: &str, extra: u64) -> Option<u64> {
        let at = at.parse().expect("a time");
        let due = due("2026-11-30T23:59+01:00");
        due.lateness(at, extra, None).map(|late| late.seconds)
    }

    #[test]
    fn late_is_what_comes_after_the_second() {
        assert_eq!(late_by("2026-11-30T23:59:00+01:00", 0), None);
        assert_eq!(late_by("2026-11-30T23:59:01+01:00", 0), Some(1));
        assert_eq!(late_by("2026-11-30T22:59:00Z", 0), None);
        assert_eq!(late_by("2026-11-30T23:00:00Z", 0), Some(60));
    }

    #[test]
    fn a_time_without_a_zone_is_in_that_of_the_due_time() {
        assert_eq!(late_by("2026-11-30 23:59", 0), None);
        assert_eq!(late_by("2026-12-01 00:00", 0), Some(60));
    }

    #[test]
    fn extra_time_comes_on_top() {
        assert_eq!(late_by("2026-12-02 23:59", 2 * 86400), None);
        assert_eq!(late_by("2026-12-02 23:59:01", 2 * 86400), Some(1));
    }

    #[test]
    fn a_due_time_has_a_zone() {
        let shown = due("2026-11-30T23:59-05:30").to_string();
        assert_eq!(shown, "2026-11-30T23:59:00-05:30");
        assert_eq!(due(&shown), due("2026-11-30T23:59-05:30"));
        let said = |text: &str| Due::from_str(text).expect_err("it is none");
        assert!(said("2026-11-30T23:59").contains("says no zone"));
        assert!(said("tomorrow").contains("2026-11-30T23:59"));
        assert!(said("2026-02-30T23:59Z").contains("no such"));
    }
}
