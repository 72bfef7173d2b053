//! The truth: what a server has, and what a mirror must have once it has pulled it.

use std::collections::BTreeMap;

use serde::Serialize;
use threadkeep_protocol::{
    Contact, Conversation, Id, ME, Media, Message, Page, Participant, Receipt, Row, Seq, Stream,
    SyncStatus, Timestamp,
};

/// What a server has of one account.
pub struct World {
    pub epoch: String,
    /// Streams that it knows; it answers 404 for the others.
    pub streams: Vec<Stream>,
    pub tells_status: bool,
    pub tells_digest: bool,
    /// Answers in lines where they are asked for, and knows the newest messages of a chat.
    pub speaks_lines: bool,
    last_seq: Seq,
    last_id: u128,
    pub conversations: Vec<Conversation>,
    pub messages: Vec<Message>,
    pub contacts: Vec<Contact>,
    pub participants: Vec<Participant>,
    pub media: Vec<Media>,
    pub receipts: Vec<Receipt>,
}

/// What can be seen of an account, on either side.
#[derive(Debug, PartialEq, Eq)]
pub struct View {
    pub counts: BTreeMap<Stream, u64>,
    /// By chat and the platform's name of the message.
    pub messages: BTreeMap<(String, String), MessageView>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct MessageView {
    pub id: Id,
    pub chat_name: String,
    pub sender: String,
    pub content: String,
    pub timestamp: i64,
    pub files: Vec<String>,
    /// Who read it when.
    pub read_by: BTreeMap<String, i64>,
}

/// Shorter than writing every field that a row may have.
fn row<R: Row>(fields: serde_json::Value) -> R {
    serde_json::from_value(fields).expect("the fields of a row")
}

fn time(seconds: i64) -> String {
    Timestamp::from_seconds(1_700_000_000 + seconds).to_string()
}

impl World {
    /// A few chats and so many messages, with people, files and receipts.
    pub fn with_messages(count: usize) -> Self {
        let mut world = Self {
            epoch: "e1".into(),
            streams: Stream::ALL.to_vec(),
            tells_status: true,
            tells_digest: true,
            speaks_lines: true,
            last_seq: 0,
            last_id: 0,
            conversations: Vec::new(),
            messages: Vec::new(),
            contacts: Vec::new(),
            participants: Vec::new(),
            media: Vec::new(),
            receipts: Vec::new(),
        };
        for _ in 0..3 {
            world.add_conversation();
        }
        for _ in 0..count {
            world.add_message();
        }
        world
    }

    /// A server of the first design: three streams, no epoch.
    pub fn of_the_first_design(count: usize) -> Self {
        let mut world = Self::with_messages(count);
        world.streams = Stream::SEED.to_vec();
        world.speaks_lines = false;
        world.epoch.clear();
        world.participants.clear();
        world.media.clear();
        world.receipts.clear();
        world
    }

    /// The same data in another history, as after a restore: other ids of history, other seqs.
    pub fn restored(mut self, epoch: &str) -> Self {
        self.epoch = epoch.into();
        self.last_seq = 0;
        // Newest first, so that no row keeps its place.
        for i in (0..self.messages.len()).rev() {
            self.messages[i].seq = self.next_seq();
        }
        for i in 0..self.conversations.len() {
            self.conversations[i].seq = self.next_seq();
        }
        for i in 0..self.contacts.len() {
            self.contacts[i].seq = self.next_seq();
        }
        for i in 0..self.participants.len() {
            self.participants[i].seq = self.next_seq();
        }
        for i in 0..self.media.len() {
            self.media[i].seq = self.next_seq();
        }
        for i in 0..self.receipts.len() {
            self.receipts[i].seq = self.next_seq();
        }
        self
    }

    fn next_seq(&mut self) -> Seq {
        self.last_seq += 1;
        self.last_seq
    }

    fn next_id(&mut self) -> Id {
        self.last_id += 1;
        Id::from_u128(0x0192_d1e0_0000_7000_8000_0000_0000_0000 + self.last_id)
    }

    fn person(number: usize) -> String {
        format!("49170000{number:04}@s.whatsapp.net")
    }

    pub fn add_conversation(&mut self) {
        let number = self.conversations.len();
        let conversation: Conversation = row(serde_json::json!({
            "id": self.next_id(),
            "seq": self.next_seq(),
            "external_conversation_id": format!("{number}@g.us"),
            "conversation_type": "group",
            "name": format!("Chat {number}"),
        }));
        let participant = row(serde_json::json!({
            "id": self.next_id(),
            "seq": self.next_seq(),
            "conversation_id": conversation.id,
            "external_participant_id": Self::person(number),
        }));
        let contact = row(serde_json::json!({
            "id": self.next_id(),
            "seq": self.next_seq(),
            "external_contact_id": Self::person(number),
            "display_name": format!("Person {number}"),
        }));
        self.conversations.push(conversation);
        self.participants.push(participant);
        self.contacts.push(contact);
    }

    /// Every fourth brings a file, every third is one's own and read by somebody.
    pub fn add_message(&mut self) {
        let number = self.messages.len();
        let message: Message = row(serde_json::json!({
            "id": self.next_id(),
            "seq": self.next_seq(),
            "conversation_id": self.conversations[number % self.conversations.len()].id,
            "external_message_id": format!("M{number:05}"),
            "is_from_me": number.is_multiple_of(3),
            "sender_external_id": (!number.is_multiple_of(3)).then(|| Self::person(number % 3)),
            "message_type": "text",
            "content": format!("message {number}: <b>ünï</b> 你好 🧵 \"]\" \\"),
            "timestamp": time(number as i64),
        }));
        if number.is_multiple_of(4) {
            let media = row(serde_json::json!({
                "id": self.next_id(),
                "seq": self.next_seq(),
                "message_id": message.id,
                "media_type": "image",
                "file_name": format!("{number}.jpg"),
            }));
            self.media.push(media);
        }
        if number.is_multiple_of(3) {
            let receipt = row(serde_json::json!({
                "id": self.next_id(),
                "seq": self.next_seq(),
                "message_id": message.id,
                "participant_external_id": Self::person(number % 3),
                "read_at": time(number as i64 + 60),
            }));
            self.receipts.push(receipt);
        }
        self.messages.push(message);
    }

    pub fn edit_message(&mut self, number: usize, content: &str) {
        let seq = self.next_seq();
        let count = self.messages.len();
        let message = &mut self.messages[number % count];
        message.content = content.into();
        message.seq = seq;
    }

    pub fn rename_conversation(&mut self, number: usize, name: &str) {
        let seq = self.next_seq();
        let count = self.conversations.len();
        let conversation = &mut self.conversations[number % count];
        conversation.name = Some(name.into());
        conversation.seq = seq;
    }

    pub fn status(&self) -> SyncStatus {
        let mut status = SyncStatus {
            epoch: self.epoch.clone(),
            ..SyncStatus::default()
        };
        for &stream in &self.streams {
            let (latest_seq, count) = match stream {
                Stream::Conversations => extent(&self.conversations),
                Stream::Messages => extent(&self.messages),
                Stream::Contacts => extent(&self.contacts),
                Stream::Participants => extent(&self.participants),
                Stream::Media => extent(&self.media),
                Stream::Receipts => extent(&self.receipts),
            };
            status.set(stream, latest_seq, count);
        }
        status
    }

    /// A page as an honest server writes it.
    pub fn page(&self, stream: Stream, since: Seq, limit: usize) -> String {
        let epoch = &self.epoch;
        match stream {
            Stream::Conversations => page(&self.conversations, since, limit, epoch),
            Stream::Messages => page(&self.messages, since, limit, epoch),
            Stream::Contacts => page(&self.contacts, since, limit, epoch),
            Stream::Participants => page(&self.participants, since, limit, epoch),
            Stream::Media => page(&self.media, since, limit, epoch),
            Stream::Receipts => page(&self.receipts, since, limit, epoch),
        }
    }

    /// The rest of a stream as an honest server writes it in lines.
    pub fn lines(&self, stream: Stream, since: Seq, limit: usize) -> String {
        let (mut text, mut since) = (String::new(), since);
        loop {
            let page = self.page(stream, since, limit);
            let mut page: serde_json::Value = serde_json::from_str(&page).expect("it is JSON");
            let rows = page[stream.name()].take();
            for row in rows.as_array().expect("a page has rows") {
                text.push_str(&format!("{row}\n"));
            }
            since = page["latest_seq"].as_i64().expect("a page has a cursor");
            let cursor = serde_json::json!({"cursor": {
                "latest_seq": since,
                "has_more": page["has_more"],
                "total_count": page["total_count"],
                "epoch": page["epoch"],
            }});
            text.push_str(&format!("{cursor}\n"));
            if page["has_more"] == false {
                return text;
            }
        }
    }

    /// The newest messages of a chat as an honest server writes them; nothing where it does not know how.
    pub fn recent(&self, chat: Id, limit: usize) -> Option<String> {
        let mut messages: Vec<_> = self.messages.iter().collect();
        messages.retain(|message| message.conversation_id == chat);
        messages.sort_by_key(|message| std::cmp::Reverse(message.timestamp));
        messages.truncate(limit);
        let answer = serde_json::json!({"messages": messages, "epoch": self.epoch});
        self.speaks_lines.then(|| answer.to_string())
    }

    /// Where the cursors of a mirror that has everything stand.
    pub fn cursors(&self) -> BTreeMap<Stream, Seq> {
        let status = self.status();
        Stream::ALL
            .into_iter()
            .map(|stream| (stream, status.latest_seq(stream)))
            .collect()
    }

    /// What a mirror that has everything shows.
    pub fn view(&self) -> View {
        let status = self.status();
        View {
            counts: Stream::ALL
                .into_iter()
                .map(|stream| (stream, status.count(stream) as u64))
                .collect(),
            messages: self.messages.iter().map(|m| self.message(m)).collect(),
        }
    }

    fn message(&self, message: &Message) -> ((String, String), MessageView) {
        let chat = self
            .conversations
            .iter()
            .find(|chat| chat.id == message.conversation_id)
            .expect("a message has a chat");
        let files = self
            .media
            .iter()
            .filter(|file| file.message_id == message.id);
        let receipts = self.receipts.iter().filter(|r| r.message_id == message.id);
        let key = (
            chat.external_conversation_id.clone(),
            message.external_message_id.clone(),
        );
        let view = MessageView {
            id: message.id,
            chat_name: chat.name.clone().unwrap_or_default(),
            sender: message
                .sender_external_id
                .clone()
                .unwrap_or_else(|| ME.to_owned()),
            content: message.content.clone(),
            timestamp: message.timestamp.millis(),
            files: files.filter_map(|file| file.file_name.clone()).collect(),
            read_by: receipts
                .map(|r| {
                    let at = r.read_at.map(Timestamp::millis).unwrap_or_default();
                    (r.participant_external_id.clone(), at)
                })
                .collect(),
        };
        (key, view)
    }
}

fn extent<R: Row>(rows: &[R]) -> (Seq, i64) {
    let latest_seq = rows.iter().map(Row::seq).max().unwrap_or_default();
    (latest_seq, rows.len() as i64)
}

pub fn page<R: Row + Clone + Serialize>(
    rows: &[R],
    since: Seq,
    limit: usize,
    epoch: &str,
) -> String {
    let mut past: Vec<R> = rows
        .iter()
        .filter(|row| row.seq() > since)
        .cloned()
        .collect();
    past.sort_by_key(Row::seq);
    let total = past.len();
    past.truncate(limit);
    let page = Page {
        latest_seq: past.last().map_or(since, Row::seq),
        has_more: past.len() < total,
        total_count: total as i64,
        epoch: epoch.to_owned(),
        rows: past,
    };
    serde_json::to_string(&page).expect("a page is JSON")
}
