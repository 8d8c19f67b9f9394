//! How long a program has been running, as far as that is its own doing.
//!
//! What counts is the processor time of all its processes and threads, and the time for which all of
//! them wait: for a lock, for a sleep to end. The time for which it is ready and others have the
//! processors does not count: a verdict must not depend on who else is at work. So that a program ends
//! that is ready for ever, there is a bound in wall-clock time besides.

use std::time::{Duration, Instant};

use super::Limits;

/// What a program was seen to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// The processor time of all that belongs to it, up to now.
    pub processor: Duration,
    /// Whether none of its threads computes, or would if there were a processor for it.
    pub waits: bool,
    /// How many threads there are.
    pub threads: u32,
}

/// Looks at a program now and then.
#[derive(Debug)]
pub struct Clock {
    limits: Limits,
    started: Instant,
    looked: Instant,
    processor: Duration,
    waited: Duration,
}

impl Clock {
    /// For a program that starts now.
    pub fn new(limits: Limits, now: Instant) -> Self {
        Self {
            limits,
            started: now,
            looked: now,
            processor: Duration::ZERO,
            waited: Duration::ZERO,
        }
    }

    /// How long there is before the program has to be looked at again, if that is done every `interval`.
    pub fn until_next_look(&self, interval: Duration, now: Instant) -> Duration {
        let end = self.started + self.limits.wall();
        interval.min(end.saturating_duration_since(now))
    }

    /// Whether the program's time is up. Where nothing is known of its load, wall-clock time counts.
    pub fn is_up(&mut self, load: Option<Load>, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.looked);
        self.looked = now;
        match load {
            Some(load) => {
                // What ended and was reaped out of order is not counted any more: no time is given back.
                self.processor = self.processor.max(load.processor);
                if load.waits {
                    self.waited += since;
                }
            }
            None => self.waited += since,
        }
        self.processor + self.waited >= self.limits.time
            || now.saturating_duration_since(self.started) >= self.limits.wall()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(5),
        memory: 1 << 30,
        file_size: 1 << 20,
        output: 1 << 10,
    };

    /// After how many seconds the time is up of a program that in each second computes for `share` of it.
    fn ends_after(share: f64, waits: bool, knows: bool) -> u64 {
        let start = Instant::now();
        let mut clock = Clock::new(LIMITS, start);
        for second in 1..1000 {
            let now = start + Duration::from_secs(second);
            let load = Load {
                processor: Duration::from_secs(second).mul_f64(share),
                waits,
                threads: 1,
            };
            if clock.is_up(knows.then_some(load), now) {
                return second;
            }
        }
        1000
    }

    #[test]
    fn what_counts_is_what_a_program_takes_itself() {
        assert_eq!(ends_after(1.0, false, true), 5);
        // Three others are at work: it is given the time that it would need alone.
        assert_eq!(ends_after(0.35, false, true), 15);
        // Two threads on two processors.
        assert_eq!(ends_after(2.0, false, true), 3);
        assert_eq!(ends_after(0.0, true, true), 5);
        assert_eq!(ends_after(0.0, false, false), 5);
    }

    #[test]
    fn whoever_gets_nothing_at_all_ends_nevertheless() {
        assert_eq!(ends_after(0.0, false, true), LIMITS.wall().as_secs());
    }

    #[test]
    fn the_bound_is_looked_at_in_time() {
        let start = Instant::now();
        let clock = Clock::new(LIMITS, start);
        let often = Duration::from_millis(20);
        assert_eq!(clock.until_next_look(often, start), often);
        let late = start + LIMITS.wall();
        assert_eq!(clock.until_next_look(often, late), Duration::ZERO);
    }
}
