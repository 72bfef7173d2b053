//! All about one message, and when something was said in a chat.

use threadkeep_mirror::{ConversationPk, MessageQuery, MessageRow, ReceiptRow};
use threadkeep_protocol as protocol;

use crate::{
    App, Error,
    chat::read_chat,
    import,
    view::{Anchor, MessageDetails, MessageSource, Receipt, Stretches},
};

impl App {
    /// What is known of a message beside what the reader shows, by its local id or the platform's.
    ///
    /// # Errors
    /// When there is no such chat or message, or the mirror cannot be read.
    pub async fn message_details(&self, chat_id: &str, id: &str) -> Result<MessageDetails, Error> {
        let row = self.message_row(read_chat(chat_id)?, id).await?;
        Ok(MessageDetails {
            server_id: row.id.to_string(),
            source: row.source.name().to_owned(),
            edited_at: time(row.edited_at),
            deleted_at: time(row.deleted_at),
            receipts: row.receipts.into_iter().map(receipt).collect(),
            raw: row.metadata,
        })
    }

    /// By whom a message is known, the linked account first; none where its server cannot say. Only the server
    /// knows: what is here is what came of all of them.
    ///
    /// # Errors
    /// When there is no such chat or message, or its server cannot be asked.
    pub async fn message_sources(
        &self,
        chat_id: &str,
        id: &str,
    ) -> Result<Vec<MessageSource>, Error> {
        let chat = read_chat(chat_id)?;
        let message = self.message_row(chat, id).await?;
        let row = self.mirror.chat(chat).await?;
        let row = row.ok_or_else(|| Error::NoChat(chat_id.to_owned()))?;
        let account = self.account(&row.integration.to_string()).await?;
        let remote = self.remote(&account).await?;
        let told = remote.message_sources(account.integration_id, message.id);
        let told = match told.await {
            Ok(told) => told,
            Err(error) if error.is_absence() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let account = account.pk.to_string();
        let sources = told.into_iter().map(|told| source(&account, told));
        Ok(sources.collect())
    }

    async fn message_row(&self, chat: ConversationPk, id: &str) -> Result<MessageRow, Error> {
        let anchor = Anchor::Around(id.to_owned());
        let query = MessageQuery {
            anchor: self.find_anchor(chat, anchor).await?,
            limit: 1,
        };
        let mut page = self.mirror.messages(chat, query).await?;
        let row = page.messages.pop();
        row.ok_or_else(|| Error::Cursor(id.to_owned()))
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

fn source(account: &str, told: protocol::MessageSource) -> MessageSource {
    MessageSource {
        way: told.sync_source.map(|way| way.name().to_owned()),
        import: told.import.map(|import| import::view_of(account, import)),
        is_loose: told.is_loose,
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
