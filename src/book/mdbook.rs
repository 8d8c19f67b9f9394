//! What [mdBook](https://rust-lang.github.io/mdBook/) makes a book of: the lessons as they are, with
//! their formulas set, and behind each what belongs to its step besides.

use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use super::File;
use super::chapter::{self, Chapter};
use super::formula;
use super::html::escaped;
use super::links;
use super::more::{More, ON_EXPERIMENTS, ON_HINTS, inline};
use crate::course::{Course, Step, figures};
use crate::error::{Error, Result};
use crate::files;

/// A file that every such folder has.
pub const SIGN: &str = "book.toml";

/// How formulas are set; all else is mdBook's business.
const STYLE: &str = "\
.formula { overflow-x: auto; }
math[display=\"block\"] { width: max-content; margin-left: 1rem; }
mtd { padding: .3em .25em; text-align: left; }
mtd.left { text-align: right; }
mtd.aside { padding-left: 2em; }
";

/// All files, by their names in the folder of the book.
///
/// # Errors
///
/// If a text of the course cannot be read.
pub fn files(course: &Course) -> Result<Vec<File>> {
    let chapters = chapter::all(course)?;
    let mut files = vec![
        file(SIGN, settings(course)),
        file("formula.css", STYLE.to_owned()),
        file("src/SUMMARY.md", summary(course, &chapters)),
    ];
    for chapter in &chapters {
        let mut text = text(course, &chapters, chapter);
        if let Some(step) = chapter.step {
            text += &behind(&More::of(course, step)?, step);
            files.push(file(
                &format!("src/{}", check_file(step)),
                check(course, step)?,
            ));
            files.extend(pictures(course, step)?);
        }
        files.push(file(&format!("src/{}", text_file(course, chapter)), text));
    }
    Ok(files)
}

fn file(name: &str, content: String) -> File {
    File {
        name: name.to_owned(),
        content,
    }
}

fn settings(course: &Course) -> String {
    let title = toml::Value::from(course.title());
    format!(
        "[book]\n\
         title = {title}\n\
         language = \"en\"\n\
         \n\
         [output.html]\n\
         additional-css = [\"formula.css\"]\n\
         # Lessons have numbers of their own.\n\
         no-section-label = true\n\
         \n\
         # A step runs in the course, not in a browser.\n\
         [output.html.playground]\n\
         runnable = false\n"
    )
}

/// The table of contents: lessons by parts, the check of each behind it.
fn summary(course: &Course, chapters: &[Chapter<'_>]) -> String {
    let mut summary = "# Summary\n".to_owned();
    let mut has_parts = false;
    for (part, chapters) in chapter::parts(course, chapters) {
        summary += "\n";
        match part {
            Some(part) => {
                summary += &format!("# {part}\n\n");
                has_parts = true;
            }
            // What is said after the last part belongs to none.
            None if has_parts => summary += "---\n\n",
            None => {}
        }
        for chapter in chapters {
            let link = format!("[{}]({})\n", chapter.title, text_file(course, chapter));
            match chapter.step {
                Some(step) => {
                    let check = check_file(step);
                    summary += &format!(
                        "- {link}  - [The check of step {}]({check})\n",
                        number(step)
                    );
                }
                None => summary += &link,
            }
        }
    }
    summary
}

/// Where a chapter's text lies among the others: where it lies among the lessons, so that their links
/// lead where they did.
fn text_file(course: &Course, chapter: &Chapter<'_>) -> String {
    let stem = &chapter.place.stem;
    let is_beside =
        chapter.step.is_none() && is_same(&chapter.place.folder, &course.lessons_folder());
    match is_beside {
        true => format!("{stem}.md"),
        false => format!("{stem}/lesson.md"),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.components().eq(other.components())
}

fn check_file(step: &Step) -> String {
    format!("checks/{}.md", step.name)
}

fn number(step: &Step) -> &str {
    &step.id[1..]
}

/// A chapter's Markdown with formulas set, and with links that lead to what is in the book.
fn text(course: &Course, chapters: &[Chapter<'_>], chapter: &Chapter<'_>) -> String {
    let markdown = &chapter.markdown;
    let places: Vec<_> = (chapters.iter())
        .map(|chapter| chapter.place.clone())
        .collect();
    let mut changed = String::new();
    let mut copied = 0;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        let old = &markdown[range.clone()];
        let new = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if &*language == "formula" =>
            {
                set(old)
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let layout = links::Layout::Pages;
                let target = links::resolved(course, &places, &chapter.place, layout, &dest_url);
                relinked(course, old, target.as_deref())
            }
            _ => None,
        };
        if let Some(new) = new.filter(|_| range.start >= copied) {
            changed += &markdown[copied..range.start];
            changed += &new;
            copied = range.end;
        }
    }
    changed + &markdown[copied..]
}

/// A block of formulas as `MathML`; nothing if it is none, which `tutor course check` tells of.
fn set(block: &str) -> Option<String> {
    let (_, inner) = block.split_once('\n')?;
    let (inner, _) = inner.rsplit_once("```")?;
    let set = formula::mathml(inner).ok()?;
    // To Markdown, a blank line ends a block of HTML.
    let lines = set.lines().filter(|line| !line.trim().is_empty());
    Some(format!(
        "<div class=\"formula\">\n{}\n</div>\n",
        lines.collect::<Vec<_>>().join("\n")
    ))
}

/// A link that has to lead elsewhere: to the page of a check, or nowhere. `target` is where it leads in
/// our own book.
fn relinked(course: &Course, link: &str, target: Option<&str>) -> Option<String> {
    let (words, _) = link.strip_prefix('[')?.split_once("](")?;
    let Some(target) = target else {
        return Some(words.to_owned());
    };
    let mut steps = course.steps().iter();
    let step = steps.find(|step| links::check(&step.name, None) == target)?;
    Some(format!("[{words}](../{})", check_file(step)))
}

/// What stands behind a lesson, folded away.
fn behind(more: &More, step: &Step) -> String {
    let mut text = String::new();
    if !more.experiments.is_empty() {
        text += &format!("\n## What the experiments print\n\n{ON_EXPERIMENTS}\n");
    }
    for (experiment, printed) in &more.experiments {
        let title = inline(&experiment.title);
        let printed = folded("What it prints", &code("text", printed));
        let content = format!("{}\n{printed}", experiment.ask);
        text += &folded(
            &format!("<code>{}</code>: {title}", experiment.name),
            &content,
        );
    }
    if !(more.general.is_empty() && more.occasional.is_empty()) {
        text += "\n## Hints\n";
    }
    if !more.general.is_empty() {
        text += &format!("\n{ON_HINTS}\n");
    }
    for (number, hint) in (1..).zip(&more.general) {
        text += &folded(&format!("Hint {number}"), hint);
    }
    for (occasion, hint) in &more.occasional {
        text += &folded(occasion, hint);
    }
    text += "\n## The code\n";
    text += &folded("What you begin with", &code("rust", &more.skeleton));
    text += &folded("The solution", &code("rust", &more.solution));
    text + &format!(
        "\nWhat is looked at, line by line: [the check of this step](../{}).\n",
        check_file(step)
    )
}

/// `content` in Markdown, folded away behind `summary` in HTML.
fn folded(summary: &str, content: &str) -> String {
    format!(
        "\n<details><summary>{summary}</summary>\n\n{}\n\n</details>\n",
        content.trim()
    )
}

/// A block of code. What is in it may have a fence of the usual length.
fn code(language: &str, code: &str) -> String {
    format!("~~~~{language}\n{}\n~~~~\n", code.trim_end())
}

/// The page that shows the check of `step`.
fn check(course: &Course, step: &Step) -> Result<String> {
    let path = course.check_file(step);
    let text = course.read("check", step, &path)?;
    let name = path.strip_prefix(course.root()).unwrap_or(&path).display();
    Ok(format!(
        "# The check of step {}\n\n\
         The program that observes [{}](../{}/lesson.md), `{name}`. It makes inputs, calls the step and \
         records what comes back; the same program records what the reference returns, and the two are \
         compared.\n\n{}",
        number(step),
        escaped(&step.title),
        step.name,
        code("rust", &text)
    ))
}

/// The pictures of a lesson, as they were drawn.
fn pictures(course: &Course, step: &Step) -> Result<Vec<File>> {
    let folder = PathBuf::from("src").join(&step.name);
    let programs = figures::programs(course, step)?;
    let drawn = programs
        .iter()
        .map(figures::picture)
        .filter(|path| path.exists());
    drawn
        .map(|path| {
            let content = files::read_text(&path).map_err(Error::io("read", &path))?;
            let name = path
                .strip_prefix(course.lesson_folder(step))
                .unwrap_or(&path);
            Ok(file(&folder.join(name).to_string_lossy(), content))
        })
        .collect()
}
