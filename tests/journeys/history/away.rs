//! A phone that was away while people wrote.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_while_the_phone_was_away_shows_as_a_gap_and_is_closed() {
    let options = Options {
        history: HistoryOptions {
            // Else a backfill begins by itself when the phone comes back.
            sync_full_history: false,
            ..HistoryOptions::default()
        },
        ..Options::default()
    };
    let server = TestServer::start_with(options).await;
    let account = server.integration("Eva").await;
    let mut phone = Phone::new(&server, account, ANA, 100).await;
    phone.is("connected").await;
    phone.link(100).await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    phone.is("disconnected").await;
    phone.depth += 70; // written while nobody listened
    phone.is("connected").await;
    phone.live().await;
    laptop.sync().await;
    let chat = laptop.app.find_chat(ANA).await.expect("the chat is here");
    assert_eq!(
        chat.gaps.len(),
        1,
        "it is known that something may be missing"
    );
    let gap = chat.gaps[0];
    assert_eq!(
        (gap.before - gap.after) / 60_000,
        71,
        "from the last before to the first after"
    );

    let loading = load(&laptop, HistoryGoal::Beginning, false);
    let loaded = while_serving(&phone, Manner::Answer, loading).await;
    assert_eq!(loaded.gaps, [], "nothing is missing any more");
    assert_eq!(loaded.messages_synced, 70, "only what was missing is new");
    assert_has_all(&laptop, &phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_comes_back_is_asked_for_what_was_missed_by_itself() {
    let server = TestServer::start_with(hasty()).await;
    let account = server.integration("Eva").await;
    let mut phone = Phone::new(&server, account, ANA, 100).await;
    phone.is("connected").await;
    phone.link(100).await;
    phone.is("disconnected").await;
    phone.depth += 70;
    phone.live().await; // delivered before it says that it is back
    phone.is("connected").await;
    let stop = CancellationToken::new();
    let done = async {
        let mut moves = server.store.history_moves();
        let result = loop {
            let found = server.store.integration(account).await.expect("it reads");
            let found = found.expect("the account is there");
            if let Some(result) = found.last_backfill_result {
                assert_eq!(found.connection, Link::Connected);
                break result;
            }
            // Its end is written just after the last move.
            _ = tokio::time::timeout(Duration::from_millis(100), moves.changed()).await;
        };
        stop.cancel();
        result
    };
    let (result, ()) = tokio::join!(done, phone.serve(Manner::Answer, &stop));
    assert_eq!((result.threads, result.errors), (1, 0));
    assert_eq!(result.messages, 70);
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    assert_has_all(&laptop, &phone).await;
    let chat = laptop.app.find_chat(ANA).await.expect("the chat is here");
    assert_eq!(chat.gaps, []);
}
