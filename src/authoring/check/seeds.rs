//! The same flaw with several seeds is one flaw.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::authoring::flaw::Flaws;
use crate::engine::observe::Seed;

/// Where, and what.
type Place = (PathBuf, Option<usize>, String);

/// Flaws that show with some seeds.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<Place, Vec<u64>>);

impl Seen {
    pub(super) fn add(&mut self, file: PathBuf, line: Option<usize>, what: String, seed: Seed) {
        self.0.entry((file, line, what)).or_default().push(seed.0);
    }

    pub(super) fn join(&mut self, other: Self) {
        for (place, seeds) in other.0 {
            self.0.entry(place).or_default().extend(seeds);
        }
    }

    /// Tells each once; `tried` seeds were tried.
    pub(super) fn tell(self, tried: u64, flaws: &mut Flaws<'_>) {
        for ((file, line, what), seeds) in self.0 {
            flaws.add(&file, line, format!("{what} {}", words(seeds, tried)));
        }
    }
}

fn words(mut seeds: Vec<u64>, tried: u64) -> String {
    seeds.sort_unstable();
    if seeds.len() as u64 == tried && tried > 1 {
        return format!("with each of {tried} seeds");
    }
    let mut list: Vec<String> = seeds.iter().map(u64::to_string).collect();
    match (list.pop(), list.len()) {
        (Some(last), 0) => format!("with seed {last}"),
        (last, _) => format!(
            "with seeds {} and {}",
            list.join(", "),
            last.unwrap_or_default()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_listed() {
        assert_eq!(words(vec![1], 1), "with seed 1");
        assert_eq!(words(vec![3, 1], 3), "with seeds 1 and 3");
        assert_eq!(words(vec![4, 2, 7], 20), "with seeds 2, 4 and 7");
        assert_eq!(words(vec![1, 2, 3], 3), "with each of 3 seeds");
    }
}
