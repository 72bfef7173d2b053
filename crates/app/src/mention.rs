//! Whom a text names: by the part of an address before its `@`, as in `@4915550002`.

use std::{borrow::Cow, ops::Range};

use threadkeep_protocol::Jid;

use crate::view::Mention;

/// So many digits an address may have; shorter ones are numbers that people wrote.
const FEWEST: usize = 3;
const MOST: usize = 32;

/// The servers of the addresses that a text may mean.
const SERVERS: [&str; 2] = ["s.whatsapp.net", "lid"];

/// Where a text may name somebody, each with its `@`.
pub(crate) fn handles(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices('@').filter_map(|(at, _)| {
        let digits = text[at + 1..].bytes().take(MOST);
        let count = digits.take_while(u8::is_ascii_digit).count();
        (count >= FEWEST).then_some(at..at + 1 + count)
    })
}

/// The addresses that a text without a list of them may name.
pub(crate) fn addresses(text: &str) -> Vec<String> {
    let all = handles(text).flat_map(|place| {
        let handle = &text[place.start + 1..place.end];
        SERVERS.map(|server| format!("{handle}@{server}"))
    });
    all.collect()
}

/// Those whom a text names and who are known by a name. No list of them is told with the beginnings of
/// messages, so every number in it may be one.
pub(crate) fn in_text(text: &str, name_of: impl Fn(&str) -> String) -> Vec<Mention> {
    let known = handles(text).filter_map(|place| {
        let handle = &text[place.start + 1..place.end];
        let names = SERVERS.map(|server| format!("{handle}@{server}"));
        let named = names.iter().map(|jid| (jid, name_of(jid)));
        let (_, name) = named.into_iter().find(|(jid, name)| is_name(jid, name))?;
        Some(Mention {
            handle: handle.to_owned(),
            name,
        })
    });
    known.collect()
}

/// What is known by a name there: a number in place of a name says no more than the text.
fn is_name(jid: &str, name: &str) -> bool {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    !name.is_empty() && name != jid && digits != Jid::new(jid).user()
}

/// The text with names in place of the numbers that are known; they keep their own direction.
pub(crate) fn named<'a>(text: &'a str, mentions: &[Mention]) -> Cow<'a, str> {
    let mut shown = String::new();
    let mut done = 0;
    for place in handles(text) {
        let handle = &text[place.start + 1..place.end];
        if let Some(mention) = mentions.iter().find(|mention| mention.handle == handle) {
            shown.push_str(&text[done..=place.start]);
            shown.push('\u{2068}');
            shown.push_str(&mention.name);
            shown.push('\u{2069}');
            done = place.end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_known_become_names() {
        let name_of = |jid: &str| match jid {
            "4915550002@lid" => "Ana".to_owned(),
            "4915550003@s.whatsapp.net" => "+4915550003".to_owned(),
            other => other.to_owned(),
        };
        let text = "@4915550002 and @4915550003, a@12 b@4915550002";
        let mentions = in_text(text, name_of);
        assert_eq!(
            named(text, &mentions),
            "@\u{2068}Ana\u{2069} and @4915550003, a@12 b@\u{2068}Ana\u{2069}"
        );
        assert!(matches!(named("nobody @ 5", &mentions), Cow::Borrowed(_)));
    }

    #[test]
    fn a_number_is_no_name() {
        assert!(!is_name("4915550002@s.whatsapp.net", "+49 1555 0002"));
        assert!(!is_name("4915550002@lid", "4915550002@lid"));
        assert!(is_name("4915550002@lid", "Ana 2"));
    }
}
