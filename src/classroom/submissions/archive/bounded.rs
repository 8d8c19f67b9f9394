//! A reader that stops when enough was read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// How much may still be read, known to the reader and to whoever set it up.
#[derive(Debug, Clone)]
pub struct Allowance {
    left: Rc<Cell<u64>>,
    is_exceeded: Rc<Cell<bool>>,
}

impl Allowance {
    /// So many bytes.
    pub fn new(bytes: u64) -> Self {
        Self {
            left: Rc::new(Cell::new(bytes)),
            is_exceeded: Rc::default(),
        }
    }

    /// From now on so many bytes.
    pub fn reset(&self, bytes: u64) {
        self.left.set(bytes);
        self.is_exceeded.set(false);
    }

    /// Whether more was asked for.
    pub fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }
}

/// Reads as much as it is allowed to, then fails.
#[derive(Debug)]
pub struct Metered<R> {
    inner: R,
    allowance: Allowance,
}

impl<R> Metered<R> {
    /// Reads from `inner`.
    pub fn new(inner: R, allowance: Allowance) -> Self {
        Self { inner, allowance }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let left = self.allowance.left.get();
        if left == 0 {
            self.allowance.is_exceeded.set(true);
            return Err(io::Error::other("there is too much of it"));
        }
        let length = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.inner.read(&mut buffer[..length])?;
        self.allowance.left.set(left - read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ends_with_the_allowance() {
        let allowance = Allowance::new(5);
        let mut reader = Metered::new(io::repeat(1), allowance.clone());
        let mut buffer = [0; 4];
        assert!(reader.read_exact(&mut buffer).is_ok());
        assert!(!allowance.is_exceeded());
        assert!(reader.read_exact(&mut buffer).is_err());
        assert!(allowance.is_exceeded());
        allowance.reset(4);
        assert!(!allowance.is_exceeded());
        assert!(reader.read_exact(&mut buffer).is_ok());
    }
}
