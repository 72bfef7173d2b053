//! Cutting JSON text into its parts without reading them.
//!
//! Purpose: each part of a large array or object is parsed by itself, so that one broken message costs
//! only itself and a file is never held as a tree. Everything here works on slices of the input; `stream` does the
//! same for what is read as it comes, and `value` reads the forms in which JavaScript leaves numbers and bytes.
//!
//! Rejected: `serde_json`'s `RawValue`. It refuses the whole text for one byte that is not UTF-8, and
//! recurses into what it skips.

pub(crate) mod stream;
pub(crate) mod value;

use std::borrow::Cow;

use serde_json::Value;
use threadkeep_protocol::MAX_LINE_BYTES;

use crate::TranslateError;

/// The deepest nesting that is read.
pub(crate) const MAX_DEPTH: usize = 64;

/// Where reading stands.
struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next byte that is no white space, not taken.
    fn next_token(&mut self) -> Result<u8, TranslateError> {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        self.peek().ok_or(TranslateError::Truncated)
    }

    fn fail<T>(&self) -> Result<T, TranslateError> {
        Err(TranslateError::NotJson { at: self.at })
    }

    /// Takes one byte that must be there.
    fn take(&mut self, byte: u8) -> Result<(), TranslateError> {
        if self.next_token()? != byte {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a string with its quotes.
    fn string(&mut self) -> Result<&'a [u8], TranslateError> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.peek().ok_or(TranslateError::Truncated)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(&self.text[start..self.at])
    }

    /// Takes any value. Only strings and brackets are looked at.
    fn value(&mut self) -> Result<&'a [u8], TranslateError> {
        let first = self.next_token()?;
        let start = self.at;
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.container()?,
            b',' | b':' | b'}' | b']' => return self.fail(),
            _ => {
                while self
                    .peek()
                    .is_some_and(|b| !is_space(b) && !matches!(b, b',' | b'}' | b']' | b':'))
                {
                    self.at += 1;
                }
            }
        }
        Ok(&self.text[start..self.at])
    }

    fn container(&mut self) -> Result<(), TranslateError> {
        let mut depth = 0_usize;
        loop {
            match self.peek().ok_or(TranslateError::Truncated)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Takes a comma or the end of a container; says whether it was the end.
    fn ends(&mut self, close: u8) -> Result<bool, TranslateError> {
        let byte = self.next_token()?;
        if byte != close && byte != b',' {
            return self.fail();
        }
        self.at += 1;
        Ok(byte == close)
    }

    fn opens(&mut self, open: u8, close: u8) -> Result<bool, TranslateError> {
        self.take(open)?;
        let is_empty = self.next_token()? == close;
        if is_empty {
            self.at += 1;
        }
        Ok(!is_empty)
    }

    /// Nothing but white space may follow.
    fn at_end(&mut self) -> Result<(), TranslateError> {
        match self.next_token() {
            Err(_) => Ok(()),
            Ok(_) => self.fail(),
        }
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The text without a byte order mark.
pub(crate) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// The text without white space at both ends.
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

/// The elements of an array.
pub(crate) fn elements(text: &[u8]) -> Result<Vec<&[u8]>, TranslateError> {
    let mut cursor = Cursor::new(text);
    let mut elements = Vec::new();
    if cursor.opens(b'[', b']')? {
        loop {
            elements.push(cursor.value()?);
            if cursor.ends(b']')? {
                break;
            }
        }
    }
    cursor.at_end()?;
    Ok(elements)
}

/// The members of an object, in order, each with its key.
pub(crate) fn members(text: &[u8]) -> Result<Vec<(String, &[u8])>, TranslateError> {
    let mut cursor = Cursor::new(text);
    let mut members = Vec::new();
    if cursor.opens(b'{', b'}')? {
        loop {
            cursor.next_token()?;
            let key = key(cursor.string()?);
            cursor.take(b':')?;
            members.push((key, cursor.value()?));
            if cursor.ends(b'}')? {
                break;
            }
        }
    }
    cursor.at_end()?;
    Ok(members)
}

/// The members of the object that the text begins with, as far as it goes: each key, and what follows of its value.
pub(crate) fn leading_members(text: &[u8]) -> Vec<(String, &[u8])> {
    let mut cursor = Cursor::new(text);
    let mut members = Vec::new();
    let mut read = || -> Result<(), TranslateError> {
        if !cursor.opens(b'{', b'}')? {
            return Ok(());
        }
        loop {
            cursor.next_token()?;
            let name = key(cursor.string()?);
            cursor.take(b':')?;
            cursor.next_token()?;
            members.push((name, &text[cursor.at..]));
            cursor.value()?;
            if cursor.ends(b'}')? {
                return Ok(());
            }
        }
    };
    // Cut anywhere, the members so far are all there is to tell.
    let _ = read();
    members
}

/// A text among the members of the object that the text begins with, as far as it goes.
pub(crate) fn leading_text(text: &[u8], name: &str) -> Option<String> {
    let members = leading_members(text);
    let (_, rest) = members.iter().find(|(key, _)| key == name)?;
    let value = parse(Cursor::new(rest).value().ok()?).ok()?;
    value.as_str().map(str::to_owned)
}

/// Whether the text is one whole value with nothing behind it.
pub(crate) fn is_one_value(text: &[u8]) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.value().is_ok() && cursor.at_end().is_ok()
}

fn key(quoted: &[u8]) -> String {
    parse(quoted)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_else(|| String::from_utf8_lossy(quoted).into_owned())
}

/// Refuses what is too long or too deep, and what is not UTF-8, before it is parsed.
pub(crate) fn checked(text: &[u8]) -> Result<Cow<'_, str>, String> {
    if text.len() > MAX_LINE_BYTES {
        return Err(format!("it is longer than {MAX_LINE_BYTES} bytes"));
    }
    if is_nested_too_deep(text) {
        return Err(format!("it is nested deeper than {MAX_DEPTH}"));
    }
    let text = str::from_utf8(text).map_err(|_| "it is not valid UTF-8".to_owned())?;
    Ok(without_lone_surrogates(text))
}

/// Parses a part after the checks.
pub(crate) fn parse(text: &[u8]) -> Result<Value, String> {
    serde_json::from_str(&checked(text)?).map_err(|error| reason(&error))
}

/// What serde says about a text, without the text: a message must not end in a log or an answer.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    if error.is_syntax() || error.is_eof() {
        return format!("it is not JSON: {said}");
    }
    if said.starts_with("missing field") || said.starts_with("duplicate field") {
        return said;
    }
    // "invalid type: string "…", expected …": what was expected is ours, what was found is theirs.
    match said.rsplit_once(", expected ") {
        Some((_, expected)) => format!("a field has the wrong type: expected {expected}"),
        None => "a field has a value that cannot be read".to_owned(),
    }
}

/// Whether brackets stand deeper in each other than is read.
pub fn is_nested_too_deep(text: &[u8]) -> bool {
    let (mut depth, mut in_string) = (0_usize, false);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// JavaScript cuts strings in the middle of an emoji and writes the half as `\ud83d`, which no parser
/// takes: it becomes the replacement character, or one emoji would cost a line of a thousand messages.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let unit = |at: usize| {
        (bytes.get(at) == Some(&b'\\') && bytes.get(at + 1) == Some(&b'u'))
            .then(|| text.get(at + 2..at + 6))
            .flatten()
            .and_then(|hex| u16::from_str_radix(hex, 16).ok())
    };
    let (mut repaired, mut copied, mut at) = (String::new(), 0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                repaired.push_str(&text[copied..at]);
                repaired.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            // Any other escape: the byte behind the backslash is not the start of one.
            _ => at += 2,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(&text[copied..]);
    Cow::Owned(repaired)
}

#[cfg(test)]
mod tests;
