//! One call: the rows it has touched, and who is who.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use threadkeep_protocol::{IntegrationId, Jid, ME, Record, Timestamp};

use super::{
    history::Arrivals,
    outcome::{Outcome, Refusal},
    pending::Pending,
};
use crate::{
    error::StoreError,
    integration::require,
    kept::{Contact, Conversation, Media, Message, Participant, Receipt, Table},
};

/// How many messages a call holds in memory before it writes them. Far more than a request brings;
/// what merges two long chats or imports a lifetime in one call may reach it.
const SPILL: usize = 100_000;

/// One call of `ingest`, under the write lock.
pub struct Call<'t> {
    pub conn: &'t Connection,
    pub integration: IntegrationId,
    pub now: Timestamp,
    /// The account's own address, as far as it is known.
    pub own: Option<String>,
    /// Hidden id → phone address; `None` where that is not known.
    pub addresses: HashMap<String, Option<String>>,
    pub conversations: Table<Conversation>,
    pub contacts: Table<Contact>,
    pub participants: Table<Participant>,
    pub messages: Table<Message>,
    pub media: Table<Media>,
    pub receipts: Table<Receipt>,
    pub pending: Pending,
    /// The conversations that this call has said are deleted.
    pub deleted: HashSet<i64>,
    /// The conversations whose unread this call has counted without saying when, each with the time of
    /// what it has added since.
    pub recounted: HashMap<i64, Option<Timestamp>>,
    /// What came of each conversation, and which requests for older messages that answers.
    pub arrivals: Arrivals,
    /// How often the feeder has gone away.
    pub presence: i64,
}

impl<'t> Call<'t> {
    pub fn open(
        conn: &'t Connection,
        integration: IntegrationId,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let own = require(conn, integration)?.external_id;
        let mut call = Self {
            conn,
            integration,
            now,
            own: None,
            addresses: HashMap::new(),
            conversations: Table::default(),
            contacts: Table::default(),
            participants: Table::default(),
            messages: Table::default(),
            media: Table::default(),
            receipts: Table::default(),
            pending: Pending::default(),
            deleted: HashSet::new(),
            recounted: HashMap::new(),
            arrivals: Arrivals::default(),
            presence: conn
                .prepare_cached("SELECT presence FROM integrations WHERE id = ?1")?
                .query_row([integration], |row| row.get(0))?,
        };
        call.own = own.map(|own| call.resolve(&own)).transpose()?;
        Ok(call)
    }

    /// Takes one record in. Whatever it refuses, it refuses before it has changed anything.
    pub fn take(&mut self, record: &Record) -> Result<Outcome, Refusal> {
        match record {
            Record::Conversation(record) => self.take_conversation(record),
            Record::Participant(record) => self.take_participant(record),
            Record::Contact(record) => self.take_contact(record),
            Record::Message(record) => self.take_message(record),
            // Learned, or expected, before all others.
            Record::Address(_) | Record::HistoryAsked(_) | Record::HistoryResult(_) => {
                Ok(Outcome::Unchanged)
            }
            Record::Edit(_)
            | Record::Revoke(_)
            | Record::Reaction(_)
            | Record::Receipt(_)
            | Record::Status(_) => self.take_change(record),
        }
    }

    /// The address under which a person or a conversation is kept: without a device, and the phone
    /// address where a hidden id's is known.
    pub fn resolve(&mut self, address: &str) -> Result<String, StoreError> {
        let bare = Jid::new(address).bare();
        if !Jid::new(&bare).is_lid() {
            return Ok(bare);
        }
        Ok(self.phone_of(&bare)?.unwrap_or(bare))
    }

    /// Whether this (resolved) address is the account's own.
    pub fn is_me(&self, address: &str) -> bool {
        address == ME || self.own.as_deref() == Some(address)
    }

    /// The conversation of this (resolved) address, and whether it had to be made.
    pub fn conversation_at(&mut self, address: &str) -> Result<(i64, bool), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        if let Some(slot) = self
            .conversations
            .find(conn, integration, address.to_owned())?
        {
            return Ok((slot.pk, false));
        }
        let slot = self.conversations.add(conn, Conversation::at(address))?;
        Ok((slot.pk, true))
    }

    pub fn conversation(&mut self, pk: i64) -> Result<&mut Conversation, StoreError> {
        Ok(&mut self.conversations.get(self.conn, pk)?.row)
    }

    pub fn message(&mut self, pk: i64) -> Result<&mut Message, StoreError> {
        Ok(&mut self.messages.get(self.conn, pk)?.row)
    }

    /// The message of that name, where it has come. In a conversation that this call made, only
    /// this call's messages can be.
    pub fn find_message(
        &mut self,
        conversation: i64,
        external_id: &str,
    ) -> Result<Option<i64>, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let key = || (conversation, external_id.to_owned());
        if self.conversations.get(conn, conversation)?.is_new() {
            self.messages.rule_out(key());
        }
        Ok(self
            .messages
            .find(conn, integration, key())?
            .map(|slot| slot.pk))
    }

    /// Writes what has gathered when it is a lot.
    pub fn spill(&mut self) -> Result<(), StoreError> {
        if self.messages.slots().len() < SPILL {
            return Ok(());
        }
        self.flush()
    }
}
