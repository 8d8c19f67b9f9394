//! The exercises that are answered by typing: enough, and explained by the lesson as they are judged.

use crate::authoring::flaw::Flaws;
use crate::course::exercises::{self, Answer, Exercise};
use crate::course::{Course, Step};
use crate::error::Result;

pub(super) fn flaws(
    course: &Course,
    step: &Step,
    fewest: usize,
    flaws: &mut Flaws<'_>,
) -> Result<()> {
    let file = exercises::file(course, step);
    let Some(known) = flaws.catch(&file, exercises::read(course, step))? else {
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
        if exercise
            .wrong
            .iter()
            .any(|w| says(&w.why, &exercise.answer))
        {
            let what = format!(
                "what is said to a wrong answer to exercise {} gives the right one away",
                exercise.number
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
        answer @ Answer::Number { .. } => says(text, answer),
        Answer::Words(words) => {
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(&word.to_lowercase()))
        }
    }
}

/// Whether one of the numbers in `text` is the answer; never for words, which may be anybody's.
fn says(text: &str, answer: &Answer) -> bool {
    answer.is_number()
        && text
            .split(|c: char| c.is_whitespace() || "()=*`:;".contains(c))
            .map(|word| word.trim_matches(|c: char| ",.?!".contains(c)))
            .any(|word| !word.is_empty() && answer.is(word))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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
        assert!(says("These are 512, not 4.", &number(512.0)));
        assert!(!says("Each row has the same factors.", &number(512.0)));
        let word = Answer::Words(vec!["softmax".into()]);
        assert!(!says("The softmax.", &word));
        assert!(is_explained(&exercise("The Softmax.", word.clone())));
        assert!(!is_explained(&exercise("The maximum.", word)));
    }

    #[test]
    fn the_exercises_of_every_lesson_are_sound() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("it is there");
        for step in course.steps() {
            let mut found = Flaws::of(&course, step);
            flaws(&course, step, 1, &mut found).expect("it is read");
            let found = found.found();
            assert!(found.is_empty(), "{found:#?}");
        }
    }
}
