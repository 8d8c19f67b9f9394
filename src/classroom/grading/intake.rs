//! What is known of a student and of the submission beside its steps, and what there is to say
//! about its time.

use std::collections::BTreeSet;

use crate::classroom::record::{Deadline, Intake, Submitted, TimeFrom};
use crate::classroom::submissions::{Entry, Submission};

/// What is known of the student and of the submission. Where neither the roster nor the name says
/// when it was handed in, the times of its files do.
pub(super) fn of(entry: &Entry, submission: &Submission, deadline: Deadline) -> Intake {
    let by_files = submission.handed_in.map(|at| Submitted {
        at,
        from: TimeFrom::Files,
    });
    let submitted = entry.handed_in.or(by_files);
    let late = submitted.zip(deadline.due).and_then(|(submitted, due)| {
        due.lateness(submitted.at, entry.extra_time, deadline.late_rule.as_ref())
    });
    // The roster and the command line may say the same.
    let excused: BTreeSet<&String> = entry.excused.iter().collect();
    Intake {
        name: entry.student.clone(),
        group: entry.group.clone(),
        on_roster: entry.on_roster,
        submitted,
        extra_time: entry.extra_time,
        excused: excused.into_iter().cloned().collect(),
        late,
    }
}

/// What there is to say about the time of a submission, as sentences.
pub(super) fn notes(
    entry: &Entry,
    submission: &Submission,
    intake: &Intake,
    deadline: Deadline,
) -> Vec<String> {
    let mut notes = Vec::new();
    let by_files = intake
        .submitted
        .is_some_and(|time| time.from == TimeFrom::Files);
    if intake.late.is_some() && by_files {
        notes.push(
            "that it is late is told by the times of its files, which copying may have changed"
                .to_owned(),
        );
    }
    if entry.is_marked_late && intake.late.is_none() {
        notes.push("the platform marks it as late, and nothing was taken off for that".to_owned());
    }
    let has_steps = submission.files.iter().any(|file| file.path.is_some());
    if has_steps && intake.submitted.is_none() && deadline.due.is_some() {
        notes.push("when it was handed in is not known".to_owned());
    }
    notes
}
