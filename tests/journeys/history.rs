//! Eva's phone remembers years; her computers begin with a handful of messages and ask for the rest.
//!
//! Whatever the phone, the server or a computer does in between, the end is the same: every message of
//! the phone once, in every place, and a checkpoint that says so.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use rusqlite::Connection;
use threadkeep_app::{
    HistoryGoal,
    view::{History, HistoryStatus},
};
use threadkeep_protocol::Connection as Link;
use threadkeep_server::{HistoryOptions, Options};
use threadkeep_server_store::Scope;
use threadkeep_tests::{Device, Manner, Phone, TestServer};
use tokio_util::sync::CancellationToken;

mod away;
mod killed;

const ANA: &str = "4917600001000@s.whatsapp.net";

/// A server that asks again at once where a phone does not answer.
fn hasty() -> Options {
    Options {
        history: HistoryOptions {
            lease: Duration::from_secs(1),
            backfill_pause: Duration::ZERO,
            ..HistoryOptions::default()
        },
        ..Options::default()
    }
}

/// Runs the phone for as long as something else takes.
async fn while_serving<T>(phone: &Phone, manner: Manner, work: impl Future<Output = T>) -> T {
    let stop = CancellationToken::new();
    let work = async {
        let done = work.await;
        stop.cancel();
        done
    };
    tokio::join!(phone.serve(manner, &stop), work).1
}

/// Asks for everything and follows it to its end.
async fn load(device: &Device, goal: HistoryGoal, resume: bool) -> History {
    let chat = chat(device).await;
    let loaded = device.app.load_history(&chat, goal, resume, |_| {}).await;
    loaded.expect("the server can be asked")
}

async fn chat(device: &Device) -> String {
    device
        .app
        .find_chat(ANA)
        .await
        .expect("the chat is here")
        .id
}

async fn state(device: &Device) -> History {
    let chat = chat(device).await;
    device.app.history(&chat).await.expect("it can be read")
}

/// A computer has exactly what the phone has.
async fn assert_has_all(device: &Device, phone: &Phone) {
    let lines = device.export().await;
    let mut held: Vec<(String, String)> = lines
        .iter()
        .filter(|line| line["chat"] == phone.chat.as_str())
        .map(|line| {
            let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
            (text("id"), text("text"))
        })
        .collect();
    held.sort();
    assert_eq!(
        held.len(),
        phone.truth().len(),
        "nothing is missing or doubled"
    );
    assert_eq!(held, phone.truth());
}

/// What the mirror's file says of its request, and whether the message that it names is there.
fn kept(file: &Path) -> (String, i64, bool) {
    let conn = Connection::open(file).expect("the mirror opens");
    conn.query_row(
        "SELECT status, messages_synced, last_message_id = '' OR EXISTS (
             SELECT 1 FROM messages AS m WHERE m.conversation_pk = s.conversation_pk
                 AND m.external_id = s.last_message_id AND m.timestamp = s.last_timestamp)
         FROM sync_checkpoints AS s",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
    .expect("one request was made here")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_history_comes_step_by_step_to_every_device() {
    let server = TestServer::start().await;
    let account = server.integration("Eva").await;
    let phone = Phone::new(&server, account, ANA, 430).await;
    phone.link(20).await;
    let (laptop, desktop) = (Device::new("laptop").await, Device::new("desktop").await);
    for device in [&laptop, &desktop] {
        device.connect(&server, account).await;
        device.sync().await;
    }
    assert_eq!(state(&laptop).await.status, HistoryStatus::NotStarted);

    let seen = std::sync::Mutex::new(Vec::new());
    let id = chat(&laptop).await;
    let loaded = while_serving(&phone, Manner::Answer, async {
        let step = |history: History| seen.lock().expect("nobody panics").push(history);
        laptop
            .app
            .load_history(&id, HistoryGoal::Beginning, false, step)
            .await
            .expect("the server can be asked")
    })
    .await;
    assert_eq!(loaded.status, HistoryStatus::Completed);
    assert_eq!(
        (loaded.messages_synced, loaded.progress_percent),
        (410, 100)
    );
    assert!(loaded.history_complete && loaded.gaps.is_empty());
    assert_eq!(loaded.last_message_id.as_deref(), Some("OLD000000"));
    let counts: Vec<u32> = seen
        .into_inner()
        .expect("nobody panics")
        .iter()
        .map(|history| history.messages_synced)
        .collect();
    assert!(counts.is_sorted(), "progress never goes back: {counts:?}");
    assert_eq!(kept(&laptop.mirror_file()), ("completed".into(), 410, true));
    assert!(
        phone.asked().iter().all(|request| request.count <= 50),
        "a phone is asked for no more than it hands out"
    );

    desktop.sync().await;
    for device in [&laptop, &desktop] {
        assert_has_all(device, &phone).await;
        let chat = device.app.find_chat(ANA).await.expect("the chat is here");
        assert!(
            chat.history_complete,
            "both know that this is the beginning"
        );
    }
    assert_eq!(
        state(&desktop).await.status,
        HistoryStatus::Completed,
        "a device that did not ask sees how it went"
    );
}

#[rstest::rstest]
#[case::twice(Manner::Twice)]
#[case::more_than_was_asked_for(Manner::Generous)]
#[case::out_of_order(Manner::Backwards)]
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_with_manners_of_its_own_brings_the_same(#[case] manner: Manner) {
    let server = TestServer::start().await;
    let account = server.integration("Eva").await;
    let phone = Phone::new(&server, account, ANA, 260).await;
    phone.link(10).await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    let loading = load(&laptop, HistoryGoal::Beginning, false);
    let loaded = while_serving(&phone, manner, loading).await;
    assert_eq!(loaded.status, HistoryStatus::Completed);
    assert_eq!(loaded.messages_synced, 250, "each message is counted once");
    assert_has_all(&laptop, &phone).await;
}

#[rstest::rstest]
#[case::silent(Manner::Silence, HistoryStatus::Interrupted, "did not answer")]
#[case::empty_handed(Manner::Empty, HistoryStatus::Interrupted, "nothing older")]
#[case::with_another_chat(Manner::Mistaken, HistoryStatus::Interrupted, "nothing older")]
#[case::unwilling(Manner::Refuse, HistoryStatus::Failed, "keeps nothing older")]
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_does_not_answer_is_given_up_and_asked_again_later(
    #[case] manner: Manner,
    #[case] status: HistoryStatus,
    #[case] why: &str,
) {
    let server = TestServer::start_with(hasty()).await;
    let account = server.integration("Eva").await;
    let phone = Phone::new(&server, account, ANA, 160).await;
    phone.link(10).await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    // It answers once, and then no more.
    let answered = AtomicBool::new(false);
    let stop = CancellationToken::new();
    let fails = phone.serve_as(&stop, |_| {
        if answered.swap(true, Ordering::Relaxed) {
            manner
        } else {
            Manner::Answer
        }
    });
    let loading = async {
        let loaded = load(&laptop, HistoryGoal::Beginning, false).await;
        stop.cancel();
        loaded
    };
    let (loaded, ()) = tokio::join!(loading, fails);
    assert_eq!((loaded.status, loaded.messages_synced), (status, 50));
    let message = loaded.error_message.expect("it says why");
    assert!(message.contains(why), "{message}");
    assert_eq!(
        kept(&laptop.mirror_file()).1,
        50,
        "what came before is here, and the checkpoint says so"
    );

    let resuming = load(&laptop, HistoryGoal::Beginning, true);
    let loaded = while_serving(&phone, Manner::Answer, resuming).await;
    assert_eq!(loaded.status, HistoryStatus::Completed);
    let is_same = status == HistoryStatus::Interrupted;
    let counted = if is_same { 150 } else { 100 };
    assert_eq!(loaded.messages_synced, counted, "what failed begins anew");
    assert_has_all(&laptop, &phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_keeps_what_came_and_goes_on() {
    let server = TestServer::start().await;
    let account = server.integration("Eva").await;
    let phone = Phone::new(&server, account, ANA, 330).await;
    phone.link(10).await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    let id = chat(&laptop).await;
    // The phone answers twice and then waits to be told to go on.
    let stop = CancellationToken::new();
    let answering = async {
        let mut answered = 0;
        while answered < 2 {
            for request in phone.requests(1).await {
                phone.answer(&request, Manner::Answer).await;
                answered += 1;
            }
        }
        laptop
            .app
            .cancel_history(&id)
            .await
            .expect("it can be cancelled")
    };
    let (loaded, cancelled) = tokio::join!(
        load(&laptop, HistoryGoal::Messages(1_000), false),
        answering
    );
    stop.cancel();
    for told in [&loaded, &cancelled] {
        assert_eq!(
            (told.status, told.messages_synced),
            (HistoryStatus::Cancelled, 100)
        );
    }
    assert!(
        phone.requests(0).await.is_empty(),
        "the phone is left in peace"
    );
    assert_eq!(kept(&laptop.mirror_file()), ("cancelled".into(), 100, true));

    let laptop = laptop.restart().await;
    let told = state(&laptop).await;
    assert_eq!(
        (told.status, told.messages_synced),
        (HistoryStatus::Cancelled, 100)
    );
    let resuming = load(&laptop, HistoryGoal::Messages(1_000), true);
    let loaded = while_serving(&phone, Manner::Answer, resuming).await;
    assert_eq!(
        (loaded.status, loaded.messages_synced),
        (HistoryStatus::Completed, 320)
    );
    assert_has_all(&laptop, &phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_is_closed_in_the_middle_sees_the_truth_when_it_opens() {
    let server = TestServer::start().await;
    let account = server.integration("Eva").await;
    let phone = Phone::new(&server, account, ANA, 230).await;
    phone.link(10).await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    let id = chat(&laptop).await;
    let closing = async {
        let request = loop {
            if let [request] = &phone.requests(5).await[..] {
                break request.clone();
            }
        };
        laptop.app.close().await;
        request
    };
    let asking = laptop
        .app
        .load_history(&id, HistoryGoal::Messages(1_000), false, |_| {});
    let (ended, request) = tokio::join!(asking, closing);
    assert_eq!(
        ended.err().map(|error| error.code().to_owned()).as_deref(),
        Some("cancelled")
    );

    // The phone and the server go on without it.
    phone.answer(&request, Manner::Answer).await;
    let laptop = laptop.restart().await;
    let told = state(&laptop).await;
    assert_eq!(
        (told.status, told.messages_synced),
        (HistoryStatus::InProgress, 50)
    );
    let following = load(&laptop, HistoryGoal::Messages(1_000), false);
    let loaded = while_serving(&phone, Manner::Answer, following).await;
    assert_eq!(loaded.status, HistoryStatus::Completed);
    assert_eq!(loaded.messages_synced, 220, "it is the same request");
    assert_has_all(&laptop, &phone).await;
}
