//! How parts of a fault are written where that is not as they are held.

use std::time::Duration;

use observation::{Panic, Place};
use serde::{Serialize, Serializer};

/// JSON has no NaN and no infinities: they become text.
pub fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() {
        serializer.serialize_f64(*value)
    } else {
        serializer.collect_str(&format_args!("{value:+}"))
    }
}

pub fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// A panic beside the learner's own line, which is `at`.
pub fn panic<S: Serializer>(panic: &Panic, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        message: &'a str,
        inside: Option<&'a Place>,
        thread: Option<&'a str>,
    }
    Written {
        message: &panic.message,
        inside: panic.at.as_ref(),
        thread: panic.thread.as_deref(),
    }
    .serialize(serializer)
}
