//! All about one message, and when something was said in a chat.

use threadkeep_mirror::{MessageQuery, ReceiptRow};

use crate::{
    App, Error,
    chat::read_chat,
    view::{Anchor, MessageDetails, Receipt, Stretches},
};

impl App {
    /// What is known of a message beside what the reader shows, by its local id or the platform's.
    ///
    /// # Errors
    /// When there is no such chat or message, or the mirror cannot be read.
    pub async fn message_details(&self, chat_id: &str, id: &str) -> Result<MessageDetails, Error> {
        let chat = read_chat(chat_id)?;
        let anchor = Anchor::Around(id.to_owned());
        let query = MessageQuery {
            anchor: self.find_anchor(chat, anchor).await?,
            limit: 1,
        };
        let mut page = self.mirror.messages(chat, query).await?;
        let row = page.messages.pop();
        let row = row.ok_or_else(|| Error::Cursor(id.to_owned()))?;
        Ok(MessageDetails {
            server_id: row.id.to_string(),
            source: row.source.name().to_owned(),
            edited_at: time(row.edited_at),
            deleted_at: time(row.deleted_at),
            receipts: row.receipts.into_iter().map(receipt).collect(),
            raw: row.metadata,
        })
    }

    /// Whether something was said in each stretch of time.
    ///
    /// # Errors
    /// When there is no such chat, or the mirror cannot be read.
    pub async fn chat_activity(
        &self,
        chat_id: &str,
        stretches: Stretches,
    ) -> Result<Vec<bool>, Error> {
        let chat = read_chat(chat_id)?;
        Ok(self.mirror.activity(chat, stretches.bounds).await?)
    }
}

fn receipt(row: ReceiptRow) -> Receipt {
    Receipt {
        jid: row.jid,
        name: row.name,
        delivered_at: time(row.delivered_at),
        read_at: time(row.read_at),
        played_at: time(row.played_at),
    }
}

/// A time, where there is one.
fn time(millis: i64) -> Option<i64> {
    (millis != 0).then_some(millis)
}
