//! Goes through the course in order, on more and more of the learner's own steps, until the verdict
//! turns. Pure but for the verdicts that it asks for.

use crate::course::Step;
use crate::engine::judge::Verdict;
use crate::engine::pipeline::Earlier;
use crate::error::{Error, Result};

/// An earlier step of the learner's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The step.
    pub step: Step,
    /// What it has to do with the failure.
    pub role: Role,
}

/// What an earlier step has to do with a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// With it, too, the traced step passes.
    Sound,
    /// With it the verdict turned to this one.
    Guilty(Verdict),
    /// It stands on something that is only in the learner's own steps with these ids, which are to
    /// blame themselves: without them it does not compile, and nothing can be said of it.
    StandsOn(Vec<String>),
    /// The steps with these ids, itself among them, only compile together, and together fail. If it
    /// is alone, the traced step does not compile without it, and may be to blame itself.
    Entangled(Vec<String>),
    /// The reference's later steps do not compile on it.
    DoesNotFit,
}

struct Sweep<'a, F> {
    verdict: F,
    roles: Vec<Option<Role>>,
    /// Steps of the learner's own on which the traced step passes, by position.
    own: Vec<usize>,
    /// Own steps behind these that compile only together with some that come later.
    pending: Vec<usize>,
    needs: &'a [&'a Step],
}

/// What each of `needs`, the steps before the traced one, has to do with its failure. The step's
/// `verdict` is asked for on some of the learner's own earlier steps among the reference's.
///
/// The learner's own steps are taken in one after the other. The one at which the verdict turns is
/// to blame: all own steps before it are there, so nothing is missing that it may use. It is left
/// out, and the reference's stands in its place for those that follow.
pub fn sweep<F: Fn(&Earlier) -> Result<Verdict>>(
    needs: &[&Step],
    on_reference: &Verdict,
    verdict: F,
) -> Result<Vec<Part>> {
    let mut sweep = Sweep {
        verdict,
        roles: vec![None; needs.len()],
        own: Vec::new(),
        pending: Vec::new(),
        needs,
    };
    for position in 0..needs.len() {
        let verdict = sweep.with(&[position])?;
        sweep.take(position, verdict)?;
    }
    // Nothing that compiles was found with these. If it is the traced step that does not compile
    // without an own step that was left out, nothing can be said of them.
    if *on_reference == Verdict::Passed {
        for &position in &sweep.pending {
            sweep.roles[position] = Some(Role::DoesNotFit);
        }
    }
    let parts = needs.iter().zip(sweep.roles).filter_map(|(step, role)| {
        Some(Part {
            step: (*step).clone(),
            role: role?,
        })
    });
    Ok(parts.collect())
}

impl<F: Fn(&Earlier) -> Result<Verdict>> Sweep<'_, F> {
    /// The verdict on the own steps so far, those that are pending, and `more`.
    fn with(&self, more: &[usize]) -> Result<Verdict> {
        self.on(self.own.iter().chain(&self.pending).chain(more))
    }

    fn on<'p>(&self, positions: impl Iterator<Item = &'p usize>) -> Result<Verdict> {
        let ids = positions.map(|&position| self.needs[position].id.clone());
        (self.verdict)(&Earlier::Own(ids.collect()))
    }

    fn take(&mut self, position: usize, verdict: Verdict) -> Result<()> {
        let id = &self.needs[position].id;
        match verdict {
            Verdict::Passed => {
                let taken: Vec<usize> = self.pending.drain(..).chain([position]).collect();
                for &sound in &taken {
                    self.roles[sound] = Some(Role::Sound);
                }
                self.own.extend(taken);
            }
            Verdict::EarlierStep { ref step, .. } if step == id => {
                // Not because of those that are pending?
                let verdict = match self.pending.is_empty() {
                    true => verdict,
                    false => self.on(self.own.iter().chain(&[position]))?,
                };
                match verdict {
                    Verdict::Passed => {
                        self.roles[position] = Some(Role::Sound);
                        self.own.push(position);
                    }
                    verdict => self.roles[position] = Some(self.stuck(position, verdict)?),
                }
            }
            // One of the reference's, or the traced step, wants something else of an own step than
            // is there; perhaps a later own step does not.
            Verdict::EarlierStep { .. } | Verdict::DoesNotCompile { .. } => {
                self.wait(position)?;
            }
            verdict if self.pending.is_empty() => {
                self.roles[position] = Some(Role::Guilty(verdict));
            }
            verdict => self.disentangle(position, &verdict)?,
        }
        Ok(())
    }

    /// What does not compile because of those that are pending may do so without them.
    fn wait(&mut self, position: usize) -> Result<()> {
        if !self.pending.is_empty() {
            match self.on(self.own.iter().chain(&[position]))? {
                Verdict::EarlierStep { .. } | Verdict::DoesNotCompile { .. } => {}
                Verdict::Passed => {
                    self.roles[position] = Some(Role::Sound);
                    self.own.push(position);
                    return Ok(());
                }
                verdict => {
                    self.roles[position] = Some(Role::Guilty(verdict));
                    return Ok(());
                }
            }
        }
        self.pending.push(position);
        Ok(())
    }

    /// Several own steps came in at once, and the verdict turned: which of them does it?
    fn disentangle(&mut self, position: usize, verdict: &Verdict) -> Result<()> {
        let together: Vec<usize> = self.pending.drain(..).chain([position]).collect();
        for &suspect in &together {
            let others: Vec<usize> = (together.iter().copied())
                .filter(|&other| other != suspect)
                .collect();
            if self.with(&others)? == Verdict::Passed {
                for &sound in &others {
                    self.roles[sound] = Some(Role::Sound);
                }
                self.roles[suspect] = Some(Role::Guilty(verdict.clone()));
                self.own.extend(others);
                return Ok(());
            }
        }
        // Those without which it fails all the same have no part in it.
        let mut knot = together;
        for suspect in knot.clone() {
            let others: Vec<usize> = (knot.iter().copied())
                .filter(|&other| other != suspect)
                .collect();
            if !others.is_empty() && self.with(&others)? == *verdict {
                knot = others;
            }
        }
        let ids: Vec<String> = (knot.iter())
            .map(|&position| self.needs[position].id.clone())
            .collect();
        for &position in &knot {
            self.roles[position] = Some(Role::Entangled(ids.clone()));
        }
        Ok(())
    }

    /// The role of an own step that does not compile on the own steps so far: it may use something
    /// of those that were left out.
    fn stuck(&self, position: usize, verdict: Verdict) -> Result<Role> {
        let id = &self.needs[position].id;
        let is_left_out = |before: &usize| !matches!(self.roles[*before], Some(Role::Sound));
        let left_out: Vec<usize> = (0..position).filter(is_left_out).collect();
        let compiles_with = |some: &[usize]| {
            let verdict = self.on(self.own.iter().chain(some).chain(&[position]))?;
            Ok::<bool, Error>(!matches!(verdict, Verdict::EarlierStep { step, .. } if step == *id))
        };
        if left_out.is_empty() || !compiles_with(&left_out)? {
            return Ok(Role::Guilty(verdict));
        }
        let mut missing = left_out.clone();
        for candidate in left_out {
            if compiles_with(&[candidate])? {
                missing = vec![candidate];
                break;
            }
        }
        let ids = missing
            .into_iter()
            .map(|missing| self.needs[missing].id.clone());
        Ok(Role::StandsOn(ids.collect()))
    }
}

#[cfg(test)]
mod tests;
