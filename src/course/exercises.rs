//! Exercises of a lesson that are answered by typing: `lessons/STEP/exercises.toml`.
//!
//! Question and explanation stand in the lesson, under its heading "Exercises"; the file says which
//! of them can be judged, what is right, and what a wrong answer comes from.

mod lesson;

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::course::{Course, Step, line_and_column};
use crate::error::{Error, Result};

/// An exercise that can be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    /// Its number in the lesson, from 1.
    pub number: usize,
    /// The question, Markdown.
    pub ask: String,
    /// What the lesson folds away, Markdown.
    pub explanation: String,
    /// What is chosen from, if it is a choice: the first is `a`.
    pub choices: Vec<String>,
    /// What is right.
    pub answer: Answer,
    /// Wrong answers that are known.
    pub wrong: Vec<Wrong>,
    /// Where it is written down, counted from 1.
    pub line: usize,
}

/// What is right, or known to be wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A number, and how far off it may be.
    Number {
        /// The number.
        value: f64,
        /// The largest difference.
        within: f64,
    },
    /// Any of these words, the first one to be shown.
    Words(Vec<String>),
}

/// A wrong answer that people give.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// The answer.
    pub answer: Answer,
    /// What it comes from; nothing of what is right.
    pub why: String,
}

impl Answer {
    /// Whether `typed` means this.
    #[must_use]
    pub fn is(&self, typed: &str) -> bool {
        match self {
            Self::Number { value, within } => {
                number(typed).is_some_and(|typed| (typed - value).abs() <= *within)
            }
            Self::Words(words) => {
                let typed = plain(typed);
                words.iter().any(|word| plain(word) == typed)
            }
        }
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number { .. })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value, .. } => write!(f, "{value}"),
            Self::Words(words) => write!(f, "{}", words[0]),
        }
    }
}

/// The number that `typed` means: `1,048,576`, `1_048_576`, `-0.5`, `1e-5`, `3/4` or `25%`.
#[must_use]
pub fn number(typed: &str) -> Option<f64> {
    let typed: String = typed
        .chars()
        .filter(|c| !matches!(c, ',' | '_') && !c.is_whitespace())
        .collect();
    let value = if let Some(percent) = typed.strip_suffix('%') {
        percent.parse::<f64>().ok()? / 100.0
    } else if let Some((above, below)) = typed.split_once('/') {
        above.parse::<f64>().ok()? / below.parse::<f64>().ok()?
    } else {
        typed.parse().ok()?
    };
    value.is_finite().then_some(value)
}

/// What is compared of words: neither case nor marks around them count.
fn plain(words: &str) -> String {
    let trimmed = words.trim_matches(|c: char| c.is_whitespace() || "`'\".()".contains(c));
    trimmed.to_lowercase()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default)]
    exercise: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: Spanned<usize>,
    answer: Spanned<Typed>,
    within: Option<f64>,
    #[serde(default)]
    choices: Vec<String>,
    #[serde(default)]
    wrong: Vec<WrongEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrongEntry {
    answer: Spanned<Typed>,
    why: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Typed {
    Number(f64),
    Word(String),
    Words(Vec<String>),
}

/// Where the exercises of `step` are written down.
#[must_use]
pub fn file(course: &Course, step: &Step) -> PathBuf {
    course.lesson_folder(step).join("exercises.toml")
}

/// The exercises of `step` that can be judged; none if nobody has written any.
///
/// # Errors
///
/// If the file is not sound, with the line.
pub fn read(course: &Course, step: &Step) -> Result<Vec<Exercise>> {
    let path = file(course, step);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let lesson = course.read("lesson", step, &course.lesson_file(step))?;
    parse(&text, &lesson).map_err(|(offset, message)| Error::Course {
        at: offset.map(|offset| line_and_column(&text, offset)),
        path,
        message,
    })
}

/// A flaw: where, and what.
type Flaw = (Option<usize>, String);

/// The exercises that a file's `text` lists, with their questions out of the `lesson`.
fn parse(text: &str, lesson: &str) -> std::result::Result<Vec<Exercise>, Flaw> {
    let manifest: Manifest = toml::from_str(text)
        .map_err(|e| (e.span().map(|span| span.start), e.message().to_owned()))?;
    let asked = lesson::exercises(lesson);
    let mut exercises: Vec<Exercise> = Vec::new();
    for entry in manifest.exercise {
        let at = entry.span().start;
        let entry = entry.into_inner();
        let number = *entry.number.get_ref();
        let in_place = |message: String| (Some(entry.number.span().start), message);
        let Some(asked) = asked.iter().find(|asked| asked.number == number) else {
            return Err(in_place(format!("the lesson has no exercise {number}")));
        };
        if exercises.iter().any(|earlier| earlier.number == number) {
            return Err(in_place(format!("exercise {number} is listed twice")));
        }
        let answer = answer(entry.answer, entry.within, &entry.choices)?;
        let wrong = (entry.wrong.into_iter())
            .map(|wrong| known_to_be_wrong(wrong, &answer, &entry.choices))
            .collect::<std::result::Result<_, Flaw>>()?;
        exercises.push(Exercise {
            number,
            ask: asked.ask.clone(),
            explanation: asked.explanation.clone(),
            choices: entry.choices,
            answer,
            wrong,
            line: line_and_column(text, at).0,
        });
    }
    exercises.sort_by_key(|exercise| exercise.number);
    Ok(exercises)
}

fn answer(
    typed: Spanned<Typed>,
    within: Option<f64>,
    choices: &[String],
) -> std::result::Result<Answer, Flaw> {
    let at = typed.span().start;
    let flaw = |message: &str| Err((Some(at), message.to_owned()));
    let answer = match typed.into_inner() {
        Typed::Number(value) if value.is_finite() => Answer::Number {
            value,
            within: within.unwrap_or(0.0),
        },
        Typed::Number(_) => return flaw("an answer is a finite number"),
        Typed::Word(word) => Answer::Words(vec![word]),
        Typed::Words(words) => Answer::Words(words),
    };
    match &answer {
        Answer::Number { within, .. } if !within.is_finite() || *within < 0.0 => {
            flaw("`within` is how far off an answer may be: zero or more")
        }
        Answer::Number { .. } if !choices.is_empty() => {
            flaw("where there are `choices`, an answer is the letter of one, as in \"b\"")
        }
        Answer::Words(words) if words.is_empty() || words.iter().any(|w| plain(w).is_empty()) => {
            flaw("an answer has to say something")
        }
        Answer::Words(words) if !choices.is_empty() => {
            let is_one = |word: &String| letters(choices).any(|letter| letter == *word);
            if words.iter().all(is_one) {
                Ok(answer)
            } else {
                flaw("where there are `choices`, an answer is the letter of one, as in \"b\"")
            }
        }
        _ => Ok(answer),
    }
}

fn known_to_be_wrong(
    entry: WrongEntry,
    right: &Answer,
    choices: &[String],
) -> std::result::Result<Wrong, Flaw> {
    let at = entry.answer.span().start;
    let within = match right {
        // As exact as the right one is asked for.
        Answer::Number { within, .. } => Some(*within),
        Answer::Words(_) => None,
    };
    let answer = answer(entry.answer, within, choices)?;
    let flaw = |message: &str| Err((Some(at), message.to_owned()));
    if answer.is_number() != right.is_number() {
        return flaw("a wrong answer is of the same kind as the right one");
    }
    if right.is(&answer.to_string()) {
        return flaw("this answer counts as right");
    }
    if entry.why.trim().is_empty() {
        return flaw("`why` says what this answer comes from");
    }
    Ok(Wrong {
        answer,
        why: entry.why,
    })
}

/// The letters of `choices`: `a`, `b` and so on.
pub fn letters(choices: &[String]) -> impl Iterator<Item = String> {
    ('a'..='z')
        .map(String::from)
        .take(choices.len())
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests;
