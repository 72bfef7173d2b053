//! The one place where this crate looks at a clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use threadkeep_protocol::Timestamp;

/// The time of day, for the log of runs and for `Retry-After` dates. It may jump; nothing that is
/// decided here depends on it.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Measures how long something takes; never jumps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
