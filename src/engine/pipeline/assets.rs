//! What is in the assets of a step, as part of all that a run depends on.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::Pipeline;
use crate::course::Step;
use crate::error::{Error, Result};
use crate::hash;

impl Pipeline<'_> {
    /// Names what the assets of `step` hold; an empty name if it has none.
    pub(super) fn assets_id(&self, step: &Step) -> Result<String> {
        if step.assets.is_empty() {
            return Ok(String::new());
        }
        let mut parts = Vec::new();
        for name in &step.assets {
            let content = self.content_id(&self.assets.join(name))?;
            parts.extend([name.clone().into_bytes(), content.into_bytes()]);
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(hash::of(&parts))
    }

    /// Names what a file holds. A large one is read once, until its size or time changes.
    fn content_id(&self, path: &Path) -> Result<String> {
        let data = fs::metadata(path).map_err(Error::io("read", path))?;
        let changed = data.modified().map_err(Error::io("read", path))?;
        let since = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = hash::of(&[
            path.as_os_str().as_encoded_bytes(),
            &data.len().to_le_bytes(),
            &since.as_nanos().to_le_bytes(),
        ]);
        let name = format!("{name}.asset");
        let cache = self.compiler.cache();
        if let Some(known) = cache.result(&name) {
            return Ok(known);
        }
        let id = hash::of_file(path).map_err(Error::io("read", path))?;
        cache.keep(&name, &id)?;
        Ok(id)
    }
}
