//! What Emil's phone tells, an old backup, and two exported texts are one history on his laptop, whichever
//! came first; and each import can be taken back.

use rstest::rstest;
use rusqlite::Connection;
use serde_json::{Value, json};
use threadkeep_app::view::{Anchor, ChatQuery, VerifyOptions};
use threadkeep_protocol::{ImportState, IntegrationId, NewImport, Record};
use threadkeep_server_store::IngestOptions;
use threadkeep_tests::{
    Device, Rows, TestServer, assert_same, held_rows, mirror_digest,
    records::{ANA, BEN, CLUB, chat, contact, message, picture, reacted, revoked, said},
    server_rows,
};

/// A line of an exported text: the minute that holds so many seconds, a name and no id.
fn line(chat: &str, id: &str, name: &str, text: &str, seconds: i64) -> Record {
    // `records::at` begins in the twentieth second of a minute.
    let minute = (seconds + 20).div_euclid(60) * 60 - 20;
    let fields = json!({
        "sender_external_id": null,
        "sender_display_name": name,
        "content": text,
        "sync_source": "import",
        "is_loose": true,
    });
    message(chat, &format!("txt:{id}"), minute, fields)
}

fn live() -> Vec<Record> {
    vec![
        contact(ANA, "Ana"),
        contact(BEN, "Ben"),
        chat(CLUB, json!({"name": "The club"})),
        said(ANA, "a1", 15),
        said(ANA, "a2", 75),
        picture(CLUB, "g1", 100),
        reacted(CLUB, "g1", ANA, "🎉", 120),
        said(CLUB, "g2", 200),
    ]
}

fn backup() -> Vec<Record> {
    let imported = |chat, id, seconds| {
        message(
            chat,
            id,
            seconds,
            json!({"sync_source": "import", "is_forwarded": true}),
        )
    };
    vec![
        imported(ANA, "a0", 5),
        imported(ANA, "a1", 15),
        imported(CLUB, "g2", 200),
        imported(CLUB, "g3", 300),
        revoked(ANA, "a2", 400),
    ]
}

fn first_text() -> Vec<Record> {
    vec![
        line(CLUB, "0", "Ben", "before all", -600),
        line(CLUB, "2", "Ben", "text of g2", 200),
        line(CLUB, "3", "Ben", "text of g3", 300),
    ]
}

fn second_text() -> Vec<Record> {
    vec![
        line(CLUB, "3", "Ben", "text of g3", 300),
        line(CLUB, "4", "Ben", "after all", 900),
        line(ANA, "a2", "Ana", "text of a2", 75),
    ]
}

struct Story {
    server: TestServer,
    account: IntegrationId,
    laptop: Device,
}

impl Story {
    async fn begin() -> Self {
        let server = TestServer::start().await;
        let account = server.integration("Emil").await;
        let laptop = Device::new("Emil's laptop").await;
        laptop.connect(&server, account).await;
        Self {
            server,
            account,
            laptop,
        }
    }

    async fn tell(&self, records: Vec<Record>) {
        let records = records.into_iter().enumerate().collect();
        self.server.ingest(self.account, records).await;
    }

    /// Brings records in as an import, from its beginning to its end.
    async fn import(&self, records: Vec<Record>) -> i64 {
        let store = &self.server.store;
        let begun = store.begin_import(self.account, NewImport::default()).await;
        let import = begun.expect("an import begins").id;
        let options = IngestOptions {
            import: Some(import),
            ..IngestOptions::default()
        };
        let records = records.into_iter().enumerate().collect();
        let report = store.ingest(self.account, records, options).await;
        assert_eq!(report.expect("the store takes records").errors, []);
        let ended = store.end_import(self.account, import, ImportState::Complete);
        ended.await.expect("and ends");
        import
    }

    async fn undo(&self, import: i64) {
        let undone = self.server.store.undo_import(self.account, import).await;
        assert_eq!(undone.expect("it is there").state, ImportState::Undone);
    }

    async fn newest_seq(&self) -> i64 {
        let rows = server_rows(&self.server.store, self.account).await;
        let seqs = rows.values().flat_map(|rows| rows.values());
        let seqs = seqs.map(|row| row["seq"].as_i64().expect("a row has a seq"));
        seqs.max().unwrap_or(0)
    }

    /// Pulls, and looks whether the mirror is the server without what was withdrawn there.
    async fn pull(&self) -> Vec<Value> {
        self.laptop.sync().await;
        let held = held_rows(&self.laptop.mirror_file(), 1);
        let mut rows = server_rows(&self.server.store, self.account).await;
        for rows in rows.values_mut() {
            rows.retain(|_, row| row.get("is_withdrawn").is_none());
        }
        assert_same(&rows, &held, "Emil's laptop");
        mirror_digest(&self.laptop.mirror_file(), 1);
        let options = VerifyOptions {
            full: true,
            dry_run: false,
        };
        let verified = self.laptop.app.verify(None, options, |_| {}).await;
        let report = verified.expect("there is something to verify").remove(0);
        let wrong = (
            report.mended,
            report.removed,
            report.only_here,
            report.counters,
        );
        assert_eq!(wrong, (0, 0, 0, 0), "the sums of both sides are equal");
        assert!(report.sound);
        history(&held.rows)
    }
}

/// The rows by what they say, without the names and numbers that a server gives them.
fn history(rows: &Rows) -> Vec<Value> {
    let plain = |row: &Value| {
        let mut row = row.clone();
        let fields = row.as_object_mut().expect("rows are objects");
        for own in ["seq", "conversation_id", "message_id"] {
            fields.remove(own);
        }
        row
    };
    let mut all: Vec<Value> = rows
        .values()
        .flat_map(|rows| rows.values().map(plain))
        .collect();
    all.sort_by_key(Value::to_string);
    all
}

#[rstest]
#[tokio::test]
async fn all_orders_of_the_sources_end_equal_on_the_laptop(
    #[values([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2], [2, 3, 1, 0])] order: [usize;
        4],
) {
    let sources = [live, backup, first_text, second_text];
    let (straight, other) = (Story::begin().await, Story::begin().await);
    for (story, order) in [(&straight, [0, 1, 2, 3]), (&other, order)] {
        // Whom the phone knows stands before all.
        story
            .tell(vec![contact(ANA, "Ana"), contact(BEN, "Ben")])
            .await;
        for source in order {
            match source {
                0 => story.tell(live()).await,
                source => {
                    story.import(sources[source]()).await;
                }
            }
            story.pull().await;
        }
    }
    let (one, two) = (straight.pull().await, other.pull().await);
    assert_eq!(one, two, "whatever came first");
    let texts: Vec<&str> = one
        .iter()
        .filter_map(|row| row["content"].as_str())
        .collect();
    assert_eq!(
        texts.iter().filter(|text| **text == "text of g3").count(),
        1,
        "what a backup and two texts know is there once"
    );
    assert!(
        !texts.contains(&"text of a2"),
        "what was deleted is not brought back by a text that has it"
    );
}

#[tokio::test]
async fn an_import_is_taken_back_from_the_laptop_and_comes_again() {
    let story = Story::begin().await;
    story.tell(live()).await;
    let before = story.pull().await;
    let (text, store) = (
        story.import(first_text()).await,
        story.import(backup()).await,
    );
    let with = story.pull().await;
    let last = story.newest_seq().await;
    story.import(first_text()).await;
    let twice = story.import(backup()).await;
    assert_eq!(
        story.newest_seq().await,
        last,
        "the same twice moves nothing"
    );

    story.undo(text).await;
    story.undo(store).await;
    assert_eq!(story.pull().await, with, "others still say all of it");
    story.undo(twice).await;
    let imports = story.server.store.imports(story.account).await;
    let rest = imports.expect("they can be read")[2].id;
    story.undo(rest).await;
    assert_eq!(story.pull().await, before, "now nobody does");
    let hits = count(
        &story,
        "SELECT count(*) FROM messages WHERE content = 'before all'",
    );
    assert_eq!(hits, 0);

    story.import(first_text()).await;
    story.import(backup()).await;
    assert_eq!(
        story.pull().await,
        with,
        "and the same files bring the same"
    );
}

#[tokio::test]
async fn an_open_chat_loses_what_is_taken_back() {
    let story = Story::begin().await;
    story.tell(live()).await;
    let import = story.import(second_text()).await;
    story.pull().await;
    let club = story.laptop.app.chats(ChatQuery::default()).await;
    let club = club.expect("the list").chats;
    let club = club
        .iter()
        .find(|chat| chat.name == "The club")
        .expect("the club");
    let read = || story.laptop.app.messages(&club.id, Anchor::Newest, 50);
    let newest = |page: threadkeep_app::view::MessagePage| {
        page.messages.last().map(|message| message.text.clone())
    };
    let page = read().await.expect("the chat opens");
    assert_eq!(newest(page).as_deref(), Some("after all"));
    story.undo(import).await;
    story.pull().await;
    let page = read().await.expect("the chat opens");
    assert_eq!(newest(page).as_deref(), Some("text of g2"), "what is left");
}

#[tokio::test]
async fn a_message_says_by_whom_it_is_known_as_long_as_its_server_can_be_asked() {
    let mut story = Story::begin().await;
    story.tell(live()).await;
    story.import(backup()).await;
    story.import(second_text()).await;
    story.pull().await;
    let app = &story.laptop.app;
    let chats = app.chats(ChatQuery::default()).await.expect("the list");
    let named = |name| chats.chats.iter().find(|chat| chat.name == name);
    let (club, ana) = (named("The club"), named("Ana"));
    let (club, ana) = (&club.expect("the club").id, &ana.expect("Ana").id);
    let known = async |chat: &str, id: &str| {
        let sources = app.message_sources(chat, id).await.expect("it is told");
        let each = sources.into_iter().map(|one| {
            let import = one.import.map(|import| import.id);
            (one.way, import, one.is_loose)
        });
        each.collect::<Vec<_>>()
    };
    let live = (Some("realtime".to_owned()), None, false);
    let import = |id: &str, is_loose| (None, Some(id.to_owned()), is_loose);
    assert_eq!(known(ana, "a1").await, [live.clone(), import("1", false)]);
    assert_eq!(known(club, "g1").await, [live], "the phone alone");
    assert_eq!(
        known(club, "g3").await,
        [import("1", false), import("2", true)],
        "a text knows it by its words alone"
    );

    story.server.stop().await;
    let away = story.laptop.app.message_sources(club, "g3").await;
    assert_eq!(away.unwrap_err().code(), "unreachable");
    let details = story.laptop.app.message_details(club, "g3").await;
    assert_eq!(details.expect("what is here is here").source, "import");
}

fn count(story: &Story, sql: &str) -> i64 {
    let conn = Connection::open(story.laptop.mirror_file()).expect("the mirror opens");
    conn.query_row(sql, (), |row| row.get(0))
        .expect("it can be counted")
}
