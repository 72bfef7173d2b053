//! NDJSON: one value a line.

use std::io::{self, BufRead};

use memchr::memchr;
use threadkeep_protocol::MAX_LINE_BYTES;

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

/// The same lines of a text that does not fit into memory.
pub(crate) struct Lines<R> {
    bytes: R,
    line: Vec<u8>,
    next: usize,
    at: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) const fn new(bytes: R) -> Self {
        Self {
            bytes,
            line: Vec::new(),
            next: 0,
            at: 0,
        }
    }

    /// How many bytes have been taken.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// The next line that holds something. One that is longer than a line may be is cut just behind that, so that the
    /// parser refuses it.
    pub(crate) fn next(&mut self) -> io::Result<Option<(usize, &[u8])>> {
        while self.take()? {
            if self.next == 0 && self.line.starts_with(b"\xef\xbb\xbf") {
                self.line.drain(..3);
            }
            self.next += 1;
            if !json::trim(&self.line).is_empty() {
                return Ok(Some((self.next - 1, json::trim(&self.line))));
            }
        }
        Ok(None)
    }

    /// Takes a line; says whether there was one.
    fn take(&mut self) -> io::Result<bool> {
        self.line.clear();
        let start = self.at;
        loop {
            let chunk = self.bytes.fill_buf()?;
            if chunk.is_empty() {
                return Ok(self.at > start);
            }
            let end = memchr(b'\n', chunk);
            let text = &chunk[..end.unwrap_or(chunk.len())];
            let room = (MAX_LINE_BYTES + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&text[..text.len().min(room)]);
            let taken = end.map_or(chunk.len(), |end| end + 1);
            self.bytes.consume(taken);
            self.at += taken as u64;
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn streamed(text: &[u8], piece: usize) -> Vec<(usize, Vec<u8>)> {
        let mut reader = Lines::new(BufReader::with_capacity(piece, text));
        let mut found = Vec::new();
        while let Some((place, line)) = reader.next().unwrap() {
            found.push((place, line.to_vec()));
        }
        found
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_the_next_one_is_read() {
        let text = format!("{}\n2\n", "x".repeat(MAX_LINE_BYTES * 2));
        let found = streamed(text.as_bytes(), 4096);
        assert_eq!(
            found[0].1.len(),
            MAX_LINE_BYTES + 1,
            "cut, so that it is refused"
        );
        assert_eq!(found[1], (1, b"2".to_vec()));
    }

    proptest! {
        #[test]
        fn lines_of_a_stream_are_lines_of_the_text(text in "\u{feff}?[a \r\n]{0,40}", piece in 1_usize..9) {
            let whole: Vec<_> = lines(text.as_bytes())
                .map(|(place, line)| (place, line.to_vec()))
                .collect();
            prop_assert_eq!(streamed(text.as_bytes(), piece), whole);
        }
    }
}
