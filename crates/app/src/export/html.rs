//! Pages for a browser, which look like the reader: no script, nothing fetched, light and dark as the
//! computer is, fit to be printed.
//!
//! One chat that is not too long is one file. Else it is a folder: `index.html` lists the chats, and a
//! long chat goes over several pages, which end where a day does, so that a browser opens each at once.
//!
//! The files of a chat lie in a folder beside its page, as far as they are on this computer (`kept`).

mod chat;
mod contents;
mod formatting;
mod kept;
mod message;
mod page;
mod recent;
mod text;
mod thing;

use std::{io, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use threadkeep_mirror::Exported;

pub(super) use self::kept::Keeping;
use self::{
    chat::{Chat, Page},
    page::Clock,
};
use super::{Form, files::Files};
use crate::words::{Words, fill};

/// As many messages lie in one file where that is all there is.
pub(super) const IN_ONE_FILE: u64 = 5_000;

/// A page of a long chat ends with the day after so many messages …
const IN_A_PAGE: u64 = 2_500;

/// … and anywhere after so many.
const IN_A_PAGE_AT_MOST: u64 = 5_000;

/// The folder of the chats beside the list of them.
const CHATS: &str = "chats";

pub(super) struct Html {
    files: Files,
    keeping: Option<Keeping>,
    clock: Clock,
    chat: Option<Chat>,
    /// The chats that are written.
    ended: Vec<Chat>,
}

impl Html {
    /// The files of messages are left out where there is no `keeping`.
    pub(super) const fn new(
        files: Files,
        zone: TimeZone,
        now: Timestamp,
        words: &'static Words,
        keeping: Option<Keeping>,
    ) -> Self {
        Self {
            files,
            keeping,
            clock: Clock { zone, now, words },
            chat: None,
            ended: Vec::new(),
        }
    }

    /// Begins another chat where the message is of one, and another page where this one is full.
    fn turn_to(&mut self, exported: &Exported<'_>) -> io::Result<()> {
        let row = exported.message;
        match &mut self.chat {
            Some(chat) if chat.pk == row.conversation => {
                if !self.files.is_folder() || !is_full(chat.page(), row.timestamp, &self.clock) {
                    return Ok(());
                }
                let number = (chat.pages.len() + 1).to_string();
                let page = fill(self.clock.words.page, [&number]);
                let title = format!("{}, {page}", chat.name);
                let file = self.files.name(&title, "html");
                chat.end_page(self.files.out()?, Some(&file), &self.clock)?;
                self.files.begin(Path::new(CHATS).join(&file))?;
                chat.begin_page(self.files.out()?, file, row.timestamp, &self.clock)
            }
            _ => {
                self.end_chat()?;
                let file = self.files.name(exported.chat_name, "html");
                self.files.begin(Path::new(CHATS).join(&file))?;
                let mut chat = Chat::new(exported);
                chat.begin_page(self.files.out()?, file, row.timestamp, &self.clock)?;
                self.chat = Some(chat);
                Ok(())
            }
        }
    }

    fn end_chat(&mut self) -> io::Result<()> {
        if let Some(mut chat) = self.chat.take() {
            chat.end_page(self.files.out()?, None, &self.clock)?;
            chat.forget();
            self.ended.push(chat);
        }
        Ok(())
    }
}

impl Form for Html {
    fn message(&mut self, exported: &Exported<'_>) -> io::Result<()> {
        self.turn_to(exported)?;
        let Some(chat) = &mut self.chat else {
            return Ok(());
        };
        let first = chat.pages.first().map_or("", |page| page.file.as_str());
        let kept = match (&self.keeping, self.files.beside(CHATS, first)) {
            (Some(keeping), Some(folder)) => keeping.keep(exported.message, folder)?,
            _ => None,
        };
        chat.message(self.files.out()?, exported, kept.as_ref(), &self.clock)
    }

    fn finish(&mut self, messages: u64) -> io::Result<()> {
        let is_empty = self.chat.is_none();
        self.end_chat()?;
        if self.files.is_folder() {
            self.files.begin("index.html")?;
            contents::write(self.files.out()?, &mut self.ended, messages, &self.clock)?;
        } else if is_empty {
            contents::write_nothing(self.files.out()?, &self.clock)?;
        }
        self.files.finish()
    }
}

fn is_full(page: &Page, next_at: i64, clock: &Clock) -> bool {
    page.messages >= IN_A_PAGE_AT_MOST
        || page.messages >= IN_A_PAGE && clock.date(page.last_at) != clock.date(next_at)
}
