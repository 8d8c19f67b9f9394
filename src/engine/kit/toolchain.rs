//! The Rust toolchain: which rustc compiles the kit and the steps.

mod linker;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::hash;

/// A rustc found on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toolchain {
    /// The compiler itself, behind whatever rustup puts before it.
    pub rustc: PathBuf,
    /// Where the standard library's shared object lies.
    pub libraries: PathBuf,
    /// The first line of `rustc --version`.
    pub version: String,
    /// All of `rustc -vV`, and size and time of the compiler: another one has another identity.
    pub identity: String,
}

impl Toolchain {
    /// Asks the rustc that this environment selects.
    ///
    /// # Errors
    ///
    /// If there is none, or if it does not answer as rustc does.
    pub fn find() -> Result<Self> {
        let told = ask(&["-vV"])?;
        let places = ask(&["--print", "sysroot", "--print", "target-libdir"])?;
        let mut lines = places.lines();
        let (Some(sysroot), Some(libraries)) = (lines.next(), lines.next()) else {
            return Err(broken("it does not say where its sysroot is"));
        };
        let bare = Path::new(sysroot).join("bin").join(executable("rustc"));
        let rustc = if bare.is_file() { bare } else { selected() };
        Ok(Self {
            libraries: PathBuf::from(libraries),
            version: told.lines().next().unwrap_or_default().to_owned(),
            identity: format!("{told}{}", stamp(&rustc)),
            rustc,
        })
    }

    /// Whether the compiler is still the one that was found.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.identity
            .lines()
            .last()
            .is_some_and(|last| last == stamp(&self.rustc))
    }

    /// What rustc is told about linking in a course at `root`: what cargo is told there.
    #[must_use]
    pub fn linking(&self, root: &Path) -> Vec<String> {
        let host = self
            .identity
            .lines()
            .find_map(|line| line.strip_prefix("host: "));
        host.map(|host| linker::options(root, host))
            .unwrap_or_default()
    }

    /// Where the loader finds what is linked with the shared library `library`: in its folder, in
    /// the standard library's, and in `further` ones.
    ///
    /// # Errors
    ///
    /// If a folder's name cannot stand in such a list.
    pub fn library_path(&self, library: &Path, further: &[PathBuf]) -> Result<OsString> {
        let folders = library
            .parent()
            .into_iter()
            .chain([self.libraries.as_path()])
            .chain(further.iter().map(PathBuf::as_path));
        env::join_paths(folders).map_err(|e| Error::Tool {
            name: "the kit".into(),
            reason: e.to_string(),
        })
    }
}

/// An option of rustc's whose value is a path, as in `--extern=kit=PATH`.
#[must_use]
pub fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}

/// The variable that says where shared libraries are.
#[must_use]
pub const fn library_path_variable() -> &'static str {
    if cfg!(windows) {
        "PATH"
    } else if cfg!(target_os = "macos") {
        "DYLD_LIBRARY_PATH"
    } else {
        "LD_LIBRARY_PATH"
    }
}

/// A name for all that decides which rustc is meant: far quicker to find out than asking rustc.
#[must_use]
pub fn selection() -> String {
    let rustup = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".rustup")))
        .unwrap_or_default();
    let program = on_path(&selected()).unwrap_or_else(selected);
    let text = |value: Option<OsString>| value.unwrap_or_default().into_encoded_bytes();
    hash::of(&[
        program.as_os_str().as_encoded_bytes(),
        stamp(&program).as_bytes(),
        stamp(&rustup.join("settings.toml")).as_bytes(),
        &text(env::var_os("RUSTUP_TOOLCHAIN")),
        // A `rust-toolchain.toml` may lie in any folder above.
        &text(env::current_dir().ok().map(Into::into)),
    ])
}

/// The rustc to ask: `$RUSTC`, or the one on the path.
fn selected() -> PathBuf {
    env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

fn ask(args: &[&str]) -> Result<String> {
    let output = Command::new(selected())
        .args(args)
        .output()
        .map_err(|e| broken(&e.to_string()))?;
    if !output.status.success() {
        return Err(broken(String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|e| broken(&e.to_string()))
}

fn broken(reason: &str) -> Error {
    Error::Tool {
        name: selected().display().to_string(),
        reason: reason.to_owned(),
    }
}

fn on_path(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_owned());
    }
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(executable(&program.to_string_lossy())))
        .find(|path| path.is_file())
}

fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// Size and time of a file, or that there is none.
fn stamp(path: &Path) -> String {
    let Ok(data) = fs::metadata(path) else {
        return "absent".into();
    };
    let time = data
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    format!("{} {time}", data.len())
}
