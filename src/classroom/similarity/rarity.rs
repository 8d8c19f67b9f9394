//! How much it tells that two have the same: the less, the more others have it too.

use std::collections::HashMap;

/// From this many students on it means something that many have the same.
const CLASS: usize = 6;

/// A form that more than this many have is the step's, not theirs: the default of Moss's option
/// `-m`, how often a passage may appear before it is ignored.
const MANY: usize = 10;

/// A class of these many texts is imagined besides, half of which have what the solution has. It
/// stands for what is known before anybody has handed in: the plain way is the solution's, and
/// many find it. The more real texts there are, the less it matters.
const IMAGINED: usize = 4;

/// Fingerprints overlap: a token is in about k * 2 / (w + 1) = 5 of them. One more, because lines
/// that stand together are not chosen each on its own.
const OVERLAP: f64 = 6.0;

/// Names, comments and spacing are chosen as well: the same text tells twice as much as the same
/// code.
const TO_THE_LETTER: f64 = 2.0;

/// Who has what in a step.
pub struct Rarity {
    seen: HashMap<u64, Seen>,
    students: usize,
    begun: usize,
    forms: usize,
}

#[derive(Default)]
struct Seen {
    students: usize,
    forms: usize,
    /// The solution has it.
    plain: bool,
}

impl Rarity {
    /// From the forms: who has each, and its fingerprints. The participant behind all `students`
    /// is the solution.
    pub fn new<'a>(
        forms: impl Iterator<Item = &'a (Vec<usize>, &'a [u64])>,
        students: usize,
        begun: usize,
    ) -> Self {
        let mut rarity = Self {
            seen: HashMap::new(),
            students,
            begun,
            forms: 0,
        };
        for (members, prints) in forms {
            let among_students = rarity.among_students(members);
            let a_form = usize::from(among_students > 0);
            rarity.forms += a_form;
            for &print in *prints {
                let seen = rarity.seen.entry(print).or_default();
                seen.students += among_students;
                seen.forms += a_form;
                seen.plain |= among_students < members.len();
            }
        }
        rarity
    }

    /// Whether not more than half of the class have a fingerprint.
    pub fn counts(&self, print: u64) -> bool {
        let students = self.seen.get(&print).map_or(0, |seen| seen.students);
        self.begun < CLASS || students * 2 <= self.begun
    }

    /// Whether more than a third of the class, or simply many, have a form.
    pub fn is_common(&self, members: &[usize]) -> bool {
        let students = self.among_students(members);
        self.begun >= CLASS && (students > MANY || students * 3 > self.begun)
    }

    /// What it tells that two have a form with these fingerprints; and that they have the very
    /// same text.
    pub fn weights_of_form(&self, members: &[usize], prints: &[u64]) -> (f64, f64) {
        let weight = self.weight(prints, self.forms, 0);
        let most = self.most(members);
        (weight.min(most), (weight * TO_THE_LETTER).min(most))
    }

    /// What it tells that two forms share these fingerprints. One of them is no witness for how
    /// usual they are.
    pub fn weight_of_near(&self, one: &[usize], other: &[usize], prints: &[u64]) -> f64 {
        let is_students = |form: &[usize]| self.among_students(form) > 0;
        let both = usize::from(is_students(one) && is_students(other));
        self.weight(prints, self.forms - both, both)
            .min(self.most(one))
            .min(self.most(other))
    }

    /// The sum of the inverse document frequencies (Spärck Jones, 1972), which is how unlikely it
    /// is to have all this by chance, as a power of e. Forms are counted and not students: those
    /// who copy a text do not make what is in it more usual.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn weight(&self, prints: &[u64], forms: usize, less: usize) -> f64 {
        let sum: f64 = prints
            .iter()
            .filter_map(|print| self.seen.get(print))
            .map(|seen| {
                let imagined = if seen.plain { IMAGINED / 2 } else { 0 };
                let have = (seen.forms - less.min(seen.forms) + imagined).max(1);
                ((forms + IMAGINED) as f64 / have as f64).ln()
            })
            .sum();
        sum / OVERLAP
    }

    /// What is common cannot tell more than how common it is.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn most(&self, members: &[usize]) -> f64 {
        if self.is_common(members) {
            (self.begun as f64 / self.among_students(members) as f64).ln()
        } else {
            f64::INFINITY
        }
    }

    fn among_students(&self, members: &[usize]) -> usize {
        members.iter().filter(|&&who| who < self.students).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTS: [u64; 3] = [1, 2, 3];

    /// A class of so many students, in which so many have a form of their own with [`PRINTS`], and
    /// all others a form with nothing in common.
    fn rarity(students: usize, having: usize, solution_has: bool) -> Rarity {
        let mut forms: Vec<(Vec<usize>, &[u64])> = Vec::new();
        for student in 0..students {
            forms.push((vec![student], if student < having { &PRINTS } else { &[] }));
        }
        forms.push((vec![students], if solution_has { &PRINTS } else { &[] }));
        Rarity::new(forms.iter(), students, students)
    }

    fn near(students: usize, having: usize, solution_has: bool) -> f64 {
        rarity(students, having, solution_has).weight_of_near(&[0], &[1], &PRINTS)
    }

    #[test]
    fn the_more_have_it_the_less_it_tells() {
        assert!(near(30, 2, false) > near(30, 3, false));
        assert!(near(30, 2, false) < near(40, 2, false));
        assert!(near(30, 2, false) > near(30, 2, true));
    }

    #[test]
    fn what_more_than_half_have_does_not_count_in_a_class() {
        assert!(rarity(12, 6, false).counts(1));
        assert!(!rarity(12, 7, false).counts(1));
        assert!(rarity(5, 5, false).counts(1));
    }

    #[test]
    fn what_a_third_or_more_than_ten_have_is_common() {
        let many: Vec<usize> = (0..11).collect();
        assert!(!rarity(9, 0, false).is_common(&many[..3]));
        assert!(rarity(9, 0, false).is_common(&many[..4]));
        assert!(!rarity(100, 0, false).is_common(&many[..10]));
        assert!(rarity(100, 0, false).is_common(&many));
        assert!(!rarity(5, 0, false).is_common(&many[..5]));
    }

    #[test]
    fn what_is_common_tells_no_more_than_that() {
        let class = rarity(100, 0, false);
        let many: Vec<usize> = (0..25).collect();
        let prints: Vec<u64> = (0..1000).collect();
        let (same, to_the_letter) = class.weights_of_form(&many, &prints);
        assert!(same <= 4f64.ln() && to_the_letter <= 4f64.ln());
    }

    #[test]
    fn the_same_text_tells_twice_as_much() {
        let (same, to_the_letter) = rarity(9, 1, false).weights_of_form(&[0], &PRINTS);
        assert!(same > 0.0);
        assert!((to_the_letter - 2.0 * same).abs() < 1e-9);
    }
}
