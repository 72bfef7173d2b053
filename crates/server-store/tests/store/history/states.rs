//! Which states a request passes, and what the file itself refuses.

use std::time::Duration;

use threadkeep_protocol::HistoryStatus;
use threadkeep_server_store::StepLimits;

use super::*;

const LEGAL: [(&str, &str); 7] = [
    ("not_started", "in_progress"),
    ("in_progress", "completed"),
    ("in_progress", "interrupted"),
    ("in_progress", "cancelled"),
    ("in_progress", "failed"),
    ("interrupted", "in_progress"),
    ("cancelled", "in_progress"),
];

#[tokio::test]
async fn the_file_itself_refuses_a_step_that_no_checkpoint_may_take() {
    let bed = Bed::with_chat(1, 3).await;
    let file = bed.file();
    let conversation = bed.count("SELECT pk FROM conversations");
    let insert = "INSERT INTO history_checkpoints (integration_id, conversation_pk, requested_by,
            max_messages, created_at, updated_at) VALUES (?1, ?2, 'client', 10, 0, 0)";
    for from in HistoryStatus::ALL.map(HistoryStatus::name) {
        for to in HistoryStatus::ALL.map(HistoryStatus::name) {
            let tx = file.unchecked_transaction().unwrap();
            tx.execute(insert, (bed.integration, conversation)).unwrap();
            let id = tx.last_insert_rowid();
            let step = |to: &str| {
                tx.execute(
                    "UPDATE history_checkpoints SET status = ?2, completed_at = 1,
                            error_message = 'why' WHERE id = ?1",
                    (id, to),
                )
            };
            if from != "not_started" {
                step("in_progress").unwrap();
                step(from).unwrap();
            }
            let is_legal = from == to || LEGAL.contains(&(from, to));
            assert_eq!(step(to).is_ok(), is_legal, "{from} → {to}");
        }
    }
}

#[rstest::rstest]
#[case::too_far("progress_percent = 101")]
#[case::backwards("progress_percent = -1")]
#[case::fewer_than_none("messages_synced = -1")]
#[case::done_at_no_time("status = 'completed'")]
#[case::failed_without_a_reason("status = 'failed'")]
#[case::a_state_of_its_own("status = 'paused'")]
#[case::none_wanted("max_messages = 0")]
#[case::too_many_wanted("max_messages = 10001")]
#[case::a_cursor_that_is_nowhere("last_message_pk = 4711, last_timestamp = 1")]
#[case::a_cursor_without_a_time(
    "last_message_pk = (SELECT min(pk) FROM messages), last_timestamp = NULL"
)]
#[case::a_cursor_of_another_chat(
    "last_message_pk = (SELECT m.pk FROM messages AS m JOIN conversations AS c
        ON c.pk = m.conversation_pk WHERE c.external_id LIKE '491512%'), last_timestamp = 1"
)]
#[tokio::test]
async fn the_file_itself_refuses_a_checkpoint_that_makes_no_sense(#[case] change: &str) {
    let bed = Bed::with_chat(1, 3).await;
    bed.tell(batch(BOB, 1..=1)).await;
    bed.ask(10, false).await;
    let sql = format!("UPDATE history_checkpoints SET {change}");
    assert!(bed.file().execute(&sql, []).is_err(), "{change}");
}

#[tokio::test]
async fn a_request_ends_when_it_has_brought_what_it_was_for() {
    let bed = Bed::with_chat(201, 210).await;
    bed.ask(60, false).await;
    let first = bed.take_one().await;
    bed.answer(&first, 151..201, false).await;
    let second = bed.take_one().await;
    assert_eq!(second.count, 10, "no more than what is left to bring");
    bed.answer(&second, 101..151, false).await;
    let done = bed.checkpoint().await;
    assert_eq!(done.status, HistoryStatus::Completed);
    assert_eq!(
        done.messages_synced, 100,
        "what came on top is kept and counted"
    );
    assert!(!done.history_complete, "older ones may exist");

    let again = bed.ask(60, true).await;
    assert_ne!(again.request, done.request, "what has ended begins anew");
    assert_eq!(
        (again.messages_synced, again.status),
        (0, HistoryStatus::InProgress)
    );
    let third = bed.take_one().await;
    assert_eq!(third.before.unwrap().external_message_id, "m101");
}

#[tokio::test]
async fn a_second_request_while_one_runs_is_that_one() {
    let bed = Bed::with_chat(1, 3).await;
    let first = bed.ask(100, false).await;
    let second = bed.ask(500, false).await;
    assert_eq!(first.request, second.request);
    assert_eq!(second.max_messages, 100);
    assert_eq!(bed.take().await.len(), 1);
}

#[tokio::test]
async fn what_is_cancelled_goes_on_where_it_stood() {
    let bed = Bed::with_chat(201, 210).await;
    bed.ask(100, false).await;
    let first = bed.take_one().await;
    bed.answer(&first, 151..201, false).await;
    let late = bed.take_one().await;
    let id = bed.conversation(ANA).await.id;
    let cancelled = bed.store.cancel_history(bed.integration, id).await.unwrap();
    assert_eq!(cancelled.status, HistoryStatus::Cancelled);
    assert!(bed.take().await.is_empty(), "nobody is asked any more");

    bed.answer(&late, 111..151, false).await;
    let unmoved = bed.checkpoint().await;
    assert_eq!(
        unmoved, cancelled,
        "an answer that was under way moves no checkpoint"
    );
    assert_eq!(
        bed.conversation(ANA).await.oldest_message_at,
        Some(at(111)),
        "but what it brings is kept"
    );

    let resumed = bed.ask(100, true).await;
    assert_eq!(resumed.request, cancelled.request);
    assert_eq!(
        (resumed.status, resumed.messages_synced),
        (HistoryStatus::InProgress, 50)
    );
    let next = bed.take_one().await;
    assert_eq!(
        next.before.as_ref().unwrap().external_message_id,
        "m111",
        "before all that is known by now"
    );
    bed.answer(&next, 61..111, false).await;
    assert_eq!(bed.checkpoint().await.status, HistoryStatus::Completed);
}

#[tokio::test]
async fn a_restart_interrupts_what_ran() {
    let bed = Bed::with_chat(1, 3).await;
    bed.ask(100, false).await;
    assert_eq!(bed.store.interrupt_history().await.unwrap(), 1);
    let checkpoint = bed.checkpoint().await;
    assert_eq!(checkpoint.status, HistoryStatus::Interrupted);
    assert!(checkpoint.error_message.is_some());
    assert!(bed.take().await.is_empty());
    assert_eq!(bed.ask(100, true).await.request, checkpoint.request);
    assert_eq!(bed.store.interrupt_history().await.unwrap(), 1);
    let anew = bed.ask(100, false).await;
    assert_ne!(
        anew.request, checkpoint.request,
        "unless it is to begin anew"
    );
}

#[tokio::test]
async fn a_phone_that_never_answers_is_asked_three_times() {
    let bed = Bed::with_chat(1, 3).await;
    bed.ask(100, false).await;
    let hasty = StepLimits {
        lease: Duration::ZERO,
        ..LIMITS
    };
    for attempt in 1..=3 {
        let taken = bed
            .store
            .take_requests(bed.integration, hasty)
            .await
            .unwrap();
        assert_eq!(taken[0].attempt, attempt);
        assert!(bed.store.sweep_requests(hasty).await.unwrap());
    }
    let checkpoint = bed.checkpoint().await;
    assert_eq!(checkpoint.status, HistoryStatus::Interrupted);
    assert!(checkpoint.error_message.unwrap().contains("did not answer"));
    assert!(
        !bed.store.sweep_requests(hasty).await.unwrap(),
        "once is enough"
    );
}

#[tokio::test]
async fn a_question_that_nobody_takes_is_not_asked_for_ever() {
    let bed = Bed::with_chat(1, 3).await;
    bed.ask(100, false).await;
    assert!(!bed.store.sweep_requests(LIMITS).await.unwrap(), "not yet");
    let hasty = StepLimits {
        unfed: Duration::ZERO,
        ..LIMITS
    };
    assert!(bed.store.sweep_requests(hasty).await.unwrap());
    assert_eq!(bed.checkpoint().await.status, HistoryStatus::Interrupted);
}
