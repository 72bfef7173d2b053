//! Gil looks up who somebody is, what they share, and what a chat has of pictures and links.

use serde_json::json;
use threadkeep_app::view::{
    AddressKind, ContactQuery, GalleryKind, GalleryPage, MemberRole, Mention, SearchQuery,
};
use threadkeep_protocol::Record;
use threadkeep_tests::{
    Device, TestServer,
    records::{
        ANA, ANA_LID, BEN, CLUB, at, chat, contact, member, message, picture, said, same_person,
    },
};

/// Ana by number and by hidden id, Ben, and a group of them.
fn history() -> Vec<Record> {
    let link = json!({"content": "see https://example.org/menu", "sender_external_id": ANA_LID});
    let file = json!({
        "message_type": "document", "content": "",
        "media": {"media_type": "document", "file_name": "plan.pdf", "file_size": 9},
    });
    let admin = json!({
        "type": "participant", "external_conversation_id": CLUB,
        "external_participant_id": ANA_LID, "role": "admin",
    });
    let left = json!({
        "type": "participant", "external_conversation_id": CLUB,
        "external_participant_id": "491513333333@s.whatsapp.net", "left_at": at(5),
    });
    let club = json!({
        "name": "The club", "conversation_type": "group", "description": "On Sundays",
        "platform_metadata": {"created_at": at(-100)},
    });
    vec![
        contact(ANA, "Ana"),
        contact(BEN, "Ben"),
        said(ANA, "a1", 10),
        picture(ANA, "a2", 20),
        chat(CLUB, club),
        member(CLUB, BEN),
        serde_json::from_value(admin).expect("a record"),
        serde_json::from_value(left).expect("a record"),
        message(CLUB, "g1", 30, link),
        picture(CLUB, "g2", 40),
        picture(CLUB, "g3", 50),
        message(CLUB, "g4", 60, file),
        same_person(ANA_LID, ANA),
    ]
}

/// A link, and whom it is meant for: as the platform writes it, by numbers.
fn asking() -> Vec<Record> {
    let text = "@491512222222 and @100000000000001, look at https://example.org/rent";
    let asked = json!({
        "content": text,
        "platform_metadata": {"mentions": [BEN, ANA_LID]},
    });
    vec![message(CLUB, "g5", 70, asked)]
}

async fn all(device: &Device, chat: &str, kind: GalleryKind) -> GalleryPage {
    let page = device.app.gallery(chat, kind, None, 0);
    page.await.expect("the gallery opens")
}

fn names(page: &GalleryPage) -> Vec<&str> {
    let messages = page.messages.iter();
    messages.map(|one| one.external_id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_leads_to_groups_and_a_group_to_its_people_and_pictures() {
    let server = TestServer::start().await;
    let account = server.integration("Gil's phone").await;
    server
        .ingest(account, history().into_iter().enumerate().collect())
        .await;
    let laptop = Device::new("Gil's laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    laptop.app.index_all(|_| {}).await.expect("it is indexed");

    let page = laptop.app.contacts(ContactQuery::default()).await;
    let people = page.expect("people are listed").people;
    let listed: Vec<&str> = people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(listed, ["Ana", "Ben"], "by name, and Ana is one");

    let ana = laptop
        .app
        .contact(&people[0].id)
        .await
        .expect("there is Ana");
    let kinds: Vec<AddressKind> = ana.addresses.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [AddressKind::Phone, AddressKind::Hidden]);
    assert_eq!(ana.chat.as_ref().map(|chat| chat.messages), Some(2));
    let written = laptop
        .app
        .contact_written(&people[0].id)
        .await
        .expect("counted");
    assert_eq!(
        (written.about, written.last_at),
        (Some(3), Some(at(30).millis())),
        "what she wrote by either address, and when last"
    );
    let asked = SearchQuery {
        text: format!("from:\"{}\"", ana.from),
        ..SearchQuery::default()
    };
    let hits = laptop.app.search(asked).await.expect("found").hits;
    assert_eq!(hits.len(), 3, "the search finds the same");

    let club = &ana.groups[0].chat;
    assert_eq!((club.name.as_str(), ana.groups.len()), ("The club", 1));
    let details = laptop.app.chat_details(&club.id).await.expect("details");
    assert_eq!(details.description, "On Sundays");
    assert_eq!(details.created_at, Some(at(-100).millis()));
    assert_eq!(details.first_at, Some(at(30).millis()));
    let members: Vec<(&str, MemberRole, bool)> = details
        .members
        .iter()
        .map(|one| (one.name.as_str(), one.role, one.left_at.is_some()))
        .collect();
    assert_eq!(
        members,
        [
            ("Ana", MemberRole::Admin, false),
            ("Ben", MemberRole::Member, false),
            ("+491513333333", MemberRole::Member, true),
        ]
    );
    assert_eq!(details.members[0].person_id, people[0].id);
    let direct = ana.chat.expect("there is a chat with Ana");
    let direct = laptop.app.chat_details(&direct.id).await.expect("details");
    assert_eq!(
        direct.person_id,
        Some(people[0].id.clone()),
        "and the chat leads back to her"
    );

    let media = all(&laptop, &club.id, GalleryKind::Media).await;
    assert_eq!(
        names(&media),
        ["g3", "g2"],
        "the newest first, of this chat alone"
    );
    assert_eq!((media.about, media.behind, media.next), (Some(2), 0, None));
    assert!(
        media.messages[0].media.is_some(),
        "with what is known of the file"
    );
    assert_eq!(
        names(&all(&laptop, &club.id, GalleryKind::Links).await),
        ["g1"]
    );
    assert_eq!(
        names(&all(&laptop, &club.id, GalleryKind::Documents).await),
        ["g4"]
    );
    assert_eq!(
        names(&all(&laptop, &club.id, GalleryKind::Audio).await),
        [""; 0]
    );

    let first = laptop
        .app
        .gallery(&club.id, GalleryKind::Media, None, 1)
        .await;
    let first = first.expect("a page");
    let rest = laptop
        .app
        .gallery(&club.id, GalleryKind::Media, first.next, 1)
        .await;
    assert_eq!(names(&rest.expect("the next page")), ["g2"]);

    let missing = laptop.app.contact("0").await.expect_err("nobody");
    assert_eq!(missing.code(), "no_contact");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_by_chat_counts_what_each_has() {
    let server = TestServer::start().await;
    let account = server.integration("Gil's phone").await;
    server
        .ingest(account, history().into_iter().enumerate().collect())
        .await;
    let laptop = Device::new("Gil's laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    laptop.app.index_all(|_| {}).await.expect("it is indexed");
    let asked = SearchQuery {
        text: "has:media".to_owned(),
        ..SearchQuery::default()
    };
    let found = laptop.app.search_by_chat(asked).await.expect("found");
    let counts: Vec<(&str, i64)> = found
        .chats
        .iter()
        .map(|one| (one.chat.name.as_str(), one.count))
        .collect();
    assert_eq!(counts, [("The club", 3), ("Ana", 1)]);
    assert!(found.is_indexed && !found.more);
}

#[tokio::test]
async fn who_is_meant_is_called_by_name_in_hits_and_galleries() {
    let server = TestServer::start().await;
    let account = server.integration("Gil").await;
    let records = history().into_iter().chain(asking());
    server.ingest(account, records.enumerate().collect()).await;
    let laptop = Device::new("Gil's laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    laptop.app.index_all(|_| {}).await.expect("indexed");
    let expected = [("491512222222", "Ben"), ("100000000000001", "Ana")];

    let query = SearchQuery {
        text: "rent".to_owned(),
        ..SearchQuery::default()
    };
    let hit = laptop.app.search(query.clone()).await.expect("found");
    let hit = hit.hits.into_iter().next().expect("one hit");
    assert!(
        hit.text.text.contains("@491512222222"),
        "the text is as it came, so that its marks are true"
    );
    assert_eq!(called(&hit.mentions), expected);
    let by_chat = laptop.app.search_by_chat(query).await.expect("found");
    assert_eq!(called(&by_chat.chats[0].hits[0].mentions), expected);

    let links = all(&laptop, &hit.chat_id, GalleryKind::Links).await;
    let link = links.messages.iter().find(|link| link.external_id == "g5");
    assert_eq!(called(&link.expect("it is listed").mentions), expected);
}

fn called(mentions: &[Mention]) -> Vec<(&str, &str)> {
    let each = mentions.iter();
    each.map(|one| (one.handle.as_str(), one.name.as_str()))
        .collect()
}
