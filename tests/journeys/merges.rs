//! A hidden id turns out to be somebody whom the phone knows by number: everything of both chats comes
//! into one, through the change feed, on devices that had both.

use rstest::rstest;
use serde_json::{Value, json};
use threadkeep_app::view::{Anchor, Chat, ChatQuery, MessagePage, VerifyOptions};
use threadkeep_mirror::{Mirror, NewIntegration};
use threadkeep_protocol::{IntegrationId, Record};
use threadkeep_server_store::Scope;
use threadkeep_sync::{Outcome, PageLimit, Remote, RemoteOptions, SyncOptions, sync};
use threadkeep_tests::{
    Device, TestServer, assert_at_cursor, assert_same, held_rows,
    records::{
        ANA, ANA_LID, BEN, CLUB, chat, contact, edited, member, message, own, picture, reacted,
        receipt, said, same_person, status,
    },
    server_rows,
};
use tokio_util::sync::CancellationToken;

/// Both chats with Ana, and a group that knows her by her hidden id.
fn history() -> Vec<Record> {
    let quoting = |id: &str, of: &str, seconds| {
        let quote =
            json!({"reply_to_external_id": of, "reply_to_preview": format!("text of {of}")});
        message(ANA_LID, id, seconds, quote)
    };
    vec![
        contact(ANA, "Ana"),
        contact(BEN, "Ben"),
        // By number: some messages, one of them in both chats.
        said(ANA, "open1", 10),
        own(ANA, "open2", 20),
        own(ANA, "both", 25),
        status(ANA, "open2", "sent"),
        chat(
            ANA,
            json!({"unread_count": 2, "last_activity_at": threadkeep_tests::records::at(30)}),
        ),
        // By hidden id: messages of every kind.
        said(ANA_LID, "hidden1", 40),
        picture(ANA_LID, "hidden2", 50),
        own(ANA_LID, "hidden3", 60),
        own(ANA_LID, "both", 25),
        quoting("hidden4", "hidden1", 70),
        edited(ANA_LID, "hidden1", "edited", 80),
        reacted(ANA_LID, "hidden3", ANA_LID, "👍", 90),
        reacted(ANA_LID, "hidden1", "me", "❤️", 91),
        receipt(ANA_LID, "hidden3", ANA_LID, "read_at", 92),
        receipt(ANA_LID, "both", ANA_LID, "delivered_at", 93),
        chat(
            ANA_LID,
            json!({"unread_count": 5, "last_activity_at": threadkeep_tests::records::at(95)}),
        ),
        // A group.
        chat(CLUB, json!({"name": "The club"})),
        member(CLUB, ANA_LID),
        member(CLUB, BEN),
        message(CLUB, "g1", 100, json!({"sender_external_id": ANA_LID})),
        own(CLUB, "g2", 101),
        reacted(CLUB, "g2", ANA_LID, "🎉", 102),
        receipt(CLUB, "g2", ANA_LID, "read_at", 103),
        receipt(CLUB, "g2", BEN, "read_at", 104),
    ]
}

async fn tell(server: &TestServer, account: IntegrationId, records: Vec<Record>) {
    server
        .ingest(account, records.into_iter().enumerate().collect())
        .await;
}

async fn chats(device: &Device) -> Vec<Chat> {
    let query = ChatQuery {
        limit: 100,
        ..ChatQuery::default()
    };
    device.app.chats(query).await.expect("the list").chats
}

async fn read(device: &Device, chat: &str) -> MessagePage {
    let chat = device.app.find_chat(chat).await.expect("the chat is there");
    let read = device.app.messages(&chat.id, Anchor::Newest, 100).await;
    read.expect("the chat can be read")
}

/// What a person sees on a device after the merge.
async fn assert_one_chat(device: &Device, whose: &str) {
    let list = chats(device).await;
    let mut jids: Vec<&str> = list.iter().map(|chat| chat.jid.as_str()).collect();
    jids.sort_unstable();
    assert_eq!(
        jids,
        [CLUB, ANA],
        "{whose}: one chat with Ana, and the group"
    );
    let ana = list.iter().find(|chat| chat.jid == ANA).expect("her chat");
    assert_eq!(ana.name, "Ana", "{whose}: under her name");
    assert_eq!(ana.unread, 5, "{whose}: unread as it was said last");

    let page = read(device, &ana.id).await;
    let seen: Vec<(&str, &str)> = page
        .messages
        .iter()
        .map(|message| (message.external_id.as_str(), message.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("open1", "text of open1"),
            ("open2", "text of open2"),
            ("both", "text of both"),
            ("hidden1", "edited"),
            ("hidden2", "text of hidden2"),
            ("hidden3", "text of hidden3"),
            ("hidden4", "text of hidden4"),
        ],
        "{whose}: both chats in one, in the order of time, each message once"
    );
    let by_id = |id: &str| {
        let found = page
            .messages
            .iter()
            .find(|message| message.external_id == id);
        found.unwrap_or_else(|| panic!("{whose}: {id} is there"))
    };
    let hidden3 = by_id("hidden3");
    assert_eq!(
        hidden3.reactions.len(),
        1,
        "{whose}: the reaction came along"
    );
    assert_eq!(hidden3.reactions[0].emoji, "👍");
    assert!(by_id("hidden2").media.is_some(), "{whose}: so did the file");
    let quote = by_id("hidden4").quote.as_ref().expect("it quotes");
    assert_eq!(
        quote.id.as_deref(),
        Some(by_id("hidden1").id.as_str()),
        "{whose}: the quote leads to the message in its new chat"
    );
}

/// What a mirror holds, without the names that the file has for things.
fn state(device: &Device) -> Value {
    let held = held_rows(&device.mirror_file(), 1);
    let rows = held
        .rows
        .iter()
        .map(|(stream, rows)| (stream.name().to_owned(), json!(rows)));
    Value::Object(rows.collect())
}

#[tokio::test]
async fn everything_of_both_chats_comes_into_one_on_devices_that_had_both() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let (laptop, desktop) = (Device::new("laptop").await, Device::new("desktop").await);
    tell(&server, account, history()).await;
    for device in [&laptop, &desktop] {
        device.connect(&server, account).await;
        device.sync().await;
        assert_eq!(chats(device).await.len(), 3, "they had both, and the group");
    }

    tell(&server, account, vec![same_person(ANA_LID, ANA)]).await;
    let fresh = Device::new("a new one").await;
    fresh.connect(&server, account).await;
    let rows = server_rows(&server.store, account).await;
    for (device, whose) in [(&laptop, "laptop"), (&desktop, "desktop"), (&fresh, "new")] {
        device.sync().await;
        assert_same(&rows, &held_rows(&device.mirror_file(), 1), whose);
        assert_one_chat(device, whose).await;
        let verified = device
            .app
            .verify(None, VerifyOptions::default(), |_| {})
            .await;
        assert!(verified.expect("verified")[0].sound, "{whose}");
    }
    assert_eq!(state(&laptop), state(&fresh), "as one that never had both");
    assert_eq!(state(&desktop), state(&fresh));

    // The group knows her by her number now.
    let held = held_rows(&laptop.mirror_file(), 1);
    let hidden = json!(held.rows).to_string();
    let conversations = json!(held.rows[&threadkeep_protocol::Stream::Conversations]).to_string();
    let contacts = json!(held.rows[&threadkeep_protocol::Stream::Contacts]).to_string();
    assert_eq!(
        hidden.matches(ANA_LID).count(),
        conversations.matches(ANA_LID).count() + contacts.matches(ANA_LID).count(),
        "the hidden id is left in the chat that was merged away and beside her number, nowhere else"
    );

    // What is said later comes into the one chat, under whichever name.
    tell(&server, account, vec![said(ANA_LID, "later", 200)]).await;
    laptop.sync().await;
    let page = read(&laptop, ANA).await;
    assert_eq!(page.messages.last().expect("messages").external_id, "later");
}

/// Pulls in pages of so many rows, and stops once so many changes were heard of.
async fn pull(
    mirror: &Mirror,
    remote: &Remote,
    account: IntegrationId,
    page: u32,
    stop_after: Option<usize>,
) -> Outcome {
    let known = remote
        .integrations()
        .await
        .expect("the token is good")
        .remove(0);
    let new = NewIntegration {
        server: remote.origin().to_owned(),
        integration: known,
    };
    let pk = mirror
        .put_integration(new)
        .await
        .expect("it takes an account");
    let options = SyncOptions {
        page_limit: PageLimit::all(page),
        recent_first: None,
        ..SyncOptions::default()
    };
    let cancel = CancellationToken::new();
    let heard = std::sync::atomic::AtomicUsize::new(0);
    let progress = |_| {
        let so_far = heard.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if stop_after.is_some_and(|limit| so_far >= limit) {
            cancel.cancel();
        }
    };
    sync(
        mirror,
        pk,
        remote,
        account,
        options,
        cancel.clone(),
        progress,
    )
    .await
    .outcome
}

#[rstest]
#[tokio::test]
async fn a_merge_that_comes_in_small_pages_with_cuts_between_ends_the_same(
    #[values(1, 2, 3, 7)] page: u32,
) {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    tell(&server, account, history()).await;
    let token = server.token(account, Scope::Read).await;
    let url = format!("{}/", server.url).parse().expect("an address");
    let remote = Remote::new(url, Some(token), RemoteOptions::default()).expect("a client");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("mirror.db");
    let mirror = Mirror::open(&file).expect("a new mirror opens");
    assert_eq!(
        pull(&mirror, &remote, account, page, None).await,
        Outcome::Completed
    );

    tell(&server, account, vec![same_person(ANA_LID, ANA)]).await;
    let rows = server_rows(&server.store, account).await;
    let mut cuts = 0;
    for stop_after in 1.. {
        let outcome = pull(&mirror, &remote, account, page, Some(stop_after)).await;
        // Nothing is lost or doubled at any cut, however half the move is.
        assert_at_cursor(&rows, &held_rows(&file, 1), "in the middle");
        if outcome == Outcome::Completed {
            break;
        }
        cuts += 1;
        assert!(cuts < 1_000, "it comes to its end");
    }
    assert!(cuts > 0, "it was cut at least once");
    assert_same(&rows, &held_rows(&file, 1), "in the end");

    let fresh = folder.path().join("fresh.db");
    let other = Mirror::open(&fresh).expect("a new mirror opens");
    assert_eq!(
        pull(&other, &remote, account, 1_000, None).await,
        Outcome::Completed
    );
    assert_eq!(held_rows(&file, 1).rows, held_rows(&fresh, 1).rows);
    assert_eq!(mirror.check(true).await.expect("it can be read"), []);
}

#[tokio::test]
async fn a_chat_that_had_only_the_hidden_id_is_renamed_where_it_stands() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    tell(&server, account, vec![said(ANA_LID, "hidden", 1)]).await;
    laptop.sync().await;
    let before = chats(&laptop).await;
    tell(
        &server,
        account,
        vec![same_person(ANA_LID, ANA), contact(ANA, "Ana")],
    )
    .await;
    laptop.sync().await;
    let after = chats(&laptop).await;
    assert_eq!(after.len(), 1);
    assert_eq!(
        after[0].id, before[0].id,
        "whoever had it open still has it"
    );
    assert_eq!(
        (after[0].jid.as_str(), after[0].name.as_str()),
        (ANA, "Ana")
    );
}
