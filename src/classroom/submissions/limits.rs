//! How much of a submission is looked at, and how much is said about it.

/// Bounds for one submission.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Files and folders that are looked at.
    pub entries: usize,
    /// Folders within folders.
    pub depth: usize,
    /// Bytes that a tar archive may unpack to.
    pub unpacked: u64,
}

impl Limits {
    /// A clone of the course has some hundred files, five folders deep, of a few megabytes.
    pub const DEFAULT: Self = Self {
        entries: 20_000,
        depth: 12,
        unpacked: 256 << 20,
    };
}

/// Notes on a submission as a whole.
pub const NOTES: usize = 20;

/// Notes on one step's file.
pub const FILE_NOTES: usize = 5;

/// Sentences, of which no more than a few are kept.
#[derive(Debug)]
pub struct Notes {
    sentences: Vec<String>,
    limit: usize,
    more: usize,
}

impl Notes {
    /// Room for `limit` sentences.
    pub fn new(limit: usize) -> Self {
        Self {
            sentences: Vec::new(),
            limit,
            more: 0,
        }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    /// Adds a sentence, or counts it if there is no room.
    pub fn push(&mut self, sentence: impl Into<String>) {
        if self.sentences.len() < self.limit {
            self.sentences.push(sentence.into());
        } else {
            self.more += 1;
        }
    }

    /// Adds a sentence in front of all others.
    pub fn push_first(&mut self, sentence: String) {
        self.sentences.insert(0, sentence);
    }

    /// All that was kept, and how many there were besides.
    pub fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.sentences.push(format!("and {} more", self.more));
        }
        self.sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_end_somewhere() {
        let mut notes = Notes::new(2);
        (0..5).for_each(|i| notes.push(i.to_string()));
        assert_eq!(notes.finish(), ["0", "1", "and 3 more"]);
        let mut notes = Notes::new(2);
        notes.push("a");
        assert_eq!(notes.finish(), ["a"]);
    }
}
