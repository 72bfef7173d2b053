//! What a phone may say, drawn at random: few people, chats and messages, so that much is said of the same.

use proptest::prelude::*;
use serde_json::json;
use threadkeep_protocol::Record;
use threadkeep_tests::records::{
    CLUB, chat, contact, edited, member, message, own, picture, reacted, receipt, revoked, said,
    same_person, status,
};

const PEOPLE: usize = 3;
const MESSAGES: usize = 12;

/// People by number and by hidden id, and the group.
pub(crate) const CHATS: usize = 2 * PEOPLE + 1;

/// One thing that the phone says. Chats are people by number or by hidden id, or the group.
#[derive(Debug, Clone)]
pub(crate) enum Word {
    Said {
        chat: usize,
        id: usize,
        kind: u8,
    },
    Edited {
        chat: usize,
        id: usize,
        at: i64,
    },
    Revoked {
        chat: usize,
        id: usize,
    },
    Reacted {
        chat: usize,
        id: usize,
        who: usize,
        at: i64,
    },
    Receipt {
        chat: usize,
        id: usize,
        who: usize,
        what: usize,
        at: i64,
    },
    Status {
        chat: usize,
        id: usize,
        to: usize,
    },
    Named {
        chat: usize,
        name: u8,
        unread: i64,
    },
    Met {
        who: usize,
        name: u8,
    },
    Member {
        who: usize,
        hidden: bool,
    },
    SamePerson(usize),
}

pub(crate) fn word() -> impl Strategy<Value = Word> {
    let (chat, id, who, at) = (0..CHATS, 0..MESSAGES, 0..PEOPLE, 1..50i64);
    prop_oneof![
        8 => (chat.clone(), id.clone(), 0..4u8).prop_map(|(chat, id, kind)| Word::Said { chat, id, kind }),
        3 => (chat.clone(), id.clone(), at.clone()).prop_map(|(chat, id, at)| Word::Edited { chat, id, at }),
        1 => (chat.clone(), id.clone()).prop_map(|(chat, id)| Word::Revoked { chat, id }),
        3 => (chat.clone(), id.clone(), who.clone(), at.clone())
            .prop_map(|(chat, id, who, at)| Word::Reacted { chat, id, who, at }),
        3 => (chat.clone(), id.clone(), who.clone(), 0..3usize, at)
            .prop_map(|(chat, id, who, what, at)| Word::Receipt { chat, id, who, what, at }),
        2 => (chat.clone(), id, 0..4usize).prop_map(|(chat, id, to)| Word::Status { chat, id, to }),
        2 => (chat, 0..4u8, 0..9i64).prop_map(|(chat, name, unread)| Word::Named { chat, name, unread }),
        1 => (who.clone(), 0..4u8).prop_map(|(who, name)| Word::Met { who, name }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, hidden)| Word::Member { who, hidden }),
        1 => who.prop_map(Word::SamePerson),
    ]
}

fn phone(who: usize) -> String {
    format!("49151000{who}@s.whatsapp.net")
}

fn lid(who: usize) -> String {
    format!("10000000{who}@lid")
}

/// The address of a chat.
pub(crate) fn address(chat: usize) -> String {
    match chat {
        _ if chat < PEOPLE => phone(chat),
        _ if chat < 2 * PEOPLE => lid(chat - PEOPLE),
        _ => CLUB.to_owned(),
    }
}

impl Word {
    /// As a bridge sends it.
    pub(crate) fn record(&self) -> Record {
        let name = |id: usize| format!("M{id}");
        // A message is sent once, whatever is said of it later.
        let sent = |id: usize| i64::try_from(id).unwrap_or(0) * 10;
        match *self {
            Self::Said { chat, id, kind } => {
                let (to, id, at) = (address(chat), name(id), sent(id));
                match kind {
                    0 => own(&to, &id, at),
                    1 => picture(&to, &id, at),
                    2 => message(&to, &id, at, json!({"sender_external_id": lid(0)})),
                    _ => said(&to, &id, at),
                }
            }
            Self::Edited { chat, id, at } => edited(
                &address(chat),
                &name(id),
                &format!("edited at {at}"),
                1_000 + at,
            ),
            Self::Revoked { chat, id } => revoked(&address(chat), &name(id), 5_000),
            Self::Reacted { chat, id, who, at } => {
                let who = if at % 2 == 0 { phone(who) } else { lid(who) };
                let emoji = if at % 5 == 0 { "" } else { "👍" };
                reacted(&address(chat), &name(id), &who, emoji, 2_000 + at)
            }
            Self::Receipt {
                chat,
                id,
                who,
                what,
                at,
            } => {
                let who = if at % 2 == 0 { phone(who) } else { lid(who) };
                let what = ["delivered_at", "read_at", "played_at"][what];
                receipt(&address(chat), &name(id), &who, what, 3_000 + at)
            }
            Self::Status { chat, id, to } => {
                let to = ["sent", "delivered", "read", "played"][to];
                status(&address(chat), &name(id), to)
            }
            Self::Named {
                chat: of,
                name,
                unread,
            } => chat(
                &address(of),
                json!({"name": format!("Name {name}"), "unread_count": unread}),
            ),
            Self::Met { who, name } => contact(&phone(who), &format!("Person {name}")),
            Self::Member { who, hidden } => {
                member(CLUB, &if hidden { lid(who) } else { phone(who) })
            }
            Self::SamePerson(who) => same_person(&lid(who), &phone(who)),
        }
    }
}
