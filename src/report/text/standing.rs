//! What is said of a step that is right by itself and fails on the learner's own earlier steps.

use super::{indented, wrapped};
use crate::engine::pipeline::Judgement;
use crate::terminal::style;

/// That an earlier step is at fault; nothing where that is not so, or not known.
pub fn right_on_reference(judgement: &Judgement) -> String {
    if !judgement.right_on_reference {
        return String::new();
    }
    let sentence = format!(
        "Your {} itself is right: on the reference's earlier steps it passes. One of your own \
         earlier steps is at fault.",
        judgement.step.id
    );
    format!(
        "\n{}",
        indented(&style::attention(wrapped(&sentence)).to_string())
    )
}
