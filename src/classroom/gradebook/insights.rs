//! What a class as a whole shows: how each step went, and which mistakes are common.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::classroom::record::{Diagnosis, Grades, Points, Standing, StepGrade};

/// What a class as a whole shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insights {
    /// How many there are.
    pub students: usize,
    /// The mean of their scores.
    pub mean: Points,
    /// The most that one can have.
    pub out_of: Points,
    /// How each step went, in order.
    pub steps: Vec<StepInsights>,
    /// The known mistakes of the class, the most common first.
    pub diagnoses: Vec<Common>,
}

/// How a step went. The first five add up to the number of students.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepInsights {
    /// As in `s07`.
    pub step: String,
    /// Students who passed it.
    pub passed: usize,
    /// Students who did not pass it and have some of its points.
    pub partial: usize,
    /// Students who handed it in and have none of its points.
    pub none: usize,
    /// Students who did not hand it in.
    pub missing: usize,
    /// Students for whom it does not count.
    #[serde(default)]
    pub excused: usize,
    /// The share of the students for whom it counts who passed it, from 0 to 1, to four digits.
    pub pass_rate: f64,
    /// The mean of the scores of all students for whom it counts.
    pub mean: Points,
    /// What it is worth.
    pub out_of: Points,
}

/// A known mistake and how common it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Common {
    /// The step, as in `s03`.
    pub step: String,
    /// As in `unbiased-variance`.
    pub id: String,
    /// Continues "it looks like your code …".
    pub what: String,
    /// Students whose code it explains.
    pub students: usize,
}

/// A known mistake and who makes it.
#[derive(Debug, PartialEq)]
pub struct Made<'a> {
    /// The step's place among those that are graded.
    pub step: usize,
    /// The mistake.
    pub diagnosis: &'a Diagnosis,
    /// The students' places in the class.
    pub students: Vec<usize>,
}

/// What the class as a whole shows.
#[must_use]
pub fn insights(grades: &Grades) -> Insights {
    let students = &grades.records;
    let steps = grades.header.steps.iter().enumerate();
    Insights {
        students: students.len(),
        mean: Points::mean(students.iter().map(|record| record.student.score())),
        out_of: grades.header.points(),
        steps: steps
            .map(|(i, step)| {
                let all = students.iter().filter_map(|r| r.student.steps.get(i));
                step_insights(&step.id, step.points, &all.collect::<Vec<_>>())
            })
            .collect(),
        diagnoses: (mistakes(grades).iter())
            .filter_map(|made| common(grades, made))
            .collect(),
    }
}

impl StepInsights {
    /// How many of a hundred students passed it for whom it counts.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        let all = self.passed + self.partial + self.none + self.missing;
        percent(self.passed, all)
    }
}

/// How many of a hundred `part` is of `all`, none if that is nothing: 0 and 100 only if it is none
/// and all.
#[must_use]
pub fn percent(part: usize, all: usize) -> Option<usize> {
    let rounded = (part * 100 + all / 2).checked_div(all)?;
    let is_between = 0 < part && part < all;
    Some(if is_between {
        rounded.clamp(1, 99)
    } else {
        rounded
    })
}

/// The known mistakes of a class, the most common first; equally common ones in the order of the
/// steps, then of their ids.
#[must_use]
pub fn mistakes(grades: &Grades) -> Vec<Made<'_>> {
    let mut found: BTreeMap<(usize, &str), Made<'_>> = BTreeMap::new();
    for (student, record) in grades.records.iter().enumerate() {
        for (step, grade) in record.student.steps.iter().enumerate() {
            for diagnosis in &grade.diagnosis {
                let made = found.entry((step, &diagnosis.id)).or_insert(Made {
                    step,
                    diagnosis,
                    students: Vec::new(),
                });
                // Whoever makes a mistake twice still is one student.
                if made.students.last() != Some(&student) {
                    made.students.push(student);
                }
            }
        }
    }
    let mut found: Vec<Made<'_>> = found.into_values().collect();
    found.sort_by_key(|made| Reverse(made.students.len()));
    found
}

fn common(grades: &Grades, made: &Made<'_>) -> Option<Common> {
    Some(Common {
        step: grades.header.steps.get(made.step)?.id.clone(),
        id: made.diagnosis.id.clone(),
        what: made.diagnosis.what.clone(),
        students: made.students.len(),
    })
}

fn step_insights(step: &str, points: u32, all: &[&StepGrade]) -> StepInsights {
    let count = |standing| all.iter().filter(|g| g.standing() == standing).count();
    let (passed, excused) = (count(Standing::Passed), count(Standing::Excused));
    StepInsights {
        step: step.to_owned(),
        passed,
        partial: count(Standing::Partial),
        none: count(Standing::Nothing),
        missing: count(Standing::Missing),
        excused,
        pass_rate: share(passed, all.len() - excused),
        mean: Points::mean(all.iter().filter(|g| !g.is_excused()).map(|g| g.score)),
        out_of: Points::whole(points),
    }
}

/// To four digits; 0 of nothing.
fn share(part: usize, all: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a class is smaller than 2 to the 52nd"
    )]
    let share = part as f64 / all.max(1) as f64;
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    #[test]
    fn every_student_counts_once_for_a_step() {
        let grades = sample::enrolled();
        let insights = insights(&grades);
        assert_eq!(insights.students, grades.records.len());
        for step in &insights.steps {
            let counted = step.passed + step.partial + step.none + step.missing;
            let counted = counted + step.excused;
            assert_eq!(counted, insights.students, "{}", step.step);
        }
    }

    #[test]
    fn the_most_common_mistake_comes_first() {
        let insights = insights(&sample::grades());
        let order: Vec<(&str, &str, usize)> = insights
            .diagnoses
            .iter()
            .map(|d| (d.step.as_str(), d.id.as_str(), d.students))
            .collect();
        assert_eq!(
            order,
            [
                ("s03", "unbiased-variance", 2),
                ("s03", "epsilon-outside-the-root", 1),
                ("s07", "unscaled-scores", 1),
            ]
        );
    }

    #[test]
    fn whoever_makes_a_mistake_twice_is_one_student() {
        let mut grades = sample::grades();
        let diagnosis = &mut grades.records[1].student.steps[1].diagnosis;
        diagnosis.extend(diagnosis.clone());
        let counted = |grades| insights(grades).diagnoses;
        assert_eq!(counted(&grades), counted(&sample::grades()));
    }

    #[test]
    fn a_percentage_is_rounded_but_not_to_all_or_none() {
        assert_eq!([percent(2, 3), percent(1, 3)], [Some(67), Some(33)]);
        assert_eq!([percent(999, 1000), percent(1, 1000)], [Some(99), Some(1)]);
        assert_eq!([percent(7, 7), percent(0, 7)], [Some(100), Some(0)]);
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn a_class_without_students_has_no_shares() {
        let mut grades = sample::grades();
        grades.records.clear();
        let insights = insights(&grades);
        assert_eq!(insights.mean, Points::default());
        assert!(insights.steps.iter().all(|step| step.pass_rate == 0.0));
    }
}
