//! Fetching a file of a snapshot, in as many pieces as the network makes of it.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::SnapshotFile;
use tokio::sync::mpsc;

use super::{bound, make_folder, private};
use crate::{
    SyncError, clock::Stopwatch, engine::Run, error::SnapshotFault, progress::Meter,
    remote::Packed, retry::retry,
};

/// So long it is not said how fast the network is: it may begin with a pause.
const SETTLED: Duration = Duration::from_secs(3);
/// Pieces that wait for the disk.
const WAITING: usize = 32;

/// How far the download of all files is, and whether it is waited for.
pub(super) struct Pace<'a, 'm> {
    patience: Duration,
    total: u64,
    /// Bytes that are here, those among them that were here before.
    here: AtomicU64,
    before: AtomicU64,
    time: Stopwatch,
    meter: &'a Meter<'m>,
}

impl<'a, 'm> Pace<'a, 'm> {
    pub(super) fn start(patience: Duration, total: u64, meter: &'a Meter<'m>) -> Self {
        meter.fetched(0, total);
        Self {
            patience,
            total,
            here: AtomicU64::new(0),
            before: AtomicU64::new(0),
            time: Stopwatch::start(),
            meter,
        }
    }

    /// Bytes were here already.
    fn resumed(&self, bytes: u64) {
        self.before.fetch_add(bytes, Ordering::Relaxed);
        self.here.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that were here are of no use.
    fn lost(&self, bytes: u64) {
        self.before.fetch_sub(bytes, Ordering::Relaxed);
        self.here.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Bytes have come. An error where the rest would take too long.
    fn came(&self, bytes: u64) -> Result<(), SnapshotFault> {
        let here = self.here.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.meter.fetched(here.min(self.total), self.total);
        let came = here - self.before.load(Ordering::Relaxed).min(here);
        if is_too_long(
            self.patience,
            self.time.elapsed(),
            came,
            self.total - here.min(self.total),
        ) {
            return Err(SnapshotFault::Slow);
        }
        Ok(())
    }

    /// How long it may still take at most, whatever comes.
    fn left(&self) -> Duration {
        bound(self.patience).saturating_sub(self.time.elapsed())
    }
}

/// Whether what is left would take longer than one is willing to wait, at the speed so far.
fn is_too_long(patience: Duration, elapsed: Duration, came: u64, left: u64) -> bool {
    let seconds = elapsed.as_secs_f64() * left as f64 / came.max(1) as f64;
    elapsed >= SETTLED && seconds > patience.as_secs_f64()
}

/// What has come of a file.
struct Part {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Part {
    /// What an earlier run has left of it, if it left anything.
    fn open(path: &Path, whole: u64) -> Result<Self, SnapshotFault> {
        let mut part = Self {
            file: private(path, true)?,
            hash: Sha256::new(),
            bytes: 0,
        };
        let mut piece = vec![0; 1 << 20];
        loop {
            let read = part.file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            part.hash.update(&piece[..read]);
            part.bytes += read as u64;
        }
        if part.bytes > whole {
            part.begin_anew()?;
        }
        Ok(part)
    }

    fn begin_anew(&mut self) -> Result<(), SnapshotFault> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        (self.hash, self.bytes) = (Sha256::new(), 0);
        Ok(())
    }

    fn add(&mut self, piece: &[u8]) -> Result<(), SnapshotFault> {
        self.file.write_all(piece)?;
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        Ok(())
    }

    fn is(&self, file: &SnapshotFile) -> bool {
        let hash = self.hash.clone().finalize();
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        self.bytes == file.packed_bytes && hex == file.sha256
    }
}

impl Run<'_> {
    /// Fetches what is missing of a file, and checks all of it.
    pub(super) async fn fetch(
        &self,
        file: &SnapshotFile,
        to: &Path,
        pace: &Pace<'_, '_>,
    ) -> Result<(), SyncError> {
        if let Some(folder) = to.parent() {
            make_folder(folder).map_err(SnapshotFault::Io)?;
        }
        let (path, whole) = (to.to_owned(), file.packed_bytes);
        let mut part = blocking(move || Part::open(&path, whole)).await?;
        pace.resumed(part.bytes);
        let mut tries = self.options.retry.tries;
        while part.bytes < whole {
            let from = part.bytes;
            let ask = || {
                self.tally.request();
                self.remote.packed(self.remote_id, file, from)
            };
            let waiting = |_: &SyncError, wait| self.meter.waiting(wait);
            let asked = retry(&self.options.retry, self.cancel, waiting, ask);
            let answer = tokio::time::timeout(pace.left(), asked).await;
            let answer = answer.unwrap_or_else(|_| Err(SnapshotFault::Slow.into()))?;
            if answer.from != from {
                if answer.from != 0 {
                    return Err(SnapshotFault::Packed.into());
                }
                pace.lost(part.bytes);
                part = blocking(move || part.begin_anew().map(|()| part)).await?;
            }
            let before = part.bytes;
            let came;
            (part, came) = self.receive(part, answer, whole, pace).await?;
            match came {
                Ok(()) => {}
                // As long as something comes, it goes on.
                Err(error) if error.is_transient() && part.bytes > before => {
                    tries = self.options.retry.tries;
                }
                Err(error) if error.is_transient() && tries > 1 => tries -= 1,
                Err(error) => return Err(error),
            }
        }
        if part.is(file) {
            return Ok(());
        }
        Err(SnapshotFault::Hash.into())
    }

    /// Writes an answer down until it ends, breaks or takes too long. Gives the part back, and how it ended.
    async fn receive(
        &self,
        mut part: Part,
        mut answer: Packed,
        whole: u64,
        pace: &Pace<'_, '_>,
    ) -> Result<(Part, Result<(), SyncError>), SyncError> {
        let room = whole - part.bytes;
        let (sender, mut pieces) = mpsc::channel(WAITING);
        let writing = blocking(move || {
            while let Some(piece) = pieces.blocking_recv() {
                part.add(AsRef::<[u8]>::as_ref(&piece))?;
            }
            Ok(part)
        });
        let reading = async move {
            let mut came = 0;
            loop {
                let next = tokio::time::timeout(pace.left(), answer.next()).await;
                let next = next.unwrap_or_else(|_| Err(SnapshotFault::Slow.into()))?;
                let Some(piece) = next else {
                    // An answer without a length may end anywhere.
                    return if came < room {
                        Err(answer.cut())
                    } else {
                        Ok(())
                    };
                };
                came += piece.as_ref().len() as u64;
                if came > room {
                    return Err(SnapshotFault::Packed.into());
                }
                pace.came(piece.as_ref().len() as u64)?;
                // Only a disk that says no ends the writing before.
                if sender.send(piece).await.is_err() {
                    return Ok(());
                }
            }
        };
        let (part, read) = tokio::join!(writing, reading);
        Ok((part?, read))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SnapshotFault> + Send + 'static,
) -> Result<T, SyncError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(SyncError::Decoder)??)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const MIB: u64 = 1 << 20;

    #[rstest]
    #[case::soon_here(4, 40 * MIB, 100 * MIB, false)]
    #[case::just_in_time(4, 40 * MIB, 150 * MIB, false)]
    #[case::too_long(4, 40 * MIB, 151 * MIB, true)]
    #[case::nothing_came(4, 0, MIB, true)]
    #[case::nothing_is_left(60, MIB, 0, false)]
    #[case::too_early_to_say(2, 1, 100 * MIB, false)]
    fn a_download_is_left_where_it_would_take_too_long(
        #[case] seconds: u64,
        #[case] came: u64,
        #[case] left: u64,
        #[case] is_left: bool,
    ) {
        let (patience, elapsed) = (Duration::from_secs(15), Duration::from_secs(seconds));
        assert_eq!(is_too_long(patience, elapsed, came, left), is_left);
    }
}
