//! `tutor update`: a begun course, brought up to date.
//!
//! A step's file is the learner's, committed or not: git merges nothing into it. All is decided in
//! an index of its own first; then the course's files are written, then the skeletons of steps
//! that nobody has begun, and last the clone's index and branch. Whoever is interrupted can type
//! the same again: what is written already is not in the way.

mod git;
mod merged;
mod repository;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::course::Course;
use crate::error::{Error, Result};
use crate::files;
use crate::progress::{FOLDER, free_name};

use git::Change;
use repository::Repository;

/// What an update did.
#[derive(Debug, Default)]
pub struct Updated {
    /// The commits before and after, shortened, and how many lie between; nothing if there was no
    /// newer course.
    pub commits: Option<(String, String, usize)>,
    /// What is new about the steps, by name.
    pub steps: BTreeMap<String, News>,
    /// Files of the learner's that the course has otherwise, and where their copies lie.
    pub copies: Vec<(String, PathBuf)>,
    /// Whether `tutor` itself changed.
    pub tool: bool,
}

/// What is new about a step.
#[derive(Debug, Default)]
pub struct News {
    /// The skeleton before and after, if it changed.
    pub skeleton: Option<(String, String)>,
    /// Whether its check changed.
    pub check: bool,
    /// Whether its lesson changed.
    pub lesson: bool,
    /// What became of the learner's file.
    pub file: StepFile,
}

/// What becomes of the learner's file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum StepFile {
    /// It is as it was.
    #[default]
    Kept,
    /// Nothing had been written in it: it is the new skeleton.
    Renewed,
    /// There was none: it is the skeleton of a new step.
    New,
}

/// Brings `course` up to date, from `place` or from what its branch follows.
///
/// # Errors
///
/// If it is no clone, if no newer course can be had, or if something is in the way. Nothing of the
/// learner's is touched then.
pub fn update(course: &Course, place: Option<&str>) -> Result<Updated> {
    let clone = Repository::of(course)?;
    let git = &clone.git;
    clone.is_at_rest()?;
    let head = git.line(&["rev-parse", "HEAD"])?;
    let theirs = clone.fetch(place)?;
    let base = clone.base(&head, &theirs)?;
    if base == theirs {
        return Ok(Updated::default());
    }
    let folder = tempfile::tempdir().map_err(Error::io("create", &std::env::temp_dir()))?;
    let index = folder.path().join("index");
    let merged = merged::merge(git, &index, [&base, &head, &theirs], |path| {
        clone.step(path).is_some()
    })?;
    let changes = git.changes(&head, &merged.tree)?;
    let mut copied = merged.given_up;
    copied.extend(overwritten(&clone, &changes, &head)?);
    let commit = match base == head {
        true => theirs.clone(),
        false => clone.commit(&merged.tree, [&head, &theirs])?,
    };

    let mut updated = Updated {
        commits: Some((
            git.line(&["rev-parse", "--short", &head])?,
            git.line(&["rev-parse", "--short", &commit])?,
            count(git, &head, &theirs)?,
        )),
        steps: news(&clone, &changes)?,
        copies: copies(course, &clone, copied)?,
        tool: changes.iter().any(|change| is_tool(&clone, &change.path)),
    };
    write_others(&clone, &git.with_index(&index), &changes)?;
    for (name, file) in write_steps(course, &clone, [&base, &head, &theirs])? {
        updated.steps.entry(name).or_default().file = file;
    }
    move_on(&clone, [&head, &commit])?;
    Ok(updated)
}

/// Files whose local changes are not worth a refusal. All others are one.
fn overwritten(clone: &Repository, changes: &[Change], head: &str) -> Result<Vec<String>> {
    // cargo writes its lock file by itself.
    let lock = clone.path("Cargo.lock");
    let (locks, blocked): (Vec<&Change>, Vec<&Change>) = clone
        .in_the_way(changes, head)?
        .into_iter()
        .partition(|change| change.path == lock);
    let paths: Vec<&str> = blocked.iter().map(|change| change.path.as_str()).collect();
    if paths.is_empty() {
        return Ok(locks.iter().map(|change| change.path.clone()).collect());
    }
    Err(Error::Usage {
        message: format!(
            "`{}` was changed here and is not committed, and the newer course changes it, too",
            paths.join("`, `")
        ),
        next: "`git add` and `git commit` keep what is yours, `git checkout FILE` drops it; then \
               `tutor update`"
            .into(),
    })
}

/// How many commits are new.
fn count(git: &git::Git, head: &str, theirs: &str) -> Result<usize> {
    let told = git.line(&["rev-list", "--count", theirs, &format!("^{head}")])?;
    Ok(told.parse().unwrap_or_default())
}

fn is_tool(clone: &Repository, path: &str) -> bool {
    let starts = |name: &str| path.starts_with(clone.path(name).as_str());
    starts("src/") || starts("kit/observation/") || path == clone.path("Cargo.toml")
}

/// What the changes say about each step.
fn news(clone: &Repository, changes: &[Change]) -> Result<BTreeMap<String, News>> {
    let mut steps: BTreeMap<String, News> = BTreeMap::new();
    for change in changes {
        let path = change.path.as_str();
        if let Some(step) = clone.step_of(path, "checks/", "/skeleton.rs") {
            if let (Some(old), Some(new)) = (&change.old, &change.new) {
                let text = |id: &str| clone.git.text(id).map(Option::unwrap_or_default);
                let news = steps.entry(step.to_owned()).or_default();
                news.skeleton =
                    Some((files::plain(&text(&old.id)?), files::plain(&text(&new.id)?)));
            }
        } else if let Some(step) = clone.step_of(path, "checks/", "/check.rs") {
            steps.entry(step.to_owned()).or_default().check = true;
        } else if let Some(step) = clone.step_of(path, "lessons/", "/lesson.md") {
            steps.entry(step.to_owned()).or_default().lesson = true;
        }
    }
    Ok(steps)
}

/// Copies files away that are about to be overwritten.
fn copies(
    course: &Course,
    clone: &Repository,
    paths: Vec<String>,
) -> Result<Vec<(String, PathBuf)>> {
    let folder = course.root().join(FOLDER).join("backups");
    let mut copies = Vec::new();
    for path in paths {
        let file = clone.git.folder().join(&path);
        if !file.is_file() {
            continue;
        }
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let copy = free_name(&folder.join(file.file_name().unwrap_or_default()));
        fs::copy(&file, &copy).map_err(Error::io("copy", &file))?;
        copies.push((path, copy));
    }
    Ok(copies)
}

/// Writes the course's files, all but the steps.
fn write_others(clone: &Repository, git: &git::Git, changes: &[Change]) -> Result<()> {
    let mut written = Vec::new();
    for change in changes.iter().filter(|c| clone.step(&c.path).is_none()) {
        if change.new.is_some() {
            written.extend_from_slice(change.path.as_bytes());
            written.push(0);
            continue;
        }
        let path = git.folder().join(&change.path);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io("remove", &path)(e));
            }
            _ => {}
        }
    }
    git.bytes(&["checkout-index", "-f", "-q", "-z", "--stdin"], &written)?;
    Ok(())
}

/// Writes the steps that nothing of the learner's is in.
fn write_steps(
    course: &Course,
    clone: &Repository,
    [base, head, theirs]: [&str; 3],
) -> Result<Vec<(String, StepFile)>> {
    let git = &clone.git;
    let mut written = Vec::new();
    for change in git.changes(base, theirs)? {
        let (Some(name), Some(new)) = (clone.step(&change.path), &change.new) else {
            continue;
        };
        let path = course.root().join("steps").join(format!("{name}.rs"));
        let skeleton = clone.path(&format!("checks/{name}/skeleton.rs"));
        let mut untouched = vec![git.text(&format!("{head}:{skeleton}"))?];
        if let Some(old) = &change.old {
            untouched.push(git.text(&old.id)?);
        }
        let untouched = untouched.iter().flatten().map(|text| files::plain(text));
        let new = git.text(&new.id)?.unwrap_or_default();
        let state = match path.symlink_metadata() {
            // One that the learner removed is not written again.
            Err(_) if change.old.is_none() => StepFile::New,
            Ok(data) if data.is_file() => {
                let mine = files::read_text(&path).unwrap_or_default();
                match untouched.into_iter().any(|text| text == mine) && mine != new {
                    true => StepFile::Renewed,
                    false => continue,
                }
            }
            _ => continue,
        };
        files::write(&path, new.as_bytes())?;
        written.push((name.to_owned(), state));
    }
    Ok(written)
}

/// Lets the clone's index and branch follow. What was staged of steps stays staged.
fn move_on(clone: &Repository, [head, commit]: [&str; 2]) -> Result<()> {
    let git = &clone.git;
    let mut staged = String::new();
    let news = git.changes(head, commit)?;
    for change in git.staged(head)? {
        let is_done = news
            .iter()
            .any(|n| n.path == change.path && n.new == change.new);
        if let Some(blob) = change.new.filter(|_| !is_done) {
            staged.push_str(&format!("{} {} 0\t{}\0", blob.mode, blob.id, change.path));
        }
    }
    git.bytes(&["read-tree", commit], &[])?;
    let args = ["update-index", "-z", "--index-info"];
    git.bytes(&args, staged.as_bytes())?;
    // It says no where files differ, which is no failure.
    git.answer(&["update-index", "-q", "--refresh"])?;
    let args = ["update-ref", "-m", "tutor update", "HEAD", commit, head];
    git.bytes(&args, &[])?;
    Ok(())
}
