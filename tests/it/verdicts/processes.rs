//! Steps that go on, take too much or end early, and that nothing of them stays.

use std::fs;
#[cfg(target_os = "linux")]
use std::process::Child;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use nix::sys::signal::{Signal, kill};
#[cfg(target_os = "linux")]
use nix::unistd::Pid;

use super::{FORWARD, assert_kind, edited, forward};
use crate::support::Sandbox;

#[test]
fn timed_out() {
    let sandbox = Sandbox::small();
    for body in ["loop {}", "loop { println!(\"again\") }"] {
        sandbox.write("steps/s01_scale.rs", edited(&[(FORWARD, body)]));
        let started = Instant::now();
        let result = sandbox.json(&["s01", "--timeout", "1"]);
        assert_kind(&result, "timed_out");
        // A second of its own, which may take eleven where others are at work, one to stop, and room for
        // compiling there.
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(result.1["groups"][0]["outcome"], "passed");
        assert_eq!(result.1["groups"][2]["outcome"], "not_reached");
        let kept = result.1["stdout"].as_str().map_or(0, str::len);
        assert!(kept <= 64 << 10, "{kept} bytes of output were kept");
    }
}

#[test]
fn out_of_memory() {
    let sandbox = Sandbox::small();
    let body = "{ let v = vec![1_u8; 100 << 30]; println!(\"{}\", v[x.dims()[0]]); x }";
    assert_kind(&forward(&sandbox, body), "out_of_memory");
}

#[test]
fn stack_overflow() {
    let sandbox = Sandbox::small();
    assert_kind(&forward(&sandbox, "self.forward(x)"), "stack_overflow");
}

#[test]
fn stopped_early() {
    let sandbox = Sandbox::small();
    let result = forward(&sandbox, "std::process::exit(0)");
    assert_kind(&result, "stopped_early");
    assert_eq!(result.1["details"]["exit_code"], 0);
    let result = forward(&sandbox, "std::process::abort()");
    assert_kind(&result, "stopped_early");
    assert_eq!(result.1["details"]["signal"], 6);
}

/// Whether a process runs whose command line holds `mark`.
#[cfg(target_os = "linux")]
fn is_running(mark: &str) -> bool {
    fs::read_dir("/proc")
        .expect("Linux has it")
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok())
        .any(|command| command.contains(mark))
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_stays_behind() {
    // An argument that no other process has.
    let mark = format!("31557.{}", std::process::id());
    let sandbox = Sandbox::small();
    // With the pipes open, and in a session of its own, out of the group's reach.
    for program in [
        "\"/usr/bin/sleep\").arg(",
        "\"/usr/bin/setsid\").arg(\"sleep\").arg(",
    ] {
        let spawn = format!(
            "{{ std::process::Command::new({program}\"{mark}\").spawn().unwrap(); {FORWARD} }}"
        );
        let started = Instant::now();
        assert_kind(&forward(&sandbox, &spawn), "passed");
        assert!(
            started.elapsed() < Duration::from_secs(8),
            "{:?}",
            started.elapsed()
        );
        assert!(!is_running(&mark), "a child is still there");
    }
}

/// The supervisors of this `tutor`.
#[cfg(target_os = "linux")]
fn supervisors(tutor: u32) -> Vec<Pid> {
    let parent = format!("PPid:\t{tutor}\n");
    fs::read_dir("/proc")
        .expect("Linux has it")
        .flatten()
        .filter(|entry| {
            let read = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            read("cmdline").contains("__supervise") && read("status").contains(&parent)
        })
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .map(Pid::from_raw)
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_tutor_leaves_no_process() {
    nothing_stays_of_a_loop(|tutor| tutor.kill().expect("it still runs"));
}

/// As by one signal to all that is called `tutor`.
#[cfg(target_os = "linux")]
#[test]
fn nor_does_one_that_is_killed_with_its_supervisor() {
    nothing_stays_of_a_loop(|tutor| {
        let supervisors = supervisors(tutor.id());
        assert!(!supervisors.is_empty(), "nobody supervises");
        // None of them has the time to clean up behind the other.
        for supervisor in supervisors {
            kill(supervisor, Signal::SIGKILL).expect("it still runs");
        }
        tutor.kill().expect("it was not waited for");
    });
}

/// Runs a step that does not end, ends `tutor` in this way, and sees that the step is gone.
#[cfg(target_os = "linux")]
fn nothing_stays_of_a_loop(end: impl FnOnce(&mut Child)) {
    let sandbox = Sandbox::small();
    sandbox.write("steps/s01_scale.rs", edited(&[(FORWARD, "loop {}")]));
    // What runs is an executable below this folder.
    let mark = sandbox.path().join("target/tutor").display().to_string();
    let mark = format!("{mark}/");
    let until = |wanted: bool| {
        let started = Instant::now();
        while is_running(&mark) != wanted {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "running is not {wanted}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let mut tutor = sandbox
        .command(&["run", "s01", "--timeout", "600"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("tutor can be started");
    // rustc's and the reference's processes come and go; the step's stays.
    std::thread::sleep(Duration::from_secs(4));
    until(true);
    end(&mut tutor);
    tutor.wait().expect("it was killed");
    until(false);
}
