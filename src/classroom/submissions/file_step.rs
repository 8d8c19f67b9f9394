//! Which step the name of a file means. Pure.

use super::{attempt, safe_names};

/// How near a file's name is to that of a step's file. The nearest is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// It is just that, but for the number of an attempt behind it.
    Exact,
    /// The step's whole name is in it.
    Whole,
    /// It is short for it, as in `s06.rs`.
    Short,
    /// What the step is called is in it, as in `position_embeddings_final.rs`.
    Called,
}

/// What a file's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// Which step it is of.
    pub step: usize,
    /// How near it is to that step's name.
    pub nearness: Nearness,
    /// Which attempt it is, the larger the later; 0 if it does not say.
    pub attempt: u64,
}

/// Which of `steps` a file's name means, if any. Learning platforms put names and numbers around it,
/// file managers a ` (1)` behind it, browsers a `.txt`, and people leave out what they can.
pub fn step_of(name: &str, steps: &[&str]) -> Option<Meant> {
    let stem = safe_names::source_stem(name)?;
    let near = |stem: &str| {
        if let Some(step) = position(stem, steps) {
            return Some((step, Nearness::Exact));
        }
        let stem = stem.to_lowercase().replace([' ', '-'], "_");
        let whole = whole(&stem, steps).map(|step| (step, Nearness::Whole));
        let short = || short(&stem, steps).map(|step| (step, Nearness::Short));
        let called = || called(&stem, steps).map(|step| (step, Nearness::Called));
        whole.or_else(short).or_else(called)
    };
    // `step-6` is no sixth attempt, as there is nothing called `step`.
    let attempt = attempt::of(stem).and_then(|found| Some((near(found.base)?, found.number)));
    let ((step, nearness), attempt) = match attempt {
        Some(found) if position(stem, steps).is_none() => found,
        _ => (near(stem)?, 0),
    };
    let has_other_ending = !name.ends_with(".rs") || name.len() > stem.len() + ".rs".len();
    Some(Meant {
        step,
        nearness: if has_other_ending {
            nearness.max(Nearness::Whole)
        } else {
            nearness
        },
        attempt,
    })
}

fn position(stem: &str, steps: &[&str]) -> Option<usize> {
    steps.iter().position(|step| *step == stem)
}

/// The only step whose whole name is in `stem`.
fn whole(stem: &str, steps: &[&str]) -> Option<usize> {
    let inside: Vec<usize> = (0..steps.len())
        .filter(|&step| stem.contains(steps[step]))
        .collect();
    let is_part_of_other = |step: usize| {
        let is_longer = |&other: &usize| other != step && steps[other].contains(steps[step]);
        inside.iter().any(is_longer)
    };
    only(
        inside
            .iter()
            .copied()
            .filter(|&step| !is_part_of_other(step)),
    )
}

/// The only step that `stem` is short for: by what it is called behind its number, by its number
/// alone, or by a word such as `s06`, `step06` or `step_6` somewhere in it.
fn short(stem: &str, steps: &[&str]) -> Option<usize> {
    let called = |step: &&str| {
        step.split_once('_')
            .is_some_and(|(_, called)| called == stem)
    };
    let by_call = (0..steps.len()).filter(|&step| called(&steps[step]));
    if let Some(step) = only(by_call) {
        return Some(step);
    }
    let words: Vec<&str> = stem.split('_').collect();
    let is_meant = |&step: &usize| {
        let Some((letters, number)) = number(steps[step]) else {
            return false;
        };
        let says = |digits: &str| digits.parse() == Ok(number);
        let is_word = |(at, word): (usize, &&str)| {
            let mut behind = [letters, "step"]
                .into_iter()
                .filter_map(|start| word.strip_prefix(start));
            let follows = at > 0 && words[at - 1] == "step";
            behind.any(says) || (follows && says(word))
        };
        words.iter().enumerate().any(is_word) || says(stem)
    };
    only((0..steps.len()).filter(is_meant))
}

/// The only step that is called by several words which are in `stem`, one after the other. A single
/// one, such as `model`, may be in the name of any file.
fn called(stem: &str, steps: &[&str]) -> Option<usize> {
    let words: Vec<&str> = stem.split('_').collect();
    let is_in = |&step: &usize| {
        let called: Vec<&str> = steps[step].split('_').skip(1).collect();
        called.len() > 1 && words.windows(called.len()).any(|part| part == called)
    };
    only((0..steps.len()).filter(is_in))
}

/// The letters and the number that a step's name begins with, as in `s06_…`.
fn number(step: &str) -> Option<(&str, u32)> {
    let id = step.split('_').next()?;
    let (letters, digits) = id.split_at(id.find(|c: char| c.is_ascii_digit())?);
    Some((letters, digits.parse().ok()?)).filter(|(letters, _)| !letters.is_empty())
}

fn only(mut meant: impl Iterator<Item = usize>) -> Option<usize> {
    let first = meant.next()?;
    meant.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = ["s01_mask", "s02_mask_more", "s10_model"];

    fn said(name: &str, steps: &[&str]) -> Option<(usize, Nearness)> {
        step_of(name, steps).map(|meant| (meant.step, meant.nearness))
    }

    #[test]
    fn a_number_behind_the_name_is_an_attempt_and_one_in_it_is_not() {
        for (name, attempt) in [
            ("s10.rs", 0),
            ("step-10.rs", 0),
            ("step-10-1.rs", 1),
            ("step_10 (2).rs", 2),
            ("10-3.rs", 3),
            ("s10_model_v4.rs", 4),
            ("ana_s10-5.rs", 5),
        ] {
            let meant = step_of(name, &STEPS).expect(name);
            assert_eq!((meant.step, meant.attempt), (2, attempt), "{name}");
        }
        // A step may be called so itself.
        let steps = ["s01_gpt-2", "s02_gpt"];
        assert_eq!(
            step_of("s01_gpt-2.rs", &steps).map(|meant| meant.attempt),
            Some(0)
        );
    }

    #[test]
    fn a_name_means_one_step_or_none() {
        let step = |name| said(name, &STEPS);
        for name in [
            "s01_mask.rs",
            "s01_mask (1).rs",
            "s01_mask-2.rs",
            "s01_mask_v2.rs",
        ] {
            assert_eq!(step(name), Some((0, Nearness::Exact)), "{name}");
        }
        for name in [
            "alice_12345_s01_mask.rs",
            "S01_Mask.RS",
            "S01_Mask (1).RS",
            "s01-mask.rs",
            "s01_mask.rs.rs",
            "s01_mask.rs.txt",
            "alice_s01_mask-2.rs",
        ] {
            assert_eq!(step(name), Some((0, Nearness::Whole)), "{name}");
        }
        for name in [
            "s01_mask",
            "s01_mask.txt",
            "lib.rs",
            "s01_mask s10_model.rs",
            "s01 s10.rs",
            "s03.rs",
            "step.rs",
            "mask_s.rs",
            "ana_01.rs",
            ".rs",
        ] {
            assert_eq!(step(name), None, "{name}");
        }
        let steps = ["s1_a", "s1_a_b"];
        assert_eq!(said("x_s1_a_b.rs", &steps), Some((1, Nearness::Whole)));
        assert_eq!(said("s1_a.rs", &steps), Some((0, Nearness::Exact)));
        // Two steps of one number are not told apart by it.
        assert_eq!(said("s1.rs", &steps), None);
    }

    #[test]
    fn what_a_step_is_called_may_be_a_part_of_the_name() {
        let steps = ["s01_mask", "s03_layer_norm", "s06_position_embeddings"];
        for (name, step) in [
            ("layer_norm_final_v2.rs", 1),
            ("Ana-Layer-Norm.rs", 1),
            ("my position embeddings.rs", 2),
        ] {
            assert_eq!(said(name, &steps), Some((step, Nearness::Called)), "{name}");
        }
        for name in [
            "my_mask.rs",
            "layer_normal.rs",
            "layer_the_norm.rs",
            "layer_norm_position_embeddings.rs",
        ] {
            assert_eq!(said(name, &steps), None, "{name}");
        }
        assert!(Nearness::Short < Nearness::Called);
    }

    #[test]
    fn short_names_are_understood() {
        for name in [
            "s10.rs",
            "S10.rs",
            "step10.rs",
            "step_10.rs",
            "step-10.rs",
            "Step 10.rs",
            "10.rs",
            "model.rs",
            "Model.RS",
            "s10 (1).rs",
            "s10-1.rs",
            "10-2.rs",
            "step_10_v2.rs",
            "ana_s10.rs",
            "ana_12345_step10.rs",
            "s10_final.rs",
            "s10.rs.txt",
        ] {
            assert_eq!(said(name, &STEPS), Some((2, Nearness::Short)), "{name}");
        }
        for (name, step) in [
            ("1.rs", 0),
            ("01.rs", 0),
            ("step_1.rs", 0),
            ("s2.rs", 1),
            ("mask.rs", 0),
        ] {
            assert_eq!(
                said(name, &STEPS).map(|(step, _)| step),
                Some(step),
                "{name}"
            );
        }
    }
}
