//! Ines connects a new laptop to nine thousand messages over a slow line, and wants to read now.

use std::{path::Path, time::Duration};

use rusqlite::Connection;
use threadkeep_app::view::{Anchor, ChatQuery, SyncSettings};
use threadkeep_ingest::sample::bulk;
use threadkeep_tests::{Device, TestServer, Wire, mirror_digest, server_digest};

const MESSAGES: usize = 9_000;
const CHATS: u32 = 20;
const NEWEST: u32 = 30;

/// The texts of a chat's newest messages on the server, oldest first.
fn newest_texts(server: &Path, chat: &str) -> Vec<String> {
    let file = Connection::open(server).expect("the server's file opens");
    let mut select = file
        .prepare(
            "SELECT m.content FROM messages AS m
             JOIN conversations AS c ON c.pk = m.conversation_pk
             WHERE c.external_id = ?1 ORDER BY m.timestamp DESC, m.pk DESC LIMIT ?2",
        )
        .expect("the tables are there");
    let texts = select.query_map((chat, NEWEST), |row| row.get(0));
    let texts = texts
        .expect("they can be read")
        .collect::<Result<Vec<_>, _>>();
    let mut texts: Vec<String> = texts.expect("every row can be read");
    texts.reverse();
    texts
}

fn message_cursor(mirror: &Path) -> i64 {
    let file = Connection::open(mirror).expect("the mirror opens");
    let cursor = file.query_row(
        "SELECT last_seq FROM sync_state WHERE stream = 'messages'",
        [],
        |row| row.get(0),
    );
    cursor.expect("every stream has a cursor")
}

/// The texts that are here of the newest messages of the chats on top of the list; nothing until each has
/// enough.
async fn on_top(laptop: &Device) -> Option<Vec<(String, Vec<String>)>> {
    let query = ChatQuery {
        limit: CHATS,
        ..ChatQuery::default()
    };
    let chats = laptop
        .app
        .chats(query)
        .await
        .expect("the list can be read")
        .chats;
    let mut top = Vec::new();
    for chat in &chats {
        let page = laptop.app.messages(&chat.id, Anchor::Newest, NEWEST).await;
        let messages = page.expect("a chat can be read").messages;
        if messages.len() < NEWEST as usize {
            return None;
        }
        let texts = messages.into_iter().map(|message| message.text).collect();
        top.push((chat.jid.clone(), texts));
    }
    (top.len() == CHATS as usize).then_some(top)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_messages_can_be_read_while_the_long_pull_has_hardly_begun() {
    let server = TestServer::start().await;
    let account = server.integration("Ines").await;
    let records = bulk(9, MESSAGES).enumerate().collect();
    server.ingest(account, records).await;
    let wire = Wire::to(&server.url).await;
    let laptop = Device::new("Ines' laptop").await;
    laptop.connect_over(&wire, &server, account).await;
    let settings = SyncSettings {
        recent_chats: CHATS,
        recent_messages: NEWEST,
        ..SyncSettings::default()
    };
    laptop
        .app
        .set_sync_settings(settings)
        .await
        .expect("it is kept");

    // The line is so slow that the long answer comes to a halt behind its first rows.
    wire.hold(&format!("/sync/messages/{account}?"));
    let sync = laptop.app.sync(None, |_| {});
    let look = async {
        let looked = tokio::time::timeout(Duration::from_secs(60), async {
            loop {
                if let Some(top) = on_top(&laptop).await {
                    break top;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let top = looked
            .await
            .expect("they come before the long pull goes on");
        let cursor = message_cursor(&laptop.mirror_file());
        wire.release();
        (top, cursor)
    };
    let (reports, (top, cursor)) = tokio::join!(sync, look);
    for (chat, texts) in top {
        assert_eq!(
            texts,
            newest_texts(&server.file(), &chat),
            "the newest of {chat}, with none missing between them"
        );
    }
    let last = server
        .store
        .status(account)
        .await
        .expect("the store answers");
    assert!(
        cursor < last.latest_message_seq / 10,
        "the long pull stood at {cursor} of {}",
        last.latest_message_seq
    );

    let report = &reports.expect("there is something to sync")[0];
    let there = server_digest(&server.file(), account);
    let rows: usize = there.values().map(Vec::len).sum();
    assert_eq!(report.saved, rows as i64, "no row was new twice");
    assert_eq!(
        mirror_digest(&laptop.mirror_file(), 1),
        there,
        "the long pull went on to the end, and nothing is doubled"
    );
}
