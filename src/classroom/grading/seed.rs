//! The secret that all inputs of a class are drawn from.

use crate::engine::observe::Seed;
use crate::error::{Error, Result};
use crate::hash;

/// Numbers up to here are exact in JSON, whoever reads it.
const BITS: u32 = 53;

/// A secret that nobody has seen before, from the system's random numbers.
///
/// # Errors
///
/// If the system has none.
pub fn draw() -> Result<u64> {
    let number = getrandom::u64().map_err(|e| Error::Tool {
        name: "the system's random numbers".into(),
        reason: e.to_string(),
    })?;
    Ok(number >> (u64::BITS - BITS))
}

/// What a step's inputs are drawn from: all that code under check could ever find out, of no use
/// for any other step, and no way back to the secret.
#[must_use]
pub fn for_step(secret: u64, step: &str) -> Seed {
    let name = hash::of(&[b"seed of a step", &secret.to_le_bytes(), step.as_bytes()]);
    let digits = (BITS / 4) as usize;
    // A hash is hexadecimal, and so many digits fit.
    Seed(u64::from_str_radix(&name[..digits], 16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_exact_in_json() {
        let [a, b] = [draw(), draw()].map(|secret| secret.expect("there are random numbers"));
        assert_ne!(a, b);
        assert!(a < 1 << BITS);
    }

    #[test]
    fn each_step_has_its_own_seed() {
        assert_ne!(for_step(1, "s01"), for_step(1, "s02"));
        assert_ne!(for_step(1, "s01"), for_step(2, "s01"));
        assert_eq!(for_step(7, "s01"), for_step(7, "s01"));
        assert!(for_step(7, "s01").0 > 0);
    }
}
