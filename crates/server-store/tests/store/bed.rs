//! A store in a folder of its own, and short ways to say things.

mod seen;

use std::path::PathBuf;

use rusqlite::Connection;
use tempfile::TempDir;
use threadkeep_protocol::{
    Address, Contact, ContactRecord, Conversation, ConversationRecord, Edit, Id, ImportState,
    IngestReport, IntegrationId, Message, MessageKind, MessageRecord, NewImport, ParticipantRecord,
    ReactionRecord, ReceiptRecord, ReceiptTimes, Record, Revoke, Stream, SyncSource, Timestamp,
};
use threadkeep_server_store::{IngestOptions, NewIntegration, Store, StoredRow};

pub const ME: &str = "491510000000@s.whatsapp.net";
pub const ANA: &str = "491511111111@s.whatsapp.net";
pub const BOB: &str = "491512222222@s.whatsapp.net";
pub const ANA_LID: &str = "100000000000001@lid";
pub const GROUP: &str = "120363020000000003@g.us";

pub struct Bed {
    _folder: TempDir,
    pub path: PathBuf,
    pub store: Store,
    pub integration: IntegrationId,
}

impl Bed {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.db");
        let store = Store::open(&path).unwrap();
        let integration = integrate(&store).await;
        Self {
            _folder: folder,
            path,
            store,
            integration,
        }
    }

    /// One call.
    pub async fn say(&self, records: impl IntoIterator<Item = Record>) -> IngestReport {
        let records = records.into_iter().enumerate().collect();
        self.store
            .ingest(self.integration, records, IngestOptions::default())
            .await
            .unwrap()
    }

    /// One call that must take every record.
    pub async fn tell(&self, records: impl IntoIterator<Item = Record>) -> (u64, u64, u64) {
        let report = self.say(records).await;
        assert_eq!(report.errors, vec![], "every record makes sense");
        (report.saved, report.updated, report.unchanged)
    }

    /// An import that has just begun.
    pub async fn import(&self, format: &str) -> i64 {
        let new = NewImport {
            format: format.into(),
            ..NewImport::default()
        };
        let begun = self.store.begin_import(self.integration, new).await;
        begun.unwrap().id
    }

    /// One call under an import, which must take every record.
    pub async fn tell_as(
        &self,
        import: i64,
        records: impl IntoIterator<Item = Record>,
    ) -> IngestReport {
        let records = records.into_iter().enumerate().collect();
        let options = IngestOptions {
            import: Some(import),
            ..IngestOptions::default()
        };
        let report = self.store.ingest(self.integration, records, options).await;
        let report = report.unwrap();
        assert_eq!(report.errors, vec![], "every record makes sense");
        report
    }

    pub async fn undo(&self, import: i64) {
        let undone = self.store.undo_import(self.integration, import).await;
        assert_eq!(undone.unwrap().state, ImportState::Undone);
    }

    /// By whom a message is known: the account, and the formats of imports.
    pub async fn sources(&self, message: Id) -> Vec<String> {
        let sources = self.store.message_sources(self.integration, message).await;
        let mut names: Vec<String> = sources
            .unwrap()
            .into_iter()
            .map(|source| {
                source
                    .import
                    .map_or("account".into(), |import| import.format)
            })
            .collect();
        names.sort();
        names
    }

    /// The messages that a reader has.
    pub async fn messages(&self) -> Vec<Message> {
        let mut rows = self.rows::<Message>().await;
        rows.retain(|row| !row.is_withdrawn);
        rows.sort_by(|a, b| {
            (a.timestamp, &a.external_message_id).cmp(&(b.timestamp, &b.external_message_id))
        });
        rows
    }

    pub async fn rows<R: StoredRow>(&self) -> Vec<R> {
        let page = self
            .store
            .page::<R>(self.integration, 0, 100_000)
            .await
            .unwrap();
        assert!(!page.has_more, "a test's rows fit into one page");
        page.rows
    }

    pub async fn message(&self, external_id: &str) -> Message {
        let mut found = self.rows::<Message>().await;
        found.retain(|row| row.external_message_id == external_id);
        assert_eq!(found.len(), 1, "exactly one message {external_id}");
        found.remove(0)
    }

    pub async fn conversation(&self, external_id: &str) -> Conversation {
        let mut found = self.rows::<Conversation>().await;
        found.retain(|row| row.external_conversation_id == external_id);
        assert_eq!(found.len(), 1, "exactly one conversation {external_id}");
        found.remove(0)
    }

    pub async fn contact(&self, external_id: &str) -> Contact {
        let mut found = self.rows::<Contact>().await;
        found.retain(|row| row.external_contact_id == external_id);
        assert_eq!(found.len(), 1, "exactly one contact {external_id}");
        found.remove(0)
    }

    /// The greatest seq that any row has.
    pub async fn last_seq(&self) -> i64 {
        let status = self.store.status(self.integration).await.unwrap();
        Stream::ALL
            .into_iter()
            .map(|stream| status.latest_seq(stream))
            .max()
            .unwrap()
    }

    pub fn file(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.file().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

pub async fn integrate(store: &Store) -> IntegrationId {
    let new = NewIntegration {
        integration_type: "whatsapp".into(),
        display_name: "Mine".into(),
        external_id: Some(ME.into()),
    };
    store.create_integration(new).await.unwrap().id
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_600_000_000 + seconds)
}

pub fn message(chat: &str, id: &str, seconds: i64) -> MessageRecord {
    MessageRecord {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        sender_external_id: Some(if chat.ends_with("@g.us") { BOB } else { chat }.into()),
        sender_display_name: None,
        message_type: MessageKind::Text,
        content: format!("text of {id}"),
        timestamp: at(seconds),
        is_from_me: false,
        is_forwarded: None,
        is_starred: None,
        is_deleted: None,
        deleted_at: None,
        edited_at: None,
        edits: vec![],
        reply_to_external_id: None,
        reply_to_preview: None,
        delivery_status: None,
        reactions: vec![],
        receipts: vec![],
        media: None,
        sync_source: SyncSource::HistorySync,
        is_loose: false,
        platform_metadata: None,
    }
}

pub fn mine(chat: &str, id: &str, seconds: i64) -> MessageRecord {
    MessageRecord {
        sender_external_id: None,
        is_from_me: true,
        ..message(chat, id, seconds)
    }
}

pub fn said(record: MessageRecord) -> Record {
    Record::Message(Box::new(record))
}

pub fn edit(chat: &str, id: &str, content: &str, seconds: i64) -> Record {
    Record::Edit(Edit {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        content: content.into(),
        at: at(seconds),
    })
}

pub fn revoke(chat: &str, id: &str, seconds: Option<i64>) -> Record {
    Record::Revoke(Revoke {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        at: seconds.map(at),
    })
}

pub fn reaction(chat: &str, id: &str, who: &str, emoji: &str, seconds: i64) -> Record {
    Record::Reaction(ReactionRecord {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        sender_external_id: who.into(),
        emoji: emoji.into(),
        at: Some(at(seconds)),
    })
}

pub fn read_by(chat: &str, id: &str, who: &str, seconds: i64) -> Record {
    Record::Receipt(ReceiptRecord {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        receipt: ReceiptTimes {
            participant_external_id: who.into(),
            read_at: Some(at(seconds)),
            ..ReceiptTimes::default()
        },
    })
}

pub fn chat(external_id: &str) -> ConversationRecord {
    ConversationRecord {
        external_conversation_id: external_id.into(),
        ..Default::default()
    }
}

pub fn contact(external_id: &str) -> ContactRecord {
    ContactRecord {
        external_contact_id: external_id.into(),
        ..Default::default()
    }
}

pub fn participant(group: &str, who: &str) -> ParticipantRecord {
    ParticipantRecord {
        external_conversation_id: group.into(),
        external_participant_id: who.into(),
        ..Default::default()
    }
}

pub fn address(lid: &str, phone: &str) -> Record {
    Record::Address(Address {
        lid: lid.into(),
        phone: phone.into(),
    })
}

/// A message as an exported text has it: no id, the minute, the sender's name.
pub fn loose(chat: &str, id: &str, sender: Option<&str>, text: &str, minute: i64) -> MessageRecord {
    MessageRecord {
        external_conversation_id: chat.into(),
        external_message_id: format!("txt:{id}"),
        sender_external_id: None,
        sender_display_name: sender.map(str::to_owned),
        is_from_me: sender.is_none(),
        content: text.into(),
        timestamp: in_minute(minute, 0),
        sync_source: SyncSource::Import,
        is_loose: true,
        ..message(chat, id, 0)
    }
}

pub fn in_minute(minute: i64, second: i64) -> Timestamp {
    Timestamp::from_seconds(1_600_000_020 + minute * 60 + second)
}
