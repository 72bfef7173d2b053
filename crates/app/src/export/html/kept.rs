//! The files of messages, copied into a folder beside the page.
//!
//! A file's name is its own with a part of its hash, so that the same file is there once however often it
//! was sent, and nothing has to be remembered from message to message. What could run when it is clicked is
//! copied as well, and no link leads to it.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use threadkeep_content::{Contents, Hash};
use threadkeep_mirror::{LocalState, MessageRow};
use tokio_util::sync::CancellationToken;

use super::thing::Kept;
use crate::{
    export::files::Beside,
    media::{head, kind},
};

/// Between two looks at whether somebody has stopped the export, in bytes.
const STEP: u64 = 8 << 20;

/// So much of a hash stands in a name.
const DIGITS: usize = 16;

/// Where the files come from, for as long as nobody stops it.
pub(in crate::export) struct Keeping {
    pub(in crate::export) contents: Contents,
    pub(in crate::export) cancel: CancellationToken,
}

impl Keeping {
    /// Copies the file of a message, if it is here.
    pub(super) fn keep(&self, row: &MessageRow, beside: Beside) -> io::Result<Option<Kept>> {
        let here = |media: &&threadkeep_mirror::MediaRow| media.local == LocalState::Here;
        let Some(media) = row.media.first().filter(here).filter(|_| !row.deleted) else {
            return Ok(None);
        };
        let Ok(hash) = media.sha256.parse::<Hash>() else {
            return Ok(None);
        };
        let from = self.contents.path(&hash);
        // Somebody may have tidied up.
        let Some((head, _)) = head(&from) else {
            return Ok(None);
        };
        let name = with_hash(&kind::saved_name(&head, &media.file_name), &hash);
        fs::create_dir_all(&beside.folder)?;
        self.copy(&from, &beside.folder.join(&name))?;
        Ok(Some(Kept {
            folder: beside.name,
            name,
            media_type: kind::shown(&head),
            opens: kind::openable_name(&head, &media.file_name).is_some(),
        }))
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut copy = match File::create_new(to) {
            Ok(copy) => copy,
            // Sent before: it is the same.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut original = File::open(from)?;
        while io::copy(&mut (&mut original).take(STEP), &mut copy)? > 0 {
            if self.cancel.is_cancelled() {
                return Err(io::ErrorKind::Interrupted.into());
            }
        }
        copy.sync_all()
    }
}

/// `report.pdf` as `report 3f2a….pdf`.
fn with_hash(name: &str, hash: &Hash) -> String {
    let digits = &hash.to_string()[..DIGITS];
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem} {digits}.{ending}"),
        _ => format!("{name} {digits}"),
    }
}
