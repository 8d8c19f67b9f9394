//! How a kit is built, and where: its package, its profile, and the folder that it goes to.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::needs::Found;
use super::package::Package;
use super::toolchain::Toolchain;
use crate::course::{Course, KitKey, KitProfile};
use crate::error::{Error, Result};
use crate::hash;

/// Which of a course's kits is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile<'a> {
    /// The one that checks are compiled against: built in the shortest time.
    Check,
    /// One that `[kit.profile.NAME]` in `course.toml` describes.
    Named(&'a str),
}

impl<'a> Profile<'a> {
    /// The profile that `course.toml` calls `name`.
    #[must_use]
    pub const fn named(name: &'a str) -> Self {
        Self::Named(name)
    }
}

/// How a kit is built.
#[derive(Debug)]
pub struct Recipe<'a> {
    pub course: &'a Course,
    /// The profile, unless it is that of the checks.
    pub name: Option<&'a str>,
    /// What the course says of the profile.
    said: Option<&'a KitProfile>,
    pub package: Package,
    /// What the profile needs on this machine, as it was found.
    pub found: Option<Found>,
}

impl<'a> Recipe<'a> {
    /// How `course` has its kit built.
    ///
    /// # Errors
    ///
    /// If there is no such profile, no package where the course says, or if the machine lacks what
    /// the profile needs.
    pub fn of(course: &'a Course, profile: Profile<'a>) -> Result<Self> {
        let kit = course.kit();
        let (name, said) = match profile {
            Profile::Check => (None, None),
            Profile::Named(name) => match kit.profiles.get(name) {
                Some(said) => (Some(name), Some(said)),
                None => {
                    let known: Vec<&str> = kit.profiles.keys().map(String::as_str).collect();
                    let known = match known.as_slice() {
                        [] => "none".into(),
                        known => format!("`{}`", known.join("`, `")),
                    };
                    let message = format!(
                        "there is no `[kit.profile.{name}]`; the profiles that there are: {known}"
                    );
                    return Err(course.kit_error(KitKey::Path(None), message));
                }
            },
        };
        let path = said.map_or(&kit.path, |said| &said.path);
        let package = Package::find(path).map_err(|why| {
            course.kit_error(KitKey::Path(name), format!("the kit is missing: {why}"))
        })?;
        let needs = said.and_then(|said| said.needs.as_ref());
        let found = needs.map(|needs| Found::on_this_machine(needs, course.root()));
        Ok(Self {
            course,
            name,
            said,
            package,
            found: found.transpose()?,
        })
    }

    /// Where the kit lies.
    pub fn folder(&self) -> PathBuf {
        let folder = target(&self.package.workspace);
        match self.name {
            None => folder,
            Some(name) => folder.join("profiles").join(name),
        }
    }

    /// What cargo is told, besides the package.
    pub fn options(&self) -> Vec<String> {
        let Some(said) = self.said else {
            return Vec::new();
        };
        let mut options = self.features();
        options.extend(["--profile".into(), said.cargo.clone()]);
        options
    }

    /// What cargo is told about features.
    pub fn features(&self) -> Vec<String> {
        let mut options = Vec::new();
        if let Some(said) = self.said {
            if !said.features.is_empty() {
                options.extend(["--features".into(), said.features.join(",")]);
            }
            if !said.default_features {
                options.push("--no-default-features".into());
            }
        }
        options
    }

    /// Variables that cargo is given, with the package's folder for `{kit}`.
    pub fn env(&self) -> impl Iterator<Item = (&str, String)> {
        let folder = self.package.folder.to_string_lossy();
        let said = self.said.into_iter().flat_map(|said| &said.env);
        said.map(move |(name, value)| (name.as_str(), value.replace("{kit}", &folder)))
    }

    /// Folders of shared libraries that the kit is linked with.
    pub fn libraries(&self) -> &[PathBuf] {
        self.found.as_ref().map_or(&[], |found| &found.libraries)
    }

    /// What rustc is told about linking with the kit.
    pub fn linking(&self, toolchain: &Toolchain) -> Vec<String> {
        let mut options = toolchain.linking(self.course.root());
        let folders = self.libraries().iter();
        options.extend(folders.map(|folder| format!("-Lnative={}", folder.display())));
        options
    }

    /// How far programs are optimised that are compiled against the kit.
    pub fn opt_level(&self) -> u8 {
        self.said.map_or(0, |said| said.opt_level)
    }

    /// What is said while it is built.
    pub fn intro(&self) -> &'a str {
        let own = self.said.and_then(|said| said.intro.as_deref());
        own.unwrap_or(&self.course.kit().intro)
    }

    /// Names what the kit is made of.
    ///
    /// # Errors
    ///
    /// If a source cannot be read.
    pub fn id(&self, toolchain: &Toolchain) -> Result<String> {
        let mut parts = vec![toolchain.identity.clone().into_bytes()];
        parts.push(self.options().join(" ").into_bytes());
        let env = self.said.into_iter().flat_map(|said| &said.env);
        parts.extend(env.map(|(name, value)| format!("{name}={value}").into_bytes()));
        parts.extend(self.found.as_ref().map(|found| found.identity.clone()));
        for path in self.package.sources()? {
            let name = self.package.name_of(&path);
            parts.push(name.as_os_str().as_encoded_bytes().to_vec());
            parts.push(fs::read(&path).map_err(Error::io("read", &path))?);
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(hash::of(&parts))
    }

    /// Names a kit `built` so, with all that this course makes of it.
    pub fn name(&self, built: &str) -> String {
        hash::of(&[
            built.as_bytes(),
            self.course.kit().crates.join(" ").as_bytes(),
            &[self.opt_level()],
        ])
    }
}

/// The folder of everything that `tutor` builds for `course`: that of the kit's workspace, so that
/// courses which share a kit share what is built of it.
#[must_use]
pub fn folder(course: &Course) -> PathBuf {
    let workspace = Package::find(&course.kit().path).map(|package| package.workspace);
    target(workspace.as_deref().unwrap_or(course.root()))
}

/// The folder of everything that `tutor` builds in a workspace.
fn target(workspace: &Path) -> PathBuf {
    let named = env::var_os("CARGO_TARGET_DIR");
    named
        .map_or_else(
            || workspace.join("target"),
            |target| workspace.join(PathBuf::from(target)),
        )
        .join("tutor")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const COURSE: &str = r#"
        title = "T"
        [kit.profile.nets]
        env = { NETS = "{kit}/nets" }
        [kit.profile.nets.needs]
        ask = ["sh", "-c", "cat answer"]
        missing = "there is no net"
        next = "install one"
        [[part]]
        title = "P"
        [[part.step]]
        id = "s01"
        file = "s01_a"
        title = "A"
        points = 1
    "#;

    #[test]
    fn a_kit_that_needs_something_depends_on_what_is_found_and_that_of_the_checks_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("kit")).expect("it is new");
        fs::write(root.join("kit/Cargo.toml"), "[package]\nname = 'kit'\n").expect("it is written");
        fs::write(root.join("course.toml"), COURSE).expect("it is written");
        let course = Course::find(root).expect("it is sound");
        let toolchain = Toolchain::find().expect("there is a toolchain");
        let answer = |text: &str| fs::write(root.join("answer"), text).expect("it is written");
        let id = |profile| Recipe::of(&course, profile).and_then(|recipe| recipe.id(&toolchain));
        let nets = Profile::named("nets");

        let check = id(Profile::Check).expect("it needs nothing");
        let error = id(nets).expect_err("nothing is found");
        assert_eq!(error.to_string(), "there is no net");
        answer("nets 2.1\n/opt/nets\n");
        let first = id(nets).expect("it is found");
        assert_eq!(id(nets).expect("it is found"), first);
        let recipe = Recipe::of(&course, nets).expect("it is found");
        let expected = format!("{}/nets", recipe.package.folder.display());
        assert!(recipe.env().eq([("NETS", expected)]));
        let linking = recipe.linking(&toolchain);
        assert!(linking.contains(&"-Lnative=/opt/nets".to_owned()));
        answer("nets 2.2\n/opt/nets\n");
        assert_ne!(id(nets).expect("it is found"), first);
        assert_eq!(id(Profile::Check).expect("it needs nothing"), check);
    }
}
