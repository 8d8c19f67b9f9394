//! Calls rustc, and makes sense of what it says and how it ends.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::calls::{self, Caller, Calls};
use super::diagnostics::UNSAFE;
use super::incremental::LastTime;
use super::{
    CompileFailure, Compiled, Compiler, Diagnostic, Level, Library, Source, diagnostics, given_up,
    harness, naked, untrusted,
};
use crate::engine::kit;
use crate::engine::kit::toolchain::option;
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::engine::sandbox::{Ending, Input, Outcome, Program};
use crate::error::{Error, Result};

/// On Linux, rustc's allocator is jemalloc, which reads this variable. A step needs 150 MB for a
/// moment: in large pages, where the system has them, it gets that in half the page faults.
pub(super) const ALLOCATOR: [&str; 2] = ["MALLOC_CONF", "thp:always,narenas:1"];

/// What a product is called while it is made.
const PRODUCT: &str = "product";

/// What is kept of a rustc run.
#[derive(Serialize, Deserialize)]
pub(super) struct CompilerOutput {
    pub failure: Option<CompileFailure>,
    pub warnings: Vec<Diagnostic>,
    /// For each step that was asked about, what it calls of the guarded.
    calls: Vec<Calls>,
}

/// One call of rustc.
pub(super) struct Crate<'a> {
    pub root: String,
    /// The file that it is about.
    pub about: &'a Path,
    /// The steps in it.
    pub sources: Vec<&'a Source<'a>>,
    pub args: Vec<String>,
    pub earlier: &'a [Library],
    /// The steps whose calls are looked at.
    pub callers: Vec<Caller>,
    /// The step that is edited and compiled again and again, if it is one.
    pub edited: Option<&'a str>,
    pub product: PathBuf,
}

/// Where rustc works.
pub(super) struct Making<'a> {
    folder: &'a Path,
    /// What it makes there.
    product: PathBuf,
    /// What it uses again.
    last: Option<&'a LastTime>,
}

impl<'a> Making<'a> {
    /// In `folder`, with nothing of another time.
    pub fn new(folder: &'a Path, product: PathBuf) -> Self {
        Self {
            folder,
            product,
            last: None,
        }
    }
}

impl Compiler {
    /// Runs rustc, unless what it makes of a trusted source is there already.
    pub(super) fn rustc(
        &self,
        what: &Crate<'_>,
        workplace: &Workplace<'_>,
    ) -> Result<CompilerOutput> {
        if workplace.trust == Trust::Untrusted {
            if let Some(error) = naked::found(&what.sources, what.about, Level::Error) {
                return Ok(CompilerOutput::refused(error));
            }
            untrusted::lay_out(&what.sources, workplace.scratch)?;
            let rustc = &self.kit.toolchain.rustc;
            let making = Making::new(workplace.scratch, what.product.clone());
            return self.call(rustc, what, workplace, &making);
        }
        let product = &what.product;
        let name = format!(
            "{}.rustc",
            product.file_name().unwrap_or_default().to_string_lossy()
        );
        let product_lock = lock(&self.locks).entry(name.clone()).or_default().clone();
        let _held = lock(&product_lock);
        if let Some(known) = self.cache.result::<CompilerOutput>(&name)
            && (known.failure.is_some() || is_still_there(product))
        {
            return Ok(known);
        }
        let mut output = self.trusted(what, workplace)?;
        let told = naked::found(&what.sources, what.about, Level::Warning);
        output.warnings.extend(told.filter(|told| told.in_source));
        // What points at no line may be another the next time.
        if (output.failure.as_ref())
            .is_none_or(|failure| !failure.timed_out && failure.is_located())
        {
            self.cache.keep(&name, &output)?;
        }
        Ok(output)
    }

    /// Runs rustc on trusted sources: with what it made of them the last time, if there is that.
    fn trusted(&self, what: &Crate<'_>, workplace: &Workplace<'_>) -> Result<CompilerOutput> {
        let rustc = &self.kit.toolchain.rustc;
        let all = self.cache.incremental();
        let last = what.edited.and_then(|step| LastTime::open(&all, step));
        if let Some(last) = last {
            let mut making = Making::new(last.folder(), last.folder().join(PRODUCT));
            making.last = Some(&last);
            match self.call(rustc, what, workplace, &making) {
                Ok(output) if output.is_sound() => return output.moved(&making, &what.product),
                // A compiler that broke down may have done so over that.
                _ => last.forget(),
            }
        }
        let scratch = tempfile::Builder::new()
            .prefix("rustc-")
            .tempdir_in(workplace.scratch)
            .map_err(Error::io("create a folder in", workplace.scratch))?;
        let making = Making::new(scratch.path(), scratch.path().join(PRODUCT));
        let output = self.call(rustc, what, workplace, &making)?;
        output.moved(&making, &what.product)
    }

    /// Calls `rustc`, or what takes its place.
    pub(super) fn call(
        &self,
        rustc: &Path,
        what: &Crate<'_>,
        workplace: &Workplace<'_>,
        making: &Making<'_>,
    ) -> Result<CompilerOutput> {
        let &Making {
            folder,
            ref product,
            last,
        } = making;
        let limits = workplace.compiler_limits();
        let mut program = Program::new(rustc, folder, limits);
        program.args = self.arguments(what.earlier, workplace.libraries);
        let object = product.with_extension("o");
        if last.is_some() || what.callers.is_empty() {
            program.args.push(option("-o", product));
        } else {
            program.args.push(option("--emit=link=", product));
            program.args.push(option("--emit=obj=", &object));
        }
        if last.is_some() {
            let reuse = LastTime::arguments().map(OsString::from);
            program.args.extend(reuse);
        }
        program.args.extend(what.args.iter().map(OsString::from));
        // The folder's name is another each time, and must not make another crate of the same.
        let mut remap = option("--remap-path-prefix=", folder);
        remap.push("=.");
        program.args.push(remap);
        program.args.push("-".into());
        program.input = Input::Text(what.root.clone());
        program.env = vec![ALLOCATOR.map(OsString::from).into()];
        match workplace.trust {
            Trust::Untrusted => untrusted::confine(&mut program, workplace),
            // What would be refused there is told here, and does no harm.
            Trust::Trusted => (program.args).insert(0, format!("--force-warn={UNSAFE}").into()),
        }
        let outcome = program.run()?;
        if workplace.trust == Trust::Untrusted {
            untrusted::see_that_there_is_space(&outcome, folder)?;
        }
        let mut output = read(what.about, &outcome, workplace.trust)?;
        if output.failure.is_some() || what.callers.is_empty() {
            return Ok(output);
        }
        if let Some(last) = last {
            output.calls = calls::of(&last.objects()?, &what.callers, &self.guarded)?;
        } else {
            output.calls = calls::of(slice::from_ref(&object), &what.callers, &self.guarded)?;
            fs::remove_file(&object).map_err(Error::io("remove", &object))?;
        }
        Ok(output)
    }

    /// What rustc is told for every crate; `libraries` is the folder that `earlier` lie in.
    fn arguments(&self, earlier: &[Library], libraries: &Path) -> Vec<OsString> {
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
        if self.kit.opt_level > 0 {
            args.push(format!("-Copt-level={}", self.kit.opt_level).into());
        }
        args.extend(self.kit.interface.arguments());
        args.push(option("-Ldependency=", libraries));
        for library in earlier {
            let name = format!("--extern={}=", harness::crate_name(&library.step));
            let file = library.path.file_name().unwrap_or_default();
            args.push(option(&name, &libraries.join(file)));
        }
        args
    }
}

/// Whether there is such a product; from now on it counts as new, so that another process which
/// makes room in the cache does not remove it before it is used.
fn is_still_there(product: &Path) -> bool {
    let touched = File::open(product).and_then(|file| file.set_modified(SystemTime::now()));
    touched.is_ok() || product.is_file()
}

/// What is locked here is whole at any time, so a thread that panicked does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CompilerOutput {
    /// Of a source that rustc is not asked about.
    fn refused(error: Diagnostic) -> Self {
        Self {
            failure: Some(CompileFailure {
                errors: vec![error],
                timed_out: false,
            }),
            warnings: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Whether the sources are why there is no product, if there is none.
    fn is_sound(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_none_or(|failure| failure.timed_out || failure.is_located())
    }

    /// The same, once what was made is where the product belongs.
    fn moved(self, making: &Making<'_>, product: &Path) -> Result<Self> {
        if self.failure.is_none() {
            fs::rename(&making.product, product).map_err(Error::io("write", product))?;
        }
        Ok(self)
    }

    pub fn with<T>(self, product: T) -> Compiled<T> {
        Compiled {
            product: match self.failure {
                Some(failure) => Err(failure),
                None => Ok(product),
            },
            warnings: self.warnings,
            calls: self.calls,
        }
    }
}

/// Makes sense of what rustc said and how it ended.
fn read(about: &Path, outcome: &Outcome, trust: Trust) -> Result<CompilerOutput> {
    let diagnostics = diagnostics::read(&outcome.stderr.text, about);
    let (mut errors, warnings): (Vec<_>, Vec<_>) = diagnostics
        .into_iter()
        .partition(|d| d.level == Level::Error);
    let is_the_sources_fault = match outcome.ending {
        Ending::TimedOut => true,
        // What everybody needs was seen to work with the reference.
        _ if trust == Trust::Untrusted => true,
        _ if given_up::has_overflowed(outcome) => true,
        _ => errors.iter().any(|error| error.at.is_some()),
    };
    let failure = match outcome.ending {
        Ending::Exited(0) => None,
        ending if is_the_sources_fault => {
            if errors.is_empty() {
                errors.push(given_up::given_up(outcome));
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
        calls: Vec::new(),
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
    let reason = kit::missing_linker(&words)
        .or_else(|| left_out(&words))
        .unwrap_or_else(|| format!("{words} ({ending:?})"));
    Error::Tool {
        name: "rustc".into(),
        reason,
    }
}

/// Which crate is not in the kit's library, if that is what `words` say: rustc puts in what the kit
/// names, whatever its manifest lists.
fn left_out(words: &str) -> Option<String> {
    let (before, _) = words.split_once("` required to be available in rlib format")?;
    let (_, name) = before.rsplit_once('`')?;
    Some(format!(
        "the kit depends on `{name}`, but nothing in it names that crate, so it is not in its \
         library; write `use {name} as _;` into the kit's `lib.rs`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_counts_as_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let product = folder.path().join("product");
        assert!(!is_still_there(&product));
        let file = File::create(&product).expect("it can be written");
        let old = SystemTime::UNIX_EPOCH;
        file.set_modified(old).expect("its time can be set");
        assert!(is_still_there(&product));
        let found = fs::metadata(&product).expect("it is there");
        assert!(found.modified().expect("it has a time") > old);
    }

    #[test]
    fn a_crate_that_the_kit_leaves_out_is_told() {
        let words = "crate `rules` required to be available in rlib format, but was not found";
        let said = left_out(words).expect("it is known");
        assert!(said.contains("`use rules as _;`"), "{said}");
        assert_eq!(left_out("linking failed"), None);
    }
}
