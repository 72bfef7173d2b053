//! The one statement that reads messages, made for the columns that a database has.

use crate::{ReadError, database::Database};

/// The columns that are read of a message and of what hangs on it, by their place in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Pk,
    Kind,
    Event,
    Flags,
    IsFromMe,
    Status,
    IsStarred,
    Date,
    From,
    To,
    Stanza,
    Text,
    Chat,
    ChatJid,
    Member,
    ParentStanza,
    ParentText,
    Metadata,
    Title,
    Path,
    Bytes,
    Origin,
    Seconds,
    Latitude,
    Longitude,
    CardName,
    Card,
    Info,
    Link,
}

use Column as C;

/// Each column with the table it is of. `parent` is the message that is answered.
const COLUMNS: [(Column, &str, &str); 29] = [
    (C::Pk, "message", "Z_PK"),
    (C::Kind, "message", "ZMESSAGETYPE"),
    (C::Event, "message", "ZGROUPEVENTTYPE"),
    (C::Flags, "message", "ZFLAGS"),
    (C::IsFromMe, "message", "ZISFROMME"),
    (C::Status, "message", "ZMESSAGESTATUS"),
    (C::IsStarred, "message", "ZSTARRED"),
    (C::Date, "message", "ZMESSAGEDATE"),
    (C::From, "message", "ZFROMJID"),
    (C::To, "message", "ZTOJID"),
    (C::Stanza, "message", "ZSTANZAID"),
    (C::Text, "message", "ZTEXT"),
    (C::Chat, "message", "ZCHATSESSION"),
    (C::ChatJid, "chat", "ZCONTACTJID"),
    (C::Member, "member", "ZMEMBERJID"),
    (C::ParentStanza, "parent", "ZSTANZAID"),
    (C::ParentText, "parent", "ZTEXT"),
    (C::Metadata, "media", "ZMETADATA"),
    (C::Title, "media", "ZTITLE"),
    (C::Path, "media", "ZMEDIALOCALPATH"),
    (C::Bytes, "media", "ZFILESIZE"),
    (C::Origin, "media", "ZMEDIAORIGIN"),
    (C::Seconds, "media", "ZMOVIEDURATION"),
    (C::Latitude, "media", "ZLATITUDE"),
    (C::Longitude, "media", "ZLONGITUDE"),
    (C::CardName, "media", "ZVCARDNAME"),
    (C::Card, "media", "ZVCARDSTRING"),
    (C::Info, "info", "ZRECEIPTINFO"),
    (C::Link, "link", "ZMATCHEDTEXT"),
];

/// A way from a message to a row of a table: the table's column, the message's, and what else must hold.
type Way = (&'static str, &'static str, &'static str);

/// What hangs on a message: under which name, in which table, and how. Where a way has a column that is missing, the
/// next one is tried.
const JOINS: [(&str, &str, &[Way]); 6] = [
    ("chat", "ZWACHATSESSION", &[("Z_PK", "ZCHATSESSION", "")]),
    ("member", "ZWAGROUPMEMBER", &[("Z_PK", "ZGROUPMEMBER", "")]),
    ("parent", "ZWAMESSAGE", &[("Z_PK", "ZPARENTMESSAGE", "")]),
    (
        "media",
        "ZWAMEDIAITEM",
        &[("Z_PK", "ZMEDIAITEM", ""), ("ZMESSAGE", "Z_PK", "")],
    ),
    (
        "info",
        "ZWAMESSAGEINFO",
        &[("Z_PK", "ZMESSAGEINFO", ""), ("ZMESSAGE", "Z_PK", "")],
    ),
    // A message has a row for each of its links. Only one without a text needs one.
    (
        "link",
        "ZWAMESSAGEDATAITEM",
        &[(
            "ZMESSAGE",
            "Z_PK",
            " AND link.ZINDEX = 0 AND message.ZTEXT IS NULL",
        )],
    ),
];

/// The statement. Rows come chat by chat, each in the order in which they were written.
pub(super) fn messages(database: &Database) -> Result<String, ReadError> {
    let message = database.columns("ZWAMESSAGE")?;
    let has = |columns: &[String], name: &str| columns.iter().any(|column| column == name);
    if !has(&message, "Z_PK") {
        let missing = rusqlite::Error::InvalidColumnName("Z_PK of ZWAMESSAGE".to_owned());
        return Err(database.damaged(missing));
    }
    let mut tables = vec![("message", message)];
    let mut joins = String::new();
    for (name, table, ways) in JOINS {
        let columns = database.columns(table)?;
        let way = ways.iter().find(|(theirs, ours, more)| {
            has(&columns, theirs)
                && has(&tables[0].1, ours)
                && (more.is_empty() || (has(&columns, "ZINDEX") && has(&tables[0].1, "ZTEXT")))
        });
        if let Some((theirs, ours, more)) = way {
            joins +=
                &format!(" LEFT JOIN {table} AS {name} ON {name}.{theirs} = message.{ours}{more}");
            tables.push((name, columns));
        }
    }
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|(_, table, column)| {
            let found = tables.iter().find(|(name, _)| name == table);
            match found {
                Some((_, columns)) if has(columns, column) => format!("{table}.{column}"),
                _ => "NULL".to_owned(),
            }
        })
        .collect();
    let order = if has(&tables[0].1, "ZCHATSESSION") {
        "message.ZCHATSESSION, message.Z_PK"
    } else {
        "message.Z_PK"
    };
    let columns = columns.join(", ");
    Ok(format!(
        "SELECT {columns} FROM ZWAMESSAGE AS message{joins} ORDER BY {order}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_stands_at_its_place() {
        for (place, (column, ..)) in COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, place, "{column:?} is read by its place");
        }
    }
}
