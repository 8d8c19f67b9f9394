//! What a profile needs on the machine besides Rust. The course says how to ask for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::course::Needs;
use crate::error::{Error, Result};

/// What was found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is, as in "nets 2.1".
    pub what: String,
    /// Folders of shared libraries.
    pub libraries: Vec<PathBuf>,
    /// All of the answer: another one makes another kit.
    pub identity: Vec<u8>,
}

impl Found {
    /// Asks for what `needs` describes, from the folder `root` on.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub fn on_this_machine(needs: &Needs, root: &Path) -> Result<Self> {
        Self::asked(&needs.ask, root).ok_or_else(|| Error::Lacking {
            message: needs.missing.clone(),
            next: needs.next.clone(),
        })
    }

    fn asked(ask: &[String], root: &Path) -> Option<Self> {
        let (program, arguments) = ask.split_first()?;
        let output = Command::new(program)
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        Some(Self {
            what: lines.next()?.trim().to_owned(),
            libraries: lines.map(PathBuf::from).collect(),
            identity: text.into_owned().into_bytes(),
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn needs(script: &str) -> Needs {
        Needs {
            ask: ["sh", "-c", script].map(Into::into).into(),
            missing: "there is no net".into(),
            next: "install one".into(),
        }
    }

    #[test]
    fn the_first_line_says_what_it_is_and_the_others_where_its_libraries_are() {
        let needs = needs("echo 'nets 2.1'; echo /opt/nets/lib; echo; echo /opt/more");
        let found = Found::on_this_machine(&needs, Path::new("/")).expect("it is there");
        assert_eq!(found.what, "nets 2.1");
        assert_eq!(
            found.libraries,
            ["/opt/nets/lib", "/opt/more"].map(PathBuf::from)
        );
    }

    #[test]
    fn what_is_not_there_is_said_in_the_courses_words() {
        for script in ["echo 'nets 2.1'; exit 1", "exit 0"] {
            let error = Found::on_this_machine(&needs(script), Path::new("/"));
            let error = error.expect_err("it is not there");
            assert_eq!(error.to_string(), "there is no net");
            assert_eq!(error.next(), "install one");
        }
        let mut gone = needs("");
        gone.ask[0] = "/no/such/program".into();
        assert!(Found::on_this_machine(&gone, Path::new("/")).is_err());
    }
}
