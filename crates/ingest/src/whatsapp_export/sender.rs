//! Who a header names.

use super::cursor::is_mark;

/// The longest name, in bytes; contacts have shorter ones.
pub(super) const MAX_NAME: usize = 200;

/// What stands before the first `: `, and behind it.
pub(super) fn split(rest: &str) -> Option<(&str, &str)> {
    split_from(rest, 0)
}

/// The same for the next `: ` behind a place.
pub(super) fn split_from(rest: &str, from: usize) -> Option<(&str, &str)> {
    let window = &rest.as_bytes()[from..rest.len().min(MAX_NAME)];
    let at = from
        + memchr::memchr_iter(b':', window).find(|at| {
            matches!(rest.as_bytes().get(from + at + 1), Some(b' '))
                || rest[from + at + 1..].starts_with(['\u{a0}', '\u{200e}', '\u{200f}'])
        })?;
    let behind = &rest[at + 1..];
    let behind = behind.strip_prefix([' ', '\u{a0}']).unwrap_or(behind);
    Some((&rest[..at], behind))
}

/// A name as a person knows it: without marks, and without the tilde before what strangers call themselves.
pub(super) fn name(written: &str) -> String {
    let kept: String = written
        .chars()
        .filter(|c| !is_mark(*c) || matches!(c, '\u{200c}' | '\u{200d}'))
        .map(|c| {
            if matches!(c, '\u{a0}' | '\u{202f}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    kept.trim().trim_start_matches('~').trim_start().to_owned()
}

/// The address of a sender who is a phone number in international form.
pub(super) fn address(name: &str) -> Option<String> {
    let is_international = name.starts_with('+');
    let digits = threadkeep_protocol::loose::phone(name).filter(|_| is_international)?;
    (digits.len() <= 15).then(|| format!("{digits}@s.whatsapp.net"))
}

/// Whether what stands before a colon is a piece of a sentence: it opens a quotation and does not end it.
pub(super) fn is_torn(name: &str) -> bool {
    let count = |c: char| name.matches(c).count();
    let opened = [
        ('“', '”'),
        ('«', '»'),
        ('「', '」'),
        ('„', '“'),
        ('『', '』'),
    ];
    count('"') % 2 == 1
        || opened.into_iter().any(|(open, close)| {
            count(open) > count(close) + if open == '“' { count('„') } else { 0 }
        })
}

/// Whether the platform put its mark before a text.
pub(super) fn is_marked(text: &str) -> bool {
    text.starts_with(['\u{200e}', '\u{200f}'])
}
