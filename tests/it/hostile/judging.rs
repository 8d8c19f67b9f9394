//! The process that judges dies, or is stopped.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::support::Done;
use crate::support::class::{Class, student};

/// The process that judges for `guard`, and its ledger.
fn judging(guard: u32) -> Option<(i32, PathBuf)> {
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read_to_string(entry.path().join("cmdline")).ok()?;
        let words: Vec<&str> = line.split('\0').collect();
        let [_, "__judge", of, ledger, ..] = words[..] else {
            return None;
        };
        (of == guard.to_string()).then(|| (pid, ledger.into()))
    })
}

/// Waits until another process than `before` judges the first step of `who`, and nothing else.
fn until_it_judges(guard: &mut Child, who: &str, before: i32) -> i32 {
    let begun = format!("{{\"begun\":{{\"student\":\"{who}\",\"step\":\"s01\"}}}}");
    let deadline = Instant::now() + Duration::from_secs(300);
    while Instant::now() < deadline {
        assert_eq!(
            guard.try_wait().expect("it was started"),
            None,
            "it has ended"
        );
        if let Some((pid, ledger)) = judging(guard.id())
            && pid != before
            && let Ok(text) = fs::read_to_string(&ledger)
            && text.lines().last() == Some(&begun)
        {
            return pid;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("`{who}` is never judged");
}

/// A class in which `ada`, the first, does not come to an end by herself.
fn class() -> Class {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    let endless = scale.replace(
        "x * self.weight",
        "loop { std::thread::sleep(std::time::Duration::from_secs(1)); } x * self.weight",
    );
    assert_ne!(endless, scale);
    class.hand_in("ada/s01_scale.rs", &endless);
    class
}

const OPTIONS: [&str; 4] = ["--jobs", "1", "--timeout", "600"];

#[test]
fn who_brings_it_down_twice_is_given_up_and_nobody_else() {
    let class = class();
    let mut guard = class
        .command("grades", &OPTIONS)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tutor can be started");
    let mut pid = 0;
    for _ in 0..2 {
        pid = until_it_judges(&mut guard, "ada", pid);
        kill(Pid::from_raw(pid), Signal::SIGABRT).expect("it runs");
    }
    let done = Done::from(guard.wait_with_output().expect("it was started"));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr.contains("judged once more, alone"),
        "{}",
        done.stderr
    );
    let results = class.results("grades");
    let ada = &student(&results, "ada")["steps"][0];
    assert_eq!(
        (&ada["verdict"], &ada["score"]),
        (&"unreadable".into(), &0.into())
    );
    assert!(
        ada["text"].to_string().contains("brought tutor down"),
        "{ada:#}"
    );
    assert_eq!(student(&results, "ann")["score"], 6);
    assert_eq!(student(&results, "bob")["steps"][1]["score"], 2);
    assert_eq!(student(&results, "dee")["score"], 4);
}

#[test]
fn ctrl_c_says_how_to_go_on_and_that_goes_on() {
    let class = class();
    let mut command = class.command("grades", &OPTIONS);
    command.process_group(0);
    let mut guard = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tutor can be started");
    until_it_judges(&mut guard, "ada", 0);
    let group = i32::try_from(guard.id()).expect("ids are small");
    killpg(Pid::from_raw(group), Signal::SIGINT).expect("it runs");
    let done = Done::from(guard.wait_with_output().expect("it was started"));
    assert_eq!(done.code, 130, "{done:?}");
    let said = done
        .stderr
        .lines()
        .last()
        .unwrap_or_default()
        .trim()
        .to_owned();
    let typed = said
        .strip_prefix("tutor ")
        .unwrap_or_else(|| panic!("{said}"));
    let words: Vec<&str> = typed.split(' ').collect();
    assert_eq!((words[0], words.last()), ("grade", Some(&"--resume")));
    // Ada has mended her file in the meantime.
    class.hand_in(
        "ada/s01_scale.rs",
        &class.sandbox.read("solutions/s01_scale.rs"),
    );
    let done = class.sandbox.tutor(&words);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(student(&class.results("grades"), "ada")["score"], 4);
}
