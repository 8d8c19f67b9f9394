//! The course's own material: its solutions, and the other right ways that its checks are tried
//! with. Their author wrote them so that they differ, so they are texts that are not copied.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::*;

/// Long steps, whose variants write one part anew and have the rest from the solution: these are
/// copies, and are found.
const PARTLY_COPIED: [&str; 2] = ["s14_tokenizer", "s18_checkpoint"];

/// A step, and the known ways to write it, the solution first.
struct Known {
    name: String,
    skeleton: String,
    /// Each a list of edits: what is found, and what is put in its place.
    mistakes: Vec<Vec<(String, String)>>,
    ways: Vec<String>,
}

impl Known {
    fn base(&self) -> Base<'_> {
        Base {
            step: &self.name,
            skeleton: &self.skeleton,
            solution: &self.ways[0],
        }
    }

    /// Each way, and each with each known mistake that its text can have; with the way's number.
    fn with_mistakes(&self) -> Vec<(usize, String)> {
        let mut texts = Vec::new();
        for (number, way) in self.ways.iter().enumerate() {
            let wrong = self.mistakes.iter().filter_map(|edits| edited(way, edits));
            texts.extend(wrong.map(|text| (number, text)));
            texts.push((number, way.clone()));
        }
        texts
    }
}

fn edited(text: &str, edits: &[(String, String)]) -> Option<String> {
    edits
        .iter()
        .try_fold(text.to_owned(), |text, (find, replace)| {
            let is_there_once = text.matches(find).count() == 1;
            is_there_once.then(|| text.replacen(find, replace, 1))
        })
}

/// The edits in a `mistakes.toml`.
fn mistakes(text: &str) -> Vec<Vec<(String, String)>> {
    #[derive(serde::Deserialize)]
    struct File {
        mistake: Vec<Mistake>,
    }
    #[derive(serde::Deserialize)]
    struct Mistake {
        edit: Vec<Edit>,
    }
    #[derive(serde::Deserialize)]
    struct Edit {
        find: String,
        replace: String,
    }
    let file: File = toml::from_str(text).expect("it is sound");
    let edits = |mistake: Mistake| {
        let edits = mistake.edit.into_iter();
        edits.map(|edit| (edit.find, edit.replace)).collect()
    };
    file.mistake.into_iter().map(edits).collect()
}

fn course() -> Vec<Known> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| fs::read_to_string(path).expect("it can be read");
    let listed = |path: &Path| {
        let entries = fs::read_dir(path).expect("it is there");
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries
    };
    let checks = listed(&root.join("checks"));
    let steps = checks
        .iter()
        .filter(|check| check.join("variants").is_dir())
        .filter(|check| !PARTLY_COPIED.iter().any(|step| check.ends_with(step)));
    steps
        .map(|check| {
            let name = check.file_name().expect("a name").to_string_lossy();
            let file = format!("{name}.rs");
            let variants = listed(&check.join("variants"));
            Known {
                skeleton: read(&check.join("skeleton.rs")),
                mistakes: mistakes(&read(&check.join("mistakes.toml"))),
                ways: [root.join("solutions").join(&file)]
                    .iter()
                    .chain(&variants)
                    .map(|path| read(path))
                    .collect(),
                name: name.into_owned(),
            }
        })
        .collect()
}

/// A class: student, step and text. Everybody writes each step in one of the known ways, and a
/// quarter of its lines a little different.
fn class(course: &[Known], students: usize) -> Vec<(String, &str, String)> {
    let draw = |what: String| grams::text_hash(&what) >> 32;
    let mut texts = Vec::new();
    for student in 0..students {
        for step in course {
            let drawn = draw(format!("{student} {}", step.name));
            let way = usize::try_from(drawn).expect("it has 32 bits") % step.ways.len();
            let line = |line: &str| {
                let drawn = draw(format!("{student} {line}"));
                let changed = line.ends_with(';') && drawn % 4 == 0;
                match line.strip_suffix(';') {
                    Some(line) if changed => format!("{line}.own({});\n", drawn % 97),
                    _ => format!("{line}\n"),
                }
            };
            let text = step.ways[way].lines().map(line).collect();
            texts.push((format!("{student:03}"), step.name.as_str(), text));
        }
    }
    texts
}

fn borrowed<'a>(texts: &'a [(String, &'a str, String)]) -> Vec<Text<'a>> {
    let texts = texts.iter().map(|(student, step, text)| Text {
        student,
        step,
        text,
    });
    texts.collect()
}

/// The class, and somebody who has all that student 4 has.
fn with_a_copy<'a>(texts: &'a [(String, &'a str, String)]) -> Vec<Text<'a>> {
    let mut all = borrowed(texts);
    let copied: Vec<Text<'_>> = all
        .iter()
        .filter(|text| text.student == "004")
        .copied()
        .collect();
    all.extend(copied.into_iter().map(|text| Text {
        student: "copy",
        ..text
    }));
    all
}

#[test]
fn of_texts_that_are_not_copied_hardly_any_are_near_and_none_is_shown() {
    let (mut pairs, mut near) = (0, Vec::new());
    for step in course() {
        let skeleton = Skeleton::of(&step.skeleton);
        let reads: Vec<HashSet<u64>> = step
            .ways
            .iter()
            .map(|way| skeleton.read(way).prints.grams.into_iter().collect())
            .collect();
        for (i, one) in reads.iter().enumerate() {
            for other in &reads[i + 1..] {
                pairs += 1;
                let of = one.len().min(other.len());
                let shared = one.intersection(other).count();
                if shared * 5 >= of * 4 {
                    near.push((step.name.clone(), shared, of));
                }
            }
        }
        let students: Vec<String> = (0..step.ways.len()).map(|i| i.to_string()).collect();
        let texts: Vec<Text<'_>> = students
            .iter()
            .zip(&step.ways)
            .skip(1)
            .map(|(student, text)| Text {
                student,
                step: &step.name,
                text,
            })
            .collect();
        assert_eq!(find(&texts, &[step.base()]).pairs, [], "{}", step.name);
    }
    assert!(pairs >= 310, "{pairs}");
    assert!(near.len() * 50 <= pairs, "{near:?}");
}

#[test]
fn near_pairs_hardly_ever_come_from_different_ways() {
    let (mut near, mut different) = (0, 0);
    for step in course() {
        let texts = step.with_mistakes();
        let students: Vec<String> = (0..texts.len()).map(|i| format!("{i:03}")).collect();
        let handed: Vec<Text<'_>> = std::iter::zip(&students, &texts)
            .map(|(student, (_, text))| Text {
                student,
                step: &step.name,
                text,
            })
            .collect();
        let way = |student: &String| texts[student.parse::<usize>().expect("a number")].0;
        for pair in find(&handed, &[step.base()]).pairs {
            if matches!(pair.steps[0].kind, Kind::Near { .. }) {
                let other = match &pair.b {
                    Other::Student(other) => way(other),
                    Other::Solution => 0,
                };
                near += 1;
                different += usize::from(way(&pair.a) != other);
            }
        }
    }
    assert!(near > 1000, "{near}");
    assert!(different * 100 <= near, "{different} of {near}");
}

#[test]
fn who_copied_the_whole_course_comes_first() {
    let course = course();
    let bases: Vec<Base<'_>> = course.iter().map(Known::base).collect();
    let texts = class(&course, 12);
    let first = &find(&with_a_copy(&texts), &bases).pairs[0];
    assert_eq!(first.a, "004");
    assert_eq!(first.b, Other::Student("copy".into()));
    assert_eq!(first.steps.len(), course.len());
}

#[test]
fn the_order_of_texts_does_not_matter() {
    let course = course();
    let bases: Vec<Base<'_>> = course.iter().map(Known::base).collect();
    let texts = class(&course, 12);
    let mut texts = with_a_copy(&texts);
    let findings = find(&texts, &bases);
    texts.reverse();
    assert_eq!(find(&texts, &bases), findings);
}

#[test]
#[ignore = "measures time"]
fn two_hundred_students_take_seconds() {
    let course = course();
    let bases: Vec<Base<'_>> = course.iter().map(Known::base).collect();
    let texts = class(&course, 200);
    let texts = borrowed(&texts);
    let start = Instant::now();
    let findings = find(&texts, &bases);
    let took = start.elapsed();
    println!(
        "{} texts: {took:?}, {} pairs",
        texts.len(),
        findings.pairs.len()
    );
    assert!(took < Duration::from_secs(5), "{took:?}");
}
