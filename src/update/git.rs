//! git, called as a program in the course's clone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::{Error, Result};

/// Variables by which a surrounding git command would send this one to another repository.
const FOREIGN: [&str; 5] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
];

/// A repository, and the index that commands work on.
#[derive(Debug, Clone)]
pub struct Git {
    folder: PathBuf,
    index: Option<PathBuf>,
}

/// A file's content, as git names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// As in `100644`.
    pub mode: String,
    /// The hash.
    pub id: String,
}

/// A path that two trees hold otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From the repository's folder, with slashes.
    pub path: String,
    /// What the first tree has there.
    pub old: Option<Blob>,
    /// What the second one has there.
    pub new: Option<Blob>,
}

impl Git {
    /// git in `folder`.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            index: None,
        }
    }

    /// The same with an index of its own, which is made when it is first written.
    #[must_use]
    pub fn with_index(&self, index: &Path) -> Self {
        Self {
            index: Some(index.to_owned()),
            ..self.clone()
        }
    }

    /// The folder that paths start from.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a command does, however it ends.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn run(&self, args: &[&str], input: &[u8]) -> Result<Output> {
        let failed = |e: std::io::Error| Error::Git {
            doing: "start".into(),
            output: e.to_string(),
        };
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(args);
        for variable in FOREIGN {
            command.env_remove(variable);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            let input = input.to_vec();
            // In a thread of its own: git may answer before it has read all. One that ends early
            // says why itself.
            std::thread::spawn(move || stdin.write_all(&input));
        }
        child.wait_with_output().map_err(failed)
    }

    /// What a command prints, without the line end; nothing if it says no.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn answer(&self, args: &[&str]) -> Result<Option<String>> {
        let output = self.run(args, &[])?;
        Ok(output.status.success().then(|| line(&output.stdout)))
    }

    /// What a command prints that has to work.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn bytes(&self, args: &[&str], input: &[u8]) -> Result<Vec<u8>> {
        let output = self.run(args, input)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Error::Git {
            doing: args.first().copied().unwrap_or_default().to_owned(),
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    /// Like [`bytes`](Self::bytes), as a line.
    ///
    /// # Errors
    ///
    /// Like those.
    pub fn line(&self, args: &[&str]) -> Result<String> {
        self.bytes(args, &[]).map(|bytes| line(&bytes))
    }

    /// The text that `name` names, as in `HEAD:course.toml`; nothing if there is none.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let output = self.run(&["cat-file", "blob", name], &[])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(output.status.success().then_some(text))
    }

    /// How the second tree differs from the first.
    ///
    /// # Errors
    ///
    /// If git cannot compare them.
    pub fn changes(&self, from: &str, to: &str) -> Result<Vec<Change>> {
        let args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", from, to];
        Ok(changes(&self.bytes(&args, &[])?))
    }

    /// How the index differs from `tree`.
    ///
    /// # Errors
    ///
    /// If git cannot compare them.
    pub fn staged(&self, tree: &str) -> Result<Vec<Change>> {
        let args = [
            "diff-index",
            "--cached",
            "-z",
            "--no-renames",
            "--raw",
            tree,
        ];
        Ok(changes(&self.bytes(&args, &[])?))
    }

    /// The hashes that these files would have; they have to be there.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn hashes(&self, paths: &[&str]) -> Result<Vec<String>> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let input = paths.join("\n") + "\n";
        let told = self.bytes(&["hash-object", "--stdin-paths"], input.as_bytes())?;
        Ok(line(&told).lines().map(str::to_owned).collect())
    }
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

/// Reads `:100644 100644 ID ID M\0PATH\0`, over and over.
fn changes(raw: &[u8]) -> Vec<Change> {
    let text = String::from_utf8_lossy(raw);
    let mut parts = text.split('\0');
    let mut changes = Vec::new();
    while let (Some(row), Some(path)) = (parts.next(), parts.next()) {
        let fields: Vec<&str> = row.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old, new, _] = fields.as_slice() else {
            continue;
        };
        changes.push(Change {
            path: path.to_owned(),
            old: blob(old_mode, old),
            new: blob(new_mode, new),
        });
    }
    changes
}

fn blob(mode: &str, id: &str) -> Option<Blob> {
    (mode != "000000").then(|| Blob {
        mode: mode.to_owned(),
        id: id.to_owned(),
    })
}
