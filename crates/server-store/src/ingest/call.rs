//! One call: the rows it has touched, and who is who.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::Connection;
use threadkeep_protocol::{IntegrationId, Jid, ME, Record, Timestamp, loose};

use super::{
    history::Arrivals,
    loose::{Due, Minutes},
    outcome::{Outcome, Refusal},
    pending::Pending,
    several::Tellings,
};
use crate::{
    error::StoreError,
    integration::require,
    kept::{ACCOUNT, Contact, Conversation, Media, Message, Participant, Receipt, Table},
};

/// How many messages a call holds in memory before it writes them. Far more than a request brings;
/// what merges two long chats or imports a lifetime in one call may reach it.
const SPILL: usize = 100_000;

/// One call of `ingest`, under the write lock.
pub struct Call<'t> {
    pub conn: &'t Connection,
    pub integration: IntegrationId,
    pub now: Timestamp,
    /// Whose records these are: an import's, or the account's own.
    pub source: i64,
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
    /// What sources say of messages that several know.
    pub tellings: Tellings,
    pub minutes: Minutes,
    /// Messages that were here with another text.
    pub conflicting: u64,
    /// Conversations that have lost a message, so that what they show of the newest may be it.
    pub reshown: BTreeSet<i64>,
    /// A chat or a person has got a name.
    pub has_names: bool,
    /// What is to be matched anew at the end.
    pub due: Due,
    /// Whoever touches a chat, a person or a member here is not thereby known to know it.
    pub is_undoing: bool,
}

impl<'t> Call<'t> {
    pub fn open(
        conn: &'t Connection,
        integration: IntegrationId,
        now: Timestamp,
        source: i64,
    ) -> Result<Self, StoreError> {
        let own = require(conn, integration)?.external_id;
        let mut call = Self {
            conn,
            integration,
            now,
            source,
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
            tellings: Tellings::default(),
            minutes: Minutes::default(),
            conflicting: 0,
            reshown: BTreeSet::new(),
            has_names: false,
            due: Due::default(),
            is_undoing: false,
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

    /// Does something as another source, which said it before.
    pub fn saying<T>(
        &mut self,
        source: i64,
        job: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let own = std::mem::replace(&mut self.source, source);
        let done = job(self);
        self.source = own;
        done
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
            let pk = slot.pk;
            // What was only known by its name has become the chat that it is.
            if slot.row.merged_into.is_some() && address.starts_with(loose::CHAT_PREFIX) {
                let winner = self.became(pk)?;
                self.come_back(winner)?;
                return Ok((winner, false));
            }
            return Ok((pk, self.come_back(pk)?));
        }
        let slot = self.conversations.add(conn, Conversation::at(address))?;
        Ok((slot.pk, true))
    }

    /// The conversation that one has become: a name's may have been a hidden id's before it was a number's.
    pub fn became(&mut self, conversation: i64) -> Result<i64, StoreError> {
        let mut pk = conversation;
        while let Some(winner) = self.conversation(pk)?.merged_into {
            pk = winner;
        }
        Ok(pk)
    }

    /// A conversation is spoken of again; says whether it was withdrawn, or known from imports alone: to
    /// the account it is new then.
    fn come_back(&mut self, conversation: i64) -> Result<bool, StoreError> {
        let is_own = self.source == ACCOUNT;
        let row = self.conversation(conversation)?;
        let was_foreign = is_own && row.origin != ACCOUNT;
        if was_foreign {
            row.origin = ACCOUNT;
        }
        Ok(std::mem::take(&mut row.is_withdrawn) || was_foreign)
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
        let known = self.messages.find(conn, integration, key())?;
        let known = known.map(|slot| (slot.pk, slot.row.is_withdrawn));
        match known {
            Some((pk, false)) => Ok(Some(pk)),
            known => {
                let alias = self.alias(conversation, external_id)?;
                Ok(alias.or(known.map(|(pk, _)| pk)))
            }
        }
    }

    /// Writes what has gathered when it is a lot.
    pub fn spill(&mut self) -> Result<(), StoreError> {
        if self.messages.slots().len() < SPILL {
            return Ok(());
        }
        self.flush()
    }
}
