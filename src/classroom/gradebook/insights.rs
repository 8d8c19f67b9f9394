//! What a class as a whole shows: how each step went, and which mistakes are common.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::classroom::record::{Grades, Points, Standing, StepGrade};

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

/// How a step went. The first four add up to the number of students.
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
    /// The share of all students who passed it, from 0 to 1, to four digits.
    pub pass_rate: f64,
    /// The mean of all students' scores.
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
        diagnoses: diagnoses(grades),
    }
}

impl Insights {
    /// The known mistakes of a step, the most common first.
    pub fn diagnoses_of(&self, step: &str) -> impl Iterator<Item = &Common> {
        self.diagnoses.iter().filter(move |d| d.step == step)
    }
}

impl StepInsights {
    /// How many of a hundred students passed it; 0 and 100 only if it was none and all.
    #[must_use]
    pub fn percent(&self) -> usize {
        let all = self.passed + self.partial + self.none + self.missing;
        match self.passed {
            0 => 0,
            passed if passed == all => 100,
            passed => ((200 * passed + all) / (2 * all)).clamp(1, 99),
        }
    }
}

fn step_insights(step: &str, points: u32, all: &[&StepGrade]) -> StepInsights {
    let count = |standing| all.iter().filter(|g| g.standing() == standing).count();
    let passed = count(Standing::Passed);
    StepInsights {
        step: step.to_owned(),
        passed,
        partial: count(Standing::Partial),
        none: count(Standing::Nothing),
        missing: count(Standing::Missing),
        pass_rate: share(passed, all.len()),
        mean: Points::mean(all.iter().map(|grade| grade.score)),
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

fn diagnoses(grades: &Grades) -> Vec<Common> {
    let mut found: BTreeMap<(usize, &str), (&str, usize)> = BTreeMap::new();
    for record in &grades.records {
        for (i, grade) in record.student.steps.iter().enumerate() {
            // Whoever makes a mistake twice still is one student.
            let mut seen = BTreeSet::new();
            for diagnosis in &grade.diagnosis {
                if seen.insert(&diagnosis.id) {
                    let entry = found
                        .entry((i, &diagnosis.id))
                        .or_insert((&diagnosis.what, 0));
                    entry.1 += 1;
                }
            }
        }
    }
    let name = |i: usize| grades.header.steps.get(i).map(|step| step.id.clone());
    let mut common: Vec<Common> = found
        .into_iter()
        .filter_map(|((i, id), (what, students))| {
            Some(Common {
                step: name(i)?,
                id: id.to_owned(),
                what: what.to_owned(),
                students,
            })
        })
        .collect();
    // Equally common ones stay in the order of the steps.
    common.sort_by_key(|common| std::cmp::Reverse(common.students));
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    #[test]
    fn every_student_counts_once_for_a_step() {
        let grades = sample::grades();
        let insights = insights(&grades);
        assert_eq!(insights.students, grades.records.len());
        for step in &insights.steps {
            let counted = step.passed + step.partial + step.none + step.missing;
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
        assert_eq!(insights.diagnoses_of("s03").count(), 2);
    }

    #[test]
    fn a_percentage_is_rounded_but_not_to_all_or_none() {
        let percent = |passed, none| {
            let step = StepInsights {
                step: "s01".into(),
                passed,
                partial: 0,
                none,
                missing: 0,
                pass_rate: 0.0,
                mean: Points::default(),
                out_of: Points::default(),
            };
            step.percent()
        };
        assert_eq!([percent(2, 1), percent(1, 2)], [67, 33]);
        assert_eq!([percent(999, 1), percent(1, 999)], [99, 1]);
        assert_eq!([percent(7, 0), percent(0, 7), percent(0, 0)], [100, 0, 0]);
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
