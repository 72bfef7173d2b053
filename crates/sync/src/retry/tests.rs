use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use rstest::rstest;

use super::*;

const QUICK: RetryPolicy = RetryPolicy {
    tries: 5,
    min_delay: Duration::from_millis(1),
    max_delay: Duration::from_millis(4),
    retry_after_cap: Duration::from_millis(20),
};

fn server_error(status: u16) -> SyncError {
    SyncError::ServerError {
        origin: "http://here".into(),
        status,
        retry_after: None,
    }
}

fn unauthorized() -> SyncError {
    SyncError::Unauthorized {
        origin: "http://here".into(),
    }
}

/// Fails `failures` times and then succeeds; says how often it was asked.
async fn tries_until_success(
    failures: usize,
    error: impl Fn() -> SyncError,
) -> (Result<(), SyncError>, usize) {
    let asked = AtomicUsize::new(0);
    let result = retry(
        &QUICK,
        &CancellationToken::new(),
        |_, _| {},
        || {
            let nth = asked.fetch_add(1, Ordering::SeqCst);
            let result = if nth < failures { Err(error()) } else { Ok(()) };
            async move { result }
        },
    )
    .await;
    (result, asked.into_inner())
}

#[rstest]
#[case::at_once(0, 1, true)]
#[case::after_one(1, 2, true)]
#[case::with_the_last_try(4, 5, true)]
#[case::out_of_tries(5, 5, false)]
#[tokio::test]
async fn a_passing_fault_is_tried_again_within_the_budget(
    #[case] failures: usize,
    #[case] asked: usize,
    #[case] succeeds: bool,
) {
    let (result, tries) = tries_until_success(failures, || server_error(503)).await;
    assert_eq!(result.is_ok(), succeeds);
    assert_eq!(tries, asked);
}

#[rstest]
#[case::a_wrong_token(unauthorized)]
#[case::a_method_the_server_never_learns(|| server_error(501))]
#[tokio::test]
async fn a_lasting_fault_is_tried_once(#[case] error: fn() -> SyncError) {
    let (result, tries) = tries_until_success(1, error).await;
    assert!(result.is_err());
    assert_eq!(tries, 1, "the same request would fail the same way");
}

#[tokio::test]
async fn waits_are_announced_and_honour_what_the_server_asked_for_up_to_the_cap() {
    let waits = Mutex::new(Vec::new());
    let result: Result<(), _> = retry(
        &QUICK,
        &CancellationToken::new(),
        |_, wait| waits.lock().unwrap().push(wait),
        || async {
            Err(SyncError::RateLimited {
                origin: "http://here".into(),
                retry_after: Some(Duration::from_secs(1_000_000_000)),
            })
        },
    )
    .await;
    assert_eq!(result.unwrap_err().code(), "rate_limited");
    let cap = QUICK.retry_after_cap;
    assert_eq!(
        waits.into_inner().unwrap(),
        [cap; 4],
        "one wait before each try but the first, none longer than the cap"
    );
}

#[tokio::test]
async fn a_wait_ends_at_once_when_cancelled() {
    let policy = RetryPolicy {
        min_delay: Duration::from_secs(3_600),
        max_delay: Duration::from_secs(3_600),
        ..QUICK
    };
    let cancel = CancellationToken::new();
    let result: Result<(), _> = retry(
        &policy,
        &cancel,
        |_, _| cancel.cancel(),
        || async { Err(server_error(500)) },
    )
    .await;
    assert_eq!(
        result.unwrap_err().code(),
        "cancelled",
        "this test would otherwise take an hour"
    );
}

#[rstest]
#[case::seconds("120", Some(120_000))]
#[case::now("0", Some(0))]
#[case::absurd("1000000000", Some(1_000_000_000_000))]
#[case::negative("-5", None)]
#[case::garbage("soon", None)]
#[case::empty("", None)]
#[case::fraction("1.5", None)]
#[case::a_date_to_come("Thu, 01 Jan 1970 00:01:30 GMT", Some(30_000))]
#[case::a_date_gone("Thu, 01 Jan 1970 00:00:30 GMT", None)]
fn retry_after_is_read(#[case] value: &str, #[case] millis: Option<u64>) {
    let now = Timestamp::from_seconds(60);
    assert_eq!(
        parse_retry_after(value, now),
        millis.map(Duration::from_millis)
    );
}

#[test]
fn more_seconds_than_a_number_holds_are_a_very_long_wait() {
    let asked = parse_retry_after("99999999999999999999999999", Timestamp::from_seconds(0));
    assert_eq!(
        asked,
        Some(Duration::from_secs(u64::MAX)),
        "the cap comes later"
    );
}
