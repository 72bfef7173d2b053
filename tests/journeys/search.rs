//! Ana remembers a word, and looks for who said it.

use std::collections::{BTreeMap, BTreeSet};

use threadkeep_app::{
    App,
    view::{Anchor, SearchOrder, SearchPage, SearchQuery},
};
use threadkeep_protocol::{Edit, Record, Revoke, Timestamp};
use threadkeep_tests::{Device, TestServer, fixture};

/// Words that are looked for, at most.
const WORDS: usize = 150;

async fn find(app: &App, text: &str) -> SearchPage {
    let query = SearchQuery {
        text: text.to_owned(),
        limit: 500,
        ..SearchQuery::default()
    };
    app.search(query).await.expect("a search answers")
}

async fn index(device: &Device) {
    let indexed = device.app.index_all(|_| {});
    tokio::time::timeout(std::time::Duration::from_secs(60), indexed)
        .await
        .expect("the index catches up")
        .expect("it can be written");
}

/// Chat and platform's id of every message whose text has the word, by a plain look at the export. Texts
/// beyond ASCII are left to the table of the search itself.
async fn by_word(device: &Device) -> BTreeMap<String, BTreeSet<String>> {
    let mut by_word: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for message in device.export().await {
        let text = message["text"].as_str().expect("a text");
        if message["deleted"] == true || !text.is_ascii() {
            continue;
        }
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            let id = message["id"].as_str().expect("an id").to_owned();
            by_word.entry(word.to_lowercase()).or_default().insert(id);
        }
    }
    by_word
}

/// Compares the search with a plain look, for words that few and that many messages have.
async fn check(device: &Device) {
    let by_word = by_word(device).await;
    let every = (by_word.len() / WORDS).max(1);
    let mut looked = 0;
    for (word, truth) in by_word.iter().step_by(every) {
        // A page holds 500, and of a word without end the beginning is what counts.
        if truth.len() > 500 || word.len() > 64 {
            continue;
        }
        let page = find(&device.app, &format!("{word} ")).await;
        let plain = page
            .hits
            .iter()
            .filter(|hit| hit.text.text.is_ascii() && hit.file.is_none());
        let found: BTreeSet<String> = plain.map(|hit| hit.external_id.clone()).collect();
        assert!(
            found.is_superset(truth) && page.hits.len() >= truth.len(),
            "{word}: all that have it are found; missing {:?}",
            truth.difference(&found).collect::<Vec<_>>()
        );
        let wrong: Vec<_> = found.difference(truth).collect();
        assert!(wrong.is_empty(), "{word}: nothing else is found: {wrong:?}");
        looked += 1;
    }
    assert!(looked > 20, "there were words to look for");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_synced_is_found_and_what_changes_is_followed() {
    let server = TestServer::start().await;
    let phone = server.integration("Ana").await;
    server
        .post_baileys(phone, fixture("baileys/events.ndjson"))
        .await;
    let laptop = Device::new("Ana's laptop").await;
    laptop.connect(&server, phone).await;
    laptop.sync().await;
    index(&laptop).await;
    let stats = laptop.app.stats().await.expect("there are stats");
    assert_eq!(stats.search_behind, 0, "the index has seen everything");
    assert!(stats.bytes.search > 0);
    check(&laptop).await;

    let message = laptop
        .export()
        .await
        .into_iter()
        .filter(|message| message["deleted"] == false && message["type"] == "text")
        .nth(7)
        .expect("there are texts");
    let [chat, id] = ["chat", "id"].map(|key| message[key].as_str().expect("a text").to_owned());
    let edit = Edit {
        external_conversation_id: chat.clone(),
        external_message_id: id.clone(),
        content: "Der Süßkartoffelauflauf ist fertig".into(),
        at: Timestamp::from_seconds(1_900_000_000),
    };
    server.ingest(phone, vec![(0, Record::Edit(edit))]).await;
    laptop.sync().await;
    index(&laptop).await;
    let hits = find(&laptop.app, "susskartoffel").await.hits;
    assert_eq!(hits.len(), 1, "an edit is found by its new words");
    assert_eq!(hits[0].external_id, id);
    let marked = hits[0].text.marks.clone();
    assert_eq!(marked, [(4, 23)], "the whole word that begins so");
    let around = laptop
        .app
        .messages(
            &hits[0].chat_id,
            Anchor::Around(hits[0].message_id.clone()),
            3,
        )
        .await
        .expect("a hit leads to its place");
    assert!(
        around
            .messages
            .iter()
            .any(|each| each.id == hits[0].message_id)
    );
    check(&laptop).await;

    let revoke = Revoke {
        external_conversation_id: chat,
        external_message_id: id,
        at: None,
    };
    server
        .ingest(phone, vec![(0, Record::Revoke(revoke))])
        .await;
    laptop.sync().await;
    index(&laptop).await;
    let hits = find(&laptop.app, "susskartoffel").await.hits;
    assert_eq!(hits, [], "what was taken back is not found");

    let laptop = laptop.restart().await;
    index(&laptop).await;
    check(&laptop).await;
    let accounts = laptop.app.accounts().await.expect("there are accounts");
    let word = by_word(&laptop)
        .await
        .into_keys()
        .next()
        .expect("there are words");
    laptop
        .app
        .remove_account(&accounts[0].id)
        .await
        .expect("it can be removed");
    assert_eq!(
        find(&laptop.app, &word).await.hits,
        [],
        "nothing is left to find, at once"
    );
    index(&laptop).await;
    assert_eq!(
        find(&laptop.app, &word).await.about,
        Some(0),
        "nor in the index"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_may_search_while_the_laptop_has_the_folder() {
    let laptop = Device::new("Ana's laptop").await;
    laptop
        .app
        .add_sample()
        .await
        .expect("the sample can be made");
    laptop.sync().await;
    index(&laptop).await;
    let other = App::look(Some(laptop.home()))
        .await
        .expect("it can be looked at");
    assert!(!other.is_indexing(), "the laptop sees to the index");
    let page = find(&other, "coffee").await;
    assert_eq!(page.behind, 0);
    assert_eq!(page, find(&laptop.app, "coffee").await, "both see the same");
    assert!(!page.hits.is_empty());
    let best = SearchQuery {
        text: "coffee OR garden".into(),
        order: Some(SearchOrder::Best),
        ..SearchQuery::default()
    };
    assert!(
        !other
            .search(best)
            .await
            .expect("it answers")
            .hits
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_chat_one_goes_from_hit_to_hit() {
    let laptop = Device::new("Ana's laptop").await;
    laptop
        .app
        .add_sample()
        .await
        .expect("the sample can be made");
    laptop.sync().await;
    index(&laptop).await;
    let chat = find(&laptop.app, "coffee").await.hits[0].chat_id.clone();
    let here = SearchQuery {
        text: "coffee".into(),
        chat_id: Some(chat),
        ..SearchQuery::default()
    };
    let all = laptop
        .app
        .search(here.clone())
        .await
        .expect("it answers")
        .hits;
    assert!(all.len() > 2, "a chat with enough of it: {}", all.len());
    for (at, hit) in all.iter().enumerate() {
        for newer in [false, true] {
            let step = SearchQuery {
                place: Some(hit.place.clone()),
                newer,
                limit: 1,
                ..here.clone()
            };
            let next = laptop.app.search(step).await.expect("it answers").hits;
            let beside = if newer {
                at.checked_sub(1)
            } else {
                Some(at + 1)
            };
            assert_eq!(
                next.first(),
                beside.and_then(|at| all.get(at)),
                "the one beside it, and none at the ends"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_letters_lead_to_chats_people_and_messages() {
    let laptop = Device::new("Ana's laptop").await;
    laptop
        .app
        .add_sample()
        .await
        .expect("the sample can be made");
    laptop.sync().await;
    index(&laptop).await;
    let chats = laptop
        .app
        .chats(threadkeep_app::view::ChatQuery::default())
        .await
        .expect("a list");
    let chat = &chats.chats[0];
    let letters: String = chat.name.chars().take(4).collect();
    let found = laptop.app.search_quick(&letters).await.expect("it answers");
    assert!(
        found.chats.iter().any(|each| each.id == chat.id),
        "{letters}: the chat is found by the beginning of its name"
    );
    assert!(
        found.people.len() <= 6 && found.messages.hits.len() <= 6,
        "only a few of each"
    );
    let hit = found.messages.hits.first();
    assert!(
        hit.is_none_or(|hit| hit.chat_jid.contains('@')),
        "a hit says by its address whose chat it is in"
    );
    let named = laptop.app.search_names(&letters).await.expect("it answers");
    assert_eq!(
        named.chats[..found.chats.len().min(6)],
        found.chats[..],
        "names alone are the same names, the same ones first"
    );
    assert!(
        named.people.len() >= found.people.len(),
        "and there may be more of them"
    );
    let nobody = laptop.app.search_names("zzzz").await.expect("it answers");
    assert!(nobody.chats.is_empty() && nobody.people.is_empty());
    let nothing = laptop.app.search_quick("  ").await.expect("it answers");
    assert!(
        nothing.chats.is_empty() && nothing.people.is_empty() && nothing.messages.hits.is_empty()
    );
}
