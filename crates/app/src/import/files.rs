//! The bytes of files, brought to the rows that announce them: after their messages, since a row must be there to
//! take them.

use std::{collections::HashSet, sync::Arc};

use threadkeep_protocol::{IntegrationId, Media, Page, Stream};
use threadkeep_sync::{Remote, SyncError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{opened::Opened, reading::Contents, tally::number};

/// Rows of files that are looked at at a time.
const ROWS_PER_PAGE: u32 = 5_000;

/// Read from a file at a time.
const PIECE: usize = 256 * 1024;

/// How far the files are.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) files: i64,
    /// Files that cannot be read to their end, or are others than they were a moment ago.
    pub(super) lost: i64,
}

/// Brings what rows of the account still lack, whoever announced them: what an earlier import named and did not have
/// is found now.
pub(super) async fn bring(
    remote: &Remote,
    integration: IntegrationId,
    opened: &Arc<Vec<Opened>>,
    contents: &Contents,
    cancel: &CancellationToken,
    mut tell: impl FnMut(i64, i64),
) -> Result<Brought, SyncError> {
    let mut brought = Brought::default();
    let total = number(contents.len() as u64);
    let mut settled: HashSet<String> = HashSet::new();
    let mut since = 0;
    while settled.len() < contents.len() {
        let page = remote
            .page(Stream::Media, integration, since, ROWS_PER_PAGE)
            .await?;
        let page: Page<Media> = match serde_json::from_slice(&page) {
            Ok(page) => page,
            // A sync would not understand it either, and says so.
            Err(_) => return Ok(brought),
        };
        for row in page.rows {
            let Some(hash) = row.sha256.map(|hash| hash.to_ascii_lowercase()) else {
                continue;
            };
            let Some(&place) = contents.get(&hash) else {
                continue;
            };
            if cancel.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            if !row.has_content {
                match put(remote, integration, row.id, opened, place).await {
                    Ok(()) => brought.files += 1,
                    Err(Fault::File) => brought.lost += 1,
                    Err(Fault::Server(error)) => return Err(error),
                }
            }
            settled.insert(hash);
            tell(number(settled.len() as u64), total);
        }
        if !page.has_more || page.latest_seq <= since {
            break;
        }
        since = page.latest_seq;
    }
    Ok(brought)
}

enum Fault {
    /// The file itself.
    File,
    Server(SyncError),
}

/// Sends a file as it is read.
async fn put(
    remote: &Remote,
    integration: IntegrationId,
    id: threadkeep_protocol::Id,
    opened: &Arc<Vec<Opened>>,
    (input, entry): (usize, usize),
) -> Result<(), Fault> {
    let (to, pieces) = mpsc::channel(2);
    let opened = Arc::clone(opened);
    let read = tokio::task::spawn_blocking(move || send(&opened, input, entry, &to));
    let sent = remote.put_media_in_pieces(integration, id, pieces).await;
    let is_read = read.await.unwrap_or(false);
    match sent {
        Ok(_) => Ok(()),
        // The server has refused what is no longer what was announced.
        Err(_) if !is_read => Err(Fault::File),
        Err(SyncError::Refused { .. }) => Err(Fault::File),
        Err(error) => Err(Fault::Server(error)),
    }
}

/// Whether the file was read to its end, as far as anybody wanted it.
fn send(
    opened: &[Opened],
    input: usize,
    entry: usize,
    to: &mpsc::Sender<std::io::Result<Vec<u8>>>,
) -> bool {
    let Some((input, _)) = &opened[input].readable else {
        return false;
    };
    let broken = || std::io::ErrorKind::UnexpectedEof.into();
    let Some(Ok(mut bytes)) = input.entries().get(entry).map(|entry| input.read(entry)) else {
        drop(to.blocking_send(Err(broken())));
        return false;
    };
    loop {
        let mut piece = vec![0; PIECE];
        let piece = match bytes.read(&mut piece) {
            Ok(0) => return true,
            Ok(count) => {
                piece.truncate(count);
                Ok(piece)
            }
            Err(error) => Err(error),
        };
        let is_broken = piece.is_err();
        if to.blocking_send(piece).is_err() {
            return true;
        }
        if is_broken {
            return false;
        }
    }
}
