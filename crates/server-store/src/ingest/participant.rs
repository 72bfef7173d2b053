//! Participant records, and the contacts behind participants.

use threadkeep_protocol::ParticipantRecord;

use super::{
    call::Call,
    outcome::{Outcome, Refusal, must_name},
};
use crate::{
    error::StoreError,
    kept::{Participant, replace, set},
};

impl Call<'_> {
    pub fn take_participant(&mut self, record: &ParticipantRecord) -> Result<Outcome, Refusal> {
        must_name(&record.external_conversation_id, "external_conversation_id")?;
        must_name(&record.external_participant_id, "external_participant_id")?;
        let (conn, integration, now) = (self.conn, self.integration, self.now);
        let address = self.resolve(&record.external_conversation_id)?;
        let who = self.resolve(&record.external_participant_id)?;
        let (conversation, _) = self.conversation_at(&address)?;
        let key = (conversation, who.clone());
        if self.conversations.get(conn, conversation)?.is_new() {
            self.participants.rule_out(key.clone());
        }
        let (row, is_new) = match self.participants.find(conn, integration, key)? {
            Some(slot) => {
                let is_back = std::mem::take(&mut slot.row.is_withdrawn);
                (&mut slot.row, is_back)
            }
            None => {
                let row = Participant {
                    conversation_pk: conversation,
                    external_id: who,
                    ..Participant::default()
                };
                (&mut self.participants.add(conn, row)?.row, true)
            }
        };
        let mut changed = false;
        if let Some(role) = record.role {
            changed |= set(&mut row.role, role);
        }
        changed |= replace(&mut row.joined_at, record.joined_at.as_ref());
        changed |= match (record.left_at, record.has_left) {
            (left_at @ Some(_), _) => set(&mut row.left_at, left_at),
            (None, Some(true)) if row.left_at.is_none() => set(&mut row.left_at, Some(now)),
            (None, Some(false)) => set(&mut row.left_at, None),
            _ => false,
        };
        Ok(Outcome::of(is_new, changed))
    }

    /// Ties the participants of this call, and those whom a new contact of this call is, to their
    /// contacts.
    pub fn link_contacts(&mut self) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let new = self.contacts.slots().iter().filter(|slot| slot.is_new());
        let new: Vec<String> = new.map(|slot| slot.row.external_id.clone()).collect();
        for address in new {
            for pk in self.participants_at(&address)? {
                self.participants.get(conn, pk)?;
            }
        }
        for slot in self.participants.slots_mut() {
            if slot.row.contact_pk.is_none() {
                let address = slot.row.external_id.clone();
                let contact = self.contacts.find(conn, integration, address)?;
                slot.row.contact_pk = contact.map(|contact| contact.pk);
            }
        }
        Ok(())
    }

    /// Those of the file that go by this address.
    pub fn participants_at(&self, address: &str) -> Result<Vec<i64>, StoreError> {
        let pks = self
            .conn
            .prepare_cached(
                "SELECT pk FROM participants WHERE integration_id = ?1 AND external_id = ?2",
            )?
            .query_map((self.integration, address), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(pks)
    }
}
