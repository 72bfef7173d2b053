//! Who and where: addresses made plain, and who is behind a hidden one.

use std::collections::HashMap;

use threadkeep_protocol::{Address, Jid};

/// So many pairs are remembered: a person's contacts, and room. Those behind them are told to the store all the same.
const MAX_PAIRS: usize = 500_000;

/// The phone address behind each hidden one, as far as the files tell.
#[derive(Default)]
pub(super) struct Phones(HashMap<String, String>);

impl Phones {
    /// Takes a pair, in either order, and says it where it is one and new.
    pub(super) fn pair(&mut self, one: &str, other: &str) -> Option<Address> {
        let (one, other) = (
            with_server(one, "lid"),
            with_server(other, "s.whatsapp.net"),
        );
        let (lid, phone) = if Jid::new(&one).is_lid() {
            (one, other)
        } else {
            (other, one)
        };
        let is_pair = Jid::new(&lid).is_lid() && Jid::new(&phone).phone_number().is_some();
        if !is_pair || self.0.get(&lid) == Some(&phone) {
            return None;
        }
        if self.0.len() < MAX_PAIRS {
            self.0.insert(lid.clone(), phone.clone());
        }
        Some(Address { lid, phone })
    }

    /// The plain address of whoever a JID names: the phone's, where it is known.
    pub(super) fn plain(&self, jid: &str) -> String {
        let bare = Jid::new(jid.trim()).bare();
        self.0.get(&bare).cloned().unwrap_or(bare)
    }
}

/// Where the messages of a chat belong.
pub(super) struct Place {
    /// The conversation.
    pub(super) conversation: String,
    /// Who writes in it where a message does not say, other than the person whose archive it is.
    pub(super) partner: Option<String>,
}

impl Place {
    /// Of a chat's address. What a contact says to everybody (`…@status`) lies in a chat of its own here, and
    /// everywhere else in that of all status messages.
    pub(super) fn of(jid: &str, phones: &Phones) -> Self {
        let jid = jid.trim();
        let person = jid
            .strip_suffix("@status")
            .map(|user| format!("{user}@s.whatsapp.net"))
            .or_else(|| Some(format!("{}@lid", jid.strip_suffix("@lid.status")?)));
        if let Some(person) = person {
            return Self {
                conversation: "status@broadcast".to_owned(),
                partner: Some(phones.plain(&person)),
            };
        }
        let conversation = phones.plain(jid);
        let partner = (!has_many_senders(&conversation)).then(|| conversation.clone());
        Self {
            conversation,
            partner,
        }
    }
}

/// Whether an address is a group's or a list's.
pub(super) fn has_many_senders(jid: &str) -> bool {
    matches!(Jid::new(jid).server(), "g.us" | "broadcast")
}

/// Whether an address is one person's.
pub(super) fn is_person(jid: &str) -> bool {
    matches!(Jid::new(jid).server(), "s.whatsapp.net" | "lid")
}

/// An address of which some columns hold the number alone.
fn with_server(text: &str, server: &str) -> String {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{digits}@{server}");
    }
    Jid::new(text).bare()
}

/// A name without the marks that turn its direction; none where it is a number and no name.
pub(super) fn name(text: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name: String = text.chars().filter(|c| !is_mark(*c)).collect();
    let name = name.trim();
    let is_number = name
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()./\u{2010}\u{2011}".contains(c));
    (!is_number && !name.contains('@')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::as_columns_hold_it("100000000000001@lid", "+4915550001")]
    #[case::as_addresses("4915550001@s.whatsapp.net", "100000000000001@lid")]
    #[case::as_numbers("100000000000001", "4915550001")]
    fn a_pair_is_told_once(#[case] one: &str, #[case] other: &str) {
        let mut phones = Phones::default();
        let pair = phones.pair(one, other).expect("it is a pair");
        assert_eq!(
            (pair.lid.as_str(), pair.phone.as_str()),
            ("100000000000001@lid", "4915550001@s.whatsapp.net")
        );
        assert_eq!(phones.pair(one, other), None, "it was told");
        assert_eq!(
            phones.plain("100000000000001:3@lid"),
            "4915550001@s.whatsapp.net",
            "a device of theirs is theirs"
        );
    }

    #[rstest]
    #[case::direct(
        "4915550001@s.whatsapp.net",
        "4915550001@s.whatsapp.net",
        Some("4915550001@s.whatsapp.net")
    )]
    #[case::group("120363000000000001@g.us", "120363000000000001@g.us", None)]
    #[case::status(
        "4915550001@status",
        "status@broadcast",
        Some("4915550001@s.whatsapp.net")
    )]
    #[case::hidden_status(
        "100000000000001@lid.status",
        "status@broadcast",
        Some("100000000000001@lid")
    )]
    fn a_chat_has_a_place(
        #[case] jid: &str,
        #[case] conversation: &str,
        #[case] partner: Option<&str>,
    ) {
        let place = Place::of(jid, &Phones::default());
        assert_eq!(place.conversation, conversation);
        assert_eq!(place.partner.as_deref(), partner);
    }

    #[rstest]
    #[case("Ana", Some("Ana"))]
    #[case("\u{200e}Tú", Some("Tú"))]
    #[case("\u{202a}+49\u{a0}155 5000\u{2011}1\u{202c}", None)]
    #[case("4915550001@s.whatsapp.net", None)]
    #[case("", None)]
    fn a_number_is_no_name(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(name(text).as_deref(), expected);
    }
}
