//! A transaction in the making: the connection, the caches, and the notes of what it has touched, which
//! become counters and changes when it ends.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use threadkeep_protocol::{Id, Stream};

use crate::{
    ChangeKind, ConversationPk, Error, IntegrationPk,
    cache::{Account, Cache},
    change, refresh,
};

/// More chats of one account than this in one transaction are not named one by one.
const NAMED_CHATS: usize = 200;

pub(crate) struct Writing<'a> {
    pub(crate) conn: &'a Connection,
    cache: &'a mut Cache,
    notes: Notes,
}

/// What a transaction has touched. A load's transaction goes on from job to job, and its notes with it.
#[derive(Default)]
pub(crate) struct Notes {
    /// Chats to refresh, each with how many messages it gained or lost.
    chats: BTreeMap<(IntegrationPk, ConversationPk), i64>,
    /// Rows that streams gained or lost.
    rows: BTreeMap<(IntegrationPk, Stream), i64>,
    changes: BTreeSet<(ChangeKind, i64)>,
}

impl<'a> Writing<'a> {
    /// Goes on with a transaction; from no notes where it has just begun.
    pub(crate) fn new(conn: &'a Connection, cache: &'a mut Cache, notes: Notes) -> Self {
        Self { conn, cache, notes }
    }

    /// Leaves the transaction open.
    pub(crate) fn pause(self) -> Notes {
        self.notes
    }

    /// What is remembered of an account.
    pub(crate) fn account(&mut self, integration: IntegrationPk) -> Result<&mut Account, Error> {
        self.cache.account(self.conn, integration)
    }

    /// Forgets what is remembered of an account.
    pub(crate) fn forget(&mut self, integration: IntegrationPk) {
        self.cache.forget(integration);
    }

    /// The conversation of an id; a placeholder where its row has not come.
    pub(crate) fn conversation(
        &mut self,
        integration: IntegrationPk,
        id: Id,
    ) -> Result<ConversationPk, Error> {
        let conn = self.conn;
        let account = self.cache.account(conn, integration)?;
        if let Some(pk) = account.find_conversation(conn, id)? {
            return Ok(pk);
        }
        conn.prepare_cached("INSERT INTO conversations (id, integration_pk) VALUES (?1, ?2)")?
            .execute((id.as_bytes(), integration))?;
        let pk = ConversationPk(conn.last_insert_rowid());
        account.place_conversation(id, pk);
        Ok(pk)
    }

    /// Notes that a chat changed, and how many messages it gained.
    pub(crate) fn touch_chat(
        &mut self,
        integration: IntegrationPk,
        chat: ConversationPk,
        messages: i64,
    ) {
        *self.notes.chats.entry((integration, chat)).or_default() += messages;
    }

    /// Forgets a chat that is no more.
    pub(crate) fn drop_chat(&mut self, integration: IntegrationPk, chat: ConversationPk) {
        self.notes.chats.remove(&(integration, chat));
    }

    /// Notes how many rows a stream gained.
    pub(crate) fn count(&mut self, integration: IntegrationPk, stream: Stream, rows: i64) {
        *self.notes.rows.entry((integration, stream)).or_default() += rows;
    }

    /// Notes that something changed.
    pub(crate) fn change(&mut self, kind: ChangeKind, pk: i64) {
        self.notes.changes.insert((kind, pk));
    }

    /// Does something and takes it back; what it said remains.
    pub(crate) fn rehearse<T>(
        &mut self,
        job: impl FnOnce(&mut Writing<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.conn.execute_batch("SAVEPOINT rehearsal")?;
        let mut scratch = Writing::new(self.conn, self.cache, Notes::default());
        let said = job(&mut scratch);
        drop(scratch);
        self.cache.clear();
        self.conn
            .execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal")?;
        said
    }

    /// Settles counters and writes the changes down. Returns the latest change, if there is one.
    pub(crate) fn finish(mut self) -> Result<Option<i64>, Error> {
        for integration in self.cache.flush(self.conn)? {
            self.notes
                .changes
                .insert((ChangeKind::Contacts, integration.0));
        }
        for (&(integration, stream), &rows) in
            self.notes.rows.iter().filter(|(_, rows)| **rows != 0)
        {
            self.conn
                .prepare_cached(
                    "UPDATE sync_state SET row_count = row_count + ?3 \
                     WHERE integration_pk = ?1 AND stream = ?2",
                )?
                .execute((integration, stream.name(), rows))?;
        }
        let mut touched: BTreeMap<IntegrationPk, Vec<ConversationPk>> = BTreeMap::new();
        for (&(integration, chat), &messages) in &self.notes.chats {
            refresh::chat(self.conn, chat, messages)?;
            touched.entry(integration).or_default().push(chat);
        }
        for (integration, chats) in touched {
            if chats.len() > NAMED_CHATS {
                self.notes
                    .changes
                    .insert((ChangeKind::Conversations, integration.0));
            } else {
                self.notes
                    .changes
                    .extend(chats.iter().map(|chat| (ChangeKind::Conversation, chat.0)));
            }
        }
        change::write(self.conn, &self.notes.changes)
    }
}
