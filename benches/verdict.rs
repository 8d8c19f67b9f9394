//! How long a learner waits: `cargo bench --bench verdict`.
//!
//! Prints the floor (rustc on an empty `main`), the warm time from an edit to the verdict for each
//! step, and what preparing costs. All times are medians of whole processes, in seconds.

mod size;
#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "what only tests need")]
mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use size::size;
use support::Sandbox;
use tutor::course::mistakes;
use tutor::engine::cache;
use tutor::engine::kit::toolchain::Toolchain;

/// Runs of each command; odd, so that the median is one of them.
const RUNS: usize = 9;

fn main() {
    let sandbox = Sandbox::real();
    run(sandbox.command(&["setup"]));
    for step in sandbox.course().steps() {
        let solution = sandbox.read(&format!("solutions/{}.rs", step.name));
        sandbox.write(&format!("steps/{}.rs", step.name), solution);
    }

    println!(
        "floor: rustc on an empty main, -C prefer-dynamic  {:.3}",
        floor(&sandbox)
    );
    let mut times: Vec<(f64, f64)> = Vec::new();
    for step in sandbox.course().steps() {
        let file = format!("steps/{}.rs", step.name);
        let source = sandbox.read(&file);
        let mut edits = 0;
        // Again for each step: a machine's speed changes within minutes.
        let floor = floor(&sandbox);
        let time = median(|| {
            edits += 1;
            sandbox.write(&file, edited(&source, edits));
            time(sandbox.command(&["run", &step.id]))
        });
        let (_, result) = sandbox.json(&[&step.id]);
        assert_eq!(result["verdict"], "passed", "{result:#}");
        let memory = result["peak_memory"].as_u64().unwrap_or(0) >> 20;
        println!(
            "edit to verdict  {:<26} {time:.3}  {:.1} x floor  {memory} MB",
            step.name,
            time / floor
        );
        times.push((time, time / floor));
    }
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (what, (time, ratio)) in [
        ("median step ", times[times.len() / 2]),
        ("slowest step", times[times.len() - 1]),
    ] {
        println!("edit to verdict  {what}               {time:.3}  {ratio:.1} x floor");
    }
    println!(
        "unchanged file judged again                 {:.3}",
        unchanged(&sandbox)
    );

    let all = median(|| {
        for step in sandbox.course().steps() {
            let file = format!("steps/{}.rs", step.name);
            let source = sandbox.read(&file);
            sandbox.write(&file, format!("{source}// again\n"));
        }
        time(sandbox.command(&["run", "all"]))
    });
    println!("run all, references prepared                {all:.3}");
    let nothing = median(|| {
        forget_all_but_the_kit(&sandbox);
        time(sandbox.command(&["run", "all"]))
    });
    println!("run all, nothing cached but the kit         {nothing:.3}");
    diagnosis(&sandbox);
    first_use();
}

/// A source with one statement more, before each of its own in turn: a function is another, and the
/// lines behind it move.
fn edited(source: &str, edits: usize) -> String {
    let is_statement = |line: &str| line.starts_with("    ") && line.trim().starts_with("let ");
    let count = source.lines().filter(|line| is_statement(line)).count();
    assert!(count > 0, "a step without a statement");
    let place = edits * 7 % count;
    let (mut text, mut seen) = (String::new(), 0);
    for line in source.lines() {
        if is_statement(line) {
            if seen == place {
                text.push_str(&format!("    let _edit = {edits};\n"));
            }
            seen += 1;
        }
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// What naming a mistake takes on top of a pass: the first time in a step, and later.
fn diagnosis(sandbox: &Sandbox) {
    forget_all_but_the_kit(sandbox);
    run(sandbox.command(&["setup"]));
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for step in sandbox.course().steps() {
        let file = format!("steps/{}.rs", step.name);
        let solution = sandbox.read(&format!("solutions/{}.rs", step.name));
        let known = mistakes::read(&sandbox.course(), step).expect("they are sound");
        let mut edits = 0;
        let mut judge = |source: &str| {
            edits += 1;
            sandbox.write(&file, format!("{source}\n// diagnosis {edits}\n"));
            time(sandbox.command(&["run", &step.id]))
        };
        let pass = median(|| judge(&solution));
        first.push(judge(&known[0].source) - pass);
        later.push(median(|| judge(&known[0].source)) - pass);
    }
    for (name, mut times) in [("first", first), ("later", later)] {
        times.sort_by(f64::total_cmp);
        println!(
            "diagnosis, {name}: more than a pass           {:.3} median, {:.3} at most",
            f64::midpoint(times[5], times[6]),
            times[11]
        );
    }
}

/// rustc on the smallest program, linked as steps are.
fn floor(sandbox: &Sandbox) -> f64 {
    let rustc = Toolchain::find().expect("there is a rustc").rustc;
    sandbox.write("empty.rs", "fn main() {}\n");
    median(|| {
        let mut command = Command::new(&rustc);
        command
            .args([
                "--edition=2024",
                "-Cprefer-dynamic",
                "-o",
                "empty",
                "empty.rs",
            ])
            .current_dir(sandbox.path());
        time(command)
    })
}

fn unchanged(sandbox: &Sandbox) -> f64 {
    run(sandbox.command(&["run", "s07"]));
    median(|| time(sandbox.command(&["run", "s07"])))
}

/// Removes the kit's cache: everything compiled or observed with it.
fn forget_all_but_the_kit(sandbox: &Sandbox) {
    let place = sandbox.path().join("target/tutor");
    for entry in fs::read_dir(place).expect("it was set up").flatten() {
        if entry.path().join(cache::MARK).exists() {
            fs::remove_dir_all(entry.path()).expect("it can be removed");
        }
    }
}

/// The kit from nothing, crates downloaded.
fn first_use() {
    let target = tempfile::tempdir().expect("a folder for the kit");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
    command
        .args(["run", "s01"])
        .current_dir(support::root())
        .env("CARGO_TARGET_DIR", target.path());
    println!(
        "first verdict, kit built on the way         {:.1}",
        time(command)
    );
    println!(
        "size of the kit's folder                    {} MB",
        size(target.path()) >> 20
    );
}

fn run(mut command: Command) {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().expect("it can be started");
}

fn time(command: Command) -> f64 {
    let started = Instant::now();
    run(command);
    started.elapsed().as_secs_f64()
}

/// The middle of several times; the first run, which warms up, does not count.
fn median(mut measure: impl FnMut() -> f64) -> f64 {
    measure();
    let mut times: Vec<f64> = (0..RUNS).map(|_| measure()).collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
