use std::fs;

use super::*;
use crate::classroom::record::{Deadline, EarlierSteps, Intake, Sandbox, Student, Timing};

fn header() -> Header {
    Header {
        version: VERSION,
        course: "C".into(),
        course_id: "c".into(),
        seed: 7,
        earlier: EarlierSteps::Reference,
        timeout: 10.0,
        sandbox: Sandbox::Enforced,
        shard: None,
        deadline: Deadline::default(),
        hidden_checks: None,
        steps: Vec::new(),
    }
}

fn kept(id: &str) -> Kept {
    let record = Record {
        student: Student {
            id: id.into(),
            entry: id.into(),
            intake: Intake::default(),
            notes: Vec::new(),
            comment: None,
            steps: Vec::new(),
        },
        timing: Timing::default(),
    };
    Kept {
        record,
        content: format!("content of {id}"),
    }
}

#[test]
fn the_last_word_on_a_student_counts() {
    let (folder, mut log) = begun();
    let changed = Kept {
        content: "another".into(),
        ..kept("a")
    };
    let class = ["a", "b"].map(String::from);
    log.class(&class).expect("it can be written");
    for one in [&kept("a"), &kept("b"), &changed] {
        log.append(one).expect("it can be written");
    }
    log.withdraw("b").expect("it can be written");
    let logged = read(folder.path()).expect("it can be read");
    assert_eq!(logged.records, [changed]);
    assert_eq!(logged.class.as_deref(), Some(&class[..]));
}

fn begun() -> (tempfile::TempDir, Log) {
    let folder = tempfile::tempdir().expect("a folder for tests");
    let (mut log, logged) = Log::open(folder.path(), false).expect("it is new");
    assert!(logged.is_none());
    log.begin(&header()).expect("it can be written");
    (folder, log)
}

fn message(error: &Error) -> String {
    error.to_string()
}

#[test]
fn a_torn_line_counts_for_nothing() {
    let (folder, mut log) = begun();
    log.append(&kept("a")).expect("it can be written");
    log.append(&kept("b")).expect("it can be written");
    drop(log);
    let path = folder.path().join(LOG);
    let whole = fs::read(&path).expect("it is there");
    for torn in 1..whole.len() {
        fs::write(&path, &whole[..torn]).expect("it can be written");
        let (mut log, logged) = Log::open(folder.path(), true).expect("it can be read");
        let ids: Vec<String> = logged.map_or(Vec::new(), |logged| {
            assert_eq!(logged.header, header());
            let ids = logged
                .records
                .into_iter()
                .map(|kept| kept.record.student.id);
            ids.collect()
        });
        if ids.is_empty() && whole[..torn].iter().all(|&byte| byte != b'\n') {
            log.begin(&header()).expect("it can be written");
        }
        for id in ["a", "b"]
            .iter()
            .filter(|id| !ids.iter().any(|known| known == *id))
        {
            log.append(&kept(id)).expect("it can be written");
        }
        drop(log);
        assert_eq!(
            fs::read(&path).expect("it is there"),
            whole,
            "torn at {torn}"
        );
    }
}

#[test]
fn results_are_not_written_over() {
    let (folder, log) = begun();
    let second = Log::open(folder.path(), true).map(drop);
    assert!(second.is_err_and(|e| message(&e).contains("another `tutor`")));
    drop(log);
    let again = Log::open(folder.path(), false).map(drop);
    assert!(again.is_err_and(|e| message(&e).contains("results already")));
}

#[test]
fn what_is_no_log_is_told() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    assert!(read(folder.path()).is_err_and(|e| message(&e).contains("no results")));
    let path = folder.path().join(LOG);
    let said = |text: &str| {
        fs::write(&path, text).expect("it can be written");
        read(folder.path()).map_or_else(|e| message(&e), |_| "read".into())
    };
    assert!(said("{\"version\":99}\n").contains("version 99"));
    assert!(said("hello\n").contains("no file of results"));
    let first = serde_json::to_string(&header()).expect("it can be written");
    assert_eq!(said(&format!("{first}\n")), "read");
    assert!(said(&format!("{first}\n{{}}\n")).contains("grades.jsonl:2"));
}
