//! A class that is graded in several goes: interrupted, resumed, in parts, by other terms.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use crate::support::Done;
use crate::support::class::{Class, timeless};
use crate::support::quick::{is_left_out, times};

#[test]
fn killed_at_any_moment_it_goes_on_to_the_same_result() {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    for number in 0..4 {
        class.hand_in(
            &format!("more-{number}/s01_scale.rs"),
            &format!("{scale}// {number}\n"),
        );
    }
    let seed = ["--seed", "4711", "--jobs", "2"];
    assert_eq!(class.grade("whole", &seed).code, 0);
    let expected = timeless(&class.out("whole"));
    // Once more, now that the references are known: how long a run takes from here on.
    let started = Instant::now();
    assert_eq!(class.grade("again", &seed).code, 0);
    let whole = started.elapsed();
    let mut again = vec!["--resume"];
    again.extend(seed);
    // So many moments, no two alike, none chosen: the clock decides. A run that comes to its end
    // before its moment is looked at, and another one begun.
    let mut noise = u64::from(std::process::id());
    let moments = times(20, 3);
    let (mut kills, mut round) = (0, 0);
    while kills < moments && round < 2 * moments {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let part = u32::try_from(noise >> 40).expect("24 bits") % 1000;
        let out = format!("killed-{round}");
        let mut child = class
            .command(&out, &again)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tutor can be started");
        thread::sleep(whole * part / 1000);
        if child.try_wait().expect("it was started").is_none() {
            child.kill().expect("it runs");
            kills += 1;
        } else {
            assert_eq!(timeless(&class.out(&out)), expected);
            round += 1;
        }
        child.wait().expect("it was started");
    }
    assert_eq!(kills, moments);
    let out = format!("killed-{round}");
    let done = class.grade(&out, &again);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(timeless(&class.out(&out)), expected);
    // Nothing is left of what was killed.
    let left: Vec<PathBuf> = fs::read_dir(class.sandbox.kit_folder())
        .expect("it is there")
        .flatten()
        .flat_map(|entry| fs::read_dir(entry.path()).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.display().to_string().contains("grading-"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn parts_are_put_together_to_the_same_result() {
    let class = Class::usual();
    let seed = ["--seed", "99"];
    assert_eq!(class.grade("whole", &seed).code, 0);
    let mut parts = Vec::new();
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part-{number}"));
        let done = class.grade(&out, &["--seed", "99", "--shard", &shard]);
        assert_eq!(done.code, 0, "{done:?}");
        parts.push(class.out(&out));
    }
    let merge = |parts: &[PathBuf], out: &str| {
        let mut command = class.sandbox.command(&["grade", "merge"]);
        command.args(parts).arg("--out").arg(class.out(out));
        Done::from(command.output().expect("tutor can be started"))
    };
    let done = merge(&parts, "merged");
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        fs::read(class.out("whole").join("results.json")).expect("it is there"),
        fs::read(class.out("merged").join("results.json")).expect("it is there"),
    );
    assert_eq!(
        timeless(&class.out("whole")),
        timeless(&class.out("merged"))
    );

    let missing = merge(&parts[..2], "two");
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("3/3"), "{}", missing.stderr);
    let twice = merge(&[&parts[..], &parts[..1]].concat(), "twice");
    assert!(twice.stderr.contains("twice"), "{}", twice.stderr);
    let whole = merge(&[class.out("whole")], "no-part");
    assert!(
        whole.stderr.contains("without `--shard`"),
        "{}",
        whole.stderr
    );
    fs::remove_file(parts[0].join("results.json")).expect("it is there");
    let unfinished = merge(&parts, "unfinished");
    assert!(
        unfinished.stderr.contains("--resume"),
        "{}",
        unfinished.stderr
    );
    class.grade("part-1", &["--seed", "98", "--shard", "1/3", "--resume"]);
    let done = class.grade("other", &["--seed", "98", "--shard", "1/3"]);
    assert_eq!(done.code, 0, "{done:?}");
    let mixed = [class.out("other"), parts[1].clone(), parts[2].clone()];
    let mixed = merge(&mixed, "mixed");
    assert!(mixed.stderr.contains("another seed"), "{}", mixed.stderr);
}

#[test]
fn what_changed_in_between_is_told_and_judged_anew() {
    let class = Class::usual();
    let seed = ["--seed", "5"];
    class.graded(&seed);
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    class.hand_in("bob/steps/s01_scale.rs", &scale);
    class.hand_in(
        "dee/s02_twice.rs",
        &class.sandbox.read("solutions/s02_twice.rs"),
    );
    class.hand_in("eve/s01_scale.rs", &scale);
    fs::remove_dir_all(class.submissions().join("cyd")).expect("it is there");
    let done = class.grade("grades", &["--seed", "5", "--resume"]);
    assert_eq!(done.code, 0, "{done:?}");
    for said in [
        "Handed in since the grading began: eve",
        "Changed since they were judged, and judged anew: bob, dee",
        "No longer there, and no longer among the results: cyd",
    ] {
        assert!(done.stderr.contains(said), "{said}: {}", done.stderr);
    }
    // As if it had been graded like this from the beginning.
    assert_eq!(class.grade("whole", &seed).code, 0);
    let results = |out: &str| fs::read(class.out(out).join("results.json")).expect("it is there");
    assert_eq!(results("grades"), results("whole"));
    // Nothing has changed since, and nobody is judged again.
    let log = || fs::read(class.out("grades").join("grades.jsonl")).expect("it is there");
    let before = log();
    let done = class.grade("grades", &["--seed", "5", "--resume"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(!done.stderr.contains("since"), "{}", done.stderr);
    assert_eq!(log(), before);
}

#[test]
fn results_by_other_terms_are_not_gone_on_with() {
    if is_left_out() {
        return;
    }
    let class = Class::usual();
    class.graded(&["--seed", "5"]);
    let again = class.grade("grades", &["--seed", "5"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("--resume"), "{}", again.stderr);
    for (options, word) in [
        (vec!["--resume", "--seed", "6"], "another seed"),
        (vec!["--resume", "--mine"], "--mine"),
        (vec!["--resume", "--steps", "s01"], "--steps"),
        (vec!["--resume", "--timeout", "3"], "--timeout"),
    ] {
        let done = class.grade("grades", &options);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(word), "{}", done.stderr);
    }
    // Whoever is refused has not lost anything.
    assert!(class.out("grades").join("results.json").is_file());
    let check = class.sandbox.read("checks/s01_scale/check.rs");
    class
        .sandbox
        .write("checks/s01_scale/check.rs", format!("{check}// newer\n"));
    let done = class.grade("grades", &["--resume"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("another version of the course"),
        "{}",
        done.stderr
    );
    fs::write(class.out("grades").join("grades.jsonl"), "no results\n").expect("it is there");
    let done = class.grade("grades", &["--resume"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("no file of results"),
        "{}",
        done.stderr
    );
}
