//! Points, exact to a hundredth.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// More than anything is worth.
const MOST: f64 = 1e7;

/// Points, exact to a hundredth. A JSON number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points {
    hundredths: u32,
}

impl Points {
    /// As many whole points.
    #[must_use]
    pub const fn whole(points: u32) -> Self {
        Self {
            hundredths: points * 100,
        }
    }

    /// `number` as points, if it is one: not negative, at most ten million, two decimals at most.
    #[must_use]
    pub fn exactly(number: f64) -> Option<Self> {
        if !(0.0..=MOST).contains(&number) {
            return None;
        }
        let hundredths = (number * 100.0).round();
        // What is written with two decimals is off by as much as a float is, and no more.
        let is_exact = (hundredths / 100.0 - number).abs() <= f64::EPSILON * number;
        is_exact.then(|| Self {
            hundredths: whole(hundredths),
        })
    }

    /// `part` of `all` of these points, rounded down to a hundredth; none if `all` is 0.
    #[must_use]
    pub fn share(self, part: usize, all: usize) -> Self {
        let share = (u64::from(self.hundredths) * part as u64)
            .checked_div(all as u64)
            .unwrap_or(0);
        Self {
            hundredths: u32::try_from(share).unwrap_or(self.hundredths),
        }
    }

    /// What is left of these when `others` are taken off, at least none.
    #[must_use]
    pub fn less(self, others: Self) -> Self {
        Self {
            hundredths: self.hundredths.saturating_sub(others.hundredths),
        }
    }

    /// The mean, rounded to the nearest hundredth; none of none.
    #[must_use]
    pub fn mean(all: impl Iterator<Item = Self>) -> Self {
        let (sum, count) = all.fold((0_u64, 0_u64), |(sum, count), points| {
            (sum + u64::from(points.hundredths), count + 1)
        });
        let mean = (sum + count / 2).checked_div(count).unwrap_or(0);
        Self {
            // A mean is no larger than the largest.
            hundredths: u32::try_from(mean).unwrap_or(u32::MAX),
        }
    }

    /// How many tenths of `all` these are, none if `all` is nothing. Only nothing has 0 and only all
    /// of it has 10.
    #[must_use]
    pub fn tenths_of(self, all: Self) -> Option<u32> {
        let tenths = (self.hundredths.saturating_mul(10)).checked_div(all.hundredths)?;
        let least = u32::from(self.hundredths > 0);
        Some(tenths.clamp(least, if self < all { 9 } else { 10 }))
    }

    /// As a number.
    #[must_use]
    pub fn number(self) -> f64 {
        f64::from(self.hundredths) / 100.0
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self {
            hundredths: all.map(|points| points.hundredths).sum(),
        }
    }
}

/// As short as possible: `7.5`, `20`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.hundredths.is_multiple_of(100) {
            serializer.serialize_u32(self.hundredths / 100)
        } else {
            serializer.serialize_f64(self.number())
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        if !(0.0..=MOST).contains(&number) {
            return Err(serde::de::Error::custom("points from 0 to ten million"));
        }
        Ok(Self {
            hundredths: whole((number * 100.0).round()),
        })
    }
}

/// A whole number of hundredths of at most [`MOST`] points.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "in range, see above"
)]
fn whole(hundredths: f64) -> u32 {
    hundredths as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_exact_to_a_hundredth() {
        let ten = Points::whole(10);
        assert_eq!(ten.share(2, 3).to_string(), "6.66");
        assert_eq!(ten.share(1, 2).to_string(), "5");
        assert_eq!(ten.share(3, 3), ten);
        assert_eq!(ten.share(0, 0), Points::default());
        let all: Points = (0..3).map(|_| ten.share(1, 3)).sum();
        assert_eq!(all.to_string(), "9.99");
    }

    #[test]
    fn what_is_written_with_two_decimals_is_exact() {
        for (number, written) in [(8.5, "8.5"), (0.07, "0.07"), (1.15, "1.15"), (20.0, "20")] {
            let points = Points::exactly(number).map(|points| points.to_string());
            assert_eq!(points.as_deref(), Some(written));
        }
        for number in [0.005, 8.333, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Points::exactly(number), None, "{number}");
        }
    }

    #[test]
    fn a_mean_is_rounded_to_the_nearest_hundredth() {
        let mean = |points: &[u32]| {
            Points::mean(points.iter().map(|&points| Points::whole(points))).to_string()
        };
        assert_eq!(mean(&[1, 1, 0]), "0.67");
        assert_eq!(mean(&[1, 0, 0]), "0.33");
        assert_eq!(mean(&[5, 10]), "7.5");
        assert_eq!(mean(&[]), "0");
    }

    #[test]
    fn tenths_keep_the_ends_for_nothing_and_for_all() {
        let all = Points::whole(20);
        for (hundredths, tenths) in [(0, 0), (1, 1), (999, 4), (1000, 5), (1999, 9), (2000, 10)] {
            assert_eq!(Points { hundredths }.tenths_of(all), Some(tenths));
        }
        assert_eq!(all.tenths_of(Points::default()), None);
    }

    #[test]
    fn points_are_numbers_in_json() {
        let text = serde_json::to_string(&[Points::whole(5), Points::whole(5).share(1, 3)])
            .expect("numbers can be written");
        assert_eq!(text, "[5,1.66]");
        let back: Vec<Points> = serde_json::from_str(&text).expect("they can be read");
        assert_eq!(back, [Points::whole(5), Points::whole(5).share(1, 3)]);
        assert!(serde_json::from_str::<Points>("-1").is_err());
    }
}
