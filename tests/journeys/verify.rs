//! A row that was altered, dropped or added by hand, in either file, is found and mended by pulling its
//! bucket.

use rstest::rstest;
use rusqlite::Connection;
use threadkeep_app::view::{VerifyOptions, VerifyReport};
use threadkeep_protocol::{IntegrationId, Record};
use threadkeep_tests::{
    Device, TestServer, assert_same, held_rows,
    records::{ANA, BEN, CLUB, chat, contact, edited, member, own, picture, receipt, said},
    server_rows,
};

/// Emil's phone has filled a server, and his laptop has pulled everything.
struct Story {
    server: TestServer,
    account: IntegrationId,
    laptop: Device,
}

fn history() -> Vec<Record> {
    let mut records = vec![
        contact(ANA, "Ana"),
        contact(BEN, "Ben"),
        chat(
            CLUB,
            serde_json::json!({"name": "The club", "unread_count": 3}),
        ),
        member(CLUB, ANA),
        member(CLUB, BEN),
    ];
    for number in 0..60 {
        let id = format!("m{number}");
        records.push(match number % 4 {
            0 => picture(CLUB, &id, number),
            1 => own(CLUB, &id, number),
            _ => said(ANA, &id, number),
        });
        if number % 4 == 1 {
            records.push(receipt(CLUB, &id, ANA, "read_at", number + 5));
            records.push(receipt(CLUB, &id, BEN, "delivered_at", number + 6));
        }
    }
    records
}

impl Story {
    async fn begin() -> Self {
        let server = TestServer::start().await;
        let account = server.integration("Emil").await;
        let records = history().into_iter().enumerate().collect();
        server.ingest(account, records).await;
        // Each stream has a gap below its last row then, where no row ever was.
        let renamed = vec![
            chat(CLUB, serde_json::json!({"name": "The new club"})),
            contact(ANA, "Ana B."),
        ];
        let renamed = renamed.into_iter().enumerate().collect();
        server.ingest(account, renamed).await;
        let laptop = Device::new("Emil's laptop").await;
        laptop.connect(&server, account).await;
        laptop.sync().await;
        Self {
            server,
            account,
            laptop,
        }
    }

    fn by_hand(file: &std::path::Path, sql: &str) {
        let conn = Connection::open(file).expect("the file opens");
        conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 30000;")
            .expect("a hand minds no keys");
        conn.execute_batch(sql).expect("the statement is sound");
        assert!(conn.changes() > 0, "the damage is done: {sql}");
    }

    async fn verify(&self, full: bool) -> VerifyReport {
        let options = VerifyOptions {
            full,
            dry_run: false,
        };
        let verified = self.laptop.app.verify(None, options, |_| {}).await;
        verified.expect("there is something to verify").remove(0)
    }

    async fn assert_same(&self) {
        let server = server_rows(&self.server.store, self.account).await;
        let held = held_rows(&self.laptop.mirror_file(), 1);
        assert_same(&server, &held, "Emil's laptop");
        assert!(
            self.laptop
                .app
                .check(true)
                .await
                .expect("it can be read")
                .sound
        );
    }
}

/// In the mirror, where each table has the same columns for what is altered here.
#[rstest]
#[case::altered("UPDATE {} SET seq = 1 WHERE pk = (SELECT max(pk) FROM {})")]
#[case::dropped("DELETE FROM {} WHERE pk = (SELECT max(pk) FROM {})")]
#[case::lost("DELETE FROM {}")]
#[tokio::test]
async fn what_happened_to_the_mirror_is_mended(
    #[values(
        "conversations",
        "messages",
        "contacts",
        "participants",
        "media",
        "receipts"
    )]
    table: &str,
    #[case] sql: &str,
) {
    let story = Story::begin().await;
    Story::by_hand(&story.laptop.mirror_file(), &sql.replace("{}", table));
    let report = story.verify(false).await;
    assert!(report.sound, "{report:?}");
    assert!(report.mended > 0, "it was found");
    story.assert_same().await;
}

#[rstest]
#[case::a_chat(
    "INSERT INTO conversations (id, integration_pk, generation, seq) SELECT randomblob(16), 1, generation, 1 FROM integrations"
)]
#[case::a_message(
    "INSERT INTO messages (id, integration_pk, generation, seq, conversation_pk, timestamp, content) SELECT randomblob(16), 1, generation, 1, 1, 1, 'forged' FROM integrations"
)]
#[case::a_person(
    "INSERT INTO contacts (id, integration_pk, generation, seq, address_pk) SELECT randomblob(16), 1, generation, 1, 1 FROM integrations"
)]
#[case::a_member(
    "INSERT INTO participants (id, integration_pk, generation, seq, conversation_pk, address_pk) SELECT randomblob(16), 1, generation, 1, 1, 1 FROM integrations"
)]
#[case::a_file(
    "INSERT INTO media (id, integration_pk, generation, seq, message_pk) SELECT randomblob(16), 1, generation, 1, 1 FROM integrations"
)]
#[case::a_receipt(
    "INSERT INTO receipts (id, integration_pk, generation, seq, message_pk, address_pk) SELECT randomblob(16), 1, generation, 1, 1, 1 FROM integrations"
)]
#[tokio::test]
async fn what_was_added_to_the_mirror_is_removed(#[case] sql: &str) {
    let story = Story::begin().await;
    Story::by_hand(&story.laptop.mirror_file(), sql);
    let report = story.verify(false).await;
    assert!(report.sound, "{report:?}");
    assert_eq!(report.removed, 1);
    story.assert_same().await;
}

/// In the server's file under the running server: another seq, as no ingest would give it.
#[rstest]
#[tokio::test]
async fn what_was_altered_on_the_server_is_pulled(
    #[values(
        "conversations",
        "messages",
        "contacts",
        "participants",
        "media",
        "receipts"
    )]
    table: &str,
) {
    let story = Story::begin().await;
    // The latest seq of the stream stays, so that no pull would notice.
    let sql = format!(
        "WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 500) \
         UPDATE {table} SET seq = (SELECT min(seq) FROM n WHERE seq NOT IN (SELECT seq FROM {table})) \
         WHERE seq = (SELECT max(seq) FROM {table} WHERE seq < (SELECT max(seq) FROM {table}))"
    );
    Story::by_hand(&story.server.file(), &sql);
    let pulled = &story.laptop.sync().await[0];
    assert_eq!(
        (pulled.saved, pulled.updated),
        (0, 0),
        "a pull finds nothing"
    );
    let report = story.verify(false).await;
    assert!(report.sound, "{report:?}");
    assert_eq!(report.mended, 1);
    story.assert_same().await;
}

#[tokio::test]
async fn what_was_added_to_the_server_is_pulled() {
    let story = Story::begin().await;
    Story::by_hand(
        &story.server.file(),
        "INSERT INTO messages (id, integration_id, seq, created_at, updated_at, conversation_pk, \
            external_id, kind, content, timestamp, sync_source) \
         SELECT randomblob(16), integration_id, (SELECT min(seq) FROM conversations), created_at, \
            updated_at, conversation_pk, 'added', kind, 'added by hand', timestamp, sync_source \
         FROM messages LIMIT 1",
    );
    let report = story.verify(false).await;
    assert!(report.sound, "{report:?}");
    assert_eq!(report.mended, 1);
    story.assert_same().await;
}

#[tokio::test]
async fn what_was_dropped_on_the_server_is_told_and_kept() {
    let story = Story::begin().await;
    let before = held_rows(&story.laptop.mirror_file(), 1);
    Story::by_hand(
        &story.server.file(),
        "DELETE FROM messages WHERE external_id = 'm2'",
    );
    for full in [false, true] {
        let report = story.verify(full).await;
        assert!(!report.sound);
        assert_eq!(report.errors[0].code, "server_lost_rows");
        assert_eq!((report.removed, report.only_here), (0, 1));
        assert_eq!(
            held_rows(&story.laptop.mirror_file(), 1),
            before,
            "what is left of it is here"
        );
    }
}

#[rstest]
#[case::a_text("UPDATE messages SET content = 'forged' WHERE external_id = 'm2'")]
#[case::a_name("UPDATE contacts SET display_name = 'forged' WHERE pk = 1")]
#[case::a_time("UPDATE receipts SET read_at = 5 WHERE pk = 1")]
#[tokio::test]
async fn a_text_that_was_altered_under_its_seq_is_found_row_by_row(
    #[case] sql: &str,
    #[values(true, false)] on_the_server: bool,
) {
    let story = Story::begin().await;
    let file = if on_the_server {
        story.server.file()
    } else {
        story.laptop.mirror_file()
    };
    Story::by_hand(&file, sql);
    assert_eq!(story.verify(false).await.mended, 0, "no sum sees it");
    let report = story.verify(true).await;
    assert!(report.sound, "{report:?}");
    assert_eq!(report.mended, 1);
    story.assert_same().await;
}

#[tokio::test]
async fn a_phone_that_goes_on_talking_is_followed() {
    let story = Story::begin().await;
    Story::by_hand(
        &story.laptop.mirror_file(),
        "DELETE FROM messages WHERE pk % 7 = 0",
    );
    let (store, account) = (story.server.store.clone(), story.account);
    let done = tokio_util::sync::CancellationToken::new();
    let talking = tokio::spawn({
        let done = done.clone();
        async move {
            for number in 0.. {
                if done.is_cancelled() {
                    break;
                }
                let id = format!("late{number}");
                let records = vec![
                    (0, said(ANA, &id, 1_000 + number)),
                    (
                        1,
                        edited(ANA, "m3", &format!("edit {number}"), 1_000 + number),
                    ),
                ];
                let taken = store.ingest(account, records, Default::default()).await;
                taken.expect("the store takes records");
                tokio::task::yield_now().await;
            }
        }
    });
    let report = story.verify(false).await;
    done.cancel();
    talking.await.expect("the phone stops");
    // A message and its chat change with every word that is said, so that their two streams may never rest
    // on a machine that is slower than the phone; the four others always do.
    let restless: Vec<&str> = report
        .streams
        .iter()
        .filter(|stream| !stream.equal)
        .map(|stream| stream.stream.as_str())
        .collect();
    assert!(
        restless
            .iter()
            .all(|stream| ["conversations", "messages"].contains(stream)),
        "what rests is compared to the end: {report:?}"
    );
    assert!(
        report
            .errors
            .iter()
            .all(|error| error.code == "server_restless"),
        "what does not rest is said, in words: {report:?}"
    );
    assert_eq!(
        report.sound,
        report.errors.is_empty(),
        "sound, or why not is said: {report:?}"
    );
    story.laptop.sync().await;
    assert!(story.verify(false).await.sound);
    story.assert_same().await;
}
