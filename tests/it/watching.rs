//! `tutor watch` in a terminal: a pseudo-terminal whose other end is the test.

#![cfg(target_os = "linux")]

mod learner;

use crate::support;

use std::thread;
use std::time::{Duration, Instant};

use learner::{LEFT, Learner};
use nix::sys::signal::Signal;

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

/// Signals that end it.
#[test]
fn a_signal_gives_the_terminal_back() {
    for signal in [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGQUIT,
        Signal::SIGHUP,
    ] {
        let mut learner = Learner::new();
        learner.reads("not started");
        assert!(!learner.terminal_is_as_before(), "watching needs each key");
        learner.signals(signal);
        learner.ends();
        learner.reads(LEFT);
        assert!(learner.terminal_is_as_before(), "{signal}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut learner = Learner::new();
    learner.reads("not started");
    // The reader has the other handle: the terminal is gone when both are.
    learner.keyboard = None;
    learner.signals(Signal::SIGHUP);
    learner.ends();
}

/// Ctrl-Z, and the same from outside.
#[test]
fn it_is_suspended_and_comes_back() {
    let mut learner = Learner::new();
    learner.reads("not started");
    for how in ["key", "signal"] {
        learner.waits();
        match how {
            "key" => learner.types("\x1a"),
            _ => learner.signals(Signal::SIGTSTP),
        }
        learner.is_stopped();
        learner.reads(LEFT);
        assert!(learner.terminal_is_as_before(), "stopped by a {how}");
        learner.signals(Signal::SIGCONT);
        learner.reads("not started");
        assert!(!learner.terminal_is_as_before(), "it is back");
    }
    // Stopped by force, it could not give anything back, but it draws all anew.
    learner.signals(Signal::SIGSTOP);
    learner.is_stopped();
    learner.waits();
    learner.signals(Signal::SIGCONT);
    learner.reads("not started");
    learner.waits();
    learner.types("\x0c");
    learner.reads("not started");
    learner.types("q");
    assert!(learner.ends().success());
    assert!(learner.terminal_is_as_before());
}

#[test]
fn a_paste_changes_nothing() {
    let text = "    let x = y; // so: reset? yes, y\r".repeat(60);
    assert!(text.len() > 2000);
    let bracketed = format!("\x1b[200~{text}\x1b[201~");
    for paste in [&bracketed, &text] {
        let mut learner = Learner::new();
        learner.reads("not started");
        let skeleton = learner.sandbox.read("steps/s01_scale.rs") + "// mine\n";
        learner.sandbox.write("steps/s01_scale.rs", &skeleton);
        learner.waits();
        learner.types(paste);
        learner.reads("paste");
        // It still listens, once the paste is over, which takes a while on a busy machine.
        while !learner.sees().contains("$EDITOR") {
            thread::sleep(Duration::from_secs(1));
            learner.types("?");
            thread::sleep(Duration::from_millis(200));
        }
        assert_eq!(learner.sandbox.read("steps/s01_scale.rs"), skeleton);
        learner.types("q");
        assert!(learner.ends().success());
    }
}

#[test]
fn a_question_is_not_answered_by_what_was_typed_before_it_was_read() {
    let mut learner = Learner::new();
    learner.reads("not started");
    let mine = learner.sandbox.read("steps/s01_scale.rs") + "// mine\n";
    learner.sandbox.write("steps/s01_scale.rs", &mine);
    learner.waits();
    learner.types("xy");
    learner.reads("skeleton again?");
    thread::sleep(Duration::from_millis(500));
    assert_eq!(learner.sandbox.read("steps/s01_scale.rs"), mine);
    learner.types("y");
    learner.reads("kept as");
    assert!(
        !learner
            .sandbox
            .read("steps/s01_scale.rs")
            .contains("// mine")
    );
}

#[test]
fn keys_are_answered_while_a_check_runs() {
    let mut learner = Learner::new();
    learner.reads("not started");
    let solution = learner.sandbox.read("solutions/s01_scale.rs");
    let endless = solution.replace("x * self.weight.val().unsqueeze()", "loop {}");
    learner.sandbox.write("steps/s01_scale.rs", endless);
    learner.reads("running");
    learner.types("?");
    learner.reads("$EDITOR");
    learner.types("q");
    assert!(learner.ends().success());
}

#[test]
fn a_pipe_for_a_step_does_not_hang_it() {
    let sandbox = support::Sandbox::small();
    let step = sandbox.path().join("steps/s01_scale.rs");
    std::fs::remove_file(&step).expect("it is there");
    nix::unistd::mkfifo(&step, nix::sys::stat::Mode::S_IRWXU).expect("it can be made");
    let mut learner = Learner::at(sandbox, 80, 24);
    learner.reads("cannot be read");
    learner.types("q");
    assert!(learner.ends().success());
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

#[test]
fn a_page_is_wrapped_anew_when_the_window_changes() {
    let sandbox = support::Sandbox::small();
    std::fs::create_dir_all(sandbox.path().join("lessons/s01_scale")).expect("it is new");
    let words = "some words in a row, ".repeat(40);
    sandbox.write(
        "lessons/s01_scale/lesson.md",
        format!("# Lesson\n\nalpha {words}omega\n"),
    );
    let mut learner = Learner::at_home(sandbox, 80, 24);
    learner.reads("not started");
    learner.types("l");
    learner.reads("alpha");
    for (columns, rows) in [(40, 10), (20, 10), (100, 12)] {
        learner.types("\x1b[H");
        learner.waits();
        learner.resizes(columns, rows);
        learner.reads("alpha");
        learner.types("\x1b[F");
        learner.reads("omega");
    }
    // All of it at once, where it fits.
    learner.waits();
    learner.resizes(120, 40);
    learner.reads("omega");
    learner.types("q");
    assert!(learner.ends().success());
}

#[test]
fn hints_are_paged_back_and_the_header_follows_other_runs() {
    let sandbox = support::Sandbox::small();
    std::fs::create_dir_all(sandbox.path().join("lessons/s01_scale")).expect("it is new");
    sandbox.write(
        "lessons/s01_scale/hints.toml",
        "[[hint]]\ntext = 'ZEBRA'\n[[hint]]\ntext = 'QUICK'\n",
    );
    // One was shown in an earlier session.
    sandbox.tutor(&["hint", "s01"]);
    sandbox.solve("s02_twice");
    let mut learner = Learner::at(sandbox, 80, 24);
    learner.reads("not started");
    learner.types("h");
    learner.reads("QUICK");
    learner.types("\x1b[D");
    learner.reads("ZEBRA");
    learner.types("\x1b[C");
    learner.reads("QUICK");
    assert_eq!(learner.sandbox.tutor(&["run", "s02"]).code, 0);
    learner.waits();
    // All of it: otherwise only cells that change are drawn.
    learner.types("\x0c");
    learner.reads("1/2");
}
