//! Why a step is not gone on with.

use crate::course::source::Unreadable;
use crate::engine::judge::Verdict;
use crate::error::{Error, Result};

/// Why there is nothing further to be had of a step.
#[derive(Debug)]
pub enum Halt {
    /// It is the step itself; this is the verdict on it.
    Verdict(Box<Verdict>),
    /// It is the machine, or the course.
    Error(Box<Error>),
}

/// Something that an earlier or the present step may keep from being had.
pub type OrHalt<T> = std::result::Result<T, Halt>;

impl Halt {
    /// The verdict, if there is one.
    ///
    /// # Errors
    ///
    /// The error, if it is one.
    pub fn verdict(self) -> Result<Verdict> {
        match self {
            Self::Verdict(verdict) => Ok(*verdict),
            Self::Error(error) => Err(*error),
        }
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Error(Box::new(error))
    }
}

impl From<Verdict> for Halt {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(Box::new(verdict))
    }
}

impl From<Unreadable> for Halt {
    fn from(why: Unreadable) -> Self {
        Verdict::Unreadable(why).into()
    }
}
