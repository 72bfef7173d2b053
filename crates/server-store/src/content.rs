//! The bytes of media: what was announced of them, and that they are here. The bytes themselves lie
//! beside the database, by their hash; here is who may have them.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Id, IntegrationId};

use crate::{
    clock::now, error::StoreError, ingest::call::Call, integration::require, kept::ACCOUNT,
    store::Store,
};

/// What was announced of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// As the sender named it: never a path.
    pub file_name: Option<String>,
    /// As the sender called it.
    pub mime_type: Option<String>,
    /// In bytes.
    pub file_size: Option<i64>,
    /// Of the plain bytes, in hex.
    pub sha256: Option<String>,
    /// The bytes are here.
    pub has_content: bool,
    /// A small picture, base64.
    pub thumbnail: Option<String>,
}

impl Store {
    /// What was announced of a file. That of a message that was taken back is nobody's any more.
    ///
    /// # Errors
    /// When the integration has no such file, or the database cannot be read.
    pub async fn announced(
        &self,
        integration: IntegrationId,
        id: Id,
    ) -> Result<Announced, StoreError> {
        self.read(move |conn| {
            require(conn, integration)?;
            let (pk, is_deleted) = find(conn, integration, id)?;
            if is_deleted {
                return Err(StoreError::UnknownMedia);
            }
            let announced = conn
                .prepare_cached(
                    "SELECT file_name, mime_type, file_size, sha256, has_content, thumbnail
                     FROM media WHERE pk = ?1",
                )?
                .query_row([pk], |row| {
                    Ok(Announced {
                        file_name: row.get(0)?,
                        mime_type: row.get(1)?,
                        file_size: row.get(2)?,
                        sha256: row.get(3)?,
                        has_content: row.get(4)?,
                        thumbnail: row.get(5)?,
                    })
                })?;
            Ok(announced)
        })
        .await
    }

    /// Notes that the bytes of a file are here: those of this hash, so many. The row moves, so that
    /// clients learn of it. Said again, it changes nothing.
    ///
    /// # Errors
    /// When the file is not there, was taken back or announced with another hash meanwhile, or the
    /// database cannot be written.
    pub async fn keep_content(
        &self,
        integration: IntegrationId,
        id: Id,
        sha256: String,
        size: i64,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let (pk, is_deleted) = find(&tx, integration, id)?;
            let mut call = Call::open(&tx, integration, now(), ACCOUNT)?;
            let slot = call.media.get(&tx, pk)?;
            let announced = slot.row.sha256.as_deref().unwrap_or_default();
            if is_deleted || !announced.eq_ignore_ascii_case(&sha256) {
                return Err(StoreError::UnknownMedia);
            }
            slot.row.has_content = true;
            slot.row.file_size.get_or_insert(size);
            call.flush()?;
            Ok(tx.commit()?)
        })
        .await
    }

    /// Those of these hashes that a file here has, whoever's it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn named_contents(&self, hashes: Vec<String>) -> Result<HashSet<String>, StoreError> {
        self.read(move |conn| {
            let mut is_named = conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM media WHERE lower(sha256) = ?1 AND has_content = 1)",
            )?;
            let mut named = HashSet::new();
            for hash in hashes {
                if is_named.query_row([&hash], |row| row.get(0))? {
                    named.insert(hash);
                }
            }
            Ok(named)
        })
        .await
    }
}

/// A file's key, and whether its message was taken back.
fn find(conn: &Connection, integration: IntegrationId, id: Id) -> Result<(i64, bool), StoreError> {
    conn.prepare_cached(
        "SELECT f.pk, m.is_deleted OR m.is_withdrawn OR f.is_withdrawn FROM media AS f JOIN messages AS m ON m.pk = f.message_pk
         WHERE f.id = ?1 AND f.integration_id = ?2",
    )?
    .query_row((id.as_bytes(), integration), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
    .optional()?
    .ok_or(StoreError::UnknownMedia)
}
