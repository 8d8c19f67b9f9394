//! What a step costs at every save: how long rustc takes for it, and for what.

use serde::Serialize;

use super::Case;
use crate::authoring::flaw::Flaw;
use crate::engine::compile::symbols::Instance;
use crate::error::Result;

/// Pairs of compilations for a first look; so many more before a step is said to be too slow.
const TIMES: usize = 3;

/// Instances that are named.
const NAMED: usize = 5;

/// What a step costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// The step, as in `s06`.
    pub step: String,
    /// Milliseconds that rustc takes beyond an empty program.
    pub milliseconds: u128,
    /// Generic code that is compiled with the step and that the kit might hold, the largest first.
    pub missing: Vec<Instance>,
}

/// What the step costs, with names of what the kit lacks if there is a table to be made or too much
/// time taken; and whether that is a flaw.
pub(super) fn look(case: &Case<'_>, is_told: bool) -> Result<(Option<Cost>, Vec<Flaw>)> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let check = course.check_file(step);
    let most = course.check_rules().milliseconds.map(u128::from);
    if most.is_none() && !is_told {
        return Ok((None, flaws.found()));
    }
    let time = |times| case.pipeline.compile_cost(step, times);
    let Some(mut taken) = flaws.catch(&check, time(TIMES))? else {
        return Ok((None, flaws.found()));
    };
    let is_over = |milliseconds| most.is_some_and(|most| milliseconds > most);
    if is_over(taken.as_millis()) {
        // Something else may have had the machine.
        taken = taken.min(time(2 * TIMES - 1)?);
    }
    let mut cost = Cost {
        step: step.id.clone(),
        milliseconds: taken.as_millis(),
        missing: Vec::new(),
    };
    let is_over = is_over(cost.milliseconds);
    if is_told || is_over {
        cost.missing = case.pipeline.instances(step)?;
    }
    if is_over {
        let names = cost.missing.iter().take(NAMED);
        let names: Vec<String> = names.map(|one| format!("`{}`", one.name)).collect();
        let what = format!(
            "rustc takes {} ms for it beyond an empty program; `course.toml` allows {}. Generic \
             code that the kit does not hold compiled: {}",
            cost.milliseconds,
            most.unwrap_or_default(),
            names.join(", ")
        );
        flaws.add(&check, None, what);
    }
    Ok((Some(cost), flaws.found()))
}
