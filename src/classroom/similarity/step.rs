//! A class's texts for one step. Texts that are the same after normalising are taken together, as
//! a form: it is forms that are compared, never every text with every other.

use std::collections::{BTreeMap, HashMap};

use super::Kind;
use super::rarity::Rarity;
use super::winnow::Prints;

/// Texts are near from this share of the smaller one's fingerprints on. Two changed lines take a
/// tenth of them; of the course's own texts, written to differ, none but a very short one shares
/// more than two thirds.
const NEAR: f64 = 0.8;

/// Fingerprints that more forms have than these bring no forms together, though they count between
/// forms that others bring together; and it takes a few. Keeps all forms of a large class from
/// being compared with all.
const BRINGS_TOGETHER: usize = 10;
const A_FEW: usize = 4;

/// A text, read.
#[derive(Debug, Clone)]
pub struct Read {
    /// Names the text to the letter.
    pub text: u64,
    /// What it is compared by, without the skeleton's part.
    pub prints: Prints,
}

/// The texts of a step.
pub struct Step<'a> {
    pub id: &'a str,
    pub forms: Vec<Form>,
    /// How many students have begun.
    pub begun: usize,
    /// The text of each participant who has one, and its form.
    texts: Vec<Option<(u64, usize)>>,
    /// Forms that are not the same but near, the smaller number first.
    near: BTreeMap<(usize, usize), Likeness>,
}

/// What some have in common, be it one student's alone.
pub struct Form {
    /// Who, in order.
    pub members: Vec<usize>,
    /// Whether too many have it for it to tell anything.
    pub common: bool,
    /// Its fingerprints that count, in order.
    prints: Vec<u64>,
    /// What it tells that two have it; and that they have it to the letter.
    weights: (f64, f64),
}

/// How two texts are alike.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    pub kind: Kind,
    /// See [`super::Alike::weight`].
    pub weight: f64,
}

impl<'a> Step<'a> {
    /// From the texts of all who have begun: of `students`, and of one participant behind them,
    /// the solution.
    pub fn new(id: &'a str, texts: &[(usize, &Read)], students: usize) -> Self {
        let mut by_form: BTreeMap<u64, (Vec<usize>, &[u64])> = BTreeMap::new();
        for &(participant, read) in texts {
            let form = by_form.entry(read.prints.whole);
            let (members, _) = form.or_insert((Vec::new(), &read.prints.kept));
            members.push(participant);
        }
        let begun = texts.iter().filter(|(who, _)| *who < students).count();
        let rarity = Rarity::new(by_form.values(), students, begun);
        let forms: Vec<Form> = by_form
            .into_values()
            .map(|(mut members, prints)| {
                members.sort_unstable();
                let prints: Vec<u64> = prints
                    .iter()
                    .copied()
                    .filter(|&p| rarity.counts(p))
                    .collect();
                Form {
                    common: rarity.is_common(&members),
                    weights: rarity.weights_of_form(&members, &prints),
                    members,
                    prints,
                }
            })
            .collect();
        let mut form_of = vec![None; students + 1];
        for (i, form) in forms.iter().enumerate() {
            for &member in &form.members {
                form_of[member] = Some(i);
            }
        }
        let mut step = Self {
            id,
            near: near(&forms, &rarity),
            forms,
            begun,
            texts: vec![None; students + 1],
        };
        for &(participant, read) in texts {
            step.texts[participant] = form_of[participant].map(|form| (read.text, form));
        }
        step
    }

    /// Forms that are near each other.
    pub fn near(&self) -> impl Iterator<Item = (&Form, &Form)> {
        let pairs = self.near.keys();
        pairs.map(|&(one, other)| (&self.forms[one], &self.forms[other]))
    }

    /// How the texts of two participants are alike, if they are.
    pub fn alike(&self, one: usize, other: usize) -> Option<Likeness> {
        let (one_text, one) = self.texts[one]?;
        let (other_text, other) = self.texts[other]?;
        if one != other {
            return self.near.get(&(one.min(other), one.max(other))).copied();
        }
        let (normalised, to_the_letter) = self.forms[one].weights;
        let (kind, weight) = if one_text == other_text {
            (Kind::SameText, to_the_letter)
        } else {
            (Kind::SameNormalised, normalised)
        };
        Some(Likeness { kind, weight })
    }
}

/// The pairs of forms that are near. Goes from fingerprints to forms, so that forms which share
/// nothing are never looked at.
fn near(forms: &[Form], rarity: &Rarity) -> BTreeMap<(usize, usize), Likeness> {
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (i, form) in forms.iter().enumerate() {
        for &print in &form.prints {
            holders.entry(print).or_default().push(i);
        }
    }
    let mut together: HashMap<(usize, usize), usize> = HashMap::new();
    for holders in holders.values().filter(|all| all.len() <= BRINGS_TOGETHER) {
        for (i, &one) in holders.iter().enumerate() {
            for &other in &holders[i + 1..] {
                *together.entry((one, other)).or_default() += 1;
            }
        }
    }
    together
        .into_iter()
        .filter(|&(_, count)| count >= A_FEW)
        .filter_map(|((one, other), _)| {
            let likeness = likeness(&forms[one], &forms[other], rarity)?;
            Some(((one, other), likeness))
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn likeness(one: &Form, other: &Form, rarity: &Rarity) -> Option<Likeness> {
    let both = shared(&one.prints, &other.prints);
    let of = one.prints.len().min(other.prints.len());
    (both.len() as f64 >= NEAR * of as f64).then(|| Likeness {
        kind: Kind::Near {
            shared: both.len(),
            of,
        },
        weight: rarity.weight_of_near(&one.members, &other.members, &both),
    })
}

/// What both have, of two sorted lists.
fn shared(one: &[u64], other: &[u64]) -> Vec<u64> {
    let mut other = other.iter().peekable();
    one.iter()
        .copied()
        .filter(|print| {
            while other.next_if(|next| *next < print).is_some() {}
            other.peek() == Some(&print)
        })
        .collect()
}
