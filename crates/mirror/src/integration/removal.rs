//! Deleting an account. The first transaction marks it, and from then on it is shown nowhere; the others
//! delete its rows some at a time; the last one deletes the account.

use super::Removed;
use crate::{ChangeKind, Error, IntegrationPk, writing::Writing};

/// Messages deleted in one transaction.
const SOME: i64 = 2_000;

/// What one transaction deleted, and whether there is more.
pub(super) struct Part {
    removed: Removed,
    is_more: bool,
}

impl Part {
    /// Returns whether there is more.
    pub(super) const fn add_to(self, total: &mut Removed) -> bool {
        total.conversations += self.removed.conversations;
        total.messages += self.removed.messages;
        total.others += self.removed.others;
        self.is_more
    }
}

pub(super) fn begin_removal(writing: &mut Writing<'_>, pk: IntegrationPk) -> Result<(), Error> {
    let marked = writing
        .conn
        .execute("UPDATE integrations SET removing = 1 WHERE pk = ?1", [pk])?;
    if marked == 0 {
        return Err(Error::NoIntegration(pk));
    }
    writing.forget(pk);
    writing.change(ChangeKind::Integration, pk.0);
    Ok(())
}

/// Ends the removals that an earlier run of the program had begun.
pub(crate) fn finish_removals(writing: &mut Writing<'_>) -> Result<(), Error> {
    let begun: Vec<IntegrationPk> = writing
        .conn
        .prepare("SELECT pk FROM integrations WHERE removing = 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for pk in begun {
        let mut removed = Removed::default();
        while remove_some(writing, pk)?.add_to(&mut removed) {}
        tracing::info!(?removed, "an account that was being removed is gone");
    }
    Ok(())
}

pub(super) fn remove_some(writing: &mut Writing<'_>, pk: IntegrationPk) -> Result<Part, Error> {
    let conn = writing.conn;
    let messages: Vec<i64> = conn
        .prepare_cached(
            "SELECT m.pk FROM conversations AS c CROSS JOIN messages AS m \
                ON m.conversation_pk = c.pk \
             WHERE c.integration_pk = ?1 LIMIT ?2",
        )?
        .query_map((pk, SOME), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut removed = Removed::default();
    for message in &messages {
        for sql in [
            "DELETE FROM media WHERE message_pk = ?1",
            "DELETE FROM receipts WHERE message_pk = ?1",
        ] {
            removed.others += conn.prepare_cached(sql)?.execute([message])? as u64;
        }
        conn.prepare_cached("DELETE FROM messages WHERE pk = ?1")?
            .execute([message])?;
    }
    removed.messages = messages.len() as u64;
    if !messages.is_empty() {
        return Ok(Part {
            removed,
            is_more: true,
        });
    }
    for sql in [
        "DELETE FROM media WHERE integration_pk = ?1 AND message_pk = 0",
        "DELETE FROM receipts WHERE integration_pk = ?1 AND message_pk = 0",
        "DELETE FROM participants WHERE conversation_pk IN \
            (SELECT pk FROM conversations WHERE integration_pk = ?1)",
        "DELETE FROM contacts WHERE integration_pk = ?1",
    ] {
        removed.others += conn.execute(sql, [pk])? as u64;
    }
    conn.execute(
        "DELETE FROM sync_checkpoints WHERE conversation_pk IN \
            (SELECT pk FROM conversations WHERE integration_pk = ?1)",
        [pk],
    )?;
    removed.conversations =
        conn.execute("DELETE FROM conversations WHERE integration_pk = ?1", [pk])? as u64;
    for sql in [
        "DELETE FROM selections WHERE integration_pk = ?1",
        "DELETE FROM views WHERE integration_pk = ?1",
        "DELETE FROM addresses WHERE integration_pk = ?1",
        "DELETE FROM sync_runs WHERE integration_pk = ?1",
        "DELETE FROM sync_state WHERE integration_pk = ?1",
        "DELETE FROM integrations WHERE pk = ?1",
    ] {
        conn.execute(sql, [pk])?;
    }
    writing.change(ChangeKind::Integration, pk.0);
    Ok(Part {
        removed,
        is_more: false,
    })
}
