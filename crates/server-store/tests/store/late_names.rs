//! Names that are learned after the messages which they decide about.

use rstest::rstest;
use threadkeep_protocol::{ContactRecord, MessageRecord, Record};

use crate::bed::{
    ANA, ANA_LID, BOB, Bed, GROUP, address, contact, in_minute, loose, message, said,
};

/// In one minute of the group: who said "ok", by the id of what they said.
fn ok(id: &str, who: &str, second: i64) -> Record {
    said(MessageRecord {
        sender_external_id: Some(who.into()),
        content: "ok".into(),
        timestamp: in_minute(1, second),
        ..message(GROUP, id, 0)
    })
}

fn called(who: &str, name: &str) -> Record {
    Record::Contact(ContactRecord {
        display_name: Some(name.into()),
        ..contact(who)
    })
}

/// What the text says of that minute.
fn bobs_ok() -> Record {
    said(loose(GROUP, "1", Some("Bob"), "ok", 1))
}

async fn known(bed: &Bed) -> Vec<(String, Vec<String>)> {
    let mut known = Vec::new();
    for row in bed.messages().await {
        known.push((row.external_message_id, bed.sources(row.id).await));
    }
    known
}

fn by(id: &str, sources: &[&str]) -> (String, Vec<String>) {
    (
        id.to_owned(),
        sources.iter().map(|name| (*name).to_owned()).collect(),
    )
}

#[tokio::test]
async fn an_address_book_that_comes_last_decides_and_taking_it_back_undoes_that() {
    let bed = Bed::new().await;
    bed.tell([ok("a", ANA, 5), ok("b", BOB, 20)]).await;
    let text = bed.import("txt").await;
    bed.tell_as(text, [bobs_ok()]).await;
    let before = (known(&bed).await, bed.seen().await);
    assert_eq!(
        before.0,
        [by("a", &["account", "txt"]), by("b", &["account"])],
        "Bob may be anybody, so it is the first"
    );
    let book = bed.import("vcard").await;
    bed.tell_as(book, [called(BOB, "Bob")]).await;
    assert_eq!(
        known(&bed).await,
        [by("a", &["account"]), by("b", &["account", "txt"])],
        "it is said who Bob is"
    );
    bed.assert_figures_hold().await;
    bed.undo(book).await;
    assert_eq!((known(&bed).await, bed.seen().await), before);
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_name_that_turns_out_to_be_somebody_elses_parts_what_was_one() {
    let bed = Bed::new().await;
    bed.tell([ok("a", ANA, 5)]).await;
    let text = bed.import("txt").await;
    bed.tell_as(text, [bobs_ok()]).await;
    assert_eq!(bed.messages().await.len(), 1, "Bob may be Ana");
    bed.tell([called(BOB, "Bob")]).await;
    assert_eq!(
        known(&bed).await,
        [by("txt:1", &["txt"]), by("a", &["account"])],
        "he is not"
    );
    bed.tell([called(ANA, "Bob")]).await;
    assert_eq!(
        known(&bed).await,
        [by("a", &["account", "txt"])],
        "both go by that name"
    );
    bed.assert_figures_hold().await;
}

#[rstest]
#[case::of_a_person(false)]
#[case::of_a_push_name(true)]
#[tokio::test]
async fn who_hides_behind_an_id_may_be_learned_last(#[case] by_writing: bool) {
    let bed = Bed::new().await;
    bed.tell([ok("a", ANA_LID, 5), ok("b", BOB, 20)]).await;
    let text = bed.import("txt").await;
    let loose = said(loose(GROUP, "1", Some("Ana"), "ok", 1));
    bed.tell_as(text, [loose]).await;
    if by_writing {
        let greeting = said(MessageRecord {
            sender_display_name: Some("Ana".into()),
            ..message(ANA, "hello", 900)
        });
        bed.tell([greeting]).await;
    } else {
        bed.tell([called(ANA, "Ana")]).await;
    }
    let among = |known: Vec<(String, Vec<String>)>, id: &str| {
        let found = known.into_iter().find(|(name, _)| name == id);
        found.map(|(_, sources)| sources)
    };
    let own = Some(vec!["txt".to_owned()]);
    assert_eq!(
        among(known(&bed).await, "txt:1"),
        own,
        "nobody in the group is Ana"
    );
    bed.tell([address(ANA_LID, ANA)]).await;
    let all = known(&bed).await;
    assert_eq!(among(all.clone(), "txt:1"), None);
    assert_eq!(among(all, "a").map(|sources| sources.len()), Some(2));
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_file_of_before_names_were_noted_has_them_after_it_was_opened() {
    let bed = Bed::new().await;
    bed.tell([ok("a", ANA, 5), ok("b", BOB, 20)]).await;
    let text = bed.import("txt").await;
    let other = said(loose(GROUP, "2", Some("Cat"), "else", 7));
    bed.tell_as(text, [bobs_ok(), other]).await;
    let names = || {
        let file = bed.file();
        let mut select = file
            .prepare("SELECT name FROM loose_names ORDER BY name")
            .unwrap();
        let names = select.query_map((), |row| row.get(0)).unwrap();
        names.collect::<Result<Vec<String>, _>>().unwrap()
    };
    let before = names();
    assert_eq!(before, ["Bob", "Cat"], "matched or not");
    // The migration's own words, on what a file of the version before it holds.
    let migration = include_str!("../../../../migrations/server_sqlite/V7__loose_names.sql");
    bed.file()
        .execute_batch(&format!("DROP TABLE loose_names; {migration}"))
        .unwrap();
    assert_eq!(names(), before);
}

#[tokio::test]
async fn a_chat_by_name_is_followed_through_the_hidden_id_to_the_number() {
    let bed = Bed::new().await;
    let at = |id: &str, chat: &str| {
        said(MessageRecord {
            sender_external_id: Some(chat.into()),
            sender_display_name: (chat == ANA_LID).then(|| "Ana".into()),
            content: "ok".into(),
            timestamp: in_minute(1, 5),
            ..message(chat, id, 0)
        })
    };
    let text = || said(loose("name:ana", "1", Some("Ana"), "ok", 1));
    bed.tell([at("a", ANA)]).await;
    let first = bed.import("txt one").await;
    bed.tell_as(first, [text()]).await;
    // The name becomes the hidden id's chat, and that the number's.
    bed.tell([at("a", ANA_LID)]).await;
    bed.tell([address(ANA_LID, ANA)]).await;
    let second = bed.import("txt two").await;
    bed.tell_as(second, [text()]).await;
    assert_eq!(
        known(&bed).await,
        [by("a", &["account", "txt one", "txt two"])],
        "the second text goes where the first one went"
    );
    bed.assert_figures_hold().await;
}
