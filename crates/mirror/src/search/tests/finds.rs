//! Filters, marks, odd inputs.

use proptest::prelude::*;
use serde_json::json;
use threadkeep_protocol::Media;

use super::*;
use crate::testing::{contact, conversation, id, row};

/// Anna writes in her own chat, Ben and she in a group; some things are of a special kind.
async fn life() -> Place {
    let place = Place::new().await;
    let scene = &place.scene;
    scene
        .put(Rows::Conversations(vec![
            conversation(
                1,
                1,
                json!({"external_conversation_id": "491@s.whatsapp.net"}),
            ),
            conversation(
                2,
                2,
                json!({"external_conversation_id": "g1@g.us",
                "conversation_type": "group", "name": "Família Müller"}),
            ),
        ]))
        .await;
    scene
        .put(Rows::Contacts(vec![
            contact(
                1,
                1,
                "491@s.whatsapp.net",
                json!({"display_name": "Anna Lee"}),
            ),
            contact(
                2,
                2,
                "492@s.whatsapp.net",
                json!({"display_name": "Ben Öztürk", "lid": "99@lid"}),
            ),
        ]))
        .await;
    let from = |jid: &str, text: &str| json!({"sender_external_id": jid, "content": text});
    let mut forwarded = from("492@s.whatsapp.net", "soup https://example.org");
    forwarded["is_forwarded"] = json!(true);
    place
        .put(vec![
            said(1, 1, from("491@s.whatsapp.net", "soup one")),
            said(2, 2, from("491@s.whatsapp.net", "soup two")),
            said(3, 2, forwarded),
            said(4, 2, from("99@lid", "soup by another address")),
            said(
                5,
                2,
                json!({"is_from_me": true, "content": "soup of mine", "is_starred": true}),
            ),
            said(
                6,
                1,
                json!({"message_type": "image", "content": "soup picture",
                "sender_external_id": "491@s.whatsapp.net"}),
            ),
            said(
                7,
                1,
                json!({"message_type": "document", "content": "",
                "sender_external_id": "491@s.whatsapp.net"}),
            ),
            said(
                8,
                1,
                json!({"is_deleted": true, "content": "soup that was taken back"}),
            ),
        ])
        .await;
    let media: Media = row(
        json!({"id": id(70), "seq": 1, "message_id": id(7), "media_type": "document"}),
        json!({"file_name": "Soup recipe.pdf"}),
    );
    scene.put(Rows::Media(vec![media])).await;
    place
}

#[tokio::test]
async fn filters_take_quotes_any_order_and_each_other() {
    let place = life().await;
    let cases: &[(&str, &[&str])] = &[
        ("soup", &["7", "6", "5", "4", "3", "2", "1"]),
        ("from:anna soup", &["7", "6", "2", "1"]),
        ("soup from:\"Anna Lee\" in:muller", &["2"]),
        ("in:\"familia mül\" soup", &["5", "4", "3", "2"]),
        ("from:ben", &["4", "3"]),
        ("from:ozturk is:forwarded", &["3"]),
        ("from:+491", &["7", "6", "2", "1"]),
        ("from:me", &["5"]),
        ("is:from-me soup", &["5"]),
        ("is:starred", &["5"]),
        ("has:link", &["3"]),
        ("has:media", &["7", "6"]),
        ("type:image", &["6"]),
        ("has:document", &["7"]),
        ("recipe", &["7"]),
        ("\"soup recipe.pdf\"", &["7"]),
        ("soup -from:anna", &["5", "4", "3"]),
        ("soup -from:anna -from:me", &["4", "3"]),
        ("-from:anna", &["5", "4", "3"]),
        ("from:ben OR from:me", &["5", "4", "3"]),
        ("account:mine type:image", &["6"]),
        ("account:other", &[]),
        ("from:nobody soup", &[]),
        ("soup -from:nobody in:anna", &["7", "6", "1"]),
        ("in:anna on:2020", &["7", "6", "1"]),
        ("soup on:2020-09-13", &["7", "6", "5", "4", "3", "2", "1"]),
        ("soup before:2020-09-13", &[]),
        ("soup after:2020-09-12 before:2020-09-14 type:image", &["6"]),
        ("soup -on:2020", &[]),
        ("from: soup", &["7", "6", "5", "4", "3", "2", "1"]),
        ("", &[]),
        ("   ", &[]),
        ("back", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(place.find(text).await, *expected, "{text}");
    }
    let unknown = place.ask(query("from:nobody in:anna soup")).await.unknown;
    assert_eq!(unknown, ["nobody"], "it is said which name leads nowhere");
}

#[tokio::test]
async fn a_rename_is_found_at_once() {
    let place = life().await;
    place
        .scene
        .put(Rows::Contacts(vec![contact(
            1,
            9,
            "491@s.whatsapp.net",
            json!({"display_name": "Annika Ray"}),
        )]))
        .await;
    assert_eq!(place.find("from:annika soup").await, ["7", "6", "2", "1"]);
    assert_eq!(place.find("from:lee soup").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_few_letters_name_chats_and_people() {
    let place = life().await;
    let named = async |text: &str| {
        let named = place.scene.mirror.find_named(text, 9).await.unwrap();
        let chats: Vec<String> = named.chats.into_iter().map(|chat| chat.name).collect();
        let people = named.people.into_iter();
        let people: Vec<_> = people.map(|one| (one.name, one.chat.is_some())).collect();
        (chats, people)
    };
    let (anna, ben) = (
        ("Anna Lee".to_owned(), true),
        ("Ben Öztürk".to_owned(), false),
    );
    let chat = |name: &str| vec![name.to_owned()];
    assert_eq!(named("an").await, (chat("Anna Lee"), vec![anna.clone()]));
    assert_eq!(
        named("LEE").await,
        (chat("Anna Lee"), vec![anna]),
        "any word of it"
    );
    assert_eq!(
        named("nna").await,
        (vec![], vec![]),
        "but not the middle of one"
    );
    assert_eq!(named("ozt").await, (vec![], vec![ben]), "no chat with him");
    assert_eq!(named("familia mul").await, (chat("Família Müller"), vec![]));
    assert_eq!(named("").await, (vec![], vec![]));
}

#[tokio::test]
async fn hits_say_what_is_marked() {
    let place = Place::new().await;
    place
        .say(1, "😀 Caf\u{65}\u{301}s 你好世界 and café au lait")
        .await;
    let mut found = place.ask(query("caf* 好世 \"au lait\"")).await;
    let hit = found.hits.remove(0);
    assert_eq!(
        marked(&hit.text),
        ["Caf\u{65}\u{301}s", "好世", "café", "au lait"],
        "whole words where they only begin so, phrases in one, no half of a character"
    );
    assert_eq!(hit.text.marks[0], Mark(3, 9), "an emoji counts two");
    let life = life().await;
    let hit = life.ask(query("recipe")).await.hits.remove(0);
    assert!(hit.text.marks.is_empty());
    assert_eq!(marked(&hit.file.unwrap()), ["recipe"]);
    assert_eq!(hit.chat.name, "Anna Lee");
}

#[tokio::test]
async fn a_later_search_takes_the_place_of_an_earlier_one() {
    let place = life().await;
    place.caught_up().await;
    let first = place.search.inner.finder.ticket();
    let second = place.search.find(query("soup")).await.unwrap();
    assert_eq!(second.hits.len(), 7);
    let finder = std::sync::Arc::clone(&place.search.inner);
    let late = place
        .scene
        .mirror
        .read(move |conn| finder.finder.find(conn, &query("soup"), first, 0))
        .await;
    assert!(matches!(late, Err(Error::Superseded)), "{late:?}");
}

fn input() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("-".to_owned()),
        Just("*".to_owned()),
        Just("OR ".to_owned()),
        Just("NOT ".to_owned()),
        Just("AND NEAR(".to_owned()),
        Just("from:".to_owned()),
        Just("on:2024-".to_owned()),
        Just("{body}: ^".to_owned()),
        Just("\u{e000}c1".to_owned()),
        Just("\0".to_owned()),
        Just(" ".to_owned()),
        Just("soup".to_owned()),
        any::<char>().prop_map(String::from),
        "\\PC{0,6}",
    ];
    proptest::collection::vec(bits, 0..12).prop_map(|bits| bits.concat())
}

#[test]
fn no_input_is_a_mistake_and_marks_lie_in_the_text() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = runtime.block_on(life());
    runtime.block_on(place.caught_up());
    proptest!(ProptestConfig::with_cases(1_000), |(text in input(), best: bool)| {
        let order = if best { Order::Best } else { Order::Newest };
        let asked = SearchQuery { order, ..query(&text) };
        let found = runtime.block_on(place.search.find(asked)).unwrap();
        for hit in &found.hits {
            // Panics where a mark cuts a character or lies outside.
            marked(&hit.text);
        }
    });
}

#[test]
fn a_text_is_found_by_any_of_its_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = runtime.block_on(Place::new());
    let number = std::cell::Cell::new(0);
    proptest!(ProptestConfig::with_cases(60), |(text in "\\PC{1,40}", pick: prop::sample::Index)| {
        let tokens = token::tokens(&text);
        prop_assume!(!tokens.is_empty());
        number.set(number.get() + 1);
        runtime.block_on(place.say(number.get(), &text));
        let token = pick.get(&tokens);
        let word = &text[token.at.clone()];
        // Some characters are two words by themselves, as ¼ is; and quotes end a phrase.
        prop_assume!(token::folded(word) == token.word && !word.contains(query::is_quote));
        let found = runtime.block_on(place.find(&format!("\"{word}\"")));
        prop_assert!(found.contains(&number.get().to_string()), "{word:?} in {text:?}");
    });
}
