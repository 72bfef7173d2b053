//! What each kind of answer does to its request.

use threadkeep_protocol::{HistoryAnswer, HistoryAsked, HistoryStatus, Record};

use super::*;

#[tokio::test]
async fn a_request_goes_back_step_by_step_until_nothing_is_left() {
    let bed = Bed::with_chat(121, 130).await;
    assert_eq!(bed.checkpoint().await.status, HistoryStatus::NotStarted);
    let asked = bed.ask(1_000, false).await;
    assert_eq!(asked.status, HistoryStatus::InProgress);

    let first = bed.take_one().await;
    let before = first.before.as_ref().unwrap();
    assert_eq!(
        (before.external_message_id.as_str(), first.count),
        ("m121", 50),
        "before the oldest, as many as a phone hands out"
    );
    assert_eq!(before.sender_external_id.as_deref(), Some(ANA));
    assert!(bed.take().await.is_empty(), "it is with somebody");

    bed.answer(&first, 71..121, false).await;
    let after = bed.checkpoint().await;
    assert_eq!((after.messages_synced, after.progress_percent), (50, 5));
    assert_eq!(after.last_message_id.as_deref(), Some("m71"));
    assert_eq!(after.last_timestamp, Some(at(71)));
    assert_eq!(after.seq, bed.last_seq().await, "its rows are all before");

    let second = bed.take_one().await;
    assert_eq!(second.before.as_ref().unwrap().external_message_id, "m71");
    bed.answer(&second, 21..71, false).await;
    let third = bed.take_one().await;
    bed.answer(&third, 1..21, true).await;

    let done = bed.checkpoint().await;
    assert_eq!(done.status, HistoryStatus::Completed);
    assert_eq!((done.messages_synced, done.progress_percent), (120, 100));
    assert!(done.completed_at.is_some() && done.history_complete);
    let chat = bed.conversation(ANA).await;
    assert!(chat.history_complete && chat.gaps.is_empty());
    assert_eq!(chat.oldest_message_at, Some(at(1)));
    assert_eq!(chat.total_message_count, 130, "nothing is doubled");
    assert!(bed.take().await.is_empty());
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn an_answer_that_comes_twice_changes_nothing() {
    let bed = Bed::with_chat(101, 110).await;
    bed.ask(1_000, false).await;
    let first = bed.take_one().await;
    bed.answer(&first, 51..101, false).await;
    let (checkpoint, rows) = (bed.checkpoint().await, bed.seen().await);
    let seq = bed.last_seq().await;
    bed.answer(&first, 51..101, false).await;
    assert_eq!(bed.checkpoint().await, checkpoint);
    assert_eq!((bed.seen().await, bed.last_seq().await), (rows, seq));
    assert_eq!(
        bed.take_one().await.attempt,
        1,
        "the next question waits untouched"
    );
}

#[tokio::test]
async fn an_empty_answer_is_no_answer_unless_it_says_that_nothing_is_left() {
    let bed = Bed::with_chat(1, 3).await;
    bed.ask(100, false).await;
    for _ in 0..3 {
        let request = bed.take_one().await;
        bed.answer(&request, 0..0, false).await;
    }
    assert_eq!(bed.checkpoint().await.status, HistoryStatus::Interrupted);

    bed.ask(100, true).await;
    let request = bed.take_one().await;
    bed.answer(&request, 0..0, true).await;
    let done = bed.checkpoint().await;
    assert_eq!(
        (done.status, done.messages_synced),
        (HistoryStatus::Completed, 0)
    );
    assert!(bed.conversation(ANA).await.history_complete);
}

#[tokio::test]
async fn an_answer_for_another_chat_is_kept_and_is_no_answer() {
    let bed = Bed::with_chat(10, 13).await;
    bed.ask(100, false).await;
    let request = bed.take_one().await;
    let mut records = batch(BOB, 1..=5);
    records.push(result(&request, false));
    bed.tell(records).await;
    assert_eq!(bed.checkpoint().await.messages_synced, 0);
    assert_eq!(bed.conversation(BOB).await.total_message_count, 5);
    assert_eq!(bed.take_one().await.attempt, 2, "the same is asked again");
}

#[tokio::test]
async fn the_order_within_an_answer_does_not_matter() {
    let bed = Bed::with_chat(101, 110).await;
    bed.ask(1_000, false).await;
    let request = bed.take_one().await;
    let mut records = vec![result(&request, false)];
    let shuffled = (51..101).map(|second| 51 + (second * 37) % 50);
    records.extend(batch(ANA, shuffled));
    bed.tell(records).await;
    let checkpoint = bed.checkpoint().await;
    assert_eq!(checkpoint.messages_synced, 50);
    assert_eq!(checkpoint.last_message_id.as_deref(), Some("m51"));
    assert_eq!(bed.gaps().await, []);
}

#[tokio::test]
async fn a_refusal_of_the_phone_is_a_failure_with_its_words() {
    let bed = Bed::with_chat(1, 3).await;
    bed.ask(100, false).await;
    let request = bed.take_one().await;
    let refusal = Record::HistoryResult(HistoryAnswer {
        request: Some(request.id),
        error: Some("the chat is locked".into()),
        ..HistoryAnswer::default()
    });
    bed.tell([refusal]).await;
    let failed = bed.checkpoint().await;
    assert_eq!(failed.status, HistoryStatus::Failed);
    assert_eq!(failed.error_message.as_deref(), Some("the chat is locked"));
    assert_ne!(
        bed.ask(100, true).await.request,
        failed.request,
        "it cannot be resumed"
    );
}

#[tokio::test]
async fn an_answer_to_no_question_is_named_as_an_error() {
    let bed = Bed::with_chat(1, 3).await;
    let nobodys = Record::HistoryResult(HistoryAnswer {
        request: Some(4_711),
        ..HistoryAnswer::default()
    });
    let report = bed.say([nobodys]).await;
    assert_eq!(report.errors.len(), 1, "{report:?}");
    let foreign = Record::HistoryResult(HistoryAnswer {
        session: Some("another program's".into()),
        ..HistoryAnswer::default()
    });
    assert_eq!(bed.tell([foreign]).await, (0, 0, 1));
}

#[rstest::rstest]
#[case::by_the_platforms_session(true)]
#[case::by_its_chat(false)]
#[tokio::test]
async fn an_answer_is_found_without_our_number(#[case] has_session: bool) {
    let bed = Bed::with_chat(51, 60).await;
    bed.ask(1_000, false).await;
    let request = bed.take_one().await;
    let mut answer = HistoryAnswer::default();
    if has_session {
        let session = "3EB0C0FFEE".to_owned();
        answer.session = Some(session.clone());
        let request = request.id;
        bed.tell([Record::HistoryAsked(HistoryAsked { request, session })])
            .await;
    } else {
        answer.external_conversation_id = Some(ANA.into());
    }
    let mut records = batch(ANA, 1..51);
    records.push(Record::HistoryResult(answer));
    bed.tell(records).await;
    assert_eq!(bed.checkpoint().await.messages_synced, 50);
}
