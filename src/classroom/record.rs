//! What is written down of a graded class. The schema is versioned: what is there keeps its name
//! and meaning.

mod intake;
mod points;

use serde::{Deserialize, Serialize};

use crate::course::verdict_kind::{NotedKind, VerdictKind};

pub use crate::engine::judge::GroupOutcome;
pub use crate::engine::pipeline::Diagnosis;
pub use intake::{Deadline, Intake, Submitted, TimeFrom};
pub use points::Points;

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
    /// Names the content of the hidden checks; none if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_checks: Option<String>,
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
    /// Those of the hidden check, if there is one. Students know them by number only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// What each group counts beside the others, the hidden ones last; none if all count the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<u32>,
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
    /// What a teacher says to the student about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
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
    /// What counts: what a teacher decided, or else [`GradedStep::earned`].
    pub score: Points,
    /// What became of each group of observations, in the order of [`GradedStep::groups`].
    pub groups: Vec<GroupOutcome>,
    /// What the hidden check showed, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
    /// What a teacher decided or said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The known mistakes that explain what is wrong.
    pub diagnosis: Vec<Diagnosis>,
    /// What it calls though it should not.
    pub forbidden: Vec<String>,
    /// The verdict as the student may read it: plain text of several lines.
    pub text: String,
}

/// What a hidden check showed. It is the teacher's to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hidden {
    /// In one word, as for the whole.
    pub verdict: NotedKind,
    /// What became of each group, in the order of [`GradedStep::hidden`].
    pub groups: Vec<GroupOutcome>,
    /// The verdict with the names of the groups and the numbers in them.
    pub text: String,
}

/// What a teacher decided or said about a student's step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What the checks alone give.
    pub earned: Points,
    /// Whether the step does not count for this student.
    pub excused: bool,
    /// Instead of `earned`; none if that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// Why it was decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the teacher says to the student.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
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
    /// It does not count for this student.
    Excused,
}

impl GradedStep {
    /// What the groups of a step earn: all points if it `passed`, else the share of those that
    /// passed, by their weights; without at least one of them, whatever ended the program behind
    /// the last.
    #[must_use]
    pub fn earned<'a>(
        &self,
        passed: bool,
        groups: impl IntoIterator<Item = &'a GroupOutcome>,
    ) -> Points {
        let all = Points::whole(self.points);
        if passed {
            return all;
        }
        let count = self.groups.len() + self.hidden.len();
        let weight = |place| self.weights.get(place).map_or(1, |&weight| weight as usize);
        let sum: usize = (0..count).map(weight).sum();
        let least = (0..count).map(weight).min().unwrap_or(0);
        let reached: usize = (groups.into_iter().take(count).enumerate())
            .filter(|(_, outcome)| **outcome == GroupOutcome::Passed)
            .map(|(place, _)| weight(place))
            .sum();
        all.share(reached.min(sum - least), sum)
    }
}

impl StepGrade {
    /// How the student stands with it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.verdict.kind() {
            _ if self.is_excused() => Standing::Excused,
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
    /// Puts a decision over what the checks gave.
    pub fn decide(&mut self, decision: Decision) {
        self.score = match decision.points {
            _ if decision.excused => Points::default(),
            Some(points) => points,
            None => decision.earned,
        };
        self.decision = Some(decision);
    }

    /// What the checks alone give.
    #[must_use]
    pub fn earned(&self) -> Points {
        (self.decision.as_ref()).map_or(self.score, |decision| decision.earned)
    }

    /// Whether it does not count for this student.
    #[must_use]
    pub fn is_excused(&self) -> bool {
        (self.decision.as_ref()).is_some_and(|decision| decision.excused)
    }

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
    use crate::classroom::gradebook::sample::graded_step;

    const PASSED: GroupOutcome = GroupOutcome::Passed;
    const FAILED: GroupOutcome = GroupOutcome::Failed;

    fn earned(step: &GradedStep, groups: &[GroupOutcome]) -> String {
        step.earned(false, groups).to_string()
    }

    #[test]
    fn groups_count_as_much_as_they_weigh() {
        let mut step = graded_step("s01", 10);
        assert_eq!(earned(&step, &[PASSED, FAILED]), "5");
        step.weights = vec![3, 1];
        assert_eq!(earned(&step, &[PASSED, FAILED]), "7.5");
        assert_eq!(earned(&step, &[FAILED, PASSED]), "2.5");
        step.hidden = vec!["more".into()];
        step.weights = vec![3, 1, 2];
        assert_eq!(earned(&step, &[PASSED, PASSED, FAILED]), "6.66");
        assert_eq!(earned(&step, &[FAILED, FAILED, PASSED]), "3.33");
        assert_eq!(earned(&step, &[]), "0");
        assert_eq!(step.earned(true, &[]), Points::whole(10));
    }

    #[test]
    fn only_what_passes_has_all_points() {
        let mut step = graded_step("s01", 10);
        assert_eq!(earned(&step, &[PASSED, PASSED]), "5");
        step.weights = vec![3, 1];
        assert_eq!(earned(&step, &[PASSED, PASSED]), "7.5");
        step.groups.truncate(1);
        assert_eq!(earned(&step, &[PASSED]), "0");
        step.groups.clear();
        assert_eq!(earned(&step, &[]), "0");
    }
}
