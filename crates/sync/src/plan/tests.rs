use rstest::rstest;

use super::*;

/// A mirror with these cursors, in the order of `Stream::ALL`.
fn held(epoch: &str, cursors: [Seq; 6]) -> Held {
    Held {
        epoch: epoch.into(),
        cursors: Stream::ALL.into_iter().zip(cursors).collect(),
    }
}

/// A server with these (latest seq, count), in the order of `Stream::ALL`.
fn remote(epoch: &str, streams: [(Seq, i64); 6]) -> SyncStatus {
    let mut status = SyncStatus {
        epoch: epoch.into(),
        ..SyncStatus::default()
    };
    for (stream, (latest_seq, count)) in Stream::ALL.into_iter().zip(streams) {
        status.set(stream, latest_seq, count);
    }
    status
}

const FULL: [(Seq, i64); 6] = [(10, 2), (60, 40), (12, 3), (15, 4), (20, 5), (30, 6)];
const FULL_CURSORS: [Seq; 6] = [10, 60, 12, 15, 20, 30];

/// (stream, from, total) of each step.
fn outline(plan: &Plan) -> Vec<(Stream, Seq, Option<u64>)> {
    plan.steps
        .iter()
        .map(|step| (step.stream, step.from, step.total))
        .collect()
}

#[rstest]
#[case::a_new_mirror(
    held("", [0; 6]),
    remote("a", FULL),
    EpochAction::Restart("a".into()),
    vec![
        (Stream::Conversations, 0, Some(2)),
        (Stream::Messages, 0, Some(40)),
        (Stream::Contacts, 0, Some(3)),
        (Stream::Participants, 0, Some(4)),
        (Stream::Media, 0, Some(5)),
        (Stream::Receipts, 0, Some(6)),
    ],
)]
#[case::nothing_new(
    held("a", FULL_CURSORS),
    remote("a", FULL),
    EpochAction::Keep("a".into()),
    vec![],
)]
#[case::a_message_came(
    held("a", [10, 59, 12, 15, 20, 30]),
    remote("a", FULL),
    EpochAction::Keep("a".into()),
    vec![(Stream::Messages, 59, None)],
)]
#[case::stopped_in_the_messages(
    held("a", [10, 30, 0, 0, 0, 0]),
    remote("a", [(10, 2), (60, 40), (12, 3), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Keep("a".into()),
    vec![(Stream::Messages, 30, None), (Stream::Contacts, 0, Some(3))],
)]
#[case::an_empty_server(
    held("a", [0; 6]),
    remote("a", [(0, 0); 6]),
    EpochAction::Keep("a".into()),
    vec![],
)]
#[case::the_server_was_restored(
    held("a", FULL_CURSORS),
    remote("b", [(5, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Restart("b".into()),
    vec![(Stream::Conversations, 0, Some(1))],
)]
#[case::a_server_of_the_first_design(
    held("", [0; 6]),
    remote("", [(10, 2), (60, 40), (12, 3), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Keep(String::new()),
    vec![
        (Stream::Conversations, 0, Some(2)),
        (Stream::Messages, 0, Some(40)),
        (Stream::Contacts, 0, Some(3)),
    ],
)]
#[case::a_server_of_the_first_design_was_emptied(
    held("", [10, 60, 12, 0, 0, 0]),
    remote("", [(3, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Restart("~1".into()),
    vec![(Stream::Conversations, 0, Some(1))],
)]
#[case::and_once_more(
    held("~1", [3, 0, 0, 0, 0, 0]),
    remote("", [(2, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Restart("~2".into()),
    vec![(Stream::Conversations, 0, Some(1))],
)]
#[case::it_goes_on_under_the_epoch_that_we_made(
    held("~1", [3, 0, 0, 0, 0, 0]),
    remote("", [(4, 2), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Keep("~1".into()),
    vec![(Stream::Conversations, 3, None)],
)]
#[case::it_learnt_to_tell_epochs(
    held("~1", [3, 0, 0, 0, 0, 0]),
    remote("a", [(4, 2), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Restart("a".into()),
    vec![(Stream::Conversations, 0, Some(2))],
)]
#[case::a_server_that_does_not_count(
    held("", [0; 6]),
    remote("", [(10, 0), (0, -1), (0, 0), (0, 0), (0, 0), (0, 0)]),
    EpochAction::Keep(String::new()),
    vec![(Stream::Conversations, 0, None)],
)]
fn a_run_pulls_what_lies_past_the_cursors(
    #[case] held: Held,
    #[case] remote: SyncStatus,
    #[case] epoch: EpochAction,
    #[case] steps: Vec<(Stream, Seq, Option<u64>)>,
) {
    let plan = plan(&held, Some(&remote));
    assert_eq!(plan.epoch, epoch);
    assert_eq!(outline(&plan), steps);
    assert_eq!(plan.regressed, []);
}

#[test]
fn without_a_status_the_three_streams_of_every_server_are_pulled() {
    let plan = plan(&held("", [1, 2, 3, 4, 5, 6]), None);
    assert_eq!(
        outline(&plan),
        [
            (Stream::Conversations, 1, None),
            (Stream::Messages, 2, None),
            (Stream::Contacts, 3, None),
        ],
        "the others may not exist there"
    );
}

#[test]
fn a_stream_that_ends_before_the_cursor_within_one_history_is_reported_and_left_alone() {
    let plan = plan(
        &held("a", [10, 60, 0, 0, 0, 0]),
        Some(&remote(
            "a",
            [(11, 3), (50, 30), (0, 0), (0, 0), (0, 0), (0, 0)],
        )),
    );
    assert_eq!(plan.epoch, EpochAction::Keep("a".into()));
    assert_eq!(outline(&plan), [(Stream::Conversations, 10, None)]);
    assert_eq!(
        plan.regressed,
        [Regression {
            stream: Stream::Messages,
            held: 60
        }]
    );
}
