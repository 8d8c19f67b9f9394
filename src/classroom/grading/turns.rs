//! Who judges beside whom: a verdict must not depend on what else is judged at the same time.

use std::sync::{PoisonError, RwLock};

/// Several judge at a time, unless one has to be alone.
#[derive(Debug)]
pub struct Turns {
    /// Whether there is anybody to be alone of.
    beside_others: bool,
    lock: RwLock<()>,
}

impl Turns {
    /// For `jobs` submissions at a time.
    pub fn new(jobs: usize) -> Self {
        Self {
            beside_others: jobs > 1,
            lock: RwLock::new(()),
        }
    }

    /// What `work` comes to: beside others, and if that `is_in_doubt`, once more while no other work is
    /// done. Work must not take a turn of its own.
    pub fn take<T>(&self, work: impl Fn() -> T, is_in_doubt: impl Fn(&T) -> bool) -> T {
        let first = {
            let _beside = self.lock.read().unwrap_or_else(PoisonError::into_inner);
            work()
        };
        if !self.beside_others || !is_in_doubt(&first) {
            return first;
        }
        let _alone = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn what_is_in_doubt_is_done_once_more_and_alone() {
        let turns = Turns::new(4);
        let (inside, most_beside) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let calls = AtomicUsize::new(0);
                    let work = || {
                        let beside = inside.fetch_add(1, Ordering::SeqCst);
                        let call = calls.fetch_add(1, Ordering::SeqCst);
                        for _ in 0..1000 {
                            thread::yield_now();
                        }
                        if call > 0 {
                            most_beside.fetch_max(beside, Ordering::SeqCst);
                        }
                        inside.fetch_sub(1, Ordering::SeqCst);
                        call
                    };
                    assert_eq!(turns.take(work, |call| *call == 0), 1);
                });
            }
        });
        assert_eq!(most_beside.into_inner(), 0);
    }

    #[test]
    fn what_is_certain_or_was_alone_is_done_once() {
        let calls = AtomicUsize::new(0);
        let work = || calls.fetch_add(1, Ordering::SeqCst);
        assert_eq!(Turns::new(4).take(work, |_| false), 0);
        assert_eq!(Turns::new(1).take(work, |_| true), 1);
    }
}
