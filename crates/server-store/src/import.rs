//! Imports: what a person brought as one thing, who knows a message, and taking an import back.

use rusqlite::{Connection, OptionalExtension, Row, params};
use threadkeep_protocol::{
    Id, Import, ImportState, IngestReport, IntegrationId, MessageSource, NewImport, SourceKind,
    SyncSource, Timestamp,
};

use crate::{
    clock::now,
    error::StoreError,
    ingest::undo::undo_slice,
    integration::require,
    kept::{ACCOUNT, SEVERAL},
    row::numbered,
    store::Store,
};

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT id, format, inputs, options, state, saved, updated, unchanged, conflicting,
                failed, created_at, updated_at
             FROM imports ",
            $where
        )
    };
}

const ONE: &str = select!("WHERE integration_id = ?1 AND id = ?2");
const ALL: &str = select!("WHERE integration_id = ?1 ORDER BY id");

impl Store {
    /// Begins an import. Records are taken in under its id from then on, until it ends.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written.
    pub async fn begin_import(
        &self,
        integration: IntegrationId,
        new: NewImport,
    ) -> Result<Import, StoreError> {
        self.write(move |tx| {
            require(&tx, integration)?;
            tx.execute(
                "INSERT INTO imports (integration_id, format, inputs, options, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                params![
                    integration,
                    new.format,
                    serde_json::to_string(&new.inputs)?,
                    serde_json::to_string(&new.options)?,
                    now().millis()
                ],
            )?;
            let made = find(&tx, integration, tx.last_insert_rowid())?;
            tx.commit()?;
            Ok(made)
        })
        .await
    }

    /// The imports of an account, oldest first.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn imports(&self, integration: IntegrationId) -> Result<Vec<Import>, StoreError> {
        self.read(move |tx| {
            require(tx, integration)?;
            let imports = tx
                .prepare_cached(ALL)?
                .query_map([integration], from_row)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(imports)
        })
        .await
    }

    /// One import.
    ///
    /// # Errors
    /// When the account has no such import or the file cannot be read.
    pub async fn import(
        &self,
        integration: IntegrationId,
        import: i64,
    ) -> Result<Import, StoreError> {
        self.read(move |tx| find(tx, integration, import)).await
    }

    /// Ends an import: `complete`, or `cancelled`; both ways from `running` only. Said again it is left as it is.
    ///
    /// # Errors
    /// When the account has no such import, it cannot go there, or the file cannot be written.
    pub async fn end_import(
        &self,
        integration: IntegrationId,
        import: i64,
        state: ImportState,
    ) -> Result<Import, StoreError> {
        self.write(move |tx| {
            let known = find(&tx, integration, import)?;
            let is_end = matches!(state, ImportState::Complete | ImportState::Cancelled);
            if known.state == state {
                return Ok(known);
            }
            if !is_end || known.state != ImportState::Running {
                return Err(StoreError::ImportEnded(known.state));
            }
            set_state(&tx, import, state)?;
            let known = find(&tx, integration, import)?;
            tx.commit()?;
            Ok(known)
        })
        .await
    }

    /// Takes back what only this import brought; what others know too stays, without what this import
    /// changed in it. It is done in slices, between which others write. Cut off, it goes on when it is
    /// asked for again; done, it does nothing.
    ///
    /// # Errors
    /// When the account has no such import or the file cannot be written.
    pub async fn undo_import(
        &self,
        integration: IntegrationId,
        import: i64,
    ) -> Result<Import, StoreError> {
        self.write(move |tx| {
            if find(&tx, integration, import)?.state != ImportState::Undone {
                set_state(&tx, import, ImportState::Undoing)?;
            }
            Ok(tx.commit()?)
        })
        .await?;
        while self.undo_some(integration, import).await? {}
        self.import(integration, import).await
    }

    /// Takes back a slice more of an import that is being taken back; says whether something may be left.
    ///
    /// # Errors
    /// When the account has no such import or the file cannot be written.
    pub async fn undo_some(
        &self,
        integration: IntegrationId,
        import: i64,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            if find(&tx, integration, import)?.state != ImportState::Undoing {
                return Ok(false);
            }
            let is_more = undo_slice(&tx, integration, import)?;
            if !is_more {
                set_state(&tx, import, ImportState::Undone)?;
            }
            tx.commit()?;
            Ok(is_more)
        })
        .await
    }

    /// The imports that are being taken back, with their accounts: those whose undoing was cut off, if
    /// nobody has asked for one since.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn undoing(&self) -> Result<Vec<(IntegrationId, i64)>, StoreError> {
        self.read(|tx| {
            let found = tx
                .prepare_cached(
                    "SELECT integration_id, id FROM imports WHERE state = 'undoing' ORDER BY id",
                )?
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(found)
        })
        .await
    }

    /// Says of the imports that still run that they were stopped, for whoever knows that nobody feeds
    /// them any more. What has come stays, until it is taken back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn cancel_running_imports(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE imports SET state = 'cancelled', updated_at = ?1 WHERE state = 'running'",
                [now().millis()],
            )?;
            Ok(tx.commit()?)
        })
        .await
    }

    /// By whom a message is known, the account first.
    ///
    /// # Errors
    /// When the account has no such message or the file cannot be read.
    pub async fn message_sources(
        &self,
        integration: IntegrationId,
        message: Id,
    ) -> Result<Vec<MessageSource>, StoreError> {
        self.read(move |tx| {
            let found: Option<(i64, i64, i64, bool)> = tx
                .prepare_cached(
                    "SELECT pk, origin, sync_source, is_loose FROM messages
                     WHERE id = ?1 AND integration_id = ?2 AND is_withdrawn = 0",
                )?
                .query_row((message.as_bytes(), integration), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            let (pk, origin, way, is_loose) = found.ok_or(StoreError::UnknownMessage)?;
            let known: Vec<(i64, bool)> = if origin == SEVERAL {
                tx.prepare_cached(
                    "SELECT source, external_id <> '' FROM tellings WHERE message_pk = ?1
                     ORDER BY source, external_id",
                )?
                .query_map([pk], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?
            } else {
                vec![(origin, false)]
            };
            let way = numbered(&SyncSource::ALL, way, SyncSource::Realtime);
            known
                .into_iter()
                .map(|(source, goes_by_another)| {
                    let is_loose = is_loose || goes_by_another;
                    Ok(match source {
                        ACCOUNT => MessageSource {
                            kind: SourceKind::Account,
                            sync_source: Some(way),
                            import: None,
                            is_loose,
                        },
                        import => MessageSource {
                            kind: SourceKind::Import,
                            sync_source: None,
                            import: Some(find(tx, integration, import)?),
                            is_loose,
                        },
                    })
                })
                .collect()
        })
        .await
    }
}

/// The import, if it still takes records in.
pub fn require_running(
    conn: &Connection,
    integration: IntegrationId,
    import: i64,
) -> Result<i64, StoreError> {
    match find(conn, integration, import)?.state {
        ImportState::Running => Ok(import),
        state => Err(StoreError::ImportEnded(state)),
    }
}

/// Adds what a call did to what the import did.
pub fn count(
    conn: &Connection,
    import: i64,
    report: &IngestReport,
    unreadable: u64,
) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "UPDATE imports SET saved = saved + ?2, updated = updated + ?3, unchanged = unchanged + ?4,
                conflicting = conflicting + ?5, failed = failed + ?6, updated_at = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        import,
        number(report.saved),
        number(report.updated),
        number(report.unchanged),
        number(report.conflicting),
        number(report.errors.len() as u64 + unreadable),
        now().millis()
    ])?;
    Ok(())
}

fn set_state(conn: &Connection, import: i64, state: ImportState) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE imports SET state = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![import, state.name(), now().millis()])?;
    Ok(())
}

fn find(conn: &Connection, integration: IntegrationId, import: i64) -> Result<Import, StoreError> {
    conn.prepare_cached(ONE)?
        .query_row((integration, import), from_row)
        .optional()?
        .ok_or(StoreError::UnknownImport)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Import> {
    let count = |column| {
        row.get::<_, i64>(column)
            .map(|count| u64::try_from(count).unwrap_or_default())
    };
    let time = |column| row.get(column).map(Timestamp::from_millis);
    Ok(Import {
        id: row.get(0)?,
        format: row.get(1)?,
        inputs: serde_json::from_str(row.get_ref(2)?.as_str()?).unwrap_or_default(),
        options: serde_json::from_str(row.get_ref(3)?.as_str()?).unwrap_or_default(),
        // One of a newer version is over.
        state: row
            .get_ref(4)?
            .as_str()?
            .parse()
            .unwrap_or(ImportState::Complete),
        saved: count(5)?,
        updated: count(6)?,
        unchanged: count(7)?,
        conflicting: count(8)?,
        failed: count(9)?,
        created_at: time(10)?,
        updated_at: time(11)?,
    })
}
