use rstest::rstest;
use serde_json::json;
use threadkeep_protocol::{Buckets, Seq};

use super::*;
use crate::{
    FindingKind,
    testing::{Scene, contact, conversation, id, message, row},
};

/// Two chats with messages, people, files and receipts; every stream at seq 200.
async fn filled() -> Scene {
    let scene = Scene::new().await;
    for rows in everything() {
        scene.put_at(rows, Some(200), "e1").await;
    }
    scene
}

/// As the server has them.
fn everything() -> Vec<Rows> {
    let seq = |number: u64| Seq::try_from(number).unwrap();
    let media = |n: u64| {
        row(
            json!({"id": id(n + 100), "seq": n + 100, "message_id": id(n), "media_type": "image"}),
            json!({"file_name": format!("{n}.jpg")}),
        )
    };
    let receipt = |n: u64| {
        row(
            json!({"id": id(n + 130), "seq": n + 130, "message_id": id(n)}),
            json!({"participant_external_id": "491@s.whatsapp.net", "read_at": "2024-01-01T00:00:00Z"}),
        )
    };
    let participant = |n: u64| {
        row(
            json!({"id": id(n), "seq": n, "conversation_id": id(1)}),
            json!({"external_participant_id": format!("49{n}@s.whatsapp.net")}),
        )
    };
    let from = |n: u64| json!({"sender_external_id": format!("49{}@s.whatsapp.net", 70 + n % 3)});
    vec![
        Rows::Conversations(
            (1..3)
                .map(|n| conversation(n, seq(n), json!({"unread_count": n})))
                .collect(),
        ),
        Rows::Messages(
            (10..30)
                .map(|n| message(n, 1 + n % 2, seq(n), from(n)))
                .collect(),
        ),
        Rows::Contacts(
            (70..73)
                .map(|n| contact(n, seq(n), &format!("49{n}@s.whatsapp.net"), json!({})))
                .collect(),
        ),
        Rows::Participants((80..84).map(participant).collect()),
        Rows::Media((10..20).map(media).collect()),
        Rows::Receipts((20..30).map(receipt).collect()),
    ]
}

impl Scene {
    /// What a hand does to the file: it knows nothing of keys, counters and caches.
    fn damage(&self, sql: &str) {
        let conn = Connection::open(self.folder.path().join("mirror.db")).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 30000;")
            .unwrap();
        conn.execute_batch(sql).unwrap();
        assert!(conn.changes() > 0, "the damage is done: {sql}");
    }

    /// What the engine does with a server that has `everything`; says how many buckets differed.
    async fn verify(&self) -> usize {
        self.mirror.settle(self.account).await.unwrap();
        let mut differed = 0;
        for theirs in everything() {
            let stream = theirs.stream();
            let mut sums = Buckets::default();
            for (id, seq) in theirs.versions() {
                sums.add(id, seq);
            }
            let held = self.mirror.digest(self.account, stream, 200).await.unwrap();
            let differing = held.buckets.differing(&sums);
            differed += differing.len();
            if !differing.is_empty() {
                let rows = theirs.clone();
                self.mirror
                    .mend(self.account, rows, "e1".into())
                    .await
                    .unwrap();
            }
            for number in differing {
                let versions = theirs.versions().into_iter();
                let ids = versions
                    .map(|(id, _)| id)
                    .filter(|id| Buckets::of(id) == number);
                let theirs = ServerBucket {
                    number,
                    ids: ids.collect(),
                    digest: sums.bucket(number),
                    is_doubtful: false,
                };
                let tidied = self
                    .mirror
                    .tidy(self.account, stream, theirs)
                    .await
                    .unwrap();
                assert_eq!(tidied.only_here, 0, "{stream}: nothing is left over");
            }
            let held = self.mirror.digest(self.account, stream, 200).await.unwrap();
            assert!(held.buckets.differing(&sums).is_empty(), "{stream} adds up");
        }
        self.mirror.settle(self.account).await.unwrap();
        differed
    }

    async fn assert_sound(&self) {
        assert_eq!(self.mirror.check(true).await.unwrap(), []);
        self.check_counters().await;
    }
}

#[tokio::test]
async fn a_sound_mirror_is_found_sound_and_left_as_it_is() {
    let scene = filled().await;
    let before = scene.dump().await;
    assert_eq!(scene.mirror.check(true).await.unwrap(), []);
    assert_eq!(
        scene.mirror.settle(scene.account).await.unwrap(),
        Settled::default()
    );
    assert_eq!(scene.verify().await, 0, "no bucket differs");
    for rows in everything() {
        let applied = scene
            .mirror
            .mend(scene.account, rows, "e1".into())
            .await
            .unwrap();
        assert_eq!((applied.saved, applied.updated), (0, 0), "nothing to mend");
    }
    assert_eq!(scene.dump().await, before);
}

#[rstest]
#[case::a_chat("DELETE FROM conversations WHERE pk = 2")]
#[case::both_chats("DELETE FROM conversations")]
#[case::a_message("DELETE FROM messages WHERE external_id = 'EXT15'")]
#[case::the_last_messages("DELETE FROM messages WHERE pk > 12")]
#[case::all_messages("DELETE FROM messages")]
#[case::a_contact("DELETE FROM contacts WHERE seq = 71")]
#[case::addresses("DELETE FROM addresses WHERE jid LIKE '497%'")]
#[case::a_participant("DELETE FROM participants WHERE seq = 81")]
#[case::a_file("DELETE FROM media WHERE seq = 112")]
#[case::a_receipt("DELETE FROM receipts WHERE seq = 155")]
#[case::a_seq("UPDATE messages SET seq = 5 WHERE external_id = 'EXT15'")]
#[case::a_seq_of_the_future("UPDATE receipts SET seq = 199 WHERE seq = 155")]
#[case::a_generation("UPDATE contacts SET generation = 7 WHERE seq = 71")]
#[case::an_id("UPDATE messages SET id = randomblob(16) WHERE external_id = 'EXT15'")]
#[case::the_id_of_a_chat("UPDATE conversations SET id = randomblob(16) WHERE pk = 1")]
#[case::the_id_of_a_contact("UPDATE contacts SET id = randomblob(16) WHERE seq = 71")]
#[case::an_invented_message(
    "INSERT INTO messages (id, integration_pk, seq, conversation_pk, timestamp) VALUES (randomblob(16), 1, 150, 1, 0)"
)]
#[case::an_invented_chat(
    "INSERT INTO conversations (id, integration_pk, seq) VALUES (randomblob(16), 1, 150)"
)]
#[case::an_invented_contact(
    "INSERT INTO contacts (id, integration_pk, seq, address_pk) VALUES (randomblob(16), 1, 150, 1)"
)]
#[case::an_invented_participant(
    "INSERT INTO participants (id, integration_pk, seq, conversation_pk, address_pk) VALUES (randomblob(16), 1, 150, 1, 1)"
)]
#[case::an_invented_file(
    "INSERT INTO media (id, integration_pk, seq, message_pk) VALUES (randomblob(16), 1, 150, 1)"
)]
#[case::an_invented_receipt(
    "INSERT INTO receipts (id, integration_pk, seq, message_pk, address_pk) VALUES (randomblob(16), 1, 150, 1, 1)"
)]
#[tokio::test]
async fn what_a_hand_has_done_is_found_and_undone(#[case] sql: &str) {
    let scene = filled().await;
    let before = scene.dump().await;
    scene.damage(sql);
    assert_ne!(scene.dump().await, before, "there is something to mend");
    assert!(scene.verify().await > 0, "a bucket differs");
    assert_eq!(scene.dump().await, before, "all is as the server has it");
    scene.assert_sound().await;
}

#[rstest]
#[case::a_text("UPDATE messages SET content = 'other' WHERE external_id = 'EXT15'")]
#[case::a_place(
    "UPDATE messages SET conversation_pk = 3 - conversation_pk WHERE external_id = 'EXT15'"
)]
#[case::a_name("UPDATE conversations SET name = 'other' WHERE pk = 1")]
#[case::a_number("UPDATE contacts SET phone_number = 'other' WHERE seq = 71")]
#[case::a_role("UPDATE participants SET role = 2 WHERE seq = 81")]
#[case::a_file_name("UPDATE media SET file_name = 'other' WHERE seq = 112")]
#[case::the_message_of_a_file("UPDATE media SET message_pk = 1 WHERE seq = 112")]
#[case::a_time("UPDATE receipts SET read_at = 1 WHERE seq = 155")]
#[tokio::test]
async fn what_no_sum_can_see_is_put_right_by_the_rows_themselves(#[case] sql: &str) {
    let scene = filled().await;
    let before = scene.dump().await;
    scene.damage(sql);
    scene.mirror.settle(scene.account).await.unwrap();
    assert_ne!(scene.dump().await, before, "there is something to mend");
    let damaged = scene.dump().await;
    let mut would = 0;
    for rows in everything() {
        let said = scene.mirror.rehearse(scene.account, rows, "e1".into());
        let said = said.await.unwrap();
        would += said.saved + said.updated;
    }
    assert_eq!(would, 1, "one row is other than the server's");
    assert_eq!(scene.dump().await, damaged, "a rehearsal changes nothing");
    for rows in everything() {
        scene
            .mirror
            .mend(scene.account, rows, "e1".into())
            .await
            .unwrap();
    }
    assert_eq!(scene.dump().await, before);
    scene.assert_sound().await;
}

#[tokio::test]
async fn a_row_of_an_earlier_history_is_no_stranger() {
    let scene = filled().await;
    scene
        .mirror
        .restart_cursors(scene.account, "e2".into())
        .await
        .unwrap();
    let lost = id(15);
    for rows in everything() {
        let rows = match rows {
            Rows::Messages(mut rows) => {
                rows.retain(|row| row.id != lost);
                Rows::Messages(rows)
            }
            rows => rows,
        };
        scene.put_at(rows, Some(200), "e2").await;
    }
    let held = scene
        .mirror
        .digest(scene.account, Stream::Messages, 200)
        .await
        .unwrap();
    assert_eq!(held.kept, 1, "one is only here now");
    assert_eq!(held.buckets.count(), 19, "and in no sum");
    let theirs = ServerBucket {
        number: Buckets::of(&lost),
        ids: HashSet::new(),
        digest: BucketDigest::default(),
        is_doubtful: false,
    };
    scene
        .mirror
        .tidy(scene.account, Stream::Messages, theirs)
        .await
        .unwrap();
    let kept = "SELECT count(*) FROM messages WHERE external_id = 'EXT15'";
    assert_eq!(scene.number(kept).await, 1, "it stays whatever is tidied");
}

#[rstest]
#[case::of_a_server_whose_books_do_not_balance(true, 15)]
#[case::where_more_is_wrong_than_that(false, 999)]
#[tokio::test]
async fn nothing_is_removed_in_doubt(#[case] is_doubtful: bool, #[case] other: u64) {
    let scene = filled().await;
    let mut digest = BucketDigest::default();
    if other != 15 {
        digest.add(id(other), 1);
    }
    let theirs = ServerBucket {
        number: Buckets::of(&id(15)),
        ids: HashSet::new(),
        digest,
        is_doubtful,
    };
    let before = scene.dump().await;
    let tidied = scene
        .mirror
        .tidy(scene.account, Stream::Messages, theirs)
        .await
        .unwrap();
    assert_eq!((tidied.removed, tidied.only_here), (0, 1));
    assert_eq!(scene.dump().await, before);
}

#[tokio::test]
async fn rows_that_moved_past_a_place_are_told_apart() {
    let scene = filled().await;
    let later = message(15, 2, 250, json!({"content": "edited"}));
    scene
        .put_at(Rows::Messages(vec![later]), Some(250), "e1")
        .await;
    let held = scene
        .mirror
        .digest(scene.account, Stream::Messages, 200)
        .await
        .unwrap();
    assert_eq!(
        held.moved.into_iter().collect::<Vec<_>>(),
        [Buckets::of(&id(15))],
        "a sum made at 200 says nothing of this bucket"
    );
}

#[rstest]
#[case::counter(
    "UPDATE sync_state SET row_count = row_count + 1 WHERE stream = 'media'",
    FindingKind::Counter
)]
#[case::chat_counter(
    "UPDATE conversations SET message_count = 99 WHERE pk = 1",
    FindingKind::Counter
)]
#[case::unread("UPDATE integrations SET unread = 99", FindingKind::Counter)]
#[case::messages("DELETE FROM conversations WHERE pk = 1", FindingKind::Orphans)]
#[case::files(
    "DELETE FROM messages WHERE external_id = 'EXT15'",
    FindingKind::Orphans
)]
#[case::senders(
    "DELETE FROM addresses WHERE jid = '4971@s.whatsapp.net'",
    FindingKind::Orphans
)]
#[tokio::test]
async fn a_check_finds_what_does_not_fit(#[case] sql: &str, #[case] kind: FindingKind) {
    let scene = filled().await;
    scene.damage(sql);
    let findings = scene.mirror.check(false).await.unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding.kind == kind && finding.count > 0),
        "{findings:?}"
    );
    if kind == FindingKind::Counter {
        let settled = scene.mirror.settle(scene.account).await.unwrap();
        assert_eq!(settled.counters, 1);
        scene.assert_sound().await;
    }
}

#[tokio::test]
async fn a_flipped_byte_is_found_and_costs_no_panic() {
    let scene = filled().await;
    scene.mirror.close().await;
    let path = scene.folder.path().join("mirror.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The head of a page in the middle: no tree can be read through it.
    let page = bytes.len() / 4_096 / 2 * 4_096;
    bytes[page..page + 12].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let mirror = Mirror::open_read_only(&path).unwrap();
    for full in [false, true] {
        let findings = mirror.check(full).await.unwrap();
        assert!(
            findings
                .iter()
                .any(|finding| finding.kind == FindingKind::Damage),
            "{findings:?}"
        );
    }
}
