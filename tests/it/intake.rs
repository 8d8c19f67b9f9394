//! Whose submissions they are, when they were due, and what becomes of that in the results.

use std::fs;

#[cfg(unix)]
use crate::support::Done;
use crate::support::class::{Class, student};

/// A class as Blackboard exports it, with a roster.
fn class() -> Class {
    let class = Class::new();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    let twice = class.sandbox.read("solutions/s02_twice.rs");
    for (name, text) in [
        ("HW_ann_attempt_2026-11-30-10-00-00.txt", "Name: Ann"),
        (
            "HW_ann_attempt_2026-11-30-10-00-00_s01.rs",
            "fn unfinished(",
        ),
        ("HW_ann_attempt_2026-11-30-12-00-00_scale.rs.txt", &scale),
        ("HW_ann_attempt_2026-11-30-12-00-00_step_2.rs", &twice),
        ("HW_bob_attempt_2026-12-02-10-00-00_s01_scale.rs", &scale),
        ("HW_dee_attempt_2026-12-02-10-00-00_s01_scale.rs", &scale),
        ("HW_dee_attempt_2026-12-02-10-00-00_s02.rs", &twice),
        ("HW_eve_attempt_2026-11-30-10-00-00_s01.rs", &scale),
    ] {
        class.hand_in(name, text);
    }
    let roster = "ID;Name;Group;Extra time;Excused\r\n\
                  ann;Ann Ash;A;;\r\nbob;Bob Birch;A;;2\r\n\
                  cyd;Cyd Cedar;B;;\r\ndee;Dee Date;B;2 days;\r\n";
    fs::write(class.out("roster.csv"), roster).expect("it can be written");
    class
}

#[test]
fn a_class_with_a_roster_and_a_due_date() {
    let class = class();
    let roster = class.out("roster.csv").display().to_string();
    let due = "2026-11-30T23:59+01:00";
    let options = ["--roster", &roster, "--due", due, "--late", "10% per day"];
    let more = [
        &options[..],
        &["--excuse", "Ann Ash:s02", "--formats", "csv,html"],
    ]
    .concat();
    let done = class.grade("grades", &more);
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("grades");
    assert_eq!(results["due"], "2026-11-30T23:59:00+01:00");
    assert_eq!(results["late_rule"], "10% per day");
    let ids = results["students"].as_array().expect("a list").iter();
    let ids: Vec<_> = ids.map(|student| student["id"].clone()).collect();
    assert_eq!(ids, ["ann", "bob", "cyd", "dee", "eve"]);

    // The later attempt, in time; the second step does not count.
    let ann = student(&results, "ann");
    assert_eq!((&ann["score"], &ann["out_of"]), (&4.into(), &4.into()));
    assert_eq!(ann["name"], "Ann Ash");
    assert_eq!(ann["submitted"]["at"], "2026-11-30T12:00:00");
    assert_eq!(ann["submitted"]["from"], "name");
    let given = "HW_ann_attempt_2026-11-30-12-00-00_scale.rs.txt";
    assert_eq!(ann["steps"][0]["file"], given);
    assert_eq!(ann["steps"][1]["verdict"], "passed");
    assert_eq!(ann["steps"][1]["decision"]["excused"], true);
    assert_eq!(ann["steps"][1]["decision"]["earned"], 2);
    assert_eq!(ann["excused"][0], "s02");
    // A day and ten hours late.
    let bob = student(&results, "bob");
    assert_eq!(bob["late"]["percent"], 20);
    assert_eq!(bob["late"]["seconds"], 34 * 3600 + 60);
    assert_eq!(
        (&bob["score"], &bob["deduction"]),
        (&3.2.into(), &0.8.into())
    );
    assert_eq!(bob["out_of"], 4);
    // Nothing, and everything at the same time with two more days.
    let cyd = student(&results, "cyd");
    assert_eq!((&cyd["score"], &cyd["group"]), (&0.into(), &"B".into()));
    assert_eq!(cyd["notes"][0], "nothing was handed in");
    let dee = student(&results, "dee");
    assert_eq!((&dee["score"], dee.get("late")), (&6.into(), None));
    let eve = student(&results, "eve");
    assert_eq!(
        (&eve["score"], &eve["on_roster"]),
        (&4.into(), &false.into())
    );

    for part in [
        "Nothing handed in:\n  Cyd Cedar (cyd)",
        "Not on the roster:\n  eve",
        "Bob Birch (bob): 1 day 10 hours late: 20 % off, 0.8 of 4 points",
        "Ann Ash (ann) from s02",
    ] {
        assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
    }
    let page = fs::read_to_string(class.out("grades").join("report.html")).expect("a page");
    assert!(page.contains("1 day 10 hours late") && page.contains("Cyd Cedar (cyd)"));
    let table = fs::read_to_string(class.out("grades").join("grades.csv")).expect("a table");
    assert!(table.contains("\"bob\",3.2,4,4,\"EX\","), "{table}");

    // Other terms do not go together.
    let other = [
        "--roster", &roster, "--due", due, "--late", "20%", "--resume",
    ];
    let done = class.grade("grades", &other);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("`--due` or `--late`"),
        "{}",
        done.stderr
    );
}

#[test]
fn what_changes_on_the_roster_and_after_it_is_taken_over() {
    let class = class();
    let path = class.out("roster.csv");
    let roster = path.display().to_string();
    let options = ["--roster", &roster, "--due", "2026-11-30T23:59+01:00"];
    let terms = [&options[..], &["--late", "10% per day", "--seed", "5"]].concat();
    // About somebody who is known from the roster alone, and about points that are not reduced.
    let decisions = "[[override]]\nstudent = \"cyd\"\nstep = \"s01\"\nexcused = true\n\
                     reason = \"ill\"\n\
                     [[override]]\nstudent = \"bob\"\nstep = \"s01\"\npoints = 3\n\
                     reason = \"shown in class\"\n";
    let decided = class.out("decisions.toml");
    fs::write(&decided, decisions).expect("it can be written");
    let decided = decided.display().to_string();
    let with = [&terms[..], &["--overrides", &decided]].concat();
    let done = class.grade("grades", &with);
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("grades");
    let cyd = student(&results, "cyd");
    assert_eq!((&cyd["out_of"], &cyd["score"]), (&2.into(), &0.into()));
    assert_eq!(results["class"]["steps"][0]["excused"], 1);
    // His second step is excused by the roster, the first is decided: nothing is left to reduce.
    let bob = student(&results, "bob");
    assert_eq!((&bob["score"], &bob["deduction"]), (&3.into(), &0.into()));
    assert_eq!(bob["late"]["percent"], 20);

    // What the roster decides is in the log, and holds without the roster.
    let read = |out: &str| fs::read(class.out(out).join("results.json")).expect("it is there");
    let before = read("grades");
    let out = class.out("grades").display().to_string();
    let done = class.sandbox.tutor(&["grade", "write", "--out", &out]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(read("grades"), before);

    let text = fs::read_to_string(&path).expect("it is there");
    let text = text.replace("Bob Birch;A;;2", "Bob B. Birch;B;2 days;");
    fs::write(&path, text).expect("it can be written");
    let name = "HW_cyd_attempt_2026-11-30-11-00-00_s02_twice.rs";
    class.hand_in(name, &class.sandbox.read("solutions/s02_twice.rs"));
    let done = class.grade("grades", &[&terms[..], &["--resume"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    for said in [
        "Changed since they were judged, and judged anew: cyd",
        "what else is known of them has changed, and is taken over: bob",
    ] {
        assert!(done.stderr.contains(said), "{said}: {}", done.stderr);
    }
    let results = class.results("grades");
    let cyd = student(&results, "cyd");
    assert_eq!((&cyd["out_of"], &cyd["score"]), (&2.into(), &2.into()));
    let bob = student(&results, "bob");
    assert_eq!(bob["name"], "Bob B. Birch");
    assert_eq!((&bob["out_of"], bob.get("late")), (&6.into(), None));
    // As if it had been graded like this from the beginning.
    let done = class.grade("whole", &with);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(read("grades"), read("whole"));
}

/// What `--due` comes to where the variable `TZ` says this.
#[cfg(unix)]
fn due_in(class: &Class, zone: &str, due: &str) -> Done {
    let mut command = class.command(zone, &["--due", due, "--steps", "s02"]);
    Done::from(
        command
            .env("TZ", zone)
            .output()
            .expect("tutor can be started"),
    )
}

#[cfg(unix)]
#[test]
fn a_due_time_without_a_zone_is_local_time() {
    let class = Class::new();
    let twice = class.sandbox.read("solutions/s02_twice.rs");
    class.hand_in("ann/s02_twice.rs", &twice);
    let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
    let done = due_in(&class, berlin, "2026-12-01 23:59");
    assert_eq!(done.code, 0, "{done:?}");
    let said = "2026-12-01 23:59 is taken as local time, UTC+01:00";
    assert_eq!(done.stderr.matches(said).count(), 1, "{}", done.stderr);
    assert_eq!(class.results(berlin)["due"], "2026-12-01T23:59:00+01:00");
    // No clock shows the one, and every clock shows the other twice.
    for (due, why) in [
        ("2026-03-29T02:30", "it never comes"),
        ("2026-10-25T02:30", "it comes twice"),
    ] {
        let done = due_in(&class, berlin, due);
        assert_eq!(done.code, 2, "{done:?}");
        let next = format!("`--due {due}+01:00`");
        assert!(done.stderr.contains(why), "{}", done.stderr);
        assert!(done.stderr.contains(&next), "{}", done.stderr);
    }
    let done = due_in(&class, "Nowhere/Land", "2026-12-01T23:59");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("is not known"), "{}", done.stderr);
    assert!(done.stderr.contains("`--due 2026-12-01T23:59Z` for UTC"));
}

#[test]
fn what_cannot_be_meant_is_told_at_once() {
    let class = class();
    let path = class.out("roster.csv").display().to_string();
    let roster = |text: &str| fs::write(&path, text).expect("it can be written");
    let said = |options: &[&str]| {
        let done = class.grade("grades", options);
        assert_eq!(done.code, 2, "{done:?}");
        done.stderr
    };
    assert!(said(&["--due", "30.11.2026"]).contains("a time is as in"));
    assert!(said(&["--late", "10% per day"]).contains("--due"));
    let late = ["--due", "2026-11-30T23:59Z", "--late", "a lot"];
    assert!(said(&late).contains("as in `10% per day`"));
    assert!(said(&["--names", "{id}_{fiel}"]).contains("character 6: there is no `{fiel}`"));
    assert!(said(&["--names", "{id}.docx"]).contains("fits `--names`"));
    assert!(said(&["--excuse", "anne:s01"]).contains("did you mean `ann`?"));
    assert!(said(&["--excuse", "ann:s09"]).contains("s09"));
    assert!(said(&["--excuse", "ann"]).contains("as in `ana:s06`"));
    roster("id,excused\nann,s01\nbob,s09\n");
    assert!(said(&["--roster", &path]).contains("roster.csv:3: excused: "));
    roster("id,extra time\nann,2\n");
    assert!(said(&["--roster", &path]).contains("roster.csv:2: extra time: `2` is no length"));
    for option in ["--roster", "--weights", "--overrides", "--checks"] {
        let next = format!("next: look at the name behind `{option}`");
        assert!(said(&[option, "nowhere"]).contains(&next), "{option}");
    }
    fs::write(&path, b"id,name\nann,M\xfcller\n").expect("it can be written");
    assert!(said(&["--roster", &path]).contains("roster.csv:2: this is not UTF-8"));
}
