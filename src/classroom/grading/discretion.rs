//! What a student's text must not tell: where things lie on the machine that graded, and the seed.
//!
//! A program that runs can know the names of some folders, and rustc quotes others. This takes them out
//! of what is written down as they are. Whoever writes a program to spell them otherwise tells them to
//! nobody but himself.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::engine::kit::Kit;
use crate::engine::observe::Seed;

/// What stands in the place of what is left out.
const LEFT_OUT: &str = "…";

/// Takes out of texts what is not for students.
#[derive(Debug)]
pub struct Discretion {
    /// Names of folders, the longest first.
    folders: Vec<String>,
}

impl Discretion {
    /// For a course in `root` with its `kit`, graded in the folder `scratch`.
    pub fn new(root: &Path, kit: &Kit, scratch: &Path) -> Self {
        let mut folders: Vec<PathBuf> = vec![root.into(), kit.cache.clone(), scratch.into()];
        folders.extend(kit.library.parent().map(Path::to_owned));
        folders.extend(kit.toolchain.rustc.ancestors().nth(2).map(Path::to_owned));
        let variables = ["HOME", "CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR"];
        folders.extend(variables.iter().filter_map(env::var_os).map(PathBuf::from));
        folders.extend(env::current_dir());
        Self::of(&folders)
    }

    fn of(folders: &[PathBuf]) -> Self {
        let real = folders
            .iter()
            .filter_map(|folder| fs::canonicalize(folder).ok());
        let mut folders: Vec<String> = (folders.iter().cloned().chain(real))
            .filter(|folder| is_telling(folder))
            .filter_map(|folder| folder.to_str().map(str::to_owned))
            .collect();
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
        folders.dedup();
        Self { folders }
    }

    /// `text` without what is not for students. `seed` is the step's.
    pub fn applied(&self, text: &str, seed: Seed) -> String {
        let mut text = text.to_owned();
        let seeds = [seed.0.to_string(), format!("{:x}", seed.0)];
        // A short number is in every text, and no secret.
        let seeds = seeds.iter().filter(|seed| seed.len() > 6);
        for private in self.folders.iter().chain(seeds) {
            if text.contains(private) {
                text = text.replace(private, LEFT_OUT);
            }
        }
        text
    }
}

/// Whether a name is of some folder, and not of all: an absolute one below the root.
fn is_telling(folder: &Path) -> bool {
    let named = |part: &Component<'_>| matches!(part, Component::Normal(_));
    folder.is_absolute() && folder.components().any(|part| named(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_seeds_are_left_out_and_nothing_else() {
        let folders = ["/srv/class", "/srv/class/target/tutor", "/", "relative"];
        let discretion = Discretion::of(&folders.map(PathBuf::from));
        let seed = Seed(3_141_592_653_589);
        let said = |text: &str| discretion.applied(text, seed);
        assert_eq!(
            said("at /srv/class/target/tutor/libs/a.so"),
            "at …/libs/a.so"
        );
        assert_eq!(said("in /srv/class: 3141592653589"), "in …: …");
        assert_eq!(said(&format!("{:#x}", seed.0)), "0x…");
        assert_eq!(said("1/2 of relative 3"), "1/2 of relative 3");
        assert_eq!(discretion.applied("7 of 7", Seed(7)), "7 of 7");
    }
}
