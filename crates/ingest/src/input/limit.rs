use std::io::{self, Read};

/// How much is read of what somebody gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files in a folder or a zip.
    pub entries: usize,
    /// Bytes of an entry, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all entries of a zip, unpacked.
    pub total_bytes: u64,
    /// Bytes that one packed byte may become on average, in entries that are large. Texts become 20, databases 100.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 200_000,
            entry_bytes: 16 * 1024 * 1024 * 1024,
            total_bytes: 256 * 1024 * 1024 * 1024,
            ratio: 250,
        }
    }
}

/// The limit that was reached, inside an `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} bytes")]
pub(super) struct Reached(pub(super) u64);

/// Ends with an error where the limit is passed, so that what is cut off is not taken for the whole.
pub(super) struct Limited<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R> Limited<R> {
    pub(super) const fn new(inner: R, limit: u64) -> Self {
        Self {
            inner,
            left: limit,
            limit,
        }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => {
                self.left = left;
                Ok(count)
            }
            None => Err(io::Error::other(Reached(self.limit))),
        }
    }
}
