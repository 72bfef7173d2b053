//! NDJSON: one value a line.

use crate::json;

/// The lines that hold something, each with its place among all lines.
///
/// A byte order mark and `\r\n` are tolerated; blank lines hold nothing but count, so that a place is
/// the line number that an editor shows, less one.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    json::without_bom(text)
        .split(|byte| *byte == b'\n')
        .map(json::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
}
