//! What the learner last saw of a step, as far as hints follow from it.

use serde::{Deserialize, Serialize};

use crate::course::verdict_kind::NotedKind;
use crate::engine::compile::Diagnostic;
use crate::engine::judge::{Fault, Outcome, Verdict};
use crate::engine::pipeline::Judgement;

/// Characters of a message that are kept. Hints look for a few words near its beginning.
const MESSAGE: usize = 2000;

/// The last verdict, group by group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What became of each group when the step last got as far as being observed, in the check's
    /// order.
    pub groups: Vec<SeenGroup>,
    /// What went wrong last if that is no group's affair: it did not compile, or it died after
    /// the last group.
    pub whole: Option<Trouble>,
}

/// What became of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenGroup {
    /// Its name.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was wrong, if it failed.
    pub trouble: Option<Trouble>,
}

/// Something that was wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What it comes down to.
    pub kind: NotedKind,
    /// What rustc, a panic or an error said; the beginning of it.
    pub message: String,
}

impl Seen {
    /// Takes a judgement in. Of a step that does not compile nothing is observed: what is known
    /// of its groups stays.
    pub fn update(&mut self, judgement: &Judgement) {
        if !judgement.groups.is_empty() {
            self.groups = judgement
                .groups
                .iter()
                .map(|group| SeenGroup {
                    name: group.name.clone(),
                    passed: group.outcome == Outcome::Passed,
                    trouble: match &group.outcome {
                        Outcome::Failed(fault) => Some(trouble(fault)),
                        _ => None,
                    },
                })
                .collect();
        }
        let told_by_a_group =
            !judgement.groups.is_empty() && self.groups.iter().any(|group| group.trouble.is_some());
        self.whole = if told_by_a_group {
            None
        } else {
            of_the_whole(&judgement.verdict)
        };
    }

    /// Whether the group `name` passed when it was last observed.
    #[must_use]
    pub fn passes(&self, name: &str) -> bool {
        self.groups
            .iter()
            .any(|group| group.name == name && group.passed)
    }

    /// The first group that does not pass, if any is known.
    #[must_use]
    pub fn first_open(&self) -> Option<&str> {
        self.groups
            .iter()
            .find(|group| !group.passed)
            .map(|group| group.name.as_str())
    }
}

fn of_the_whole(verdict: &Verdict) -> Option<Trouble> {
    let message = match verdict {
        Verdict::Passed => return None,
        Verdict::Failed { fault, .. } => return Some(trouble(fault)),
        Verdict::DoesNotCompile { errors, .. } => {
            let all: Vec<String> = errors.iter().map(words).collect();
            all.join("\n")
        }
        _ => String::new(),
    };
    Some(Trouble {
        kind: verdict.kind().into(),
        message: bounded(&message),
    })
}

fn trouble(fault: &Fault) -> Trouble {
    let message = match fault {
        Fault::Panicked { panic, .. } => panic.message.as_str(),
        Fault::WrongRefusal { message, .. } => message.as_deref().unwrap_or_default(),
        _ => "",
    };
    Trouble {
        kind: fault.kind().into(),
        message: bounded(message),
    }
}

/// rustc's own words, labels and notes included, without the learner's code between them: what
/// stands in a source line was not said by rustc.
fn words(error: &Diagnostic) -> String {
    let plain = anstream::adapter::strip_str(&error.rendered).to_string();
    let said: Vec<&str> = plain
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(|c: char| c.is_ascii_digit()) && !line.starts_with("-->"))
        .map(|line| line.trim_start_matches(['|', '=', '^', '-', '_', ' ']))
        .filter(|line| !line.is_empty())
        .collect();
    if said.is_empty() {
        return error.message.clone();
    }
    said.join("\n")
}

fn bounded(message: &str) -> String {
    message.chars().take(MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::compile::Level;

    #[test]
    fn the_learners_own_line_is_not_taken_for_rustcs_words() {
        let error = Diagnostic {
            meaning: None,
            is_unsafe: false,
            level: Level::Error,
            message: "mismatched types".into(),
            at: None,
            in_source: true,
            rendered: "\u{1b}[1merror[E0308]\u{1b}[0m: mismatched types\n  --> a.rs:3:5\n   |\n\
                       3  |     let unsqueeze = x;\n   |         ^^^ expected `usize`\n"
                .into(),
        };
        let said = words(&error);
        assert!(said.contains("error[E0308]: mismatched types"), "{said}");
        assert!(said.contains("expected `usize`"), "{said}");
        assert!(!said.contains("unsqueeze"), "{said}");
    }

    #[test]
    fn a_message_is_bounded() {
        assert_eq!(bounded(&"ä".repeat(5000)).chars().count(), MESSAGE);
    }
}
