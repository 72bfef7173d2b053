//! Reading a chat.

use std::collections::HashMap;

use serde::Deserialize;
use threadkeep_mirror::{
    self as mirror, ConversationPk, MediaRow, MessagePk, MessageQuery, MessageRow,
};
use threadkeep_protocol::ME;

use crate::{
    App, Error,
    chat::read_chat,
    view::{Anchor, Card, Edit, Media, Message, MessagePage, Place, Poll, Quote, Reaction, Sender},
};

impl App {
    /// Some messages of a chat, oldest first.
    ///
    /// # Errors
    /// When there is no such chat or place, or the mirror cannot be read.
    pub async fn messages(
        &self,
        chat_id: &str,
        anchor: Anchor,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        let chat = read_chat(chat_id)?;
        let query = MessageQuery {
            anchor: self.find_anchor(chat, anchor).await?,
            limit,
        };
        let page = self.mirror.messages(chat, query).await?;
        let mut quoted = HashMap::new();
        for row in &page.messages {
            quoted.insert(
                row.external_id.clone(),
                (row.pk, row.sender_name.clone(), row.from_me),
            );
        }
        let answered = page.messages.iter().map(|row| row.reply_to.as_str());
        let elsewhere = answered.filter(|id| !id.is_empty() && !quoted.contains_key(*id));
        let elsewhere: Vec<String> = elsewhere.map(str::to_owned).collect();
        if let Some(first) = page.messages.first() {
            for found in self.mirror.find_quoted(chat, first.key, elsewhere).await? {
                quoted.insert(
                    found.external_id,
                    (found.pk, found.sender_name, found.from_me),
                );
            }
        }
        Ok(MessagePage {
            older: page.older.map(|key| key.to_string()),
            newer: page.newer.map(|key| key.to_string()),
            messages: page
                .messages
                .into_iter()
                .map(|row| message(row, &quoted))
                .collect(),
        })
    }

    async fn find_anchor(
        &self,
        chat: ConversationPk,
        anchor: Anchor,
    ) -> Result<mirror::Anchor, Error> {
        let key = |text: String| text.parse().map_err(|_| Error::Cursor(text));
        Ok(match anchor {
            Anchor::Newest => mirror::Anchor::Newest,
            Anchor::Oldest => mirror::Anchor::Oldest,
            Anchor::Before(text) => mirror::Anchor::Before(key(text)?),
            Anchor::After(text) => mirror::Anchor::After(key(text)?),
            Anchor::Around(id) => {
                let found = self.mirror.find_message(chat, &id).await?;
                mirror::Anchor::Around(found.ok_or(Error::Cursor(id))?)
            }
            Anchor::Date(millis) => mirror::Anchor::Date(millis),
        })
    }
}

type Quoted = HashMap<String, (MessagePk, String, bool)>;

fn message(row: MessageRow, quoted: &Quoted) -> Message {
    let extra = Extra::read(&row.metadata);
    Message {
        id: row.pk.to_string(),
        quote: quote(&row, quoted),
        kind: row.kind.name().to_owned(),
        at: row.timestamp,
        sender: sender(&row),
        edited: row.edited_at != 0,
        edits: row
            .edits
            .into_iter()
            .map(|edit| Edit {
                text: edit.content,
                at: edit.at.millis(),
            })
            .collect(),
        status: row.status.map(|status| status.name().to_owned()),
        reactions: row.reactions.into_iter().map(reaction).collect(),
        media: row.media.into_iter().next().map(media),
        place: extra.place(),
        poll: extra.poll.map(|poll| Poll {
            options: poll.options,
        }),
        cards: extra.contacts.into_iter().map(CardRecord::shown).collect(),
        external_id: row.external_id,
        text: row.content,
        from_me: row.from_me,
        forwarded: row.forwarded,
        starred: row.starred,
        deleted: row.deleted,
    }
}

pub(crate) fn sender(row: &MessageRow) -> Option<Sender> {
    (!row.from_me && !row.sender.is_empty()).then(|| Sender {
        jid: row.sender.clone(),
        name: row.sender_name.clone(),
    })
}

fn quote(row: &MessageRow, quoted: &Quoted) -> Option<Quote> {
    (!row.reply_to.is_empty()).then(|| {
        let found = quoted.get(&row.reply_to);
        Quote {
            external_id: row.reply_to.clone(),
            id: found.map(|(pk, _, _)| pk.to_string()),
            sender_name: found
                .map(|(_, name, mine)| if *mine { ME.to_owned() } else { name.clone() }),
            preview: row.reply_preview.clone(),
        }
    })
}

fn reaction(reaction: mirror::Reaction) -> Reaction {
    let mine = reaction.sender == ME;
    Reaction {
        emoji: reaction.emoji,
        sender_name: if mine {
            ME.to_owned()
        } else {
            reaction.sender_name
        },
        sender: reaction.sender,
    }
}

fn media(row: MediaRow) -> Media {
    let small = |number: i64| u32::try_from(number).ok().filter(|&number| number > 0);
    Media {
        thumbnail: thumbnail(&row.thumbnail),
        bytes: (row.file_size > 0).then_some(row.file_size),
        width: small(row.width),
        height: small(row.height),
        seconds: small(row.duration),
        on_server: row.has_content,
        media_type: row.media_type,
        mime_type: row.mime_type,
        file_name: row.file_name,
    }
}

/// A thumbnail as an address that the window may show: only pictures, told by their first bytes, since
/// what a sender calls a picture may be anything.
fn thumbnail(base64: &str) -> Option<String> {
    let kind = match base64 {
        text if text.starts_with("/9j/") => "jpeg",
        text if text.starts_with("iVBORw0KGgo") => "png",
        text if text.starts_with("UklGR") => "webp",
        _ => return None,
    };
    let plain = base64
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    plain.then(|| format!("data:image/{kind};base64,{base64}"))
}

/// What a translator put into `platform_metadata` for the kinds that have more than words.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    location: Option<PlaceRecord>,
    poll: Option<PollRecord>,
    contacts: Vec<CardRecord>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceRecord {
    latitude: Option<f64>,
    longitude: Option<f64>,
    name: Option<String>,
    address: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PollRecord {
    options: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CardRecord {
    display_name: Option<String>,
    vcard: Option<String>,
}

impl Extra {
    fn read(metadata: &str) -> Self {
        serde_json::from_str(metadata).unwrap_or_default()
    }

    fn place(&self) -> Option<Place> {
        let found = self.location.as_ref()?;
        Some(Place {
            latitude: found.latitude?,
            longitude: found.longitude?,
            name: found.name.clone().unwrap_or_default(),
            address: found.address.clone().unwrap_or_default(),
        })
    }
}

impl CardRecord {
    fn shown(self) -> Card {
        let vcard = self.vcard.unwrap_or_default();
        let phone = vcard
            .lines()
            .find(|line| line.to_ascii_uppercase().starts_with("TEL"));
        let phone = phone
            .and_then(|line| line.split_once(':'))
            .map_or("", |(_, number)| number.trim());
        Card {
            name: self.display_name.unwrap_or_default(),
            phone: phone.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_become_pictures() {
        assert!(
            thumbnail("/9j/4AAQSkZJRg==").is_some(),
            "a JPEG by its first bytes"
        );
        assert_eq!(thumbnail("PHN2Zz4="), None, "an SVG can hold a script");
        assert_eq!(
            thumbnail("/9j/\"><script>"),
            None,
            "what is not base64 stays out of an address"
        );
    }

    #[test]
    fn a_card_shows_its_first_number() {
        let card = CardRecord {
            display_name: Some("Ana".into()),
            vcard: Some("BEGIN:VCARD\nFN:Ana\nTEL;type=CELL:+351 912\nTEL:+49 1\nEND:VCARD".into()),
        };
        assert_eq!(
            card.shown(),
            Card {
                name: "Ana".into(),
                phone: "+351 912".into()
            }
        );
    }

    #[test]
    fn metadata_of_another_shape_is_passed_over() {
        assert!(Extra::read(r#"{"location": 5}"#).place().is_none());
        assert!(
            Extra::read(r#"{"location": {"latitude": 1.5}}"#)
                .place()
                .is_none(),
            "half a place is none"
        );
    }
}
