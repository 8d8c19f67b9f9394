//! Judges a step in a process of its own: `tutor run`, which can be cancelled by killing it.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::{self, JoinHandle};

use super::tutor;
use crate::error::{Error, Result};

/// At most one run at a time.
#[derive(Default)]
pub struct Runner {
    running: Option<Running>,
}

struct Running {
    step: usize,
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

/// A run that came to its end.
pub struct Done {
    /// The step, by position.
    pub step: usize,
    /// Whether it passed.
    pub passed: bool,
    /// What was printed, in colours.
    pub text: String,
}

impl Runner {
    /// Judges the step at this position, with this id. A run that is under way is cancelled.
    pub fn start(&mut self, folder: &Path, step: usize, id: &str) -> Result<()> {
        self.cancel();
        let mut child = tutor(folder, &["run".into(), id.into(), "--watched".into()])?
            .env("CLICOLOR_FORCE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::io("start", Path::new("tutor")))?;
        let stdout = child.stdout.take().map(gather);
        let stderr = child.stderr.take().map(gather);
        self.running = Some(Running {
            step,
            child,
            stdout,
            stderr,
        });
        Ok(())
    }

    /// Ends the run that is under way, if one is.
    pub fn cancel(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It may have ended by itself; what it started is ended by its supervisor.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }

    /// The run that was under way, if it has ended.
    pub fn done(&mut self) -> Option<Done> {
        let ended = match self.running.as_mut()?.child.try_wait() {
            Ok(status) => status?,
            // It cannot be asked: as good as gone.
            Err(_) => return self.running.take().map(|running| running.done(false)),
        };
        let running = self.running.take()?;
        Some(running.done(ended.success()))
    }
}

impl Running {
    fn done(self, passed: bool) -> Done {
        let text = |thread: Option<JoinHandle<String>>| {
            thread
                .and_then(|thread| thread.join().ok())
                .unwrap_or_default()
        };
        Done {
            step: self.step,
            passed,
            text: text(self.stdout) + &text(self.stderr),
        }
    }
}

fn gather(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is what there is to show.
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
