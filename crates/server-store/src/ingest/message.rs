//! Message records: each makes its row once, and afterwards only fills what was missing.

use threadkeep_protocol::{
    MediaRecord, MessageKind, MessageRecord, Metadata, SyncSource, Timestamp, loose,
};

use super::{
    call::Call,
    outcome::{Outcome, Refusal, must_fit, must_name},
    telling::Telling,
};
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Media, Message, fill},
    reaction::Reactions,
    version::Versions,
};

/// The longest thumbnail: 8 KiB, in base64.
const MAX_THUMBNAIL: usize = 8 * 1024 / 3 * 4 + 4;

impl Call<'_> {
    pub fn take_message(&mut self, record: &MessageRecord) -> Result<Outcome, Refusal> {
        must_name(&record.external_conversation_id, "external_conversation_id")?;
        must_name(&record.external_message_id, "external_message_id")?;
        must_fit(&record.content)?;
        record
            .edits
            .iter()
            .try_for_each(|edit| must_fit(&edit.content))?;
        let address = self.resolve(&record.external_conversation_id)?;
        self.find_named_chat(&address)?;
        let (conversation, is_new_chat) = self.conversation_at(&address)?;
        if self.is_only_counted(conversation, record)? {
            return Ok(Outcome::Unchanged);
        }
        let told = self.told(conversation, record)?;
        if told.is_loose {
            self.expect_loose(conversation)?;
            let name = told.sender_display_name.as_deref();
            self.minutes
                .said_by(conversation, name.filter(|_| !told.is_from_me));
        }
        let sender = told.sender.clone();
        let opens_the_chat = is_new_chat && !told.is_from_me;
        let (known, is_awaited) = match self.find_message(conversation, &told.external_id)? {
            Some(known) => (Some(known), self.message(known)?.is_withdrawn),
            None => {
                let media = record
                    .media
                    .as_ref()
                    .map(|media| self.media_told(media, record));
                let media = media.transpose()?;
                (self.kin(conversation, &told, media.as_ref())?, true)
            }
        };
        let is_news = match known {
            Some(known) => !self.is_own(known)?,
            None => true,
        };
        let (message, mut outcome) = match known {
            Some(pk) if self.is_alone(pk)? && self.message(pk)?.external_id == told.external_id => {
                self.reopen(conversation, record, false)?;
                self.note_conflict(pk, &told)?;
                let changed = self.absorb(pk, &told)?;
                let filled = self.accompany(pk, record)?;
                (pk, Outcome::of_change(changed).max(filled))
            }
            Some(pk) => {
                self.reopen(conversation, record, false)?;
                (pk, self.tell_known(pk, told, record)?)
            }
            None => {
                let pk = self.messages.add(self.conn, told)?.pk;
                self.conversation(conversation)?.total_message_count += 1;
                self.reopen(conversation, record, true)?;
                let filled = self.accompany(pk, record)?;
                (pk, Outcome::Saved.max(filled))
            }
        };
        if opens_the_chat && is_news {
            self.open_chat(conversation, record)?;
        }
        if is_awaited {
            for (source, change) in self.awaited(&address, &record.external_message_id)? {
                self.saying(source, |call| call.apply(message, &change))?;
            }
        }
        if let Some(sender) = sender {
            let name = record.sender_display_name.as_deref();
            let met = self.meet(&sender, name, record.timestamp)?;
            outcome = outcome.max(met.min(Outcome::Updated));
        }
        self.show(message)?;
        if self.conversation(conversation)?.has_loose {
            self.note_minute(message)?;
            self.rematch(conversation, loose::minute(record.timestamp))?;
        }
        // An import says nothing of what is whole, and a name without an id leads no platform on.
        if self.source == ACCOUNT && !record.is_loose {
            self.arrivals.note(
                conversation,
                (record.timestamp.millis(), message),
                record.sync_source,
                is_news,
            );
        }
        Ok(outcome)
    }

    /// Tells what others know already, or did.
    fn tell_known(
        &mut self,
        message: i64,
        told: Message,
        record: &MessageRecord,
    ) -> Result<Outcome, StoreError> {
        self.note_conflict(message, &told)?;
        let media = record
            .media
            .as_ref()
            .map(|media| self.media_told(media, record));
        let mut receipts = Vec::with_capacity(record.receipts.len());
        for times in &record.receipts {
            if !times.participant_external_id.trim().is_empty() {
                receipts.push(self.receipt_told(message, times)?);
            }
        }
        let was_withdrawn = self.message(message)?.is_withdrawn;
        let telling = Telling::new(self.source, told, media.transpose()?, receipts);
        let changed = self.tell(message, telling)?;
        Ok(Outcome::of(was_withdrawn, changed))
    }

    /// Counts a message that is here with another text, where neither is an edit.
    fn note_conflict(&mut self, message: i64, told: &Message) -> Result<(), StoreError> {
        let row = self.message(message)?;
        let is_told = !told.is_deleted && told.versions.edited_at().is_none();
        let text = told.versions.content();
        if is_told
            && !text.is_empty()
            && !row.is_deleted
            && !row.is_withdrawn
            && !row.versions.content().is_empty()
            && row.versions.texts().all(|known| known != text)
        {
            let text = loose::text(text);
            let is_known = row.versions.texts().any(|known| loose::text(known) == text);
            self.conflicting += u64::from(!is_known);
        }
        Ok(())
    }

    /// Whether a message answers a question of which the answer is counted and not kept.
    fn is_only_counted(
        &mut self,
        conversation: i64,
        record: &MessageRecord,
    ) -> Result<bool, StoreError> {
        let before = self.arrivals.dry_before(conversation);
        if before.is_none_or(|before| record.timestamp.millis() > before) {
            return Ok(false);
        }
        let known = self.find_message(conversation, &record.external_message_id)?;
        if known.is_none() {
            self.arrivals.count(conversation);
        }
        Ok(true)
    }

    /// Takes in what else is said of a known message; says whether that changed anything.
    pub fn absorb(&mut self, message: i64, told: &Message) -> Result<bool, StoreError> {
        let now = self.now;
        let row = self.message(message)?;
        let was_deleted = row.is_deleted;
        let changed = absorb(row, told, now);
        if row.is_deleted && !was_deleted {
            self.strip_media(message)?;
        }
        Ok(changed)
    }

    /// The first message of a chat that comes live is one that nobody has read.
    fn open_chat(&mut self, conversation: i64, record: &MessageRecord) -> Result<(), StoreError> {
        let row = self.conversation(conversation)?;
        if record.sync_source == SyncSource::Realtime {
            row.unread_count = 1;
            row.unread_said.at = Some(record.timestamp);
        }
        Ok(())
    }

    /// A deleted conversation comes back with the next message. Deletions are told without a time, and
    /// ours may be years later than theirs (a log that is read in today), so what counts is that the
    /// message is newer than all that the conversation held. One that is known already counts only if
    /// the same call told the deletion before it: then both are a replay.
    fn reopen(
        &mut self,
        conversation: i64,
        record: &MessageRecord,
        is_new: bool,
    ) -> Result<(), StoreError> {
        let told_deleted = self.deleted.contains(&conversation);
        let row = self.conversation(conversation)?;
        if !row.is_deleted || record.sync_source != SyncSource::Realtime {
            return Ok(());
        }
        let time = Some(record.timestamp);
        let is_newest = time >= row.last_activity_at;
        let is_since = is_new && time > row.deleted_at;
        if is_since || is_newest && (is_new || told_deleted) {
            row.is_deleted = false;
            row.deleted_at = None;
        }
        Ok(())
    }

    /// What comes with a message: its file and its receipts.
    fn accompany(&mut self, message: i64, record: &MessageRecord) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::Unchanged;
        if let Some(media) = &record.media {
            let told = self.media_told(media, record)?;
            outcome = outcome.max(self.attach(message, told)?);
        }
        for times in &record.receipts {
            if !times.participant_external_id.trim().is_empty() {
                outcome = outcome.max(self.receipt(message, times)?);
            }
        }
        // Whatever row that made, the record is about the message.
        Ok(outcome.min(Outcome::Updated))
    }

    /// The row that the record would make.
    fn told(&mut self, conversation: i64, record: &MessageRecord) -> Result<Message, StoreError> {
        let sender = match record.sender_external_id.as_deref() {
            Some(sender) if !sender.trim().is_empty() => Some(self.resolve(sender)?),
            _ => None,
        };
        let is_from_me =
            record.is_from_me || sender.as_deref().is_some_and(|sender| self.is_me(sender));
        let mut reactions = Reactions::default();
        for reaction in &record.reactions {
            if !reaction.sender_external_id.trim().is_empty() {
                let who = self.reactor(&reaction.sender_external_id)?;
                reactions.add(who, reaction.emoji.clone(), reaction.at);
            }
        }
        let mut told = Message {
            conversation_pk: conversation,
            external_id: record.external_message_id.clone(),
            sender: sender.filter(|_| !is_from_me),
            sender_display_name: record.sender_display_name.clone(),
            kind: record.message_type,
            versions: Versions::told(&record.content, record.edited_at, &record.edits),
            timestamp: record.timestamp,
            is_from_me,
            is_forwarded: record.is_forwarded.unwrap_or_default(),
            is_starred: record.is_starred,
            is_deleted: false,
            deleted_at: None,
            deleted_at_told: false,
            reply_to_external_id: record.reply_to_external_id.clone(),
            reply_to_preview: record.reply_to_preview.clone(),
            delivery_status: record.delivery_status,
            reactions,
            sync_source: record.sync_source,
            platform_metadata: json(record.platform_metadata.as_ref())?,
            is_loose: record.is_loose,
            origin: self.source,
            is_withdrawn: false,
        };
        if record.is_deleted == Some(true) {
            told.revoke(record.deleted_at, self.now);
        }
        Ok(told)
    }

    /// The row that a file's record would make.
    fn media_told(
        &self,
        record: &MediaRecord,
        message: &MessageRecord,
    ) -> Result<Media, StoreError> {
        let media_type = if record.media_type.is_empty() {
            message.message_type.name()
        } else {
            &record.media_type
        };
        Ok(Media {
            message_pk: 0,
            media_type: media_type.to_owned(),
            mime_type: record.mime_type.clone(),
            file_name: record.file_name.clone(),
            file_size: record.file_size,
            sha256: record.sha256.clone(),
            width: record.width,
            height: record.height,
            duration: record.duration,
            has_content: false,
            thumbnail: record
                .thumbnail
                .clone()
                .filter(|text| text.len() <= MAX_THUMBNAIL),
            platform_metadata: json(record.platform_metadata.as_ref())?,
            is_withdrawn: false,
        })
    }

    fn attach(&mut self, message: i64, mut told: Media) -> Result<Outcome, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        told.message_pk = message;
        let slot = self.messages.get(conn, message)?;
        if slot.row.is_deleted {
            told.strip();
        }
        if slot.is_new() {
            self.media.rule_out(message);
        }
        match self.media.find(conn, integration, message)? {
            Some(slot) if slot.row.is_withdrawn => {
                slot.row = told;
                Ok(Outcome::Updated)
            }
            Some(slot) => Ok(Outcome::of_change(slot.row.absorb(&told))),
            None => {
                self.media.add(conn, told)?;
                Ok(Outcome::Saved)
            }
        }
    }
}

/// What is said of a known message fills, moves forward, never replaces a text, never
/// brings a revoked one back.
pub fn absorb(row: &mut Message, told: &Message, now: Timestamp) -> bool {
    let mut changed = false;
    if told.is_from_me && !row.is_from_me {
        row.is_from_me = true;
        row.sender = None;
        changed = true;
    }
    if !row.is_from_me {
        changed |= fill(&mut row.sender, told.sender.as_ref());
    }
    changed |= fill(
        &mut row.sender_display_name,
        told.sender_display_name.as_ref(),
    );
    if row.kind == MessageKind::Unknown && told.kind != MessageKind::Unknown {
        row.kind = told.kind;
        changed = true;
    }
    if told.is_forwarded && !row.is_forwarded {
        row.is_forwarded = true;
        changed = true;
    }
    changed |= fill(&mut row.is_starred, told.is_starred.as_ref());
    changed |= fill(
        &mut row.reply_to_external_id,
        told.reply_to_external_id.as_ref(),
    );
    changed |= fill(&mut row.reply_to_preview, told.reply_to_preview.as_ref());
    changed |= row.advance(told.delivery_status);
    changed |= row.reactions.absorb(&told.reactions);
    if told.is_deleted {
        changed |= row.revoke(told.deleted_at.filter(|_| told.deleted_at_told), now);
    } else if !row.is_deleted {
        changed |= row.versions.absorb(&told.versions);
        if row.platform_metadata.is_empty() && !told.platform_metadata.is_empty() {
            row.platform_metadata.clone_from(&told.platform_metadata);
            changed = true;
        }
    }
    changed
}

/// What the platform said, as text; empty where it said nothing.
fn json(metadata: Option<&Metadata>) -> Result<String, StoreError> {
    match metadata {
        Some(metadata) if !metadata.is_empty() => Ok(serde_json::to_string(metadata)?),
        _ => Ok(String::new()),
    }
}
