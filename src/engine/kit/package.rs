//! The kit's package: where it is, which workspace it belongs to, and what it is made of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use crate::error::{Error, Result};

/// The name of the file that says what a package is.
const MANIFEST: &str = "Cargo.toml";

/// A package that a kit is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder of its workspace, which may be the same: there are the profiles, the lock file
    /// and the target folder.
    pub workspace: PathBuf,
}

impl Package {
    /// The package in `folder`, or why there is none.
    pub fn find(folder: &Path) -> std::result::Result<Self, String> {
        let folder = plain(folder);
        if !folder.is_dir() {
            return Err(format!("there is no folder `{}`", folder.display()));
        }
        let manifest = folder.join(MANIFEST);
        let Ok(text) = fs::read_to_string(&manifest) else {
            let message = format!(
                "there is no package in `{}`: no `{MANIFEST}`",
                folder.display()
            );
            return Err(message);
        };
        if !has_table(&text, "package") {
            let message = format!("`{}` describes no `[package]`", manifest.display());
            return Err(message);
        }
        Ok(Self {
            workspace: workspace_of(&folder),
            folder,
        })
    }

    /// Its manifest.
    pub fn manifest(&self) -> PathBuf {
        self.folder.join(MANIFEST)
    }

    /// All that it is made of: the workspace's manifest and lock file, and the manifests and
    /// Rust files of the package and of those that it depends on by path; sorted.
    ///
    /// # Errors
    ///
    /// If a folder cannot be read.
    pub fn sources(&self) -> Result<Vec<PathBuf>> {
        let root = self.workspace.join(MANIFEST);
        let inherited = read_table(&root)
            .and_then(|table| Some(table.get("workspace")?.get("dependencies")?.clone()))
            .unwrap_or_else(|| Value::Table(Table::new()));
        let inherited = (inherited.as_table(), self.workspace.as_path());
        let mut found: BTreeSet<PathBuf> = [root, self.workspace.join("Cargo.lock")]
            .into_iter()
            .filter(|path| path.is_file())
            .collect();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let mut below = BTreeSet::new();
            self.collect(&folder, &mut below)?;
            for manifest in below.iter().filter(|path| path.ends_with(MANIFEST)) {
                let elsewhere = dependencies(manifest, inherited).into_iter();
                folders.extend(elsewhere.filter(|folder| {
                    let manifest = folder.join(MANIFEST);
                    !below.contains(&manifest) && !found.contains(&manifest)
                }));
            }
            found.extend(below);
        }
        Ok(found.into_iter().collect())
    }

    /// `path`, which is one of its sources, by a name that holds wherever the workspace lies.
    pub fn name_of<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.workspace).unwrap_or(path)
    }

    /// Manifests, Rust files and headers of C below `folder`; not what cargo or git put there.
    fn collect(&self, folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<()> {
        for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
            let path = entry.map_err(Error::io("read", folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                let is_built = path == self.workspace.join("target");
                if !is_built && !name.starts_with('.') {
                    self.collect(&path, found)?;
                }
            } else if name == MANIFEST || path.extension().is_some_and(|e| e == "rs" || e == "h") {
                found.insert(path);
            }
        }
        Ok(())
    }
}

/// The workspace that the package in `folder` belongs to: the next manifest upwards that has one,
/// as cargo looks for it.
fn workspace_of(folder: &Path) -> PathBuf {
    let has_one = |folder: &&Path| {
        fs::read_to_string(folder.join(MANIFEST)).is_ok_and(|text| has_table(&text, "workspace"))
    };
    folder
        .ancestors()
        .find(has_one)
        .unwrap_or(folder)
        .to_owned()
}

/// Whether a manifest has this table: no more is looked at, since that is done before each verdict.
fn has_table(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let header = line.trim_start().strip_prefix('[');
        header
            .and_then(|header| header.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with([']', '.']))
    })
}

fn read_table(manifest: &Path) -> Option<Table> {
    fs::read_to_string(manifest).ok()?.parse().ok()
}

/// The folders that the package of `manifest` depends on by path. `inherited` are the workspace's
/// dependencies, and the folder that their paths begin in.
fn dependencies(manifest: &Path, inherited: (Option<&Table>, &Path)) -> Vec<PathBuf> {
    let table = read_table(manifest).unwrap_or_default();
    let here = manifest.parent().unwrap_or(Path::new(""));
    let (known, root) = inherited;
    ["dependencies", "build-dependencies"]
        .into_iter()
        .filter_map(|kind| table.get(kind)?.as_table())
        .flatten()
        .filter_map(|(name, said)| {
            let is_inherited = said.get("workspace").is_some();
            let (said, from) = if is_inherited {
                (known?.get(name)?, root)
            } else {
                (said, here)
            };
            Some(plain(&from.join(said.get("path")?.as_str()?)))
        })
        .collect()
}

/// `path` without `.` and `..`: `a/course/../kit` is `a/kit`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn written(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        folder
    }

    #[test]
    fn a_package_knows_its_workspace_and_all_that_it_is_made_of() {
        let folder = written(&[
            (
                "a/Cargo.toml",
                "[workspace]\nmembers = ['kit']\n[workspace.dependencies]\nshared = { path = '../shared' }\n",
            ),
            ("a/Cargo.lock", ""),
            ("a/course.toml", ""),
            (
                "a/kit/Cargo.toml",
                "[package]\nname = 'kit'\n[dependencies]\nshared.workspace = true\ninner = { path = 'inner' }\n",
            ),
            ("a/kit/src/lib.rs", ""),
            ("a/kit/libraries/old.h", ""),
            ("a/kit/messages.toml", ""),
            ("a/kit/inner/Cargo.toml", "[package]\n"),
            ("shared/Cargo.toml", "[package]\n"),
            ("shared/lib.rs", ""),
        ]);
        let root = folder.path();
        let package = Package::find(&root.join("b/../a/kit")).expect("it is there");
        assert_eq!(package.workspace, root.join("a"));
        let sources = package.sources().expect("they can be read");
        let names: Vec<&Path> = sources
            .iter()
            .map(|path| path.strip_prefix(root).expect("it is below"))
            .collect();
        let expected = [
            "a/Cargo.lock",
            "a/Cargo.toml",
            "a/kit/Cargo.toml",
            "a/kit/inner/Cargo.toml",
            "a/kit/libraries/old.h",
            "a/kit/src/lib.rs",
            "shared/Cargo.toml",
            "shared/lib.rs",
        ];
        assert_eq!(names, expected.map(Path::new));
    }

    #[test]
    fn a_workspace_of_its_own_keeps_its_target_folder_out() {
        let folder = written(&[
            ("Cargo.toml", "[package]\nname = 'k'\n\n[workspace]\n"),
            ("src/lib.rs", ""),
            ("target/debug/build/out.rs", ""),
            (".git/x.rs", ""),
        ]);
        let package = Package::find(folder.path()).expect("it is there");
        assert_eq!(package.workspace, folder.path());
        assert_eq!(package.sources().expect("they can be read").len(), 2);
    }

    #[test]
    fn what_is_no_package_is_told() {
        let folder = written(&[("empty/x", ""), ("virtual/Cargo.toml", "[workspace]\n")]);
        let why = |name: &str| Package::find(&folder.path().join(name)).expect_err("it is none");
        assert!(why("gone").starts_with("there is no folder"));
        assert!(why("empty").contains("no package in"));
        assert!(why("virtual").contains("describes no `[package]`"));
    }
}
