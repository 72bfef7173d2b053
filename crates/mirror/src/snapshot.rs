//! Taking a mirror that another computer made: all rows of an account at once, in place of a first pull.
//!
//! A draft is a mirror of this account alone, and perhaps its search index, unpacked beside this mirror. It is
//! looked at (`check`), given what is this computer's (`settle`), and copied page by page over the mirror in
//! one transaction of the writer: readers see the one or the other, and so does who opens it after a kill.
//!
//! Invariants:
//! - Only a mirror that holds nothing but this account takes one: the numbers of all rows become others, so
//!   nobody may have any of them in use. The account keeps its own.
//! - The files are another machine's. Their schema is compared with this mirror's, text by text, before any
//!   statement runs that a trigger or a view of theirs could answer.
//! - Both files get a new `mirror_id`, and the mirror goes in first. The index waits under a name of its own
//!   until the mirror has that id, and who follows the mirror then takes it (`search::file`). Wherever a kill
//!   falls, an index is the mirror's own or foreign to it. The other way about, numbers that the old mirror
//!   gives anew would be taken for indexed.
//! - An index that is no good, or of another SQLite's making, is left out: it costs a rebuild, no row.
//! - Each table comes with the snapshot or is this computer's (`CARRIED`); a test knows all of them.
//!
//! Rejected: moving the file into its place (open connections would stay with the old one); inserting its rows
//! (all indices of the mirror would be made again).

pub(crate) mod check;
mod settle;

use std::{collections::BTreeMap, io, path::PathBuf, thread, time::Duration};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};
use threadkeep_protocol::{IntegrationId, Seq, Stream};

use crate::{Error, IntegrationPk, Mirror, files, search};

/// Tables of which a mirror that takes a snapshot has no row, beside those whose rows belong to an account.
const BLANK: [&str; 2] = ["selections", "sync_checkpoints"];

/// Copied at a time, 4 MiB; between two of these it can be stopped.
const PAGES: i32 = 1_000;

/// Tries at a step while somebody else has the file, 10 ms apart.
const TRIES: usize = 500;

/// The unpacked files of a snapshot, and what they have to be.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The mirror, in a folder of its own on the disk of the mirror that takes it.
    pub mirror: PathBuf,
    /// Its search index.
    pub index: Option<PathBuf>,
    /// The account's id on the server.
    pub integration: IntegrationId,
    /// The history that it is of.
    pub epoch: String,
    /// Where its cursors stand.
    pub cursors: BTreeMap<Stream, Seq>,
}

impl Mirror {
    /// Where drafts are made: on the mirror's disk, so that a file can be moved from there.
    #[must_use]
    pub fn drafts(&self) -> PathBuf {
        files::beside(self.path(), ".snapshot")
    }

    /// Whether an account is alone here, has no rows, and is wanted whole.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn takes_snapshot(&self, pk: IntegrationPk) -> Result<bool, Error> {
        if self.format().read_only {
            return Ok(false);
        }
        self.read(move |conn| is_blank(conn, pk)).await
    }

    /// Takes a snapshot in place of a first pull. Returns how many rows came. `goes_on` is asked now and
    /// then, and may take as little time as it is given.
    ///
    /// # Errors
    /// `Unfit` when the draft is not what it has to be, or the mirror is not empty; when a file cannot be
    /// read or written, or it was stopped. Nothing has changed then but the draft.
    pub async fn take_snapshot<G>(
        &self,
        pk: IntegrationPk,
        draft: Draft,
        at: i64,
        goes_on: G,
    ) -> Result<u64, Error>
    where
        G: Fn() -> bool + Clone + Send + 'static,
    {
        let shape = self.read(check::own_shape).await?;
        let (looked_at, look_on) = (draft.clone(), goes_on.clone());
        let checked = blocking(move || check::mirror(&looked_at, pk, &shape, look_on));
        let (index, look_on) = (draft.index, goes_on.clone());
        let indexed = blocking(move || {
            let Some(index) = index else { return Ok(None) };
            match search::check_draft(&index, look_on) {
                Ok(()) => Ok(Some(index)),
                Err(error) => {
                    tracing::warn!(%error, "a snapshot's index is left out");
                    Ok(None)
                }
            }
        });
        let (from, index) = tokio::join!(checked, indexed);
        let (mut from, index) = (from?, index?);
        let path = self.path().to_owned();
        self.replace(move |to| {
            if !goes_on() {
                return Err(Error::Stopped);
            }
            if !is_blank(to, pk)? {
                return Err(Error::Unfit("the mirror is not empty"));
            }
            let settled = settle::settle(&mut from, &path, pk, at)?;
            if let Some(index) = index
                && let Err(error) = search::put_draft(&index, &path, &settled.mirror_id)
            {
                tracing::warn!(%error, "a snapshot's index is left out");
            }
            copy(&from, to, &goes_on)?;
            Ok((settled.rows, settled.latest_change))
        })
        .await
    }

    /// Deletes what there is of drafts, but for an index that waits for its turn.
    ///
    /// # Errors
    /// When the mirror cannot be read or a file cannot be deleted.
    pub async fn forget_drafts(&self) -> Result<(), Error> {
        let (drafts, path) = (self.drafts(), self.path().to_owned());
        if !drafts.exists() && !search::waiting(&path).exists() {
            return Ok(());
        }
        self.read(move |conn| {
            search::forget_draft(&path, &search::mirror_id(conn)?).map_err(Error::Draft)?;
            match std::fs::remove_dir_all(drafts) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::Draft(error)),
                _ => Ok(()),
            }
        })
        .await
    }
}

/// Whether nothing is here but an account without rows.
fn is_blank(conn: &Connection, pk: IntegrationPk) -> Result<bool, Error> {
    let is_alone = conn.query_row(
        "SELECT count(*) = 1 AND max(pk) = ?1 AND max(removing) = 0 FROM integrations",
        [pk],
        |row| row.get::<_, Option<bool>>(0),
    )?;
    if is_alone != Some(true) {
        return Ok(false);
    }
    for table in check::OWNED.into_iter().chain(BLANK) {
        let is_empty = format!("SELECT NOT EXISTS (SELECT 1 FROM {table})");
        if !conn.query_row(&is_empty, [], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies one file over the other, in one transaction of the other.
fn copy(from: &Connection, to: &mut Connection, goes_on: impl Fn() -> bool) -> Result<(), Error> {
    let backup = Backup::new(from, to)?;
    let mut tries = 0;
    loop {
        if !goes_on() {
            // Dropping it takes back what was copied.
            return Err(Error::Stopped);
        }
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => tries = 0,
            _ if tries < TRIES => {
                tries += 1;
                thread::sleep(Duration::from_millis(10));
            }
            _ => return Err(Error::Locked),
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Panicked(error.to_string()))?
}

#[cfg(test)]
mod tests;
