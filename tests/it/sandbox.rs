//! What is in a sandbox stays there, whatever language it speaks.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use tutor::engine::sandbox::self_test::SYSTEM;
use tutor::engine::sandbox::{self, Ending, Kind, Limits, Outcome, Policy, Program};

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    memory: 1 << 30,
    file_size: 1 << 20,
    output: 1 << 16,
};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for tests")
}

/// Compiles `source` in `folder`.
fn compiled(folder: &Path, source: &str) -> PathBuf {
    let file = folder.join("program.rs");
    fs::write(&file, source).expect("it can be written");
    let program = folder.join("program");
    let output = Command::new("rustc")
        .args(["--edition=2024", "-o"])
        .args([&program, &file])
        .output()
        .expect("rustc can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

/// Runs a program in the sandbox that a step has.
fn behind(program: &Path, args: &[&Path]) -> Outcome {
    sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
    let place = folder();
    let mut order = Program::new(program, place.path(), LIMITS);
    order.args = args.iter().map(|arg| arg.as_os_str().into()).collect();
    order.clear_env = true;
    order.policy = Some(Policy {
        // The system's libraries, and nothing else of it that could be executed.
        read: SYSTEM.iter().map(PathBuf::from).collect(),
        execute: vec![program.to_owned(), "/lib64/ld-linux-x86-64.so.2".into()],
        write: Vec::new(),
        asks: false,
        kind: Kind::Foreign,
    });
    order.run().unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn this_machine_has_a_sandbox() {
    sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
    let possible = sandbox::probe(folder().path()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(possible, Vec::<String>::new());
}

#[test]
fn a_machine_without_a_sandbox_would_be_noticed() {
    // The probe outside of any wall: it does all that it warns of.
    let place = folder();
    let secret = place.path().join("secret");
    fs::write(&secret, "secret").expect("it can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_tutor"))
        .arg(sandbox::self_test::COMMAND)
        .arg(&secret)
        .output()
        .expect("tutor can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    for what in [
        "files can be read",
        "/etc/passwd",
        "TCP sockets",
        "processes can be started",
        "signals reach other processes",
        "sizes, owners and times",
        "opened as places",
    ] {
        assert!(text.contains(what), "{text}");
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn unsafe_code_does_not_get_out_either() {
    let place = folder();
    let program = compiled(place.path(), include_str!("sandbox/escapes.rs"));
    let outside = folder();
    fs::write(outside.path().join("precious"), "precious").expect("it can be written");
    let outcome = behind(&program, &[outside.path()]);
    assert_eq!(outcome.stdout.text, "all tried\n", "{outcome:?}");
    let left: Vec<String> = fs::read_dir(outside.path())
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .to_string_lossy()
                .into()
        })
        .collect();
    assert_eq!(left, ["precious"]);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_attempts_work_where_there_is_no_wall() {
    // Otherwise the test above would pass with attempts that never work.
    let place = folder();
    let source = include_str!("sandbox/escapes.rs")
        // The parent is this test: it must go on.
        .replace("const ATTACH: c_long = 16", "const ATTACH: c_long = 99")
        .replace("in NUMBERS", "in &NUMBERS[..0]")
        .replace("kill(getppid(), 9)", "kill(getppid(), 0)")
        .replace("syscall(200, getppid(), 6)", "syscall(200, getppid(), 0)")
        .replace("getpid(), getpid(), 19", "getpid(), getpid(), 0")
        .replace(
            "syscall(234, getppid(), getppid(), 6)",
            "syscall(234, getppid(), getppid(), 0)",
        );
    let program = compiled(place.path(), &source);
    let outside = folder();
    fs::write(outside.path().join("precious"), "precious").expect("it can be written");
    let output = Command::new(&program)
        .arg(outside.path())
        .output()
        .expect("it can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    for what in [
        "fork",
        "signal the parent",
        "kill the parent's thread",
        "name a process that is told of a file",
        "choose the signal for that",
        "open a place",
        "ask for a size",
        "a IPv4 socket",
        "chmod",
        "truncate",
        "symlink",
    ] {
        assert!(text.contains(&format!("ESCAPED: {what}")), "{what}: {text}");
    }
}

#[test]
fn open_files_are_not_inherited() {
    let place = folder();
    let program = compiled(
        place.path(),
        "fn main() { for n in 3..100 { if std::fs::read_link(format!(\"/proc/self/fd/{n}\"))\
         .is_ok() { println!(\"{n} is open\"); } } }",
    );
    // One that is not closed when another program begins.
    let file = fs::File::open(&program).expect("it is there");
    nix::fcntl::fcntl(
        &file,
        nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty()),
    )
    .expect("it is open");
    assert_eq!(behind(&program, &[]).stdout.text, "");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn too_many_threads_are_stopped() {
    let place = folder();
    let source = "fn main() { for _ in 0..100_000 { let _ = std::thread::Builder::new()\
                  .stack_size(16384).spawn(|| std::thread::park()); } std::thread::park(); }";
    let program = compiled(place.path(), source);
    assert_eq!(behind(&program, &[]).ending, Ending::TooManyThreads);
}
