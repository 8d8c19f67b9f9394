//! Finds the known mistakes that explain what a step showed. Pure, like the judge.
//!
//! A mistake explains a group of observations if it shows exactly what the step shows there. It is
//! out of the question if it changes anything that the step has right. To name nothing is never
//! wrong: where two mistakes explain the same, neither is named.

use observation::Observations;

use super::marks::{Mark, Marks};

/// How many pairs of mistakes are worth trying out.
const PAIRS: usize = 24;

/// How many mistakes at once are looked for.
const AT_ONCE: usize = 8;

/// The known mistakes of a step, as the reference's observations see them.
pub struct Suspects<'a> {
    reference: &'a Observations,
    marks: Vec<Marks<'a>>,
}

impl<'a> Suspects<'a> {
    /// Those that show `runs`.
    #[must_use]
    pub fn new(reference: &'a Observations, runs: &[&'a Observations]) -> Self {
        let marks = runs.iter().map(|run| Marks::new(run, reference));
        Self {
            reference,
            marks: marks.collect(),
        }
    }

    /// The case of `run`.
    #[must_use]
    pub fn case<'s>(&'s self, run: &'s Observations) -> Case<'s> {
        let mut case = Case {
            seen: Marks::new(run, self.reference),
            suspects: &self.marks,
            possible: Vec::new(),
        };
        case.possible = (0..self.marks.len())
            .filter(|&i| case.is_possible(i))
            .collect();
        case
    }
}

/// A run, and the known mistakes that may be behind it.
pub struct Case<'a> {
    seen: Marks<'a>,
    suspects: &'a [Marks<'a>],
    /// The suspects that change nothing that the run has right, and share something that is wrong.
    possible: Vec<usize>,
}

/// For each group of the reference, the suspects (their positions) that explain it; none where all
/// is right or nothing explains what is wrong.
pub type Explanation = Vec<Vec<usize>>;

impl Case<'_> {
    /// What explains the run: the whole of it, if anything does, or else group by group.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let wrong = self.wrong_groups();
        let all = self.single(&wrong).or_else(|| self.pair(&wrong));
        if let Some(found) = all.or_else(|| self.several(&wrong)) {
            return self.spread(&found);
        }
        let mut explanation = vec![Vec::new(); self.seen.len()];
        for &group in &wrong {
            explanation[group] = self.of_group(group, &wrong);
        }
        explanation
    }

    /// The groups in which something is wrong.
    #[must_use]
    pub fn wrong_groups(&self) -> Vec<usize> {
        let is_wrong = |&group: &usize| self.seen.group(group).iter().any(Mark::is_wrong);
        (0..self.seen.len()).filter(is_wrong).collect()
    }

    /// The pairs of suspects that may explain one of `groups` together, where both touch the same
    /// observation and only trying them out can tell.
    #[must_use]
    pub fn pairs_to_try(&self, groups: &[usize]) -> Vec<(usize, usize)> {
        // Of two at once, a yes or no and a number or two can tell anything.
        let has_numbers = |&&group: &&usize| self.seen.group(group).iter().any(Mark::is_numbers);
        let groups: Vec<usize> = groups.iter().filter(has_numbers).copied().collect();
        let may = |(i, j): &(usize, usize)| groups.iter().any(|&g| self.may_explain(g, *i, *j));
        self.pairs().filter(may).take(PAIRS).collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let possible = &self.possible;
        (0..possible.len())
            .flat_map(move |i| (i + 1..possible.len()).map(move |j| (possible[i], possible[j])))
    }

    fn mark(&self, suspect: usize, group: usize, o: usize) -> &Mark<'_> {
        &self.suspects[suspect].group(group)[o]
    }

    fn is_possible(&self, suspect: usize) -> bool {
        let mut shares = false;
        for group in 0..self.seen.len() {
            for (o, seen) in self.seen.group(group).iter().enumerate() {
                let mark = self.mark(suspect, group, o);
                if seen.is_same() && mark.is_wrong() {
                    return false;
                }
                shares |= seen.is_wrong() && mark.is_wrong();
            }
        }
        shares
    }

    /// Whether each observation of a group is as one of `those` has it; where none of them changes
    /// anything, as the reference has it.
    fn explains_group(&self, those: &[usize], group: usize) -> bool {
        self.seen.group(group).iter().enumerate().all(|(o, seen)| {
            let mut touching = those
                .iter()
                .map(|&i| self.mark(i, group, o))
                .filter(|mark| !mark.is_same());
            match seen {
                Mark::Unknown => true,
                Mark::Same => touching.all(Mark::is_unknown),
                wrong => touching.any(|mark| wrong.is_like(mark)),
            }
        })
    }

    fn explains(&self, those: &[usize], groups: &[usize]) -> bool {
        groups
            .iter()
            .all(|&group| self.explains_group(those, group))
    }

    /// The one suspect that explains `groups` by itself.
    fn single(&self, groups: &[usize]) -> Option<Vec<usize>> {
        let mut found = (self.possible.iter()).filter(|&&i| self.explains(&[i], groups));
        let first = *found.next()?;
        found.next().is_none().then(|| vec![first])
    }

    /// The one pair of suspects that explains `groups`.
    fn pair(&self, groups: &[usize]) -> Option<Vec<usize>> {
        let alone = |i: usize| self.explains(&[i], groups);
        let mut found = self
            .pairs()
            .filter(|&(i, j)| !alone(i) && !alone(j) && self.explains(&[i, j], groups));
        let (i, j) = found.next()?;
        found.next().is_none().then(|| vec![i, j])
    }

    /// Suspects that explain `groups` together, each of which explains something that the others do
    /// not.
    fn several(&self, groups: &[usize]) -> Option<Vec<usize>> {
        // Only those that show nothing but what is seen.
        let agrees = |&i: &usize| {
            groups.iter().all(|&group| {
                let mut marks = self.seen.group(group).iter().enumerate();
                marks.all(|(o, seen)| {
                    let mark = self.mark(i, group, o);
                    mark.is_same() || seen.is_like(mark)
                })
            })
        };
        let those: Vec<usize> = self.possible.iter().copied().filter(agrees).collect();
        let is_needed = |&i: &usize| {
            let others: Vec<usize> = those.iter().copied().filter(|&other| other != i).collect();
            !self.explains(&others, groups)
        };
        let found =
            those.len() <= AT_ONCE && self.explains(&those, groups) && those.iter().all(is_needed);
        found.then_some(those)
    }

    /// What explains one group, whatever became of the others.
    fn of_group(&self, group: usize, wrong: &[usize]) -> Vec<usize> {
        let is_telling = self.seen.group(group).iter().any(Mark::is_telling);
        // A suspect that shows something else elsewhere needs more than a yes or no in its favour.
        let agrees = |i: usize| {
            is_telling
                || wrong.iter().all(|&other| {
                    let touches = self.suspects[i].group(other).iter().any(Mark::is_wrong);
                    !touches || self.explains_group(&[i], other)
                })
        };
        let count = |i: usize| {
            let explained = wrong
                .iter()
                .filter(|&&other| self.explains_group(&[i], other));
            explained.count()
        };
        let candidates: Vec<usize> = (self.possible.iter().copied())
            .filter(|&i| self.explains_group(&[i], group) && agrees(i))
            .collect();
        let most = candidates.iter().map(|&i| count(i)).max();
        let best: Vec<usize> = candidates
            .into_iter()
            .filter(|&i| Some(count(i)) == most)
            .collect();
        match best.as_slice() {
            [] if is_telling => self.pair(&[group]).unwrap_or_default(),
            [one] => vec![*one],
            _ => Vec::new(),
        }
    }

    /// `found`, in each group that one of them changes.
    fn spread(&self, found: &[usize]) -> Explanation {
        let changed_in = |group: usize| {
            let seen = self.seen.group(group);
            let changes = |&&i: &&usize| {
                let marks = self.suspects[i].group(group).iter();
                marks
                    .zip(seen)
                    .any(|(mark, seen)| mark.is_wrong() && seen.is_wrong())
            };
            found.iter().filter(changes).copied().collect()
        };
        (0..self.seen.len()).map(changed_in).collect()
    }

    /// Whether two mistakes at once may look like this in a group: where only one of them changes
    /// something, it is as that one has it; where both do, anything is possible.
    fn may_explain(&self, group: usize, i: usize, j: usize) -> bool {
        let mut both = false;
        let all = self.seen.group(group).iter().enumerate().all(|(o, seen)| {
            match (seen, self.mark(i, group, o), self.mark(j, group, o)) {
                (Mark::Unknown, _, _) | (Mark::Same, Mark::Same, Mark::Same) => true,
                (_, Mark::Same, Mark::Same) => false,
                (seen, one, Mark::Same) | (seen, Mark::Same, one) => seen.is_like(one),
                _ => {
                    both = true;
                    true
                }
            }
        });
        all && both
    }
}

#[cfg(test)]
mod tests;
