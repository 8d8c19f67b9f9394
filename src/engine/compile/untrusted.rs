//! Compiling code that nobody vouches for, out of reach of everything else.
//!
//! rustc runs no code of the step's, but it reads what the step tells it to (`include_str!`,
//! `#[path]`), and may be kept busy for ever. So it works in a sandbox, sees the step's own file,
//! the kit and the earlier steps, and keeps nothing.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{
    ALLOCATOR, Check, CompileFailure, Compiled, Compiler, CompilerOutput, Diagnostic, Level,
    Library, Source, diagnostics, harness,
};
use crate::engine::kit::toolchain::option;
use crate::engine::sandbox::profiles::Profiles;
use crate::engine::sandbox::{Ending, Input, Limits, Outcome, Program};
use crate::error::{Error, Result};
use crate::files;

/// A step takes rustc 0.2 s, 200 MB of memory and 0.8 GB of address space. Compiling may take this
/// many times as long as running.
const PATIENCE: u32 = 3;

/// However short running is.
const LEAST_TIME: Duration = Duration::from_secs(10);

const LIMITS: Limits = Limits {
    time: LEAST_TIME,
    memory: 3 << 30,
    file_size: 64 << 20,
    output: 4 << 20,
};

/// A place to compile in.
#[derive(Debug, Clone, Copy)]
pub struct Apart<'a> {
    /// An empty folder, for this compilation alone.
    pub scratch: &'a Path,
    /// A folder with nothing but the earlier steps; see [`Compiler::gather`].
    pub libraries: &'a Path,
    /// What keeps the compiler in; nothing if the teacher does without.
    pub profiles: Option<&'a Profiles>,
    /// How long the step may run, which decides how long compiling may take.
    pub time: Duration,
}

impl Compiler<'_> {
    /// Puts `earlier`, and nothing else, into the folder `libraries`.
    ///
    /// # Errors
    ///
    /// If the folder cannot be filled.
    pub fn gather(&self, earlier: &[Library], libraries: &Path) -> Result<()> {
        fs::create_dir_all(libraries).map_err(Error::io("create", libraries))?;
        for library in earlier {
            let to = libraries.join(library.path.file_name().unwrap_or_default());
            if !to.exists() {
                files::link(&library.path, &to)?;
            }
        }
        Ok(())
    }

    /// Like [`program`](Self::program), apart. The source's path is the name that it gets in the
    /// scratch folder; the executable is there too.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or the machine keeps it from working.
    pub fn program_apart(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Library],
        apart: Apart<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let root = harness::apart(source, Some(check), names(earlier));
        let product = apart.scratch.join("observe");
        let args = self.executable();
        let said = self.rustc_apart(&[source], root, &args, earlier, &product, apart)?;
        Ok(said.with(product))
    }

    /// Like [`whole`](Self::whole), apart. The earlier sources lie in the scratch folder too.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or the machine keeps it from working.
    pub fn whole_apart(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Source<'_>],
        apart: Apart<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let sources: Vec<&Source<'_>> = [source].into_iter().chain(earlier).collect();
        let root = harness::whole_apart(source, check, earlier);
        let product = apart.scratch.join("observe");
        let args = self.executable();
        let said = self.rustc_apart(&sources, root, &args, &[], &product, apart)?;
        Ok(said.with(product))
    }

    /// Like [`library`](Self::library), apart.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or the machine keeps it from working.
    pub fn library_apart(
        &self,
        source: &Source<'_>,
        earlier: &[Library],
        apart: Apart<'_>,
    ) -> Result<Compiled<Library>> {
        let id = self.id(source, None, earlier);
        let name = harness::crate_name(&source.step.name);
        let library = Library {
            step: source.step.name.clone(),
            path: apart.scratch.join(format!("lib{name}-{id}.rlib")),
            id: id.clone(),
        };
        let args = [
            "--crate-type=rlib".into(),
            format!("--crate-name={name}"),
            format!("-Cextra-filename=-{id}"),
            format!("-Cmetadata={id}"),
        ];
        let root = harness::apart(source, None, names(earlier));
        let said = self.rustc_apart(&[source], root, &args, earlier, &library.path, apart)?;
        Ok(said.with(library))
    }

    /// Runs rustc on a crate whose root is `root`, with the files of `sources` in it: the first is
    /// what it is about.
    fn rustc_apart(
        &self,
        sources: &[&Source<'_>],
        root: String,
        args: &[String],
        earlier: &[Library],
        product: &Path,
        apart: Apart<'_>,
    ) -> Result<CompilerOutput> {
        for source in sources {
            let file = apart.scratch.join(&source.path);
            fs::write(&file, &source.text).map_err(Error::io("write", &file))?;
        }
        let limits = Limits {
            time: LEAST_TIME.max(apart.time * PATIENCE),
            ..LIMITS
        };
        let mut program = Program::new(&self.kit.toolchain.rustc, apart.scratch, limits);
        program.args = self.arguments(earlier, apart.libraries, product);
        program.args.extend(args.iter().map(OsString::from));
        // Whoever may write past Rust's rules may write anything into the record. It covers
        // linker options and assembler code as well.
        program.args.push("--forbid=unsafe_code".into());
        let mut remap = option("--remap-path-prefix=", apart.scratch);
        remap.push("=.");
        program.args.push(remap);
        program.args.push("-".into());
        program.input = Input::Text(root);
        program.clear_env = true;
        program.env = vec![
            ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
            ("TMPDIR".into(), apart.scratch.into()),
            ALLOCATOR.map(OsString::from).into(),
        ];
        program.policy = apart
            .profiles
            .map(|profiles| profiles.compiler(apart.scratch, apart.libraries));
        let outcome = program.run()?;
        if outcome.ending != Ending::Exited(0) {
            // On a full disk it is not the step's fault.
            let probe = apart.scratch.join("probe");
            fs::write(&probe, [0; 1 << 16]).map_err(Error::io("write", &probe))?;
        }
        Ok(read(sources[0], &outcome))
    }
}

fn names(libraries: &[Library]) -> impl Iterator<Item = &str> {
    libraries.iter().map(|library| library.step.as_str())
}

/// Makes sense of what rustc said and how it ended. Whatever happened, the step did it: what
/// everybody needs was seen to work with the reference.
fn read(source: &Source<'_>, outcome: &Outcome) -> CompilerOutput {
    let diagnostics = diagnostics::read(&outcome.stderr.text, &source.path);
    let (mut errors, warnings): (Vec<_>, Vec<_>) = diagnostics
        .into_iter()
        .partition(|d| d.level == Level::Error);
    let failed = outcome.ending != Ending::Exited(0);
    if failed && errors.is_empty() {
        errors.push(given_up(outcome.ending));
    }
    CompilerOutput {
        failure: failed.then_some(CompileFailure {
            errors,
            timed_out: outcome.ending == Ending::TimedOut,
        }),
        warnings: warnings.into_iter().filter(|d| d.in_source).collect(),
    }
}

/// What rustc calls a source that came from standard input: the crate's root, in which the check
/// stands.
pub const ROOT: &str = "<anon>";

/// What is said for a compiler that says nothing itself.
fn given_up(ending: Ending) -> Diagnostic {
    let how = match ending {
        Ending::Signalled(25) => "it wrote more than 64 MB",
        Ending::Signalled(24) | Ending::TimedOut => "it took too long",
        Ending::Signalled(6 | 9) => "it needed more memory than 3 GB",
        Ending::Signalled(11) => "it overflowed its stack",
        _ => "it crashed",
    };
    let message = format!("rustc gave up on this file: {how}");
    Diagnostic {
        level: Level::Error,
        at: None,
        in_source: false,
        rendered: format!("error: {message}\n"),
        meaning: None,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_dies_has_given_up() {
        for ending in [Ending::TimedOut, Ending::Signalled(25), Ending::Exited(101)] {
            assert!(given_up(ending).message.contains("gave up"));
        }
    }
}
