//! What processes do, as the system tells it in `/proc`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::clock::Load;

/// How many units of time the files below `/proc` count in a second, whatever the kernel's own clock is.
const UNITS: u32 = 100;

/// What these processes do together; nothing if none of them is there.
pub fn of(ids: impl IntoIterator<Item = u32>) -> Option<Load> {
    let mut all: Option<Load> = None;
    for id in ids {
        let folder = format!("/proc/{id}");
        let Some(processor) = processor(Path::new(&folder)) else {
            continue;
        };
        let states = states(Path::new(&folder));
        let so_far = all.unwrap_or(Load {
            processor: Duration::ZERO,
            waits: true,
            threads: 0,
        });
        all = Some(Load {
            processor: so_far.processor + processor,
            // Running, ready to run, or waiting for a disk.
            waits: so_far.waits && !states.contains(['R', 'D']),
            threads: so_far.threads + u32::try_from(states.len()).unwrap_or(u32::MAX),
        });
    }
    all
}

/// The processor time of a process, of its threads, and of its children that it has waited for.
fn processor(folder: &Path) -> Option<Duration> {
    let fields = fields(folder)?;
    let units: u64 = (fields.iter().skip(11).take(4))
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Some(Duration::from_secs(units) / UNITS)
}

/// A letter for each thread.
fn states(folder: &Path) -> String {
    let threads = fs::read_dir(folder.join("task")).into_iter().flatten();
    let states = threads.flatten().filter_map(|thread| {
        let fields = fields(&thread.path())?;
        fields.first()?.chars().next()
    });
    states.collect()
}

/// What stands in a file `stat` behind the name: `pid (name) state ppid …`, and the name may hold anything.
fn fields(folder: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(folder.join("stat")).ok()?;
    let behind = text.rsplit_once(')')?.1;
    Some(behind.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Instant;

    use super::*;

    #[test]
    fn processor_time_grows_with_what_is_computed() {
        let me = std::process::id();
        let before = of([me]).expect("it is there");
        let start = Instant::now();
        // Others may have the processors: until it has had some time itself.
        while of([me]).expect("it is there").processor
            < before.processor + Duration::from_millis(50)
        {
            assert!(start.elapsed() < Duration::from_secs(60), "{before:?}");
        }
    }

    #[test]
    fn threads_are_counted_and_whoever_computes_does_not_wait() {
        let me = std::process::id();
        let (stop, stopped) = mpsc::channel::<()>();
        let asleep = thread::spawn(move || stopped.recv());
        let load = of([me]).expect("it is there");
        assert!(load.threads >= 2, "{load:?}");
        // This thread runs while it looks.
        assert!(!load.waits);
        drop(stop);
        assert!(asleep.join().expect("it does not panic").is_err());
    }

    #[test]
    fn nothing_is_known_of_what_is_not_there() {
        assert_eq!(of([u32::MAX]), None);
    }
}
