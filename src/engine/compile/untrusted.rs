//! Compiling code that nobody vouches for, out of reach of everything else.
//!
//! rustc runs no code of the step's, but it reads what the step tells it to (`include_str!`,
//! `#[path]`), and may be kept busy for ever. So it works in a sandbox, sees the step's own file,
//! the kit and the earlier steps, and keeps nothing.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::Source;
use super::diagnostics::UNSAFE;
use super::rustc::ALLOCATOR;
use crate::engine::sandbox::workplace::Workplace;
use crate::engine::sandbox::{Ending, Outcome, Program};
use crate::error::{Error, Result};

/// Writes `sources` into the scratch folder, under their own names.
pub(super) fn lay_out(sources: &[&Source<'_>], scratch: &Path) -> Result<()> {
    for source in sources {
        let file = scratch.join(&source.path);
        fs::write(&file, &source.text).map_err(Error::io("write", &file))?;
    }
    Ok(())
}

/// Takes everything from rustc that it does not need.
pub(super) fn confine(program: &mut Program, workplace: &Workplace<'_>) {
    // Whoever may write past Rust's rules may write anything into the record. It covers
    // linker options and assembler code as well.
    program.args.insert(0, format!("--forbid={UNSAFE}").into());
    program.clear_env = true;
    // A source can ask for these when it is compiled, so they tell nothing of this machine: where
    // rustc finds a linker, and the folder that it works in.
    program.env = vec![
        ("PATH".into(), linkers_path()),
        ("TMPDIR".into(), ".".into()),
        ALLOCATOR.map(Into::into).into(),
    ];
    program.policy = workplace.compiler_policy();
}

/// Where the linker lies, and the system's own tools.
fn linkers_path() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let linker = env::split_paths(&path).find(|folder| folder.join("cc").is_file());
    let system = ["/usr/bin", "/bin"].map(PathBuf::from);
    // A folder whose name has a colon in it came out of no `PATH`.
    env::join_paths(linker.into_iter().chain(system)).unwrap_or(path)
}

/// On a full disk it is not the step's fault that rustc failed.
pub(super) fn see_that_there_is_space(outcome: &Outcome, scratch: &Path) -> Result<()> {
    if outcome.ending == Ending::Exited(0) {
        return Ok(());
    }
    let probe = scratch.join("probe");
    fs::write(&probe, [0; 1 << 16]).map_err(Error::io("write", &probe))
}
