//! A server whose history is replaced: old cursors mean nothing, and what is here stays.

use threadkeep_protocol::Stream;
use threadkeep_sync::Outcome;

use crate::{
    bench::{Bench, codes},
    fault_server::Reply,
    world::World,
};

fn restore(world: &mut World, epoch: &str) {
    let old = std::mem::replace(world, World::with_messages(0));
    *world = old.restored(epoch);
}

#[tokio::test]
async fn a_server_restored_between_two_runs_is_pulled_from_the_start() {
    let bench = Bench::new(World::with_messages(45)).await;
    bench.sync().await;
    bench.server.change(|world| {
        world.edit_message(5, "as the backup had it");
        restore(world, "e2");
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed);
    assert_eq!(report.saved, 0, "the rows are the same ones");
    bench.assert_equal().await;
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert_eq!(states.epoch, "e2");
    let again = bench.sync().await;
    assert_eq!(again.pages, 0, "the cursors of the new history hold");
}

#[tokio::test]
async fn a_server_restored_while_it_is_read_is_pulled_from_the_start() {
    let mut restored = false;
    let bench = Bench::scripted(World::with_messages(45), move |request, world| {
        let in_the_middle = request.stream == Some(Stream::Messages) && request.since > 20;
        if in_the_middle && !std::mem::replace(&mut restored, true) {
            restore(world, "e2");
        }
        Reply::Honest
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_server_that_never_comes_to_rest_is_given_up() {
    let bench = Bench::scripted(World::with_messages(45), |request, world| {
        world.epoch = format!("e{}", request.nth);
        Reply::Honest
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["epoch_changed"]);
    assert!(report.requests < 20, "{} requests", report.requests);
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_server_of_the_first_design_that_lost_its_data_is_pulled_from_the_start() {
    let bench = Bench::new(World::of_the_first_design(45)).await;
    bench.sync().await;
    bench.server.change(|world| {
        restore(world, "");
        // Its places begin anew, and reach less far than the cursors.
        world.edit_message(2, "after the loss");
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    assert_eq!(bench.sync().await.pages, 0, "it comes to rest");
}

#[tokio::test]
async fn a_server_that_learns_to_tell_epochs_is_pulled_from_the_start() {
    let mut world = World::with_messages(45);
    world.epoch.clear();
    let bench = Bench::new(world).await;
    bench.sync().await;
    bench.server.change(|world| restore(world, "e1"));
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn an_epoch_that_only_pages_tell_is_taken_up() {
    let mut world = World::with_messages(25);
    world.tells_status = false;
    world.streams = Stream::SEED.to_vec();
    world.participants.clear();
    world.media.clear();
    world.receipts.clear();
    let bench = Bench::new(world).await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
    bench.server.change(|world| restore(world, "e2"));
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_history_that_ends_too_early_under_its_old_name_is_reported_and_keeps_everything() {
    let bench = Bench::new(World::with_messages(45)).await;
    bench.sync().await;
    let before = bench.view().await;
    let lost = bench.server.change(|world| world.messages.split_off(30));
    let report = bench.sync().await;
    assert_eq!(codes(&report), ["cursor_stuck"]);
    assert_eq!(report.outcome, Outcome::Partial);
    assert_eq!(bench.view().await, before, "absence is not deletion");
    bench.server.change(|world| world.messages.extend(lost));
    bench.assert_recovers().await;
}
