//! Reading that stops when enough was read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::super::container::Bytes;
use super::super::notes;
use crate::course::source::{Unreadable, bytes_within};

/// Reads as much as it is allowed to, then fails.
#[derive(Debug)]
pub struct Bounded<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R> Bounded<R> {
    /// Reads from `inner`. How many bytes are `left` is known to whoever set it up too, and may be
    /// changed there; when nothing is, there was too much.
    pub fn new(inner: R, left: Rc<Cell<u64>>) -> Self {
        Self { inner, left }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other("there is too much of it"));
        }
        let read = self.inner.by_ref().take(left).read(buffer)?;
        self.left.set(left - read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Reads a file of at most `limit` bytes, of which `size` are announced.
pub fn read(limit: u64, file: impl Read, size: u64) -> Bytes {
    bytes_within(limit, file, size).map_err(|why| match why {
        Unreadable::Refused { reason } => damaged(&reason),
        other => other,
    })
}

/// A file of an archive that cannot be had.
pub fn damaged(why: &str) -> Unreadable {
    Unreadable::Refused {
        reason: notes::damaged(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ends_with_the_allowance() {
        let left = Rc::new(Cell::new(5));
        let mut reader = Bounded::new(io::repeat(1), Rc::clone(&left));
        let mut buffer = [0; 4];
        assert!(reader.read_exact(&mut buffer).is_ok());
        assert_eq!(left.get(), 1);
        assert!(reader.read_exact(&mut buffer).is_err());
        assert_eq!(left.get(), 0);
        left.set(4);
        assert!(reader.read_exact(&mut buffer).is_ok());
    }
}
