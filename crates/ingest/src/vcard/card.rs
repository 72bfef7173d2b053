//! A card, and who is on it.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardEntry, VCardParameterName, VCardProperty, VCardValue},
};
use threadkeep_protocol::{ContactRecord, Record};

use super::number::{self, Number};
use crate::{Flow, Receive};

/// Tells the people of a card: a contact for each of its numbers.
pub(super) fn tell(place: u64, text: &str, receiver: &mut dyn Receive) -> Flow {
    let Entry::VCard(card) = Parser::new(text).entry() else {
        receiver.error(place, "a card was left out: it cannot be read".to_owned());
        return Flow::Continue(());
    };
    let names = Names::of(&card);
    let mut told: Vec<String> = Vec::new();
    for entry in of(&card, &VCardProperty::Tel) {
        let digits = match number(entry) {
            Number::International(digits) => digits,
            Number::National => {
                receiver.unknown("telephone number without a country");
                continue;
            }
            Number::Other => {
                receiver.skip();
                continue;
            }
        };
        if told.contains(&digits) {
            continue;
        }
        let record = ContactRecord {
            external_contact_id: format!("{digits}@s.whatsapp.net"),
            display_name: names.display.clone(),
            first_name: names.first.clone(),
            last_name: names.last.clone(),
            phone_number: Some(format!("+{digits}")),
            ..ContactRecord::default()
        };
        told.push(digits);
        receiver.record(place, Record::Contact(record))?;
    }
    if told.is_empty() {
        // Somebody without a number that could be anybody's.
        receiver.skip();
    }
    Flow::Continue(())
}

fn of<'a>(card: &'a VCard, name: &'a VCardProperty) -> impl Iterator<Item = &'a VCardEntry> {
    card.entries.iter().filter(move |entry| entry.name == *name)
}

/// The number of a `TEL`. What WhatsApp wrote beside it is the account's own.
fn number(entry: &VCardEntry) -> Number {
    let account = entry.params.iter().find_map(|param| match &param.name {
        VCardParameterName::Other(name) if name.eq_ignore_ascii_case("waid") => {
            param.value.as_text()
        }
        _ => None,
    });
    if let Some(account) = account {
        let number = number::read(&format!("+{}", account.trim_start_matches('+')));
        if matches!(number, Number::International(_)) {
            return number;
        }
    }
    entry
        .values
        .first()
        .and_then(VCardValue::as_text)
        .map_or(Number::Other, number::read)
}

struct Names {
    display: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

impl Names {
    fn of(card: &VCard) -> Self {
        let text = |name: &VCardProperty, part: usize| {
            of(card, name).find_map(|entry| clean(&words(entry.values.get(part)?)))
        };
        let first = text(&VCardProperty::N, 1);
        let last = text(&VCardProperty::N, 0);
        let parts: Vec<&str> = [&first, &last]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let whole = (!parts.is_empty()).then(|| parts.join(" "));
        let display = text(&VCardProperty::Fn, 0)
            .or(whole)
            .or_else(|| text(&VCardProperty::Nickname, 0))
            .or_else(|| text(&VCardProperty::Org, 0));
        // A card that was made from a number has it for a name, too.
        let display = display.filter(|name| number::read(name) == Number::Other);
        Self {
            display,
            first,
            last,
        }
    }
}

fn words(value: &VCardValue) -> String {
    match value {
        VCardValue::Component(parts) => parts.join(" "),
        other => other.as_text().unwrap_or_default().to_owned(),
    }
}

/// A name on one line, and not longer than one.
fn clean(text: &str) -> Option<String> {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    let words: Vec<&str> = line.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
