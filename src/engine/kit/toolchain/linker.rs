//! The linker that cargo is configured to use: steps are linked with it, too.
//!
//! As in cargo's reference on configuration: files from the course's folder upwards, then cargo's
//! home, the nearest first; the environment before them all.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Value;

/// rustc's options for linking programs of `host` in a course at `root`, as cargo would give them.
#[must_use]
pub fn options(root: &Path, host: &str) -> Vec<String> {
    let named = format!(
        "CARGO_TARGET_{}_LINKER",
        host.to_uppercase().replace('-', "_")
    );
    let mut linker = env::var(named).ok().filter(|linker| !linker.is_empty());
    let mut flags = None;
    for file in configuration_files(root) {
        let Some(table) = read(&file) else { continue };
        let target = |key: &str| table.get("target")?.get(host)?.get(key).cloned();
        linker = linker.or_else(|| {
            let name = target("linker")?.as_str()?.to_owned();
            Some(resolved(&name, &file))
        });
        flags = flags.or_else(|| {
            let build = || table.get("build")?.get("rustflags").cloned();
            target("rustflags")
                .or_else(build)
                .map(|flags| words(&flags))
        });
    }
    let mut options: Vec<String> = linker
        .map(|linker| format!("-Clinker={linker}"))
        .into_iter()
        .collect();
    options.extend(about_linking(&flags.unwrap_or_default()));
    options
}

/// Cargo's configuration files that count for a folder, the nearest first.
fn configuration_files(root: &Path) -> Vec<PathBuf> {
    let above = root.ancestors().map(|folder| folder.join(".cargo"));
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in above.chain(home) {
        for name in ["config.toml", "config"] {
            let file = folder.join(name);
            if file.is_file() && !files.contains(&file) {
                files.push(file);
            }
        }
    }
    files
}

/// A file that cannot be understood is cargo's to complain of.
fn read(file: &Path) -> Option<toml::Table> {
    fs::read_to_string(file).ok()?.parse().ok()
}

/// A name with a slash in it counts from the folder that `.cargo` lies in.
fn resolved(name: &str, file: &Path) -> String {
    let folder = file.ancestors().nth(2);
    match folder {
        Some(folder) if name.contains(['/', '\\']) => folder.join(name).display().to_string(),
        _ => name.to_owned(),
    }
}

/// Flags as a list, or as one text with blanks between them.
fn words(flags: &Value) -> Vec<String> {
    match flags {
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        Value::Array(list) => (list.iter())
            .filter_map(|flag| flag.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// Of rustc's flags, those that say how to link; others would make another crate than the kit's.
fn about_linking(flags: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        let option = match flag.as_str() {
            "-C" | "--codegen" => flags.next().cloned().unwrap_or_default(),
            joined => match joined
                .strip_prefix("-C")
                .or(joined.strip_prefix("--codegen="))
            {
                Some(option) => option.to_owned(),
                None => continue,
            },
        };
        let name = option.split('=').next().unwrap_or_default();
        if matches!(
            name,
            "linker" | "linker-flavor" | "link-arg" | "link-args" | "link-self-contained"
        ) {
            kept.push(format!("-C{option}"));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "x86_64-unknown-linux-gnu";

    /// The options in a folder with this configuration.
    fn with(text: &str) -> (PathBuf, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let inner = folder.path().join("course");
        fs::create_dir_all(inner.join("steps")).expect("it can be made");
        fs::create_dir(folder.path().join(".cargo")).expect("it can be made");
        fs::write(folder.path().join(".cargo/config.toml"), text).expect("it can be written");
        (folder.path().to_owned(), options(&inner, HOST))
    }

    #[test]
    fn a_linker_is_found_in_a_folder_above() {
        let (_, found) = with(&format!("[target.{HOST}]\nlinker = \"clang\"\n"));
        assert_eq!(found, ["-Clinker=clang"]);
        let (folder, found) = with(&format!("[target.{HOST}]\nlinker = \"bin/ld\"\n"));
        assert_eq!(
            found,
            [format!("-Clinker={}", folder.join("bin/ld").display())]
        );
    }

    #[test]
    fn of_flags_those_about_linking_are_kept() {
        let flags = "[\"-C\", \"link-arg=-fuse-ld=mold\", \"-Copt-level=3\", \"--cfg\", \"x\"]";
        let (_, found) = with(&format!("[build]\nrustflags = {flags}\n"));
        assert_eq!(found, ["-Clink-arg=-fuse-ld=mold"]);
        let (_, found) = with("[build]\nrustflags = \"-C linker=lld -g\"\n");
        assert_eq!(found, ["-Clinker=lld"]);
    }

    #[test]
    fn what_is_no_configuration_says_nothing() {
        assert!(with("not [ toml").1.is_empty());
        assert!(with("[target.other]\nlinker = \"x\"\n").1.is_empty());
    }
}
