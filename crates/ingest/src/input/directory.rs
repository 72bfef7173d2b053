//! What the end of a zip says of its directory, before anybody makes a list of it.

use std::io::{self, Read, Seek, SeekFrom};

/// What a zip announces of its directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) entries: u64,
    pub(super) bytes: u64,
}

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const LONGEST_COMMENT: usize = u16::MAX as usize;
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_BYTES: usize = 20;
const LARGE_END: &[u8] = b"PK\x06\x06";
const LARGE_END_BYTES: usize = 56;

/// Reads the record at the end, and the one of large zips that it leads to. `None` where there is none: then it is no
/// zip, and whoever reads it says so.
pub(super) fn announced(file: &mut (impl Read + Seek)) -> io::Result<Option<Directory>> {
    let length = file.seek(SeekFrom::End(0))?;
    let most = (END_BYTES + LONGEST_COMMENT + LOCATOR_BYTES) as u64;
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut tail = Vec::new();
    file.take(most).read_to_end(&mut tail)?;
    let ends = tail.windows(END.len()).rposition(|bytes| bytes == END);
    let Some((at, end)) = ends.and_then(|at| Some((at, tail.get(at..at + END_BYTES)?))) else {
        return Ok(None);
    };
    let (entries, bytes) = (number(end, 10, 2), number(end, 12, 4));
    let is_large = entries == u64::from(u16::MAX) || bytes == u64::from(u32::MAX);
    let locator = at.checked_sub(LOCATOR_BYTES).map(|from| &tail[from..at]);
    let Some(locator) = locator.filter(|it| is_large && it.starts_with(LOCATOR)) else {
        return Ok(Some(Directory { entries, bytes }));
    };
    file.seek(SeekFrom::Start(number(locator, 8, 8)))?;
    let mut large = Vec::new();
    file.take(LARGE_END_BYTES as u64).read_to_end(&mut large)?;
    let is_whole = large.len() == LARGE_END_BYTES && large.starts_with(LARGE_END);
    Ok(is_whole.then(|| Directory {
        entries: number(&large, 32, 8),
        bytes: number(&large, 40, 8),
    }))
}

/// A little-endian number of so many bytes.
fn number(bytes: &[u8], at: usize, count: usize) -> u64 {
    let digits = bytes[at..at + count].iter().rev();
    digits.fold(0, |number, byte| number << 8 | u64::from(*byte))
}
