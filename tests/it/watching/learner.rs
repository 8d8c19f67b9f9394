//! A learner at a terminal.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::libc;
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, killpg};
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::{Pid, ttyname};

use crate::support::Sandbox;

/// What leaves the alternate screen.
pub const LEFT: &str = "\x1b[?1049l";

/// A learner at a terminal.
pub struct Learner {
    pub sandbox: Sandbox,
    tutor: Child,
    pub keyboard: Option<File>,
    screen: Arc<Mutex<String>>,
    /// The terminal's settings before anybody came.
    before: Termios,
    /// As in `/dev/pts/3`.
    name: PathBuf,
}

impl Learner {
    /// Types `tutor watch`.
    pub fn new() -> Self {
        Self::at(Sandbox::small(), 80, 24)
    }

    /// Types `tutor watch` in a course of one's own, on a terminal of this size.
    pub fn at(sandbox: Sandbox, columns: u16, rows: u16) -> Self {
        let mut tutor = sandbox.command(&["watch"]);
        // What stops or ends the job does not stop or end the tests.
        tutor.process_group(0);
        Self::with(tutor, sandbox, columns, rows)
    }

    /// The same on a terminal that tells of another size by itself: it is `tutor`'s own.
    pub fn at_home(sandbox: Sandbox, columns: u16, rows: u16) -> Self {
        let tutor = sandbox.command(&[]);
        let mut leader = Command::new("setsid");
        leader.arg("--ctty").arg(tutor.get_program()).arg("watch");
        leader.current_dir(sandbox.path());
        for (variable, value) in tutor.get_envs() {
            match value {
                Some(value) => leader.env(variable, value),
                None => leader.env_remove(variable),
            };
        }
        Self::with(leader, sandbox, columns, rows)
    }

    fn with(mut tutor: Command, sandbox: Sandbox, columns: u16, rows: u16) -> Self {
        let pty = openpty(&size(columns, rows), None).expect("there are pseudo-terminals");
        let before = tcgetattr(&pty.slave).expect("it is a terminal");
        let side = |fd: &OwnedFd| Stdio::from(fd.try_clone().expect("it is open"));
        let name = ttyname(&pty.slave).expect("it is a terminal");
        let tutor = tutor
            .env("TERM", "xterm-256color")
            .stdin(side(&pty.slave))
            .stdout(side(&pty.slave))
            .stderr(side(&pty.slave))
            .spawn()
            .expect("tutor can be started");
        drop(pty.slave);
        let keyboard = File::from(pty.master);
        let mut eyes = keyboard.try_clone().expect("it is open");
        let screen = Arc::new(Mutex::new(String::new()));
        let seen = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = eyes.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..n]);
                seen.lock().expect("nobody panics with it").push_str(&text);
            }
        });
        Self {
            sandbox,
            tutor,
            keyboard: Some(keyboard),
            screen,
            before,
            name,
        }
    }

    /// Gives the window another size.
    pub fn resizes(&self, columns: u16, rows: u16) {
        let status = Command::new("stty")
            .arg("-F")
            .arg(&self.name)
            .args(["cols", &columns.to_string(), "rows", &rows.to_string()])
            .status()
            .expect("stty can be started");
        assert!(status.success());
    }

    /// Waits until `text` was drawn since the last call.
    pub fn reads(&self, text: &str) {
        let started = Instant::now();
        loop {
            let mut screen = self.screen.lock().expect("nobody panics with it");
            if screen.contains(text) {
                screen.clear();
                return;
            }
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "no `{text}` in {screen:?}"
            );
            drop(screen);
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn types(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().expect("it is still there");
        keyboard
            .write_all(keys.as_bytes())
            .expect("somebody listens");
    }

    pub fn ends(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.tutor.try_wait().expect("it is our child") {
                return status;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "it does not end"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A terminal's size.
fn size(columns: u16, rows: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

impl Learner {
    /// What was drawn since the last call of [`reads`](Self::reads).
    pub fn sees(&self) -> String {
        self.screen.lock().expect("nobody panics with it").clone()
    }

    /// Waits until nothing is drawn any more, and forgets what was.
    pub fn waits(&self) {
        let mut seen = usize::MAX;
        while seen != self.sees().len() {
            seen = self.sees().len();
            thread::sleep(Duration::from_millis(400));
        }
        self.screen.lock().expect("nobody panics with it").clear();
    }

    /// Sends a signal to the job.
    pub fn signals(&self, signal: Signal) {
        killpg(self.id(), signal).expect("it runs");
    }

    fn id(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.tutor.id()).expect("ids are small"))
    }

    /// Waits until the process is stopped.
    pub fn is_stopped(&self) {
        let started = Instant::now();
        let state = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.tutor.id()));
            let stat = stat.expect("it is not over");
            stat.rsplit_once(") ")
                .map(|(_, rest)| rest.starts_with('T'))
        };
        while state() != Some(true) {
            assert!(started.elapsed() < Duration::from_secs(10), "it goes on");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the terminal's settings are those from before `tutor` came.
    pub fn terminal_is_as_before(&self) -> bool {
        let keyboard = self.keyboard.as_ref().expect("it is still there");
        let now = libc::termios::from(tcgetattr(keyboard).expect("it is a terminal"));
        let before = libc::termios::from(self.before.clone());
        now.c_lflag == before.c_lflag
            && now.c_iflag == before.c_iflag
            && now.c_oflag == before.c_oflag
    }
}

impl Drop for Learner {
    fn drop(&mut self) {
        // It has ended already if all went well.
        let _ = self.tutor.kill();
        let _ = self.tutor.wait();
    }
}
