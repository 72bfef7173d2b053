//! The index against a plain look at every message, after anything that can happen to messages.

use proptest::prelude::*;
use serde_json::json;
use threadkeep_protocol::{Media, Timestamp};

use super::*;
use crate::{
    IntegrationPk,
    testing::{account, batch, conversation, id, row},
};

const WORDS: [&str; 6] = ["soup", "onion", "leek", "bread", "salt", "water"];

#[derive(Debug, Clone)]
enum Step {
    /// New messages, or later versions of old ones: text, day, chat, deleted.
    Put(Vec<(u64, usize, usize, i64, u64, bool)>),
    /// A file comes for a message, perhaps before it.
    File(u64, usize),
    /// A placeholder turns out to be another chat.
    Merge,
    /// An account is removed and added again: its pks are given anew.
    Remove,
    Reopen,
    Rebuild,
    CatchUp,
}

fn step() -> impl Strategy<Value = Step> {
    let put = (
        1..30_u64,
        0..6_usize,
        0..6_usize,
        0..4_i64,
        1..4_u64,
        prop::bool::weighted(0.1),
    );
    prop_oneof![
        6 => prop::collection::vec(put, 1..12).prop_map(Step::Put),
        2 => (1..30_u64, 0..6_usize).prop_map(|(message, word)| Step::File(message, word)),
        1 => Just(Step::Merge),
        1 => Just(Step::Remove),
        1 => Just(Step::Reopen),
        1 => Just(Step::Rebuild),
        3 => Just(Step::CatchUp),
    ]
}

struct Model {
    place: Place,
    account: IntegrationPk,
    seq: i64,
    epoch: u32,
}

impl Model {
    async fn put(&mut self, rows: Rows) {
        let batch = batch(rows, None, "");
        self.place
            .scene
            .mirror
            .apply(self.account, batch)
            .await
            .unwrap();
    }

    async fn take(&mut self, step: Step) {
        self.seq += 1;
        match step {
            Step::Put(puts) => {
                let mut rows = Vec::new();
                for (number, one, two, day, chat, deleted) in puts {
                    self.seq += 1;
                    let at = 1_600_000_000 + day * 86_400 + i64::try_from(number).unwrap();
                    rows.push(message(
                        number,
                        chat,
                        self.seq,
                        json!({
                            "content": format!("{} {}", WORDS[one], WORDS[two]),
                            "timestamp": Timestamp::from_seconds(at), "is_deleted": deleted,
                        }),
                    ));
                }
                self.put(Rows::Messages(rows)).await;
            }
            Step::File(number, word) => {
                let media: Media = row(
                    json!({"id": id(1_000 + number), "seq": self.seq, "message_id": id(number),
                        "media_type": "document"}),
                    json!({"file_name": format!("{}.pdf", WORDS[word])}),
                );
                self.put(Rows::Media(vec![media])).await;
            }
            Step::Merge => {
                // Another history of the server gives chat 1 another id; what came under it moves.
                self.epoch += 1;
                let chat = 100 + u64::from(self.epoch);
                self.put(Rows::Conversations(vec![conversation(
                    1,
                    self.seq,
                    json!({}),
                )]))
                .await;
                let mirror = self.place.scene.mirror.clone();
                let epoch = format!("e{}", self.epoch);
                mirror.restart_cursors(self.account, epoch).await.unwrap();
                self.put(Rows::Messages(vec![message(
                    200,
                    chat,
                    self.seq,
                    json!({"content": "soup"}),
                )]))
                .await;
                let again = json!({"external_conversation_id": "491@s.whatsapp.net"});
                self.put(Rows::Conversations(vec![conversation(
                    chat,
                    self.seq + 1,
                    again,
                )]))
                .await;
            }
            Step::Remove => {
                let mirror = &self.place.scene.mirror;
                mirror.remove_integration(self.account).await.unwrap();
                self.account = mirror
                    .put_integration(account("embedded", 1))
                    .await
                    .unwrap();
            }
            Step::Reopen => self.place.reopen().await,
            Step::Rebuild => self.place.search.rebuild().await.unwrap(),
            Step::CatchUp => self.place.caught_up().await,
        }
    }

    /// What every message says, by number.
    async fn truth(&self, word: &'static str) -> Vec<i64> {
        self.place.scene.mirror
            .read(move |conn| {
                let mut select = conn.prepare(
                    "SELECT m.pk FROM messages AS m WHERE m.flags & 8 = 0 AND \
                        (' ' || m.content || ' ' LIKE '% ' || ?1 || ' %' OR EXISTS (SELECT 1 \
                            FROM media AS x WHERE x.message_pk = m.pk AND x.file_name LIKE ?1 || '.%')) \
                     ORDER BY m.timestamp DESC, m.pk DESC",
                )?;
                let rows = select.query_map([word], |row| row.get(0))?;
                Ok(rows.collect::<Result<Vec<i64>, _>>()?)
            })
            .await
            .unwrap()
    }

    async fn check(&self) {
        for word in WORDS {
            let found = self.place.ask(query(&format!("{word} "))).await;
            let pks: Vec<i64> = found.hits.iter().map(|hit| hit.message.pk.0).collect();
            assert_eq!(pks, self.truth(word).await, "{word}");
            assert_eq!(
                found.about.map(|about| about.hits),
                Some(pks.len() as u64),
                "the index holds no row of a message that does not fit"
            );
        }
        for chat in self
            .place
            .scene
            .mirror
            .chats(crate::ChatQuery::default())
            .await
            .unwrap()
        {
            let here = SearchQuery {
                chat: Some(chat.pk),
                ..query("soup OR onion")
            };
            let here = self.place.ask(here).await.hits;
            let everywhere = self.place.ask(query("soup OR onion ")).await.hits;
            let of_chat = everywhere.into_iter().filter(|hit| hit.chat.pk == chat.pk);
            assert_eq!(
                here,
                of_chat.collect::<Vec<_>>(),
                "a moved message is found where it is"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_index_answers_as_a_look_at_every_message_would(steps in prop::collection::vec(step(), 1..16)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let place = Place::new().await;
            let account = place.scene.account;
            let mut model = Model { place, account, seq: 0, epoch: 0 };
            for step in steps {
                model.take(step).await;
            }
            model.check().await;
        });
    }
}

#[tokio::test]
async fn numbers_that_are_given_anew_are_looked_at_anew() {
    let place = Place::new().await;
    let account = place.scene.account;
    let mut model = Model {
        place,
        account,
        seq: 0,
        epoch: 0,
    };
    let put = |word| Step::Put((1..20).map(|n| (n, word, word, 0, 1, false)).collect());
    model.take(put(0)).await;
    model.place.caught_up().await;
    model.take(Step::Remove).await;
    model.place.caught_up().await;
    model.take(put(1)).await;
    model.check().await;
    model.take(Step::Remove).await;
    model.take(put(2)).await;
    model.check().await;
}

#[tokio::test]
async fn the_mirror_forgets_what_the_index_has_followed_and_appending_notes_nothing() {
    let place = Place::new().await;
    for number in 1..50 {
        place.say(number, "soup").await;
    }
    place.caught_up().await;
    let entries = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'search_feed'";
    assert_eq!(
        place.scene.number(entries).await,
        0,
        "new messages need no note"
    );
    let status = json!({"content": "soup", "delivery_status": "read"});
    place.put(vec![message(7, 1, 1_000, status)]).await;
    assert_eq!(
        place.scene.number(entries).await,
        0,
        "nor does what the index does not hold"
    );
    place
        .put(vec![message(7, 1, 1_001, json!({"content": "leek"}))])
        .await;
    assert_eq!(place.find("leek").await, ["7"]);
    // The note is pruned by the mirror's own thread, after the index has committed.
    let begun = std::time::Instant::now();
    while place.scene.number("SELECT count(*) FROM search_feed").await > 0 {
        assert!(begun.elapsed().as_secs() < 60, "the note is pruned");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
