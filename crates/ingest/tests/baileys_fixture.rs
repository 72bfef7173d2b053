//! The fixtures that Baileys itself wrote, folded by a small oracle and held against their truth.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use threadkeep_ingest::{Format, Record, Translation, translate};
use threadkeep_protocol::{
    ConversationKind, DeliveryStatus, Jid, MessageKind, MessageRecord, Timestamp,
};

const EVENTS: &str = include_str!("../../../tests/fixtures/baileys/events.ndjson");
const STORE: &str = include_str!("../../../tests/fixtures/baileys/baileys_store.json");
const TRUTH: &str = include_str!("../../../tests/fixtures/baileys/truth.json");

type MessageName = (String, String);

/// What a correct store would hold after the records: the rules of the neutral records, and no more.
#[derive(Default)]
struct Oracle {
    phones: HashMap<String, String>,
    messages: HashMap<MessageName, MessageRecord>,
    edits: HashMap<MessageName, (Timestamp, String)>,
    revoked: HashMap<MessageName, ()>,
    reactions: HashMap<MessageName, BTreeMap<String, (Option<Timestamp>, String)>>,
    statuses: HashMap<MessageName, DeliveryStatus>,
    chats: HashMap<String, Chat>,
    contacts: HashMap<String, (Option<String>, Option<String>)>,
}

#[derive(Default)]
struct Chat {
    name: Option<String>,
    unread: i64,
    is_archived: bool,
}

impl Oracle {
    fn of(translation: &Translation) -> Self {
        let mut oracle = Self::default();
        for (_, record) in &translation.records {
            if let Record::Address(address) = record {
                oracle
                    .phones
                    .insert(address.lid.clone(), address.phone.clone());
            }
        }
        for (_, record) in &translation.records {
            oracle.take(record);
        }
        oracle
    }

    fn phone(&self, address: &str) -> String {
        self.phones
            .get(address)
            .cloned()
            .unwrap_or_else(|| address.to_owned())
    }

    fn name(&self, conversation: &str, id: &str) -> MessageName {
        (self.phone(conversation), id.to_owned())
    }

    fn take(&mut self, record: &Record) {
        match record {
            Record::Message(message) => {
                let name = self.name(
                    &message.external_conversation_id,
                    &message.external_message_id,
                );
                if let Some(status) = message.delivery_status {
                    self.further(&name, status);
                }
                self.messages
                    .entry(name)
                    .or_insert_with(|| (**message).clone());
            }
            Record::Edit(edit) => {
                let name = self.name(&edit.external_conversation_id, &edit.external_message_id);
                let newest = self.edits.entry(name).or_default();
                if edit.at >= newest.0 {
                    *newest = (edit.at, edit.content.clone());
                }
            }
            Record::Revoke(revoke) => {
                let name = self.name(
                    &revoke.external_conversation_id,
                    &revoke.external_message_id,
                );
                self.revoked.insert(name, ());
            }
            Record::Reaction(reaction) => {
                let name = self.name(
                    &reaction.external_conversation_id,
                    &reaction.external_message_id,
                );
                let sender = self.phone(&reaction.sender_external_id);
                let given = self
                    .reactions
                    .entry(name)
                    .or_default()
                    .entry(sender)
                    .or_default();
                if reaction.at >= given.0 {
                    *given = (reaction.at, reaction.emoji.clone());
                }
            }
            Record::Status(status) => {
                let name = self.name(
                    &status.external_conversation_id,
                    &status.external_message_id,
                );
                if let Some(status) = status.delivery_status {
                    self.further(&name, status);
                }
            }
            Record::Conversation(told) => {
                let id = self.phone(&told.external_conversation_id);
                let chat = self.chats.entry(id).or_default();
                chat.name = told.name.clone().or(chat.name.take());
                chat.unread = told.unread_count.unwrap_or(chat.unread);
                chat.is_archived = told.is_archived.unwrap_or(chat.is_archived);
            }
            Record::Contact(told) => {
                let id = self.phone(&told.external_contact_id);
                let contact = self.contacts.entry(id).or_default();
                contact.0 = told.display_name.clone().or(contact.0.take());
                contact.1 = told.push_name.clone().or(contact.1.take());
            }
            Record::Participant(_)
            | Record::Receipt(_)
            | Record::HistoryAsked(_)
            | Record::HistoryResult(_)
            | Record::Address(_) => {}
        }
    }

    fn further(&mut self, name: &MessageName, status: DeliveryStatus) {
        let reached = self.statuses.entry(name.clone()).or_insert(status);
        *reached = (*reached).max(status);
    }

    /// A message in the words of the truth.
    fn told(&self, name: &MessageName) -> Option<Value> {
        let message = self.messages.get(name)?;
        let is_deleted = self.revoked.contains_key(name) || message.is_deleted == Some(true);
        let edit = self.edits.get(name);
        let text = match edit {
            _ if is_deleted => "",
            Some((_, text)) => text,
            None => &message.content,
        };
        let reactions: BTreeMap<_, _> = self
            .reactions
            .get(name)
            .into_iter()
            .flatten()
            .filter(|(_, (_, emoji))| !emoji.is_empty())
            .map(|(sender, (_, emoji))| (sender, emoji))
            .collect();
        let sender = match &message.sender_external_id {
            Some(sender) => self.phone(sender),
            None => "me".to_owned(),
        };
        Some(json!({
            "type": match message.message_type {
                MessageKind::Voice => "audio",
                kind => kind.name(),
            },
            "text": text,
            "fromMe": message.is_from_me,
            "ts": message.timestamp.millis() / 1_000,
            "sender": sender,
            "status": self.statuses.get(name).map(|status| match status {
                DeliveryStatus::Failed => "ERROR",
                DeliveryStatus::Pending => "PENDING",
                DeliveryStatus::Sent => "SERVER_ACK",
                DeliveryStatus::Delivered => "DELIVERY_ACK",
                DeliveryStatus::Read => "READ",
                DeliveryStatus::Played => "PLAYED",
            }),
            "quotes": message.reply_to_external_id,
            "edited": edit.is_some(),
            "deleted": is_deleted,
            "reactions": reactions,
        }))
    }
}

fn truth() -> Value {
    serde_json::from_str(TRUTH).expect("the truth is JSON")
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("the truth holds objects").iter()
}

fn without_trouble(format: Format, text: &str) -> Translation {
    let translation = translate(format, text.as_bytes()).expect("the fixture is whole");
    assert_eq!(
        translation.errors,
        [],
        "Baileys wrote it, so all of it can be read"
    );
    assert_eq!(
        translation.unknown,
        BTreeMap::new(),
        "it holds no kind that is unknown"
    );
    translation
}

#[test]
fn the_events_end_where_the_truth_says_in_every_message() {
    let oracle = Oracle::of(&without_trouble(Format::BaileysEvents, EVENTS));
    let mut messages = 0;
    for (chat, told) in entries(&truth()["messages"]) {
        for (id, expected) in entries(told) {
            let name = (chat.clone(), id.clone());
            assert_eq!(
                oracle.told(&name).as_ref(),
                Some(expected),
                "message {id} in {chat}"
            );
            messages += 1;
        }
    }
    assert_eq!(
        oracle.messages.len(),
        messages,
        "and there is no message beside them"
    );
}

#[test]
fn the_events_end_where_the_truth_says_in_chats_contacts_and_addresses() {
    let oracle = Oracle::of(&without_trouble(Format::BaileysEvents, EVENTS));
    let truth = truth();
    for (id, expected) in entries(&truth["chats"]) {
        let is_told = oracle.chats.contains_key(id);
        let by_message = oracle.messages.keys().any(|(chat, _)| chat == id);
        assert!(
            is_told || by_message,
            "{id} is known from an event or a message"
        );
        if let Some(chat) = oracle.chats.get(id) {
            assert_eq!(json!(chat.name), expected["name"], "name of {id}");
            assert_eq!(json!(chat.unread), expected["unread"], "unread of {id}");
        }
        assert_eq!(
            Jid::new(id).is_group(),
            expected["group"] == true,
            "kind of {id}"
        );
    }
    assert_eq!(oracle.contacts.len(), entries(&truth["contacts"]).count());
    for (id, expected) in entries(&truth["contacts"]) {
        let (name, push_name) = &oracle.contacts[id];
        assert_eq!(json!(name), expected["name"], "name of {id}");
        assert_eq!(json!(push_name), expected["notify"], "push name of {id}");
    }
    assert_eq!(
        json!(oracle.phones),
        truth["lid"],
        "every pair was told, and no other"
    );
    assert!(
        oracle.chats["4917600001000@s.whatsapp.net"].is_archived,
        "the last event archives it"
    );
}

#[test]
fn groups_are_groups_and_their_members_have_roles() {
    let translation = without_trouble(Format::BaileysEvents, EVENTS);
    let mut kinds = BTreeMap::new();
    let mut roles = BTreeMap::new();
    for (_, record) in &translation.records {
        match record {
            Record::Conversation(told) => {
                kinds.insert(
                    told.external_conversation_id.as_str(),
                    told.conversation_type,
                );
            }
            Record::Participant(told)
                if told.external_conversation_id == "120363020000000003@g.us" =>
            {
                roles.insert(told.external_participant_id.as_str(), told.role);
            }
            _ => {}
        }
    }
    assert_eq!(
        kinds["120363020000000003@g.us"],
        Some(ConversationKind::Group)
    );
    assert_eq!(
        kinds["4917600001000@s.whatsapp.net"],
        Some(ConversationKind::Direct)
    );
    insta::assert_json_snapshot!(roles, @r#"
    {
      "4917600001003@s.whatsapp.net": "owner",
      "4917600001004@s.whatsapp.net": "member",
      "4917600001005@s.whatsapp.net": "member",
      "4917600001006@s.whatsapp.net": "member",
      "4917600001007@s.whatsapp.net": "member"
    }
    "#);
}

#[test]
fn the_store_holds_the_same_messages_as_the_truth_before_edits_and_revokes() {
    let oracle = Oracle::of(&without_trouble(Format::BaileysStore, STORE));
    let truth = truth();
    let mut seen = 0;
    for (chat, told) in entries(&truth["messages"]) {
        for (id, expected) in entries(told) {
            let name = (chat.clone(), id.clone());
            let Some(mut actual) = oracle.told(&name) else {
                assert_eq!(
                    id, "3AAD4AD31D0B2F5C6A",
                    "only the LID chat is not in the store"
                );
                continue;
            };
            seen += 1;
            let mut expected = expected.clone();
            // The store was written before these came.
            let came_later = expected["edited"] == true || expected["deleted"] == true;
            for side in [&mut actual, &mut expected] {
                let side = side.as_object_mut().expect("a message is an object");
                side.retain(|field, _| {
                    let moves = matches!(field.as_str(), "status" | "reactions");
                    let is_new = matches!(field.as_str(), "text" | "edited" | "deleted");
                    !(moves || came_later && is_new)
                });
            }
            assert_eq!(actual, expected, "message {id} in {chat}");
        }
    }
    assert_eq!(
        seen,
        oracle.messages.len(),
        "and there is no message beside them"
    );
    for (id, chat) in &oracle.chats {
        assert_eq!(json!(chat.name), truth["chats"][id]["name"], "name of {id}");
        assert_eq!(
            json!(chat.unread),
            truth["chats"][id]["unread"],
            "unread of {id}"
        );
    }
    assert_eq!(oracle.contacts.len(), entries(&truth["contacts"]).count());
}

#[test]
fn a_store_cut_anywhere_is_refused_as_a_whole() {
    for end in [1, 100, STORE.len() / 3, STORE.len() / 2, STORE.len() - 2] {
        let cut = &STORE.as_bytes()[..end];
        let error = translate(Format::BaileysStore, cut).expect_err("half a store is no store");
        assert!(error.to_string().contains("Nothing was changed"), "{error}");
    }
}

#[test]
fn events_that_are_replayed_or_come_line_by_line_say_the_same() {
    let whole = without_trouble(Format::BaileysEvents, EVENTS);
    let mut one_by_one = Vec::new();
    for (index, line) in EVENTS.lines().enumerate() {
        let part = without_trouble(Format::BaileysEvents, line);
        one_by_one.extend(part.records.into_iter().map(|(_, record)| (index, record)));
    }
    let told = |records: &[(usize, Record)]| -> Vec<(usize, Record)> {
        // A pair is told once an input, so the parts repeat it.
        let is_pair = |record: &Record| matches!(record, Record::Address(_));
        records
            .iter()
            .filter(|(_, record)| !is_pair(record))
            .cloned()
            .collect()
    };
    assert!(
        told(&whole.records) == told(&one_by_one),
        "nothing is remembered from one line to the next"
    );
}
