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

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

pub use diagnostics::{Diagnostic, Level};
pub use quotes::{Quote, renamed, requoted};

use crate::course::Step;
use crate::engine::cache::{Cache, Kind};
use crate::engine::kit::toolchain::option;
use crate::engine::kit::{self, Kit};
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::engine::sandbox::{Ending, Input, Outcome, Program};
use crate::error::{Error, Result};
use crate::files;
use crate::hash;

/// What rustc calls a source that came from standard input: the crate's root.
pub const ROOT: &str = "<anon>";

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

/// The earlier steps that a source is compiled with.
#[derive(Debug, Clone, Copy)]
pub enum Below<'a> {
    /// A crate each.
    Libraries(&'a [Library]),
    /// Modules of the crate that the source is in, as in the learner's own package. Nothing but
    /// their order keeps one from using a later one.
    Modules(&'a [Source<'a>]),
}

/// Compiles steps against one kit, and remembers.
pub struct Compiler {
    kit: Kit,
    cache: Cache,
    /// One lock for each product: threads that want the same do not make it twice.
    locks: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

/// What is kept of a rustc run.
#[derive(Serialize, Deserialize)]
struct CompilerOutput {
    failure: Option<CompileFailure>,
    warnings: Vec<Diagnostic>,
}

/// One call of rustc.
struct Crate<'a> {
    root: String,
    /// What is in it; it is about the first.
    sources: Vec<&'a Source<'a>>,
    args: Vec<String>,
    earlier: &'a [Library],
    product: PathBuf,
}

impl Compiler {
    /// A compiler that uses `kit` and keeps in `cache` what it makes of trusted sources.
    #[must_use]
    pub fn new(kit: Kit, cache: Cache) -> Self {
        Self {
            kit,
            cache,
            locks: Mutex::default(),
        }
    }

    /// The kit that everything is compiled against.
    #[must_use]
    pub fn kit(&self) -> &Kit {
        &self.kit
    }

    /// Where what was made is kept.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Compiles a step for later steps to use.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the source's.
    pub fn library(
        &self,
        source: &Source<'_>,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<Library>> {
        let below = Below::Libraries(earlier);
        let id = self.id(source, None, below);
        let name = harness::crate_name(&source.step.name);
        let file = format!("lib{name}-{id}.rlib");
        let product = self.product(Kind::Libraries, &file, workplace);
        let output = self.rustc(
            &Crate {
                root: harness::root(source, None, below, workplace.trust),
                sources: vec![source],
                args: vec![
                    "--crate-type=rlib".into(),
                    format!("--crate-name={name}"),
                    format!("-Cextra-filename=-{id}"),
                    format!("-Cmetadata={id}"),
                ],
                earlier,
                product: product.clone(),
            },
            workplace,
        )?;
        Ok(output.with(Library {
            step: source.step.name.clone(),
            path: product,
            id,
        }))
    }

    /// Compiles a step together with an observation program.
    ///
    /// Where it is not trusted, its path and those of the steps below are the names that they get in
    /// the scratch folder.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is not the sources'.
    pub fn program(
        &self,
        source: &Source<'_>,
        check: &Check,
        below: Below<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let id = self.id(source, Some(check), below);
        let (earlier, modules): (&[Library], &[Source<'_>]) = match below {
            Below::Libraries(libraries) => (libraries, &[]),
            Below::Modules(sources) => (&[], sources),
        };
        let product = self.product(Kind::Programs, &id, workplace);
        let output = self.rustc(
            &Crate {
                root: harness::root(source, Some(check), below, workplace.trust),
                sources: [source].into_iter().chain(modules).collect(),
                args: self.executable(),
                earlier,
                product: product.clone(),
            },
            workplace,
        )?;
        Ok(output.with(product))
    }

    /// Compiles several implementations of one step, each together with the observation program,
    /// into one executable that runs the one it is told to. They are the course's own.
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
        workplace: &Workplace<'_>,
    ) -> Result<Compiled<PathBuf>> {
        let source = Source {
            step,
            path: ROOT.into(),
            text: harness::batch(step, members, check, earlier),
        };
        let id = self.id(&source, None, Below::Libraries(earlier));
        let product = self.product(Kind::Programs, &id, workplace);
        let mut args = self.executable();
        args.push("--cap-lints=allow".into());
        let output = self.rustc(
            &Crate {
                root: source.text.clone(),
                sources: vec![&source],
                args,
                earlier,
                product: product.clone(),
            },
            workplace,
        )?;
        Ok(output.with(product))
    }

    /// Names all that goes into a product: whatever has the same name is the same.
    #[must_use]
    pub fn id(&self, source: &Source<'_>, check: Option<&Check>, below: Below<'_>) -> String {
        let mut parts = vec![
            self.kit.id.as_bytes(),
            source.step.name.as_bytes(),
            source.path.as_os_str().as_encoded_bytes(),
            source.text.as_bytes(),
            check.map_or(b"", |check| check.text.as_bytes()),
        ];
        match below {
            Below::Libraries(libraries) => {
                parts.extend(libraries.iter().map(|library| library.id.as_bytes()));
            }
            Below::Modules(sources) => parts.extend(sources.iter().flat_map(|earlier| {
                let path = earlier.path.as_os_str().as_encoded_bytes();
                [path, earlier.text.as_bytes()]
            })),
        }
        hash::of(&parts)
    }

    /// Where a product goes.
    fn product(&self, kind: Kind, name: &str, workplace: &Workplace<'_>) -> PathBuf {
        match workplace.trust {
            Trust::Trusted => self.cache.path(kind, name),
            Trust::Untrusted => workplace.scratch.join(name),
        }
    }

    /// Runs rustc, unless what it makes of a trusted source is there already.
    fn rustc(&self, what: &Crate<'_>, workplace: &Workplace<'_>) -> Result<CompilerOutput> {
        if workplace.trust == Trust::Untrusted {
            untrusted::lay_out(&what.sources, workplace.scratch)?;
            return self.call(what, workplace, workplace.scratch, &what.product);
        }
        let product = &what.product;
        let name = format!(
            "{}.rustc",
            product.file_name().unwrap_or_default().to_string_lossy()
        );
        let product_lock = lock(&self.locks).entry(name.clone()).or_default().clone();
        let _held = lock(&product_lock);
        if let Some(known) = self.cache.result::<CompilerOutput>(&name)
            && (known.failure.is_some() || product.is_file())
        {
            return Ok(known);
        }
        let scratch = tempfile::Builder::new()
            .prefix("rustc-")
            .tempdir_in(workplace.scratch)
            .map_err(Error::io("create a folder in", workplace.scratch))?;
        let made = scratch.path().join("product");
        let output = self.call(what, workplace, scratch.path(), &made)?;
        let failure = output.failure.as_ref();
        if failure.is_none() {
            fs::rename(&made, product).map_err(Error::io("write", product))?;
        }
        if !failure.is_some_and(|failure| failure.timed_out) {
            self.cache.keep(&name, &output)?;
        }
        Ok(output)
    }

    /// Calls rustc in `folder`.
    fn call(
        &self,
        what: &Crate<'_>,
        workplace: &Workplace<'_>,
        folder: &Path,
        product: &Path,
    ) -> Result<CompilerOutput> {
        let limits = workplace.compiler_limits();
        let mut program = Program::new(&self.kit.toolchain.rustc, folder, limits);
        program.args = self.arguments(what.earlier, workplace.libraries, product);
        program.args.extend(what.args.iter().map(OsString::from));
        // The folder's name is another each time, and must not make another crate of the same.
        let mut remap = option("--remap-path-prefix=", folder);
        remap.push("=.");
        program.args.push(remap);
        program.args.push("-".into());
        program.input = Input::Text(what.root.clone());
        program.env = vec![ALLOCATOR.map(OsString::from).into()];
        if workplace.trust == Trust::Untrusted {
            untrusted::confine(&mut program, workplace);
        }
        let outcome = program.run()?;
        if workplace.trust == Trust::Untrusted {
            untrusted::see_that_there_is_space(&outcome, folder)?;
        }
        read(what.sources[0], &outcome, workplace.trust)
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

/// Puts `earlier`, and nothing else, into the folder `libraries`.
///
/// # Errors
///
/// If the folder cannot be filled.
pub fn gather(earlier: &[Library], libraries: &Path) -> Result<()> {
    fs::create_dir_all(libraries).map_err(Error::io("create", libraries))?;
    for library in earlier {
        let to = libraries.join(library.path.file_name().unwrap_or_default());
        if !to.exists() {
            files::link(&library.path, &to)?;
        }
    }
    Ok(())
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
fn read(source: &Source<'_>, outcome: &Outcome, trust: Trust) -> Result<CompilerOutput> {
    let diagnostics = diagnostics::read(&outcome.stderr.text, &source.path);
    let (mut errors, warnings): (Vec<_>, Vec<_>) = diagnostics
        .into_iter()
        .partition(|d| d.level == Level::Error);
    let is_the_sources_fault = match outcome.ending {
        Ending::TimedOut => true,
        // What everybody needs was seen to work with the reference.
        _ if trust == Trust::Untrusted => true,
        _ => errors.iter().any(|error| error.at.is_some()),
    };
    let failure = match outcome.ending {
        Ending::Exited(0) => None,
        ending if is_the_sources_fault => {
            if errors.is_empty() && trust == Trust::Untrusted {
                errors.push(untrusted::given_up(ending));
            }
            Some(CompileFailure {
                errors,
                timed_out: ending == Ending::TimedOut,
            })
        }
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
