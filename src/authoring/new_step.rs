//! The files of a new step: sound from the first minute, to be filled in.
//!
//! Until then the step adds up numbers. It needs nothing of a kit but texts, and it comes with as
//! many mistakes, variants, hints and answers as the course asks of every step.

mod manifest;
mod wrong;

use std::fs;
use std::path::{Path, PathBuf};

use crate::course::{Course, LessonRules, MANIFEST, Step, is_step_file};
use crate::error::{Error, Result};
use crate::files;

/// What a new step is called, and where it goes.
struct Names<'a> {
    /// `s13`.
    id: &'a str,
    /// `s13_loss`.
    file: &'a str,
    /// `Loss`.
    title: String,
}

/// Writes all files of the step `file`, as in `s13_loss`, which comes behind the step `after`; they
/// are returned, as seen from the course's folder. The learner's file is among them.
///
/// # Errors
///
/// If the name is none, or is taken, or if a file is there already; then nothing is written.
pub fn write(course: &Course, file: &str, after: &Step) -> Result<Vec<PathBuf>> {
    let names = names(course, file)?;
    let root = course.root();
    let manifest = root.join(MANIFEST);
    let old = fs::read_to_string(&manifest).map_err(Error::io("read", &manifest))?;
    let row = names.filled_in(include_str!("new_step/templates/row.template"));
    let new = manifest::with_row(&old, &after.id, &row)
        .ok_or_else(|| Error::Internal(format!("`{}` has no row", after.id)))?;

    let files = files_of(course, &names);
    if let Some((path, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(Error::Usage {
            message: format!(
                "`{}` is there already, and nothing was written",
                path.display()
            ),
            next: "move it away, or choose another name".into(),
        });
    }
    let mut changed = vec![(manifest, old, new)];
    for package in ["solutions/lib.rs", "steps/lib.rs"].map(|name| root.join(name)) {
        // A course may do without packages for editors.
        if let Ok(text) = fs::read_to_string(&package) {
            let declared = with_module(&text, &after.name, file);
            changed.push((package, text, declared));
        }
    }
    let written = write_all(root, &files, &changed);
    if written.is_err() {
        undo(root, &files, &changed);
    }
    written?;
    let new = files.into_iter().map(|(path, _)| path);
    let changed = changed.into_iter().map(|(path, _, _)| {
        let path = path.strip_prefix(root).unwrap_or(&path);
        path.to_owned()
    });
    Ok(new.chain(changed).collect())
}

fn names<'a>(course: &Course, file: &'a str) -> Result<Names<'a>> {
    let usage = |message: String| Error::Usage {
        message: format!("{message}, and nothing was written"),
        next: "`tutor list` shows all steps; a new one is called like `s13_loss`".into(),
    };
    let Some((id, name)) = file.split_once('_').filter(|_| is_step_file(file)) else {
        return Err(usage(format!(
            "`{file}` is no name for a step: `s`, a number, `_` and small letters"
        )));
    };
    if let Some(step) = course.steps().iter().find(|step| step.id == id) {
        return Err(usage(format!("`{id}` is there already: `{}`", step.name)));
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    Ok(Names {
        id,
        file,
        title: first.unwrap_or_default() + letters.as_str(),
    })
}

impl Names<'_> {
    fn filled_in(&self, template: &str) -> String {
        template
            .replace("{{ID}}", self.id)
            .replace("{{NUMBER}}", self.id.trim_start_matches('s'))
            .replace("{{FILE}}", self.file)
            .replace("{{TITLE}}", &self.title)
    }
}

/// The variants that there are.
const VARIANTS: [(&str, &str); 4] = [
    (
        "slices",
        include_str!("new_step/templates/variants/slices.template"),
    ),
    (
        "scan",
        include_str!("new_step/templates/variants/scan.template"),
    ),
    (
        "in_place",
        include_str!("new_step/templates/variants/in_place.template"),
    ),
    (
        "recursion",
        include_str!("new_step/templates/variants/recursion.template"),
    ),
];

/// All new files, from the course's folder, with what is in them.
fn files_of(course: &Course, names: &Names<'_>) -> Vec<(PathBuf, String)> {
    let file = names.file;
    let rules = course.check_rules();
    let no_rules = LessonRules::default();
    let lessons = course.lesson_rules().unwrap_or(&no_rules);
    let skeleton = names.filled_in(include_str!("new_step/templates/skeleton.template"));
    let solution = names.filled_in(include_str!("new_step/templates/solution.template"));
    let list = |head: &str, rows: String| names.filled_in(head) + &rows;
    let checks = [
        ("skeleton.rs", skeleton.clone()),
        (
            "check.rs",
            names.filled_in(include_str!("new_step/templates/check.template")),
        ),
        (
            "mistakes.toml",
            list(
                include_str!("new_step/templates/mistakes.template"),
                wrong::mistakes(rules.mistakes.max(1)),
            ),
        ),
        (
            "shortcuts.toml",
            list(
                include_str!("new_step/templates/shortcuts.template"),
                wrong::shortcuts(rules.shortcuts.max(1)),
            ),
        ),
        (
            "near_misses.toml",
            list(
                include_str!("new_step/templates/near_misses.template"),
                wrong::near_misses(rules.near_misses.max(1)),
            ),
        ),
    ];
    let variants = (VARIANTS.iter().take(rules.variants.max(1)))
        .map(|(name, text)| (format!("variants/{name}.rs"), names.filled_in(text)));
    let experiments: Vec<String> = (1..=lessons.experiments.max(1))
        .map(|n| format!("sums_{n}"))
        .collect();
    let mut all = vec![
        (format!("solutions/{file}.rs"), solution),
        (format!("steps/{file}.rs"), skeleton),
    ];
    all.extend(checks.map(|(name, text)| (format!("checks/{file}/{name}"), text)));
    all.extend(variants.map(|(name, text)| (format!("checks/{file}/{name}"), text)));
    let mut lesson = |name: String, text: String| {
        all.push((format!("lessons/{file}/{name}"), text));
    };
    lesson(
        "lesson.md".into(),
        lesson_text(names, lessons, &experiments),
    );
    lesson("hints.toml".into(), hints(names, lessons.hints.max(1)));
    lesson("exercises.toml".into(), judged_exercises(lessons));
    lesson("numbers.rs".into(), numbers(names, answers(lessons)));
    for (count, name) in (5..).zip(&experiments) {
        let template = include_str!("new_step/templates/experiment.template");
        let text = names
            .filled_in(template)
            .replace("{{COUNT}}", &count.to_string());
        lesson(format!("experiments/{name}.rs"), text);
        lesson(format!("experiments/{name}.txt"), printed(count));
    }
    (all.into_iter())
        .map(|(path, text)| (path.into(), text))
        .collect()
}

/// What the experiment with so many numbers prints.
fn printed(count: usize) -> String {
    let numbers: Vec<usize> = (1..=count).collect();
    let sums: Vec<usize> = (1..=count).map(wrong::sum_to).collect();
    format!("numbers  {numbers:?}\nsums     {sums:?}\nThe last sum is the sum of all numbers.\n")
}

/// How many answers a lesson begins with.
fn answers(rules: &LessonRules) -> usize {
    let fewest = rules.answers.map_or(1, |(fewest, _)| fewest);
    fewest.max(rules.exercises).max(1)
}

fn lesson_text(names: &Names<'_>, rules: &LessonRules, experiments: &[String]) -> String {
    let mut text = names.filled_in(include_str!("new_step/templates/lesson.template"));
    text.push_str("\nThere is something to try out:\n\n");
    for name in experiments {
        text.push_str(&format!("- `tutor try {} {name}`\n", names.id));
    }
    let rest: Vec<&String> = (rules.mentions.iter())
        .filter(|word| !text.contains(word.as_str()))
        .collect();
    for word in rest {
        text.push_str(&format!("\nTo be mentioned: `{word}`.\n"));
    }
    let mut has_exercises = false;
    for heading in &rules.headings {
        text.push_str(&format!("\n## {heading}\n\n"));
        if heading == EXERCISES {
            text.push_str(&exercises(rules));
            has_exercises = true;
        } else {
            text.push_str("To be written.\n");
        }
    }
    if !has_exercises {
        if rules.headings.is_empty() {
            text.push_str(&format!("\n## {EXERCISES}\n"));
        }
        text.push_str(&format!("\n{}", exercises(rules)));
    }
    text
}

/// The heading that exercises stand under.
const EXERCISES: &str = "Exercises";

/// The exercises of a new lesson, with their answers.
fn exercises(rules: &LessonRules) -> String {
    let exercises: Vec<String> = (1..=answers(rules))
        .map(|n| {
            include_str!("new_step/templates/answer.template")
                .trim_end()
                .replace("{{N}}", &n.to_string())
                .replace("{{COUNT}}", &(n + 1).to_string())
                .replace("{{SUM}}", &wrong::sum_to(n + 1).to_string())
        })
        .collect();
    exercises.join("\n\n") + "\n"
}

/// Those of the exercises that are judged; nothing if the lessons have no place for any.
fn judged_exercises(rules: &LessonRules) -> String {
    let has_place = rules.headings.is_empty() || rules.headings.iter().any(|h| h == EXERCISES);
    let count = if has_place { rules.exercises.max(1) } else { 0 };
    let mut text = include_str!("new_step/templates/exercises.template").to_owned();
    for n in 1..=count.min(answers(rules)) {
        text.push_str(&format!(
            "\n[[exercise]]\nnumber = {n}\nanswer = {}\n\n[[exercise.wrong]]\nanswer = {}\nwhy = \
             \"That is the last number itself. What has come before it belongs to its sum.\"\n",
            wrong::sum_to(n + 1),
            n + 1
        ));
    }
    text
}

fn hints(names: &Names<'_>, count: usize) -> String {
    let mut text = names.filled_in(include_str!("new_step/templates/hints.template"));
    for n in 1..=count {
        text.push_str(&format!(
            "\n[[hint]]\ntext = \"Hint {n} of {count}: each sum is the one before it and one number more.\"\n"
        ));
    }
    text
}

/// `numbers.rs`, for a lesson with so many answers.
fn numbers(names: &Names<'_>, answers: usize) -> String {
    let text = names.filled_in(include_str!("new_step/templates/numbers.template"));
    text.replace("{{LAST}}", &(answers + 1).to_string())
}

/// `text`, a package's root, with a module called `new` behind the one called `after`.
fn with_module(text: &str, after: &str, new: &str) -> String {
    let line = format!("pub mod {after};");
    let end = match text.find(&line) {
        Some(start) => start + line.len(),
        None => text.trim_end().len(),
    };
    let (above, below) = text.split_at(end);
    let below = if below.is_empty() { "\n" } else { below };
    format!("{above}\npub mod {new};{below}")
}

type Change = (PathBuf, String, String);

/// The manifest last: a step that it names is whole.
fn write_all(root: &Path, new: &[(PathBuf, String)], changed: &[Change]) -> Result<()> {
    for (path, text) in new {
        files::write(&root.join(path), text.as_bytes())?;
    }
    for (path, _, text) in changed.iter().rev() {
        files::write(path, text.as_bytes())?;
    }
    Ok(())
}

/// Takes everything back, as far as that can be done.
fn undo(root: &Path, new: &[(PathBuf, String)], changed: &[Change]) {
    for (path, old, _) in changed {
        let _ = files::write(path, old.as_bytes());
    }
    for (path, _) in new {
        let path = root.join(path);
        let _ = fs::remove_file(&path);
        // Folders that were made for it are empty by the end.
        for folder in path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != root)
        {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_stands_behind_the_one_that_it_follows() {
        let text = "//! All.\n\npub mod s01_a;\npub mod s02_b;\n";
        assert_eq!(
            with_module(text, "s01_a", "s03_c"),
            "//! All.\n\npub mod s01_a;\npub mod s03_c;\npub mod s02_b;\n"
        );
        assert_eq!(
            with_module(text, "s09", "s03_c"),
            format!("{text}pub mod s03_c;\n")
        );
    }
}
