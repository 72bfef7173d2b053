//! What a person chooses for a chat on this computer alone: a mirror writes nothing back, and what the
//! platform says comes with every pull. So a choice is kept beside it and goes before it, until it is the
//! same: who unpins here what was unpinned on the phone follows the phone again.

use rusqlite::OptionalExtension;

use crate::{ConversationPk, Error, IntegrationPk, Mirror, writing::Writing};

/// A choice for one chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatChoice {
    /// Kept at the top.
    Pinned(bool),
    /// Put away.
    Archived(bool),
    /// Makes no sound, and is not counted among what waits to be read.
    Muted(bool),
    /// All that is there was read.
    Read,
}

impl Mirror {
    /// Chooses something for a chat; says whether there is such a chat.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn choose_for_chat(
        &self,
        pk: ConversationPk,
        choice: ChatChoice,
    ) -> Result<bool, Error> {
        self.write(move |writing| choose(writing, pk, choice)).await
    }
}

fn choose(
    writing: &mut Writing<'_>,
    pk: ConversationPk,
    choice: ChatChoice,
) -> Result<bool, Error> {
    let (sql, is) = match choice {
        ChatChoice::Pinned(is) => (
            "UPDATE conversations SET pinned_here = CASE WHEN pinned = ?2 THEN 0 WHEN ?2 THEN 1 ELSE 2 END \
             WHERE pk = ?1 RETURNING integration_pk",
            is,
        ),
        ChatChoice::Archived(is) => (
            "UPDATE conversations SET archived_here = \
                CASE WHEN (flags & 1 <> 0) = ?2 THEN 0 WHEN ?2 THEN 1 ELSE 2 END \
             WHERE pk = ?1 RETURNING integration_pk",
            is,
        ),
        ChatChoice::Muted(is) => (
            "UPDATE conversations SET muted_here = \
                CASE WHEN (flags & 2 <> 0) = ?2 THEN 0 WHEN ?2 THEN 1 ELSE 2 END \
             WHERE pk = ?1 RETURNING integration_pk",
            is,
        ),
        // Of a chat without messages too it can be said that it was read.
        ChatChoice::Read => (
            "UPDATE conversations SET read_here = max(last_at, read_here, ?2) \
             WHERE pk = ?1 RETURNING integration_pk",
            true,
        ),
    };
    let integration: Option<IntegrationPk> = writing
        .conn
        .prepare_cached(sql)?
        .query_row((pk, is), |row| row.get(0))
        .optional()?;
    if let Some(integration) = integration {
        writing.touch_chat(integration, pk, 0);
    }
    Ok(integration.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use threadkeep_protocol::Timestamp;

    use super::*;
    use crate::{
        ChatFilter, ChatQuery, ChatRow, Rows,
        testing::{Scene, conversation, message},
    };

    /// A chat as the server tells of it, under ever higher numbers.
    async fn say(scene: &Scene, seq: i64, changes: Value) {
        let row = conversation(1, seq, changes);
        scene.put(Rows::Conversations(vec![row])).await;
    }

    async fn write(scene: &Scene, number: u64, seconds: i64, from_me: bool) {
        let at = Timestamp::from_seconds(seconds);
        let row = message(
            number,
            1,
            1,
            json!({"timestamp": at, "is_from_me": from_me}),
        );
        scene.put(Rows::Messages(vec![row])).await;
    }

    async fn chat(scene: &Scene) -> ChatRow {
        list(scene, ChatFilter::All).await.remove(0)
    }

    async fn list(scene: &Scene, filter: ChatFilter) -> Vec<ChatRow> {
        let query = ChatQuery {
            filter,
            ..ChatQuery::default()
        };
        scene.mirror.chats(query).await.unwrap()
    }

    async fn choose(scene: &Scene, choice: ChatChoice) {
        let pk = chat(scene).await.pk;
        assert!(scene.mirror.choose_for_chat(pk, choice).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_chosen_here_outlives_what_the_platform_says() {
        let scene = Scene::new().await;
        say(&scene, 1, json!({"is_pinned": true, "name": "one"})).await;
        choose(&scene, ChatChoice::Pinned(false)).await;
        choose(&scene, ChatChoice::Archived(true)).await;
        choose(&scene, ChatChoice::Muted(true)).await;
        say(&scene, 2, json!({"is_pinned": true, "name": "two"})).await;
        let row = chat(&scene).await;
        assert_eq!(row.name, "two", "the pull was heard");
        assert_eq!((row.pinned, row.archived, row.muted), (false, true, true));
        assert_eq!(list(&scene, ChatFilter::Archived).await.len(), 1);
        assert_eq!(list(&scene, ChatFilter::Inbox).await, []);
    }

    #[tokio::test]
    async fn who_chooses_what_the_platform_says_follows_it_again() {
        let scene = Scene::new().await;
        say(&scene, 1, json!({})).await;
        choose(&scene, ChatChoice::Archived(true)).await;
        choose(&scene, ChatChoice::Archived(false)).await;
        say(&scene, 2, json!({"is_archived": true})).await;
        assert!(chat(&scene).await.archived);
    }

    #[tokio::test]
    async fn a_pinned_chat_stands_at_the_top_of_every_page() {
        let scene = Scene::new().await;
        let rows = (1..=9).map(|n| {
            let at = Timestamp::from_seconds(i64::try_from(n).unwrap());
            conversation(n, 1, json!({"last_message_at": at, "name": n.to_string()}))
        });
        scene.put(Rows::Conversations(rows.collect())).await;
        let oldest = list(&scene, ChatFilter::All).await.pop().unwrap();
        let pin = ChatChoice::Pinned(true);
        assert!(scene.mirror.choose_for_chat(oldest.pk, pin).await.unwrap());
        let mut names = Vec::new();
        let mut after = None;
        loop {
            let query = ChatQuery {
                after,
                limit: 2,
                ..ChatQuery::default()
            };
            let page = scene.mirror.chats(query).await.unwrap();
            after = page.last().map(ChatRow::cursor);
            names.extend(page.into_iter().map(|row| row.name));
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, ["1", "9", "8", "7", "6", "5", "4", "3", "2"]);
    }

    #[tokio::test]
    async fn read_here_is_read_until_others_write_again() {
        let scene = Scene::new().await;
        write(&scene, 10, 100, false).await;
        say(&scene, 1, json!({"unread_count": 4})).await;
        assert_eq!(list(&scene, ChatFilter::Unread).await[0].unread, 4);
        choose(&scene, ChatChoice::Read).await;
        assert_eq!(chat(&scene).await.unread, 0);
        assert_eq!(list(&scene, ChatFilter::Unread).await, []);

        // The phone, which knows nothing of this, goes on counting from where it was.
        write(&scene, 11, 200, false).await;
        write(&scene, 12, 210, true).await;
        say(&scene, 2, json!({"unread_count": 5})).await;
        assert_eq!(
            chat(&scene).await.unread,
            1,
            "what came since, and not one's own"
        );
        say(&scene, 3, json!({"unread_count": 0})).await;
        assert_eq!(
            chat(&scene).await.unread,
            0,
            "and it is read where the phone read it"
        );
    }

    #[tokio::test]
    async fn a_mark_of_unread_goes_with_reading() {
        let scene = Scene::new().await;
        say(&scene, 1, json!({"unread_count": -1})).await;
        assert_eq!(chat(&scene).await.unread, -1);
        choose(&scene, ChatChoice::Read).await;
        assert_eq!(chat(&scene).await.unread, 0);
        assert_eq!(list(&scene, ChatFilter::Unread).await, []);
    }

    #[tokio::test]
    async fn a_chat_that_is_not_there_is_not_chosen_for() {
        let scene = Scene::new().await;
        let nobody = ConversationPk(77);
        let chosen = scene.mirror.choose_for_chat(nobody, ChatChoice::Read);
        assert!(!chosen.await.unwrap());
    }
}
