//! `wa.db`: the names of people, as the phone's address book and they themselves have them.

use rusqlite::Row;
use serde_json::json;
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, Jid, Metadata, Record,
};

use super::{
    World,
    database::{Database, Query, damaged, text},
};
use crate::ReadError;

const CONTACTS: Query<'_> = Query {
    from: ("c", "wa_contacts"),
    joins: &[("v", "wa_vnames", "jid", "c.jid")],
    columns: &[
        "c.jid",
        "c.display_name",
        "c.wa_name",
        "c.given_name",
        "c.family_name",
        "c.status",
        "v.verified_name",
        "c.username",
    ],
    needs: &["c.jid"],
    rest: "",
};
const DESCRIPTIONS: Query<'_> = Query {
    from: ("d", "wa_group_descriptions"),
    joins: &[],
    columns: &["d.jid", "d.description"],
    needs: &["d.jid", "d.description"],
    rest: "",
};
const BLOCKED: Query<'_> = Query {
    from: ("b", "wa_block_list"),
    joins: &[],
    columns: &["b.jid"],
    needs: &["b.jid"],
    rest: "",
};
/// In `msgstore.db`: names of people whose number is hidden.
const HIDDEN: Query<'_> = Query {
    from: ("d", "lid_display_name"),
    joins: &[("j", "jid", "_id", "d.lid_row_id")],
    columns: &["j.raw_string", "d.display_name", "d.username"],
    needs: &["j.raw_string", "d.display_name"],
    rest: "",
};

/// Tells what `wa.db` knows.
pub(super) fn tell(database: &Database, world: &mut World<'_>) -> Result<(), ReadError> {
    each(database, &CONTACTS, world, |row, jid, address| {
        let verified = text(row, 6);
        if Jid::new(&address).is_group() {
            // The address book lists groups too, by their name.
            return text(row, 1).map(|name| {
                Record::Conversation(ConversationRecord {
                    conversation_type: Some(ConversationKind::Group),
                    name: Some(name),
                    external_conversation_id: address,
                    ..ConversationRecord::default()
                })
            });
        }
        is_person(&address).then(|| {
            Record::Contact(ContactRecord {
                lid: Jid::new(jid).is_lid().then(|| jid.to_owned()),
                display_name: text(row, 1),
                first_name: text(row, 3),
                last_name: text(row, 4),
                push_name: text(row, 2).or_else(|| verified.clone()),
                phone_number: Jid::new(&address).phone_number(),
                username: text(row, 7),
                about: text(row, 5),
                is_business: verified.as_ref().map(|_| true),
                platform_metadata: verified
                    .map(|name| Metadata::from_iter([("verified_name".to_owned(), json!(name))])),
                external_contact_id: address,
                ..ContactRecord::default()
            })
        })
    })?;
    each(database, &DESCRIPTIONS, world, |row, _, address| {
        let description = text(row, 1).filter(|_| Jid::new(&address).is_group())?;
        Some(Record::Conversation(ConversationRecord {
            conversation_type: Some(ConversationKind::Group),
            description: Some(description),
            external_conversation_id: address,
            ..ConversationRecord::default()
        }))
    })?;
    each(database, &BLOCKED, world, |_, _, address| {
        is_person(&address).then(|| {
            Record::Contact(ContactRecord {
                is_blocked: Some(true),
                external_contact_id: address,
                ..ContactRecord::default()
            })
        })
    })
}

/// Tells the names that `msgstore.db` itself has.
pub(super) fn tell_hidden(database: &Database, world: &mut World<'_>) -> Result<(), ReadError> {
    each(database, &HIDDEN, world, |row, jid, address| {
        is_person(&address).then(|| {
            Record::Contact(ContactRecord {
                lid: Jid::new(jid).is_lid().then(|| jid.to_owned()),
                push_name: text(row, 1),
                phone_number: Jid::new(&address).phone_number(),
                username: text(row, 2),
                external_contact_id: address,
                ..ContactRecord::default()
            })
        })
    })
}

fn is_person(address: &str) -> bool {
    matches!(Jid::new(address).server(), "s.whatsapp.net" | "lid")
}

/// Tells a record for each row of a query that makes one, by the address as it stands there and as it is known.
fn each(
    database: &Database,
    query: &Query<'_>,
    world: &mut World<'_>,
    record: fn(&Row<'_>, &str, String) -> Option<Record>,
) -> Result<(), ReadError> {
    let Some(mut statement) = database.prepare(query).map_err(damaged)? else {
        return Ok(());
    };
    let mut rows = statement.query([]).map_err(damaged)?;
    let mut place = 0;
    while let Some(row) = rows.next().map_err(damaged)? {
        let told = text(row, 0).and_then(|jid| {
            let jid = super::address::bare(&jid);
            let address = world.addresses.written(&jid);
            record(row, &jid, address)
        });
        match told {
            Some(record) => world.tell(place, record)?,
            None => world.receiver.skip(),
        }
        place += 1;
    }
    Ok(())
}
