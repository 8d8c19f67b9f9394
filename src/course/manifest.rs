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
        for asset in manifest.lessons.iter().flat_map(|rules| &rules.assets) {
            check_asset(root, asset)?;
        }
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
mod tests;
