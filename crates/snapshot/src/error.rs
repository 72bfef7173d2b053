//! What can go wrong.

use std::{error::Error as Cause, io};

/// Why a snapshot could not be built or read. The pack that was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another builder is at it.
    #[error("the snapshot is being built by another program")]
    Held,
    /// It was told to stop.
    #[error("the snapshot was stopped; the next one goes on from there")]
    Stopped,
    /// The rows cannot be read.
    #[error("the snapshot's rows cannot be read: {0}")]
    Source(#[source] Box<dyn Cause + Send + Sync>),
    /// The history was replaced meanwhile.
    #[error("the server's history was replaced while the snapshot was built")]
    EpochChanged,
    /// Its mirror cannot be opened.
    #[error("the snapshot's mirror cannot be opened: {0}")]
    Open(#[from] threadkeep_mirror::OpenError),
    /// Its mirror cannot be read or written.
    #[error("the snapshot's mirror fails: {0}")]
    Mirror(#[from] threadkeep_mirror::Error),
    /// Its mirror was not sound, and is gone.
    #[error("the snapshot's mirror was not sound; the next one begins anew")]
    Unsound,
    /// The file system said no.
    #[error("the snapshot's files cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// A fault in this program.
    #[error("a fault in the program stopped the snapshot")]
    Panicked(#[from] tokio::task::JoinError),
}
