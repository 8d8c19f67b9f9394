//! The plan of `src/`: every arrow between its rooms points down, and none leads in a circle.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;

use crate::support;

/// From one room to another.
type Arrow = (&'static str, &'static str);

/// The rooms, floor by floor from the bottom. Rooms on one floor may name each other one way.
const FLOORS: [&[&str]; 23] = [
    &["error", "files", "hash", "parallel", "text", "tokens"],
    &["terminal"],
    &["figure"],
    &["course"],
    &["book"],
    &["engine::cut"],
    &["engine::cache"],
    &["engine::kit"],
    &["engine::sandbox"],
    &["engine::compile"],
    &["engine::observe"],
    &["engine::judge"],
    &["engine::pipeline"],
    &["report", "progress"],
    &[
        "classroom::due",
        "classroom::overrides",
        "classroom::record",
        "classroom::results_folder",
        "classroom::roster",
        "classroom::similarity",
        "classroom::weights",
    ],
    &["classroom::submissions"],
    &["classroom::grading", "classroom::gradebook"],
    &[
        "authoring::flaw",
        "authoring::new_course",
        "authoring::new_step",
    ],
    &["authoring::check"],
    &["watch", "update", "studio", "hub"],
    &["completions"],
    &["cli"],
    &["commands"],
];

#[test]
fn every_arrow_points_down_and_none_leads_in_a_circle() {
    let root = support::root().join("src");
    let (mut upwards, mut arrows) = (BTreeSet::new(), BTreeSet::new());
    for file in files(&root).iter().filter(|file| is_in_a_room(file, &root)) {
        let module = module(file.strip_prefix(&root).expect("it is below"));
        let from = room(&module).unwrap_or_else(|| panic!("{module:?} is on no floor"));
        for to in named(file, &module).iter().filter_map(|path| room(path)) {
            if to.0 > from.0 {
                upwards.insert(format!("{}: {}", file.display(), to.1));
            } else if to != from {
                arrows.insert((from.1, to.1));
            }
        }
    }
    assert!(arrows.len() > 40, "hardly anything was read: {arrows:?}");
    let circles = circles(arrows);
    assert!(
        upwards.is_empty() && circles.is_empty(),
        "named from below: {upwards:#?}\nin a circle: {circles:#?}"
    );
}

/// The floor and the name of the room in which a path lies.
fn room(path: &[String]) -> Option<(usize, &'static str)> {
    let path = path.join("::") + "::";
    let rooms = FLOORS.iter().enumerate();
    let mut rooms = rooms.flat_map(|(floor, rooms)| rooms.iter().map(move |room| (floor, *room)));
    rooms.find(|(_, room)| path.starts_with(&format!("{room}::")))
}

/// What is left when arrows to rooms from which none leads on are taken away, again and again.
fn circles(mut arrows: BTreeSet<Arrow>) -> BTreeSet<Arrow> {
    loop {
        let from: BTreeSet<&str> = arrows.iter().map(|(from, _)| *from).collect();
        let before = arrows.len();
        arrows.retain(|(_, to)| from.contains(to));
        if arrows.len() == before {
            return arrows;
        }
    }
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it can be read");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Not tests, not templates, not the two roots, and not what only says which rooms there are.
fn is_in_a_room(file: &Path, root: &Path) -> bool {
    let name = file
        .strip_prefix(root)
        .expect("it is below")
        .with_extension("");
    let is_outside = ["main", "lib", "engine", "classroom", "authoring"]
        .map(Path::new)
        .contains(&&*name);
    let is_rust = file.extension().is_some_and(|extension| extension == "rs");
    let is_no_module = |part: &OsStr| part == "tests" || part == "template";
    is_rust && !is_outside && !name.iter().any(is_no_module)
}

fn module(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    parts
        .iter()
        .map(|part| part.to_string_lossy().into())
        .collect()
}

/// The paths that a file names outside of comments and tests, from the crate's root.
fn named(file: &Path, module: &[String]) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).expect("it is text");
    let mut found = Vec::new();
    for item in syn::parse_file(&text).expect("it compiles").items {
        if !matches!(&item, Item::Mod(inner) if inner.ident == "tests") {
            collect(item.into_token_stream(), None, module, &mut found);
        }
    }
    found
}

/// Those among `tokens` that begin with `crate`, with `super`, or, in braces, with `outer`.
fn collect(
    tokens: TokenStream,
    outer: Option<&[String]>,
    module: &[String],
    found: &mut Vec<Vec<String>>,
) {
    let (mut path, mut goes_on) = (None::<Vec<String>>, false);
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => goes_on = true,
            TokenTree::Group(group) => {
                let outer = path.as_deref().filter(|_| goes_on);
                collect(group.stream(), outer, module, found);
                (path, goes_on) = (None, false);
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let before = path.take().filter(|_| goes_on);
                path = match (word.as_str(), before) {
                    ("crate", _) => Some(Vec::new()),
                    ("super", before) => {
                        let below = before.as_deref().unwrap_or(module);
                        Some(below[..below.len().saturating_sub(1)].to_vec())
                    }
                    (_, Some(before)) => Some([before, vec![word]].concat()),
                    (_, None) => outer.map(|outer| [outer, &[word]].concat()),
                };
                found.extend(path.clone());
                goes_on = false;
            }
            _ => (path, goes_on) = (None, false),
        }
    }
}
