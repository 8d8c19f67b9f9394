//! The exercises that are answered by typing: enough, and explained by the lesson as they are judged.

use crate::authoring::check::Case;
use crate::authoring::flaw::Flaws;
use crate::course::exercises::{self, Answer, Exercise};
use crate::error::Result;

pub(super) fn flaws(case: &Case<'_>, fewest: usize, flaws: &mut Flaws<'_>) -> Result<()> {
    let course = case.pipeline.course();
    let file = exercises::file(course, case.step);
    let Some(known) = flaws.catch(&file, exercises::read(course, case.step))? else {
        return Ok(());
    };
    if known.len() < fewest {
        let what = format!(
            "has {} exercises that are answered by typing, not {fewest}",
            known.len()
        );
        flaws.add(&file, None, what);
    }
    for exercise in &known {
        if !is_explained(exercise) {
            let what = format!(
                "the lesson's answer to exercise {} does not mention `{}`",
                exercise.number, exercise.answer
            );
            flaws.add(&file, Some(exercise.line), what);
        }
    }
    Ok(())
}

/// Whether the folded answer holds the right one, so that neither is changed without the other. For
/// a choice, it only has to be there.
fn is_explained(exercise: &Exercise) -> bool {
    let text = &exercise.explanation;
    match &exercise.answer {
        _ if !exercise.choices.is_empty() => !text.is_empty(),
        answer @ Answer::Number { .. } => text
            .split(|c: char| c.is_whitespace() || "()=*`:;".contains(c))
            .map(|word| word.trim_matches(|c: char| ",.?!".contains(c)))
            .any(|word| !word.is_empty() && answer.is(word)),
        Answer::Words(words) => {
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(&word.to_lowercase()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise(explanation: &str, answer: Answer) -> Exercise {
        Exercise {
            number: 1,
            ask: "How many?".into(),
            explanation: explanation.into(),
            choices: Vec::new(),
            answer,
            wrong: Vec::new(),
            line: 1,
        }
    }

    #[test]
    fn the_lesson_says_what_is_judged() {
        let number = |value| Answer::Number { value, within: 0.0 };
        for text in ["1,048,576.", "2 * 4 = 1,048,576: a lot", "(`1048576`)"] {
            assert!(is_explained(&exercise(text, number(1_048_576.0))), "{text}");
        }
        for text in ["", "1,048,57", "11,048,576", "a lot, a lot"] {
            assert!(
                !is_explained(&exercise(text, number(1_048_576.0))),
                "{text}"
            );
        }
        let word = Answer::Words(vec!["softmax".into()]);
        assert!(is_explained(&exercise("The Softmax.", word.clone())));
        assert!(!is_explained(&exercise("The maximum.", word)));
    }
}
