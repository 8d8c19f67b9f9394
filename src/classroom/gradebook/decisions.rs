//! What a teacher decided and said, in words.

use crate::classroom::record::{Decision, StepGrade};

/// What was decided and why, in a sentence; none if nothing was decided.
pub fn sentence(grade: &StepGrade) -> Option<String> {
    let Decision {
        earned,
        excused,
        points,
        reason,
        ..
    } = grade.decision.as_ref()?;
    let what = match points {
        _ if *excused => format!("Excused: it does not count (the check gave {earned})"),
        Some(points) => {
            let noun = if points.to_string() == "1" {
                "point"
            } else {
                "points"
            };
            format!("{points} {noun} instead of {earned}, as the teacher decided")
        }
        None => return None,
    };
    Some(match reason {
        Some(reason) => format!("{what}. Reason: {}", ended(reason)),
        None => format!("{what}."),
    })
}

/// What the teacher says to the student about the step.
pub fn comment(grade: &StepGrade) -> Option<&str> {
    grade.decision.as_ref()?.comment.as_deref()
}

/// Both, a paragraph each.
pub fn paragraphs(grade: &StepGrade) -> Vec<String> {
    let comment = comment(grade).map(|comment| format!("The teacher says: {}", comment.trim()));
    sentence(grade).into_iter().chain(comment).collect()
}

/// With a full stop, unless it ends with a mark of its own.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
