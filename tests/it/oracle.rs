//! The solutions beside Hugging Face: with the same parameters and inputs, the same results.
//!
//! `tests/it/oracle/README.md` says where the expected values come from. For each part there is a
//! safetensors file, and a program in `tests/it/oracle/programs/` that puts the file's parameters into
//! the solution's module and records, as `X` and `X expected`, what the solution returns and what
//! the file holds. Programs are compiled and run as checks are; the comparing is done here.
//!
//! All sizes come from the files: `TUTOR_ORACLE=DIR cargo test --test it oracle::` holds the solutions
//! against another folder.

mod compare;
mod fixture;
mod workshop;

use std::collections::{BTreeMap, BTreeSet};

use observation::{Parameter, TensorValue, Value};

pub use fixture::folder;

use fixture::Fixture;

/// No part needs a looser bound; see [`compare::largest_error`] for what it is relative to.
const TOLERANCE: f64 = 1e-5;

/// Results in the file of generation that belong to step 19.
const SAMPLING: [&str; 2] = ["top_k_5", "top_p_0.8"];

#[test]
fn causal_mask() {
    matches("s02", "causal_mask");
}

#[test]
fn layer_norm() {
    matches("s03", "layer_norm");
}

#[test]
fn gelu_and_mlp() {
    matches("s04", "mlp");
}

#[test]
fn token_embeddings() {
    matches("s05", "token_embeddings");
}

#[test]
fn position_embeddings() {
    matches("s06", "position_embeddings");
}

#[test]
fn attention() {
    matches("s07", "attention");
}

#[test]
fn block() {
    matches("s09", "block");
}

#[test]
fn hidden_states() {
    matches("s10", "model");
}

#[test]
fn logits() {
    matches("s11", "lm");
}

#[test]
fn generation() {
    matches_but("s12", "generate", "generate", &SAMPLING);
}

#[test]
fn sampling() {
    matches_but("s19", "sampling", "generate", &[]);
}

#[test]
fn logits_by_a_cache() {
    matches_but("s20", "kv_cache", "lm", &[]);
}

#[test]
fn generation_by_a_cache() {
    let elsewhere = ["probabilities_at_0.7", SAMPLING[0], SAMPLING[1]];
    matches_but("s20", "kv_window", "generate", &elsewhere);
}

#[test]
fn loss_and_gradients() {
    matches("s13", "loss");
}

#[test]
fn three_steps_of_adamw() {
    matches("s16", "adamw");
}

/// Holds the solution of `step` against the file of `part`.
fn matches(step: &str, part: &str) {
    matches_but(step, part, part, &[]);
}

/// Holds the solution of `step` by `program` against the file of `part`, but for the results that are
/// looked at `elsewhere`.
fn matches_but(step: &str, program: &str, part: &str, elsewhere: &[&str]) {
    let fixture = Fixture::open(part);
    let seen = Seen::new(workshop::observe(step, program, &fixture));
    let mut failures = seen.missing(&fixture, elsewhere);
    for (name, [got, expected]) in &seen.pairs {
        match compare::largest_error(got, expected) {
            Ok(error) if error <= TOLERANCE => println!("{program}: {name}: {error:.1e}"),
            Ok(error) => failures.push(format!(
                "{name}: off by {error:.1e}, allowed are {TOLERANCE:.0e}"
            )),
            Err(reason) => failures.push(format!("{name}: {reason}")),
        }
    }
    assert!(
        failures.is_empty(),
        "{step} does not match {}:\n{}",
        fixture.path().display(),
        failures.join("\n")
    );
}

/// What a program recorded, sorted out.
struct Seen {
    /// By name: what the solution returned, and what it should have.
    pairs: BTreeMap<String, [TensorValue; 2]>,
    parameters: Vec<Parameter>,
}

impl Seen {
    fn new(recorded: Vec<(String, Value)>) -> Self {
        let mut parameters = Vec::new();
        let mut tensors = BTreeMap::new();
        for (name, value) in recorded {
            match value {
                Value::Parameters(found) => parameters.extend(found),
                Value::Tensor(tensor) => {
                    let earlier = tensors.insert(name.clone(), tensor);
                    assert!(earlier.is_none(), "`{name}` was recorded twice");
                }
                other => panic!("`{name}` is {other:?}, which has nothing to be compared with"),
            }
        }
        Self {
            pairs: pairs(tensors),
            parameters,
        }
    }

    /// What the file holds and nobody looked at: a pass without it would say less than it seems to.
    fn missing(&self, fixture: &Fixture, elsewhere: &[&str]) -> Vec<String> {
        let compared = |name: &&str| self.pairs.contains_key(*name) || elsewhere.contains(name);
        let outputs = fixture
            .outputs()
            .into_iter()
            .filter(|name| !compared(name))
            .map(|name| format!("out.{name} was not compared"));
        let learnt = fixture
            .learnt()
            .into_iter()
            .filter(|name| !compared(name))
            .map(|name| format!("{name} was not compared"));
        // Filling a module fails if it has a parameter that the file has not, but not if it lacks
        // one.
        let filled: BTreeSet<&str> = self.parameters.iter().map(|p| p.path.as_str()).collect();
        let parameters = fixture
            .parameters()
            .into_iter()
            .filter(|path| !filled.contains(path))
            .map(|path| format!("the solution has no parameter `{path}`"));
        outputs.chain(learnt).chain(parameters).collect()
    }
}

/// Joins each `X` with its `X expected`.
fn pairs(mut tensors: BTreeMap<String, TensorValue>) -> BTreeMap<String, [TensorValue; 2]> {
    const SUFFIX: &str = " expected";
    let names: Vec<String> = tensors
        .keys()
        .filter_map(|name| name.strip_suffix(SUFFIX))
        .map(str::to_owned)
        .collect();
    let mut pairs = BTreeMap::new();
    for name in names {
        let pair = [&name, &format!("{name}{SUFFIX}")].map(|key| {
            tensors
                .remove(key)
                .unwrap_or_else(|| panic!("`{key}` was not recorded"))
        });
        pairs.insert(name, pair);
    }
    let alone: Vec<&String> = tensors.keys().collect();
    assert!(alone.is_empty(), "nothing is expected of {alone:?}");
    pairs
}
