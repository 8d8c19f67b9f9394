//! Which known mistakes it looks like, and what to think of.

use std::fmt::Write;

use super::{indented, wrapped};
use crate::engine::judge::{Fault, JudgedGroup, Outcome};
use crate::engine::pipeline::{Diagnosis, Judgement};
use crate::terminal::style;

/// Each known mistake that explains something, with its groups if they are not all that is wrong.
pub fn diagnosis(judgement: &Judgement) -> String {
    let wrong: Vec<&JudgedGroup> = judgement.groups.iter().filter(is_wrong).collect();
    let explains_all = wrong.iter().all(|group| !group.diagnosis.is_empty());
    let mut text = String::new();
    for (i, mistake) in judgement.diagnosis.iter().enumerate() {
        let opening = match i {
            _ if !explains_all => format!("{}: it looks like your code", groups(&wrong, mistake)),
            0 => "It looks like your code".to_owned(),
            _ => "It also".to_owned(),
        };
        let sentence = wrapped(&format!("{opening} {}.", mistake.what));
        let _ = write!(
            text,
            "\n{}{}",
            indented(&style::attention(sentence).to_string()),
            indented(&wrapped(&mistake.nudge))
        );
    }
    text
}

/// The names of the groups that a mistake explains.
fn groups(wrong: &[&JudgedGroup], mistake: &Diagnosis) -> String {
    let names: Vec<&str> = (wrong.iter())
        .filter(|group| group.diagnosis.contains(&mistake.id))
        .map(|group| group.name.as_str())
        .collect();
    names.join(", ")
}

fn is_wrong(group: &&JudgedGroup) -> bool {
    matches!(&group.outcome, Outcome::Failed(fault) if !matches!(fault, Fault::NotStarted { .. }))
}
