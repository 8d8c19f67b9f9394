//! Programs of the course's that have a `main` of their own and put steps to use.

use std::path::PathBuf;

use super::rustc::Crate;
use super::{Below, Check, Compiled, Compiler, harness};
use crate::engine::cache::Kind;
use crate::engine::sandbox::workplace::Workplace;
use crate::error::Result;
use crate::hash;

impl Compiler {
    /// Compiles `program`, which has a `pub fn main` and says `crate::s06_…` of the steps `below`.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub fn driver(
        &self,
        program: &Check,
        below: Below<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let mut parts = vec![
            b"driver",
            self.kit.id.as_bytes(),
            program.path.as_os_str().as_encoded_bytes(),
            program.text.as_bytes(),
        ];
        parts.extend(below.parts());
        let product = self.product(Kind::Programs, &hash::of(&parts), workplace);
        let (earlier, sources) = match below {
            Below::Libraries(libraries) => (libraries, Vec::new()),
            Below::Modules(sources) => (Default::default(), sources.iter().collect()),
        };
        let output = self.rustc(
            &Crate {
                root: harness::driver(program, below),
                about: &program.path,
                sources,
                args: self.executable(),
                earlier,
                callers: Vec::new(),
                edited: None,
                product: product.clone(),
            },
            workplace,
        )?;
        Ok(output.with(product))
    }
}
