//! JSON from a stream, one part at a time.
//!
//! Purpose: a file of a gigabyte is read in the memory of its longest message. Whoever reads says which containers
//! are entered (`enter`, then `next_key` or `next_element`) and takes or skips whole values in them; nothing is parsed
//! here and nothing is nested in memory, so that brackets without end cost nothing.
//!
//! Invariants:
//! - A value that was taken is the bytes of the input, or, where it is longer than any message may be, as many of them
//!   as [`super::parse`] needs to refuse it in words: one monstrous message costs only itself.
//! - Between two calls the stream stands behind a value or behind an entered bracket, never inside a value.
//!
//! Rejected: `serde_json::StreamDeserializer` and its visitors. They stop for good at the first byte that is not
//! UTF-8, and the rest of the archive with them. A memory map: an entry of a zip has none, and it needs `unsafe`.

use std::io::{self, Read};

use memchr::memchr2;
use threadkeep_protocol::MAX_LINE_BYTES;

use super::is_space;
use crate::{Entry, InputError, ReadError, TranslateError};

/// How much is read at once.
const WINDOW: usize = 64 * 1024;

/// Longer parts are not kept: one byte more than may be parsed, so that they are refused.
const MAX_KEPT: usize = MAX_LINE_BYTES + 1;

/// JSON from a stream.
pub(crate) struct Stream<R> {
    source: R,
    window: Box<[u8]>,
    at: usize,
    end: usize,
    /// Bytes before the window.
    passed: u64,
    /// Of each container that has been entered and not left: nothing of it has been taken yet.
    fresh: Vec<bool>,
    part: Vec<u8>,
}

/// What the next value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// A string, a number, a word.
    Other,
}

/// Why a stream cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreamError {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] TranslateError),
}

impl StreamError {
    /// With the entry that the stream came from.
    pub(crate) fn of(self, entry: &Entry) -> ReadError {
        match self {
            Self::Read(source) => InputError::read(&entry.path, source).into(),
            Self::Json(error) => error.into(),
        }
    }
}

impl<R: Read> Stream<R> {
    pub(crate) fn new(source: R) -> Self {
        Self::with_window(source, WINDOW)
    }

    fn with_window(source: R, bytes: usize) -> Self {
        Self {
            source,
            window: vec![0; bytes].into_boxed_slice(),
            at: 0,
            end: 0,
            passed: 0,
            fresh: Vec::new(),
            part: Vec::new(),
        }
    }

    /// How many bytes have been passed.
    pub(crate) const fn position(&self) -> u64 {
        self.passed + self.at as u64
    }

    /// What the next value is; it is not taken.
    pub(crate) fn kind(&mut self) -> Result<Kind, StreamError> {
        Ok(match self.token()? {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b',' | b':' | b'}' | b']' => return self.fail(),
            _ => Kind::Other,
        })
    }

    /// Goes into the object or array that is next.
    pub(crate) fn enter(&mut self) -> Result<(), StreamError> {
        if self.kind()? == Kind::Other {
            return self.fail();
        }
        self.at += 1;
        self.fresh.push(true);
        Ok(())
    }

    /// The key of the next member of the object that was entered last; its value is next. `None` where the object
    /// ends: then it has been left.
    pub(crate) fn next_key(&mut self) -> Result<Option<String>, StreamError> {
        if !self.next(b'}')? {
            return Ok(None);
        }
        if self.token()? != b'"' {
            return self.fail();
        }
        self.value(true)?;
        let key = super::key(&self.part);
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// Whether the array that was entered last has another element, which is next. Where it ends, it has been left.
    pub(crate) fn next_element(&mut self) -> Result<bool, StreamError> {
        self.next(b']')
    }

    /// The next value, whole.
    pub(crate) fn take(&mut self) -> Result<&[u8], StreamError> {
        self.value(true)?;
        Ok(&self.part)
    }

    /// Passes over the next value.
    pub(crate) fn skip(&mut self) -> Result<(), StreamError> {
        self.value(false)
    }

    /// Nothing but white space may follow.
    pub(crate) fn finish(&mut self) -> Result<(), StreamError> {
        match self.token() {
            Err(StreamError::Json(TranslateError::Truncated)) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => self.fail(),
        }
    }

    /// Passes the comma before a member; says whether there is one.
    fn next(&mut self, close: u8) -> Result<bool, StreamError> {
        let byte = self.token()?;
        let fresh = self.fresh.last_mut().map(std::mem::take);
        if byte == close {
            self.at += 1;
            self.fresh.pop();
            return Ok(false);
        }
        if fresh != Some(true) {
            self.expect(b',')?;
        }
        Ok(true)
    }

    fn expect(&mut self, byte: u8) -> Result<(), StreamError> {
        if self.token()? != byte {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    fn fail<T>(&self) -> Result<T, StreamError> {
        let at = usize::try_from(self.position()).unwrap_or(usize::MAX);
        Err(TranslateError::NotJson { at }.into())
    }

    /// The next byte that is no white space, not taken.
    fn token(&mut self) -> Result<u8, StreamError> {
        loop {
            let byte = self.peek()?;
            if byte == 0xef && self.position() == 0 {
                for mark in b"\xef\xbb\xbf" {
                    if self.peek()? != *mark {
                        return self.fail();
                    }
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return Ok(byte);
            }
        }
    }

    fn peek(&mut self) -> Result<u8, StreamError> {
        self.rest().map(|rest| rest[0])
    }

    /// What is left of the window, which is read anew where nothing is; never empty.
    fn rest(&mut self) -> Result<&[u8], StreamError> {
        if self.at == self.end {
            self.passed += self.end as u64;
            (self.at, self.end) = (0, 0);
            self.end = loop {
                match self.source.read(&mut self.window) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            if self.end == 0 {
                return Err(TranslateError::Truncated.into());
            }
        }
        Ok(&self.window[self.at..self.end])
    }

    /// Passes over bytes of the window.
    fn pass(&mut self, count: usize, keep: bool) {
        if keep {
            let kept = count.min(MAX_KEPT - self.part.len());
            self.part
                .extend_from_slice(&self.window[self.at..self.at + kept]);
        }
        self.at += count;
    }

    fn value(&mut self, keep: bool) -> Result<(), StreamError> {
        let first = self.token()?;
        self.part.clear();
        match first {
            b'"' => self.string(keep),
            b'{' | b'[' => self.container(keep),
            b',' | b':' | b'}' | b']' => self.fail(),
            _ => self.word(keep),
        }
    }

    /// A string, from its first quote to its last.
    fn string(&mut self, keep: bool) -> Result<(), StreamError> {
        self.pass(1, keep);
        loop {
            let rest = self.rest()?;
            match memchr2(b'"', b'\\', rest) {
                None => {
                    let count = rest.len();
                    self.pass(count, keep);
                }
                Some(place) if rest[place] == b'"' => {
                    self.pass(place + 1, keep);
                    return Ok(());
                }
                Some(place) => {
                    self.pass(place + 1, keep);
                    self.rest()?;
                    self.pass(1, keep);
                }
            }
        }
    }

    fn container(&mut self, keep: bool) -> Result<(), StreamError> {
        let mut depth = 0_u64;
        loop {
            let rest = self.rest()?;
            let marks = |byte: &u8| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']');
            let Some(place) = rest.iter().position(marks) else {
                let count = rest.len();
                self.pass(count, keep);
                continue;
            };
            let mark = rest[place];
            self.pass(place, keep);
            if mark == b'"' {
                self.string(keep)?;
                continue;
            }
            self.pass(1, keep);
            depth = match mark {
                b'{' | b'[' => depth + 1,
                _ => depth - 1,
            };
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// A number or `true`, `false`, `null`: whether it is one, the parser says.
    fn word(&mut self, keep: bool) -> Result<(), StreamError> {
        loop {
            let rest = match self.rest() {
                Err(StreamError::Json(TranslateError::Truncated)) => return Ok(()),
                other => other?,
            };
            let ends = |byte: &u8| is_space(*byte) || matches!(byte, b',' | b'}' | b']' | b':');
            match rest.iter().position(ends) {
                None => {
                    let count = rest.len();
                    self.pass(count, keep);
                }
                Some(place) => {
                    self.pass(place, keep);
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
