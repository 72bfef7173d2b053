//! What a client is told of an account: the difference of two standings, as events.
//!
//! A kind of event is added here: a field of `Standing` that carries what it tells, and an arm in
//! `between` that says when it is told.

use serde::Serialize;
use threadkeep_protocol::{
    ConnectionState, HistoryMove, HistoryStatus, LIVE_CHANGE, LIVE_CONNECTION, LIVE_HISTORY,
};
use threadkeep_server_store::Standing;

/// The events that lead from what a client knows (nothing at first) to what is; empty where it knows.
pub(super) fn between(told: Option<&Standing>, now: &Standing) -> String {
    let mut events = String::new();
    if told.is_none_or(|told| told.connection != now.connection) {
        let connection = now.connection;
        push(
            &mut events,
            LIVE_CONNECTION,
            &ConnectionState { connection },
        );
    }
    // Oldest first, as they happened.
    for moved in now.history.iter().rev() {
        let is_news = match told {
            Some(told) => !told.history.contains(moved),
            None => runs(moved),
        };
        if is_news {
            push(&mut events, LIVE_HISTORY, moved);
        }
    }
    // Last, so that a client which pulls at once has heard everything else.
    if told.is_none_or(|told| told.status != now.status) {
        push(&mut events, LIVE_CHANGE, &now.status);
    }
    events
}

fn runs(moved: &HistoryMove) -> bool {
    moved.checkpoint.status == HistoryStatus::InProgress
}

fn push(events: &mut String, name: &str, data: &impl Serialize) {
    // Plain structs of names and numbers: they always have a JSON form, and it has no line breaks.
    let data = serde_json::to_string(data).unwrap_or_default();
    events.push_str(&format!("event: {name}\ndata: {data}\n\n"));
}

#[cfg(test)]
mod tests {
    use threadkeep_protocol::{Checkpoint, Connection, Id, Stream, SyncStatus};

    use super::*;

    fn standing(seq: i64, connection: Connection) -> Standing {
        let mut status = SyncStatus::default();
        status.set(Stream::Messages, seq, seq);
        Standing {
            status,
            connection,
            history: Vec::new(),
        }
    }

    fn names(events: &str) -> Vec<&str> {
        let lines = events.lines();
        lines
            .filter_map(|line| line.strip_prefix("event: "))
            .collect()
    }

    #[test]
    fn a_client_that_knows_nothing_is_told_everything() {
        let now = standing(1, Connection::Connected);
        assert_eq!(names(&between(None, &now)), [LIVE_CONNECTION, LIVE_CHANGE]);
    }

    #[test]
    fn only_what_differs_is_told() {
        let told = standing(1, Connection::Connected);
        let later = standing(2, Connection::Connected);
        let offline = standing(1, Connection::Disconnected);
        assert_eq!(between(Some(&told), &told), "");
        assert_eq!(names(&between(Some(&told), &later)), [LIVE_CHANGE]);
        assert_eq!(names(&between(Some(&told), &offline)), [LIVE_CONNECTION]);
    }

    #[test]
    fn a_request_is_told_when_it_moves_and_upon_connecting_while_it_runs() {
        let with = |request, status| {
            let mut standing = standing(1, Connection::Connected);
            standing.history.push(HistoryMove {
                conversation_id: Id::from_u128(1),
                checkpoint: Checkpoint {
                    request,
                    status,
                    ..Checkpoint::default()
                },
            });
            standing
        };
        let runs = with(1, HistoryStatus::InProgress);
        let done = with(1, HistoryStatus::Completed);
        assert_eq!(names(&between(Some(&runs), &done)), [LIVE_HISTORY]);
        assert_eq!(between(Some(&done), &done), "");
        let at_first = |now: &Standing| names(&between(None, now)).contains(&LIVE_HISTORY);
        assert!(at_first(&runs));
        assert!(!at_first(&done), "what is over is no news");
    }
}
