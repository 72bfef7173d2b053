//! Giving a draft what is this computer's: who the account is here, what was chosen, what ran, what changed.

use std::{collections::BTreeSet, path::Path};

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{ChangeKind, Error, IntegrationPk, change, cursor};

/// Tables that are this computer's: what a draft has of them goes, and what is here is carried over.
pub(super) const CARRIED: [&str; 7] = [
    "changes",
    "meta",
    "selections",
    "settings",
    "sync_checkpoints",
    "sync_runs",
    "views",
];

/// What a draft has become.
pub(super) struct Settled {
    /// How many rows it has, of all streams.
    pub(super) rows: u64,
    /// The id of its latest change.
    pub(super) latest_change: i64,
    /// By this its index is to know it.
    pub(super) mirror_id: String,
}

/// Makes a draft this computer's. The mirror at `live` is only read.
pub(super) fn settle(
    draft: &mut Connection,
    live: &Path,
    pk: IntegrationPk,
    at: i64,
) -> Result<Settled, Error> {
    // What is carried over hangs on the account, which has its number in both.
    draft.pragma_update(None, "foreign_keys", false)?;
    draft.execute("ATTACH DATABASE ?1 AS live", [live.to_string_lossy()])?;
    let transaction = draft.transaction()?;
    for table in CARRIED {
        carry(&transaction, table)?;
    }
    transaction.execute(
        "UPDATE main.integrations \
         SET (server, integration_type, external_id, display_name, connection) = ( \
            SELECT l.server, l.integration_type, l.external_id, l.display_name, l.connection \
            FROM live.integrations AS l WHERE l.pk = ?1) \
         WHERE pk = ?1",
        [pk],
    )?;
    transaction.execute(
        "UPDATE main.sync_state SET last_sync_at = ?2 WHERE integration_pk = ?1",
        (pk, at),
    )?;
    forget_choices(&transaction)?;
    let mirror_id = name_anew(&transaction)?;
    let latest_change = announce(&transaction, pk)?;
    let rows = cursor::states(&transaction, pk)?
        .iter()
        .map(|(_, state)| state.rows)
        .sum();
    transaction.commit()?;
    draft.execute("DETACH DATABASE live", [])?;
    Ok(Settled {
        rows,
        latest_change,
        mirror_id,
    })
}

/// Replaces a table's rows by those that are here.
fn carry(draft: &Transaction<'_>, table: &str) -> Result<(), Error> {
    let columns: String = draft.query_row(
        "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_info(?1, 'main')",
        [table],
        |row| row.get(0),
    )?;
    draft.execute_batch(&format!(
        "DELETE FROM main.{table}; \
         INSERT INTO main.{table} ({columns}) SELECT {columns} FROM live.{table};"
    ))?;
    Ok(())
}

/// No file's bytes are on this computer yet, and nobody has chosen anything for a chat of an account that is
/// empty here, whatever the draft says.
fn forget_choices(draft: &Transaction<'_>) -> Result<(), Error> {
    draft.execute(
        "UPDATE main.media SET local_state = 0, local_error = '', attempts = 0, retry_at = 0 \
         WHERE local_state <> 0",
        [],
    )?;
    draft.execute(
        "UPDATE main.conversations \
         SET pinned_here = 0, archived_here = 0, muted_here = 0, read_here = 0 \
         WHERE pinned_here <> 0 OR archived_here <> 0 OR muted_here <> 0 OR read_here <> 0",
        [],
    )?;
    Ok(())
}

fn name_anew(draft: &Transaction<'_>) -> Result<String, Error> {
    Ok(draft.query_row(
        "UPDATE main.meta SET value = lower(hex(randomblob(16))) WHERE key = 'mirror_id' \
         RETURNING value",
        [],
        |row| row.get(0),
    )?)
}

/// Goes on with the changes where they stand here: all of the account is another one now.
fn announce(draft: &Transaction<'_>, pk: IntegrationPk) -> Result<i64, Error> {
    let latest: Option<i64> = draft
        .query_row(
            "SELECT seq FROM live.sqlite_sequence WHERE name = 'changes'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let latest = latest.unwrap_or_default();
    draft.execute(
        "DELETE FROM main.sqlite_sequence WHERE name = 'changes'",
        [],
    )?;
    draft.execute(
        "INSERT INTO main.sqlite_sequence (name, seq) VALUES ('changes', ?1)",
        [latest],
    )?;
    let all = [
        ChangeKind::Integration,
        ChangeKind::Conversations,
        ChangeKind::Contacts,
        ChangeKind::SyncState,
    ];
    let changes: BTreeSet<_> = all.into_iter().map(|kind| (kind, pk.0)).collect();
    Ok(change::write(draft, &changes)?.unwrap_or(latest))
}
