//! Whatever the size of the pages, whatever changes between them, wherever the pull is cut: the mirror
//! ends with what the server has.

use proptest::prelude::*;
use threadkeep_mirror::{Mirror, NewIntegration};
use threadkeep_protocol::{
    Edit, IntegrationId, MessageKind, MessageRecord, ReactionRecord, Record, Revoke, SyncSource,
    Timestamp,
};
use threadkeep_server_store::Scope;
use threadkeep_sync::{Outcome, PageLimit, RecentFirst, Remote, RemoteOptions, SyncOptions, sync};
use threadkeep_tests::{TestServer, mirror_digest, server_digest};
use tokio_util::sync::CancellationToken;

const CHATS: usize = 3;
const MESSAGES: usize = 40;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Messages arrive at the server.
    Say {
        chat: usize,
        first: usize,
        count: usize,
    },
    /// A text is replaced.
    Edit {
        chat: usize,
        message: usize,
        at: i64,
    },
    /// A message is taken back.
    Revoke { chat: usize, message: usize },
    /// Somebody reacts.
    React {
        chat: usize,
        message: usize,
        at: i64,
    },
    /// The laptop pulls, in lines or in pages of so many rows, and is stopped once it has heard of so many
    /// changes.
    Pull {
        streaming: bool,
        page: u32,
        stop_after: Option<usize>,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..CHATS, 0..MESSAGES, 1..20usize).prop_map(|(chat, first, count)| Step::Say { chat, first, count }),
        2 => (0..CHATS, 0..MESSAGES, 1..100i64).prop_map(|(chat, message, at)| Step::Edit { chat, message, at }),
        1 => (0..CHATS, 0..MESSAGES).prop_map(|(chat, message)| Step::Revoke { chat, message }),
        2 => (0..CHATS, 0..MESSAGES, 1..100i64).prop_map(|(chat, message, at)| Step::React { chat, message, at }),
        3 => (any::<bool>(), 1..12u32, proptest::option::of(1..6usize))
            .prop_map(|(streaming, page, stop_after)| Step::Pull { streaming, page, stop_after }),
    ];
    proptest::collection::vec(step, 1..25)
}

fn chat(number: usize) -> String {
    format!("49151000{number}@s.whatsapp.net")
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

fn said(in_chat: usize, number: usize) -> Record {
    Record::Message(Box::new(MessageRecord {
        external_conversation_id: chat(in_chat),
        external_message_id: format!("M{number}"),
        sender_external_id: Some(chat(in_chat)),
        sender_display_name: None,
        message_type: MessageKind::Text,
        content: format!("message {number}"),
        timestamp: time(number as i64),
        is_from_me: false,
        is_forwarded: None,
        is_starred: None,
        is_deleted: None,
        deleted_at: None,
        edited_at: None,
        edits: vec![],
        reply_to_external_id: None,
        reply_to_preview: None,
        delivery_status: None,
        reactions: vec![],
        receipts: vec![],
        media: None,
        sync_source: SyncSource::Realtime,
        is_loose: false,
        platform_metadata: None,
    }))
}

fn records(step: &Step) -> Vec<Record> {
    let name = |number: usize| format!("M{number}");
    match *step {
        Step::Say { chat, first, count } => (first..first + count)
            .map(|number| said(chat, number))
            .collect(),
        Step::Edit {
            chat: of,
            message,
            at,
        } => vec![Record::Edit(Edit {
            external_conversation_id: chat(of),
            external_message_id: name(message),
            content: format!("edited at {at}"),
            at: time(1_000 + at),
        })],
        Step::Revoke { chat: of, message } => vec![Record::Revoke(Revoke {
            external_conversation_id: chat(of),
            external_message_id: name(message),
            at: Some(time(5_000)),
        })],
        Step::React {
            chat: of,
            message,
            at,
        } => vec![Record::Reaction(ReactionRecord {
            external_conversation_id: chat(of),
            external_message_id: name(message),
            sender_external_id: chat(of),
            emoji: if at % 3 == 0 {
                String::new()
            } else {
                format!("{at}")
            },
            at: Some(time(2_000 + at)),
        })],
        Step::Pull { .. } => vec![],
    }
}

async fn pull(
    mirror: &Mirror,
    remote: &Remote,
    account: IntegrationId,
    streaming: bool,
    page: u32,
    stop_after: Option<usize>,
) {
    let integration = remote
        .integrations()
        .await
        .expect("the token is good")
        .remove(0);
    let new = NewIntegration {
        server: remote.origin().to_owned(),
        integration,
    };
    let pk = mirror
        .put_integration(new)
        .await
        .expect("the mirror takes an account");
    let options = SyncOptions {
        streaming,
        page_limit: PageLimit::all(page),
        // Of the few messages here these are some, so that they come in another order than the others.
        recent_first: Some(RecentFirst {
            chats: 2,
            messages: 3,
        }),
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
    let report = sync(
        mirror,
        pk,
        remote,
        account,
        options,
        cancel.clone(),
        progress,
    )
    .await;
    assert!(
        matches!(report.outcome, Outcome::Completed | Outcome::Cancelled),
        "a pull ends well or where it was stopped: {:?}",
        report.errors
    );
}

async fn story(steps: Vec<Step>) {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let token = server.token(account, Scope::Read).await;
    let url = format!("{}/", server.url).parse().expect("an address");
    let options = RemoteOptions {
        compress_nearby: true,
        ..RemoteOptions::default()
    };
    let remote = Remote::new(url, Some(token), options).expect("a client");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("mirror.db");
    let mirror = Mirror::open(&file).expect("a new mirror opens");
    for step in &steps {
        match *step {
            Step::Pull {
                streaming,
                page,
                stop_after,
            } => pull(&mirror, &remote, account, streaming, page, stop_after).await,
            _ => drop(
                server
                    .ingest(account, records(step).into_iter().enumerate().collect())
                    .await,
            ),
        }
    }
    pull(&mirror, &remote, account, true, 7, None).await;
    mirror.close().await;
    assert_eq!(
        mirror_digest(&file, 1),
        server_digest(&server.file(), account),
        "the mirror holds each row of the server once, in its latest state"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_pages_any_changes_between_any_cut_end_in_the_same_mirror(steps in steps()) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(story(steps));
    }
}
