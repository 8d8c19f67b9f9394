//! What is written down of a graded class. The schema is versioned: what is there keeps its name
//! and meaning.

mod intake;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::course::verdict_kind::{NotedKind, VerdictKind};

pub use crate::engine::judge::GroupOutcome;
pub use crate::engine::pipeline::Diagnosis;
pub use intake::{Deadline, Intake, Submitted, TimeFrom};

/// Grows when something changes its name or meaning.
pub const VERSION: u32 = 2;

/// A graded class.
#[derive(Debug, Clone, PartialEq)]
pub struct Grades {
    /// What was graded, and how.
    pub header: Header,
    /// In the order of their ids.
    pub records: Vec<Record>,
}

/// What was graded, and how: the same for every student.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`VERSION`].
    pub version: u32,
    /// The course's title.
    pub course: String,
    /// Names the course's content: steps, checks, solutions, mistakes, kit. Grades of another
    /// content are not comparable.
    pub course_id: String,
    /// What all inputs and parameters were drawn from. Secret until the grades are out.
    pub seed: u64,
    /// What the steps stood on.
    pub earlier: EarlierSteps,
    /// How long a step might run, in seconds.
    pub timeout: f64,
    /// What kept submissions from doing harm.
    pub sandbox: Sandbox,
    /// Which part of the class this is; none for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// When everything was due.
    #[serde(flatten)]
    pub deadline: Deadline,
    /// The graded steps, in order.
    pub steps: Vec<GradedStep>,
}

/// Whose earlier steps a step was compiled against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlierSteps {
    /// The reference's.
    Reference,
    /// The student's own.
    Mine,
}

/// What kept submissions from doing harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sandbox {
    /// Landlock and seccomp, enforced by the kernel.
    Enforced,
    /// Nothing but limits on time, memory and output: whoever ran the grading said so.
    Off,
}

/// A part of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, counted from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

/// A step as it was graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradedStep {
    /// As in `s07`.
    pub id: String,
    /// As in `s07_attention`.
    pub name: String,
    /// As in `Causal self-attention`.
    pub title: String,
    /// What it is worth.
    pub points: u32,
    /// What this step's inputs were drawn from, derived from the seed of the whole:
    /// `tutor run s07 --file FILE --seed SEED` gives the same verdict again.
    pub seed: u64,
    /// The groups of observations, in the order of the check.
    pub groups: Vec<String>,
}

/// A student and how long grading took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What was found.
    pub student: Student,
    /// When. Not part of the result.
    pub timing: Timing,
}

/// When something was graded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Milliseconds since 1970 (UTC).
    pub started: u64,
    /// Seconds for each step, in the order of the steps.
    pub seconds: Vec<f64>,
}

/// What was found in one submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Student {
    /// Unique in the class: the entry's name without an archive's ending, or with it where that
    /// would not be unique. Bytes that are no UTF-8 are written as in `%FF`.
    pub id: String,
    /// The entry's name in the folder of submissions.
    pub entry: String,
    /// What is known of the student and of the submission.
    #[serde(flatten)]
    pub intake: Intake,
    /// What is noteworthy about the submission as a whole, as sentences.
    pub notes: Vec<String>,
    /// One for each graded step, in the same order.
    pub steps: Vec<StepGrade>,
}

/// What a student has for a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepGrade {
    /// As in `s07`.
    pub step: String,
    /// Where in the submission the file was found.
    pub file: Option<String>,
    /// Names the file's content, which is kept as `sources/NAME.rs` beside the results.
    pub source: Option<String>,
    /// What is noteworthy about the file, as sentences.
    pub notes: Vec<String>,
    /// In one word, as in `tutor run --format json`; besides, `missing` for a step that was not
    /// handed in and `forbidden` for one that calls what it should write itself.
    pub verdict: NotedKind,
    /// The line of the student's file that the verdict points at.
    pub line: Option<u32>,
    /// What it is worth: all points for a passed step, a share for the groups that passed.
    pub score: Points,
    /// Whether it does not count for this student.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub excused: bool,
    /// What became of each group of observations, in the order of [`GradedStep::groups`].
    pub groups: Vec<GroupOutcome>,
    /// The known mistakes that explain what is wrong.
    pub diagnosis: Vec<Diagnosis>,
    /// What it calls though it should not.
    pub forbidden: Vec<String>,
    /// The verdict as the student may read it: plain text of several lines.
    pub text: String,
}

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
        if !(0.0..=1e7).contains(&number) {
            return Err(serde::de::Error::custom("points from 0 to ten million"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range, see above"
        )]
        let hundredths = (number * 100.0).round() as u32;
        Ok(Self { hundredths })
    }
}

/// How a student stands with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It passed.
    Passed,
    /// It did not, but some of its points were earned.
    Partial,
    /// It was handed in, and no points were earned.
    Nothing,
    /// It was not handed in.
    Missing,
    /// It does not count, whatever became of it.
    Excused,
}

impl StepGrade {
    /// How the student stands with it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.verdict.kind() {
            _ if self.excused => Standing::Excused,
            Some(VerdictKind::Passed) => Standing::Passed,
            Some(VerdictKind::Missing) => Standing::Missing,
            _ if self.score > Points::default() => Standing::Partial,
            _ => Standing::Nothing,
        }
    }
}

impl Grades {
    /// What a student has on average; none if there are no students.
    #[must_use]
    pub fn mean(&self) -> Option<Points> {
        let scores = self.records.iter().map(|record| record.student.score());
        (!self.records.is_empty()).then(|| Points::mean(scores))
    }
}

impl StepGrade {
    /// Whether all is in order.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.verdict == VerdictKind::Passed
    }
}

impl Header {
    /// The most that a student can have.
    #[must_use]
    pub fn points(&self) -> Points {
        self.steps
            .iter()
            .map(|step| Points::whole(step.points))
            .sum()
    }
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
