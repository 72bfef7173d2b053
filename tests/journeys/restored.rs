//! The server's file is put back from an older copy: its clients notice, pull again, keep what only they
//! have, and end equal with it.

use threadkeep_app::view::{ChatQuery, VerifyOptions, VerifyReport};
use threadkeep_protocol::{IntegrationId, Record, Stream};
use threadkeep_tests::{
    Device, TestServer, assert_same, held_rows,
    records::{ANA, ANA_LID, BEN, CLUB, edited, own, reacted, receipt, said, same_person},
    server_rows,
};

async fn tell(server: &TestServer, account: IntegrationId, records: Vec<Record>) {
    server
        .ingest(account, records.into_iter().enumerate().collect())
        .await;
}

async fn verify(device: &Device) -> VerifyReport {
    let verified = device
        .app
        .verify(None, VerifyOptions::default(), |_| {})
        .await;
    verified.expect("there is something to verify").remove(0)
}

async fn assert_equal(server: &TestServer, account: IntegrationId, device: &Device, whose: &str) {
    let rows = server_rows(&server.store, account).await;
    assert_same(&rows, &held_rows(&device.mirror_file(), 1), whose);
}

/// The texts of a device's messages, by the platform's ids.
async fn texts(device: &Device) -> std::collections::BTreeMap<String, String> {
    let lines = device.export().await;
    let count = lines.len();
    let texts: std::collections::BTreeMap<String, String> = lines
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (format!("{} {}", text("chat"), text("id")), text("text"))
        })
        .collect();
    assert_eq!(texts.len(), count, "each message is there once");
    texts
}

#[tokio::test]
async fn two_devices_end_equal_with_a_restored_server_and_keep_their_own() {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let (laptop, desktop) = (Device::new("laptop").await, Device::new("desktop").await);
    let early: Vec<Record> = (0..30)
        .flat_map(|n| {
            [
                said(ANA, &format!("a{n}"), n),
                own(CLUB, &format!("c{n}"), n),
            ]
        })
        .collect();
    tell(&server, account, early).await;
    for device in [&laptop, &desktop] {
        device.connect(&server, account).await;
        device.sync().await;
    }
    let copy = server.back_up("monday.db");
    let first = server.store.epoch().await.expect("an epoch");

    // Only the laptop is there on Tuesday.
    tell(
        &server,
        account,
        vec![
            said(ANA, "lost1", 100),
            said(BEN, "lost2", 101),
            edited(ANA, "a3", "edited and lost", 102),
            reacted(ANA, "a4", ANA, "👍", 103),
            receipt(CLUB, "c5", BEN, "read_at", 104),
        ],
    )
    .await;
    laptop.sync().await;
    server.restore(&copy).await;
    assert_ne!(
        server.store.epoch().await.expect("an epoch"),
        first,
        "the server noticed that it was put back"
    );

    // As many changes as were lost, so that the seqs alone would tell nobody.
    tell(
        &server,
        account,
        vec![
            said(ANA, "new1", 200),
            edited(ANA, "a7", "edited after it", 201),
            receipt(CLUB, "c6", BEN, "read_at", 202),
            said(ANA, "new2", 203),
            said(ANA, "new3", 204),
        ],
    )
    .await;
    for (device, whose) in [(&laptop, "the laptop"), (&desktop, "the desktop")] {
        device.sync().await;
        assert_equal(&server, account, device, whose).await;
        let report = verify(device).await;
        assert!(report.sound, "{whose}: {report:?}");
        assert_eq!(
            (report.mended, report.removed),
            (0, 0),
            "{whose}: {report:?}"
        );
    }
    let (on_laptop, on_desktop) = (texts(&laptop).await, texts(&desktop).await);
    assert_eq!(on_desktop.len(), 63, "sixty and three new ones");
    let own: Vec<&String> = on_laptop
        .keys()
        .filter(|key| !on_desktop.contains_key(*key))
        .collect();
    let lost = [format!("{ANA} lost1"), format!("{BEN} lost2")];
    assert_eq!(
        own,
        lost.iter().collect::<Vec<_>>(),
        "what only the lost part had stays"
    );
    assert_eq!(
        on_laptop[&format!("{ANA} a3")],
        "text of a3",
        "as the server has it now"
    );
    assert_eq!(on_laptop[&format!("{ANA} a7")], "edited after it");

    let report = verify(&laptop).await;
    let messages = &report.streams[Stream::Messages as usize];
    assert_eq!(messages.only_here, 2, "and is told of: {report:?}");
    assert_eq!(verify(&desktop).await.only_here, 0);
}

#[tokio::test]
async fn what_was_lost_and_comes_again_is_there_once() {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let laptop = Device::new("laptop").await;
    tell(&server, account, vec![said(ANA, "a1", 1)]).await;
    laptop.connect(&server, account).await;
    laptop.sync().await;
    let copy = server.back_up("monday.db");
    let tuesday = vec![
        said(BEN, "b1", 2),
        said(ANA, "a2", 3),
        own(CLUB, "c1", 4),
        receipt(CLUB, "c1", ANA, "read_at", 5),
        reacted(ANA, "a2", ANA, "👍", 6),
    ];
    tell(&server, account, tuesday.clone()).await;
    laptop.sync().await;
    let before = texts(&laptop).await;
    server.restore(&copy).await;
    laptop.sync().await;
    assert_eq!(texts(&laptop).await, before, "nothing is lost here");
    assert_eq!(verify(&laptop).await.streams[1].only_here, 3);

    // The phone sends its history again; the server gives everything new names.
    tell(&server, account, tuesday).await;
    laptop.sync().await;
    assert_equal(&server, account, &laptop, "the laptop").await;
    assert_eq!(texts(&laptop).await, before, "each message is there once");
    let report = verify(&laptop).await;
    assert!(report.sound, "{report:?}");
    assert_eq!(
        report.only_here, 0,
        "nothing is only here any more: {report:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_put_back_twice_and_merges_in_between_is_followed() {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    tell(
        &server,
        account,
        vec![said(ANA_LID, "hidden", 1), said(ANA, "open", 2)],
    )
    .await;
    laptop.sync().await;
    let copy = server.back_up("monday.db");
    for round in 0..2 {
        tell(&server, account, vec![same_person(ANA_LID, ANA)]).await;
        laptop.sync().await;
        assert_equal(&server, account, &laptop, "merged").await;
        server.restore(&copy).await;
        laptop.sync().await;
        assert_equal(&server, account, &laptop, "apart again").await;
        let query = ChatQuery {
            limit: 10,
            ..ChatQuery::default()
        };
        let list = laptop.app.chats(query).await.expect("the list");
        assert_eq!(list.chats.len(), 2, "in round {round} both are shown again");
    }
}

#[tokio::test]
async fn a_server_that_only_starts_again_costs_no_pull() {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    tell(&server, account, vec![said(ANA, "a1", 1)]).await;
    laptop.sync().await;
    for _ in 0..2 {
        server.restart().await;
        let run = &laptop.sync().await[0];
        assert_eq!((run.saved, run.updated, run.unchanged), (0, 0, 0));
    }
    // A copy of the latest state is no older one.
    let copy = server.back_up("now.db");
    server.restore(&copy).await;
    let run = &laptop.sync().await[0];
    assert_eq!((run.saved, run.updated, run.unchanged), (0, 0, 0));
}
