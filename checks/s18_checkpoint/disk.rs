//! What stands in for a folder.

use std::cell::{Cell, RefCell};
use std::io::{Error, ErrorKind, Result};

use crate::s18_checkpoint::Files;

/// What a file holds that is there and cannot be read.
pub const UNREADABLE: &[u8] = b"unreadable";

/// Files in memory. After some calls the power fails, or the disk is full for one call.
#[derive(Default)]
pub struct Disk {
    pub files: RefCell<Vec<(String, Vec<u8>)>>,
    /// How many calls succeed before one fails; that many at first, if there are any.
    pub left: Cell<Option<usize>>,
    /// Whether nothing works after that.
    pub for_good: bool,
    pub failed: Cell<bool>,
}

impl Disk {
    fn call(&self) -> Result<()> {
        let failing = match self.left.get() {
            Some(0) => !self.failed.replace(true) || self.for_good,
            Some(left) => {
                self.left.set(Some(left - 1));
                false
            }
            None => false,
        };
        match failing {
            true => Err(Error::other("the power has failed, or the disk is full")),
            false => Ok(()),
        }
    }

    fn place(&self, name: &str) -> Result<usize> {
        let place = self.files.borrow().iter().position(|(found, _)| found == name);
        place.ok_or_else(|| ErrorKind::NotFound.into())
    }

    /// Writes a file, whatever happens to the disk.
    pub fn put(&self, name: &str, bytes: Vec<u8>) {
        match self.place(name) {
            Ok(place) => self.files.borrow_mut()[place].1 = bytes,
            Err(_) => self.files.borrow_mut().push((name.to_owned(), bytes)),
        }
    }

    /// Removes a file, whatever happens to the disk.
    pub fn take(&self, name: &str) -> Result<Vec<u8>> {
        let place = self.place(name)?;
        Ok(self.files.borrow_mut().remove(place).1)
    }
}

impl Files for Disk {
    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let place = self.place(name)?;
        match &self.files.borrow()[place].1 {
            bytes if bytes == UNREADABLE => Err(Error::other("the disk is damaged")),
            bytes => Ok(bytes.clone()),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let was_dead = self.for_good && self.failed.get();
        let result = self.call();
        if !was_dead {
            let length = if result.is_ok() { bytes.len() } else { bytes.len() / 2 };
            self.put(name, bytes[..length].to_vec());
        }
        result
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.call()?;
        let file = self.take(from)?;
        self.put(to, file);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.call()?;
        self.take(name).map(drop)
    }
}
