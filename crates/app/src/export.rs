//! Taking a copy out, in a form that outlives this program.
//!
//! Invariants: what is written appears whole under its name or not at all, and what stood there stays
//! until then (`place`); a message is read, written and forgotten, so a chat of a million takes the
//! memory of one of a thousand; texts of other people are data in every form (`html` escapes them, `csv`
//! keeps spreadsheets from obeying them, `name` makes file names of them).
//!
//! Rejected: reading a chat page by page, as the reader does (a message that comes meanwhile would move
//! the pages; the mirror's export sees one moment), and templates for HTML (one page, filled by hand, is
//! shorter than what would hold it, and what is escaped is seen in one place).

mod csv;
mod files;
mod html;
mod jsonl;
mod name;
mod place;
mod txt;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};
use threadkeep_mirror::{self as mirror, Exported};
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use self::{files::Files, place::Place};
use crate::{
    App, Error,
    chat::read_chat,
    view::{ExportFormat, ExportPlan, ExportProgress, ExportQuery, ExportReport},
    words::Words,
};

/// One word of progress for so many messages.
const PROGRESS_EVERY: u64 = 1_000;

/// A form that messages are written in, one after the other, chat by chat.
trait Form: Send {
    fn message(&mut self, exported: &Exported<'_>) -> io::Result<()>;

    /// Writes what stands at the end. Without it the export is not whole.
    fn finish(&mut self, messages: u64) -> io::Result<()>;
}

/// What is going on, and what came of it last.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    running: Mutex<Option<CancellationToken>>,
    /// Held by the one export that runs, until nothing of it is left to tidy up.
    turn: Arc<tokio::sync::Mutex<()>>,
    last: Mutex<Option<PathBuf>>,
}

impl Exports {
    fn begin(&self, closing: &CancellationToken) -> Result<Turn<'_>, Error> {
        let turn = Arc::clone(&self.turn).try_lock_owned();
        let guard = turn.map_err(|_| Error::Exporting)?;
        let cancel = closing.child_token();
        *lock(&self.running) = Some(cancel.clone());
        Ok(Turn {
            cancel,
            exports: self,
            _guard: guard,
        })
    }

    /// Waits until nothing is being written.
    pub(crate) async fn ended(&self) {
        drop(self.turn.lock().await);
    }
}

/// The export that runs; over when dropped.
struct Turn<'a> {
    cancel: CancellationToken,
    exports: &'a Exports,
    _guard: OwnedMutexGuard<()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.exports.running) = None;
    }
}

impl App {
    /// What an export will be: how much, and one file or several.
    ///
    /// # Errors
    /// When there is no such chat, or the mirror cannot be read.
    pub async fn plan_export(&self, query: &ExportQuery) -> Result<ExportPlan, Error> {
        let size = self.mirror.export_size(narrowed(query)?).await?;
        let is_folder = match query.format {
            ExportFormat::Jsonl | ExportFormat::Csv => false,
            ExportFormat::Txt => query.chat_id.is_none(),
            ExportFormat::Html => query.chat_id.is_none() || size.messages > html::IN_ONE_FILE,
        };
        let title = match &query.chat_id {
            Some(id) => self.chat(id).await?.name,
            None => "Threadkeep".to_owned(),
        };
        Ok(ExportPlan {
            chats: number(size.chats),
            messages: number(size.messages),
            is_folder,
            name: if is_folder {
                name::safe(&title, "")
            } else {
                name::safe(&title, extension(query.format))
            },
        })
    }

    /// A place in a folder for an export, where nothing stands yet.
    ///
    /// # Errors
    /// When there is no such chat, or the mirror cannot be read.
    pub async fn export_place(&self, query: &ExportQuery, folder: &Path) -> Result<PathBuf, Error> {
        Ok(name::vacant(folder, &self.plan_export(query).await?.name))
    }

    /// Writes messages ordered by chat, time and id: into the file `to`, which it takes the place of, or
    /// into the folder `to`, which must not be there yet or be empty; the plan says which. Either is there
    /// whole in the end, or not at all.
    ///
    /// # Errors
    /// When another export runs, it is cancelled, something cannot be written, or the mirror cannot be
    /// read.
    pub async fn export<P>(
        &self,
        query: ExportQuery,
        to: &Path,
        progress: P,
    ) -> Result<ExportReport, Error>
    where
        P: Fn(ExportProgress) + Send + Sync + 'static,
    {
        let turn = self.exports.begin(&self.closing)?;
        let plan = self.plan_export(&query).await?;
        let failed = |source| Error::Export {
            path: to.display().to_string(),
            source,
        };
        let (place, files) = Place::take(to, plan.is_folder).map_err(failed)?;
        let written = self
            .write(&query, files, plan.messages, turn.cancel.clone(), progress)
            .await;
        let messages = written.map_err(|error| match error {
            Error::Mirror(mirror::Error::Sink(_)) if turn.cancel.is_cancelled() => {
                Error::ExportCancelled
            }
            Error::Mirror(mirror::Error::Sink(source)) => failed(source),
            other => other,
        })?;
        place.keep().map_err(failed)?;
        *lock(&self.exports.last) = Some(to.to_owned());
        Ok(ExportReport {
            messages,
            path: to.display().to_string(),
            is_folder: plan.is_folder,
        })
    }

    /// The same into anything that can be written to. Returns how many messages were written.
    ///
    /// # Errors
    /// When it needs several files, cannot be written, or the mirror cannot be read.
    pub async fn export_to(
        &self,
        query: ExportQuery,
        to: impl Write + Send + 'static,
    ) -> Result<i64, Error> {
        let turn = self.exports.begin(&self.closing)?;
        let plan = self.plan_export(&query).await?;
        if plan.is_folder {
            return Err(Error::SeveralFiles);
        }
        let files = Files::one(to);
        self.write(&query, files, plan.messages, turn.cancel.clone(), |_| {})
            .await
    }

    /// Ends the running export, if there is one; nothing of it stays.
    pub fn cancel_export(&self) {
        if let Some(cancel) = &*lock(&self.exports.running) {
            cancel.cancel();
        }
    }

    /// Where the last export of this run of the program lies.
    #[must_use]
    pub fn last_export(&self) -> Option<PathBuf> {
        lock(&self.exports.last).clone()
    }

    async fn write<P>(
        &self,
        query: &ExportQuery,
        files: Files,
        total: i64,
        cancel: CancellationToken,
        progress: P,
    ) -> Result<i64, Error>
    where
        P: Fn(ExportProgress) + Send + Sync + 'static,
    {
        let keeping = query.files.then(|| html::Keeping {
            contents: self.contents.clone(),
            cancel: cancel.clone(),
        });
        let form = Arc::new(Mutex::new(form(query, files, keeping)));
        let sink = Arc::clone(&form);
        let mut done = 0;
        progress(ExportProgress { done: 0, total });
        let messages = self
            .mirror
            .export(narrowed(query)?, move |exported| {
                if cancel.is_cancelled() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                lock(&sink).message(&exported)?;
                done += 1;
                if done % PROGRESS_EVERY == 0 {
                    let done = number(done);
                    // What came since it was planned belongs to it.
                    let total = total.max(done);
                    progress(ExportProgress { done, total });
                }
                Ok(())
            })
            .await?;
        // Files are brought to the disk here, which may take a while.
        let finished = tokio::task::spawn_blocking(move || lock(&form).finish(messages)).await;
        finished
            .unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
            .map_err(mirror::Error::Sink)?;
        Ok(number(messages))
    }
}

fn form(query: &ExportQuery, files: Files, keeping: Option<html::Keeping>) -> Box<dyn Form> {
    let zone = TimeZone::system();
    let words = Words::of(query.language);
    match query.format {
        ExportFormat::Html => Box::new(html::Html::new(
            files,
            zone,
            Timestamp::now(),
            words,
            keeping,
        )),
        ExportFormat::Jsonl => Box::new(jsonl::Jsonl::new(files)),
        ExportFormat::Csv => Box::new(csv::Csv::new(files, query.byte_order_mark)),
        ExportFormat::Txt => Box::new(txt::Txt::new(files, zone)),
    }
}

const fn extension(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Html => "html",
        ExportFormat::Jsonl => "jsonl",
        ExportFormat::Csv => "csv",
        ExportFormat::Txt => "txt",
    }
}

fn narrowed(query: &ExportQuery) -> Result<mirror::ExportQuery, Error> {
    Ok(mirror::ExportQuery {
        integration: None,
        chat: query.chat_id.as_deref().map(read_chat).transpose()?,
        since: query.since,
        until: query.until,
    })
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
