//! Of what it is known that nothing is missing.

use threadkeep_protocol::{Conversation, Message};
use threadkeep_server_store::{Asker, NewHistory};

use super::*;

#[tokio::test]
async fn what_came_while_nobody_listened_shows_as_a_gap_until_a_request_closes_it() {
    let bed = Bed::with_chat(1, 20).await;
    bed.connection_is("connected");
    bed.tell([live(21)]).await;
    assert_eq!(bed.gaps().await, [], "live messages follow on");
    bed.connection_is("disconnected");
    bed.connection_is("connected");
    bed.tell([live(91)]).await;
    bed.tell([live(100)]).await;
    assert_eq!(bed.gaps().await, [(21, 91)]);
    let row = bed.conversation(ANA).await;

    bed.ask(1_000, false).await;
    let first = bed.take_one().await;
    assert_eq!(
        first.before.as_ref().unwrap().external_message_id,
        "m91",
        "gaps are closed before the beginning is looked for"
    );
    bed.answer(&first, 41..91, false).await;
    assert_eq!(bed.gaps().await, [(21, 41)]);
    assert!(
        bed.conversation(ANA).await.seq > row.seq,
        "clients learn of it"
    );
    let second = bed.take_one().await;
    bed.answer(&second, 11..41, false).await;
    assert_eq!(bed.gaps().await, []);
    assert_eq!(
        bed.checkpoint().await.messages_synced,
        69,
        "the ten in common were here"
    );
    let third = bed.take_one().await;
    assert_eq!(third.before.unwrap().external_message_id, "m1");
}

#[tokio::test]
async fn requests_and_stretches_of_two_chats_that_are_one_become_that_ones() {
    let bed = Bed::new().await;
    bed.tell(batch(ANA_LID, 1..=10)).await;
    bed.tell(batch(ANA, 21..=30)).await;
    let hidden = bed.conversation(ANA_LID).await.id;
    let new = NewHistory {
        conversation: hidden,
        max_messages: 100,
        resume: false,
        asker: Asker::Client,
    };
    let asked = bed.store.ask_history(bed.integration, new).await.unwrap();
    bed.tell([address(ANA_LID, ANA)]).await;
    let by_winner = bed.checkpoint().await;
    assert_eq!(by_winner.request, asked.request);
    let by_loser = bed.store.history(bed.integration, hidden).await.unwrap();
    assert_eq!(by_loser, by_winner, "the old name leads to it too");
    let request = bed.take_one().await;
    assert_eq!(request.external_conversation_id, ANA);
    assert_eq!(bed.gaps().await, []);
}

#[tokio::test]
async fn what_is_here_from_before_counts_as_whole() {
    let bed = Bed::with_chat(1, 3).await;
    let (from, to): (i64, i64) = bed
        .file()
        .query_row("SELECT from_at, to_at FROM coverage", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((from, to), (at(1).millis(), at(3).millis()));
    let rows = (
        bed.rows::<Conversation>().await,
        bed.rows::<Message>().await,
    );
    assert_eq!((rows.0.len(), rows.1.len()), (1, 3));
}

#[tokio::test]
async fn a_chat_that_is_new_is_taken_in_one_go() {
    let bed = Bed::new().await;
    bed.tell(batch(ANA, 1..=30)).await;
    let (conversations, messages) = (
        bed.rows::<Conversation>().await,
        bed.rows::<Message>().await,
    );
    let contacts = bed.rows::<threadkeep_protocol::Contact>().await;
    let rows = conversations.len() + messages.len() + contacts.len();
    assert_eq!(
        bed.last_seq().await,
        rows as i64,
        "every row moved once: no record had to be taken by itself"
    );
    assert_eq!(bed.count("SELECT count(*) FROM coverage"), 1);
}
