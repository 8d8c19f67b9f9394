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
use super::{Building, Kit, Note, folder, id, missing_linker, note_file};
use crate::course::Course;
use crate::engine::kit::toolchain::{self, Toolchain};
use crate::error::{Error, Result};

/// Builds the kit and tells how far it is. Crates that an interrupted build finished are not built
/// again.
pub fn build(course: &Course, tell: &mut dyn FnMut(Building<'_>)) -> Result<Kit> {
    let place = folder(course);
    fs::create_dir_all(&place).map_err(Error::io("create", &place))?;
    let lock_path = place.join("kit.lock");
    let lock = File::create(&lock_path).map_err(Error::io("create", &lock_path))?;
    if lock.try_lock().is_err() {
        tell(Building::Awaited);
        lock.lock().map_err(Error::io("lock", &lock_path))?;
        if let Some(kit) = Kit::current(course)? {
            return Ok(kit);
        }
    }

    let toolchain = Toolchain::find()?;
    tell(Building::Begun);
    let built = compile(course, &plan(course)?, tell)?;
    let interface = Interface::make(
        &built,
        &toolchain,
        &toolchain.linking(course.root()),
        &place.join("interface"),
    )?;
    let names = (id(course, &toolchain)?, toolchain::selection());
    let note = Note::new(names, toolchain, (&built.library, &interface), &place)?;
    note.write(&note_file(&place))?;
    let kit = Kit::noted(note, course, &place);
    forget_what_kits_made(&place);
    Ok(kit)
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
fn cargo(course: &Course, command: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .arg(command)
        .args(["--package", "kit"])
        .current_dir(course.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Settings for other builds would make another kit than the one that steps are compiled for.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(variable);
    }
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
fn plan(course: &Course) -> Result<Plan> {
    let mut tree = cargo(course, "tree");
    tree.args(["--edges", "normal,build", "--prefix", "depth"]);
    let output = start(tree)?
        .wait_with_output()
        .map_err(Error::io("run cargo in", course.root()))?;
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
fn compile(course: &Course, plan: &Plan, tell: &mut dyn FnMut(Building<'_>)) -> Result<Built> {
    let total = plan.total;
    let mut rustc = cargo(course, "rustc");
    rustc
        .args([
            "--lib",
            "--crate-type",
            "dylib",
            "--message-format",
            "json-render-diagnostics",
        ])
        .arg("--target-dir")
        .arg(folder(course).join("cargo"))
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
    let mut built = |done, name: &str| tell(Building::Crate { done, total, name });
    built(0, "");
    let mut library = None;
    let mut crates = Vec::new();
    let mut offered = Vec::new();
    let mut done = HashSet::new();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let line = line.map_err(Error::io("read cargo's messages in", course.root()))?;
        let Ok(message) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        if message["reason"] == "compiler-artifact" && !is_build_script(&message) {
            done.insert(message["package_id"].to_string());
            built(
                done.len(),
                message["target"]["name"].as_str().unwrap_or_default(),
            );
            let name = message["target"]["name"].as_str().unwrap_or_default();
            let id = message["package_id"].as_str().unwrap_or_default();
            if course.kit().crates.iter().any(|offers| offers == name) && plan.is_direct(id) {
                let description = files(&message).find(|path| is_description(path));
                offered.extend(description.map(|path| (name.to_owned(), path)));
            }
            if name == "kit" {
                library = files(&message).find(|path| is(path, DLL_EXTENSION));
            } else {
                crates.extend(files(&message).filter(|path| is_description(path)));
            }
        }
    }
    let status = child
        .wait()
        .map_err(Error::io("run cargo in", course.root()))?;
    tell(Building::Compiled);
    let words = words
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    let Some(library) = library.filter(|_| status.success()) else {
        return Err(failed(&words));
    };
    let has = |name: &String| offered.iter().any(|(offered, _)| offered == name);
    if let Some(missing) = course.kit().crates.iter().find(|name| !has(name)) {
        return Err(Error::Kit {
            reason: format!(
                "course.toml offers the crate `{missing}`, which the kit does not depend on itself"
            ),
            output: String::new(),
        });
    }
    Ok(Built {
        library,
        crates,
        offered,
    })
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

/// Says in one sentence why cargo failed, and quotes the end of what it said.
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
    Error::Kit {
        reason: missing_linker(words).unwrap_or_else(|| reason.into()),
        output: lines[lines.len().saturating_sub(QUOTED)..].join("\n"),
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
}
