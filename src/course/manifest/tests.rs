use std::time::Duration;

use super::*;

const THREE: &str = r#"
title = "T"
[[part]]
title = "P"
[[part.step]]
id = "s01"
file = "s01_a"
title = "A"
points = 1
[[part.step]]
id = "s02"
file = "s02_b"
title = "B"
points = 2
needs = ["s01"]
[[part]]
title = "Q"
[[part.step]]
id = "s03"
file = "s03_c"
title = "C"
points = 3
needs = ["s02"]
limits = { seconds = 60, memory = "2 GB" }
"#;

fn problem(text: &str) -> (Option<(usize, usize)>, String) {
    match Course::parse(Path::new("/c"), text) {
        Err(Error::Course { at, message, .. }) => (at, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn steps_stand_in_parts_and_needs_are_closed_under_needing() {
    let course = Course::parse(Path::new("/c"), THREE).expect("it is sound");
    assert_eq!(course.steps()[2].needs, [0, 1]);
    let parts: Vec<_> = course
        .parts()
        .iter()
        .map(|part| part.steps.clone())
        .collect();
    assert_eq!(parts, [0..2, 2..3]);
    let limits = course.steps()[2].limits;
    assert_eq!(limits.time, Some(Duration::from_secs(60)));
    assert_eq!(limits.memory, Some(2 << 30));
    assert_eq!(course.kit().path, Path::new("/c/kit"));
}

#[test]
fn a_broken_manifest_is_told_with_line_and_column() {
    let (at, _) = problem("title = \"T\"\n[[part]\n");
    assert_eq!(at.map(|at| at.0), Some(2));
    let (at, message) = problem(&THREE.replace("[\"s01\"]", "[\"s09\"]"));
    assert_eq!(at, Some((15, 10)));
    assert!(message.contains("s09"), "{message}");
    let (at, _) = problem(&THREE.replace("s02\"\nfile = \"s02_b", "s01\"\nfile = \"s01_b"));
    assert_eq!(at, Some((11, 6)));
    let (at, message) = problem(&THREE.replace("points = 2", "point = 2"));
    assert_eq!(at, Some((14, 1)));
    assert!(message.contains("unknown field `point`"), "{message}");
    let (_, message) = problem("title = \"T\"\npart = []\n");
    assert!(message.contains("at least one"), "{message}");
    let (at, message) = problem("title = \"T\"\n[[part]]\ntitle = \"P\"\n");
    assert_eq!(at, Some((2, 1)));
    assert!(message.contains("has no `[[part.step]]`"), "{message}");
    let (_, message) = problem("title = \"T\"\n[[step]]\nid = \"s01\"\n");
    assert!(message.contains("steps stand in parts"), "{message}");
}

#[test]
fn a_step_cannot_need_itself_or_a_later_one() {
    let (_, message) = problem(&THREE.replace("[\"s01\"]", "[\"s02\"]"));
    assert!(message.contains("which is itself"), "{message}");
    let (_, message) = problem(&THREE.replace("[\"s01\"]", "[\"s03\"]"));
    assert!(message.contains("comes later"), "{message}");
}

#[test]
fn what_a_step_is_allowed_is_guarded_otherwise() {
    let with = |guarded: &str, allows: &str| {
        THREE
            .replace(
                "\"T\"",
                &format!("\"T\"\nkit = {{ guarded = [{guarded}] }}"),
            )
            .replace("points = 2", &format!("points = 2\nallows = [{allows}]"))
    };
    let text = with("'nets_nn'", "'nets_nn::linear'");
    let course = Course::parse(Path::new("/c"), &text).expect("it is sound");
    assert_eq!(course.steps()[1].allows, ["nets_nn::linear"]);
    assert!(course.kit().guarded.holds("nets_nn::norm::f"));
    let (at, message) = problem(&with("'nets_nn'", "'nets_nn::linear', 'nets::f'"));
    assert_eq!(at, Some((16, 30)));
    assert!(message.contains("`s02` is allowed `nets::f`"), "{message}");
    let (at, message) = problem(&with("'nets_nn'", "'nets_nn::'"));
    assert_eq!(at, Some((16, 11)));
    assert!(message.contains("is no path"), "{message}");
    let (at, message) = problem(&THREE.replace("points = 2", "forbids = []"));
    assert_eq!(at, Some((14, 1)));
    assert!(message.contains("`guarded` under `[kit]`"), "{message}");
}

#[test]
fn a_steps_file_is_called_by_its_id_and_words() {
    assert!(is_step_file("s13_loss") && is_step_file("s1_a2_b"));
    for bad in [
        "s13", "s13_", "13_loss", "s13_Loss", "s13_../x", "s_loss", "s13_2", "",
    ] {
        assert!(!is_step_file(bad), "{bad}");
    }
}

#[test]
fn file_names_stay_inside_their_folder() {
    let (_, message) = problem(&THREE.replace("s02_b", "s02_/../../b"));
    assert!(message.contains("must be named"), "{message}");
}

#[test]
fn limits_are_told_with_their_bounds() {
    let (at, message) = problem(&THREE.replace("= 60", "= 0"));
    assert_eq!(at, Some((24, 22)));
    assert!(message.contains("from 1 to"), "{message}");
    let (_, message) = problem(&THREE.replace("2 GB", "much"));
    assert!(message.contains("`much` is no amount"), "{message}");
}

#[test]
fn assets_lie_in_their_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join("assets")).expect("it is new");
    std::fs::write(root.join("assets/a.txt"), "a").expect("it can be written");
    std::fs::write(root.join("b.txt"), "b").expect("it can be written");
    let with = |asset: &str| {
        let row = format!("assets = [\"{asset}\"]\nlimits");
        match Course::parse(root, &THREE.replace("limits", &row)) {
            Ok(course) => format!("{:?}", course.steps()[2].assets),
            Err(Error::Course { at, message, .. }) => format!("{at:?} {message}"),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(with("a.txt"), "[\"a.txt\"]");
    assert!(with("../b.txt").contains("Some((24, 11)) the asset `../b.txt` must be"));
    assert!(with("c.txt").contains("there is no `assets/c.txt`"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../b.txt", root.join("assets/l")).expect("a link");
        assert!(with("l").contains("leads out of"));
    }
}

#[test]
fn lessons_read_what_all_of_them_may_and_what_their_step_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join("assets")).expect("it is new");
    for name in ["a.txt", "b.txt"] {
        std::fs::write(root.join("assets").join(name), name).expect("it can be written");
    }
    let with = |assets: &str| {
        let row = "assets = [\"a.txt\"]\nlimits";
        let text = format!(
            "{}\n[lessons]\nassets = {assets}\n",
            THREE.replace("limits", row)
        );
        Course::parse(root, &text)
    };
    let course = with("[\"b.txt\", \"a.txt\"]").expect("it is sound");
    let [first, .., last] = course.steps() else {
        panic!("there are three steps");
    };
    assert_eq!(course.in_lesson(first).assets, ["b.txt", "a.txt"]);
    assert_eq!(course.in_lesson(last).assets, ["a.txt", "b.txt"]);
    // A check sees nothing of them.
    assert!(first.assets.is_empty());
    let Err(Error::Course { at, message, .. }) = with("[\"c.txt\"]") else {
        panic!("there is no such file");
    };
    assert_eq!(at, Some((28, 11)));
    assert!(message.contains("there is no `assets/c.txt`"), "{message}");
}
