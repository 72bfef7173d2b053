//! What an operator looks at: the newest threads of an account, and the newest messages of one.
//!
//! Both are read through an index from its end, so that a look costs what it lists. Only messages by
//! arrival read more: the index entries of the thread, never its texts.

use rusqlite::{Connection, OptionalExtension, Row};
use threadkeep_protocol::{
    DeliveryStatus, Direction, Id, IntegrationId, Jid, MessageKind, MessageOrder, SyncSource,
    Thread, ThreadList, ThreadMessage, ThreadMessages, ThreadOrder,
};
use uuid::Uuid;

use crate::{
    error::StoreError,
    integration::require,
    page::PAGE_BYTES,
    row::{id_at, numbered, time_at, time_or_none_at},
    store::Store,
};

/// `last_backfill_at` is the last step of the newest request for older messages, whoever made it; a dry
/// run has brought nothing and does not count.
macro_rules! select_threads {
    ($where:literal) => {
        concat!(
            "SELECT c.pk, c.id, c.integration_id, c.external_id,
                coalesce(c.name, p.display_name, p.push_name), c.last_message_at,
                c.last_message_preview,
                (SELECT h.updated_at FROM history_checkpoints AS h
                 WHERE h.conversation_pk = c.pk AND h.dry_run = 0 ORDER BY h.id DESC LIMIT 1),
                c.total_message_count
             FROM conversations AS c
             LEFT JOIN contacts AS p
                ON p.integration_id = c.integration_id AND p.external_id = c.external_id ",
            $where
        )
    };
}

const BY_LAST_MESSAGE: &str = select_threads!(
    "WHERE c.integration_id = ?1 AND c.merged_into IS NULL AND c.is_withdrawn = 0
     ORDER BY c.last_message_at DESC, c.pk DESC LIMIT ?2"
);

/// Keys ascend with arrival; the inner query reads nothing but an index.
const BY_ARRIVAL: &str = select_threads!(
    "WHERE c.pk IN (SELECT pk FROM conversations WHERE integration_id = ?1 ORDER BY pk DESC)
        AND c.merged_into IS NULL AND c.is_withdrawn = 0
     ORDER BY c.pk DESC LIMIT ?2"
);

const ONE: &str = select_threads!("WHERE c.pk = ?1");

macro_rules! select_messages {
    ($where:literal) => {
        concat!(
            "SELECT m.id, m.is_from_me, m.content, m.external_id, m.delivery_status, m.kind,
                m.timestamp, m.updated_at, m.created_at, m.sync_source,
                (SELECT min(r.delivered_at) FROM receipts AS r WHERE r.message_pk = m.pk),
                (SELECT min(r.read_at) FROM receipts AS r WHERE r.message_pk = m.pk),
                f.media_type, f.mime_type, f.file_name
             FROM messages AS m LEFT JOIN media AS f ON f.message_pk = m.pk AND f.is_withdrawn = 0 ",
            $where
        )
    };
}

const MESSAGES_BY_TIME: &str = select_messages!(
    "WHERE m.conversation_pk = ?1 AND m.is_withdrawn = 0 ORDER BY m.timestamp DESC, m.pk DESC LIMIT ?2"
);

const MESSAGES_BY_ARRIVAL: &str = select_messages!(
    "WHERE m.pk IN
        (SELECT pk FROM messages WHERE conversation_pk = ?1 ORDER BY pk DESC LIMIT ?2)
        AND m.is_withdrawn = 0
     ORDER BY m.pk DESC"
);

impl Store {
    /// The newest threads of an account; those that turned out to be another are left out.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn threads(
        &self,
        integration: IntegrationId,
        order: ThreadOrder,
        limit: u32,
    ) -> Result<ThreadList, StoreError> {
        self.read(move |conn| {
            require(conn, integration)?;
            let sql = match order {
                ThreadOrder::LastMessageAt => BY_LAST_MESSAGE,
                ThreadOrder::CreatedAt => BY_ARRIVAL,
            };
            let threads: Vec<Thread> = conn
                .prepare_cached(sql)?
                .query_map((integration, limit), thread)?
                .collect::<Result<_, _>>()?;
            Ok(ThreadList {
                success: true,
                count: threads.len(),
                threads,
            })
        })
        .await
    }

    /// The newest messages of a thread, which is named by its id or its address. One that turned out
    /// to be another answers as that one. `None` where there is no such thread.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn thread_messages(
        &self,
        integration: IntegrationId,
        conversation: String,
        order: MessageOrder,
        limit: u32,
    ) -> Result<Option<ThreadMessages>, StoreError> {
        self.read(move |conn| {
            require(conn, integration)?;
            let Some(pk) = named(conn, integration, &conversation)? else {
                return Ok(None);
            };
            let thread = conn.prepare_cached(ONE)?.query_row([pk], thread)?;
            let messages = messages(conn, pk, &thread, order, limit)?;
            Ok(Some(ThreadMessages {
                success: true,
                thread,
                count: messages.len(),
                messages,
            }))
        })
        .await
    }
}

/// The conversation of an id or an address, or the one that it has become.
fn named(
    conn: &Connection,
    integration: IntegrationId,
    name: &str,
) -> rusqlite::Result<Option<i64>> {
    let pk = match Uuid::parse_str(name) {
        Ok(id) => by_id(conn, integration, id)?,
        Err(_) => by_address(conn, integration, &Jid::new(name).bare())?,
    };
    let Some(pk) = pk else { return Ok(None) };
    // What was merged once may be merged again; no circle can come of it, since the winner of a merge
    // is one that was not merged.
    conn.prepare_cached(
        "WITH RECURSIVE became (pk, merged_into) AS (
            SELECT pk, merged_into FROM conversations WHERE pk = ?1
            UNION
            SELECT c.pk, c.merged_into FROM conversations AS c JOIN became AS b ON c.pk = b.merged_into
         )
         SELECT pk FROM became WHERE merged_into IS NULL",
    )?
    .query_row([pk], |row| row.get(0))
    .optional()
}

fn by_id(conn: &Connection, integration: IntegrationId, id: Id) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT pk FROM conversations WHERE id = ?1 AND integration_id = ?2")?
        .query_row((id.as_bytes(), integration), |row| row.get(0))
        .optional()
}

/// A hidden id whose chat came under the phone address is found there.
fn by_address(
    conn: &Connection,
    integration: IntegrationId,
    address: &str,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT pk FROM conversations WHERE integration_id = ?1 AND external_id = ?2
         UNION ALL
         SELECT c.pk FROM addresses AS a
            JOIN conversations AS c ON c.integration_id = ?1 AND c.external_id = a.phone
         WHERE a.integration_id = ?1 AND a.lid = ?2
         LIMIT 1",
    )?
    .query_row((integration, address), |row| row.get(0))
    .optional()
}

fn thread(row: &Row<'_>) -> rusqlite::Result<Thread> {
    Ok(Thread {
        id: id_at(row, 1)?,
        account_id: row.get(2)?,
        client_jid: row.get(3)?,
        display_name: row.get(4)?,
        last_message_at: time_or_none_at(row, 5)?,
        last_message_preview: row.get(6)?,
        last_backfill_at: time_or_none_at(row, 7)?,
        message_count: row.get(8)?,
    })
}

/// Ends early where the texts outgrow what an answer may hold.
fn messages(
    conn: &Connection,
    conversation: i64,
    thread: &Thread,
    order: MessageOrder,
    limit: u32,
) -> rusqlite::Result<Vec<ThreadMessage>> {
    let sql = match order {
        MessageOrder::Timestamp => MESSAGES_BY_TIME,
        MessageOrder::CreatedAt => MESSAGES_BY_ARRIVAL,
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query((conversation, limit))?;
    let (mut messages, mut bytes) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        if bytes >= PAGE_BYTES {
            break;
        }
        let message = message(row, thread)?;
        bytes += message.body.len();
        messages.push(message);
    }
    Ok(messages)
}

fn message(row: &Row<'_>, thread: &Thread) -> rusqlite::Result<ThreadMessage> {
    let is_from_me: bool = row.get(1)?;
    let status: Option<i64> = row.get(4)?;
    let created_at = time_at(row, 8)?;
    let sync_source = numbered(&SyncSource::ALL, row.get(9)?, SyncSource::Realtime);
    Ok(ThreadMessage {
        id: id_at(row, 0)?,
        account_id: thread.account_id,
        client_jid: thread.client_jid.clone(),
        direction: if is_from_me {
            Direction::Outbound
        } else {
            Direction::Inbound
        },
        body: row.get(2)?,
        wa_message_id: row.get(3)?,
        status: status
            .filter(|_| is_from_me)
            .map(|number| numbered(&DeliveryStatus::ALL, number, DeliveryStatus::Sent)),
        message_type: numbered(&MessageKind::ALL, row.get(5)?, MessageKind::Unknown),
        ts_client: time_at(row, 6)?,
        ts_server: time_at(row, 7)?,
        created_at,
        synced_at: (sync_source != SyncSource::Realtime).then_some(created_at),
        sync_source,
        delivered_at: time_or_none_at(row, 10)?,
        read_at: time_or_none_at(row, 11)?,
        media_type: row.get(12)?,
        media_mimetype: row.get(13)?,
        media_filename: row.get(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::open_writer;

    /// How SQLite means to answer a query.
    fn steps(sql: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let conn = open_writer(&folder.path().join("server.db")).unwrap();
        let mut explained = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let count = explained.parameter_count();
        let rows =
            explained.query_map(rusqlite::params_from_iter(vec![1; count]), |row| row.get(3));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[rstest::rstest]
    #[case::threads(BY_LAST_MESSAGE, "conversations_by_last_message")]
    #[case::messages(MESSAGES_BY_TIME, "messages_by_time")]
    fn the_newest_are_read_from_the_end_of_an_index(#[case] sql: &str, #[case] index: &str) {
        let steps = steps(sql);
        assert!(steps.iter().any(|step| step.contains(index)), "{steps:?}");
        let reads_all = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
        assert!(!steps.iter().any(reads_all), "nothing is sorted: {steps:?}");
    }

    #[rstest::rstest]
    #[case::threads(BY_ARRIVAL)]
    #[case::messages(MESSAGES_BY_ARRIVAL)]
    fn what_came_last_is_found_without_reading_rows(#[case] sql: &str) {
        let steps = steps(sql);
        assert!(
            steps.iter().any(|step| step.contains("COVERING INDEX")),
            "keys come from an index: {steps:?}"
        );
        assert!(
            !steps.iter().any(|step| step.starts_with("SCAN")),
            "no table is read whole: {steps:?}"
        );
    }
}
