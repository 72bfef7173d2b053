//! The wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use threadkeep_protocol::Timestamp;

pub fn now() -> Timestamp {
    let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(_) => 0,
    };
    Timestamp::from_millis(millis)
}
