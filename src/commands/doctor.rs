//! `tutor doctor`

use std::fs;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;

use crate::cli::studio::Backend;
use crate::commands::course_here;
use crate::course::Course;
use crate::engine::kit::toolchain::Toolchain;
use crate::engine::kit::{self, Kit, Profile};
use crate::error::{Code, Error, Result};
use crate::files;
use crate::progress::{FOLDER, Progress};
use crate::studio::PROFILE;
use crate::terminal::{self, style};

/// What building the kit takes, with some room.
const SPACE: u64 = 2 << 30;

/// Something looked at: what it is, and how it is or what is wrong with it.
struct Finding {
    what: &'static str,
    state: std::result::Result<String, String>,
}

/// Looks at everything that `tutor` needs.
pub fn doctor() -> Result<Code> {
    let course = course_here();
    let root = course.as_ref().ok().map(Course::root);
    let mut findings = vec![rustc(), cargo(), temporary()];
    if findings.iter().all(|finding| finding.state.is_ok()) {
        findings.push(linker(root));
    }
    match course {
        Ok(course) => findings.extend(in_course(&course)),
        Err(error) => findings.push(Finding {
            what: "course",
            state: Err(format!("{error}; {}", error.next())),
        }),
    }
    let mut text = String::new();
    for Finding { what, state } in &findings {
        let (mark, words) = match state {
            Ok(words) => (style::right("✓"), words),
            Err(words) => (style::wrong("✗"), words),
        };
        text.push_str(&format!("{mark} {what:<11}{words}\n"));
    }
    terminal::print(&text)?;
    Ok(if findings.iter().all(|f| f.state.is_ok()) {
        Code::Passed
    } else {
        Code::Machine
    })
}

fn rustc() -> Finding {
    Finding {
        what: "rustc",
        state: Toolchain::find()
            .map(|toolchain| toolchain.version)
            .map_err(|error| error.to_string()),
    }
}

fn cargo() -> Finding {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let state = match Command::new(program).arg("--version").output() {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(format!("{error}; install Rust from https://rustup.rs")),
    };
    Finding {
        what: "cargo",
        state,
    }
}

/// A folder for temporary files: rustc and `tutor` need one.
fn temporary() -> Finding {
    let folder = std::env::temp_dir();
    let state = match tempfile::tempdir() {
        Ok(_) => Ok(format!("{} can be written", folder.display())),
        Err(_) if !folder.is_dir() => Err(format!(
            "{} is not there; make it, or let `TMPDIR` name another folder",
            folder.display()
        )),
        Err(error) => Err(error.to_string()),
    };
    Finding {
        what: "temporary",
        state,
    }
}

/// Links an empty program: there is no other way to know.
fn linker(root: Option<&Path>) -> Finding {
    let link = || -> std::result::Result<String, String> {
        let toolchain = Toolchain::find().map_err(|error| error.to_string())?;
        let linking = root.map(|root| toolchain.linking(root)).unwrap_or_default();
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let main = folder.path().join("main.rs");
        fs::write(&main, "fn main() {}").map_err(|error| error.to_string())?;
        let output = Command::new(toolchain.rustc)
            .args(linking)
            .args(["--edition=2024", "-o"])
            .arg(folder.path().join("main"))
            .arg(&main)
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok("links a program".into())
        } else {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(kit::missing_linker(&words).unwrap_or_else(|| words.trim().to_owned()))
        }
    };
    Finding {
        what: "linker",
        state: link(),
    }
}

fn in_course(course: &Course) -> Vec<Finding> {
    let mut findings = vec![Finding {
        what: "course",
        state: Ok(format!(
            "{} ({} steps)",
            course.root().display(),
            course.steps().len()
        )),
    }];
    for (what, folder) in [
        ("target", kit::folder(course)),
        ("state", course.root().join(FOLDER)),
    ] {
        findings.push(Finding {
            what,
            state: writable(&folder),
        });
    }
    findings.push(Finding {
        what: "steps",
        state: steps(course),
    });
    findings.push(kit_state(course));
    findings.extend(studio_state(course));
    findings.extend(further_backends(course));
    findings.push(Finding {
        what: "progress",
        state: match Progress::read(course) {
            Ok((_, None)) => Ok("readable".into()),
            Ok((_, Some(sentence))) => Err(sentence),
            Err(error) => Err(error.to_string()),
        },
    });
    findings
}

fn kit_state(course: &Course) -> Finding {
    let state = match Kit::current(course, Profile::Check) {
        Ok(Some(kit)) => Ok(format!(
            "{}{}",
            kit.library.display(),
            if kit.interface.stands_in || !cfg!(target_os = "linux") {
                ""
            } else {
                " (this linker needs all of it, which takes longer)"
            }
        )),
        Ok(None) => match files::free_space(course.root()) {
            Some(bytes) if bytes < SPACE => Err(format!(
                "not built yet, and it takes 2 GB of which {} MB are free",
                bytes >> 20
            )),
            _ => Ok("not built yet; `tutor setup` does it".into()),
        },
        Err(error) => Err(error.to_string()),
    };
    Finding { what: "kit", state }
}

/// What the finished model can be put to work with, if this course does that: the backends, whether
/// their kits are there, and the processors.
fn studio_state(course: &Course) -> Option<Finding> {
    if !course.kit().profiles.contains_key(PROFILE) {
        return None;
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let state = match Kit::current(course, Profile::named(PROFILE)) {
        Ok(kit) => {
            let flex = match kit {
                Some(_) => "is built",
                None => "not built yet; the first `tutor train` or `tutor generate` does it",
            };
            Ok(format!(
                "flex, optimised ({flex}) or ndarray, the checks' own; {processors} processors"
            ))
        }
        Err(error) => Err(error.to_string()),
    };
    Some(Finding {
        what: "studio",
        state,
    })
}

/// The backends that need more than Rust: whether this machine has it. Nobody has to, so nothing is
/// amiss where it is not there.
fn further_backends(course: &Course) -> Vec<Finding> {
    let profiles = Backend::value_variants().iter();
    let profiles = profiles.filter_map(|backend| backend.profile());
    let needy = profiles.filter(|name| {
        let profile = course.kit().profiles.get(*name);
        profile.is_some_and(|profile| profile.needs.is_some())
    });
    let findings = needy.map(|name| {
        let profile = Profile::named(name);
        let state = match kit::needed(course, profile) {
            Ok(found) => Kit::current(course, profile)
                .map(|kit| {
                    let built = match kit {
                        Some(_) => "its kit is built",
                        None => "its kit is built by the first command that asks for it",
                    };
                    format!(
                        "{} could be used by `--backend {name}`; {built}",
                        found.unwrap_or_default()
                    )
                })
                .map_err(|error| error.to_string()),
            Err(error @ Error::Lacking { .. }) => {
                Ok(format!("optional, and not here: {error}; {}", error.next()))
            }
            Err(error) => Err(error.to_string()),
        };
        Finding { what: name, state }
    });
    findings.collect()
}

/// Whether the learner's files are there.
fn steps(course: &Course) -> std::result::Result<String, String> {
    let folder = course.root().join("steps");
    if !folder.is_dir() {
        return Err(format!(
            "{} is not there; `tutor reset STEP` writes a step's skeleton into it",
            folder.display()
        ));
    }
    let missing = course
        .steps()
        .iter()
        .filter(|step| !course.step_file(step).exists());
    let missing: Vec<&str> = missing.map(|step| step.id.as_str()).collect();
    if missing.is_empty() {
        return writable(&folder);
    }
    Err(format!(
        "{} has no file for {}; `tutor reset {}` writes the skeleton",
        folder.display(),
        missing.join(", "),
        missing[0]
    ))
}

/// Whether a file can be made in `folder`, or in the nearest folder above that is there.
fn writable(folder: &Path) -> std::result::Result<String, String> {
    let nearest = folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(folder);
    match tempfile::tempfile_in(nearest) {
        Ok(_) => Ok(format!("{} can be written", folder.display())),
        Err(error) => Err(format!("{} cannot be written: {error}", nearest.display())),
    }
}
