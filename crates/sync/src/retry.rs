//! Trying again what may succeed a moment later.
//!
//! Each request has a budget of tries of its own, so that a long pull over a bad network gets through
//! as long as it gets anything through. Waits double and are jittered, so that many clients which lost
//! the same server do not come back at once. Rejected: a retrying middleware inside the HTTP client,
//! which would hide the waiting from the person who looks at the progress.

use std::{future::Future, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder, Retryable};
use threadkeep_protocol::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::SyncError;

/// How often and how soon a request is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// All tries of one request, the first one included.
    pub tries: usize,
    /// The wait after the first try, before jitter.
    pub min_delay: Duration,
    /// The longest wait, before jitter, where the server asks for none.
    pub max_delay: Duration,
    /// The longest wait that a server may ask for.
    pub retry_after_cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            tries: 5,
            min_delay: Duration::from_millis(300),
            max_delay: Duration::from_secs(10),
            retry_after_cap: Duration::from_secs(15 * 60),
        }
    }
}

impl RetryPolicy {
    fn backoff(&self) -> impl BackoffBuilder {
        ExponentialBuilder::new()
            .with_jitter()
            .with_factor(2.0)
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(self.tries.saturating_sub(1))
    }

    /// The wait before the next try: what the server asked for, capped, where that is longer.
    fn wait(&self, error: &SyncError, backoff: Duration) -> Duration {
        let asked = error.retry_after().unwrap_or_default();
        asked.min(self.retry_after_cap).max(backoff)
    }
}

/// Runs `attempt` until it succeeds, fails for good, is out of tries or is cancelled. `waiting` hears
/// of every wait before it begins.
pub(crate) async fn retry<T, F, Attempt>(
    policy: &RetryPolicy,
    cancel: &CancellationToken,
    waiting: impl Fn(&SyncError, Duration),
    attempt: F,
) -> Result<T, SyncError>
where
    F: FnMut() -> Attempt,
    Attempt: Future<Output = Result<T, SyncError>>,
{
    let attempts = attempt
        .retry(policy.backoff())
        .when(SyncError::is_transient)
        .adjust(|error, backoff| backoff.map(|backoff| policy.wait(error, backoff)))
        .notify(|error, wait| {
            tracing::debug!(code = error.code(), ?wait, "a request is tried again");
            waiting(error, wait);
        });
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(SyncError::Cancelled),
        result = attempts => result,
    }
}

/// Reads `Retry-After`: seconds or an HTTP date. What is negative, past or garbage is no request.
pub(crate) fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    let millis = date
        .timestamp()
        .as_millisecond()
        .checked_sub(now.millis())?;
    u64::try_from(millis).ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests;
