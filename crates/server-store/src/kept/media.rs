//! Media as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{IntegrationId, Stream};

use super::{Head, Kept, Loaded, fill, load};
use crate::error::StoreError;

/// The file of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    #[serde(skip)]
    pub message_pk: i64,
    pub media_type: String,
    pub mime_type: Option<String>,
    pub file_name: Option<String>,
    pub file_size: Option<i64>,
    pub sha256: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration: Option<i64>,
    #[serde(skip)]
    pub has_content: bool,
    pub thumbnail: Option<String>,
    pub platform_metadata: String,
    #[serde(skip)]
    pub is_withdrawn: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, message_pk, media_type, mime_type, file_name, file_size, sha256, width, height,
         duration, has_content, thumbnail, platform_metadata, is_withdrawn"
    };
}

const BY_MESSAGE: &str = concat!("SELECT ", columns!(), " FROM media WHERE message_pk = ?1");

impl Media {
    /// Takes in what is not known yet; says whether that changed anything.
    pub fn absorb(&mut self, other: &Self) -> bool {
        let mut changed = false;
        if self.media_type.is_empty() && !other.media_type.is_empty() {
            self.media_type.clone_from(&other.media_type);
            changed = true;
        }
        changed |= fill(&mut self.mime_type, other.mime_type.as_ref());
        changed |= fill(&mut self.file_name, other.file_name.as_ref());
        changed |= fill(&mut self.file_size, other.file_size.as_ref());
        changed |= fill(&mut self.sha256, other.sha256.as_ref());
        changed |= fill(&mut self.width, other.width.as_ref());
        changed |= fill(&mut self.height, other.height.as_ref());
        changed |= fill(&mut self.duration, other.duration.as_ref());
        changed |= fill(&mut self.thumbnail, other.thumbnail.as_ref());
        if other.has_content && !self.has_content {
            self.has_content = true;
            changed = true;
        }
        if self.platform_metadata.is_empty() && !other.platform_metadata.is_empty() {
            self.platform_metadata.clone_from(&other.platform_metadata);
            changed = true;
        }
        changed
    }

    /// Of a revoked message: nothing that shows or fetches what was in it.
    pub fn strip(&mut self) {
        self.has_content = false;
        self.thumbnail = None;
        self.file_name = None;
        self.platform_metadata.clear();
    }
}

impl Kept for Media {
    type Key = i64;
    const STREAM: Stream = Stream::Media;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM media WHERE pk = ?1");
    const INSERT: &'static str = "INSERT INTO media (pk, id, integration_id, seq, created_at,
            updated_at, message_pk, media_type, mime_type, file_name, file_size, sha256, width,
            height, duration, has_content, thumbnail, platform_metadata, is_withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    const UPDATE: &'static str = "UPDATE media SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, message_pk = ?6,
            media_type = ?7, mime_type = ?8, file_name = ?9, file_size = ?10, sha256 = ?11,
            width = ?12, height = ?13, duration = ?14, has_content = ?15, thumbnail = ?16,
            platform_metadata = ?17, is_withdrawn = ?18
         WHERE pk = ?1";

    fn key(&self) -> i64 {
        self.message_pk
    }

    fn find(
        conn: &Connection,
        _integration: IntegrationId,
        key: &i64,
    ) -> Result<Option<Loaded<Self>>, StoreError> {
        load(conn, BY_MESSAGE, [key])
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            message_pk: row.get(2)?,
            media_type: row.get(3)?,
            mime_type: row.get(4)?,
            file_name: row.get(5)?,
            file_size: row.get(6)?,
            sha256: row.get(7)?,
            width: row.get(8)?,
            height: row.get(9)?,
            duration: row.get(10)?,
            has_content: row.get(11)?,
            thumbnail: row.get(12)?,
            platform_metadata: row.get(13)?,
            is_withdrawn: row.get(14)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        self == other
    }

    fn write(&self, statement: &mut Statement<'_>, head: &Head) -> Result<(), StoreError> {
        statement.execute(params![
            head.pk,
            head.id.as_bytes(),
            head.integration,
            head.seq,
            head.now.millis(),
            self.message_pk,
            self.media_type,
            self.mime_type,
            self.file_name,
            self.file_size,
            self.sha256,
            self.width,
            self.height,
            self.duration,
            self.has_content,
            self.thumbnail,
            self.platform_metadata,
            self.is_withdrawn,
        ])?;
        Ok(())
    }
}
