//! The first list of chats after a start, from a cold disk.
//!
//! Each chat lies in pages of its own: its row, its address, its last message. Read one behind the other, as one
//! connection reads, two hundred of them were 60 of the 70 ms that a start took with a million messages, most of
//! them spent waiting. So all readers fetch a part of them first, side by side; then the list is read as
//! always, by one reader and as of one moment, from pages that are in memory.

use std::sync::atomic::Ordering;

use tokio::task::JoinSet;

use super::list;
use crate::{Mirror, people::People, reader::READERS};

/// The first list has so many chats, about.
const CHATS: u32 = 120;
/// So many chats are read before another reader is worth its opening.
const FEW: usize = 12;

/// Brings what the list begins with into memory, the first time. Where it fails, the list will say so.
pub(super) async fn up(mirror: &Mirror) {
    if mirror.inner.is_warm.swap(true, Ordering::Relaxed) {
        return;
    }
    let first = mirror.read(|conn| list::first(conn, CHATS)).await;
    let first = first.unwrap_or_default();
    let share = first.len().div_ceil(READERS);
    if share < FEW {
        return;
    }
    let mut readers = JoinSet::new();
    for part in first.chunks(share) {
        let (mirror, part) = (mirror.clone(), part.to_vec());
        readers.spawn(async move {
            mirror
                .read(move |conn| {
                    let mut people = People::new(conn);
                    for pk in part {
                        list::chat(conn, &mut people, pk)?;
                    }
                    Ok(())
                })
                .await
        });
    }
    while readers.join_next().await.is_some() {}
}
