//! Unpacking a file, and not a byte more than was announced.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};

use super::private;
use crate::{SyncError, error::SnapshotFault};

/// Memory that unpacking may take, as a power of two. The server's packing wants 2 MiB.
const MOST_MEMORY: u32 = 25;
/// Unpacked at a time; between two of these it can be stopped.
const PIECE: usize = 1 << 20;

/// Unpacks a file of a known size into a new one.
pub(super) fn unpack(
    from: &Path,
    to: &Path,
    bytes: u64,
    goes_on: impl Fn() -> bool,
) -> Result<(), SyncError> {
    let mut decoder = zstd::Decoder::new(File::open(from).map_err(SnapshotFault::Io)?)
        .map_err(SnapshotFault::Io)?;
    decoder
        .window_log_max(MOST_MEMORY)
        .map_err(SnapshotFault::Io)?;
    let mut to = private(to, false).map_err(SnapshotFault::Io)?;
    let mut piece = vec![0; PIECE];
    let mut left = bytes;
    loop {
        if !goes_on() {
            return Err(SyncError::Cancelled);
        }
        // What cannot be unpacked was packed wrongly: its hash was right.
        let read = decoder
            .read(&mut piece)
            .map_err(|_| SnapshotFault::Packed)?;
        if read == 0 {
            break;
        }
        left = left.checked_sub(read as u64).ok_or(SnapshotFault::Packed)?;
        to.write_all(&piece[..read]).map_err(SnapshotFault::Io)?;
    }
    if left > 0 {
        return Err(SnapshotFault::Packed.into());
    }
    Ok(())
}
