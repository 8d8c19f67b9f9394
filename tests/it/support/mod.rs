//! Courses to try things on, and the real `tutor` to try them with.

pub mod class;
pub mod quick;
pub mod workshop;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;
use tutor::course::Course;
use tutor::engine::kit::{Kit, Profile};

/// The project's own folder, as cargo names it when it runs the tests: they may run on a copy.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let named = env::var_os("CARGO_MANIFEST_DIR");
        named.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
    });
    &ROOT
}

/// The project's own kit, which is built now if it is not there, and its folder.
static KIT: LazyLock<(Kit, PathBuf)> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO_BIN_EXE_tutor"))
        .arg("setup")
        .current_dir(root())
        .output()
        .expect("tutor can be started");
    assert!(
        output.status.success(),
        "the kit could not be prepared:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let course = Course::find(root()).expect("the project is a course");
    let kit = Kit::ready(&course, Profile::Check, |_| {}).unwrap_or_else(|e| panic!("{e}"));
    (kit, tutor::engine::kit::folder(&course))
});

/// Gives the course in `to` the project's own kit: files under second names, which takes neither
/// time nor space.
pub fn lend_kit(to: &Path) {
    let (kit, folder) = &*KIT;
    let to = to.join("target/tutor");
    let mut files = vec![kit.library.clone()];
    let descriptions = fs::read_dir(&kit.interface.dependencies).expect("it is there");
    files.extend(descriptions.map(|entry| entry.expect("it can be read").path()));
    for file in files.iter().filter(|file| file.is_file()) {
        let lent = to.join(file.strip_prefix(folder).expect("it is in there"));
        fs::create_dir_all(lent.parent().expect("files have folders")).expect("it can be made");
        if !lent.exists() {
            tutor::files::link(file, &lent).unwrap_or_else(|e| panic!("{e}"));
        }
    }
    copy(&folder.join("kit.json"), &to.join("kit.json"));
}

/// A course in a folder of its own, which goes when this is dropped.
pub struct Sandbox {
    folder: TempDir,
}

/// What `tutor` did.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    /// The course for tests, with its skeletons as the learner's steps.
    pub fn small() -> Self {
        Self::of(&root().join("tests/it/fixtures/course"))
    }

    /// The real course, with its skeletons as the learner's steps.
    pub fn real() -> Self {
        Self::of(root())
    }

    fn of(course: &Path) -> Self {
        // On the kit's own file system, so that its files can be linked.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
        let to = folder.path();
        for part in ["course.toml", "solutions", "checks"] {
            copy(&course.join(part), &to.join(part));
        }
        for part in ["programs", "assets"] {
            if course.join(part).is_dir() {
                copy(&course.join(part), &to.join(part));
            }
        }
        let original = Course::find(course).expect("it is a course");
        for asset in original.steps().iter().flat_map(|step| &step.assets) {
            let file = Path::new("assets").join(asset);
            copy(&course.join(&file), &to.join(&file));
        }
        // What the kit's identity hangs on: it need not be built again.
        for part in ["Cargo.toml", "Cargo.lock", "kit"] {
            copy(&root().join(part), &to.join(part));
        }
        lend_kit(to);
        fs::create_dir(to.join("steps")).expect("the folder is new");
        let sandbox = Self { folder };
        for step in sandbox.course().steps() {
            copy(
                &sandbox.course().skeleton_file(step),
                &sandbox.course().step_file(step),
            );
        }
        sandbox
    }

    /// A clone of this course, which has to be a git repository.
    pub fn cloned(&self) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
        let clone = Self { folder };
        let from = self.path().to_str().expect("it is UTF-8");
        clone.git(&["clone", "--quiet", from, "."]);
        lend_kit(clone.path());
        clone
    }

    /// What git prints in this course, with nobody's settings; it has to work.
    pub fn git(&self, args: &[&str]) -> String {
        let output = without_settings(Command::new("git").args(args).current_dir(self.path()))
            .output()
            .expect("git can be started");
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    pub fn course(&self) -> Course {
        Course::find(self.path()).expect("the copy is a course")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where its kit lies, whatever folder the tests themselves are built in.
    pub fn kit_folder(&self) -> PathBuf {
        self.path().join("target/tutor")
    }

    /// Puts the solution where the learner's own step is.
    pub fn solve(&self, step: &str) {
        let solution = self.read(&format!("solutions/{step}.rs"));
        self.write(&format!("steps/{step}.rs"), solution);
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), content).expect("it can be written");
    }

    /// A `tutor` in this course, with nothing of the tests' own environment that it reads.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
        command.args(args).current_dir(self.path());
        for variable in ["CARGO_TARGET_DIR", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command
    }

    pub fn tutor(&self, args: &[&str]) -> Done {
        Done::from(self.command(args).output().expect("tutor can be started"))
    }

    /// `tutor run … --format json`, as exit code and the first result.
    pub fn json(&self, args: &[&str]) -> (i32, Value) {
        let mut all = vec!["run"];
        all.extend(args);
        all.extend(["--format", "json"]);
        let done = self.tutor(&all);
        let value: Value = serde_json::from_str(&done.stdout)
            .unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"));
        (done.code, value["results"][0].clone())
    }
}

/// Takes the settings of whoever runs the tests away from git, and gives it a name.
pub fn without_settings(command: &mut Command) -> &mut Command {
    for (variable, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_COMMITTER_NAME", "A"),
        ("GIT_COMMITTER_EMAIL", "a@example.org"),
    ] {
        command.env(variable, value);
    }
    command
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("tutor is not killed"),
            stdout: String::from_utf8(output.stdout).expect("tutor prints UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("tutor prints UTF-8"),
        }
    }
}

/// Copies a file, or a folder and all below it.
pub fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("it can be made");
        for entry in fs::read_dir(from).expect("it can be read") {
            let entry = entry.expect("it can be read");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("files have folders")).expect("it can be made");
        fs::copy(from, to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    }
}
