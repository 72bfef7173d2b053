use serde_json::json;
use threadkeep_protocol::Participant;

use super::*;
use crate::{
    Rows,
    testing::{Scene, account, batch, contact, conversation, id, message, row},
};

async fn list(scene: &Scene, query: ContactQuery) -> ContactPage {
    scene.mirror.contacts(query).await.unwrap()
}

fn names(page: &ContactPage) -> Vec<&str> {
    page.people.iter().map(|one| one.name.as_str()).collect()
}

fn named(number: u64, name: &str) -> threadkeep_protocol::Contact {
    let seq = i64::try_from(number).unwrap();
    let jid = format!("49{number}@s.whatsapp.net");
    contact(number, seq, &jid, json!({"display_name": name}))
}

fn member(number: u64, chat: u64, jid: &str, changes: serde_json::Value) -> Participant {
    let base = json!({
        "id": id(number), "seq": number, "conversation_id": id(chat), "external_participant_id": jid,
    });
    row(base, changes)
}

async fn address(scene: &Scene, jid: &str) -> AddressPk {
    let jid = jid.to_owned();
    let find = move |conn: &rusqlite::Connection| {
        Ok(
            conn.query_row("SELECT pk FROM addresses WHERE jid = ?1", [jid], |row| {
                row.get(0)
            })?,
        )
    };
    scene.mirror.read(find).await.unwrap()
}

#[tokio::test]
async fn who_has_a_name_that_nobody_sees_is_called_by_number() {
    let scene = Scene::new().await;
    let unseen = named(1, "\u{200b}\u{2060} \u{3164}\u{fe0f}");
    scene
        .put(Rows::Contacts(vec![unseen, named(2, "👍🏽")]))
        .await;
    let page = list(&scene, ContactQuery::default()).await;
    assert_eq!(names(&page), ["👍🏽", "+491"]);
}

#[tokio::test]
async fn people_are_listed_by_name_whatever_its_accents_and_case() {
    let scene = Scene::new().await;
    let all = ["zoe", "Émile", "emil", "Ana", "👍", "明"];
    let rows = all
        .iter()
        .zip(1..)
        .map(|(name, number)| named(number, name));
    scene.put(Rows::Contacts(rows.collect())).await;
    scene
        .put(Rows::Contacts(vec![
            contact(50, 50, "4950@s.whatsapp.net", json!({})),
            contact(51, 51, "51@lid", json!({"merged_into": id(50)})),
        ]))
        .await;
    let page = list(&scene, ContactQuery::default()).await;
    assert_eq!(
        names(&page),
        ["Ana", "emil", "Émile", "zoe", "明", "👍", "+4950"],
        "one without a name comes last, and one that was merged not at all"
    );
    let initials: Vec<&str> = page.people.iter().map(|one| one.initial.as_str()).collect();
    assert_eq!(initials, ["A", "E", "E", "Z", "明", "#", ""]);
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap_though_somebody_comes_between() {
    let scene = Scene::new().await;
    let rows = (1..=25).map(|number| named(number, "Same Name"));
    scene.put(Rows::Contacts(rows.collect())).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let query = ContactQuery {
            after,
            limit: 10,
            ..ContactQuery::default()
        };
        let page = list(&scene, query).await;
        seen.extend(page.people.into_iter().map(|one| one.jid));
        after = page.next;
        if after.is_none() {
            break;
        }
        let late = named(100 + u64::try_from(seen.len()).unwrap(), "A");
        scene.put(Rows::Contacts(vec![late])).await;
    }
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen.len(),
        25,
        "each once: who came before the place is not shown again"
    );
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_a_name_or_part_of_a_number() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Contacts(vec![
            named(15112, "Ana Souza"),
            named(2, "Mariana"),
            contact(3, 3, "493@s.whatsapp.net", json!({"push_name": "souzinha"})),
        ]))
        .await;
    for (text, expected) in [
        ("ana", vec!["Ana Souza"]),
        ("souz", vec!["Ana Souza", "souzinha"]),
        ("4915112", vec!["Ana Souza"]),
        ("nobody", vec![]),
    ] {
        let query = ContactQuery {
            text: Some(text.to_owned()),
            ..ContactQuery::default()
        };
        assert_eq!(names(&list(&scene, query).await), expected, "{text}");
    }
}

#[tokio::test]
async fn each_account_has_people_of_its_own() {
    let scene = Scene::new().await;
    scene.put(Rows::Contacts(vec![named(1, "Mine")])).await;
    let other = scene
        .mirror
        .put_integration(account("https://b", 2))
        .await
        .unwrap();
    let rows = Rows::Contacts(vec![named(2, "Theirs")]);
    scene
        .mirror
        .apply(other, batch(rows, None, "e1"))
        .await
        .unwrap();
    let query = ContactQuery {
        integration: Some(other),
        ..ContactQuery::default()
    };
    assert_eq!(names(&list(&scene, query).await), ["Theirs"]);
    assert_eq!(list(&scene, ContactQuery::default()).await.people.len(), 2);
}

#[tokio::test]
async fn a_person_is_all_their_addresses_merges_and_groups() {
    let scene = Scene::new().await;
    let group = |number: u64, name: &str| {
        let fields = json!({
            "external_conversation_id": format!("g{number}@g.us"),
            "conversation_type": "group", "name": name,
        });
        conversation(number, i64::try_from(number).unwrap(), fields)
    };
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({})),
            group(2, "Book club"),
            group(3, "Old flat"),
            group(4, "Not theirs"),
        ]))
        .await;
    scene
        .put(Rows::Contacts(vec![
            contact(
                10,
                10,
                "491@s.whatsapp.net",
                json!({"lid": "100@lid", "display_name": "Ana B", "push_name": "ana",
                    "about": "at sea", "is_business": true}),
            ),
            contact(
                11,
                11,
                "100@lid",
                json!({"merged_into": id(10), "push_name": "a."}),
            ),
        ]))
        .await;
    let gone = json!({"left_at": "2024-01-01T00:00:00Z", "role": "admin"});
    scene
        .put(Rows::Participants(vec![
            member(20, 2, "100@lid", json!({})),
            member(21, 3, "491@s.whatsapp.net", gone),
            member(22, 4, "492@s.whatsapp.net", json!({})),
        ]))
        .await;
    let sent = json!({"sender_external_id": "100@lid", "sender_display_name": "ana, hidden"});
    scene
        .put(Rows::Messages(vec![message(30, 2, 30, sent)]))
        .await;

    for jid in ["491@s.whatsapp.net", "100@lid"] {
        let any = address(&scene, jid).await;
        let ana = scene.mirror.contact(any).await.unwrap().unwrap();
        assert_eq!(ana.person.name, "Ana B", "by {jid}");
        assert_eq!(ana.person.phone.as_deref(), Some("+491"));
        assert_eq!(
            (ana.push_name.as_str(), ana.about.as_str()),
            ("ana", "at sea")
        );
        assert!(ana.is_contact && ana.business && !ana.blocked);
        let addresses: Vec<(&str, &str)> = ana
            .addresses
            .iter()
            .map(|one| (one.jid.as_str(), one.seen_name.as_str()))
            .collect();
        assert_eq!(
            addresses,
            [("491@s.whatsapp.net", ""), ("100@lid", "ana, hidden")],
            "their own first"
        );
        assert_eq!(ana.merged.len(), 1);
        assert_eq!(
            (ana.merged[0].jid.as_str(), ana.merged[0].name.as_str()),
            ("100@lid", "a.")
        );
        let groups: Vec<(&str, bool)> = ana
            .groups
            .iter()
            .map(|group| (group.chat.name.as_str(), group.left))
            .collect();
        assert_eq!(groups, [("Book club", false), ("Old flat", true)]);
        let chat = scene
            .mirror
            .chat(ana.person.chat.unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(chat.jid, "491@s.whatsapp.net", "the chat with them");
    }

    let stranger = address(&scene, "492@s.whatsapp.net").await;
    let stranger = scene.mirror.contact(stranger).await.unwrap().unwrap();
    assert!(!stranger.is_contact);
    assert_eq!(
        stranger.person.name, "+492",
        "met in a group, and not listed by the server"
    );
    assert_eq!(stranger.groups.len(), 1);
    assert_eq!(scene.mirror.contact(AddressPk(999)).await.unwrap(), None);
}

#[tokio::test]
async fn merges_that_lead_in_a_circle_end() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Contacts(vec![
            contact(1, 1, "491@s.whatsapp.net", json!({"merged_into": id(2)})),
            contact(2, 2, "492@s.whatsapp.net", json!({"merged_into": id(1)})),
        ]))
        .await;
    let one = address(&scene, "491@s.whatsapp.net").await;
    let found = scene.mirror.contact(one).await.unwrap().unwrap();
    assert_eq!(found.merged.len(), 1, "the other one, and not oneself");
}
