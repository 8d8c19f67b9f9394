//! The files that `tutor` carries with it: those of a new course, and the sources of the observer.

use std::path::PathBuf;

use toml::{Table, Value};

/// What every new course has.
pub const COURSE: [(&str, &str); 18] = [
    ("Cargo.toml", include_str!("../template/Cargo.toml")),
    ("course.toml", include_str!("../template/course.toml")),
    ("README.md", include_str!("../template/README.md")),
    (".gitignore", include_str!("../template/gitignore")),
    (
        "steps/Cargo.toml",
        include_str!("../template/steps/Cargo.toml"),
    ),
    ("steps/lib.rs", include_str!("../template/steps/lib.rs")),
    (
        "steps/s01_mean.rs",
        include_str!("../template/checks/skeleton.rs"),
    ),
    (
        "solutions/Cargo.toml",
        include_str!("../template/solutions/Cargo.toml"),
    ),
    (
        "solutions/lib.rs",
        include_str!("../template/solutions/lib.rs"),
    ),
    (
        "solutions/s01_mean.rs",
        include_str!("../template/solutions/s01_mean.rs"),
    ),
    (
        "checks/s01_mean/check.rs",
        include_str!("../template/checks/check.rs"),
    ),
    (
        "checks/s01_mean/skeleton.rs",
        include_str!("../template/checks/skeleton.rs"),
    ),
    (
        "checks/s01_mean/mistakes.toml",
        include_str!("../template/checks/mistakes.toml"),
    ),
    (
        "checks/s01_mean/variants/one_by_one.rs",
        include_str!("../template/checks/variant.rs"),
    ),
    (
        "lessons/s01_mean/lesson.md",
        include_str!("../template/lessons/lesson.md"),
    ),
    (
        "lessons/s01_mean/hints.toml",
        include_str!("../template/lessons/hints.toml"),
    ),
    (
        "lessons/s01_mean/experiments/outlier.rs",
        include_str!("../template/lessons/outlier.rs"),
    ),
    (
        "lessons/s01_mean/experiments/outlier.txt",
        include_str!("../template/lessons/outlier.txt"),
    ),
];

/// What belongs to a kit of its own.
pub const KIT: [(&str, &str); 3] = [
    ("kit/Cargo.toml", include_str!("../template/kit/Cargo.toml")),
    ("kit/src/lib.rs", include_str!("../template/kit/lib.rs")),
    (
        "kit/messages.toml",
        include_str!("../template/kit/messages.toml"),
    ),
];

/// The sources of the observer and of what it shares with `tutor`.
const SOURCES: [(&str, &str); 10] = [
    (
        "kit/observer/src/lib.rs",
        include_str!("../../../kit/observer/src/lib.rs"),
    ),
    (
        "kit/observer/src/channel.rs",
        include_str!("../../../kit/observer/src/channel.rs"),
    ),
    (
        "kit/observer/src/draws.rs",
        include_str!("../../../kit/observer/src/draws.rs"),
    ),
    (
        "kit/observer/src/panics.rs",
        include_str!("../../../kit/observer/src/panics.rs"),
    ),
    (
        "kit/observer/src/program.rs",
        include_str!("../../../kit/observer/src/program.rs"),
    ),
    (
        "kit/observer/src/recorded.rs",
        include_str!("../../../kit/observer/src/recorded.rs"),
    ),
    (
        "kit/observation/src/bounded.rs",
        include_str!("../../../kit/observation/src/bounded.rs"),
    ),
    (
        "kit/observation/src/lib.rs",
        include_str!("../../../kit/observation/src/lib.rs"),
    ),
    (
        "kit/observation/src/tensor.rs",
        include_str!("../../../kit/observation/src/tensor.rs"),
    ),
    (
        "kit/observation/src/wire.rs",
        include_str!("../../../kit/observation/src/wire.rs"),
    ),
];

/// The manifests of these packages, which are members of this project's workspace.
pub const MANIFESTS: [(&str, &str); 2] = [
    (
        "kit/observer/Cargo.toml",
        include_str!("../../../kit/observer/Cargo.toml"),
    ),
    (
        "kit/observation/Cargo.toml",
        include_str!("../../../kit/observation/Cargo.toml"),
    ),
];

const WORKSPACE: &str = include_str!("../../../Cargo.toml");

/// All files of the observer, by name: they stand alone.
pub fn observer() -> Vec<(PathBuf, String)> {
    let mut all: Vec<(PathBuf, String)> = SOURCES
        .iter()
        .map(|(name, text)| (name.into(), (*text).to_owned()))
        .collect();
    let manifests = MANIFESTS.iter();
    all.extend(manifests.map(|(name, text)| (name.into(), standing_alone(text))));
    all
}

/// A manifest that inherits nothing: what it has from this project's workspace is written out.
fn standing_alone(manifest: &str) -> String {
    let workspace: Table = WORKSPACE.parse().unwrap_or_default();
    let workspace = workspace.get("workspace").and_then(Value::as_table);
    let inherited = |table: &str, key: &str| workspace?.get(table)?.get(key).cloned();
    let mut manifest: Table = manifest.parse().unwrap_or_default();
    manifest.remove("lints");
    for table in ["package", "dependencies"] {
        let entries = manifest.get_mut(table).and_then(Value::as_table_mut);
        for (key, value) in entries.into_iter().flatten() {
            if value.get("workspace").is_some()
                && let Some(written_out) = inherited(table, key)
            {
                *value = written_out;
            }
        }
    }
    manifest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    #[test]
    fn no_source_of_the_observer_is_left_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let names = ["kit/observer/src", "kit/observation/src"].map(|folder| {
            fs::read_dir(root.join(folder))
                .expect("it is there")
                .map(|entry| entry.expect("it can be read").file_name())
                .map(|name| PathBuf::from(folder).join(name))
                .collect::<Vec<_>>()
        });
        let there: BTreeSet<PathBuf> = names.concat().into_iter().collect();
        let carried = SOURCES.iter().map(|(name, _)| PathBuf::from(name));
        assert_eq!(there, carried.collect());
    }

    #[test]
    fn manifests_inherit_nothing() {
        for (name, text) in MANIFESTS {
            let alone = standing_alone(text);
            assert!(!alone.contains("workspace"), "{name}: {alone}");
            let table: Table = alone.parse().expect("it is TOML");
            assert_eq!(table["package"]["edition"].as_str(), Some("2024"));
        }
        let observation = standing_alone(MANIFESTS[1].1);
        assert!(
            observation.contains("derive"),
            "serde's features: {observation}"
        );
    }
}
