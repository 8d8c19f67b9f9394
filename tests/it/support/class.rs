//! A class to grade, and what became of it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::{Done, Sandbox};

/// A class of the course for tests, and where its results go.
pub struct Class {
    pub sandbox: Sandbox,
    folder: TempDir,
}

pub const WRONG: (&str, &str) = ("x * self.weight", "x * 2.0 * self.weight");

impl Class {
    pub fn new() -> Self {
        let class = Self {
            sandbox: Sandbox::small(),
            folder: tempfile::tempdir().expect("a folder for tests"),
        };
        fs::create_dir(class.submissions()).expect("the folder is new");
        class
    }

    /// Somebody right, somebody wrong, somebody who has not begun, somebody with half of it.
    pub fn usual() -> Self {
        let class = Self::new();
        let scale = class.sandbox.read("solutions/s01_scale.rs");
        let twice = class.sandbox.read("solutions/s02_twice.rs");
        class.hand_in("ann/s01_scale.rs", &scale);
        class.hand_in("ann/s02_twice.rs", &twice);
        class.hand_in("bob/steps/s01_scale.rs", &scale.replace(WRONG.0, WRONG.1));
        class.hand_in("bob/steps/s02_twice.rs", &twice);
        let skeleton = class.sandbox.read("checks/s01_scale/skeleton.rs");
        class.hand_in("cyd/s01_scale.rs", &skeleton);
        class.hand_in(
            "cyd/s02_twice.rs",
            &class.sandbox.read("checks/s02_twice/skeleton.rs"),
        );
        class.hand_in("dee/s01_scale.rs", &scale);
        class
    }

    pub fn submissions(&self) -> PathBuf {
        self.folder.path().join("class")
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn hand_in(&self, name: &str, text: &str) {
        let path = self.submissions().join(name);
        fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub fn command(&self, out: &str, more: &[&str]) -> std::process::Command {
        let mut command = self.sandbox.command(&["grade", "--out"]);
        command
            .arg(self.out(out))
            .args(more)
            .arg(self.submissions());
        command
    }

    pub fn grade(&self, out: &str, more: &[&str]) -> Done {
        Done::from(
            self.command(out, more)
                .output()
                .expect("tutor can be started"),
        )
    }

    pub fn results(&self, out: &str) -> Value {
        let text = fs::read(self.out(out).join("results.json")).expect("there are results");
        serde_json::from_slice(&text).expect("they are JSON")
    }

    /// Grades and reads.
    pub fn graded(&self, more: &[&str]) -> Value {
        let done = self.grade("grades", more);
        assert_eq!(done.code, 0, "{done:?}");
        self.results("grades")
    }
}

pub fn student<'a>(results: &'a Value, id: &str) -> &'a Value {
    results["students"]
        .as_array()
        .and_then(|all| all.iter().find(|student| student["id"] == id))
        .unwrap_or_else(|| panic!("`{id}` is not among the results: {results:#}"))
}

/// All files of results but for the times in them.
pub fn timeless(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(place) = folders.pop() {
        for entry in fs::read_dir(&place).expect("there are results") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .expect("it is below")
                .display()
                .to_string();
            let text = fs::read_to_string(&path).expect("it is text");
            let mut text = without_times(&text);
            if name.ends_with(".jsonl") {
                // In the order in which students were done.
                let mut lines: Vec<&str> = text.lines().collect();
                lines[1..].sort_unstable();
                text = lines.join("\n");
            }
            found.push((name, text));
        }
    }
    found.sort();
    found
}

/// Without what follows the words that announce a time.
fn without_times(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    let words = [
        "\"started\":",
        "\"seconds\":[",
        "\"start\": ",
        "\"stop\": ",
        "\"duration\": ",
        "\"timestamp\": ",
        " time=\"",
        " timestamp=\"",
    ];
    while let Some((at, word)) = words
        .iter()
        .filter_map(|word| rest.find(word).map(|at| (at, *word)))
        .min()
    {
        let (before, behind) = rest.split_at(at + word.len());
        kept.push_str(before);
        let end: &[char] = match word {
            "\"seconds\":[" => &[']'],
            " time=\"" | " timestamp=\"" => &['"'],
            _ => &[',', '\n', '}'],
        };
        rest = behind.find(end).map_or("", |end| &behind[end..]);
    }
    kept + rest
}
