//! Who is who: a hidden id (LID) and a phone address are one person once somebody has said so.
//!
//! Everything is kept under the phone address where it is known. What came before that under the
//! hidden id is rewritten when it becomes known, at the price of what names that id, not of all rows.

use rusqlite::OptionalExtension;
use threadkeep_protocol::{Jid, Record};

use super::{
    call::Call,
    outcome::{Outcome, Refusal, must_name},
};
use crate::{
    error::StoreError,
    kept::{Contact, fill},
};

impl Call<'_> {
    /// Learns the addresses that a record tells. Done for all records of a call before any other is
    /// taken, so that their order does not matter.
    pub fn learn_from(&mut self, record: &Record) -> Result<Outcome, Refusal> {
        match record {
            Record::Address(address) => {
                must_name(&address.lid, "lid")?;
                must_name(&address.phone, "phone")?;
                let (lid, phone) = (
                    Jid::new(&address.lid).bare(),
                    Jid::new(&address.phone).bare(),
                );
                if !Jid::new(&lid).is_lid() || Jid::new(&phone).is_lid() {
                    let reason = "an address is a hidden id and a phone address";
                    return Err(Refusal::Record(reason.to_owned()));
                }
                let is_new = self.learn(&lid, &phone)?;
                Ok(Outcome::of(is_new, false))
            }
            Record::Contact(contact) => {
                let Some(lid) = &contact.lid else {
                    return Ok(Outcome::Unchanged);
                };
                let lid = Jid::new(lid).bare();
                let phone = Jid::new(&contact.external_contact_id).bare();
                let is_pair = Jid::new(&lid).is_lid() && !Jid::new(&phone).is_lid();
                if !is_pair || phone.trim().is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                Ok(Outcome::of_change(self.learn(&lid, &phone)?))
            }
            _ => Ok(Outcome::Unchanged),
        }
    }

    /// The phone address behind a hidden id.
    pub fn phone_of(&mut self, lid: &str) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.addresses.get(lid) {
            return Ok(known.clone());
        }
        let phone: Option<String> = self
            .conn
            .prepare_cached("SELECT phone FROM addresses WHERE integration_id = ?1 AND lid = ?2")?
            .query_row((self.integration, lid), |row| row.get(0))
            .optional()?;
        self.addresses.insert(lid.to_owned(), phone.clone());
        Ok(phone)
    }

    /// A hidden id of this phone address.
    pub fn lid_of(&self, phone: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT min(lid) FROM addresses WHERE integration_id = ?1 AND phone = ?2",
            )?
            .query_row((self.integration, phone), |row| row.get(0))?)
    }

    /// Remembers the messages that name a hidden id whose phone address is not known.
    pub fn note_hidden<'a>(
        &self,
        message: i64,
        named: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), StoreError> {
        for address in named
            .into_iter()
            .filter(|address| Jid::new(address).is_lid())
        {
            self.conn
                .prepare_cached(
                    "INSERT INTO hidden_senders (integration_id, lid, message_pk)
                     VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute((self.integration, address, message))?;
        }
        Ok(())
    }

    /// Learns a pair and rewrites what is kept under the hidden id; false where it was known.
    fn learn(&mut self, lid: &str, phone: &str) -> Result<bool, StoreError> {
        if self.phone_of(lid)?.as_deref() == Some(phone) {
            return Ok(false);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO addresses (integration_id, lid, phone) VALUES (?1, ?2, ?3)
                 ON CONFLICT (integration_id, lid) DO UPDATE SET phone = excluded.phone",
            )?
            .execute((self.integration, lid, phone))?;
        self.addresses
            .insert(lid.to_owned(), Some(phone.to_owned()));
        if self.own.as_deref() == Some(lid) {
            self.own = Some(phone.to_owned());
        }
        self.minutes.forget_names();
        self.readdress_contact(lid, phone)?;
        self.readdress_participants(lid, phone)?;
        // Before conversations merge, so that what one message takes over from another already
        // names people as they are named from now on.
        self.readdress_messages(lid, phone)?;
        self.readdress_conversation(lid, phone)?;
        self.readdress_pending(lid, phone)?;
        Ok(true)
    }

    /// Gives the contact its phone address, or merges it into the one that has it.
    fn readdress_contact(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let hidden = self.contacts.find(conn, integration, lid.to_owned())?;
        // One that was merged stays where it is, should the hidden id get another phone address.
        let hidden = hidden
            .filter(|slot| slot.row.merged_into.is_none())
            .map(|slot| (slot.pk, slot.row.clone()));
        let known = self.contacts.find(conn, integration, phone.to_owned())?;
        match (hidden, known) {
            (None, None) => {}
            (None, Some(known)) => {
                fill(&mut known.row.lid, Some(&lid.to_owned()));
            }
            (Some((pk, _)), None) => self.contacts.rename(conn, pk, |row| {
                row.external_id = phone.to_owned();
                fill(
                    &mut row.phone_number,
                    Jid::new(phone).phone_number().as_ref(),
                );
            })?,
            (Some((pk, hidden)), Some(known)) => {
                known.row.absorb(&hidden);
                let winner = known.pk;
                let loser: &mut Contact = &mut self.contacts.get(conn, pk)?.row;
                loser.merged_into = Some(winner);
            }
        }
        Ok(())
    }

    /// Gives participants their phone address; one that is in the group under both has left it under
    /// the hidden id.
    fn readdress_participants(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let (conn, integration, now) = (self.conn, self.integration, self.now);
        let contact = self
            .contacts
            .find(conn, integration, phone.to_owned())?
            .map(|slot| slot.pk);
        // Those under the phone address may have the contact that was under the hidden id until now:
        // what is touched and has none is tied to its contact at the end of the call.
        for pk in self.participants_at(phone)? {
            self.participants.get(conn, pk)?;
        }
        for pk in self.participants_at(lid)? {
            let hidden = self.participants.get(conn, pk)?.row.clone();
            if hidden.external_id != lid {
                continue;
            }
            let key = (hidden.conversation_pk, phone.to_owned());
            match self.participants.find(conn, integration, key)? {
                None => self.participants.rename(conn, pk, |row| {
                    row.external_id = phone.to_owned();
                    row.contact_pk = contact.or(row.contact_pk);
                })?,
                Some(known) => {
                    known.row.take_over(&hidden);
                    let loser = &mut self.participants.get(conn, pk)?.row;
                    loser.left_at = loser.left_at.or(Some(now));
                    loser.contact_pk = contact.or(loser.contact_pk);
                }
            }
        }
        Ok(())
    }
}
