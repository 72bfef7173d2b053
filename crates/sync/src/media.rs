//! Fetching the bytes of one file: resumed where they broke, kept only if they are the announced ones.
//!
//! Which files, in which order and how many at a time is the caller's business. What has come before a
//! fault, or before `kill -9`, lies as a draft under the file's hash and is gone on with.

use std::{io, time::Duration};

use threadkeep_content::{Contents, Draft, Finished, Hash};
use threadkeep_protocol::{Id, IntegrationId};
use tokio_util::sync::CancellationToken;

use crate::{Remote, RetryPolicy, SyncError, retry::retry};

/// Gathered before it is written.
const PIECE: usize = 512 * 1024;

/// Where nobody said how long a file is, it is no longer than this.
const LONGEST: u64 = 2 * 1024 * 1024 * 1024;

/// A file to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedFile {
    /// The account, by its number on the server.
    pub integration: IntegrationId,
    /// The file, by its row's id.
    pub id: Id,
    /// What its bytes must be.
    pub hash: Hash,
    /// How many they must be, where that was said.
    pub length: Option<u64>,
}

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The server, or the way to it.
    #[error(transparent)]
    Remote(#[from] SyncError),
    /// What came is something else.
    #[error(
        "what the server sent is not the file that was announced; it was thrown away and nothing else \
         was changed"
    )]
    Wrong,
    /// The disk is full.
    #[error("the disk is full; make room and try again; what is already here is safe")]
    Full,
    /// The folder cannot be written.
    #[error("the file could not be written: {0}")]
    Disk(#[source] io::Error),
}

impl MediaError {
    /// Stable, snake_case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Remote(error) => error.code(),
            Self::Wrong => "media_wrong",
            Self::Full => "disk_full",
            Self::Disk(_) => "media_disk",
        }
    }

    /// Whether the server has no such file.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Remote(SyncError::NotFound { .. }))
    }

    /// Whether other files of the account would fail in the same way just now.
    #[must_use]
    pub const fn is_of_the_server(&self) -> bool {
        matches!(self, Self::Remote(error) if !matches!(
            error,
            SyncError::NotFound { .. } | SyncError::Refused { .. } | SyncError::BadPage { .. }
        ))
    }
}

impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Disk(error),
        }
    }
}

/// Fetches one file into the folder. `progress` hears how many bytes are here. Only one at a time may fetch
/// what has the same hash.
///
/// # Errors
/// When it did not come; what has come is kept for the next time, unless it is wrong.
pub async fn fetch(
    remote: &Remote,
    contents: &Contents,
    wanted: &WantedFile,
    policy: &RetryPolicy,
    cancel: &CancellationToken,
    progress: impl Fn(u64),
) -> Result<(), MediaError> {
    if contents.length(&wanted.hash).is_some() {
        return Ok(());
    }
    let progress = &progress;
    let again = || async move {
        match attempt(remote, contents, wanted, cancel, progress).await {
            // A fault of the network is what is tried again; all else is the answer.
            Err(MediaError::Remote(error)) => Err(error),
            other => Ok(other),
        }
    };
    retry(policy, cancel, |_: &SyncError, _: Duration| {}, again).await?
}

async fn attempt(
    remote: &Remote,
    contents: &Contents,
    wanted: &WantedFile,
    cancel: &CancellationToken,
    progress: &impl Fn(u64),
) -> Result<(), MediaError> {
    let (folder, hash) = (contents.clone(), wanted.hash);
    let mut draft = off_thread(move || folder.resume(&hash)).await?;
    let most = wanted.length.unwrap_or(LONGEST);
    if draft.length() > most {
        draft.restart()?;
    }
    let is_whole = wanted.length.is_some_and(|length| draft.length() == length);
    if !is_whole || draft.length() == 0 {
        draft = read(remote, draft, wanted, most, cancel, progress).await?;
    }
    match off_thread(move || draft.finish(&hash)).await? {
        Finished::Kept => Ok(()),
        Finished::Wrong => Err(MediaError::Wrong),
    }
}

async fn read(
    remote: &Remote,
    mut draft: Draft,
    wanted: &WantedFile,
    most: u64,
    cancel: &CancellationToken,
    progress: &impl Fn(u64),
) -> Result<Draft, MediaError> {
    let mut bytes = remote
        .media(wanted.integration, wanted.id, &wanted.hash, draft.length())
        .await?;
    if bytes.from == 0 && draft.length() > 0 {
        draft.restart()?;
    }
    progress(draft.length());
    let mut piece: Vec<u8> = Vec::new();
    loop {
        let next = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SyncError::Cancelled),
            next = bytes.next() => next,
        };
        // What has come is kept, whatever comes next.
        let is_over = !matches!(next, Ok(Some(_)));
        if let Ok(Some(chunk)) = &next {
            piece.extend_from_slice(chunk.as_ref());
        }
        if draft.length() + piece.len() as u64 > most {
            draft.discard();
            return Err(MediaError::Wrong);
        }
        if piece.len() >= PIECE || is_over {
            let full = std::mem::take(&mut piece);
            draft = off_thread(move || draft.write(&full).map(|()| draft)).await?;
            progress(draft.length());
        }
        if is_over {
            next?;
            break;
        }
    }
    if wanted.length.is_some_and(|length| draft.length() < length) {
        return Err(bytes.broke().into());
    }
    Ok(draft)
}

/// Files block.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, MediaError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
