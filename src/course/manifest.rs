//! `course.toml`: what it says, and what is wrong with it, with line and column.

use std::ops::Range;
use std::path::{Component, Path};

use serde::Deserialize;
use toml::Spanned;

use super::guard::{Guarded, is_path};
use super::kit_source::{Kit, symbol_paths};
use super::limits::Limits;
use super::{CheckRules, Course, LessonRules, MANIFEST, Part, Step};
use crate::error::{Error, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    title: String,
    #[serde(default)]
    about: String,
    finished: Option<String>,
    #[serde(default)]
    kit: Kit,
    #[serde(default)]
    checks: CheckRules,
    lessons: Option<LessonRules>,
    #[serde(default)]
    part: Vec<Spanned<ManifestPart>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestPart {
    title: String,
    #[serde(default)]
    step: Vec<ManifestStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestStep {
    id: Spanned<String>,
    file: Spanned<String>,
    title: String,
    learnt: Option<String>,
    points: u32,
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    #[serde(default)]
    allows: Vec<Spanned<String>>,
    #[serde(default)]
    assets: Vec<Spanned<String>>,
    #[serde(default)]
    limits: Limits,
}

/// What is wrong, and where.
pub(super) type Flaw = (Option<usize>, String);

pub(super) fn at<T>(spanned: &Spanned<T>, message: impl Into<String>) -> Flaw {
    (Some(spanned.span().start), message.into())
}

impl Course {
    /// The course in the folder `root` whose manifest is `text`.
    pub(super) fn parse(root: &Path, text: &str) -> Result<Self> {
        Self::understand(root, text).map_err(|(offset, message)| Error::Course {
            path: root.join(MANIFEST),
            at: offset.map(|offset| super::line_and_column(text, offset)),
            message,
        })
    }

    fn understand(root: &Path, text: &str) -> std::result::Result<Self, Flaw> {
        let manifest: Manifest = toml::from_str(text).map_err(|e| {
            let offset = e.span().map(|Range { start, .. }| start);
            let message = e.message();
            if message.contains("unknown field `step`") {
                let advice = "steps stand in parts: write `[[part]]` with a title first, and \
                              `[[part.step]]` for each of its steps";
                return (offset, advice.to_owned());
            }
            if message.contains("unknown field `forbids`") {
                let advice = "what steps must not call stands once, as `guarded` under `[kit]`; a \
                              step's row says as `allows` what it may call of that";
                return (offset, advice.to_owned());
            }
            (offset, message.to_owned())
        })?;

        let ids: Vec<String> = manifest
            .part
            .iter()
            .flat_map(|part| &part.get_ref().step)
            .map(|row| row.id.get_ref().clone())
            .collect();
        let kit = manifest.kit.understood(root, text)?;
        let mut steps = Vec::new();
        let mut parts = Vec::new();
        for part in manifest.part {
            if part.get_ref().step.is_empty() {
                let message = format!("the part `{}` has no `[[part.step]]`", part.as_ref().title);
                return Err(at(&part, message));
            }
            let part = part.into_inner();
            let first = steps.len();
            for row in part.step {
                let step = understood(root, row, &steps, (&ids, &kit.guarded))?;
                steps.push(step);
            }
            parts.push(Part {
                title: part.title,
                steps: first..steps.len(),
            });
        }
        if steps.is_empty() {
            let message = "a course needs at least one `[[part]]` with a `[[part.step]]`";
            return Err((None, message.into()));
        }
        Ok(Self {
            root: root.to_owned(),
            title: manifest.title,
            about: manifest.about,
            finished: manifest.finished,
            kit,
            checks: manifest.checks,
            lessons: manifest.lessons,
            parts,
            steps,
        })
    }
}

/// The step that `row` describes, after the steps `earlier`; `ids` are those of all steps, and
/// `guarded` is what they may call only if they are allowed to.
fn understood(
    root: &Path,
    row: ManifestStep,
    earlier: &[Step],
    (ids, guarded): (&[String], &Guarded),
) -> std::result::Result<Step, Flaw> {
    let id = row.id.get_ref();
    if !is_id(id) {
        return Err(at(
            &row.id,
            format!("`{id}` is no step id; one looks like `s06`"),
        ));
    }
    if earlier.iter().any(|step| step.id == *id) {
        return Err(at(&row.id, format!("`{id}` stands here twice")));
    }
    if !is_module_name(row.file.get_ref()) || !row.file.get_ref().starts_with(&format!("{id}_")) {
        let message = format!("the file of `{id}` must be named like `{id}_attention`");
        return Err(at(&row.file, message));
    }
    let mut needs = Vec::new();
    for need in &row.needs {
        let name = need.get_ref();
        let Some(position) = earlier.iter().position(|step| step.id == *name) else {
            let reason = if name == id {
                "which is itself: a step is compiled after those that it needs"
            } else if ids.contains(name) {
                "which comes later: no circle of needs can be compiled, so a step needs earlier \
                 ones only"
            } else {
                "which is no step of this course"
            };
            return Err(at(need, format!("`{id}` needs `{name}`, {reason}")));
        };
        needs.extend(&earlier[position].needs);
        needs.push(position);
    }
    needs.sort_unstable();
    needs.dedup();
    let mut assets = Vec::new();
    for asset in row.assets {
        check_asset(root, &asset)?;
        assets.push(asset.into_inner());
    }
    for path in &row.allows {
        let name = path.get_ref();
        if is_path(name) && !guarded.holds(name) {
            let message = format!(
                "`{id}` is allowed `{name}`, which nothing in `guarded` keeps it from calling"
            );
            return Err(at(path, message));
        }
    }
    let allows = symbol_paths(row.allows)?;
    Ok(Step {
        limits: row.limits.understood()?,
        id: row.id.into_inner(),
        name: row.file.into_inner(),
        title: row.title,
        learnt: row.learnt,
        points: row.points,
        needs,
        allows,
        assets,
    })
}

/// An asset is a file in the folder `assets`, and no link that leads out of it.
fn check_asset(root: &Path, asset: &Spanned<String>) -> std::result::Result<(), Flaw> {
    let name = asset.get_ref();
    let is_plain = !name.is_empty()
        && Path::new(name)
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
    if !is_plain {
        let message = format!("the asset `{name}` must be a file's name below `assets/`");
        return Err(at(asset, message));
    }
    let folder = root.join(super::ASSETS);
    let Ok(path) = folder.join(name).canonicalize() else {
        return Err(at(asset, format!("there is no `assets/{name}`")));
    };
    if !folder
        .canonicalize()
        .is_ok_and(|folder| path.starts_with(folder))
    {
        let message = format!("`assets/{name}` is a link that leads out of `assets/`");
        return Err(at(asset, message));
    }
    if !path.is_file() {
        return Err(at(asset, format!("`assets/{name}` is no file")));
    }
    Ok(())
}

/// `s` and digits.
fn is_id(id: &str) -> bool {
    id.strip_prefix('s')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a step's files may be called so: as in `s06_position_embeddings`.
#[must_use]
pub fn is_step_file(name: &str) -> bool {
    let words = name.split_once('_');
    words.is_some_and(|(id, words)| {
        is_id(id) && words.starts_with(|c: char| c.is_ascii_lowercase()) && is_module_name(words)
    })
}

/// Good as a Rust module's name, and so as a file's.
fn is_module_name(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const THREE: &str = r#"
title = "T"
[[part]]
title = "P"
[[part.step]]
id = "s01"
file = "s01_a"
title = "A"
points = 1
[[part.step]]
id = "s02"
file = "s02_b"
title = "B"
points = 2
needs = ["s01"]
[[part]]
title = "Q"
[[part.step]]
id = "s03"
file = "s03_c"
title = "C"
points = 3
needs = ["s02"]
limits = { seconds = 60, memory = "2 GB" }
"#;

    fn problem(text: &str) -> (Option<(usize, usize)>, String) {
        match Course::parse(Path::new("/c"), text) {
            Err(Error::Course { at, message, .. }) => (at, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn steps_stand_in_parts_and_needs_are_closed_under_needing() {
        let course = Course::parse(Path::new("/c"), THREE).expect("it is sound");
        assert_eq!(course.steps()[2].needs, [0, 1]);
        let parts: Vec<_> = course
            .parts()
            .iter()
            .map(|part| part.steps.clone())
            .collect();
        assert_eq!(parts, [0..2, 2..3]);
        let limits = course.steps()[2].limits;
        assert_eq!(limits.time, Some(Duration::from_secs(60)));
        assert_eq!(limits.memory, Some(2 << 30));
        assert_eq!(course.kit().path, Path::new("/c/kit"));
    }

    #[test]
    fn a_broken_manifest_is_told_with_line_and_column() {
        let (at, _) = problem("title = \"T\"\n[[part]\n");
        assert_eq!(at.map(|at| at.0), Some(2));
        let (at, message) = problem(&THREE.replace("[\"s01\"]", "[\"s09\"]"));
        assert_eq!(at, Some((15, 10)));
        assert!(message.contains("s09"), "{message}");
        let (at, _) = problem(&THREE.replace("s02\"\nfile = \"s02_b", "s01\"\nfile = \"s01_b"));
        assert_eq!(at, Some((11, 6)));
        let (at, message) = problem(&THREE.replace("points = 2", "point = 2"));
        assert_eq!(at, Some((14, 1)));
        assert!(message.contains("unknown field `point`"), "{message}");
        let (_, message) = problem("title = \"T\"\npart = []\n");
        assert!(message.contains("at least one"), "{message}");
        let (at, message) = problem("title = \"T\"\n[[part]]\ntitle = \"P\"\n");
        assert_eq!(at, Some((2, 1)));
        assert!(message.contains("has no `[[part.step]]`"), "{message}");
        let (_, message) = problem("title = \"T\"\n[[step]]\nid = \"s01\"\n");
        assert!(message.contains("steps stand in parts"), "{message}");
    }

    #[test]
    fn a_step_cannot_need_itself_or_a_later_one() {
        let (_, message) = problem(&THREE.replace("[\"s01\"]", "[\"s02\"]"));
        assert!(message.contains("which is itself"), "{message}");
        let (_, message) = problem(&THREE.replace("[\"s01\"]", "[\"s03\"]"));
        assert!(message.contains("comes later"), "{message}");
    }

    #[test]
    fn what_a_step_is_allowed_is_guarded_otherwise() {
        let with = |guarded: &str, allows: &str| {
            THREE
                .replace(
                    "\"T\"",
                    &format!("\"T\"\nkit = {{ guarded = [{guarded}] }}"),
                )
                .replace("points = 2", &format!("points = 2\nallows = [{allows}]"))
        };
        let text = with("'nets_nn'", "'nets_nn::linear'");
        let course = Course::parse(Path::new("/c"), &text).expect("it is sound");
        assert_eq!(course.steps()[1].allows, ["nets_nn::linear"]);
        assert!(course.kit().guarded.holds("nets_nn::norm::f"));
        let (at, message) = problem(&with("'nets_nn'", "'nets_nn::linear', 'nets::f'"));
        assert_eq!(at, Some((16, 30)));
        assert!(message.contains("`s02` is allowed `nets::f`"), "{message}");
        let (at, message) = problem(&with("'nets_nn'", "'nets_nn::'"));
        assert_eq!(at, Some((16, 11)));
        assert!(message.contains("is no path"), "{message}");
        let (at, message) = problem(&THREE.replace("points = 2", "forbids = []"));
        assert_eq!(at, Some((14, 1)));
        assert!(message.contains("`guarded` under `[kit]`"), "{message}");
    }

    #[test]
    fn a_steps_file_is_called_by_its_id_and_words() {
        assert!(is_step_file("s13_loss") && is_step_file("s1_a2_b"));
        for bad in [
            "s13", "s13_", "13_loss", "s13_Loss", "s13_../x", "s_loss", "s13_2", "",
        ] {
            assert!(!is_step_file(bad), "{bad}");
        }
    }

    #[test]
    fn file_names_stay_inside_their_folder() {
        let (_, message) = problem(&THREE.replace("s02_b", "s02_/../../b"));
        assert!(message.contains("must be named"), "{message}");
    }

    #[test]
    fn limits_are_told_with_their_bounds() {
        let (at, message) = problem(&THREE.replace("= 60", "= 0"));
        assert_eq!(at, Some((24, 22)));
        assert!(message.contains("from 1 to"), "{message}");
        let (_, message) = problem(&THREE.replace("2 GB", "much"));
        assert!(message.contains("`much` is no amount"), "{message}");
    }

    #[test]
    fn assets_lie_in_their_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir(root.join("assets")).expect("it is new");
        std::fs::write(root.join("assets/a.txt"), "a").expect("it can be written");
        std::fs::write(root.join("b.txt"), "b").expect("it can be written");
        let with = |asset: &str| {
            let row = format!("assets = [\"{asset}\"]\nlimits");
            match Course::parse(root, &THREE.replace("limits", &row)) {
                Ok(course) => format!("{:?}", course.steps()[2].assets),
                Err(Error::Course { at, message, .. }) => format!("{at:?} {message}"),
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(with("a.txt"), "[\"a.txt\"]");
        assert!(with("../b.txt").contains("Some((24, 11)) the asset `../b.txt` must be"));
        assert!(with("c.txt").contains("there is no `assets/c.txt`"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../b.txt", root.join("assets/l")).expect("a link");
            assert!(with("l").contains("leads out of"));
        }
    }
}
