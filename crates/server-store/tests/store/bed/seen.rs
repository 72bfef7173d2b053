//! What a reader sees of a store, and whether its figures hold.

use threadkeep_protocol::{
    Contact, Conversation, Id, Media, Message, Participant, Receipt, Stream,
};

use super::Bed;

impl Bed {
    /// The kept figures are those that counting gives: rows, latest seqs, and rows past any cursor.
    pub async fn assert_figures_hold(&self) {
        let status = self.store.status(self.integration).await.unwrap();
        let file = self.file();
        for stream in Stream::ALL {
            let (count, latest): (i64, i64) = file
                .query_row(
                    &format!("SELECT count(*), coalesce(max(seq), 0) FROM {stream} WHERE integration_id = ?1"),
                    [self.integration],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            let withdrawn: i64 = file
                .query_row(
                    &format!("SELECT count(*) FROM {stream} WHERE integration_id = ?1 AND is_withdrawn = 1"),
                    [self.integration],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(status.count(stream), count - withdrawn, "rows of {stream}");
            assert_eq!(status.latest_seq(stream), latest, "latest seq of {stream}");
            let in_buckets: i64 = file
                .query_row(
                    "SELECT coalesce(sum(row_count), 0) FROM seq_buckets
                     WHERE integration_id = ?1 AND stream = ?2",
                    (self.integration, stream.name()),
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(in_buckets, count, "rows of {stream} by stretches of seqs");
        }
        let wrong: i64 = file
            .query_row(
                "SELECT count(*) FROM conversations AS c WHERE total_message_count <>
                    (SELECT count(*) FROM messages AS m WHERE m.conversation_pk = c.pk AND m.is_withdrawn = 0)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(wrong, 0, "conversations that miscount their messages");
    }

    /// What a reader sees, keyed by what things are rather than by this store's names for them.
    pub async fn seen(&self) -> Vec<String> {
        let conversations = self.rows::<Conversation>().await;
        let mut messages = self.rows::<Message>().await;
        messages.retain(|row| !row.is_withdrawn);
        let contacts = self.rows::<Contact>().await;
        let chat = |id: Id| {
            let found = conversations.iter().find(|row| row.id == id);
            found
                .map(|row| row.external_conversation_id.clone())
                .unwrap()
        };
        let said = |id: Id| {
            let found = messages.iter().find(|row| row.id == id).unwrap();
            format!(
                "{}/{}",
                chat(found.conversation_id),
                found.external_message_id
            )
        };
        let merged: Vec<Id> = conversations
            .iter()
            .filter(|row| row.merged_into.is_some())
            .map(|row| row.id)
            .collect();
        let left: Vec<Id> = messages
            .iter()
            .filter(|row| merged.contains(&row.conversation_id))
            .map(|row| row.id)
            .collect();
        let mut seen = Vec::new();
        let mut see = |what: &str, of: String, row: serde_json::Value| {
            let mut row = row;
            for own in [
                "id",
                "seq",
                "created_at",
                "updated_at",
                "conversation_id",
                "message_id",
            ] {
                row.as_object_mut().unwrap().remove(own);
            }
            seen.push(format!("{what} {of} {row}"));
        };
        let json = |row: &dyn erased::Json| row.json();
        for row in conversations
            .iter()
            .filter(|row| row.merged_into.is_none() && !row.is_withdrawn)
        {
            see("conversation", String::new(), json(row));
        }
        for row in messages.iter().filter(|row| !left.contains(&row.id)) {
            see("message", chat(row.conversation_id), json(row));
        }
        for row in contacts
            .iter()
            .filter(|row| row.merged_into.is_none() && !row.is_withdrawn)
        {
            see("contact", String::new(), json(row));
        }
        for row in self.rows::<Participant>().await {
            // What is left of one who was there under both addresses.
            if row.is_withdrawn
                || row.external_participant_id.ends_with("@lid") && row.left_at.is_some()
            {
                continue;
            }
            let mut value = json(&row);
            let contact = value
                .as_object_mut()
                .unwrap()
                .remove("contact_id")
                .is_some();
            see(
                "participant",
                format!("{} {contact}", chat(row.conversation_id)),
                value,
            );
        }
        for row in self.rows::<Media>().await {
            if !row.is_withdrawn && !left.contains(&row.message_id) {
                see("media", said(row.message_id), json(&row));
            }
        }
        for row in self.rows::<Receipt>().await {
            let is_empty = (row.delivered_at, row.read_at, row.played_at) == (None, None, None);
            if !row.is_withdrawn && !left.contains(&row.message_id) && !is_empty {
                see("receipt", said(row.message_id), json(&row));
            }
        }
        seen.sort();
        seen
    }
}

mod erased {
    pub trait Json {
        fn json(&self) -> serde_json::Value;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}
