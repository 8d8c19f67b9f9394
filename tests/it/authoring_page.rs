//! What docs/authoring.md says is done word for word: files are written, commands run, and what is
//! shown below a command is in what it prints.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::quick::is_left_out;
use crate::support::{self, Done};

/// Something that the page has its reader do.
#[derive(Debug)]
enum Deed {
    /// Write this text into this file.
    Write(String, String),
    /// Put this text behind what is in this file.
    Append(String, String),
    /// Type this command; each line is in what it prints.
    Type(String, Vec<String>),
}

/// The deeds of a page, in order.
fn deeds(page: &str) -> Vec<Deed> {
    let mut found = Vec::new();
    let mut place = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            place = match line {
                "" => place,
                _ => Some(line.to_owned()),
            };
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let named = |words: &str| {
            let place = place.as_deref()?;
            Some(place.strip_prefix(words)?.strip_suffix("`:")?.to_owned())
        };
        if kind == "console" {
            for line in block {
                match (line.strip_prefix("$ "), found.last_mut()) {
                    (Some(command), _) => found.push(Deed::Type(command.to_owned(), Vec::new())),
                    (None, Some(Deed::Type(_, shown))) => shown.push(line.to_owned()),
                    (None, _) => panic!("nothing printed `{line}`"),
                }
            }
        } else if let Some(file) = named("In `") {
            found.push(Deed::Write(file, block.join("\n") + "\n"));
        } else if let Some(file) = named("At the end of `") {
            found.push(Deed::Append(file, block.join("\n") + "\n"));
        }
        place = None;
    }
    found
}

/// Runs a command as a shell would, with `tutor` on its path.
fn typed(folder: &PathBuf, command: &str) -> Done {
    let tutor = PathBuf::from(env!("CARGO_BIN_EXE_tutor"));
    let place = tutor.parent().expect("it lies in a folder");
    let others = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .env("PATH", format!("{}:{others}", place.display()))
        .current_dir(folder);
    for variable in ["CARGO_TARGET_DIR", "NO_COLOR", "CLICOLOR_FORCE"] {
        shell.env_remove(variable);
    }
    shell.output().expect("there is a shell").into()
}

#[test]
fn an_author_gets_from_nothing_to_a_graded_class() {
    if is_left_out() {
        return;
    }
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
    let page = support::root().join("docs/authoring.md");
    let page = fs::read_to_string(page).expect("it is there");
    let deeds = deeds(&page);
    assert!(deeds.len() > 25, "hardly anything was read: {deeds:?}");
    let mut folder = place.path().to_owned();
    for deed in deeds {
        match deed {
            Deed::Write(file, text) => {
                let path = folder.join(file);
                let parent = path.parent().expect("files have folders");
                fs::create_dir_all(parent).expect("it can be made");
                fs::write(path, text).expect("it can be written");
            }
            Deed::Append(file, text) => {
                let path = folder.join(file);
                let before = fs::read_to_string(&path).expect("it is there");
                fs::write(path, before + &text).expect("it can be written");
            }
            Deed::Type(command, shown) => {
                if let Some(below) = command.strip_prefix("cd ") {
                    folder.push(below);
                    continue;
                }
                let done = typed(&folder, &command);
                // A step that does not pass yet, or an answer that is wrong, is no failure of the page's.
                let may_fail = ["tutor run", "tutor answer"];
                let may_fail = may_fail.iter().any(|start| command.starts_with(start));
                assert!(
                    done.code == 0 || (may_fail && done.code == 1),
                    "{command}: {done:?}"
                );
                let printed = done.stdout + &done.stderr;
                for line in shown {
                    assert!(
                        printed.contains(&line),
                        "`{line}` of `{command}`:\n{printed}"
                    );
                }
            }
        }
    }
    assert!(folder.join("grades/results.json").exists());
}
