//! Nora pulls her history on a train that goes through tunnels.

use threadkeep_app::view::{Outcome, SyncSettings};
use threadkeep_ingest::sample::bulk;
use threadkeep_protocol::Stream;
use threadkeep_tests::{Device, TestServer, Wire, mirror_digest, server_digest};

const MESSAGES: usize = 9_000;

/// In bytes of answers. Some come before anything could be kept, most in the middle of it.
const TUNNELS: [usize; 9] = [
    700_000, 100, 30_000, 400_000, 0, 250_000, 1_000_000, 5_000, 600_000,
];

async fn served() -> (TestServer, i64) {
    let server = TestServer::start().await;
    let account = server.integration("Nora").await;
    let records = bulk(5, MESSAGES).enumerate().collect();
    server.ingest(account, records).await;
    (server, account)
}

#[rstest::rstest]
#[case::in_lines(true)]
#[case::page_by_page(false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_again_and_again_costs_no_row(#[case] streaming: bool) {
    let (server, account) = served().await;
    let wire = Wire::to(&server.url).await;
    let laptop = Device::new("Nora's laptop").await;
    laptop.connect_over(&wire, &server, account).await;
    let settings = SyncSettings {
        streaming,
        ..SyncSettings::default()
    };
    let kept = laptop.app.set_sync_settings(settings).await;
    assert_eq!(kept.expect("a choice can be kept"), settings);
    wire.cut_after(TUNNELS);
    // A run may give up in a long tunnel; the next one goes on from where it was.
    for _ in 0..TUNNELS.len() {
        let reports = laptop.app.sync(None, |_| {}).await;
        if reports.expect("there is something to sync")[0].outcome == Outcome::Completed {
            break;
        }
    }
    assert_eq!(wire.cuts_left(), 0, "the train went through every tunnel");
    let reports = laptop.sync().await;
    assert_eq!(reports[0].saved, 0, "nothing was left over");
    assert_eq!(
        mirror_digest(&laptop.mirror_file(), 1),
        server_digest(&server.file(), account),
        "each row is there once, as the server has it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_history_comes_in_one_answer_a_stream() {
    let (server, account) = served().await;
    let wire = Wire::to(&server.url).await;
    let laptop = Device::new("Nora's laptop").await;
    laptop.connect_over(&wire, &server, account).await;
    let settings = SyncSettings {
        recent_first: false,
        ..SyncSettings::default()
    };
    laptop
        .app
        .set_sync_settings(settings)
        .await
        .expect("it is kept");
    let before = wire.connections();
    laptop.sync().await;
    // One would do; another may be opened while the first is on its way back to the pool. Answers that
    // are not read to their ends would cost one each.
    let opened = wire.connections() - before;
    assert!(
        opened <= Stream::ALL.len() / 2,
        "status and streams follow one another: {opened} connections"
    );
    assert_eq!(
        mirror_digest(&laptop.mirror_file(), 1),
        server_digest(&server.file(), account),
    );
}
