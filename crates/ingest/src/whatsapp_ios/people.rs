//! People: the app's address book (`ContactsV2.sqlite`), the names that they give themselves, and who is behind a
//! hidden address (`LID.sqlite`, and columns of the others).

use std::collections::BTreeMap;

use threadkeep_protocol::{ContactRecord, Jid, Record};

use super::{
    Reader,
    address::{is_person, name},
};
use crate::{
    ReadError,
    database::{Cells, Database},
};

/// A read of columns of which all must be there.
struct Read {
    table: &'static str,
    columns: &'static [&'static str],
}

/// Where pairs of addresses stand, whichever of the files has the table.
const PAIRS: [Read; 4] = [
    Read {
        table: "ZWAZACCOUNT",
        columns: &["ZIDENTIFIER", "ZPHONENUMBER"],
    },
    Read {
        table: "ZWAPHONENUMBERLIDPAIR",
        columns: &["ZLID", "ZPHONENUMBER"],
    },
    Read {
        table: "ZWAADDRESSBOOKCONTACT",
        columns: &["ZLID", "ZWHATSAPPID"],
    },
    Read {
        table: "ZWACHATSESSION",
        columns: &["ZCONTACTJID", "ZCONTACTIDENTIFIER"],
    },
];

/// Tells every pair of a hidden address and a phone's.
pub(super) fn pairs(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    for read in PAIRS {
        let columns = database.columns(read.table)?;
        if !read
            .columns
            .iter()
            .all(|name| columns.iter().any(|column| column == name))
        {
            continue;
        }
        each(
            database,
            read.table,
            read.columns,
            reader,
            |cells, reader| {
                let (Some(one), Some(other)) = (cells.text(0), cells.text(1)) else {
                    return Ok(());
                };
                match reader.phones.pair(&one, &other) {
                    Some(address) => reader.say(0, Record::Address(address)),
                    None => Ok(()),
                }
            },
        )?;
    }
    Ok(())
}

const CONTACT: [&str; 10] = [
    "ZWHATSAPPID",
    "ZLID",
    "ZFULLNAME",
    "ZGIVENNAME",
    "ZLASTNAME",
    "ZFAMILYNAME",
    "ZBUSINESSNAME",
    "ZUSERNAME",
    "ZABOUTTEXT",
    "Z_PK",
];

/// The address book.
pub(super) fn contacts(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let table = "ZWAADDRESSBOOKCONTACT";
    let columns = present(database, table, &CONTACT)?;
    if columns.is_empty() {
        return Ok(());
    }
    each(database, table, &columns, reader, |cells, reader| {
        let place = cells.number(9).unwrap_or_default().unsigned_abs();
        let address = |at, server| cells.text(at).and_then(|text| address(&text, server));
        let (phone, lid) = (address(0, "s.whatsapp.net"), address(1, "lid"));
        let Some(id) = phone.or_else(|| lid.clone()) else {
            // Somebody in the address book who has no account.
            reader.receiver.skip();
            return Ok(());
        };
        let text = |at: usize| cells.text(at).map(std::borrow::Cow::into_owned);
        let business = text(6);
        let id = reader.phones.plain(&id);
        let record = ContactRecord {
            lid,
            display_name: text(2).as_deref().and_then(name),
            first_name: text(3),
            last_name: text(4).or_else(|| text(5)),
            push_name: business.clone(),
            phone_number: Jid::new(&id).phone_number(),
            username: text(7),
            about: text(8),
            is_business: business.map(|_| true),
            external_contact_id: id,
            ..ContactRecord::default()
        };
        reader.say(place, Record::Contact(record))
    })
}

/// The names that people give themselves (`ZWAPROFILEPUSHNAME`; a message's `ZPUSHNAME` is no name).
pub(super) fn push_names(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let table = "ZWAPROFILEPUSHNAME";
    let columns = present(database, table, &["ZJID", "ZPUSHNAME"])?;
    if columns.is_empty() {
        return Ok(());
    }
    each(database, table, &columns, reader, |cells, reader| {
        let id = cells.text(0).filter(|jid| is_person(jid));
        let (Some(id), Some(name)) = (id, cells.text(1)) else {
            return Ok(());
        };
        let id = reader.phones.plain(&id);
        let record = ContactRecord {
            push_name: Some(name.into_owned()),
            phone_number: Jid::new(&id).phone_number(),
            lid: Jid::new(&id).is_lid().then(|| id.clone()),
            external_contact_id: id,
            ..ContactRecord::default()
        };
        reader.say(0, Record::Contact(record))
    })
}

/// An address that a column may hold as its number alone.
fn address(text: &str, server: &str) -> Option<String> {
    let text = text.trim();
    if is_person(text) {
        return Some(Jid::new(text).bare());
    }
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("{digits}@{server}"))
}

/// The names that members of groups have in the address book, of those databases that come without it.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

/// Names of so many people are remembered, to tell each once.
const MAX_NAMES: usize = 200_000;

impl Names {
    /// Whether this person's name has not been told so far.
    pub(super) fn is_new(&mut self, id: &str, name: &str) -> bool {
        if self.0.get(id).is_some_and(|known| known == name) {
            return false;
        }
        if self.0.len() < MAX_NAMES {
            self.0.insert(id.to_owned(), name.to_owned());
        }
        true
    }
}

/// The columns to select, with NULL for those that are missing; none where there is nothing to read at all.
pub(super) fn present<'a>(
    database: &Database,
    table: &str,
    wanted: &[&'a str],
) -> Result<Vec<&'a str>, ReadError> {
    let columns = database.columns(table)?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    if !wanted.first().is_some_and(|first| has(first)) {
        return Ok(Vec::new());
    }
    Ok(wanted
        .iter()
        .map(|name| if has(name) { *name } else { "NULL" })
        .collect())
}

/// Reads some columns of every row.
pub(super) fn each<'a>(
    database: &Database,
    rest: &str,
    columns: &[&str],
    reader: &mut Reader<'a>,
    mut take: impl FnMut(Cells<'_>, &mut Reader<'a>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let damaged = |source| database.damaged(source);
    let columns = columns.join(", ");
    let sql = format!("SELECT {columns} FROM {rest}");
    let mut statement = database.conn.prepare(&sql).map_err(damaged)?;
    let mut rows = statement.query([]).map_err(damaged)?;
    while let Some(row) = rows.next().map_err(damaged)? {
        take(Cells(row), reader)?;
    }
    Ok(())
}
