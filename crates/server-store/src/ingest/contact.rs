//! Contact records, and the people met in messages.

use threadkeep_protocol::{ContactRecord, Jid, Timestamp};

use super::{
    call::Call,
    conversation::add_metadata,
    outcome::{Outcome, Refusal, must_name},
};
use crate::{
    error::StoreError,
    kept::{Contact, replace, set},
};

impl Call<'_> {
    pub fn take_contact(&mut self, record: &ContactRecord) -> Result<Outcome, Refusal> {
        must_name(&record.external_contact_id, "external_contact_id")?;
        let now = self.now;
        let address = self.resolve(&record.external_contact_id)?;
        let (_, is_new) = self.contact_at(&address)?;
        let (row, _) = self.contact_at(&address)?;
        let mut changed = false;
        let lid = record.lid.as_deref().map(|lid| Jid::new(lid).bare());
        let fields = [
            (
                &mut row.lid,
                lid.as_ref().filter(|lid| Jid::new(lid).is_lid()),
            ),
            (&mut row.display_name, record.display_name.as_ref()),
            (&mut row.first_name, record.first_name.as_ref()),
            (&mut row.last_name, record.last_name.as_ref()),
            (&mut row.phone_number, record.phone_number.as_ref()),
            (&mut row.username, record.username.as_ref()),
            (&mut row.avatar_url, record.avatar_url.as_ref()),
            (&mut row.about, record.about.as_ref()),
        ];
        for (field, said) in fields {
            changed |= replace(field, said.filter(|said| !said.is_empty()));
        }
        if let Some(name) = record.push_name.as_deref().filter(|name| !name.is_empty()) {
            changed |= row.call_now(name, now);
        }
        for (flag, said) in [
            (&mut row.is_blocked, record.is_blocked),
            (&mut row.is_favorite, record.is_favorite),
            (&mut row.is_business, record.is_business),
        ] {
            if let Some(said) = said {
                changed |= set(flag, said);
            }
        }
        changed |= add_metadata(
            &mut row.platform_metadata,
            record.platform_metadata.as_ref(),
        )?;
        self.know(&address)?;
        Ok(Outcome::of(is_new, changed))
    }

    /// Somebody wrote: they are a contact from then on, by the name they give themselves.
    pub fn meet(
        &mut self,
        address: &str,
        name: Option<&str>,
        at: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let jid = Jid::new(address);
        if jid.is_group() || matches!(jid.server(), "broadcast" | "newsletter") {
            return Ok(Outcome::Unchanged);
        }
        let (row, is_new) = self.contact_at(address)?;
        let renamed = name.is_some_and(|name| !name.is_empty() && row.call(name, at));
        if renamed {
            self.know(address)?;
        }
        Ok(Outcome::of(is_new, renamed))
    }

    /// Whoever is matched by name goes by the contact's from now on. One that does not last is looked at
    /// once more at the end.
    fn know(&mut self, address: &str) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        if let Some(slot) = self.contacts.find(conn, integration, address.to_owned())? {
            for name in self.minutes.know(&slot.row) {
                self.due.name(name);
            }
        }
        Ok(())
    }

    /// The contact of this (resolved) address, and whether it had to be made.
    fn contact_at(&mut self, address: &str) -> Result<(&mut Contact, bool), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let known = self.contacts.find(conn, integration, address.to_owned())?;
        if let Some(pk) = known.map(|slot| slot.pk) {
            let row = &mut self.contacts.get(conn, pk)?.row;
            let is_back = std::mem::take(&mut row.is_withdrawn);
            return Ok((row, is_back));
        }
        let mut row = Contact::at(address);
        if row.lid.is_none() {
            row.lid = self.lid_of(address)?;
        }
        Ok((&mut self.contacts.add(conn, row)?.row, true))
    }
}
