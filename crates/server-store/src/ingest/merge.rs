//! What was kept under a hidden id comes under the phone address.

use threadkeep_protocol::loose;

use super::call::Call;
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Conversation, Receipt, SEVERAL, fill, latest},
};

impl Call<'_> {
    /// Gives the conversation its phone address, or moves its messages into the one that has it.
    pub fn readdress_conversation(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let hidden = self.conversations.find(conn, integration, lid.to_owned())?;
        let Some(hidden) = hidden.map(|slot| slot.pk) else {
            return Ok(());
        };
        let known = self
            .conversations
            .find(conn, integration, phone.to_owned())?;
        match known.map(|slot| slot.pk) {
            None => self
                .conversations
                .rename(conn, hidden, |row| row.external_id = phone.to_owned()),
            Some(known) => {
                self.due.chat(known);
                self.merge_conversations(hidden, known)
            }
        }
    }

    /// Moves all that a conversation has into the one that it turned out to be.
    pub fn merge_conversations(&mut self, loser: i64, winner: i64) -> Result<(), StoreError> {
        let now = self.now;
        if self.conversation(loser)?.has_loose {
            self.expect_loose(winner)?;
            self.merge_loose_names(loser, winner)?;
        }
        for message in self.pks("SELECT pk FROM messages WHERE conversation_pk = ?1", loser)? {
            if !self.message(message)?.is_withdrawn {
                self.move_message(message, winner)?;
            }
            self.spill()?;
        }
        for pk in self.pks(
            "SELECT pk FROM participants WHERE conversation_pk = ?1",
            loser,
        )? {
            self.move_participant(pk, winner)?;
        }
        self.merge_history(loser, winner)?;
        let hidden = self.conversation(loser)?;
        let before = hidden.clone();
        *hidden = Conversation {
            external_id: before.external_id.clone(),
            kind: before.kind,
            name: before.name.clone(),
            total_message_count: before.total_message_count,
            merged_into: Some(winner),
            origin: before.origin,
            is_deleted: true,
            deleted_at: Some(now),
            ..Conversation::default()
        };
        take_over(self.conversation(winner)?, &before);
        Ok(())
    }

    /// Moves a message. Where the conversation has it already, the two become one, and the one that
    /// does not move stays behind, deleted: a row that was sent is never unsaid.
    fn move_message(&mut self, message: i64, winner: i64) -> Result<(), StoreError> {
        let (conn, now) = (self.conn, self.now);
        let moving = self.message(message)?.clone();
        match self.find_message(winner, &moving.external_id)? {
            None => {
                self.messages
                    .rename(conn, message, |row| row.conversation_pk = winner)?;
                self.conversation(moving.conversation_pk)?
                    .total_message_count -= 1;
                self.conversation(winner)?.total_message_count += 1;
                if moving.origin == SEVERAL {
                    self.move_aliases(message)?;
                }
                self.note_minute(message)?;
                self.resend_attached(message)?;
                self.show(message)
            }
            Some(known) if moving.origin != ACCOUNT || self.message(known)?.origin != ACCOUNT => {
                // Each source says the same of the one that is left; of this one nobody says anything.
                for telling in std::mem::take(self.tellings_mut(message)?) {
                    self.tell(known, telling)?;
                }
                self.refold(message)?;
                self.show(known)
            }
            Some(known) => {
                self.absorb(known, &moving)?;
                self.move_media(message, known)?;
                self.move_receipts(message, known)?;
                let left = self.message(message)?;
                left.revoke(None, now);
                left.reactions = Default::default();
                self.show(known)
            }
        }
    }

    /// What hangs on a message that moves comes again with it: a reader whose view has only the chat that
    /// it moves to has never had it.
    fn resend_attached(&mut self, message: i64) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        if let Some(media) = self.media.find(conn, integration, message)? {
            media.resend();
        }
        for pk in self.pks("SELECT pk FROM receipts WHERE message_pk = ?1", message)? {
            self.receipts.get(conn, pk)?.resend();
        }
        Ok(())
    }

    fn move_media(&mut self, from: i64, to: i64) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let Some(moving) = self.media.find(conn, integration, from)? else {
            return Ok(());
        };
        let (pk, mut moving) = (moving.pk, moving.row.clone());
        if self.message(to)?.is_deleted {
            moving.strip();
        }
        match self.media.find(conn, integration, to)? {
            Some(known) => {
                known.row.absorb(&moving);
                self.media.get(conn, pk)?.row.strip();
            }
            None => self.media.rename(conn, pk, |row| {
                *row = moving;
                row.message_pk = to;
            })?,
        }
        Ok(())
    }

    fn move_receipts(&mut self, from: i64, to: i64) -> Result<(), StoreError> {
        for pk in self.pks("SELECT pk FROM receipts WHERE message_pk = ?1", from)? {
            let who = self.receipts.get(self.conn, pk)?.row.external_id.clone();
            if !self.is_remnant(&who)? {
                self.move_receipt(pk, to, who)?;
            }
        }
        Ok(())
    }

    /// Moves a receipt to another message or person. Where that has one, the two become one, and the
    /// one that does not move says nothing any more.
    fn move_receipt(&mut self, pk: i64, message: i64, who: String) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let moving = self.receipts.get(conn, pk)?.row.clone();
        match self
            .receipts
            .find(conn, integration, (message, who.clone()))?
        {
            Some(known) if known.pk == pk => {}
            Some(known) => {
                known.row.absorb(&moving);
                let left = &mut self.receipts.get(conn, pk)?.row;
                *left = Receipt {
                    message_pk: left.message_pk,
                    external_id: left.external_id.clone(),
                    ..Receipt::default()
                };
            }
            None => self.receipts.rename(conn, pk, |row| {
                row.message_pk = message;
                row.external_id = who;
            })?,
        }
        Ok(())
    }

    fn move_participant(&mut self, pk: i64, winner: i64) -> Result<(), StoreError> {
        let (conn, integration, now) = (self.conn, self.integration, self.now);
        let moving = self.participants.get(conn, pk)?.row.clone();
        if self.is_remnant(&moving.external_id)? {
            return Ok(());
        }
        let key = (winner, moving.external_id.clone());
        match self.participants.find(conn, integration, key)? {
            Some(known) => {
                known.row.take_over(&moving);
                let left = &mut self.participants.get(conn, pk)?.row;
                left.left_at = left.left_at.or(Some(now));
            }
            None => self
                .participants
                .rename(conn, pk, |row| row.conversation_pk = winner)?,
        }
        Ok(())
    }

    /// Rewrites the messages that name this hidden id: as sender, in reactions, in receipts.
    pub fn readdress_messages(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let conn = self.conn;
        let named: Vec<i64> = conn
            .prepare_cached(
                "DELETE FROM hidden_senders WHERE integration_id = ?1 AND lid = ?2
                 RETURNING message_pk",
            )?
            .query_map((self.integration, lid), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let is_me = self.is_me(phone);
        let reactor = self.reactor(phone)?;
        for message in named {
            let row = self.message(message)?;
            if row.sender.as_deref() == Some(lid) {
                row.sender = (!is_me).then(|| phone.to_owned());
                row.is_from_me |= is_me;
            }
            row.reactions.readdress(lid, &reactor);
            let (conversation, minute) = (row.conversation_pk, loose::minute(row.timestamp));
            if self.conversation(conversation)?.has_loose {
                self.due.minute(conversation, minute);
            }
            for pk in self.pks("SELECT pk FROM receipts WHERE message_pk = ?1", message)? {
                if self.receipts.get(conn, pk)?.row.external_id == lid {
                    self.move_receipt(pk, message, phone.to_owned())?;
                }
            }
            self.spill()?;
        }
        Ok(())
    }

    /// Whether a row of this address is what was left behind when two rows of one person became
    /// one: it stays where it is.
    fn is_remnant(&mut self, address: &str) -> Result<bool, StoreError> {
        Ok(self.resolve(address)? != address)
    }

    pub fn pks(&self, sql: &str, of: i64) -> Result<Vec<i64>, StoreError> {
        let pks = self
            .conn
            .prepare_cached(sql)?
            .query_map([of], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(pks)
    }
}

/// What a conversation takes over from the one that turned out to be the same.
fn take_over(row: &mut Conversation, other: &Conversation) {
    fill(&mut row.name, other.name.as_ref());
    fill(&mut row.description, other.description.as_ref());
    fill(&mut row.avatar_url, other.avatar_url.as_ref());
    fill(&mut row.mute_until, other.mute_until.as_ref());
    row.is_archived |= other.is_archived;
    row.is_pinned |= other.is_pinned;
    row.is_muted |= other.is_muted;
    row.history_complete |= other.history_complete;
    if other.unread_said > row.unread_said {
        row.unread_count = other.unread_count;
        row.unread_said = other.unread_said;
    }
    row.names_said = row.names_said.max(other.names_said);
    row.flags_said = row.flags_said.max(other.flags_said);
    latest(&mut row.last_activity_at, other.last_activity_at);
    if row.platform_metadata.is_empty() {
        row.platform_metadata.clone_from(&other.platform_metadata);
    }
}
