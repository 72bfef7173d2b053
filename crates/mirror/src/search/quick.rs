//! Chats and people by name: what a few letters may mean before any message is looked at.

use rusqlite::Connection;

use super::{
    document::Scope,
    names::{self, Needle},
};
use crate::{ChatRow, Error, Mirror, PersonRow, chat::one_chat, contact::by_name, people::People};

/// What goes by a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Chats, the latest first.
    pub chats: Vec<ChatRow>,
    /// People, by name.
    pub people: Vec<PersonRow>,
}

impl Mirror {
    /// Chats and people by the beginning of a name, whatever its case and accents, or part of a number.
    /// At most `limit` of each.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn find_named(&self, text: &str, limit: u32) -> Result<Named, Error> {
        let needle = Needle::new(text);
        self.read(move |conn| {
            Ok(Named {
                chats: chats(conn, &needle, limit as usize)?,
                people: by_name(conn, &needle, limit as usize)?,
            })
        })
        .await
    }
}

fn chats(conn: &Connection, needle: &Needle, limit: usize) -> Result<Vec<ChatRow>, Error> {
    let mut people = People::new(conn);
    let mut chats = Vec::new();
    for scope in names::chats(conn, needle)? {
        if chats.len() == limit {
            break;
        }
        if let Scope::Chat(pk) = scope {
            chats.extend(one_chat(conn, &mut people, pk)?);
        }
    }
    Ok(chats)
}
