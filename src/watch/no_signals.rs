//! Where there are no signals, nothing comes from outside.

use std::io;

/// Nothing ever comes.
#[derive(Debug, Default)]
pub struct Signals;

impl Signals {
    /// Notes nothing.
    pub fn watch() -> io::Result<Self> {
        Ok(Self)
    }

    /// Never.
    pub fn is_over(&self) -> bool {
        false
    }

    /// There is nothing to forget.
    pub fn forget_interrupt(&self) {}

    /// Never.
    pub fn is_stop_wanted(&self) -> bool {
        false
    }

    /// Never.
    pub fn is_back(&self) -> bool {
        false
    }

    /// Goes on at once.
    pub fn stop(&self) {}
}
