//! Which step a name on the command line means.

use super::Step;
use crate::error::{Error, Result};

/// The step that `typed` means.
pub fn resolve<'a>(steps: &'a [Step], typed: &str) -> Result<&'a Step> {
    let name = normalise(typed);
    if let Some(step) = steps.iter().find(|step| is_called(step, &name)) {
        return Ok(step);
    }
    let fits: Vec<&Step> = steps
        .iter()
        .filter(|_| !name.is_empty())
        .filter(|step| step.name.starts_with(&name) || topic(step).starts_with(&name))
        .collect();
    match fits.as_slice() {
        [step] => Ok(step),
        [] => Err(Error::UnknownStep {
            name: typed.to_owned(),
            meant: nearest(steps, &name),
        }),
        several => Err(Error::AmbiguousStep {
            name: typed.to_owned(),
            candidates: several.iter().map(|step| step.name.clone()).collect(),
        }),
    }
}

/// Without folders, `.rs`, upper case, and other separators than `_`.
fn normalise(typed: &str) -> String {
    let file = typed.rsplit(['/', '\\']).next().unwrap_or(typed);
    file.strip_suffix(".rs")
        .unwrap_or(file)
        .trim()
        .to_lowercase()
        .replace([' ', '-'], "_")
}

/// The part of the module's name behind the id: `position_embeddings`.
fn topic(step: &Step) -> &str {
    step.name
        .strip_prefix(&step.id)
        .map_or("", |rest| rest.trim_start_matches('_'))
}

fn is_called(step: &Step, name: &str) -> bool {
    name == step.name || name == topic(step) || is_number(step, name)
}

/// `s06`, `s6`, `06`, `6`.
fn is_number(step: &Step, name: &str) -> bool {
    let number = |id: &str| id.strip_prefix('s').unwrap_or(id).parse::<u32>().ok();
    number(name).is_some_and(|n| number(&step.id) == Some(n))
}

/// The step whose name is most like `name`, if any is like it at all.
fn nearest(steps: &[Step], name: &str) -> Option<String> {
    let likeness = |step: &Step| {
        let to = |target: &str| strsim::normalized_damerau_levenshtein(name, target);
        to(&step.name).max(to(topic(step))).max(to(&step.id))
    };
    steps
        .iter()
        .map(|step| (likeness(step), step))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, step)| step.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::StepLimits;

    fn steps() -> Vec<Step> {
        [
            "s02_causal_mask",
            "s05_token_embeddings",
            "s06_position_embeddings",
            "s12_generation",
        ]
        .iter()
        .map(|name| Step {
            id: name[..3].to_owned(),
            name: (*name).to_owned(),
            title: String::new(),
            learnt: None,
            points: 1,
            needs: Vec::new(),
            allows: Vec::new(),
            assets: Vec::new(),
            limits: StepLimits::default(),
        })
        .collect()
    }

    fn found(typed: &str) -> String {
        match resolve(&steps(), typed) {
            Ok(step) => step.id.clone(),
            Err(Error::UnknownStep { meant, .. }) => format!("? {}", meant.unwrap_or_default()),
            Err(Error::AmbiguousStep { candidates, .. }) => candidates.join("|"),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn every_way_to_name_a_step() {
        for typed in [
            "s06",
            "06",
            "6",
            "S6",
            "s06_position_embeddings",
            "position-embeddings",
            "Position Embeddings",
            "pos",
            "s06_p",
            "steps/s06_position_embeddings.rs",
        ] {
            assert_eq!(found(typed), "s06", "{typed}");
        }
        assert_eq!(found("12"), "s12");
    }

    #[test]
    fn what_is_no_name_gets_a_suggestion() {
        assert_eq!(found("position_embedings"), "? s06_position_embeddings");
        assert_eq!(found("mask"), "? ");
        assert_eq!(found("7"), "? ");
        assert_eq!(found(""), "? ");
        assert_eq!(found("🦀"), "? ");
    }

    #[test]
    fn a_start_that_fits_several_is_told() {
        assert_eq!(found("s0").split('|').count(), 3);
    }
}
