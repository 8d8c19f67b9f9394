//! What compiling costs, found out by compiling once more, whatever the cache holds.

use std::fs;
use std::time::{Duration, Instant};

use super::rustc::{Crate, Making};
use super::symbols::{self, Instance};
use super::{Below, Check, Compiler, Library, Source, harness};
use crate::engine::sandbox::workplace::Workplace;
use crate::error::{Error, Result};

impl Compiler {
    /// How long rustc takes for a step with its check; `earlier` is what they stand on.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails.
    pub fn time(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> Result<Duration> {
        let root = harness::root(
            source,
            Some(check),
            Below::Libraries(earlier),
            workplace.trust,
        );
        self.once_more(root, source, earlier, &[], workplace, |_| Ok(()))
            .map(|(time, ())| time)
    }

    /// How long rustc takes for an executable that does nothing, linked like a step's. `source` is
    /// not read.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails.
    pub fn time_of_nothing(
        &self,
        source: &Source<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Duration> {
        let root = "fn main() {}\n".to_owned();
        self.once_more(root, source, &[], &[], workplace, |_| Ok(()))
            .map(|(time, ())| time)
    }

    /// The generic code in the executable of a step with its check that names no type of theirs:
    /// code that the kit might hold compiled.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails.
    pub fn instances(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> Result<Vec<Instance>> {
        let root = harness::root(
            source,
            Some(check),
            Below::Libraries(earlier),
            workplace.trust,
        );
        let own: Vec<String> = (earlier.iter())
            .map(|library| harness::crate_name(&library.step))
            .chain(["observe".to_owned()])
            .collect();
        // Only these names say what the code is an instance for.
        let names = ["-Csymbol-mangling-version=v0".to_owned()];
        self.once_more(root, source, earlier, &names, workplace, |program| {
            symbols::instances(program, &own)
        })
        .map(|(_, instances)| instances)
    }

    /// Compiles the executable `root` and looks at it before it goes.
    fn once_more<T>(
        &self,
        root: String,
        source: &Source<'_>,
        earlier: &[Library],
        more: &[String],
        workplace: &Workplace<'_>,
        look: impl FnOnce(&std::path::Path) -> Result<T>,
    ) -> Result<(Duration, T)> {
        let folder = tempfile::Builder::new()
            .prefix("rustc-")
            .tempdir_in(workplace.scratch)
            .map_err(Error::io("create a folder in", workplace.scratch))?;
        let product = folder.path().join("product");
        let what = Crate {
            root,
            about: &source.path,
            sources: vec![source],
            args: self
                .executable()
                .into_iter()
                .chain(more.iter().cloned())
                .collect(),
            earlier,
            callers: Vec::new(),
            edited: None,
            product: product.clone(),
        };
        let started = Instant::now();
        let rustc = &self.kit.toolchain.rustc;
        let making = Making::new(folder.path(), product.clone());
        let output = self.call(rustc, &what, workplace, &making)?;
        let time = started.elapsed();
        if fs::metadata(&product).is_err() {
            let failure = output.with(()).product.err();
            let first = failure.and_then(|failure| failure.errors.into_iter().next());
            return Err(Error::Internal(format!(
                "{} does not compile: {}",
                source.path.display(),
                first.map_or_else(|| "it takes too long".to_owned(), |error| error.message)
            )));
        }
        Ok((time, look(&product)?))
    }
}
