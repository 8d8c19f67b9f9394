//! A step, its earlier steps and its check as modules of one crate.

use std::path::PathBuf;

use super::{Check, Compiled, Compiler, Source, harness};
use crate::engine::cache::Kind;
use crate::error::Result;
use crate::hash;

impl Compiler<'_> {
    /// Like [`program`](Self::program), with the sources `earlier` in the same crate, as they are
    /// in the learner's own package. Nothing but their order keeps one from using a later one.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub fn whole(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Source<'_>],
    ) -> Result<Compiled<PathBuf>> {
        let ids: Vec<String> = (earlier.iter())
            .map(|source| self.id(source, None, &[]))
            .chain([self.id(source, Some(check), &[])])
            .collect();
        let parts: Vec<&[u8]> = ids.iter().map(String::as_bytes).collect();
        let path = self.store.path(Kind::Programs, &hash::of(&parts));
        let root = harness::whole(source, check, earlier);
        let said = self.rustc(source, &root, &self.executable(), &[], &path)?;
        Ok(said.with(path))
    }
}
