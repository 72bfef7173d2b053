//! What the index keeps of a message: the words of its text and of its files' names, and its scope:
//! tokens that say where it belongs, so that a filter is a word to look up and not a join.
//!
//! Scope tokens begin with a character that no word can hold. They stand between text and file names, and
//! so no phrase reaches from one into the other; and no name of a person or chat is among them: a rename
//! touches no message.

use std::{fmt::Write, ops::Range};

use threadkeep_protocol::MessageKind;

use super::token::{self, Token};
use crate::{
    AddressPk, ConversationPk, IntegrationPk, MessagePk,
    row::{self, message_flag},
};

/// Parts what no phrase may reach across.
pub(super) const MARK: char = '\u{E000}';

/// A day's place in a row's number. A message's row in the index is `day << DAY | pk`: by falling number
/// come the newest days first, and a stretch of days is a stretch of rows. Time to the millisecond was
/// measured to more than double the index (2.5 times; the day costs 1.5), and rows in the order of arrival
/// would have to be sorted whole before the newest were known.
const DAY: u32 = 31;
const MILLIS_A_DAY: i64 = 86_400_000;
const LAST_DAY: i64 = (1 << (62 - DAY)) - 1;

/// A message as it is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) pk: MessagePk,
    pub(super) timestamp: i64,
    pub(super) integration: IntegrationPk,
    pub(super) chat: ConversationPk,
    pub(super) sender: AddressPk,
    pub(super) kind: MessageKind,
    pub(super) flags: i64,
    pub(super) text: String,
    pub(super) files: Vec<String>,
}

/// The day of a time in milliseconds, within what a row's number can say.
pub(super) fn day(timestamp: i64) -> i64 {
    timestamp
        .div_euclid(MILLIS_A_DAY)
        .clamp(-LAST_DAY, LAST_DAY)
}

/// The first row of a day.
pub(super) const fn first_row(day: i64) -> i64 {
    day << DAY
}

/// A message's row in the index.
pub(super) fn row_of(timestamp: i64, pk: MessagePk) -> i64 {
    first_row(day(timestamp)) | (pk.0 & ((1 << DAY) - 1))
}

/// Day and message of a row.
pub(super) const fn of_row(row: i64) -> (i64, MessagePk) {
    (row >> DAY, MessagePk(row & ((1 << DAY) - 1)))
}

/// A scope token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Integration(IntegrationPk),
    Chat(ConversationPk),
    Sender(AddressPk),
    Kind(MessageKind),
    FromMe,
    Starred,
    Forwarded,
    Link,
}

/// Where the first characters of scope tokens begin, all of them private ones.
mod first {
    pub(super) const FROM_ME: i64 = 0xE001;
    pub(super) const STARRED: i64 = 0xE002;
    pub(super) const FORWARDED: i64 = 0xE003;
    pub(super) const LINK: i64 = 0xE004;
    pub(super) const KIND: i64 = 0xE100;
    pub(super) const INTEGRATION: i64 = 0xE800;
    pub(super) const CHAT: i64 = 0xEC00;
    pub(super) const SENDER: i64 = 0xF000;
}

/// The second characters begin here: another plane of private ones.
const SECOND: i64 = 0xF_0000;
/// Rows below this have two characters: 67 million of each kind.
const TWO: i64 = 0x400 << 16;

impl Scope {
    /// In one or two characters: the index of beginnings holds every word of three, and would hold each scope of
    /// each message too.
    pub(super) fn write(self, out: &mut String) {
        let mut put = |code: i64| out.extend(private(code));
        match self {
            Self::FromMe => put(first::FROM_ME),
            Self::Starred => put(first::STARRED),
            Self::Forwarded => put(first::FORWARDED),
            Self::Link => put(first::LINK),
            Self::Kind(kind) => put(first::KIND + row::kind_code(kind)),
            Self::Integration(pk) => write_row(first::INTEGRATION, pk.0, out),
            Self::Chat(pk) => write_row(first::CHAT, pk.0, out),
            Self::Sender(pk) => write_row(first::SENDER, pk.0, out),
        }
    }
}

fn write_row(first: i64, pk: i64, out: &mut String) {
    if (0..TWO).contains(&pk) {
        out.extend(private(first + (pk >> 16)));
        out.extend(private(SECOND + (pk & 0xFFFF)));
    } else {
        out.extend(private(first));
        // Writing to a string does not fail.
        _ = write!(out, "{pk}");
    }
}

fn private(code: i64) -> Option<char> {
    u32::try_from(code).ok().and_then(char::from_u32)
}

impl Document {
    pub(super) fn row(&self) -> i64 {
        row_of(self.timestamp, self.pk)
    }

    /// A message that was taken back is not found.
    pub(super) const fn is_indexed(&self) -> bool {
        self.flags & message_flag::DELETED == 0 && self.pk.0 < 1 << DAY
    }

    pub(super) fn has(&self, scope: Scope) -> bool {
        let flag = |flag| self.flags & flag != 0;
        match scope {
            Scope::Integration(pk) => pk == self.integration,
            Scope::Chat(pk) => pk == self.chat,
            Scope::Sender(pk) => pk == self.sender,
            Scope::Kind(kind) => kind == self.kind,
            Scope::FromMe => flag(message_flag::FROM_ME),
            Scope::Starred => flag(message_flag::STARRED),
            Scope::Forwarded => flag(message_flag::FORWARDED),
            Scope::Link => has_link(&self.text),
        }
    }

    /// The words for FTS5, with spaces between them, put into `out`.
    pub(super) fn write(&self, out: &mut String) {
        out.clear();
        let mut numbers = Vec::new();
        let mut any_number = false;
        token::each(&self.text, |word, _, _| {
            any_number |= token::is_number(word);
            out.push_str(word);
            out.push(' ');
        });
        if any_number {
            numbers = token::phones(&self.text, &token::tokens(&self.text));
        }
        let always = [
            Scope::Chat(self.chat),
            Scope::Kind(self.kind),
            Scope::Integration(self.integration),
        ];
        let sometimes = [Scope::FromMe, Scope::Starred, Scope::Forwarded, Scope::Link];
        let sender = (self.sender.0 != 0).then_some(Scope::Sender(self.sender));
        let sometimes = sometimes.into_iter().filter(|scope| self.has(*scope));
        for scope in always.into_iter().chain(sender).chain(sometimes) {
            scope.write(out);
            out.push(' ');
        }
        for number in numbers {
            out.push_str(&number.word);
            out.push(' ');
            out.push(MARK);
            out.push(' ');
        }
        for file in &self.files {
            out.push_str(&token::folded(file));
            out.push(' ');
            out.push(MARK);
            out.push(' ');
        }
    }

    /// The same as passages: no phrase reaches from one into another. The text comes first, then each
    /// number of it, then each file name.
    pub(super) fn passages(&self) -> Vec<Vec<Token>> {
        let text = token::tokens(&self.text);
        let numbers = token::phones(&self.text, &text);
        let mut passages = vec![text];
        passages.extend(numbers.into_iter().map(|number| vec![number]));
        passages.extend(self.files.iter().map(|file| token::tokens(file)));
        passages
    }
}

/// Whether a text holds an address of the web.
fn has_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |at: usize, with: &[u8]| {
        bytes
            .get(at..at + with.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(with))
    };
    let follows = |range: Range<usize>| {
        bytes
            .get(range.end)
            .is_some_and(|byte| !byte.is_ascii_whitespace())
    };
    (0..bytes.len()).any(|at| match bytes[at] {
        b':' => {
            begins(at, b"://")
                && (at.checked_sub(4).is_some_and(|from| begins(from, b"http"))
                    || at.checked_sub(5).is_some_and(|from| begins(from, b"https")))
                && follows(at..at + 3)
        }
        b'w' | b'W' => begins(at, b"www.") && follows(at..at + 4),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn scopes_are_short_and_each_another_word() {
        let rows = [0, 1, 0xFFFF, 0x1_0000, 0x1_FFFF, TWO - 1, TWO, i64::MAX];
        let of_rows = rows.into_iter().flat_map(|pk| {
            [
                Scope::Integration(IntegrationPk(pk)),
                Scope::Chat(ConversationPk(pk)),
                Scope::Sender(AddressPk(pk)),
            ]
        });
        let kinds = MessageKind::ALL.into_iter().map(Scope::Kind);
        let flags = [Scope::FromMe, Scope::Starred, Scope::Forwarded, Scope::Link];
        let mut seen = HashSet::from([MARK.to_string()]);
        for scope in of_rows.chain(kinds).chain(flags) {
            let mut word = String::new();
            scope.write(&mut word);
            let is_far = matches!(scope, Scope::Chat(pk) if pk.0 >= TWO)
                || matches!(scope, Scope::Sender(pk) if pk.0 >= TWO)
                || matches!(scope, Scope::Integration(pk) if pk.0 >= TWO);
            let length = word.chars().count();
            assert!(
                length > 0 && (is_far || length < 3),
                "{scope:?} takes no room among the beginnings: {word:?}"
            );
            assert!(
                token::folded(&word).chars().all(|c| c.is_ascii_digit()),
                "{word:?} is nothing that a text could say"
            );
            assert!(seen.insert(word), "{scope:?} is told from all others");
        }
    }

    #[test]
    fn rows_fall_with_days_and_lead_back() {
        let day = MILLIS_A_DAY;
        let times = [
            i64::MIN,
            -day - 1,
            -1,
            0,
            day - 1,
            day,
            20_000 * day,
            i64::MAX,
        ];
        let mut before = i64::MIN;
        for time in times {
            let row = row_of(time, MessagePk(7));
            assert!(row >= before, "a later day has a greater row");
            assert_eq!(of_row(row), (super::day(time), MessagePk(7)));
            before = row;
        }
        assert!(
            row_of(0, MessagePk(i64::from(i32::MAX))) < row_of(day, MessagePk(1)),
            "no message of a day reaches into the next"
        );
    }

    #[test]
    fn links_are_addresses_of_the_web() {
        for text in ["see HTTPS://a.org", "www.a.org", "http://1"] {
            assert!(has_link(text), "{text}");
        }
        for text in ["http://", "://a", "www. a", "ftp://a", "a.org", ""] {
            assert!(!has_link(text), "{text}");
        }
    }
}
