//! What a chat is beside its messages: who is in it, and what its platform says of it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{ConversationKind, Jid, Role};

use super::{ChatRow, list};
use crate::{
    AddressPk, ConversationPk, Error, Mirror, contact,
    people::{Names, People, names},
    row,
};

const MEMBERS: &str = concat!(
    "SELECT coalesce(k.address_pk, a.pk), p.role, p.joined_at, p.left_at, ",
    names!(),
    " FROM participants AS p JOIN addresses AS a ON a.pk = p.address_pk \
      LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      WHERE p.conversation_pk = ?1"
);

/// Somebody who is or was in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Who, in this file.
    pub address: AddressPk,
    /// The address, a phone number's where it is known.
    pub jid: String,
    /// What to call them.
    pub name: String,
    /// The telephone number, where it is known.
    pub phone: Option<String>,
    /// The account itself.
    pub is_me: bool,
    /// What they may do.
    pub role: Role,
    /// In milliseconds; 0 where unknown.
    pub joined_at: i64,
    /// In milliseconds; 0 for those who are still in.
    pub left_at: i64,
}

/// A chat beside its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatDetails {
    /// As in the list.
    pub chat: ChatRow,
    /// When its oldest message that is here was sent, in milliseconds; 0 where there is none.
    pub first_at: i64,
    /// What the platform said that has no field, as JSON.
    pub metadata: String,
    /// With whom it is, where it is with one person.
    pub person: Option<AddressPk>,
    /// Those who are in it, then those who left; each by role and name.
    pub members: Vec<MemberRow>,
}

impl Mirror {
    /// A chat with those who are in it.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn chat_details(&self, pk: ConversationPk) -> Result<Option<ChatDetails>, Error> {
        self.read(move |conn| details(conn, pk)).await
    }
}

fn details(conn: &Connection, pk: ConversationPk) -> Result<Option<ChatDetails>, Error> {
    let Some(chat) = list::chat(conn, &mut People::new(conn), pk)? else {
        return Ok(None);
    };
    let (metadata, address, me): (String, AddressPk, String) = conn
        .prepare_cached(
            "SELECT c.metadata, c.address_pk, i.external_id FROM conversations AS c \
             JOIN integrations AS i ON i.pk = c.integration_pk WHERE c.pk = ?1",
        )?
        .query_row([pk], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let first_at = conn
        .prepare_cached(
            "SELECT timestamp FROM messages WHERE conversation_pk = ?1 \
             ORDER BY timestamp, pk LIMIT 1",
        )?
        .query_row([pk], |row| row.get(0))
        .optional()?;
    let person = if chat.kind == ConversationKind::Direct && address.0 != 0 {
        Some(contact::canonical(conn, address)?)
    } else {
        None
    };
    Ok(Some(ChatDetails {
        members: members(conn, pk, &Jid::new(&me).bare())?,
        first_at: first_at.unwrap_or(0),
        metadata,
        person,
        chat,
    }))
}

fn members(conn: &Connection, pk: ConversationPk, me: &str) -> Result<Vec<MemberRow>, Error> {
    let mut select = conn.prepare_cached(MEMBERS)?;
    let mut rows = select.query([pk])?;
    let mut by_person: HashMap<AddressPk, MemberRow> = HashMap::new();
    while let Some(row) = rows.next()? {
        let names = Names::from_row(row, 4)?;
        let jid = names.canonical_jid().to_owned();
        let member = MemberRow {
            address: row.get(0)?,
            is_me: !me.is_empty() && (jid == me || names.jid == me),
            name: names.name(),
            phone: names.phone(),
            role: row::role(row.get(1)?),
            joined_at: row.get(2)?,
            left_at: row.get(3)?,
            jid,
        };
        // Somebody who is listed by two addresses is one person, and in it by either.
        match by_person.get(&member.address) {
            Some(known) if standing(known) <= standing(&member) => {}
            _ => _ = by_person.insert(member.address, member),
        }
    }
    let mut members: Vec<MemberRow> = by_person.into_values().collect();
    members.sort_by_cached_key(|member| {
        (standing(member), member.name.to_lowercase(), member.address)
    });
    Ok(members)
}

/// Those who are in come first, and of them those who may do most.
fn standing(member: &MemberRow) -> (bool, i64) {
    (member.left_at != 0, -row::role_code(member.role))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use threadkeep_protocol::Participant;

    use super::*;
    use crate::{
        Rows,
        testing::{Scene, contact, conversation, id, message, row},
    };

    fn member(number: u64, jid: &str, role: &str, changes: Value) -> Participant {
        let base = json!({
            "id": id(number), "seq": number, "conversation_id": id(1),
            "external_participant_id": jid, "role": role,
        });
        row(base, changes)
    }

    async fn only(scene: &Scene) -> ChatDetails {
        let chats = scene
            .mirror
            .chats(crate::ChatQuery::default())
            .await
            .unwrap();
        scene
            .mirror
            .chat_details(chats[0].pk)
            .await
            .unwrap()
            .unwrap()
    }

    #[tokio::test]
    async fn members_come_by_what_they_may_do_and_those_who_left_last() {
        let scene = Scene::new().await;
        let group = json!({
            "external_conversation_id": "g@g.us", "conversation_type": "group", "name": "Flat",
            "platform_metadata": {"created_at": "2020-01-01T00:00:00Z"},
        });
        scene
            .put(Rows::Conversations(vec![conversation(1, 1, group)]))
            .await;
        let lid = json!({"lid": "100@lid", "display_name": "ana"});
        scene
            .put(Rows::Contacts(vec![contact(
                5,
                5,
                "491@s.whatsapp.net",
                lid,
            )]))
            .await;
        let left = json!({"left_at": "2024-01-01T00:00:00Z"});
        scene
            .put(Rows::Participants(vec![
                member(10, "100@lid", "member", left.clone()),
                member(11, "491@s.whatsapp.net", "admin", json!({})),
                member(12, "492@s.whatsapp.net", "member", json!({})),
                member(13, "493@s.whatsapp.net", "owner", json!({})),
                member(14, "494@s.whatsapp.net", "owner", left),
                member(15, "490@s.whatsapp.net", "member", json!({})),
            ]))
            .await;
        scene
            .put(Rows::Messages(vec![
                message(31, 1, 31, json!({})),
                message(30, 1, 30, json!({})),
            ]))
            .await;
        let details = only(&scene).await;
        let shown: Vec<(&str, Role, bool)> = details
            .members
            .iter()
            .map(|one| (one.name.as_str(), one.role, one.left_at != 0))
            .collect();
        assert_eq!(
            shown,
            [
                ("+493", Role::Owner, false),
                ("ana", Role::Admin, false),
                ("+490", Role::Member, false),
                ("+492", Role::Member, false),
                ("+494", Role::Owner, true),
            ],
            "who left by one address and is in by another is in, once"
        );
        assert_eq!(
            details.first_at, 1_600_000_030_000,
            "of the oldest that is here"
        );
        assert!(details.metadata.contains("created_at"));
        assert_eq!(details.person, None, "a group is with nobody alone");
    }

    #[tokio::test]
    async fn a_direct_chat_leads_to_its_person_by_whatever_address() {
        let scene = Scene::new().await;
        let hidden = json!({"external_conversation_id": "100@lid"});
        scene
            .put(Rows::Conversations(vec![conversation(1, 1, hidden)]))
            .await;
        let lid = json!({"lid": "100@lid", "display_name": "Ana"});
        scene
            .put(Rows::Contacts(vec![contact(
                5,
                5,
                "491@s.whatsapp.net",
                lid,
            )]))
            .await;
        let details = only(&scene).await;
        let person = scene
            .mirror
            .contact(details.person.unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(person.person.jid, "491@s.whatsapp.net");
        assert_eq!((details.first_at, details.members.len()), (0, 0));
    }
}
