//! Building the kit: one cargo call, watched.

use std::collections::HashSet;
use std::env::consts::DLL_EXTENSION;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;

use super::interface::{Built, Interface};
use super::recipe::Recipe;
use super::{Building, Kit, Note, missing_linker, note_file};
use crate::engine::kit::toolchain::{self, Toolchain};
use crate::error::{Error, Result};

/// Builds the kit and tells how far it is. Crates that an interrupted build finished are not built
/// again.
pub fn build(recipe: &Recipe<'_>, tell: &mut dyn FnMut(Building<'_>)) -> Result<Kit> {
    let place = recipe.folder();
    fs::create_dir_all(&place).map_err(Error::io("create", &place))?;
    let lock_path = place.join("kit.lock");
    let lock = File::create(&lock_path).map_err(Error::io("create", &lock_path))?;
    if lock.try_lock().is_err() {
        tell(Building::Awaited);
        lock.lock().map_err(Error::io("lock", &lock_path))?;
        if let Some(kit) = Kit::of(recipe, &place)? {
            return Ok(kit);
        }
    }

    let toolchain = Toolchain::find()?;
    tell(Building::Begun {
        intro: recipe.intro(),
    });
    let plan = plan(recipe)?;
    // What is edited from here on may be built or not: then the kit is not the one that is named.
    let id = recipe.id(&toolchain)?;
    let built = compile(recipe, &plan, tell)?;
    let interface = Interface::make(
        &built,
        &toolchain,
        &recipe.linking(&toolchain),
        &place.join("interface"),
    )?;
    let names = (id, toolchain::selection());
    let note = Note::new(names, toolchain, (&built.library, &interface), &place)?;
    note.write(&note_file(&place))?;
    forget_what_kits_made(&place);
    Kit::noted(note, recipe, &place)
}

/// What was made with one kit is of no use with another, even if both were built of the same: what
/// is compiled against a library fits that very library.
fn forget_what_kits_made(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.join(crate::engine::cache::MARK).exists() {
            // What cannot be removed now only takes space.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Cargo, told to build for `tutor` and nobody else.
fn cargo(recipe: &Recipe<'_>, command: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .arg(command)
        .arg("--manifest-path")
        .arg(recipe.package.manifest())
        // Cargo's configuration is looked for from here on: the same as for steps.
        .current_dir(recipe.course.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Settings for other builds would make another kit than the one that steps are compiled for.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(variable);
    }
    cargo.envs(recipe.env());
    cargo
}

fn start(mut command: Command) -> Result<Child> {
    command.spawn().map_err(|e| Error::Tool {
        name: command.get_program().to_string_lossy().into_owned(),
        reason: e.to_string(),
    })
}

/// What cargo will build.
struct Plan {
    /// How many crates.
    total: usize,
    /// Name and version of the packages that the kit itself depends on.
    direct: HashSet<(String, String)>,
}

/// Asks cargo what it will build; crates are downloaded if need be.
fn plan(recipe: &Recipe<'_>) -> Result<Plan> {
    let mut tree = cargo(recipe, "tree");
    tree.args(["--edges", "normal,build", "--prefix", "depth"])
        .args(recipe.features());
    let output = start(tree)?
        .wait_with_output()
        .map_err(Error::io("run cargo in", recipe.course.root()))?;
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut crates = HashSet::new();
    let mut direct = HashSet::new();
    for line in text.lines() {
        let package = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let depth = &line[..line.len() - package.len()];
        let mut words = package.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            continue;
        };
        let package = (name.to_owned(), version.trim_start_matches('v').to_owned());
        if depth == "1" {
            direct.insert(package.clone());
        }
        crates.insert(package);
    }
    Ok(Plan {
        total: crates.len(),
        direct,
    })
}

impl Plan {
    /// Whether the package that cargo knows as `id` is one that the kit itself depends on. An id
    /// ends in `#name@version`, or in `/name#version`.
    fn is_direct(&self, id: &str) -> bool {
        let Some((place, rest)) = id.rsplit_once('#') else {
            return false;
        };
        let (name, version) = rest.split_once('@').unwrap_or_else(|| {
            let name = place.rsplit('/').next().unwrap_or_default();
            (name, rest)
        });
        self.direct.contains(&(name.to_owned(), version.to_owned()))
    }
}

/// Runs cargo.
fn compile(recipe: &Recipe<'_>, plan: &Plan, tell: &mut dyn FnMut(Building<'_>)) -> Result<Built> {
    let total = plan.total;
    let mut rustc = cargo(recipe, "rustc");
    rustc
        .args([
            "--lib",
            "--crate-type",
            "dylib",
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(recipe.options())
        .arg("--target-dir")
        .arg(recipe.folder().join("cargo"))
        .args(["--", "-C", "prefer-dynamic"]);
    if cfg!(target_os = "linux") {
        // Calls inside the kit need no look-up among its 98,000 symbols, and those from outside
        // only when they are made: a program starts 20 ms earlier.
        rustc.args(["-C", "link-arg=-Wl,-Bsymbolic", "-C", "relro-level=partial"]);
    }
    let mut child = start(rustc)?;

    let words = child.stderr.take().map(|mut stderr| {
        thread::spawn(move || {
            let mut text = Vec::new();
            // What was read before an error is all there is to show.
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    let mut tell_of = |done, name: &str| tell(Building::Crate { done, total, name });
    tell_of(0, "");
    let mut artifacts = Artifacts::of(recipe, plan);
    let out = child.stdout.take().into_iter();
    for line in out.flat_map(|out| BufReader::new(out).lines()) {
        let root = recipe.course.root();
        let line = line.map_err(Error::io("read cargo's messages in", root))?;
        // Cargo may well say something else between its messages.
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(name) = artifacts.note(&message) {
            tell_of(artifacts.done.len(), name);
        }
    }
    let status = child
        .wait()
        .map_err(Error::io("run cargo in", recipe.course.root()))?;
    tell(Building::Compiled);
    let words = words
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    match artifacts.library {
        Some(library) if status.success() => Ok(Built {
            library,
            crates: artifacts.crates,
            direct: artifacts.direct,
            libraries: recipe.libraries().to_owned(),
        }),
        _ => Err(logged(&words, &recipe.folder().join("build.log"))),
    }
}

/// What cargo made so far.
struct Artifacts<'a> {
    plan: &'a Plan,
    /// The kit's own manifest, as cargo names it.
    manifest: PathBuf,
    /// The packages of which something is compiled.
    done: HashSet<String>,
    library: Option<PathBuf>,
    crates: Vec<PathBuf>,
    direct: Vec<(String, PathBuf)>,
}

impl<'a> Artifacts<'a> {
    fn of(recipe: &Recipe<'_>, plan: &'a Plan) -> Self {
        Self {
            plan,
            manifest: real(&recipe.package.manifest()),
            done: HashSet::new(),
            library: None,
            crates: Vec::new(),
            direct: Vec::new(),
        }
    }

    /// Notes the crate that a message of cargo's is about, and returns its name.
    fn note<'m>(&mut self, message: &'m Value) -> Option<&'m str> {
        if message["reason"] != "compiler-artifact" || is_build_script(message) {
            return None;
        }
        let name = message["target"]["name"].as_str()?;
        let id = message["package_id"].as_str()?;
        self.done.insert(id.to_owned());
        if real(Path::new(message["manifest_path"].as_str()?)) == self.manifest {
            self.library = files(message).find(|path| is(path, DLL_EXTENSION));
        } else {
            let mut descriptions = files(message).filter(|path| is_description(path));
            let first = descriptions.next();
            if self.plan.is_direct(id) {
                self.direct
                    .extend(first.clone().map(|path| (name.to_owned(), path)));
            }
            self.crates.extend(first.into_iter().chain(descriptions));
        }
        Some(name)
    }
}

/// `path` without links: cargo follows them.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn is_build_script(message: &Value) -> bool {
    message["target"]["kind"][0] == "custom-build"
}

/// The files that cargo says it made.
fn files(message: &Value) -> impl Iterator<Item = PathBuf> {
    let names = message["filenames"].as_array().into_iter().flatten();
    names.filter_map(|name| name.as_str().map(PathBuf::from))
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e == extension)
}

/// Whether a file is what rustc reads of a crate: its metadata or, of a procedural macro, the
/// macro itself.
fn is_description(path: &Path) -> bool {
    is(path, "rmeta") || is(path, DLL_EXTENSION)
}

/// Why cargo failed; all that it said goes to the file `log`.
fn logged(words: &str, log: &Path) -> Error {
    let mut error = failed(words);
    if let Error::Kit { log: place, .. } = &mut error
        && fs::write(log, words).is_ok()
    {
        *place = Some(log.to_owned());
    }
    error
}

/// Says in one sentence why cargo failed, and quotes the first error that it told, or the end of
/// what it said.
fn failed(words: &str) -> Error {
    const QUOTED: usize = 12;
    let has = |text: &str| words.contains(text);
    let reason = if has("No space left on device") {
        "the disk is full"
    } else if has("failed to download") || has("Could not resolve host") || has("download of") {
        "the crates could not be downloaded; is there a network?"
    } else if has("--offline") {
        "crates are missing and cargo was told to stay offline"
    } else if has("requires rustc") {
        "rustc is too old for it"
    } else {
        "cargo said"
    };
    let lines: Vec<&str> = words
        .lines()
        .filter(|line| !line.trim_start().starts_with("Compiling"))
        .collect();
    let from = lines.iter().position(|line| line.starts_with("error"));
    let from = from.unwrap_or(lines.len().saturating_sub(QUOTED));
    Error::Kit {
        reason: missing_linker(words).unwrap_or_else(|| reason.into()),
        output: lines[from..lines.len().min(from + QUOTED)].join("\n"),
        log: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(words: &str) -> String {
        match failed(words) {
            Error::Kit { reason, .. } => reason,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn known_failures_have_a_sentence() {
        assert!(reason("error: No space left on device (os error 28)").contains("disk is full"));
        assert!(reason("error: linker `cc` not found").contains("there is no linker"));
        assert!(reason("error: linker `mold` not found").contains("configuration"));
        assert!(reason("error: failed to download from `x`").contains("network"));
        assert_eq!(reason("error: something else"), "cargo said");
    }

    #[test]
    fn the_first_error_is_quoted_and_all_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("build.log");
        let words = "   Compiling a v1\nwarning: w\nerror[E1]: first\n  --> a:1\nerror: last\n";
        let Error::Kit {
            output, log: place, ..
        } = logged(words, &log)
        else {
            panic!("it is about the kit");
        };
        assert_eq!(output, "error[E1]: first\n  --> a:1\nerror: last");
        assert_eq!(place, Some(log.clone()));
        assert_eq!(fs::read_to_string(log).expect("it is there"), words);
    }
}
