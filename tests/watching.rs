//! `tutor watch` in a terminal: a pseudo-terminal whose other end is the test.

#![cfg(target_os = "linux")]

mod support;

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use support::Sandbox;

/// What leaves the alternate screen.
const LEFT: &str = "\x1b[?1049l";

/// A learner at a terminal.
struct Learner {
    sandbox: Sandbox,
    tutor: Child,
    keyboard: Option<File>,
    screen: Arc<Mutex<String>>,
}

impl Learner {
    /// Types `tutor watch`.
    fn new() -> Self {
        let sandbox = Sandbox::small();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let pty = openpty(&size, None).expect("there are pseudo-terminals");
        let side = |fd: &OwnedFd| Stdio::from(fd.try_clone().expect("it is open"));
        let tutor = sandbox
            .command(&["watch"])
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
        }
    }

    /// Waits until `text` was drawn since the last call.
    fn reads(&self, text: &str) {
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

    fn types(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().expect("it is still there");
        keyboard
            .write_all(keys.as_bytes())
            .expect("somebody listens");
    }

    fn ends(&mut self) -> ExitStatus {
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

impl Drop for Learner {
    fn drop(&mut self) {
        // It has ended already if all went well.
        let _ = self.tutor.kill();
    }
}

#[test]
fn a_save_is_judged_and_q_gives_the_terminal_back() {
    let mut learner = Learner::new();
    learner.reads("not started");
    let solution = learner.sandbox.read("solutions/s01_scale.rs");
    learner.sandbox.write("steps/s01_scale.rs", solution);
    learner.reads("passed");
    learner.types("?");
    // A word: only cells that change are drawn.
    learner.reads("$EDITOR");
    learner.types("q");
    assert!(learner.ends().success());
    learner.reads(LEFT);
}

#[test]
fn a_save_during_a_run_starts_anew() {
    let learner = Learner::new();
    learner.reads("not started");
    let solution = learner.sandbox.read("solutions/s01_scale.rs");
    let endless = solution.replace("x * self.weight.val().unsqueeze()", "loop {}");
    learner.sandbox.write("steps/s01_scale.rs", endless);
    learner.reads("running");
    thread::sleep(Duration::from_secs(2));
    let started = Instant::now();
    learner.sandbox.write("steps/s01_scale.rs", solution);
    learner.reads("passed");
    // Far less than the ten seconds that the endless one had left.
    assert!(
        started.elapsed() < Duration::from_secs(6),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let mut learner = Learner::new();
    learner.reads("not started");
    let id = i32::try_from(learner.tutor.id()).expect("ids are small");
    kill(Pid::from_raw(id), Signal::SIGTERM).expect("it runs");
    learner.ends();
    learner.reads(LEFT);
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut learner = Learner::new();
    learner.reads("not started");
    // The reader has the other handle: the terminal is gone when both are.
    learner.keyboard = None;
    let id = i32::try_from(learner.tutor.id()).expect("ids are small");
    kill(Pid::from_raw(id), Signal::SIGHUP).expect("it runs");
    learner.ends();
}

#[test]
fn the_end_of_the_course_says_what_was_written() {
    let mut learner = Learner::new();
    learner.reads("not started");
    let solve = |step: &str| {
        let solution = learner.sandbox.read(&format!("solutions/{step}.rs"));
        learner.sandbox.write(&format!("steps/{step}.rs"), solution);
    };
    solve("s01_scale");
    learner.reads("passed");
    solve("s02_twice");
    learner.reads("written");
    learner.types("\r");
    // The title of the text that Enter opens.
    learner.reads("all steps pass");
}
