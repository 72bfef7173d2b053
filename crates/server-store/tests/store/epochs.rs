//! A file that was restored from an older copy, and how it is noticed.

use std::{fs, path::PathBuf};

use threadkeep_server_store::Store;

use crate::bed::{ANA, Bed, edit, integrate, message, said};

fn mark_of(bed: &Bed) -> PathBuf {
    PathBuf::from(format!("{}.epoch", bed.path.display()))
}

/// Takes a copy as an operator would; `name` is beside the database.
fn back_up(bed: &Bed, name: &str) -> PathBuf {
    let copy = bed.path.with_file_name(name);
    bed.file()
        .execute("VACUUM INTO ?1", [copy.to_str().unwrap()])
        .unwrap();
    copy
}

/// Puts a copy in the place of the database, which nobody may have open, and opens it.
fn restore(bed: &mut Bed, copy: &PathBuf) {
    close(bed);
    for file in ["", "-wal", "-shm"] {
        drop(fs::remove_file(format!("{}{file}", bed.path.display())));
    }
    fs::copy(copy, &bed.path).unwrap();
    bed.store = Store::open(&bed.path).unwrap();
}

/// Gives the database up: another store in its place is the last handle's end.
fn close(bed: &mut Bed) {
    let elsewhere = bed.path.with_file_name("elsewhere.db");
    bed.store = Store::open(&elsewhere).unwrap();
}

#[tokio::test]
async fn a_file_older_than_what_it_handed_out_begins_an_epoch() {
    let mut bed = Bed::new().await;
    bed.tell([said(message(ANA, "kept", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    let copy = back_up(&bed, "copy.db");
    bed.tell([said(message(ANA, "lost", 2))]).await;
    restore(&mut bed, &copy);
    let second = bed.store.epoch().await.unwrap();
    assert_ne!(first, second, "cursors of the first mean nothing now");
    bed.tell([said(message(ANA, "new", 3))]).await;
    restore(&mut bed, &copy);
    let third = bed.store.epoch().await.unwrap();
    assert!(
        third != first && third != second,
        "the same copy once more is another history again"
    );
}

#[tokio::test]
async fn an_edit_alone_is_enough_to_be_missed() {
    let mut bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    let copy = back_up(&bed, "copy.db");
    bed.tell([edit(ANA, "m", "edited", 9)]).await;
    restore(&mut bed, &copy);
    assert_ne!(bed.store.epoch().await.unwrap(), first);
}

#[tokio::test]
async fn a_copy_of_the_latest_state_goes_on_in_the_same_epoch() {
    let mut bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    let copy = back_up(&bed, "copy.db");
    restore(&mut bed, &copy);
    assert_eq!(
        bed.store.epoch().await.unwrap(),
        first,
        "nothing was lost, so no client has to pull again"
    );
    for _ in 0..3 {
        bed.tell([said(message(ANA, "m2", 2))]).await;
        bed.store = Store::open(&bed.path).unwrap();
    }
    assert_eq!(bed.store.epoch().await.unwrap(), first, "nor by opening");
}

#[tokio::test]
async fn an_account_that_was_removed_and_brought_back_by_a_copy_is_noticed() {
    let mut bed = Bed::new().await;
    let other = integrate(&bed.store).await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    let copy = back_up(&bed, "copy.db");
    bed.store.remove_integration(other).await.unwrap();
    bed.tell([said(message(ANA, "lost", 2))]).await;
    restore(&mut bed, &copy);
    assert_ne!(bed.store.epoch().await.unwrap(), first);
}

#[rstest::rstest]
#[case::gone(None)]
#[case::garbage(Some("{"))]
#[case::empty(Some(""))]
#[case::of_another_file(Some(r#"{"epoch": "another", "handed_out": 0}"#))]
#[tokio::test]
async fn in_doubt_an_epoch_begins(#[case] mark: Option<&str>) {
    let mut bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    close(&mut bed);
    match mark {
        Some(text) => fs::write(mark_of(&bed), text).unwrap(),
        None => fs::remove_file(mark_of(&bed)).unwrap(),
    }
    bed.store = Store::open(&bed.path).unwrap();
    let second = bed.store.epoch().await.unwrap();
    assert_ne!(first, second, "a pull too many costs less than rows");
    bed.store = Store::open(&bed.path).unwrap();
    assert_eq!(bed.store.epoch().await.unwrap(), second, "once");
}

#[tokio::test]
async fn a_new_file_needs_no_mark() {
    let mut bed = Bed::new().await;
    let first = bed.store.epoch().await.unwrap();
    close(&mut bed);
    fs::remove_file(mark_of(&bed)).unwrap();
    bed.store = Store::open(&bed.path).unwrap();
    assert_eq!(
        bed.store.epoch().await.unwrap(),
        first,
        "who has handed out nothing can have lost nothing"
    );
}

#[tokio::test]
async fn two_programs_on_one_file_stay_in_one_epoch() {
    let bed = Bed::new().await;
    let first = bed.store.epoch().await.unwrap();
    for number in 0..20 {
        let beside = Store::open(&bed.path).unwrap();
        let record = |name: &str| said(message(ANA, &format!("{name}{number}"), number));
        let (a, b) = tokio::join!(
            bed.store
                .ingest(bed.integration, vec![(0, record("a"))], Default::default()),
            beside.ingest(bed.integration, vec![(0, record("b"))], Default::default())
        );
        assert_eq!((a.unwrap().saved, b.unwrap().saved), (1, 1));
    }
    let again = Store::open(&bed.path).unwrap();
    assert_eq!(again.epoch().await.unwrap(), first);
    let now = again.epoch_now().await.unwrap();
    assert!(now.handed_out >= 40, "each change took a seq");
}

#[tokio::test]
async fn an_operator_begins_an_epoch_and_it_lasts() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let first = bed.store.epoch().await.unwrap();
    let second = bed.store.begin_epoch().await.unwrap();
    assert_ne!(first, second);
    let again = Store::open(&bed.path).unwrap();
    assert_eq!(again.epoch().await.unwrap(), second);
    let status = again.status(bed.integration).await.unwrap();
    assert_eq!(status.epoch, second, "clients are told");
}
