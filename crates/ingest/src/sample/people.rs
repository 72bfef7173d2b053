//! The people of the sample archive.

use threadkeep_protocol::{Address, ContactRecord, Record};

/// Somebody. The first one is the person whose archive it is.
pub(super) struct Person {
    /// As the owner saved them; empty for strangers.
    pub(super) saved_as: &'static str,
    /// As they call themselves.
    pub(super) push_name: &'static str,
    number: &'static str,
    about: &'static str,
}

/// The one whose archive it is.
pub(super) const ME: usize = 0;

/// The dentist, whose account is a business's.
const BUSINESS: usize = 23;

/// All of them, by number.
pub(super) fn all() -> Vec<Person> {
    let lines = include_str!("people.txt").lines();
    let people = lines.filter(|line| !line.starts_with('#'));
    people
        .map(|line| {
            let mut fields = line.split('|').map(str::trim);
            let mut next = || fields.next().unwrap_or_default();
            Person {
                saved_as: next(),
                push_name: next(),
                number: next(),
                about: next(),
            }
        })
        .collect()
}

impl Person {
    pub(super) fn address(&self) -> String {
        format!("{}@s.whatsapp.net", self.number)
    }

    /// The name that friends call them by.
    pub(super) fn first_name(&self) -> &'static str {
        self.push_name.split(' ').next().unwrap_or_default()
    }

    /// Made from the number, in a form that no number has.
    fn lid(&self) -> String {
        let digits: u64 = self.number.parse().unwrap_or_default();
        format!("{}@lid", 100_000_000_000_000 + digits % 10_000_000_000)
    }
}

/// What is known of them: a contact each, and the hidden id of every other one.
pub(super) fn contacts() -> Vec<Record> {
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut records = Vec::new();
    for (place, person) in all().iter().enumerate() {
        let lid = (place % 2 == 1).then(|| person.lid());
        if let Some(lid) = &lid {
            records.push(Record::Address(Address {
                lid: lid.clone(),
                phone: person.address(),
            }));
        }
        records.push(Record::Contact(ContactRecord {
            external_contact_id: person.address(),
            lid,
            display_name: told(person.saved_as),
            push_name: told(person.push_name),
            phone_number: Some(format!("+{}", person.number)),
            about: told(person.about),
            is_business: (place == BUSINESS).then_some(true),
            ..ContactRecord::default()
        }));
    }
    records
}
