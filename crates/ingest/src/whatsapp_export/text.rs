//! The lines of a text of any size: one at a time, in one buffer, of a length that has an end.

use std::{
    borrow::Cow,
    io::{self, BufRead, BufReader, Read},
};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// The longest line, and the longest message, that is kept whole.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

const BLOCK: usize = 64 * 1024;

/// Reads lines.
pub(super) struct Lines<R: Read> {
    bytes: BufReader<Source<R>>,
    line: Vec<u8>,
    /// What came of the input so far, in its own encoding.
    place: u64,
}

/// A line without its end.
pub(super) struct Line<'a> {
    /// From 0.
    pub(super) place: u64,
    pub(super) text: Cow<'a, str>,
    /// More than `MAX_BYTES` came, and the rest was left out.
    pub(super) is_cut: bool,
}

impl Line<'_> {
    /// Bytes stood in it that are no UTF-8; each became U+FFFD.
    pub(super) const fn is_damaged(&self) -> bool {
        matches!(self.text, Cow::Owned(_))
    }
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R) -> io::Result<Self> {
        Ok(Self {
            bytes: BufReader::with_capacity(BLOCK, Source::new(inner)?),
            line: Vec::new(),
            place: 0,
        })
    }

    /// The encoding, where it is another one than UTF-8.
    pub(super) fn encoding(&self) -> Option<&'static Encoding> {
        self.bytes.get_ref().encoding
    }

    /// How many bytes of the input have been read.
    pub(super) fn done(&self) -> u64 {
        self.bytes.get_ref().done
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut any, mut is_cut) = (false, false);
        loop {
            let block = self.bytes.fill_buf()?;
            if block.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', block);
            let part = &block[..end.unwrap_or(block.len())];
            let room = MAX_BYTES - self.line.len();
            is_cut |= part.len() > room;
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let used = end.map_or(block.len(), |end| end + 1);
            self.bytes.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        let place = self.place;
        self.place += 1;
        if is_cut {
            // A character that the cut went through would look damaged.
            let whole = self.line.utf8_chunks().map(|chunk| chunk.valid().len());
            let end = whole.take(1).sum::<usize>();
            if self.line.len() - end < 4 {
                self.line.truncate(end);
            }
        }
        Ok(Some(Line {
            place,
            text: match str::from_utf8(&self.line) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => String::from_utf8_lossy(&self.line),
            },
            is_cut,
        }))
    }
}

/// Bytes that are UTF-8 by now.
struct Source<R> {
    inner: io::Chain<io::Cursor<Vec<u8>>, R>,
    encoding: Option<&'static Encoding>,
    /// Gone after its last word.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What of `raw` is not yet decoded.
    rest: std::ops::Range<usize>,
    is_last: bool,
    done: u64,
}

impl<R: Read> Source<R> {
    fn new(mut inner: R) -> io::Result<Self> {
        let mut head = Vec::new();
        inner.by_ref().take(4).read_to_end(&mut head)?;
        let (encoding, mark) = encoding_of(&head);
        let head = head.split_off(mark);
        Ok(Self {
            inner: io::Cursor::new(head).chain(inner),
            encoding,
            decoder: encoding.map(Encoding::new_decoder_without_bom_handling),
            raw: Vec::new(),
            rest: 0..0,
            is_last: false,
            done: mark as u64,
        })
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            let count = self.inner.read(buffer)?;
            self.done += count as u64;
            return Ok(count);
        };
        loop {
            if self.rest.is_empty() && !self.is_last {
                self.raw.resize(BLOCK, 0);
                let count = self.inner.read(&mut self.raw)?;
                self.done += count as u64;
                self.rest = 0..count;
                self.is_last = count == 0;
            }
            let from = &self.raw[self.rest.clone()];
            let (end, read, written, _) = decoder.decode_to_utf8(from, buffer, self.is_last);
            self.rest.start += read;
            if self.is_last && end == CoderResult::InputEmpty {
                // It must not be asked again, also where its last word was half a character.
                self.decoder = None;
                return Ok(written);
            }
            if written > 0 {
                return Ok(written);
            }
            if buffer.is_empty() {
                return Ok(0);
            }
        }
    }
}

/// The encoding that the first bytes tell, where it is not UTF-8, and how many of them are only a mark of it.
fn encoding_of(head: &[u8]) -> (Option<&'static Encoding>, usize) {
    match head {
        [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
        [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
        [0xef, 0xbb, 0xbf, ..] => (None, 3),
        // An export begins with a digit or a bracket.
        [b'0'..=b'9' | b'[', 0, _, 0] => (Some(UTF_16LE), 0),
        [0, b'0'..=b'9' | b'[', 0, _] => (Some(UTF_16BE), 0),
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests;
