//! What a person chooses for a chat on this computer alone: a mirror writes nothing back, and what the
//! platform says comes with every pull. So a choice is kept beside it and goes before it, until it is the
//! same: who unpins here what was unpinned on the phone follows the phone again.

use rusqlite::OptionalExtension;
use threadkeep_protocol::Id;

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

/// What was chosen for a chat that went into another is chosen for that one, where nothing was yet. How far
/// it was read is left behind: of the other chat's messages nobody has seen any here.
pub(crate) fn hand_on(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    from: ConversationPk,
    into: Id,
) -> Result<(), Error> {
    let conn = writing.conn;
    let chosen: Option<[i64; 3]> = conn
        .prepare_cached(
            "SELECT pinned_here, archived_here, muted_here FROM conversations \
             WHERE pk = ?1 AND pinned_here + archived_here + muted_here > 0",
        )?
        .query_row([from], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .optional()?;
    let Some([pinned, archived, muted]) = chosen else {
        return Ok(());
    };
    let into = writing.conversation(integration, into)?;
    conn.prepare_cached(
        "UPDATE conversations SET \
            pinned_here = iif(pinned_here = 0, ?2, pinned_here), \
            archived_here = iif(archived_here = 0, ?3, archived_here), \
            muted_here = iif(muted_here = 0, ?4, muted_here) \
         WHERE pk = ?1",
    )?
    .execute((into, pinned, archived, muted))?;
    conn.prepare_cached(
        "UPDATE conversations SET pinned_here = 0, archived_here = 0, muted_here = 0 WHERE pk = ?1",
    )?
    .execute([from])?;
    writing.touch_chat(integration, into, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use threadkeep_protocol::Timestamp;

    use super::*;
    use crate::{
        ChatFilter, ChatQuery, ChatRow, Rows,
        testing::{Scene, conversation, id, message},
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
    async fn what_is_chosen_goes_with_a_chat_into_another() {
        let scene = Scene::new().await;
        say(&scene, 1, json!({"name": "old"})).await;
        choose(&scene, ChatChoice::Pinned(true)).await;
        choose(&scene, ChatChoice::Muted(true)).await;
        // The other one comes later than the word that the first went into it.
        say(&scene, 2, json!({"name": "old", "merged_into": id(7)})).await;
        let other = conversation(7, 3, json!({"name": "new"}));
        scene.put(Rows::Conversations(vec![other])).await;
        let row = chat(&scene).await;
        assert_eq!(
            (row.name.as_str(), row.pinned, row.muted),
            ("new", true, true)
        );

        // What was chosen for it since stays, whatever comes into it.
        choose(&scene, ChatChoice::Pinned(false)).await;
        say(&scene, 4, json!({"name": "old", "merged_into": id(7)})).await;
        assert!(!chat(&scene).await.pinned);
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
