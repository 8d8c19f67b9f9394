//! A time as platforms, archives and people write it, with a zone or without.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time to the second. Where its zone is not known, it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    local: NaiveDateTime,
    zone: Option<FixedOffset>,
}

impl Stamp {
    /// A time of a clock on some wall; none if there is no such day or time.
    #[must_use]
    pub fn local([year, month, day]: [u32; 3], [hour, minute, second]: [u32; 3]) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        Some(Self {
            local: date.and_hms_opt(hour, minute, second)?,
            zone: None,
        })
    }

    /// So many seconds after 1970 began, in UTC.
    #[must_use]
    pub fn utc(seconds: i64) -> Option<Self> {
        let time: DateTime<FixedOffset> = DateTime::from_timestamp(seconds, 0)?.into();
        Some(Self {
            local: time.naive_utc(),
            zone: Some(*time.offset()),
        })
    }

    /// Seconds since 1970 began in UTC, if a time without a zone is one of `zone`.
    #[must_use]
    pub fn seconds_in(self, zone: FixedOffset) -> i64 {
        let zone = self.zone.unwrap_or(zone);
        self.local.and_utc().timestamp() - i64::from(zone.local_minus_utc())
    }

    /// What times are put in order by, where a zone makes no difference that matters.
    #[must_use]
    pub fn order(self) -> i64 {
        self.seconds_in(Utc.fix())
    }

    /// The time with its zone, if that is known.
    #[must_use]
    pub fn zoned(self) -> Option<DateTime<FixedOffset>> {
        self.local.and_local_timezone(self.zone?).single()
    }

    /// The time as such a clock shows it, wherever that is.
    #[must_use]
    pub fn on_the_clock(self) -> NaiveDateTime {
        self.local
    }

    /// As people read it: without seconds.
    #[must_use]
    pub fn short(self) -> String {
        let local = self.local.format("%Y-%m-%d %H:%M");
        match self.zone {
            None => local.to_string(),
            Some(zone) if zone.local_minus_utc() == 0 => format!("{local} UTC"),
            Some(zone) => format!("{local} {zone}"),
        }
    }
}

/// As in `2026-11-30T23:59:00+01:00`, or without a zone.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local.format("%Y-%m-%dT%H:%M:%S"))?;
        match self.zone {
            Some(zone) => write!(f, "{zone}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Stamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const AS_IN: &str = "a time is as in `2026-11-30T23:59`, with its zone behind it";
        let text = text.trim();
        // A minus can begin a zone behind the time only: the date has two.
        let at = text
            .get(10..)
            .and_then(|rest| rest.find(['+', '-', 'Z', 'z']));
        let (local, zone) = match at {
            Some(at) => text.split_at(10 + at),
            None => (text, ""),
        };
        let zone = match zone {
            "" => None,
            "Z" | "z" => FixedOffset::east_opt(0),
            offset => Some(offset.parse().map_err(|_| AS_IN)?),
        };
        let local = local.trim_end().replacen(' ', "T", 1);
        let digits = local.bytes().filter(u8::is_ascii_digit).count();
        let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let parsed = forms
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&local, form).ok());
        match parsed {
            Some(local) => Ok(Self { local, zone }),
            None if digits == 12 || digits == 14 => Err(format!("there is no such time; {AS_IN}")),
            None => Err(AS_IN.into()),
        }
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_it_is_read() {
        for (text, written, short) in [
            (
                "2026-11-30T23:59",
                "2026-11-30T23:59:00",
                "2026-11-30 23:59",
            ),
            (
                "2026-11-30 23:59:07",
                "2026-11-30T23:59:07",
                "2026-11-30 23:59",
            ),
            (
                "2026-11-30T23:59Z",
                "2026-11-30T23:59:00+00:00",
                "2026-11-30 23:59 UTC",
            ),
            (
                "2026-11-30T23:59 -05:30",
                "2026-11-30T23:59:00-05:30",
                "2026-11-30 23:59 -05:30",
            ),
        ] {
            let stamp: Stamp = text.parse().expect("a time");
            assert_eq!(stamp.to_string(), written);
            assert_eq!(written.parse(), Ok(stamp));
            assert_eq!(stamp.short(), short);
        }
        for text in [
            "",
            "2026-11-30",
            "30.11.2026 23:59",
            "2026-11-30T25:00",
            "2026-11-30T23:59+x",
            "ü",
        ] {
            assert!(text.parse::<Stamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_are_those_of_the_zone() {
        let zone = FixedOffset::east_opt(3600).expect("a zone");
        let local = Stamp::local([1970, 1, 1], [1, 0, 0]).expect("a time");
        assert_eq!(local.seconds_in(zone), 0);
        assert_eq!(local.order(), 3600);
        let utc = Stamp::utc(5).expect("a time");
        assert_eq!((utc.seconds_in(zone), utc.order()), (5, 5));
        assert_eq!(Stamp::local([2026, 2, 30], [0, 0, 0]), None);
    }
}
