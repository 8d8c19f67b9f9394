//! What is known of a student and of the submission beside its steps.

use serde::{Deserialize, Serialize};

use super::{Header, Points, StepGrade, Student};
use crate::classroom::due::{Due, LateRule, Lateness, Stamp, words};

/// When everything was due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When, with its zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// What being late costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_rule: Option<LateRule>,
}

/// What is known of a student and of the submission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// What the student is called, by the roster or by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The group, by the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether the roster has the student; none without a roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_roster: Option<bool>,
    /// When it was handed in, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<Submitted>,
    /// Seconds that the student has more than others, by the roster.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub extra_time: u64,
    /// Ids of the steps that do not count for the student, by the roster or by the teacher's word. A
    /// [`Decision`](super::Decision) on each of them says so wherever results are written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<String>,
    /// How late it came, and what that costs; none if it came in time or that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Lateness>,
}

/// When something was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The time, with its zone if that is known.
    pub at: Stamp,
    /// Where it is known from.
    pub from: TimeFrom,
}

/// Where the time of a submission is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFrom {
    /// The roster.
    Roster,
    /// The name that the platform gave it.
    Name,
    /// The list that the platform made of all.
    Platform,
    /// When its files were written, as the system or the class's archive says.
    Files,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_nothing(seconds: &u64) -> bool {
    *seconds == 0
}

impl TimeFrom {
    /// As it is written down.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Name => "name",
            Self::Platform => "platform",
            Self::Files => "files",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Roster => "by the roster",
            Self::Name => "by the name of the submission",
            Self::Platform => "by the platform",
            Self::Files => "by the times of the files",
        }
    }
}

impl Student {
    /// All points but those of excused steps, before anything is taken off.
    #[must_use]
    pub fn earned(&self) -> Points {
        let counted = self.steps.iter().filter(|step| !step.is_excused());
        counted.map(|step| step.score).sum()
    }

    /// What being late costs a share of: points that the checks gave. Whoever decided about a step
    /// knew when it came.
    fn reducible(&self) -> Points {
        let is_by_check = |step: &&StepGrade| {
            (step.decision.as_ref()).is_none_or(|one| !one.excused && one.points.is_none())
        };
        let by_check = self.steps.iter().filter(is_by_check);
        by_check.map(|step| step.score).sum()
    }

    /// What is taken off because it came late.
    #[must_use]
    pub fn deduction(&self) -> Points {
        let percent = self.intake.late.map_or(0, |late| late.percent.min(100));
        self.reducible().share(percent as usize, 100)
    }

    /// The points that count: what was earned, less what is taken off.
    #[must_use]
    pub fn score(&self) -> Points {
        self.earned().less(self.deduction())
    }

    /// The most that the student can have: excused steps do not count.
    #[must_use]
    pub fn out_of(&self, header: &Header) -> Points {
        let steps = header.steps.iter().zip(&self.steps);
        let counted = steps.filter(|(_, grade)| !grade.is_excused());
        counted.map(|(step, _)| Points::whole(step.points)).sum()
    }

    /// Whether the roster has the student, who handed in nothing.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.intake.on_roster == Some(true) && self.entry.is_empty()
    }

    /// As in `Ana Cruz (1234567)`, or the id alone.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.intake.name {
            Some(name) => format!("{name} ({})", self.id),
            None => self.id.clone(),
        }
    }

    /// As in `2 days late: 20 % off, 4 of 20 points`, which are those that nobody decided by hand;
    /// none if it came in time.
    #[must_use]
    pub fn lateness(&self) -> Option<String> {
        let late = self.intake.late?;
        let by = format!("{} late", words(late.seconds));
        Some(match late.percent {
            0 => format!("{by}: nothing taken off"),
            percent => {
                let (deduction, earned) = (self.deduction(), self.reducible());
                format!("{by}: {percent} % off, {deduction} of {earned} points")
            }
        })
    }
}
