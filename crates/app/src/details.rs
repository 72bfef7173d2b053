//! What a chat is beside its messages, and what it has of pictures, links and files.

use serde::Deserialize;
use threadkeep_mirror::{self as mirror, MemberRow};
use threadkeep_protocol::{Role, Timestamp};

use crate::{
    App, Error,
    chat::{chat, read_chat},
    search::{about, asked, read_place},
    view::{ChatDetails, GalleryKind, GalleryPage, Member, MemberRole},
};

impl App {
    /// A chat beside its messages.
    ///
    /// # Errors
    /// When there is none, or the mirror cannot be read.
    pub async fn chat_details(&self, id: &str) -> Result<ChatDetails, Error> {
        let row = self.mirror.chat_details(read_chat(id)?).await?;
        Ok(details(row.ok_or_else(|| Error::NoChat(id.to_owned()))?))
    }

    /// Pictures, recordings, links or files of a chat, the newest first.
    ///
    /// They are found by the search index, which keeps of each message its chat, its kind and whether it
    /// has a link: a million messages cost what a hundred do, and no pull pays for one more index.
    ///
    /// # Errors
    /// When there is no such chat or place, or a file cannot be read.
    pub async fn gallery(
        &self,
        chat_id: &str,
        kind: GalleryKind,
        place: Option<String>,
        limit: u32,
    ) -> Result<GalleryPage, Error> {
        let text = match kind {
            GalleryKind::Media => "type:image OR type:video",
            GalleryKind::Audio => "type:voice OR type:audio",
            GalleryKind::Links => "has:link",
            GalleryKind::Documents => "type:document",
        };
        let chat = read_chat(chat_id)?;
        let query = mirror::SearchQuery {
            chat: Some(chat),
            place: place.map(read_place).transpose()?,
            ..asked(text.to_owned(), limit)
        };
        let found = self.search.look_up(query).await?;
        let (about, more) = about(&found);
        let rows = found.hits.into_iter().map(|hit| hit.message).collect();
        Ok(GalleryPage {
            about,
            more,
            behind: i64::try_from(found.behind).unwrap_or(i64::MAX),
            next: found.next.map(|place| place.to_string()),
            messages: self.alone(chat, rows).await?,
        })
    }
}

fn details(row: mirror::ChatDetails) -> ChatDetails {
    let time = |millis: i64| (millis != 0).then_some(millis);
    ChatDetails {
        chat: chat(&row.chat),
        created_at: created(&row.metadata),
        first_at: time(row.first_at),
        on_server: (row.chat.total_messages > 0).then_some(row.chat.total_messages),
        description: row.chat.description,
        person_id: row.person.map(|person| person.to_string()),
        members: row.members.into_iter().map(member).collect(),
    }
}

fn member(row: MemberRow) -> Member {
    Member {
        person_id: row.address.to_string(),
        jid: row.jid,
        name: row.name,
        phone: row.phone,
        is_me: row.is_me,
        role: match row.role {
            Role::Member => MemberRole::Member,
            Role::Admin => MemberRole::Admin,
            Role::Owner => MemberRole::Owner,
        },
        joined_at: (row.joined_at != 0).then_some(row.joined_at),
        left_at: (row.left_at != 0).then_some(row.left_at),
    }
}

/// When a translator's metadata says that the chat was made.
fn created(metadata: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Extra {
        created_at: Option<Timestamp>,
    }
    let extra: Extra = serde_json::from_str(metadata).ok()?;
    Some(extra.created_at?.millis())
}
