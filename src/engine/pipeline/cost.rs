//! What a learner waits for at each save: rustc.

use std::time::Duration;

use super::Pipeline;
use crate::course::Step;
use crate::engine::compile::symbols::Instance;
use crate::engine::sandbox::workplace::DEFAULT_TIME;
use crate::error::Result;

impl Pipeline<'_> {
    /// How long rustc takes for the solution of `step` with its check, beyond what it takes for an
    /// empty program: the median of `times` pairs.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound, or the machine cannot do it.
    pub fn compile_cost(&self, step: &Step, times: usize) -> Result<Duration> {
        let source = self.reference_source(step)?;
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let workplace = self.workplace(DEFAULT_TIME);
        let mut costs = Vec::new();
        for _ in 0..times.max(1) {
            // Side by side: what slows the machine down slows both.
            let floor = self.compiler.time_of_nothing(&source, &workplace)?;
            let whole = self
                .compiler
                .time(&source, &check, &libraries, &workplace)?;
            costs.push(whole.saturating_sub(floor));
        }
        costs.sort_unstable();
        Ok(costs[costs.len() / 2])
    }

    /// The generic code that is compiled with `step` and its check although the kit might hold it,
    /// the largest first.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound, or the machine cannot do it.
    pub fn instances(&self, step: &Step) -> Result<Vec<Instance>> {
        let source = self.reference_source(step)?;
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let workplace = self.workplace(DEFAULT_TIME);
        (self.compiler).instances(&source, &check, &libraries, &workplace)
    }
}
