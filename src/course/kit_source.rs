//! What `course.toml` says of the kit: its package, the crates that steps may name, its profiles.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::guard::{self, Guarded};
use super::manifest::{Flaw, at};
use super::{Course, MANIFEST, line_and_column};
use crate::error::Error;

/// What the steps are compiled against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitSource {
    /// The folder of the package.
    pub path: PathBuf,
    /// The crates that a step may use, as it names them.
    pub crates: Vec<String>,
    /// What of the crates in it a step may call only where its row allows it.
    pub guarded: Guarded,
    /// What is said while it is built, in one or two sentences.
    pub intro: String,
    /// The other ways to build it, by name.
    pub profiles: BTreeMap<String, KitProfile>,
    places: Places,
}

/// A way to build the kit for something else than checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitProfile {
    /// The folder of the package, which may be another than that of the checks.
    pub path: PathBuf,
    /// The profile that cargo builds it with.
    pub cargo: String,
    /// Features of the package.
    pub features: Vec<String>,
    /// Whether its default features are on.
    pub default_features: bool,
    /// How far programs are optimised that are compiled against it: rustc's `opt-level`, 0 to 3.
    pub opt_level: u8,
    /// What is said while it is built; what is said of the kit for checks if there is nothing here.
    pub intro: Option<String>,
    /// Variables of the environment that it is built with; `{kit}` stands for the package's folder.
    pub env: BTreeMap<String, String>,
    /// What has to be on the machine, besides Rust.
    pub needs: Option<Needs>,
}

/// Something that a profile needs on the machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// A program with its arguments. Where what is needed is there, it succeeds and prints what that
    /// is on its first line; each further line is a folder of shared libraries that the kit is linked
    /// with.
    pub ask: Vec<String>,
    /// What is said where it does not succeed, in one sentence.
    pub missing: String,
    /// What to do then.
    pub next: String,
}

/// Something in `course.toml` that only building the kit finds wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KitKey<'a> {
    /// The package's folder; that of a profile, if one is named.
    Path(Option<&'a str>),
    /// An entry of `crates`, counted from 0.
    Crate(usize),
}

/// Lines and columns, where it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    path: Option<(usize, usize)>,
    crates: Vec<(usize, usize)>,
    profiles: BTreeMap<String, (usize, usize)>,
}

impl Course {
    /// An error in what `course.toml` says of the kit.
    #[must_use]
    pub fn kit_error(&self, key: KitKey<'_>, message: String) -> Error {
        let places = &self.kit.places;
        Error::Course {
            path: self.root.join(MANIFEST),
            at: match key {
                KitKey::Path(None) => places.path,
                KitKey::Path(Some(profile)) => places.profiles.get(profile).copied(),
                KitKey::Crate(i) => places.crates.get(i).copied(),
            },
            message,
        }
    }
}

/// `[kit]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Kit {
    path: Option<Spanned<String>>,
    crates: Vec<Spanned<String>>,
    guarded: Vec<Spanned<String>>,
    intro: String,
    profile: BTreeMap<Spanned<String>, Profile>,
}

impl Default for Kit {
    fn default() -> Self {
        Self {
            path: None,
            crates: Vec::new(),
            guarded: Vec::new(),
            intro: "The crates that the steps use are compiled once; from then on a check takes a \
                    fraction of a second."
                .into(),
            profile: BTreeMap::new(),
        }
    }
}

/// `[kit.profile.NAME]` as it is written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Profile {
    path: Option<Spanned<String>>,
    cargo: Option<String>,
    features: Vec<String>,
    default_features: Option<bool>,
    opt_level: Option<Spanned<u8>>,
    intro: Option<String>,
    env: BTreeMap<String, String>,
    needs: Option<Spanned<Needs>>,
}

/// Where the package lies unless that is said.
const PATH: &str = "kit";

impl Kit {
    /// What is said in the manifest `text` of the course in `root`.
    pub(super) fn understood(self, root: &Path, text: &str) -> Result<KitSource, Flaw> {
        let place = |offset| line_and_column(text, offset);
        let mut places = Places {
            path: self.path.as_ref().map(|path| place(path.span().start)),
            crates: (self.crates.iter())
                .map(|name| place(name.span().start))
                .collect(),
            profiles: BTreeMap::new(),
        };
        let path = self.path.map_or_else(|| PATH.into(), Spanned::into_inner);
        let mut profiles = BTreeMap::new();
        for (name, profile) in self.profile {
            let start = name.span().start;
            let is_word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            if !name.as_ref().chars().all(is_word) || name.as_ref().is_empty() {
                let message = format!(
                    "`{}` is no name for a profile: letters, digits, `-` and `_` make one",
                    name.as_ref()
                );
                return Err(at(&name, message));
            }
            let of_path = profile.path.as_ref().map(|path| path.span().start);
            let name = name.into_inner();
            places
                .profiles
                .insert(name.clone(), place(of_path.unwrap_or(start)));
            let profile = profile.understood(root, &path, &name)?;
            profiles.insert(name, profile);
        }
        Ok(KitSource {
            path: root.join(path),
            crates: (self.crates.into_iter()).map(Spanned::into_inner).collect(),
            guarded: Guarded::new(symbol_paths(self.guarded)?),
            intro: self.intro,
            profiles,
            places,
        })
    }
}

/// What `paths` say, each a path as in symbols.
pub(super) fn symbol_paths(paths: Vec<Spanned<String>>) -> Result<Vec<String>, Flaw> {
    for (i, path) in paths.iter().enumerate() {
        let text = path.get_ref();
        if !guard::is_path(text) {
            let message = format!(
                "`{text}` is no path of a crate, module or function; one looks like \
                 `nets_nn::modules::norm`"
            );
            return Err(at(path, message));
        }
        if paths[..i].iter().any(|earlier| earlier.get_ref() == text) {
            return Err(at(path, format!("`{text}` stands here twice")));
        }
    }
    Ok(paths.into_iter().map(Spanned::into_inner).collect())
}

impl Profile {
    fn understood(self, root: &Path, path: &str, name: &str) -> Result<KitProfile, Flaw> {
        if let Some(level) = &self.opt_level
            && *level.get_ref() > 3
        {
            return Err(at(level, "`opt-level` must be from 0 to 3"));
        }
        if let Some(needs) = &self.needs
            && needs.get_ref().ask.is_empty()
        {
            return Err(at(needs, "`ask` must name a program"));
        }
        let own = self.path.map(Spanned::into_inner);
        Ok(KitProfile {
            path: root.join(own.as_deref().unwrap_or(path)),
            cargo: self.cargo.unwrap_or_else(|| name.to_owned()),
            features: self.features,
            default_features: self.default_features.unwrap_or(true),
            opt_level: self.opt_level.map_or(2, Spanned::into_inner),
            intro: self.intro,
            env: self.env,
            needs: self.needs.map(Spanned::into_inner),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "[[part]]\ntitle = 'P'\n[[part.step]]\nid = 's01'\nfile = 's01_a'\n\
                        title = 'A'\npoints = 1\n";

    fn course(kit: &str) -> crate::error::Result<Course> {
        Course::parse(Path::new("/c"), &format!("title = 'T'\n{kit}{ROWS}"))
    }

    fn message(error: &Error) -> (Option<(usize, usize)>, &str) {
        match error {
            Error::Course { at, message, .. } => (*at, message),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_profile_has_the_kits_package_and_its_own_flags() {
        let text = "[kit]\npath = '../kit'\n[kit.profile.run]\nfeatures = ['fast']\n\
                    default-features = false\n[kit.profile.other]\npath = 'k'\ncargo = 'release'\n\
                    opt-level = 1\nenv = { A = 'b' }\n[kit.profile.other.needs]\n\
                    ask = ['python3']\nmissing = 'm'\nnext = 'n'\n";
        let course = course(text).expect("it is sound");
        let run = &course.kit().profiles["run"];
        assert_eq!(run.path, Path::new("/c/../kit"));
        assert_eq!((run.cargo.as_str(), run.opt_level), ("run", 2));
        assert!(!run.default_features);
        let other = &course.kit().profiles["other"];
        assert_eq!(other.path, Path::new("/c/k"));
        assert_eq!((other.cargo.as_str(), other.opt_level), ("release", 1));
        assert_eq!(other.env["A"], "b");
        let needs = other.needs.as_ref().expect("it has needs");
        assert_eq!(needs.ask, ["python3"]);
        assert!(run.env.is_empty() && run.needs.is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let error = course("[kit.profile.run]\nopt-level = 4\n").expect_err("4 is too much");
        assert_eq!(
            message(&error),
            (Some((3, 13)), "`opt-level` must be from 0 to 3")
        );
        let nothing = "[kit.profile.run.needs]\nask = []\nmissing = 'm'\nnext = 'n'\n";
        let error = course(nothing).expect_err("nothing is asked");
        assert_eq!(message(&error), (Some((2, 1)), "`ask` must name a program"));
        let error = course("[kit.profile.'../a']\n").expect_err("it leads elsewhere");
        assert_eq!(message(&error).0, Some((2, 14)));
        let error = course("[kit]\nguarded = ['a::b', 'c-d']\n").expect_err("it is no path");
        assert_eq!(message(&error).0, Some((3, 20)));
        assert!(message(&error).1.contains("`c-d` is no path"), "{error}");
        let error = course("[kit]\nguarded = ['a', 'a']\n").expect_err("it is there already");
        assert_eq!(message(&error), (Some((3, 17)), "`a` stands here twice"));
        let course = course("[kit]\npath = 'k'\ncrates = ['a', 'b']\n").expect("it is sound");
        let error = course.kit_error(KitKey::Crate(1), "b?".into());
        assert_eq!(message(&error), (Some((4, 16)), "b?"));
        let error = course.kit_error(KitKey::Path(None), "k?".into());
        assert_eq!(message(&error).0, Some((3, 8)));
    }
}
