//! The lock file of a new course: the versions that this project is tested with, as far as a new
//! course needs them.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::embedded::MANIFESTS;

const LOCK: &str = include_str!("../../../Cargo.lock");

/// The packages of a new course, each with those that it depends on.
const OWN: [(&str, &[&str]); 3] = [("kit", &["observer"]), ("solutions", &[]), ("steps", &[])];

/// The lock file of a course that uses no crate but the observer.
pub fn of_new_course() -> String {
    let lock: Table = LOCK.parse().unwrap_or_default();
    let packages = lock.get("package").and_then(Value::as_array);
    let packages = packages.map_or([].as_slice(), Vec::as_slice);
    let mut kept = BTreeSet::new();
    let mut wanted: Vec<String> = MANIFESTS
        .iter()
        .filter_map(|(name, _)| Some(name.split('/').nth(1)?.to_owned()))
        .collect();
    // A dependency is a name, and a version where there are several of that name.
    while let Some(dependency) = wanted.pop() {
        let mut words = dependency.split(' ');
        let (name, version) = (words.next(), words.next());
        let position = packages.iter().position(|package| {
            text(package, "name") == name
                && (version.is_none() || text(package, "version") == version)
        });
        if let Some(position) = position
            && kept.insert(position)
        {
            let dependencies = packages[position].get("dependencies");
            let dependencies = dependencies.and_then(Value::as_array).into_iter().flatten();
            wanted.extend(dependencies.filter_map(Value::as_str).map(str::to_owned));
        }
    }
    let mut file = String::from("version = 4\n");
    for (name, dependencies) in OWN {
        let mut package = Table::new();
        package.insert("name".into(), name.into());
        package.insert("version".into(), "0.1.0".into());
        if !dependencies.is_empty() {
            package.insert("dependencies".into(), dependencies.to_vec().into());
        }
        file.push_str(&format!("\n[[package]]\n{package}"));
    }
    for package in kept.into_iter().filter_map(|at| packages[at].as_table()) {
        file.push_str(&format!("\n[[package]]\n{package}"));
    }
    file
}

fn text<'a>(package: &'a Value, key: &str) -> Option<&'a str> {
    package.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_the_observer_needs_and_no_more() {
        let lock: Table = of_new_course().parse().expect("it is TOML");
        let packages = lock["package"].as_array().expect("packages are listed");
        let names: Vec<&str> = packages.iter().filter_map(|p| text(p, "name")).collect();
        for needed in [
            "kit",
            "observer",
            "observation",
            "serde_json",
            "rustix",
            "libc",
        ] {
            assert!(names.contains(&needed), "{needed}: {names:?}");
        }
        assert!(names.len() < 40, "{names:?}");
    }
}
