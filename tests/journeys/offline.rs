//! Ben reads on the train: no server, no network.

use threadkeep_app::view::{Anchor, ChatQuery, Outcome};
use threadkeep_tests::{Device, TestServer, fixture};

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_the_mirror_is_readable_with_the_server_stopped() {
    let mut server = TestServer::start().await;
    let account = server.integration("Ben").await;
    server
        .post_baileys(account, fixture("baileys/events.ndjson"))
        .await;
    let laptop = Device::new("Ben's laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    let before = laptop.export().await;

    server.stop().await;
    let laptop = laptop.restart().await;
    assert_eq!(
        laptop.export().await,
        before,
        "every message is still there"
    );
    let chats = laptop
        .app
        .chats(ChatQuery::default())
        .await
        .expect("the list needs no server")
        .chats;
    for chat in &chats {
        let mut read = 0;
        let mut anchor = Anchor::Newest;
        loop {
            let page = laptop
                .app
                .messages(&chat.id, anchor, 50)
                .await
                .expect("reading needs no server");
            read += page.messages.len();
            match page.older {
                Some(older) => anchor = Anchor::Before(older),
                None => break,
            }
        }
        assert_eq!(
            read as i64, chat.messages,
            "{} can be read to its beginning",
            chat.name
        );
    }

    let reports = laptop
        .app
        .sync(None, |_| {})
        .await
        .expect("a sync can be tried");
    assert_eq!(reports[0].outcome, Outcome::Failed, "there is no server");
    assert_eq!(
        reports[0].errors[0].code, "unreachable",
        "and the report says so"
    );
    assert_eq!(
        laptop.export().await,
        before,
        "a failed sync takes nothing away"
    );
    let runs = laptop.app.runs(10).await.expect("there is a log");
    assert_eq!(
        runs[0].outcome,
        Outcome::Failed,
        "failed runs are in the log"
    );
    assert_eq!(
        runs[1].outcome,
        Outcome::Completed,
        "beside those that went well"
    );
}
