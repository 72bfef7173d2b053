//! Files that came with messages: asking for their bytes, showing, opening and saving them.

mod copy;
mod downloads;
mod fetch;
pub(crate) mod kind;
mod queue;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use threadkeep_content::{Contents, Hash};
use threadkeep_mirror::{Beside, LocalState, MediaFile, MediaPk, MediaRow, Mirror};

use copy::{Naming, copy};
pub use downloads::DownloadStream;
pub(crate) use downloads::Downloads;
use queue::{Queue, Which};

use crate::{
    App, Error,
    chat::read_chat,
    view::{MediaProgress, MediaSettings, MediaState, Message, PicturesBeside},
};

/// The setting's name in the mirror.
const SETTING: &str = "media";

/// As much of a file as tells what it is.
const HEAD: u64 = 4_096;

/// What is younger may be about to be named.
const SWEPT_AFTER: Duration = Duration::from_secs(60 * 60);

/// The bytes of a file that the window may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownMedia {
    /// Where they are.
    pub path: PathBuf,
    /// How many.
    pub length: u64,
    /// What they are, by their first bytes.
    pub media_type: &'static str,
    /// What names these bytes and no others.
    pub tag: String,
}

impl App {
    /// Which files come without being asked for.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn media_settings(&self) -> Result<MediaSettings, Error> {
        chosen(&self.mirror).await
    }

    /// Chooses which files come without being asked for; what is kept comes back.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn set_media_settings(
        &self,
        settings: MediaSettings,
    ) -> Result<MediaSettings, Error> {
        let settings = settings.within_bounds();
        let text = serde_json::to_string(&settings).unwrap_or_default();
        self.mirror.set_setting(SETTING, text).await?;
        self.downloads.look_again();
        Ok(settings)
    }

    /// Fetches files from now on, for as long as the app is open: those that are asked for, and those that
    /// come by themselves. What nobody names any more is swept first.
    pub fn fetch_by_itself(&self) {
        if self.read_only.is_some() {
            return;
        }
        let queue = Queue::new(self);
        let (mirror, contents) = (self.mirror.clone(), self.contents.clone());
        self.downloads.begin(async move {
            sweep(&mirror, contents).await;
            queue.run(Which::AsChosen).await;
        });
    }

    /// Asks for a file; it comes before all that nobody asked for.
    ///
    /// # Errors
    /// When there is no such file or the mirror cannot be written.
    pub async fn want_media(&self, id: &str) -> Result<(), Error> {
        let pk = self.media(id).await?.media.pk;
        self.mirror.want_media(pk).await?;
        self.downloads.try_again();
        Ok(())
    }

    /// Somebody looks at a file: if it comes by itself, it comes before those that nobody looks at.
    ///
    /// # Errors
    /// When there is no such file or the mirror cannot be written.
    pub async fn look_at_media(&self, id: &str) -> Result<(), Error> {
        let file = self.media(id).await?.media;
        let largest = chosen(&self.mirror).await?.largest();
        let comes = largest.is_some_and(|largest| file.file_size <= largest);
        if comes && state(&file) == MediaState::OnServer {
            self.mirror.want_media(file.pk).await?;
            self.downloads.look_again();
        }
        Ok(())
    }

    /// Takes back that a file was asked for, and stops its coming. What has come is gone on with if it is
    /// asked for again.
    ///
    /// # Errors
    /// When there is no such file or the mirror cannot be written.
    pub async fn leave_media(&self, id: &str) -> Result<(), Error> {
        let pk = self.media(id).await?.media.pk;
        self.mirror.leave_media(pk).await?;
        self.downloads.stop(pk);
        Ok(())
    }

    /// Fetches all files of at most so many bytes, or one chat's, and waits for it. Says how many came.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn fetch_media(
        &self,
        which: FetchWhich,
        progress: impl Fn(&MediaProgress) + Send + Sync + 'static,
    ) -> Result<u64, Error> {
        let which = match which {
            FetchWhich::All { largest } => Which::UpTo(largest),
            FetchWhich::Chat(chat) => {
                let chat = read_chat(&chat)?;
                for row in self.mirror.chat_media(chat, u32::MAX).await? {
                    for file in row.media.iter().filter(|file| is_to_be_had(file)) {
                        self.mirror.want_media(file.pk).await?;
                    }
                }
                Which::Wanted
            }
        };
        let before = self.mirror.media_counts().await?.here;
        let mut stream = self.downloads();
        let told = tokio::spawn(async move {
            while let Some(running) = stream.next().await {
                running.iter().for_each(&progress);
            }
        });
        Queue::new(self).run(which).await;
        told.abort();
        Ok(self
            .mirror
            .media_counts()
            .await?
            .here
            .saturating_sub(before))
    }

    /// How many files were asked for and have not come.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn media_left(&self) -> Result<u64, Error> {
        Ok(self.mirror.media_counts().await?.waiting)
    }

    /// What is being fetched, as it changes.
    #[must_use]
    pub fn downloads(&self) -> DownloadStream {
        self.downloads.stream()
    }

    /// The bytes of a file that is here, if they are what the window may show.
    ///
    /// # Errors
    /// When there is no such file, its bytes are not here, or the mirror cannot be read.
    pub async fn shown_media(&self, id: &str) -> Result<Option<ShownMedia>, Error> {
        let (file, hash) = self.held(id).await?;
        let path = self.contents.path(&hash);
        let Some((head, length)) = head(&path) else {
            // Somebody has tidied up: it may be fetched again.
            self.mirror.media_lost(file.media.pk).await?;
            return Err(Error::NoMedia(id.to_owned()));
        };
        Ok(kind::shown(&head).map(|media_type| ShownMedia {
            path,
            length,
            media_type,
            tag: hash.to_string(),
        }))
    }

    /// A copy of a file under its own name, for a program of the desktop to open. Only for what no program
    /// runs; it goes when the app is opened the next time.
    ///
    /// # Errors
    /// When the bytes are not here, are of a kind that is not opened, or cannot be copied.
    pub async fn openable_media(&self, id: &str) -> Result<PathBuf, Error> {
        let (file, hash) = self.held(id).await?;
        let from = self.contents.path(&hash);
        let (head, _) = head(&from).ok_or_else(|| Error::NoMedia(id.to_owned()))?;
        let name = kind::openable_name(&head, &file.media.file_name).ok_or(Error::NotOpenable)?;
        let folder = self.opened_folder().join(file.media.pk.to_string());
        copy(from, folder, name, Naming::Same).await
    }

    /// Saves a file into a folder, under its own name or one beside it that is free.
    ///
    /// # Errors
    /// When the bytes are not here or cannot be copied.
    pub async fn save_media(&self, id: &str, folder: PathBuf) -> Result<PathBuf, Error> {
        let (file, hash) = self.held(id).await?;
        let from = self.contents.path(&hash);
        let (head, _) = head(&from).ok_or_else(|| Error::NoMedia(id.to_owned()))?;
        let name = kind::saved_name(&head, &file.media.file_name);
        copy(from, folder, name, Naming::Free).await
    }

    /// What to call a file that is saved: its own name, if every system takes that.
    ///
    /// # Errors
    /// When the bytes are not here.
    pub async fn media_name(&self, id: &str) -> Result<String, Error> {
        let (file, hash) = self.held(id).await?;
        let none = || Error::NoMedia(id.to_owned());
        let (head, _) = head(&self.contents.path(&hash)).ok_or_else(none)?;
        Ok(kind::saved_name(&head, &file.media.file_name))
    }

    /// Saves a file where the person said, in place of what stands there.
    ///
    /// # Errors
    /// When the bytes are not here or cannot be copied.
    pub async fn save_media_as(&self, id: &str, to: &Path) -> Result<PathBuf, Error> {
        let (_, hash) = self.held(id).await?;
        let folder = to.parent().unwrap_or(Path::new("")).to_owned();
        let name = to.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let saved = copy(self.contents.path(&hash), folder, name, Naming::Replaced).await?;
        self.downloads.note_saved(&saved);
        Ok(saved)
    }

    /// Where the last file was saved, in this run of the program.
    #[must_use]
    pub fn last_saved_media(&self) -> Option<PathBuf> {
        self.downloads.last_saved()
    }

    /// The pictures and films before and after a file, in its chat.
    ///
    /// # Errors
    /// When there is no such file or the mirror cannot be read.
    pub async fn pictures_beside(&self, id: &str) -> Result<PicturesBeside, Error> {
        let file = self.media(id).await?;
        let beside = async |beside| {
            let found = self.mirror.picture_beside(file.chat, file.message, beside);
            let found: Vec<_> = found.await?.into_iter().collect();
            Ok::<_, Error>(self.alone(file.chat, found).await?.pop())
        };
        Ok(PicturesBeside {
            older: beside(Beside::Older).await?,
            newer: beside(Beside::Newer).await?,
        })
    }

    /// The messages of a chat that have files, newest first.
    ///
    /// # Errors
    /// When there is no such chat or the mirror cannot be read.
    pub async fn chat_media(&self, chat_id: &str, limit: u32) -> Result<Vec<Message>, Error> {
        let chat = read_chat(chat_id)?;
        let rows = self.mirror.chat_media(chat, limit).await?;
        self.alone(chat, rows).await
    }

    /// How many bytes the files take that are here, as of some seconds ago.
    pub(crate) async fn media_bytes(&self) -> u64 {
        if let Some(bytes) = self.downloads.weighed() {
            return bytes;
        }
        let contents = self.contents.clone();
        let counted = tokio::task::spawn_blocking(move || {
            let hashes = contents.hashes().unwrap_or_default();
            hashes.iter().filter_map(|hash| contents.length(hash)).sum()
        });
        let bytes = counted.await.unwrap_or(0);
        self.downloads.weigh(bytes);
        bytes
    }

    async fn media(&self, id: &str) -> Result<MediaFile, Error> {
        let none = || Error::NoMedia(id.to_owned());
        let pk = id.parse().map(MediaPk).map_err(|_| none())?;
        let file = self.mirror.media_file(pk).await?.ok_or_else(none)?;
        if file.is_deleted {
            return Err(none());
        }
        Ok(file)
    }

    /// A file whose bytes are here, and what names them.
    async fn held(&self, id: &str) -> Result<(MediaFile, Hash), Error> {
        let file = self.media(id).await?;
        let hash = file.media.sha256.parse().ok();
        let hash = hash.filter(|_| file.media.local == LocalState::Here);
        let hash = hash.ok_or_else(|| Error::NoMedia(id.to_owned()))?;
        Ok((file, hash))
    }

    fn opened_folder(&self) -> PathBuf {
        self.contents.folder().join("opened")
    }
}

/// Which files to fetch at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchWhich {
    /// All of at most so many bytes.
    All {
        /// In bytes.
        largest: i64,
    },
    /// Those of a chat, by its local id.
    Chat(String),
}

/// Where a file's bytes are, as the window is told.
pub(crate) fn state(row: &MediaRow) -> MediaState {
    match row.local {
        LocalState::Here => MediaState::Here,
        LocalState::Wanted => MediaState::Waiting,
        LocalState::Failed => MediaState::Failed,
        LocalState::Gone => MediaState::Gone,
        LocalState::Absent if is_to_be_had(row) => MediaState::OnServer,
        LocalState::Absent => MediaState::NotOnServer,
    }
}

/// Bytes that nobody has named cannot be told from others, so they are not fetched.
fn is_to_be_had(row: &MediaRow) -> bool {
    row.local != LocalState::Here && row.has_content && row.sha256.parse::<Hash>().is_ok()
}

/// What is chosen, for what outlives a call.
pub(crate) async fn chosen(mirror: &Mirror) -> Result<MediaSettings, Error> {
    let kept = mirror.setting(SETTING).await?.unwrap_or_default();
    let read: Option<MediaSettings> = serde_json::from_str(&kept).ok();
    Ok(read.unwrap_or_default().within_bounds())
}

/// Takes away the bytes that no message names any more, and the copies that were made to be opened.
async fn sweep(mirror: &Mirror, contents: Contents) {
    let listed = contents.clone();
    let Ok(Ok(hashes)) = tokio::task::spawn_blocking(move || listed.hashes()).await else {
        return tracing::warn!("the folder of media cannot be read");
    };
    let hashes = hashes.iter().map(Hash::to_string).collect();
    let Ok(named) = mirror.named_contents(hashes).await else {
        return;
    };
    let swept = tokio::task::spawn_blocking(move || {
        _ = fs::remove_dir_all(contents.folder().join("opened"));
        contents.sweep(SWEPT_AFTER, |hash| named.contains(&hash.to_string()))
    });
    match swept.await {
        Ok(Ok(swept)) if swept.gone > 0 => tracing::info!(files = swept.gone, "swept media"),
        Ok(Ok(_)) => {}
        _ => tracing::warn!("media that nobody names stay for now"),
    }
}

/// The first bytes of a file, and how long it is.
pub(crate) fn head(path: &Path) -> Option<(Vec<u8>, u64)> {
    let file = fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).ok()?;
    Some((head, length))
}
