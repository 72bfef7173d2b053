//! The row that follows from what each source says of a message.

use threadkeep_protocol::ConversationKind;

use crate::{
    error::StoreError,
    ingest::{
        call::Call,
        telling::{Folded, fold},
    },
    kept::{ACCOUNT, Kept, Media, Message, Receipt, SEVERAL},
};

impl Call<'_> {
    /// Makes the row what follows from all that is said; says whether a reader sees a difference.
    pub fn refold(&mut self, message: i64) -> Result<bool, StoreError> {
        let now = self.now;
        let list = self.tellings(message)?;
        let origin = match list.as_slice() {
            [] => ACCOUNT,
            [one] if one.has_base => one.source,
            // Changes alone wait beside the row, for whoever tells the message.
            _ => SEVERAL,
        };
        let Some(folded) = fold(list, now) else {
            return self.withdraw(message, origin);
        };
        let was = self.message(message)?.clone();
        let Folded {
            row,
            media,
            receipts,
        } = folded;
        let mut row = Message {
            conversation_pk: was.conversation_pk,
            origin,
            is_withdrawn: false,
            ..row
        };
        self.advance_by(&mut row, &receipts)?;
        if row.is_deleted && was.is_deleted && !row.deleted_at_told && !was.deleted_at_told {
            row.deleted_at = was.deleted_at;
        }
        self.rename_message(message, &was, &row)?;
        let is_back = was.is_withdrawn;
        // What was the oldest, or the newest, may be so no longer.
        let has_moved = was.timestamp != row.timestamp || was.external_id != row.external_id;
        let mut changed = !was.looks_like(&row);
        let conversation = row.conversation_pk;
        *self.message(message)? = row;
        if is_back {
            self.conversation(conversation)?.total_message_count += 1;
        }
        if has_moved {
            self.reshown.insert(conversation);
        }
        changed |= self.put_media(message, media)?;
        changed |= self.put_receipts(message, receipts)?;
        self.note_minute(message)?;
        self.show(message)?;
        Ok(changed)
    }

    /// In a direct chat a receipt is also how far one's own message got.
    fn advance_by(&mut self, row: &mut Message, receipts: &[Receipt]) -> Result<(), StoreError> {
        let is_direct = self.conversation(row.conversation_pk)?.kind == ConversationKind::Direct;
        if is_direct && row.is_from_me {
            for receipt in receipts {
                if !self.is_me(&receipt.external_id) {
                    row.advance(receipt.status());
                }
            }
        }
        Ok(())
    }

    /// The row goes by the name that the best source has for the message.
    fn rename_message(
        &mut self,
        message: i64,
        was: &Message,
        row: &Message,
    ) -> Result<(), StoreError> {
        if was.external_id == row.external_id {
            return Ok(());
        }
        let (conn, integration) = (self.conn, self.integration);
        let key = (row.conversation_pk, row.external_id.clone());
        // What was withdrawn under that name makes room.
        let other = self
            .messages
            .find(conn, integration, key)?
            .map(|slot| slot.pk);
        if let Some(other) = other.filter(|other| *other != message) {
            self.messages.rename(conn, other, |row| {
                row.external_id = format!("{}#{other}", row.external_id);
            })?;
        }
        self.messages.rename(conn, message, |kept| {
            kept.external_id.clone_from(&row.external_id)
        })
    }

    /// Nobody who told the message is left: the row keeps its name and its place, and no content.
    fn withdraw(&mut self, message: i64, origin: i64) -> Result<bool, StoreError> {
        let row = self.message(message)?;
        let was_there = !row.is_withdrawn;
        let conversation = row.conversation_pk;
        *row = Message {
            origin,
            is_withdrawn: true,
            ..row.unsaid()
        };
        if was_there {
            self.conversation(conversation)?.total_message_count -= 1;
            self.reshown.insert(conversation);
        }
        self.put_media(message, None)?;
        self.put_receipts(message, Vec::new())?;
        Ok(was_there)
    }

    fn put_media(&mut self, message: i64, media: Option<Media>) -> Result<bool, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let known = self.media.find(conn, integration, message)?;
        match (known, media) {
            (None, None) => Ok(false),
            (None, Some(media)) => {
                let media = Media {
                    message_pk: message,
                    ..media
                };
                self.media.add(conn, media)?;
                Ok(true)
            }
            (Some(slot), media) => {
                let is_withdrawn = media.is_none();
                let mut media = media.unwrap_or_default();
                let is_same = media.sha256.is_some() && media.sha256 == slot.row.sha256;
                media.message_pk = message;
                media.is_withdrawn = is_withdrawn;
                media.has_content = is_same && slot.row.has_content && !is_withdrawn;
                let changed = slot.row != media;
                slot.row = media;
                Ok(changed)
            }
        }
    }

    fn put_receipts(&mut self, message: i64, receipts: Vec<Receipt>) -> Result<bool, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let mut changed = false;
        for pk in self.receipts_of(message)? {
            let row = &mut self.receipts.get(conn, pk)?.row;
            let is_told = receipts
                .iter()
                .any(|receipt| receipt.external_id == row.external_id);
            if !is_told && !row.is_withdrawn {
                *row = Receipt {
                    message_pk: message,
                    external_id: row.external_id.clone(),
                    is_withdrawn: true,
                    ..Receipt::default()
                };
                changed = true;
            }
        }
        for receipt in receipts {
            let receipt = Receipt {
                message_pk: message,
                ..receipt
            };
            let key = (message, receipt.external_id.clone());
            match self.receipts.find(conn, integration, key)? {
                Some(slot) => {
                    changed |= slot.row != receipt;
                    slot.row = receipt;
                }
                None => {
                    let pk = self.receipts.add(conn, receipt)?.pk;
                    self.tellings.receipts.entry(message).or_default().push(pk);
                    changed = true;
                }
            }
        }
        Ok(changed)
    }
}
