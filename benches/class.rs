//! How long a teacher waits: `cargo bench --bench class`.
//!
//! Grades 200 students with the first 12 steps each, all files distinct: most right in one way or another,
//! some with known mistakes, some that do not compile, some not started. Prints the time of the
//! whole process, and the most memory that it and all it started had at a time.

mod size;
#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "what only tests need")]
mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use size::size;
use support::Sandbox;
use tutor::course::Step;
use tutor::course::mistakes;

const STUDENTS: usize = 200;

/// The steps that each of them hands in.
const STEPS: usize = 12;

fn main() {
    let sandbox = Sandbox::real();
    sandbox.tutor(&["setup"]);
    let class = tempfile::tempdir().expect("a folder for the class");
    let files = make_class(&sandbox, class.path());
    let place = tempfile::tempdir().expect("a folder for the results");
    let out = place.path().join("grades");
    let mut command = sandbox.command(&["grade", "--jobs", "2", "--seed", "20261125"]);
    command.arg(class.path()).arg("--out").arg(&out);
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("tutor can be started");
    let memory = most_memory(&mut child);
    let seconds = started.elapsed().as_secs_f64();
    let code = child.wait().expect("it was started").code();
    assert_eq!(code, Some(0));
    println!("{STUDENTS} students, {files} distinct files, 2 jobs   {seconds:.0} s");
    println!(
        "memory of all processes together            {} MB",
        memory >> 20
    );
    println!(
        "size of the results                         {} MB",
        size(&out) >> 20
    );
}

/// Writes the submissions; tells how many files there are.
fn make_class(sandbox: &Sandbox, class: &Path) -> usize {
    let course = sandbox.course();
    let mut files = 0;
    for step in course.steps().iter().take(STEPS) {
        let texts = texts(sandbox, step);
        for student in 0..STUDENTS {
            // Any fixed mixture would do.
            let number = (student * 7919 + files * 104_729) % 1000;
            let text = match number {
                0..650 => &texts.right[number % texts.right.len()],
                650..900 => &texts.wrong[number % texts.wrong.len()],
                900..950 => &texts.broken,
                _ => &texts.skeleton,
            };
            let folder = class.join(format!("student-{student:03}"));
            fs::create_dir_all(&folder).expect("it can be made");
            let file = folder.join(format!("{}.rs", step.name));
            fs::write(file, format!("{text}\n// student {student}\n")).expect("it can be written");
            files += 1;
        }
    }
    files
}

/// What students hand in for a step.
struct Texts {
    right: Vec<String>,
    wrong: Vec<String>,
    broken: String,
    skeleton: String,
}

fn texts(sandbox: &Sandbox, step: &Step) -> Texts {
    let course = sandbox.course();
    let solution = sandbox.read(&format!("solutions/{}.rs", step.name));
    let variants = course.check_file(step).with_file_name("variants");
    let mut right: Vec<String> = fs::read_dir(variants)
        .expect("every step has variants")
        .map(|entry| fs::read_to_string(entry.expect("it can be read").path()).expect("it is text"))
        .collect();
    right.sort();
    right.push(solution.clone());
    let known = mistakes::read(&course, step).expect("they are sound");
    Texts {
        right,
        wrong: known.into_iter().map(|mistake| mistake.source).collect(),
        broken: solution
            .replacen("Self", "Slef", 1)
            .replacen("device", "devise", 1),
        skeleton: fs::read_to_string(course.skeleton_file(step)).expect("it is there"),
    }
}

/// The most resident memory that a process and its descendants had together, looked at often.
fn most_memory(child: &mut Child) -> u64 {
    let mut most = 0;
    while child.try_wait().expect("it was started").is_none() {
        most = most.max(memory_below(child.id()));
        thread::sleep(Duration::from_millis(50));
    }
    most
}

/// Shared pages count once for each process: the figure is an upper bound.
fn memory_below(root: u32) -> u64 {
    let mut parents: HashMap<u32, (u32, u64)> = HashMap::new();
    for entry in fs::read_dir("/proc").expect("this is Linux").flatten() {
        let name = entry.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else {
            continue;
        };
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        let parent = field("PPid:")
            .and_then(|id| id.try_into().ok())
            .unwrap_or(0);
        parents.insert(id, (parent, field("VmRSS:").unwrap_or(0) << 10));
    }
    let is_below = |mut id: u32| loop {
        match parents.get(&id) {
            _ if id == root => return true,
            Some(&(parent, _)) if parent != id => id = parent,
            _ => return false,
        }
    };
    parents
        .iter()
        .filter(|(id, _)| is_below(**id))
        .map(|(_, (_, memory))| memory)
        .sum()
}
