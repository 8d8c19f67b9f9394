//! From a step's source and the course's check to one executable, or to rustc's complaints.
//!
//! One direct rustc call each. Earlier steps come as libraries, each a crate of its own, so that
//! nothing a step is compiled against holds that step's own solution, nor a later one.

mod advice;
mod calls;
mod check;
mod cost;
mod diagnostics;
mod driver;
mod given_up;
mod harness;
mod incremental;
mod naked;
mod quotes;
mod rustc;
pub mod signatures;
mod surface;
pub mod symbols;
mod untrusted;
pub mod unwritten;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

pub use calls::Calls;
pub use check::Check;
pub use diagnostics::{Diagnostic, Level};
pub use quotes::{Quote, renamed, requoted};
use rustc::Crate;

use crate::course::Step;
use crate::course::guard::Guarded;
use crate::engine::cache::{Cache, Kind};
use crate::engine::kit::Kit;
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};
use crate::files;
use crate::hash;

/// What rustc calls a source that came from standard input: the crate's root.
pub const ROOT: &str = "<anon>";

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

impl CompileFailure {
    /// Whether an error points at a line.
    fn is_located(&self) -> bool {
        self.errors.iter().any(|error| error.at.is_some())
    }
}

/// Those of several implementations that do not compile, by position, each with its first error.
pub type Misfits = BTreeMap<usize, Diagnostic>;

/// What rustc made of a source.
#[derive(Debug, Clone)]
pub struct Compiled<T> {
    /// The thing itself, or why there is none.
    pub product: std::result::Result<T, CompileFailure>,
    /// rustc's warnings about the source.
    pub warnings: Vec<Diagnostic>,
    /// For each step that was looked at, what it calls of the guarded, by itself or through code
    /// that is compiled for it.
    pub calls: Vec<Calls>,
}

/// Several implementations in one executable.
#[derive(Debug)]
pub struct Several {
    /// The executable.
    pub program: PathBuf,
    /// For each of them, what it calls of the guarded.
    pub calls: Vec<Calls>,
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

impl<'a> Below<'a> {
    /// All that a product hangs on.
    fn parts(self) -> Vec<&'a [u8]> {
        match self {
            Self::Libraries(libraries) => libraries
                .iter()
                .map(|library| library.id.as_bytes())
                .collect(),
            Self::Modules(sources) => sources
                .iter()
                .flat_map(|earlier| {
                    let path = earlier.path.as_os_str().as_encoded_bytes();
                    [path, earlier.text.as_bytes()]
                })
                .collect(),
        }
    }
}

/// What rustc may use again of what it made of other sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// Nothing: the source is compiled once.
    Nothing,
    /// What it made of the same step the last time: somebody is editing it.
    LastTime,
}

/// Compiles steps against one kit, and remembers.
pub struct Compiler {
    kit: Kit,
    cache: Cache,
    guarded: Guarded,
    /// One lock for each product: threads that want the same do not make it twice.
    locks: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

impl Compiler {
    /// A compiler that uses `kit` and keeps in `cache` what it makes of trusted sources. It tells of
    /// calls of what is `guarded`.
    #[must_use]
    pub fn new(kit: Kit, cache: Cache, guarded: Guarded) -> Self {
        Self {
            kit,
            cache,
            guarded,
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
                about: &source.path,
                sources: vec![source],
                args: vec![
                    "--crate-type=rlib".into(),
                    format!("--crate-name={name}"),
                    format!("-Cextra-filename=-{id}"),
                    format!("-Cmetadata={id}"),
                ],
                earlier,
                callers: Vec::new(),
                edited: None,
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
    /// the scratch folder, and nothing is used again.
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
        reuse: Reuse,
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
                about: &source.path,
                sources: [source].into_iter().chain(modules).collect(),
                args: self.executable(),
                earlier,
                callers: vec![harness::caller(&source.step.name)],
                edited: (reuse == Reuse::LastTime).then_some(&source.step.name),
                product: product.clone(),
            },
            workplace,
        )?;
        Ok(output.with(product))
    }

    /// Compiles several implementations of one step, each together with the observation program,
    /// into one executable that runs the one it is told to; or says which of them do not compile,
    /// each with rustc's first error. They are the course's own.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run, or fails for a reason that is none of the sources'.
    pub fn batch(
        &self,
        step: &Step,
        members: &[&str],
        check: &Check,
        earlier: &[Library],
        workplace: &Workplace<'_>,
    ) -> Result<std::result::Result<Several, Misfits>> {
        let source = Source {
            step,
            path: ROOT.into(),
            text: harness::batch(step, members, check, earlier),
        };
        let id = self.id(&source, None, Below::Libraries(earlier));
        let product = self.product(Kind::Programs, &id, workplace);
        let mut args = self.executable();
        // Nobody asks which line a panic came from.
        args.extend(["--cap-lints=allow", "-Cdebuginfo=0"].map(String::from));
        let output = self.rustc(
            &Crate {
                root: source.text.clone(),
                about: &source.path,
                sources: vec![&source],
                args,
                earlier,
                callers: (0..members.len())
                    .map(|i| harness::caller_in_batch(i, &step.name))
                    .collect(),
                edited: None,
                product: product.clone(),
            },
            workplace,
        )?;
        let Compiled { product, calls, .. } = output.with(product);
        let failure = match product {
            Ok(program) => return Ok(Ok(Several { program, calls })),
            Err(failure) => failure,
        };
        let mut misfits = Misfits::new();
        for error in &failure.errors {
            let at = error.at.as_ref().filter(|at| at.file == ROOT);
            let member = at.and_then(|at| harness::member_at(&source.text, at.line));
            if let Some(member) = member {
                misfits.entry(member).or_insert(error.clone());
            }
        }
        if misfits.is_empty() {
            let first = failure.errors.first();
            return Err(Error::Internal(format!(
                "{} implementations of {} do not compile together: {}",
                members.len(),
                step.id,
                first.map_or("it takes too long", |error| error.rendered.as_str())
            )));
        }
        Ok(Err(misfits))
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
        parts.extend(self.guarded.paths().iter().map(String::as_bytes));
        parts.extend(below.parts());
        hash::of(&parts)
    }

    /// Where a product goes.
    fn product(&self, kind: Kind, name: &str, workplace: &Workplace<'_>) -> PathBuf {
        match workplace.trust {
            Trust::Trusted => self.cache.path(kind, name),
            Trust::Untrusted => workplace.scratch.join(name),
        }
    }

    /// What rustc is told for an executable, besides.
    fn executable(&self) -> Vec<String> {
        let mut args = vec![format!("--crate-name={}", harness::PROGRAM)];
        args.extend(self.kit.interface.options());
        args.extend(self.kit.linking.iter().cloned());
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
