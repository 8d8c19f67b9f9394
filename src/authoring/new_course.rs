//! A new course: every file of one step, and a kit.

mod embedded;
mod lock;

use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::Value;

use crate::course::MANIFEST;
use crate::error::{Error, Result};
use crate::files;

/// What a course is begun with.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is called.
    pub title: String,
    /// The crates that its steps may use.
    pub crates: Vec<Dependency>,
    /// The folder of the kit that it uses, where that is none of its own.
    pub kit: Option<PathBuf>,
}

/// A crate with the versions of it that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    name: String,
    version: String,
}

impl Dependency {
    /// Reads `rand` or `rand@0.9`.
    ///
    /// # Errors
    ///
    /// If that is no crate's name, or no version.
    pub fn parse(text: &str) -> Result<Self> {
        let (name, version) = text.split_once('@').unwrap_or((text, "*"));
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let is_version = !version.is_empty()
            && version
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " .*^~=<>,+-".contains(c));
        if is_name && is_version {
            return Ok(Self {
                name: name.to_owned(),
                version: version.to_owned(),
            });
        }
        Err(Error::Usage {
            message: format!("`{text}` is no crate"),
            next: "name one as in `rand` or `rand@0.9`".into(),
        })
    }
}

/// Writes a new course into `folder`.
///
/// # Errors
///
/// If the folder is not empty or cannot be written, or if the kit to be shared is none.
pub fn write(folder: &Path, plan: &Plan) -> Result<()> {
    refuse_what_is_there(folder)?;
    let folder = std::path::absolute(folder).map_err(Error::io("find", folder))?;
    let kit = plan.kit.as_deref().map(|kit| shared(kit, &folder));
    for (name, text) in course_files(plan, kit.transpose()?.as_deref()) {
        files::write(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

fn refuse_what_is_there(folder: &Path) -> Result<()> {
    let refused = |what: &str| {
        Err(Error::Usage {
            message: format!("`{}` {what}", folder.display()),
            next: "name a folder that is not there yet, or an empty one".into(),
        })
    };
    match fs::read_dir(folder).map(Iterator::count) {
        Ok(0) => Ok(()),
        Ok(_) => refused("is not empty"),
        Err(_) if folder.exists() => refused("is not a folder"),
        // It will be made, or not, and then that is said.
        Err(_) => Ok(()),
    }
}

/// The kit in `kit`, as seen from the course in `folder`.
fn shared(kit: &Path, folder: &Path) -> Result<String> {
    let manifest = kit.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(Error::Usage {
            message: format!("there is no kit in `{}`: no `Cargo.toml`", kit.display()),
            next: "name the folder of another course's kit, as in `--kit ../other/kit`".into(),
        });
    }
    let kit = std::path::absolute(kit).map_err(Error::io("find", kit))?;
    let relative = relative(&kit, folder);
    relative.to_str().map(str::to_owned).ok_or(Error::Usage {
        message: format!("the name of `{}` is no UTF-8", kit.display()),
        next: "move the kit to a folder with another name".into(),
    })
}

/// The way from `from` to `to`, both of which are absolute.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let (to, from) = (plain(to), plain(from));
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to;
    }
    let up = from.iter().skip(shared).map(|_| "..".as_ref());
    up.chain(to.iter().skip(shared)).collect()
}

/// `path` without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            component => plain.push(component),
        }
    }
    plain
}

/// All files of the course, by name; `shared` is the kit that it shares.
fn course_files(plan: &Plan, shared: Option<&str>) -> Vec<(PathBuf, String)> {
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let dependencies: String = (plan.crates.iter())
        .map(|it| format!("{} = {}\n", it.name, quoted(&it.version)))
        .collect();
    let names = || plan.crates.iter().map(|it| it.name.replace('-', "_"));
    let crates: Vec<String> = names().map(|name| quoted(&name)).collect();
    let uses: String = names().map(|name| format!("use {name} as _;\n")).collect();
    let (members, row) = match shared {
        None => (
            "\"kit\", \"kit/observation\", \"kit/observer\", \"solutions\", \"steps\"",
            "| `kit/` | what steps and checks are compiled against, and the observer |",
        ),
        Some(_) => ("\"solutions\", \"steps\"", ""),
    };
    let fill = |text: &str| {
        text.replace("@DEPENDENCIES@\n", &dependencies)
            .replace("@USES@\n", &uses)
            .replace("@CRATES@", &crates.join(", "))
            .replace("@MEMBERS@", members)
            .replace("@KIT@", &quoted(shared.unwrap_or("kit")))
            .replace("@KIT_ROW@", row)
            .replace("@NAME@", &plan.title)
            .replace("@TITLE@", &quoted(&plan.title))
            .trim_end()
            .to_owned()
            + "\n"
    };
    let mut all: Vec<(PathBuf, String)> = embedded::COURSE
        .iter()
        .map(|(name, text)| (name.into(), fill(text)))
        .collect();
    if shared.is_none() {
        let own = embedded::KIT.iter();
        all.extend(own.map(|(name, text)| (name.into(), fill(text))));
        all.extend(embedded::observer());
        if plan.crates.is_empty() {
            // With crates of the author's, cargo chooses versions of all.
            all.push(("Cargo.lock".into(), lock::of_new_course()));
        }
    }
    debug_assert!(all.iter().any(|(name, _)| name == Path::new(MANIFEST)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Course;

    fn plan(crates: &[&str]) -> Plan {
        Plan {
            title: "A \"course\"".into(),
            crates: crates
                .iter()
                .map(|text| Dependency::parse(text).expect("it is a crate"))
                .collect(),
            kit: None,
        }
    }

    #[test]
    fn a_new_course_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &plan(&["fancy-regex@0.16", "rand"])).expect("it can be written");
        let course = Course::find(folder.path()).expect("it is sound");
        assert_eq!(course.title(), "A \"course\"");
        assert_eq!(course.kit().crates, ["fancy_regex", "rand"]);
        let manifest =
            fs::read_to_string(folder.path().join("kit/Cargo.toml")).expect("it is there");
        assert!(
            manifest.ends_with("fancy-regex = \"0.16\"\nrand = \"*\"\n"),
            "{manifest}"
        );
        let error = write(folder.path(), &plan(&[])).expect_err("it is there");
        assert!(error.to_string().ends_with("is not empty"), "{error}");
    }

    #[test]
    fn what_is_no_crate_is_refused() {
        for wrong in ["", "a b", "a@", "a@\"1\"", "-a", "a@1\n[x]", "../a"] {
            assert!(Dependency::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        for shared in [None, Some("../kit")] {
            for (name, text) in course_files(&plan(&["a"]), shared) {
                assert!(!text.contains('@'), "{}: {text}", name.display());
            }
        }
    }

    #[test]
    fn the_way_to_a_kit_leads_up_and_down() {
        let way = |to, from| relative(Path::new(to), Path::new(from));
        assert_eq!(way("/a/b/kit", "/a/c"), Path::new("../b/kit"));
        assert_eq!(way("/a/kit", "/a/x/../c/d"), Path::new("../../kit"));
    }
}
