//! Changes to a message: edits, revokes, reactions, receipts and statuses.

use threadkeep_protocol::{ConversationKind, ME, ReceiptTimes, Record, Timestamp};

use super::{
    call::Call,
    outcome::{Outcome, Refusal, must_fit, must_name},
};
use crate::{
    error::StoreError,
    kept::{Message, Receipt},
};

/// The conversation and the message that a change is about.
pub fn target(record: &Record) -> Option<(&str, &str)> {
    let (conversation, message) = match record {
        Record::Edit(r) => (&r.external_conversation_id, &r.external_message_id),
        Record::Revoke(r) => (&r.external_conversation_id, &r.external_message_id),
        Record::Reaction(r) => (&r.external_conversation_id, &r.external_message_id),
        Record::Receipt(r) => (&r.external_conversation_id, &r.external_message_id),
        Record::Status(r) => (&r.external_conversation_id, &r.external_message_id),
        _ => return None,
    };
    Some((conversation, message))
}

impl Call<'_> {
    /// Applies a change, or lets it wait for its message.
    pub fn take_change(&mut self, record: &Record) -> Result<Outcome, Refusal> {
        let Some((conversation, message)) = target(record) else {
            return Ok(Outcome::Unchanged);
        };
        must_name(conversation, "external_conversation_id")?;
        must_name(message, "external_message_id")?;
        match record {
            Record::Edit(edit) => must_fit(&edit.content)?,
            Record::Reaction(reaction) => {
                must_name(&reaction.sender_external_id, "sender_external_id")?;
            }
            Record::Receipt(receipt) => {
                let who = &receipt.receipt.participant_external_id;
                must_name(who, "participant_external_id")?;
            }
            _ => {}
        }
        let record = self.readdressed(record)?;
        let Some((conversation, message)) = target(&record) else {
            return Ok(Outcome::Unchanged);
        };
        match self.apply_if_there(conversation, message, &record)? {
            Some(outcome) => Ok(outcome),
            None => {
                let waits = self.wait(conversation, message, &record)?;
                Ok(Outcome::of(waits, false))
            }
        }
    }

    /// Applies a change whose addresses are resolved; `None` where its message has not come.
    pub fn apply_if_there(
        &mut self,
        conversation: &str,
        message: &str,
        record: &Record,
    ) -> Result<Option<Outcome>, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let found = self
            .conversations
            .find(conn, integration, conversation.to_owned())?;
        let Some(conversation) = found.map(|slot| slot.pk) else {
            return Ok(None);
        };
        let Some(message) = self.find_message(conversation, message)? else {
            return Ok(None);
        };
        self.apply(message, record).map(Some)
    }

    /// Applies a change whose addresses are resolved.
    pub fn apply(&mut self, message: i64, record: &Record) -> Result<Outcome, StoreError> {
        let now = self.now;
        if !self.is_alone(message)? {
            return self.apply_among_several(message, record);
        }
        if let Record::Receipt(record) = record {
            return self.receipt(message, &record.receipt);
        }
        let row = self.message(message)?;
        let changed = change(row, record, now);
        if changed && matches!(record, Record::Revoke(_)) {
            self.strip_media(message)?;
        }
        if changed {
            self.show(message)?;
        }
        Ok(Outcome::of_change(changed))
    }

    /// The same to what this call's source says, where others know the message too.
    fn apply_among_several(
        &mut self,
        message: i64,
        record: &Record,
    ) -> Result<Outcome, StoreError> {
        let now = self.now;
        let receipt = match record {
            Record::Receipt(record) => Some(self.receipt_told(message, &record.receipt)?),
            _ => None,
        };
        let changed = self.retell(message, |telling| match receipt {
            Some(receipt) if receipt.status().is_some() => {
                telling.receive(receipt);
                true
            }
            Some(_) => false,
            None => change(&mut telling.row, record, now),
        })?;
        Ok(Outcome::of_change(changed))
    }

    /// Notes who got and read a message. In a direct chat that is also how far it got; in a group
    /// it is not: read by one is not read by all.
    pub fn receipt(&mut self, message: i64, times: &ReceiptTimes) -> Result<Outcome, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let told = self.receipt_told(message, times)?;
        let who = told.external_id.clone();
        let Some(status) = told.status() else {
            return Ok(Outcome::Unchanged);
        };
        if self.messages.get(conn, message)?.is_new() {
            self.receipts.rule_out((message, who.clone()));
        }
        let outcome = match self
            .receipts
            .find(conn, integration, (message, who.clone()))?
        {
            Some(slot) if slot.row.is_withdrawn => {
                slot.row = told;
                Outcome::Updated
            }
            Some(slot) => Outcome::of_change(slot.row.absorb(&told)),
            None => {
                let pk = self.receipts.add(conn, told)?.pk;
                self.tellings.receipts.entry(message).or_default().push(pk);
                Outcome::Saved
            }
        };
        let conversation = self.message(message)?.conversation_pk;
        let is_direct = self.conversation(conversation)?.kind == ConversationKind::Direct;
        let by_another = !self.is_me(&who);
        let row = self.message(message)?;
        let advanced = is_direct && by_another && row.is_from_me && row.advance(Some(status));
        Ok(outcome.max(Outcome::of_change(advanced)))
    }

    /// The row that a receipt would make.
    pub fn receipt_told(
        &mut self,
        message: i64,
        times: &ReceiptTimes,
    ) -> Result<Receipt, StoreError> {
        Ok(Receipt {
            message_pk: message,
            external_id: self.resolve(&times.participant_external_id)?,
            delivered_at: times.delivered_at,
            read_at: times.read_at,
            played_at: times.played_at,
            is_withdrawn: false,
        })
    }

    /// The same record with the addresses under which things are kept.
    pub fn readdressed(&mut self, record: &Record) -> Result<Record, StoreError> {
        let mut record = record.clone();
        let conversation = match &mut record {
            Record::Edit(r) => &mut r.external_conversation_id,
            Record::Revoke(r) => &mut r.external_conversation_id,
            Record::Status(r) => &mut r.external_conversation_id,
            Record::Reaction(r) => {
                r.sender_external_id = self.reactor(&r.sender_external_id)?;
                &mut r.external_conversation_id
            }
            Record::Receipt(r) => {
                let who = &mut r.receipt.participant_external_id;
                *who = self.resolve(who)?;
                &mut r.external_conversation_id
            }
            _ => return Ok(record),
        };
        *conversation = self.resolve(conversation)?;
        Ok(record)
    }

    /// The address of somebody who reacted; the account's own is `ME`.
    pub fn reactor(&mut self, address: &str) -> Result<String, StoreError> {
        let address = self.resolve(address)?;
        Ok(if self.is_me(&address) {
            ME.to_owned()
        } else {
            address
        })
    }

    /// Derives what the conversation shows of a message.
    pub fn show(&mut self, message: i64) -> Result<(), StoreError> {
        let (conn, row) = (self.conn, &self.messages.get(self.conn, message)?.row);
        self.conversations
            .get(conn, row.conversation_pk)?
            .row
            .show(row);
        Ok(())
    }

    /// Takes away what shows or fetches the file of a revoked message.
    pub fn strip_media(&mut self, message: i64) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        if self.messages.get(conn, message)?.is_new() {
            self.media.rule_out(message);
        }
        if let Some(slot) = self.media.find(conn, integration, message)? {
            slot.row.strip();
        }
        Ok(())
    }
}

/// Does to a message, or to what one source says of it, what a change says; says whether that changed
/// anything.
fn change(row: &mut Message, record: &Record, now: Timestamp) -> bool {
    match record {
        // Final: no edit brings the text back.
        Record::Edit(_) if row.is_deleted => false,
        Record::Edit(edit) => row.versions.edit(edit.content.clone(), edit.at),
        Record::Revoke(revoke) => row.revoke(revoke.at, now),
        Record::Reaction(r) => {
            row.reactions
                .add(r.sender_external_id.clone(), r.emoji.clone(), r.at)
        }
        Record::Status(status) => {
            let starred = match status.is_starred {
                Some(said) if row.is_starred != Some(said) => {
                    row.is_starred = Some(said);
                    true
                }
                _ => false,
            };
            row.advance(status.delivery_status) | starred
        }
        _ => false,
    }
}
