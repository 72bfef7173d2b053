//! The accounts that this mirror holds, each on one server.

mod removal;

use rusqlite::params;
use serde::Serialize;
use threadkeep_protocol::{Connection, Integration, IntegrationId, Stream};

pub(crate) use removal::finish_removals;
use removal::{begin_removal, remove_some};

use crate::{ChangeKind, Error, IntegrationPk, Mirror, row, writing::Writing};

/// An account as a server tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIntegration {
    /// The server: `embedded`, or its base URL.
    pub server: String,
    /// What the server says of the account.
    pub integration: Integration,
}

/// An account that the mirror holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntegrationRow {
    /// Its name in this file.
    pub pk: IntegrationPk,
    /// The server: `embedded`, or its base URL.
    pub server: String,
    /// Its id on that server.
    pub integration_id: IntegrationId,
    /// The platform, such as `whatsapp`.
    pub integration_type: String,
    /// The account's own address; empty where unknown.
    pub external_id: String,
    /// What a person calls it.
    pub display_name: String,
    /// Whether whoever feeds it was online when the server last told.
    pub connection: Connection,
    /// When a page of it was last applied, in milliseconds; 0 for never.
    pub last_sync_at: i64,
}

/// What a removal deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Chats.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// All other rows.
    pub others: u64,
}

impl Mirror {
    /// Adds an account, or brings what is known of it up to date: it is the same one where server and
    /// id are.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn put_integration(&self, new: NewIntegration) -> Result<IntegrationPk, Error> {
        self.write(move |writing| put(writing, &new)).await
    }

    /// Notes whether whoever feeds an account is online. It is queued behind other writes, and nobody
    /// waits for it; nothing is written where it is known.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub fn note_connection(&self, pk: IntegrationPk, connection: Connection) -> Result<(), Error> {
        let noted = self.queue(move |writing| {
            let name = connection_name(connection);
            let changed = writing
                .conn
                .prepare_cached(
                    "UPDATE integrations SET connection = ?2 WHERE pk = ?1 AND connection <> ?2",
                )?
                .execute((pk, name))?;
            if changed > 0 {
                writing.change(ChangeKind::Integration, pk.0);
            }
            Ok(())
        });
        noted.map(drop)
    }

    /// The accounts, in the order in which they were added.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn integrations(&self) -> Result<Vec<IntegrationRow>, Error> {
        self.read(|conn| {
            let mut select = conn.prepare_cached(
                "SELECT i.pk, i.server, i.remote_id, i.integration_type, i.external_id, \
                    i.display_name, i.connection, coalesce((SELECT max(s.last_sync_at) \
                        FROM sync_state AS s WHERE s.integration_pk = i.pk), 0) \
                 FROM integrations AS i WHERE i.removing = 0 ORDER BY i.pk",
            )?;
            let rows = select.query_map([], |row| {
                Ok(IntegrationRow {
                    pk: row.get(0)?,
                    server: row.get(1)?,
                    integration_id: row.get(2)?,
                    integration_type: row.get(3)?,
                    external_id: row.get(4)?,
                    display_name: row.get(5)?,
                    connection: connection(&row.get::<_, String>(6)?),
                    last_sync_at: row.get(7)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Deletes an account and all its rows, in several transactions, so that readers and other writers
    /// go on. Once begun it is finished, at the next opening if need be.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be written.
    pub async fn remove_integration(&self, pk: IntegrationPk) -> Result<Removed, Error> {
        self.write(move |writing| begin_removal(writing, pk))
            .await?;
        let mut removed = Removed::default();
        while self
            .write(move |writing| remove_some(writing, pk))
            .await?
            .add_to(&mut removed)
        {}
        Ok(removed)
    }
}

const CONNECTIONS: [(Connection, &str); 5] = [
    (Connection::Connected, "connected"),
    (Connection::Connecting, "connecting"),
    (Connection::Pairing, "pairing"),
    (Connection::LoggedOut, "logged_out"),
    (Connection::Disconnected, "disconnected"),
];

fn connection(name: &str) -> Connection {
    CONNECTIONS
        .into_iter()
        .find(|(_, known)| *known == name)
        .map_or(Connection::default(), |(connection, _)| connection)
}

fn connection_name(connection: Connection) -> &'static str {
    CONNECTIONS
        .into_iter()
        .find(|(known, _)| *known == connection)
        .map_or("disconnected", |(_, name)| name)
}

fn put(writing: &mut Writing<'_>, new: &NewIntegration) -> Result<IntegrationPk, Error> {
    let remote = &new.integration;
    let pk: IntegrationPk = writing
        .conn
        .prepare_cached(
            "INSERT INTO integrations (server, remote_id, integration_type, external_id, \
                display_name, connection) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (server, remote_id) WHERE removing = 0 DO UPDATE SET \
                integration_type = excluded.integration_type, \
                external_id = excluded.external_id, display_name = excluded.display_name, \
                connection = excluded.connection \
             RETURNING pk",
        )?
        .query_row(
            params![
                new.server,
                remote.id,
                remote.integration_type,
                row::text(remote.external_id.as_ref()),
                remote.display_name,
                connection_name(remote.connection),
            ],
            |row| row.get(0),
        )?;
    let mut insert = writing.conn.prepare_cached(
        "INSERT INTO sync_state (integration_pk, stream) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    for stream in Stream::ALL {
        insert.execute((pk, stream.name()))?;
    }
    writing.change(ChangeKind::Integration, pk.0);
    Ok(pk)
}

#[cfg(test)]
mod tests;
