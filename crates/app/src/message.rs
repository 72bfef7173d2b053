//! Reading a chat.

mod details;
mod extra;

use std::collections::HashMap;

use threadkeep_mirror::{
    self as mirror, ConversationPk, MediaRow, MessageQuery, MessageRow, QuotedRow,
};
use threadkeep_protocol::{Jid, ME};

use crate::{
    App, Error,
    chat::read_chat,
    media::state,
    mention,
    view::{Anchor, Edit, Media, Mention, Message, MessagePage, Quote, Reaction, Sender},
};
use extra::Extra;

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
        let extras: Vec<Extra> = page.messages.iter().map(Extra::of).collect();
        let around = Around {
            quoted: self.find_quoted(chat, &page.messages).await?,
            names: self.find_names(chat, &page.messages, &extras).await?,
        };
        Ok(MessagePage {
            older: page.older.map(|key| key.to_string()),
            newer: page.newer.map(|key| key.to_string()),
            messages: page
                .messages
                .into_iter()
                .zip(extras)
                .map(|(row, extra)| message(row, extra, &around))
                .collect(),
        })
    }

    /// What the messages of a page answer: first in the page itself, then further back.
    async fn find_quoted(
        &self,
        chat: ConversationPk,
        page: &[MessageRow],
    ) -> Result<mirror::Quoted, Error> {
        let Some(first) = page.first() else {
            return Ok(mirror::Quoted::default());
        };
        let here: HashMap<&str, &MessageRow> = page
            .iter()
            .map(|row| (row.external_id.as_str(), row))
            .collect();
        let mut elsewhere = Vec::new();
        let mut found = Vec::new();
        for id in page.iter().map(|row| row.reply_to.as_str()) {
            match here.get(id) {
                Some(row) => found.push(QuotedRow {
                    pk: row.pk,
                    external_id: row.external_id.clone(),
                    sender: sender(row).map_or_else(String::new, |sender| sender.jid),
                    sender_name: row.sender_name.clone(),
                    from_me: row.from_me,
                }),
                None if !id.is_empty() => elsewhere.push(id.to_owned()),
                None => {}
            }
        }
        let mut quoted = self.mirror.find_quoted(chat, first.key, elsewhere).await?;
        quoted.found.append(&mut found);
        Ok(quoted)
    }

    /// What to call those whom the messages of a page mention, and those that these answer.
    async fn find_names(
        &self,
        chat: ConversationPk,
        page: &[MessageRow],
        extras: &[Extra],
    ) -> Result<HashMap<String, String>, Error> {
        let jids = extras.iter().flat_map(|extra| extra.mentions.iter());
        let quoted = page
            .iter()
            .flat_map(|row| mention::addresses(&row.reply_preview));
        let jids: Vec<String> = jids.cloned().chain(quoted).collect();
        let names = self.mirror.names_in(chat, jids.clone()).await?;
        Ok(jids.into_iter().zip(names).collect())
    }

    /// Messages of a chat, each by itself: with the names of those whom they mention, and without what they answer.
    pub(crate) async fn alone(
        &self,
        chat: ConversationPk,
        rows: Vec<MessageRow>,
    ) -> Result<Vec<Message>, Error> {
        let extras: Vec<Extra> = rows.iter().map(Extra::of).collect();
        let around = Around {
            names: self.find_names(chat, &rows, &extras).await?,
            ..Around::default()
        };
        let each = rows.into_iter().zip(extras);
        Ok(each
            .map(|(row, extra)| message(row, extra, &around))
            .collect())
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

/// What is known beside the messages of a page.
#[derive(Default)]
struct Around {
    quoted: mirror::Quoted,
    /// By address.
    names: HashMap<String, String>,
}

/// A message by itself, with the names of those whom it mentions.
pub(crate) fn named(row: MessageRow, name_of: mirror::NameOf<'_>) -> Message {
    let extra = Extra::of(&row);
    let names = extra.mentions.iter().map(|jid| (jid.clone(), name_of(jid)));
    let around = Around {
        names: names.collect(),
        ..Around::default()
    };
    message(row, extra, &around)
}

fn message(row: MessageRow, extra: Extra, around: &Around) -> Message {
    Message {
        id: row.pk.to_string(),
        quote: quote(&row, around),
        unknown_kind: extra::unknown_kind(&row),
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
        mentions: mentions(&extra, &around.names),
        spans: extra.spans(&row.content),
        poll: extra.poll(),
        cards: extra.cards(),
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

fn quote(row: &MessageRow, Around { quoted, names }: &Around) -> Option<Quote> {
    if row.reply_to.is_empty() {
        return None;
    }
    let mut rows = quoted.found.iter();
    let found = rows.find(|found| found.external_id == row.reply_to);
    Some(Quote {
        external_id: row.reply_to.clone(),
        id: found.map(|found| found.pk.to_string()),
        missing: found.is_none() && quoted.is_all,
        sender: found.and_then(|found| (!found.sender.is_empty()).then(|| found.sender.clone())),
        sender_name: found.map(|found| match found.from_me {
            true => ME.to_owned(),
            false => found.sender_name.clone(),
        }),
        preview: row.reply_preview.clone(),
        mentions: mention::in_text(&row.reply_preview, |jid| {
            names.get(jid).cloned().unwrap_or_default()
        }),
    })
}

/// In a text somebody is called by the part of an address before its `@`.
fn mentions(extra: &Extra, names: &HashMap<String, String>) -> Vec<Mention> {
    let named = extra.mentions.iter().filter_map(|jid| {
        Some(Mention {
            handle: Jid::new(jid).user().to_owned(),
            name: names.get(jid)?.clone(),
        })
    });
    named.collect()
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
        id: row.pk.to_string(),
        state: state(&row),
        error: (!row.error.is_empty()).then_some(row.error),
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
}
