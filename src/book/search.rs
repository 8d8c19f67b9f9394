//! What can be searched: a list that pages load once somebody searches, as a script, since a page from
//! a folder may not read other files.

use serde_json::{Value, json};

use super::File;
use super::chapter::Chapter;
use super::links::Layout;
use super::markdown::Text;

/// The name of the list.
const NAME: &str = "search.js";

/// For each part of a chapter its address, the chapter's title, its own, and its words.
pub fn entries(chapter: &Chapter<'_>, text: &Text) -> Vec<Value> {
    let stem = &chapter.place.stem;
    let entry = |section: &super::markdown::Section| {
        let words: Vec<&str> = section.words.split_whitespace().collect();
        let anchor = (section.level > 1).then_some(section.anchor.as_str());
        let title = match section.level {
            1 => "",
            _ => section.title.as_str(),
        };
        json!([
            Layout::Pages.chapter(stem, anchor),
            chapter.title,
            title,
            words.join(" ")
        ])
    };
    text.sections.iter().map(entry).collect()
}

/// The file with all of them.
pub fn index(entries: &[Value]) -> File {
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    File {
        name: NAME.to_owned(),
        content: format!("searchable([\n{}\n]);\n", lines.join(",\n")),
    }
}
