//! From a step's source and the course's check to one executable, or to rustc's complaints.
//!
//! One direct rustc call each. Earlier steps come as libraries, each a crate of its own, so that
//! nothing a step is compiled against holds that step's own solution, nor a later one.

mod diagnostics;
mod harness;
mod quotes;
pub mod signatures;
pub mod symbols;
mod untrusted;
pub mod unwritten;
mod whole;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use diagnostics::{Diagnostic, Level};
pub use quotes::{Quote, renamed, requoted};
pub use untrusted::{Apart, ROOT};

use crate::course::Step;
use crate::engine::cache::{Cache, Kind};
use crate::engine::kit::toolchain::option;
use crate::engine::kit::{self, Kit};
use crate::engine::sandbox::{Ending, Limits, Outcome, Program};
use crate::error::{Error, Result};
use crate::hash;

/// Generous: a step takes rustc 0.2 s and 200 MB.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(60),
    memory: 8 << 30,
    file_size: 1 << 30,
    output: 16 << 20,
};

/// On Linux, rustc's allocator is jemalloc, which reads this variable. A step needs 150 MB for a
/// moment: in large pages, where the system has them, it gets that in half the page faults.
const ALLOCATOR: [&str; 2] = ["MALLOC_CONF", "thp:always,narenas:1"];

/// The source of a step: the learner's, the reference's, or a known mistake's.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Which step it is.
    pub step: &'a Step,
    /// Where it was read from; rustc reads it there again.
    pub path: PathBuf,
    /// What it was when it was read.
    pub text: String,
}

/// An earlier step, compiled for later ones to use.
#[derive(Debug, Clone)]
pub struct Library {
    step: String,
    path: PathBuf,
    /// Names all that went into it.
    id: String,
}

impl Library {
    /// Names all that went into it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The same library, now in the folder `folder`.
    #[must_use]
    pub fn moved_to(mut self, folder: &Path) -> Self {
        self.path = folder.join(self.path.file_name().unwrap_or_default());
        self
    }
}

/// Why there is no executable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompileFailure {
    /// rustc's errors.
    pub errors: Vec<Diagnostic>,
    /// Whether it was killed for taking too long.
    pub timed_out: bool,
}

/// What rustc made of a source.
#[derive(Debug, Clone)]
pub struct Compiled<T> {
    /// The thing itself, or why there is none.
    pub product: std::result::Result<T, CompileFailure>,
    /// rustc's warnings about the source.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles steps against one kit, and remembers.
pub struct Compiler<'a> {
    kit: &'a Kit,
    store: &'a Cache,
    /// One lock for each product: threads that want the same do not make it twice.
    locks: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

/// What is kept of a rustc run.
#[derive(Serialize, Deserialize)]
struct CompilerOutput {
    failure: Option<CompileFailure>,
    warnings: Vec<Diagnostic>,
}

impl<'a> Compiler<'a> {
    /// A compiler that uses `kit` and keeps its products in `store`.
    #[must_use]
    pub fn new(kit: &'a Kit, store: &'a Cache) -> Self {
        Self {
            kit,
            store,
            locks: Mutex::default(),
        }
    }

    /// Compiles a step for later steps to use.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the source's.
    pub fn library(&self, source: &Source<'_>, earlier: &[Library]) -> Result<Compiled<Library>> {
        let id = self.id(source, None, earlier);
        let name = source.step.name.as_str();
        let file = format!("lib{}-{id}.rlib", harness::crate_name(name));
        let library = Library {
            step: source.step.name.clone(),
            path: self.store.path(Kind::Libraries, &file),
            id: id.clone(),
        };
        let root = harness::library(source, earlier.iter().map(|e| e.step.as_str()));
        let args = [
            "--crate-type=rlib".into(),
            format!("--crate-name={}", harness::crate_name(name)),
            format!("-Cextra-filename=-{id}"),
            format!("-Cmetadata={id}"),
        ];
        let said = self.rustc(source, &root, &args, earlier, &library.path)?;
        Ok(said.with(library))
    }

    /// Compiles a step together with the observation program at `check`.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the source's.
    pub fn program(
        &self,
        source: &Source<'_>,
        check: &Check,
        earlier: &[Library],
    ) -> Result<Compiled<PathBuf>> {
        let id = self.id(source, Some(check), earlier);
        let path = self.store.path(Kind::Programs, &id);
        let root = harness::program(source, check, earlier.iter().map(|e| e.step.as_str()));
        let said = self.rustc(source, &root, &self.executable(), earlier, &path)?;
        Ok(said.with(path))
    }

    /// Compiles several implementations of one step, each together with the observation program,
    /// into one executable that runs the one it is told to.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub fn batch(
        &self,
        step: &Step,
        members: &[&str],
        check: &Check,
        earlier: &[Library],
    ) -> Result<Compiled<PathBuf>> {
        let names = earlier.iter().map(|e| e.step.as_str());
        let source = Source {
            step,
            // They lie in the crate's root.
            path: PathBuf::from("main.rs"),
            text: harness::batch(step, members, check, names),
        };
        let path = self
            .store
            .path(Kind::Programs, &self.id(&source, None, earlier));
        let mut args = self.executable();
        args.push("--cap-lints=allow".into());
        let said = self.rustc(&source, &source.text, &args, earlier, &path)?;
        Ok(said.with(path))
    }

    /// Names all that goes into a product: whatever has the same name is the same.
    #[must_use]
    pub fn id(&self, source: &Source<'_>, check: Option<&Check>, earlier: &[Library]) -> String {
        let mut parts = vec![
            self.kit.id.as_bytes(),
            source.step.name.as_bytes(),
            source.path.as_os_str().as_encoded_bytes(),
            source.text.as_bytes(),
            check.map_or(b"", |check| check.text.as_bytes()),
        ];
        parts.extend(earlier.iter().map(|library| library.id.as_bytes()));
        hash::of(&parts)
    }

    /// Runs rustc on a crate whose root is `root`, unless its product is there already.
    fn rustc(
        &self,
        source: &Source<'_>,
        root: &str,
        args: &[String],
        earlier: &[Library],
        product: &Path,
    ) -> Result<CompilerOutput> {
        let said_name = format!(
            "{}.rustc",
            product.file_name().unwrap_or_default().to_string_lossy()
        );
        let product_lock = lock(&self.locks)
            .entry(said_name.clone())
            .or_default()
            .clone();
        let _held = lock(&product_lock);
        if let Some(said) = self.store.result::<CompilerOutput>(&said_name)
            && (said.failure.is_some() || product.is_file())
        {
            return Ok(said);
        }
        let scratch = tempfile::Builder::new()
            .prefix("rustc-")
            .tempdir_in(
                self.store
                    .folder(Kind::Programs)
                    .parent()
                    .unwrap_or(Path::new(".")),
            )
            .map_err(Error::io("create a folder in", &self.kit.store))?;
        let main = scratch.path().join("main.rs");
        fs::write(&main, root).map_err(Error::io("write", &main))?;
        let output = scratch.path().join("product");

        let mut program = Program::new(&self.kit.toolchain.rustc, scratch.path(), LIMITS);
        program.args = self.arguments(earlier, &self.store.folder(Kind::Libraries), &output);
        program.args.extend(args.iter().map(OsString::from));
        // The folder's name is another each time, and must not make another crate of the same.
        let mut remap = option("--remap-path-prefix=", scratch.path());
        remap.push("=tutor");
        program.args.push(remap);
        program.args.push(main.into());
        program.env = vec![ALLOCATOR.map(OsString::from).into()];
        let outcome = program.run()?;

        let said = read(source, &outcome)?;
        if said.failure.is_none() {
            fs::rename(&output, product).map_err(Error::io("write", product))?;
        }
        if !said
            .failure
            .as_ref()
            .is_some_and(|failure| failure.timed_out)
        {
            self.store.keep(&said_name, &said)?;
        }
        Ok(said)
    }

    /// What rustc is told for an executable, besides.
    fn executable(&self) -> Vec<String> {
        let mut args = vec!["--crate-name=observe".into()];
        args.extend(self.kit.interface.options());
        args.extend(self.kit.linking.iter().cloned());
        args
    }

    /// What rustc is told for every crate; `libraries` is the folder that `earlier` lie in.
    fn arguments(&self, earlier: &[Library], libraries: &Path, output: &Path) -> Vec<OsString> {
        let mut args: Vec<OsString> = [
            "--edition=2024",
            "--error-format=json",
            "--json=diagnostic-rendered-ansi",
            // Line numbers are all that a backtrace needs.
            "-Cdebuginfo=line-tables-only",
            "-Cprefer-dynamic",
            // A step is small: what splitting it up would win is less than what it costs.
            "-Ccodegen-units=1",
        ]
        .map(OsString::from)
        .into();
        // One file under two names: a step knows it as Burn, a check as the kit too.
        args.extend(self.kit.interface.arguments(&["burn", "kit"]));
        args.push(option("-Ldependency=", libraries));
        args.push(option("-o", output));
        for library in earlier {
            let name = format!("--extern={}=", harness::crate_name(&library.step));
            let file = library.path.file_name().unwrap_or_default();
            args.push(option(&name, &libraries.join(file)));
        }
        args
    }
}

/// What is locked here is whole at any time, so a thread that panicked does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CompilerOutput {
    fn with<T>(self, product: T) -> Compiled<T> {
        Compiled {
            product: match self.failure {
                Some(failure) => Err(failure),
                None => Ok(product),
            },
            warnings: self.warnings,
        }
    }
}

/// An observation program's source.
#[derive(Debug, Clone)]
pub struct Check {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// Makes sense of what rustc said and how it ended.
fn read(source: &Source<'_>, outcome: &Outcome) -> Result<CompilerOutput> {
    let diagnostics = diagnostics::read(&outcome.stderr.text, &source.path);
    let (errors, warnings): (Vec<_>, Vec<_>) = diagnostics
        .into_iter()
        .partition(|d| d.level == Level::Error);
    let failure = match outcome.ending {
        Ending::Exited(0) => None,
        Ending::TimedOut => Some(CompileFailure {
            errors,
            timed_out: true,
        }),
        _ if errors.iter().any(|error| error.at.is_some()) => Some(CompileFailure {
            errors,
            timed_out: false,
        }),
        ending => return Err(not_the_sources_fault(ending, &errors, &outcome.stderr.text)),
    };
    Ok(CompilerOutput {
        failure,
        warnings: warnings.into_iter().filter(|d| d.in_source).collect(),
    })
}

/// An error that points at no line: a missing linker, a full disk, a compiler that crashed.
fn not_the_sources_fault(ending: Ending, errors: &[Diagnostic], raw: &str) -> Error {
    let words: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    let words = if words.is_empty() {
        raw.lines().rev().take(5).collect::<Vec<_>>().join("; ")
    } else {
        words.join("; ")
    };
    let reason = kit::missing_linker(&words).unwrap_or_else(|| format!("{words} ({ending:?})"));
    Error::Tool {
        name: "rustc".into(),
        reason,
    }
}
