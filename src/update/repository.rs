//! The clone that a course lies in: where a newer one comes from, and what is in the way.

use std::path::Path;

use super::git::{Blob, Change, Git};
use crate::course::{Course, MANIFEST};
use crate::error::{Error, Result};

/// Files that tell that git is in the middle of something.
const UNDER_WAY: [(&str, &str); 5] = [
    ("MERGE_HEAD", "merge"),
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
];

/// A course in a git repository.
#[derive(Debug)]
pub struct Repository {
    /// git, in the repository's folder.
    pub git: Git,
    /// From there to the course: nothing, or a folder and a slash.
    prefix: String,
}

impl Repository {
    /// The clone that `course` is.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn of(course: &Course) -> Result<Self> {
        let here = Git::new(course.root());
        let none = || Error::Usage {
            message: format!("`{}` is no git clone", course.root().display()),
            next: "clone the newer course, and copy your `steps/s*.rs` and `.tutor` into it: you \
                   go on there where you are here"
                .into(),
        };
        let top = here.answer(&["rev-parse", "--show-toplevel"])?;
        let top = top.filter(|top| !top.is_empty()).ok_or_else(none)?;
        let prefix = here.line(&["rev-parse", "--show-prefix"])?;
        let is_tracked = ["ls-files", "--error-unmatch", MANIFEST];
        here.answer(&is_tracked)?.ok_or_else(none)?;
        Ok(Self {
            git: Git::new(Path::new(&top)),
            prefix,
        })
    }

    /// The path of a file of the course, as git names it.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The name of the step whose file is `path`.
    #[must_use]
    pub fn step<'a>(&self, path: &'a str) -> Option<&'a str> {
        let name = path.strip_prefix(self.path("steps/").as_str())?;
        step_name(name.strip_suffix(".rs")?)
    }

    /// The name of the step that `path` belongs to, if it is its file `name` in `folder`.
    #[must_use]
    pub fn step_of<'a>(&self, path: &'a str, folder: &str, name: &str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.path(folder).as_str())?;
        step_name(rest.strip_suffix(name)?)
    }

    /// Makes sure that git has nothing under way.
    ///
    /// # Errors
    ///
    /// If it has.
    pub fn is_at_rest(&self) -> Result<()> {
        for (file, what) in UNDER_WAY {
            let path = self.git.line(&["rev-parse", "--git-path", file])?;
            if self.git.folder().join(path).exists() {
                return Err(Error::Usage {
                    message: format!("git is in the middle of a {what}"),
                    next: format!(
                        "`git {what} --abort` goes back to where you were before it; then `tutor \
                         update`"
                    ),
                });
            }
        }
        if !self.git.line(&["ls-files", "-u"])?.is_empty() {
            return Err(Error::Usage {
                message: "git has files with conflicts".into(),
                next: "`git status` names them; once they are settled, `tutor update`".into(),
            });
        }
        Ok(())
    }

    /// Fetches the newer course; returns its commit.
    ///
    /// # Errors
    ///
    /// If there is none to be had.
    pub fn fetch(&self, from: Option<&str>) -> Result<String> {
        let commit = match from {
            Some(place) => {
                // git is called from another folder.
                let path = Path::new(place);
                let absolute = std::path::absolute(path).ok().filter(|_| path.exists());
                let place = absolute.map_or(place.to_owned(), |path| path.display().to_string());
                self.git
                    .bytes(&["fetch", "--quiet", "--", &place, "HEAD"], &[])?;
                self.git.line(&["rev-parse", "FETCH_HEAD"])?
            }
            None => {
                self.follows()?;
                self.git.bytes(&["fetch", "--quiet"], &[])?;
                self.git.line(&["rev-parse", "@{upstream}"])?
            }
        };
        let manifest = format!("{commit}:{}", self.path(MANIFEST));
        let is_there = self.git.answer(&["cat-file", "-e", &manifest])?.is_some();
        is_there.then_some(commit).ok_or_else(|| Error::Usage {
            message: "what was fetched is no course".into(),
            next: "`tutor update --from PLACE` names where the newer course is".into(),
        })
    }

    /// Makes sure that the clone is on a branch that follows another.
    fn follows(&self) -> Result<()> {
        let branch = self
            .git
            .answer(&["symbolic-ref", "-q", "--short", "HEAD"])?;
        let branch = branch.ok_or_else(|| Error::Usage {
            message: "the clone is on no branch".into(),
            next: "`git switch main`, or whatever the branch is called; then `tutor update`".into(),
        })?;
        let followed = ["rev-parse", "--abbrev-ref", "@{upstream}"];
        self.git.answer(&followed)?.ok_or_else(|| Error::Usage {
            message: format!("the branch `{branch}` follows none that a newer course comes from"),
            next:
                "`tutor update --from PLACE`: the address of the course, or a folder with a clone"
                    .into(),
        })?;
        Ok(())
    }

    /// The commit from which both go out.
    ///
    /// # Errors
    ///
    /// If they have nothing in common.
    pub fn base(&self, head: &str, theirs: &str) -> Result<String> {
        let base = self.git.answer(&["merge-base", head, theirs])?;
        base.ok_or_else(|| Error::Usage {
            message: "the newer course has no history in common with this clone".into(),
            next: "clone it anew, and copy your `steps/s*.rs` and `.tutor` into the new clone"
                .into(),
        })
    }

    /// The commit of what was merged.
    ///
    /// # Errors
    ///
    /// If git cannot make it.
    pub fn commit(&self, tree: &str, parents: [&str; 2]) -> Result<String> {
        let [head, theirs] = parents;
        let mut args = Vec::new();
        if self.git.answer(&["var", "GIT_COMMITTER_IDENT"])?.is_none() {
            // Whoever never told git a name has one all the same.
            args.extend([
                "-c",
                "user.name=learner",
                "-c",
                "user.email=learner@localhost",
            ]);
        }
        let message = "Update the course";
        args.extend(["commit-tree", tree, "-p", head, "-p", theirs, "-m", message]);
        self.git.line(&args)
    }

    /// Of the changes to files that are not steps, those that overwrite something that is nowhere
    /// else.
    ///
    /// # Errors
    ///
    /// If git cannot tell.
    pub fn in_the_way<'a>(&self, changes: &'a [Change], head: &str) -> Result<Vec<&'a Change>> {
        let is_there = |path: &str| self.git.folder().join(path).symlink_metadata();
        let (mut paths, mut blocked) = (Vec::new(), Vec::new());
        let others: Vec<&Change> = changes
            .iter()
            .filter(|change| self.step(&change.path).is_none())
            .collect();
        for change in &others {
            match is_there(&change.path) {
                Ok(data) if data.is_file() => paths.push(*change),
                // Where a file was removed, there is nothing to lose.
                Err(_) => {}
                Ok(data) if data.is_symlink() => {}
                Ok(_) => blocked.push(*change),
            }
        }
        let names: Vec<&str> = paths.iter().map(|change| change.path.as_str()).collect();
        for (change, hash) in paths.into_iter().zip(self.git.hashes(&names)?) {
            let is = |blob: &Option<Blob>| blob.as_ref().is_some_and(|b| b.id == hash);
            if !is(&change.old) && !is(&change.new) {
                blocked.push(change);
            }
        }
        for staged in self.git.staged(head)? {
            let change = others.iter().find(|change| change.path == staged.path);
            if let Some(change) = change
                && staged.new.is_some()
                && staged.new != change.new
                && !blocked.contains(change)
            {
                blocked.push(change);
            }
        }
        Ok(blocked)
    }
}

/// `name`, if it is one of a step.
fn step_name(name: &str) -> Option<&str> {
    let (id, rest) = name.split_once('_')?;
    let digits = id.strip_prefix('s')?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_step = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    (is_step && rest.chars().all(is_name)).then_some(name)
}
