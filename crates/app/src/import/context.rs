//! What a rehearsed chunk needs to be told beside its messages.
//!
//! A rehearsal keeps nothing, so to the server each chunk stands alone. What the files have said so far about who is who
//! (whose a hidden id is, what kind of chat has only a name, who goes by which name) is said again in front of those
//! messages that it matters to. Messages under a hidden id of which nobody has said anything yet wait for the end of the
//! files, within a bound; behind it they are taken for what they look like.

use std::collections::{HashMap, HashSet};

use threadkeep_ingest::Record;
use threadkeep_protocol::{Address, ContactRecord, Jid, MessageRecord, loose};

/// So many messages may wait.
const WAITING: usize = 20_000;

/// Who is who, as far as the files have said.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// By hidden id: whose it is.
    addresses: HashMap<String, Record>,
    /// Chats of which only the name is known, by what stands for their address.
    chats: HashMap<String, Record>,
    /// By the names that are compared.
    people: HashMap<String, Vec<ContactRecord>>,
    waiting: Vec<Record>,
}

impl Context {
    /// Takes the messages of a chunk that can be told now, and remembers what else it says.
    pub(super) fn take(&mut self, records: Vec<Record>) -> Vec<Record> {
        for record in &records {
            self.note(record);
        }
        let mut messages = Vec::with_capacity(records.len());
        for record in records {
            let Record::Message(message) = &record else {
                continue;
            };
            let is_known = |address| self.is_known(address);
            if self.waiting.len() >= WAITING || hidden(message).all(is_known) {
                messages.push(record);
            } else {
                self.waiting.push(record);
            }
        }
        messages
    }

    /// The messages that have waited to the end of the files.
    pub(super) fn waited(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.waiting)
    }

    /// What is to be said in front of these messages.
    pub(super) fn of(&self, messages: &[Record]) -> Vec<Record> {
        let mut said = Vec::new();
        let mut done: HashSet<(bool, String)> = HashSet::new();
        for record in messages {
            let Record::Message(message) = record else {
                continue;
            };
            for address in hidden(message) {
                if let Some(pair) = self.addresses.get(&address)
                    && done.insert((false, address))
                {
                    said.push(pair.clone());
                }
            }
            let chat = message.external_conversation_id.as_str();
            let name = chat.strip_prefix(loose::CHAT_PREFIX);
            if let Some(known) = self.chats.get(chat)
                && done.insert((false, chat.to_owned()))
            {
                said.push(known.clone());
            }
            let sender = message.sender_display_name.as_deref();
            for name in name.into_iter().chain(sender.filter(|_| message.is_loose)) {
                let name = loose::name(name);
                if let Some(people) = self.people.get(&name)
                    && done.insert((true, name))
                {
                    said.extend(people.iter().cloned().map(Record::Contact));
                }
            }
        }
        said
    }

    fn note(&mut self, record: &Record) {
        match record {
            Record::Address(pair) => self.pair(&pair.lid, &pair.phone),
            Record::Conversation(chat) => {
                let address = &chat.external_conversation_id;
                if address.starts_with(loose::CHAT_PREFIX) {
                    self.chats.insert(address.clone(), record.clone());
                }
            }
            Record::Contact(person) => {
                if let Some(lid) = &person.lid {
                    self.pair(lid, &person.external_contact_id);
                }
                for name in [&person.display_name, &person.push_name]
                    .into_iter()
                    .flatten()
                {
                    let people = self.people.entry(loose::name(name)).or_default();
                    if !people.contains(person) {
                        people.push(person.clone());
                    }
                }
            }
            _ => {}
        }
    }

    fn pair(&mut self, lid: &str, phone: &str) {
        let (lid, phone) = (Jid::new(lid).bare(), Jid::new(phone).bare());
        if Jid::new(&lid).is_lid() && !Jid::new(&phone).is_lid() {
            let pair = Address {
                lid: lid.clone(),
                phone,
            };
            self.addresses.insert(lid, Record::Address(pair));
        }
    }

    fn is_known(&self, lid: String) -> bool {
        self.addresses.contains_key(&lid)
    }
}

/// The hidden ids that decide which message it is.
fn hidden(message: &MessageRecord) -> impl Iterator<Item = String> {
    let named = [
        Some(message.external_conversation_id.as_str()),
        message.sender_external_id.as_deref(),
    ];
    let named = named
        .into_iter()
        .flatten()
        .map(|named| Jid::new(named).bare());
    named.filter(|address| Jid::new(address).is_lid())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const LID: &str = "100000000000001@lid";
    const ANA: &str = "351912000001@s.whatsapp.net";

    fn record(value: Value) -> Record {
        serde_json::from_value(value).unwrap()
    }

    fn message(chat: &str, fields: Value) -> Record {
        let mut message = json!({
            "type": "message", "external_conversation_id": chat, "external_message_id": "A1",
            "message_type": "text", "content": "so", "timestamp": "2024-03-01T10:00:00Z",
        });
        for (name, value) in fields.as_object().unwrap() {
            message[name] = value.clone();
        }
        record(message)
    }

    #[test]
    fn whose_a_hidden_id_is_is_said_in_front_of_each_chunk_that_names_it() {
        let mut context = Context::default();
        let pair = record(json!({"type": "address", "lid": LID, "phone": ANA}));
        let first = context.take(vec![pair.clone(), message(ANA, json!({}))]);
        assert_eq!(context.of(&first), [], "nothing in it is hidden");
        let second = context.take(vec![message(LID, json!({})), message(LID, json!({}))]);
        assert_eq!((second.len(), context.of(&second)), (2, vec![pair]));
    }

    #[test]
    fn a_message_under_a_hidden_id_waits_until_somebody_says_whose_it_is() {
        let mut context = Context::default();
        assert_eq!(context.take(vec![message(LID, json!({}))]), []);
        let contact = json!({"type": "contact", "external_contact_id": ANA, "lid": LID});
        assert_eq!(context.take(vec![record(contact)]), []);
        let waited = context.waited();
        assert_eq!((waited.len(), context.of(&waited).len()), (1, 1));
        assert_eq!(context.waited(), [], "once");
    }

    #[test]
    fn messages_without_ids_bring_their_chat_and_those_who_go_by_their_names() {
        let mut context = Context::default();
        let chat = json!({"type": "conversation", "external_conversation_id": "name:team", "name": "Team"});
        let ana = json!({"type": "contact", "external_contact_id": ANA, "display_name": "Ana"});
        let ben = json!({"type": "contact", "external_contact_id": "1@s.whatsapp.net", "display_name": "Ben"});
        context.take([&chat, &ana, &ben].map(|one| record(one.clone())).into());
        let loose = json!({"is_loose": true, "sender_display_name": "~ ana"});
        let messages = context.take(vec![message("name:team", loose)]);
        assert_eq!(context.of(&messages), [record(chat), record(ana)]);
    }
}
