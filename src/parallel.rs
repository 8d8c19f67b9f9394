//! Work on several cores.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Calls `work` for each item, as many at a time as there are cores; results in the items' order.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(items.len()))
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(i) else { break };
                        done.push((i, work(item)));
                    }
                    done
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(cause) => panic::resume_unwind(cause),
            })
            .collect()
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How many do heavy work at the moment.
static AT_WORK: Mutex<usize> = Mutex::new(0);

/// Told when one of them is done.
static DONE: Condvar = Condvar::new();

/// Does `work` once fewer than there are cores do such work: for processes that are started where
/// what runs in parallel calls what runs in parallel.
pub fn on_a_core<R>(work: impl FnOnce() -> R) -> R {
    struct Place;
    impl Drop for Place {
        fn drop(&mut self) {
            *AT_WORK.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            DONE.notify_one();
        }
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let at_work = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let is_full = |at_work: &mut usize| *at_work >= cores;
    let waited = DONE.wait_while(at_work, is_full);
    *waited.unwrap_or_else(PoisonError::into_inner) += 1;
    let _place = Place;
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order() {
        let items: Vec<usize> = (0..50).collect();
        let doubled: Vec<usize> = items.iter().map(|i| i * 2).collect();
        assert_eq!(in_parallel(&items, |i| i * 2), doubled);
    }

    #[test]
    fn no_more_than_the_cores_are_at_work() {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        in_parallel(&[(); 8], |()| {
            in_parallel(&[(); 8], |()| {
                on_a_core(|| {
                    let count = now.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(count, Ordering::SeqCst);
                    thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            });
        });
        assert!(most.into_inner() <= cores);
    }
}
