//! What a step may use, where `course.toml` says that it is more than usual.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::StepLimits;
use super::manifest::{Flaw, at};

/// The longest that a step may ask for.
const MOST_SECONDS: u64 = 600;

/// As it is written: `{ seconds = 60, memory = "2 GB", files = "16 MB" }`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    seconds: Option<Spanned<u64>>,
    memory: Option<Spanned<String>>,
    files: Option<Spanned<String>>,
}

impl Limits {
    pub(super) fn understood(&self) -> Result<StepLimits, Flaw> {
        let mut known = StepLimits::default();
        if let Some(seconds) = &self.seconds {
            if !(1..=MOST_SECONDS).contains(seconds.get_ref()) {
                let message = format!("`seconds` must be from 1 to {MOST_SECONDS}");
                return Err(at(seconds, message));
            }
            known.time = Some(Duration::from_secs(*seconds.get_ref()));
        }
        known.memory = self.memory.as_ref().map(memory).transpose()?;
        known.files = self.files.as_ref().map(memory).transpose()?;
        Ok(known)
    }
}

fn memory(asked: &Spanned<String>) -> Result<u64, Flaw> {
    bytes(asked.get_ref()).ok_or_else(|| {
        let message = format!(
            "`{}` is no amount from 16 MB to 64 GB; one looks like \"512 MB\" or \"2 GB\"",
            asked.get_ref()
        );
        at(asked, message)
    })
}

/// `512 MB` or `2 GB` in bytes, from 16 MB to 64 GB.
fn bytes(text: &str) -> Option<u64> {
    let (number, shift) = if let Some(number) = text.strip_suffix("MB") {
        (number, 20)
    } else {
        (text.strip_suffix("GB")?, 30)
    };
    let number: u64 = number.trim().parse().ok()?;
    let bytes = number.checked_mul(1 << shift)?;
    (16 << 20..=64 << 30).contains(&bytes).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_and_a_unit() {
        assert_eq!(bytes("512MB"), Some(512 << 20));
        assert_eq!(bytes("2 GB"), Some(2 << 30));
        for bad in ["65 GB", "15 MB", "1.5 GB", "-16 MB", "16", "MB", ""] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
    }
}
