//! Search: every message by its words, in any script, newest first or best first.
//!
//! The index is a file of its own beside the mirror (`search.db`), made by a thread of its own behind a
//! cursor of its own: the mirror's writer pays nothing for it, and losing it costs a rebuild.
//!
//! Invariants:
//! - What the index holds commits together with how far it has followed the mirror. Whatever it may have
//!   missed (a lost or a foreign file, an older copy of either) makes it begin again.
//! - Texts are folded and cut here (`token`), for the index, for queries and for the marks of a hit alike.
//! - A hit is compared with its message as it is now before it is shown: an index that is behind finds
//!   too little, never what is not so.
//! - No input is a mistake, and FTS5 sees folded words in quotes only.
//!
//! Rejected: FTS5 by trigger in the mirror (70 % of a pull's time); trigrams (four times the size, blind to
//! two characters); names in the index (a rename would touch every message of a person); `bm25()` of FTS5,
//! which counts every hit (11 s for a frequent word in ten million messages).

mod asking;
mod best;
mod by_chat;
mod candidate;
mod document;
mod draft;
mod expression;
mod feed;
mod file;
mod find;
mod fold;
mod follow;
mod mark;
pub(crate) mod names;
mod newest;
mod query;
mod quick;
pub(crate) mod token;

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use by_chat::{ByChat, ChatHits};
pub(crate) use draft::{check_draft, forget_draft, put_draft, waiting};
pub(crate) use feed::mirror_id;
use jiff::tz::TimeZone;
pub use mark::{Excerpt, Mark};
pub use quick::Named;

use crate::{BadKey, ChatName, ConversationPk, Error, MessageKey, MessageRow, Mirror, files};
use find::Finder;
use follow::Follower;

/// Hits are counted up to here while somebody types: ten thousand of a frequent word take ten times as long as the
/// first page of them.
const COUNTED: u64 = 1_000;
/// And up to here for what is no search field.
const COUNTED_AT_LEISURE: u64 = 10_000;

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By time, the newest first.
    #[default]
    Newest,
    /// By how well they fit, of the newest thousand.
    Best,
}

/// Which way to go from a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Toward {
    /// To what was sent before.
    #[default]
    Older,
    /// To what was sent later.
    Newer,
}

/// A place among hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchPlace {
    /// A message, be it a hit or not.
    Message(MessageKey),
    /// So many of the best hits are behind it.
    Rank(u32),
}

impl fmt::Display for SearchPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(key) => key.fmt(f),
            Self::Rank(rank) => write!(f, "+{rank}"),
        }
    }
}

impl FromStr for SearchPlace {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        match text.strip_prefix('+').and_then(|rank| rank.parse().ok()) {
            Some(rank) => Ok(Self::Rank(rank)),
            None => text.parse().map(Self::Message),
        }
    }
}

/// What to look for.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    /// As a person typed it: words, `"phrases"`, `OR`, `-not`, `from:`, `in:`, `account:`, `before:`,
    /// `after:`, `on:`, `has:`, `is:`, `type:`.
    pub text: String,
    /// In this chat alone.
    pub chat: Option<ConversationPk>,
    /// In which order.
    pub order: Order,
    /// From where on; from the newest, or the best, without it.
    pub place: Option<SearchPlace>,
    /// Which way; of the order by time alone.
    pub toward: Toward,
    /// At most so many; 0 for 50, never more than 500.
    pub limit: u32,
    /// Where days begin.
    pub zone: TimeZone,
    /// The time, in milliseconds: what `today` is.
    pub now: i64,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The message.
    pub message: MessageRow,
    /// Its chat.
    pub chat: ChatName,
    /// A piece of its text with what was looked for.
    pub text: Excerpt,
    /// The name of its file, where that is what was found.
    pub file: Option<Excerpt>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Some hits, in the order asked for.
    pub hits: Vec<Hit>,
    /// How many there are in all, about; none behind the first page.
    pub about: Option<About>,
    /// About how many messages the index has not seen; 0 only when it has seen all.
    pub behind: u64,
    /// Asks for the hits that follow; none at the end.
    pub next: Option<SearchPlace>,
    /// Names in filters that nobody and nothing is called by.
    pub unknown: Vec<String>,
}

/// A number of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About {
    /// So many.
    pub hits: u64,
    /// There are more: counting has stopped.
    pub more: bool,
}

impl About {
    /// Of rows that were counted up to one more than `most`.
    fn of(rows: u64, most: u64) -> Self {
        Self {
            hits: rows.min(most),
            more: rows > most,
        }
    }
}

/// The search of one mirror. Clones share it; the last one to go ends the thread that indexes.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

struct Inner {
    mirror: Mirror,
    path: PathBuf,
    finder: Finder,
    /// None where it was opened for reading, and once it is closed.
    follower: Mutex<Option<Follower>>,
}

impl Search {
    /// Opens the index of a mirror at `path` and begins to follow the mirror; makes the index where there
    /// is none, or anew where what is there is no good. What goes wrong with the file later is tried
    /// again and again, and costs no message.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn open(mirror: &Mirror, path: &Path) -> Result<Self, Error> {
        let follower = Follower::start(mirror, path)
            .map_err(|error| Error::Index(crate::OpenError::Io(error)))?;
        Ok(Self::new(mirror, path, Some(follower)))
    }

    /// The same on a computer of so many cores.
    #[cfg(test)]
    fn open_on(cores: usize, mirror: &Mirror, path: &Path) -> Self {
        let follower = Follower::start_on(cores, mirror, path).unwrap();
        Self::new(mirror, path, Some(follower))
    }

    /// Opens an index for reading: another program follows the mirror, or nobody may write.
    #[must_use]
    pub fn look(mirror: &Mirror, path: &Path) -> Self {
        Self::new(mirror, path, None)
    }

    /// The number of the way in which texts are folded and rows numbered; an index of another one is made
    /// anew.
    #[must_use]
    pub const fn format() -> u32 {
        file::FORMAT
    }

    fn new(mirror: &Mirror, path: &Path, follower: Option<Follower>) -> Self {
        Self {
            inner: Arc::new(Inner {
                mirror: mirror.clone(),
                path: path.to_owned(),
                finder: Finder::new(path.to_owned(), COUNTED),
                follower: Mutex::new(follower),
            }),
        }
    }

    /// Finds messages. A later search takes the place of one that still runs.
    ///
    /// # Errors
    /// `Superseded` by a later one; when a file cannot be read. A damaged index is made anew meanwhile.
    pub async fn find(&self, query: SearchQuery) -> Result<Found, Error> {
        let inner = Arc::clone(&self.inner);
        let (ticket, made) = (inner.finder.ticket(), self.made());
        self.answered(move |conn| inner.finder.find(conn, &query, ticket, made))
            .await
    }

    /// The same, by chat: of the newest hits, whatever the query's order, place and limit.
    ///
    /// # Errors
    /// As for `find`.
    pub async fn by_chat(&self, query: SearchQuery) -> Result<ByChat, Error> {
        let inner = Arc::clone(&self.inner);
        let (ticket, made) = (inner.finder.ticket(), self.made());
        self.answered(move |conn| inner.finder.by_chat(conn, &query, ticket, made))
            .await
    }

    /// Finds messages for something that is no search field, such as what a chat has of pictures: on a
    /// connection of its own, so that nothing takes its place and it takes nobody's.
    ///
    /// # Errors
    /// When a file cannot be read. A damaged index is made anew meanwhile.
    pub async fn look_up(&self, query: SearchQuery) -> Result<Found, Error> {
        let finder = Finder::new(self.inner.path.clone(), COUNTED_AT_LEISURE);
        let (ticket, made) = (finder.ticket(), self.made());
        self.answered(move |conn| finder.find(conn, &query, ticket, made))
            .await
    }

    /// Which file of the index's name it is.
    fn made(&self) -> u64 {
        self.with_follower(|follower| follower.standing().borrow().made)
            .unwrap_or(0)
    }

    async fn answered<T, F>(&self, ask: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    {
        let answer = self.inner.mirror.read(ask).await;
        if let Err(Error::Index(error)) = &answer {
            tracing::warn!(%error, "a search met a broken index");
            self.with_follower(|follower| follower.rebuild());
        }
        answer
    }

    /// About how many messages the index has not seen; 0 only when it has seen all.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn behind(&self) -> Result<u64, Error> {
        let path = self.inner.path.clone();
        self.inner
            .mirror
            .read(move |conn| {
                let mirror_id = feed::mirror_id(conn)?;
                // An index that cannot be read has seen nothing.
                let cursor = match file::for_reading(&path, &mirror_id) {
                    Ok(Some(index)) => file::cursor(&index).unwrap_or_default(),
                    Ok(None) | Err(_) => file::Cursor::default(),
                };
                feed::left(conn, cursor)
            })
            .await
    }

    /// Whether the index follows the mirror here, and not in another program.
    #[must_use]
    pub fn is_following(&self) -> bool {
        self.inner.follower().is_some()
    }

    /// Waits until the index has seen all that was committed before.
    ///
    /// # Errors
    /// `Closed` when nobody follows the mirror, or no longer; `NotIndexing` when the index cannot be
    /// written.
    pub async fn caught_up(&self) -> Result<(), Error> {
        let mut standing = self
            .with_follower(|follower| follower.standing())
            .ok_or(Error::Closed)?;
        loop {
            let seen = *standing.borrow_and_update();
            if seen.failed {
                return Err(Error::NotIndexing);
            }
            // What was committed since its last look counts too.
            let left = move |conn: &rusqlite::Connection| feed::left(conn, seen.cursor);
            if seen.behind == Some(0) && self.inner.mirror.read(left).await? == 0 {
                return Ok(());
            }
            standing.changed().await.map_err(|_| Error::Closed)?;
        }
    }

    /// Makes the index anew, in its thread. Returns when it has begun to.
    ///
    /// # Errors
    /// `Closed` when nobody follows the mirror.
    pub async fn rebuild(&self) -> Result<(), Error> {
        let (wanted, mut standing) = self
            .with_follower(|follower| (follower.rebuild(), follower.standing()))
            .ok_or(Error::Closed)?;
        standing
            .wait_for(|standing| standing.rebuilt >= wanted)
            .await
            .map(drop)
            .map_err(|_| Error::Closed)
    }

    /// Bytes of the index's file and of the log beside it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        files::size(&self.inner.path) + files::size(&files::beside(&self.inner.path, "-wal"))
    }

    /// Ends the thread that indexes, after the batch at hand. To be called before the mirror is closed.
    pub async fn close(&self) {
        let inner = Arc::clone(&self.inner);
        let closed = tokio::task::spawn_blocking(move || {
            inner.finder.release();
            drop(inner.follower().take());
        });
        if let Err(error) = closed.await {
            tracing::error!(%error, "closing the search index was cut short");
        }
    }

    fn with_follower<T>(&self, look: impl FnOnce(&Follower) -> T) -> Option<T> {
        self.inner.follower().as_ref().map(look)
    }
}

impl Inner {
    fn follower(&self) -> MutexGuard<'_, Option<Follower>> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
