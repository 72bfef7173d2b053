//! One chat, over as many pages as it takes.

use std::io::{self, Write};

use threadkeep_mirror::{ConversationPk, Exported, MessageRow};
use threadkeep_protocol::{ConversationKind, MessageKind};

use super::{
    message::{self, Answered, Shown},
    page::{self, Clock},
    recent::Recent,
    text::{Escaped, colour},
    thing::Kept,
};
use crate::{
    message::named,
    words::{Words, fill},
};

/// Messages further apart than this are not one breath, in milliseconds.
const TOGETHER: i64 = 5 * 60_000;

pub(super) struct Chat {
    pub(super) pk: ConversationPk,
    pub(super) name: String,
    address: String,
    kind: ConversationKind,
    pub(super) pages: Vec<Page>,
    recent: Recent,
    before: Option<Before>,
}

/// A page that is written.
pub(super) struct Page {
    /// Its file's name; empty where there is but one.
    pub(super) file: String,
    pub(super) messages: u64,
    pub(super) first_at: i64,
    pub(super) last_at: i64,
}

/// Who said the message before, and when.
struct Before {
    sender: String,
    at: i64,
    /// It was a line of its own, nobody's bubble.
    stands: bool,
}

impl Chat {
    pub(super) fn new(exported: &Exported<'_>) -> Self {
        Self {
            pk: exported.message.conversation,
            name: exported.chat_name.to_owned(),
            address: exported.chat.to_owned(),
            kind: exported.chat_kind,
            pages: Vec::new(),
            recent: Recent::default(),
            before: None,
        }
    }

    /// The page that is written.
    pub(super) fn page(&self) -> &Page {
        // A chat begins with its first page.
        &self.pages[self.pages.len() - 1]
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn messages(&self) -> u64 {
        self.pages.iter().map(|page| page.messages).sum()
    }

    /// Keeps what the list of chats needs.
    pub(super) fn forget(&mut self) {
        self.recent = Recent::default();
    }

    pub(super) fn begin_page(
        &mut self,
        out: &mut impl Write,
        file: String,
        first_at: i64,
        clock: &Clock,
    ) -> io::Result<()> {
        let number = self.pages.len() + 1;
        let page = fill(clock.words.page, [&number.to_string()]);
        let title = if number == 1 {
            self.name.clone()
        } else {
            format!("{} – {page}", self.name)
        };
        page::begin(out, &title, clock.words)?;
        write!(
            out,
            "<header class=\"top\"><h1 class=\"p{}\"><bdi>{}</bdi></h1><p>",
            colour(&self.address),
            Escaped(&self.name)
        )?;
        if let Some(kind) = kind_name(self.kind, clock.words) {
            write!(out, "{kind} · ")?;
        }
        if number > 1 {
            write!(out, "{page} · ")?;
        }
        let since = fill(clock.words.since, [&clock.day(first_at)]);
        writeln!(out, "{since}</p></header>")?;
        if !file.is_empty() {
            let before = self.pages.last().map(|page| page.file.as_str());
            page::ways(out, before, None, clock.words)?;
        }
        out.write_all(b"<main>\n")?;
        self.before = None;
        self.pages.push(Page {
            file,
            messages: 0,
            first_at,
            last_at: first_at,
        });
        Ok(())
    }

    pub(super) fn end_page(
        &mut self,
        out: &mut impl Write,
        later: Option<&str>,
        clock: &Clock,
    ) -> io::Result<()> {
        out.write_all(b"</main>\n")?;
        let page = self.page();
        if !page.file.is_empty() {
            let before = self.pages.iter().rev().nth(1);
            page::ways(
                out,
                before.map(|page| page.file.as_str()),
                later,
                clock.words,
            )?;
        }
        writeln!(
            out,
            "<footer>{} · {}. {}</footer>",
            clock.messages(page.messages),
            clock.period(page.first_at, page.last_at),
            Escaped(&clock.colophon())
        )?;
        page::end(out)
    }

    pub(super) fn message(
        &mut self,
        out: &mut impl Write,
        exported: &Exported<'_>,
        kept: Option<&Kept>,
        clock: &Clock,
    ) -> io::Result<()> {
        let row = exported.message;
        let is_new_day = self
            .before
            .as_ref()
            .is_none_or(|before| clock.date(before.at) != clock.date(row.timestamp));
        if is_new_day {
            let day = clock.weekday(row.timestamp);
            writeln!(out, "<h2 class=\"day\">{day}</h2>")?;
        }
        let place = self.pages.len() - 1;
        let begins = is_new_day || !self.goes_on(row);
        let answered = self.recent.find(&row.reply_to).map(|known| Answered {
            known,
            file: (known.page != place).then(|| self.pages[known.page].file.as_str()),
        });
        let has_names = self.kind != ConversationKind::Direct;
        let shown = Shown {
            row,
            message: &named(row.clone(), exported.name_of),
            name_of: exported.name_of,
            platform: exported.platform,
            answered,
            kept,
            is_named: begins && has_names,
            begins,
        };
        message::write(out, &shown, clock)?;
        self.recent.note(row, place);
        self.before = Some(Before {
            sender: row.sender.clone(),
            at: row.timestamp,
            stands: stands(row),
        });
        let page = &mut self.pages[place];
        page.messages += 1;
        page.last_at = row.timestamp;
        Ok(())
    }

    /// Whether a message goes on with what the one before began.
    fn goes_on(&self, row: &MessageRow) -> bool {
        self.before.as_ref().is_some_and(|before| {
            !before.stands
                && !stands(row)
                && before.sender == row.sender
                && (row.timestamp - before.at).abs() <= TOGETHER
        })
    }
}

const fn stands(row: &MessageRow) -> bool {
    matches!(row.kind, MessageKind::System | MessageKind::Call)
}

const fn kind_name(kind: ConversationKind, words: &Words) -> Option<&'static str> {
    match kind {
        ConversationKind::Direct => None,
        ConversationKind::Group => Some(words.group),
        ConversationKind::Broadcast => Some(words.broadcast),
        ConversationKind::Channel => Some(words.channel),
    }
}
