//! Hints: `lessons/hints/STEP.toml`.

use std::fs;
use std::io;

use serde::Deserialize;

use crate::course::{Course, Step, line_and_column};
use crate::error::{Error, Result};
use crate::progress::StepProgress;

/// The hints of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// In rising strength.
    pub general: Vec<String>,
    /// For a kind of verdict or a known mistake.
    special: Vec<(Occasion, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Occasion {
    Verdict(String),
    Mistake(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    hint: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: String,
    on: Option<String>,
    mistake: Option<String>,
}

/// The hints of `step`; none if nobody has written any.
///
/// # Errors
///
/// If the file is not sound, with the line.
pub fn read(course: &Course, step: &Step) -> Result<Hints> {
    let path = course.hints_file(step);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Hints::default()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    parse(&text).map_err(|(offset, message)| Error::Course {
        at: offset.map(|offset| line_and_column(&text, offset)),
        path,
        message,
    })
}

fn parse(text: &str) -> std::result::Result<Hints, (Option<usize>, String)> {
    let manifest: Manifest = toml::from_str(text)
        .map_err(|e| (e.span().map(|span| span.start), e.message().to_owned()))?;
    let mut hints = Hints::default();
    for entry in manifest.hint {
        match (entry.on, entry.mistake) {
            (None, None) => hints.general.push(entry.text),
            (Some(verdict), _) => hints.special.push((Occasion::Verdict(verdict), entry.text)),
            (None, Some(id)) => hints.special.push((Occasion::Mistake(id), entry.text)),
        }
    }
    Ok(hints)
}

impl Hints {
    /// The hint that belongs to what went wrong last: to the known mistake before the verdict.
    #[must_use]
    pub fn special(&self, known: &StepProgress) -> Option<&str> {
        let of = |wanted: &dyn Fn(&Occasion) -> bool| {
            self.special
                .iter()
                .find(|(occasion, _)| wanted(occasion))
                .map(|(_, text)| text.as_str())
        };
        let mistake = |occasion: &Occasion| match occasion {
            Occasion::Mistake(id) => known.diagnosis.contains(id),
            Occasion::Verdict(_) => false,
        };
        let verdict = |occasion: &Occasion| *occasion == Occasion::Verdict(known.last.clone());
        of(&mistake).or_else(|| of(&verdict))
    }

    /// The ids of the known mistakes that have a hint of their own.
    pub fn mistakes(&self) -> impl Iterator<Item = &str> {
        self.special
            .iter()
            .filter_map(|(occasion, _)| match occasion {
                Occasion::Mistake(id) => Some(id.as_str()),
                Occasion::Verdict(_) => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
        [[hint]]
        text = 'first'
        [[hint]]
        on = 'wrong_shape'
        text = 'shapes'
        [[hint]]
        mistake = 'm'
        text = 'for m'
        [[hint]]
        text = 'second'
    ";

    #[test]
    fn a_mistake_is_closer_than_a_verdict() {
        let hints = parse(TEXT).expect("it is sound");
        assert_eq!(hints.general, ["first", "second"]);
        let mut known = StepProgress::default();
        assert_eq!(hints.special(&known), None);
        known.last = "wrong_shape".into();
        assert_eq!(hints.special(&known), Some("shapes"));
        known.diagnosis = vec!["m".into()];
        assert_eq!(hints.special(&known), Some("for m"));
    }
}
