//! What clippy says of a step.

use super::rustc::{CompilerOutput, Crate, Making};
use super::{Below, Compiled, Compiler, Library, Source, harness};
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};

impl Compiler {
    /// What rustc warns of in a step, and clippy with it. Without a product, what keeps the step
    /// from compiling.
    ///
    /// # Errors
    ///
    /// If there is no clippy for the kit's rustc, or if it fails for a reason that is not the
    /// source's.
    pub fn advice(
        &self,
        source: &Source<'_>,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<()>> {
        let name = format!("clippy-driver{}", std::env::consts::EXE_SUFFIX);
        let driver = self.kit().toolchain.rustc.with_file_name(name);
        if !driver.is_file() {
            return Err(Error::Tool {
                name: "clippy".into(),
                reason: "it is not installed beside rustc; `rustup component add clippy` installs \
                         it"
                .into(),
            });
        }
        let scratch = tempfile::Builder::new()
            .prefix("clippy-")
            .tempdir_in(workplace.scratch)
            .map_err(Error::io("create a folder in", workplace.scratch))?;
        let product = scratch.path().join("product");
        let below = Below::Libraries(earlier);
        let what = Crate {
            root: harness::root(source, None, below, Trust::Trusted),
            about: &source.path,
            sources: vec![source],
            args: [
                "--crate-type=rlib",
                "--crate-name=step",
                // Nothing is linked: what is wanted is what is said.
                "--emit=metadata",
                // Some of clippy's lints are errors: here all are advice.
                "-Wclippy::all",
            ]
            .map(String::from)
            .into(),
            callers: Vec::new(),
            edited: None,
            earlier,
            product: product.clone(),
        };
        let making = Making::new(scratch.path(), product);
        let output: CompilerOutput = self.call(&driver, &what, workplace, &making)?;
        Ok(output.with(()))
    }
}
