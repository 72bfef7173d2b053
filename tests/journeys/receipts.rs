//! Statuses and receipts only move forward, whatever the order in which they arrive and wherever a pull
//! is cut.

use std::collections::BTreeMap;

use serde_json::Value;
use threadkeep_protocol::{IntegrationId, Record};
use threadkeep_tests::{
    Device, Held, TestServer, assert_same, held_rows,
    records::{ANA, BEN, CLUB, OWNER, at, own, receipt, status},
    server_rows,
};

/// All orders of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    (0..things.len())
        .flat_map(|first| {
            let mut rest = things.to_vec();
            let head = rest.remove(first);
            orders(&rest).into_iter().map(move |mut order| {
                order.insert(0, head.clone());
                order
            })
        })
        .collect()
}

async fn tell(server: &TestServer, account: IntegrationId, records: Vec<Record>) {
    server
        .ingest(account, records.into_iter().enumerate().collect())
        .await;
}

/// How far each message of the owner got, by its id on the platform.
fn statuses(held: &Held) -> BTreeMap<String, i64> {
    let messages = &held.rows[&threadkeep_protocol::Stream::Messages];
    let reached = messages.values().map(|row| {
        let id = row["external_message_id"]
            .as_str()
            .expect("an id")
            .to_owned();
        (id, row["delivery_status"].as_i64().unwrap_or(0))
    });
    reached.collect()
}

#[tokio::test]
async fn a_status_only_moves_forward_in_every_order_of_arrival() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let (eager, late) = (Device::new("laptop").await, Device::new("desktop").await);
    eager.connect(&server, account).await;
    late.connect(&server, account).await;
    // Each order has a message of its own, in both kinds of chats; the message itself is one of what comes.
    let steps = ["message", "sent", "delivered", "read", "played"];
    let orders = orders(&steps);
    let mut before = BTreeMap::new();
    for round in 0..steps.len() {
        let mut records = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            for (chat, name) in [(ANA, "direct"), (CLUB, "group")] {
                let id = format!("{name}{number}");
                records.push(match order[round] {
                    "message" => own(chat, &id, 1),
                    step => status(chat, &id, step),
                });
            }
        }
        tell(&server, account, records).await;
        eager.sync().await;
        let now = statuses(&held_rows(&eager.mirror_file(), 1));
        for (id, was) in &before {
            assert!(now[id] >= *was, "{id} went back from {was} to {}", now[id]);
        }
        before = now;
    }
    late.sync().await;
    let rows = server_rows(&server.store, account).await;
    for (device, whose) in [(&eager, "at once"), (&late, "at the end")] {
        let held = held_rows(&device.mirror_file(), 1);
        assert_same(&rows, &held, whose);
        let reached = statuses(&held);
        assert_eq!(reached.len(), 2 * orders.len(), "every message is there");
        assert!(
            reached.values().all(|&reached| reached == 6),
            "{whose}: each was played in the end"
        );
    }
}

/// Who did what when, as the receipts of a device tell it.
fn told(held: &Held, message: &str) -> BTreeMap<String, Value> {
    use threadkeep_protocol::Stream::{Messages, Receipts};
    let of = held.rows[&Messages]
        .iter()
        .find(|(_, row)| row["external_message_id"] == message)
        .map(|(id, _)| id.clone());
    let receipts = held.rows[&Receipts].values();
    let receipts = receipts.filter(|row| row["message_id"].as_str() == of.as_deref());
    receipts
        .map(|row| {
            let who = row["participant_external_id"].as_str().expect("somebody");
            (who.to_owned(), row.clone())
        })
        .collect()
}

#[tokio::test]
async fn each_member_of_a_group_has_receipts_of_their_own_in_every_order() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let (eager, late) = (Device::new("laptop").await, Device::new("desktop").await);
    eager.connect(&server, account).await;
    late.connect(&server, account).await;
    // Ana's reading comes twice, and the earlier time counts whichever comes first.
    let steps = [
        ("message", "", 0),
        (ANA, "delivered_at", 10),
        (ANA, "read_at", 30),
        (ANA, "read_at", 20),
        (BEN, "delivered_at", 15),
    ];
    let orders = orders(&steps);
    for round in 0..steps.len() {
        let records = orders.iter().enumerate().map(|(number, order)| {
            let id = format!("g{number}");
            match order[round] {
                ("message", ..) => own(CLUB, &id, 1),
                (who, what, seconds) => receipt(CLUB, &id, who, what, seconds),
            }
        });
        tell(&server, account, records.collect()).await;
        eager.sync().await;
    }
    late.sync().await;
    let rows = server_rows(&server.store, account).await;
    for (device, whose) in [(&eager, "at once"), (&late, "at the end")] {
        let held = held_rows(&device.mirror_file(), 1);
        assert_same(&rows, &held, whose);
        for number in 0..orders.len() {
            let id = format!("g{number}");
            let told = told(&held, &id);
            let names: Vec<&str> = told.keys().map(String::as_str).collect();
            assert_eq!(names, [ANA, BEN], "{whose}, {id}: one receipt a member");
            let time = |who: &str, what: &str| told[who][what].as_str().map(str::to_owned);
            let written = |seconds| Some(at(seconds).to_string());
            assert_eq!(time(ANA, "delivered_at"), written(10), "{whose}, {id}");
            assert_eq!(
                time(ANA, "read_at"),
                written(20),
                "the earliest: {whose}, {id}"
            );
            assert_eq!(time(BEN, "delivered_at"), written(15), "{whose}, {id}");
            assert_eq!(time(BEN, "read_at"), None, "read by one is not read by all");
        }
        let reached = statuses(&held);
        assert!(
            reached.values().all(|&reached| reached == 0),
            "{whose}: nobody said how far the message itself got"
        );
    }
}

#[tokio::test]
async fn a_receipt_in_a_direct_chat_moves_the_status_and_none_moves_it_back() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let laptop = Device::new("laptop").await;
    laptop.connect(&server, account).await;
    let mut before = 0;
    // By number: 3 sent, 4 delivered, 5 read, 6 played.
    for (record, reached) in [
        (own(ANA, "m", 1), 0),
        (status(ANA, "m", "sent"), 3),
        (receipt(ANA, "m", ANA, "read_at", 50), 5),
        (receipt(ANA, "m", ANA, "delivered_at", 40), 5),
        (status(ANA, "m", "delivered"), 5),
        (receipt(ANA, "m", OWNER, "played_at", 55), 6),
        (status(ANA, "m", "failed"), 6),
    ] {
        tell(&server, account, vec![record.clone()]).await;
        laptop.sync().await;
        let now = statuses(&held_rows(&laptop.mirror_file(), 1))["m"];
        assert_eq!(now, reached, "after {record:?}");
        assert!(now >= before);
        before = now;
    }
}
