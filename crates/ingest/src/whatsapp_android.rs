//! WhatsApp on Android: `msgstore.db`, open or as a backup, with `wa.db` and the media beside it.
//!
//! # The format
//! One SQLite file of some 150 tables, of which there are two generations. The old one (until 2021) keeps a message in a
//! row of `messages`, with addresses written out (`key_remote_jid`), and chats in `chat_list`. The new one keeps it in
//! `message`, with addresses as rows of `jid`, chats in `chat`, and all that is special in tables beside it by the
//! message's row (`message_media`, `message_quoted`, `message_poll`, …). While a phone moves from one to the other it has
//! both, with the same rows: a message that is in both is read from the new one. The tables beside are the same for
//! both. Hundreds of releases added and dropped columns, so each statement names only what is there.
//!
//! - A message is known by its chat's address and `key_id`, as everywhere on the platform. An edit and a taking back give
//!   the row an id of their own; `original_key_id` and `revoked_key_id` say which it had.
//! - Hidden ids (`…@lid`) are told as phones where `jid_map` knows them, and each pair is told.
//! - Times are milliseconds of the phone's clock; they are told in whole seconds, which is what the platform itself and
//!   every other source have. Times of reactions stay as they are.
//! - Kinds and happenings are numbers that nobody has published (`kind`, `system`): unknown ones are kept raw, with their
//!   words and their file, and counted under their number.
//! - A file is named by its path in the app's folder (`Media/WhatsApp Images/…`) and looked for among the entries.
//! - Backups (`.crypt12`, `.crypt14`, `.crypt15`) are decrypted into a private file first; `crypt` describes them.
//!
//! # How it is read
//! From a private copy (see the crate's `database`), in the order of the rows, with every table beside it read along (`side`): one
//! pass over each table, whatever its size, and memory that does not grow with it. Some 250,000 messages a second on one
//! core of an ordinary machine, from an optimised build.
//!
//! # Limits
//! - Of several backups in a folder only the best one is read: `msgstore.db`, else the newest by name.
//! - Backups of changes only (`msgstore-increment-…`) are refused: they make no sense without the one they continue.
//! - The app keeps an edited message's last text only, and of a poll how many voted for what.
//! - Whether a chat is muted or pinned stands in a third file, which is not read.
//! - A phone forgets what disappears; that a message will disappear is not told, as no other source tells it.
//!
//! Rejected: a query for each message and table (twenty times slower), or joining all tables in one statement (a row for
//! each pair of a receipt and a reaction, and a hostile schema decides the plan).

mod address;
mod beside;
mod call;
mod chat;
mod contact;
mod content;
mod crypt;
mod database;
mod files;
mod kind;
mod media;
mod message;
mod row;
mod side;
mod source;
mod system;

use threadkeep_protocol::Record;

use self::{
    address::Addresses,
    beside::Statements,
    database::{Database, damaged},
    files::Files,
    row::Generation,
    source::{Source, What},
};
use crate::{Input, InputError, Options, ReadError, Receive, receive::go_on};

/// How many messages are read between two words about how far it is.
const ADVANCE: u64 = 1_000;

const NO_MESSAGES: ReadError = ReadError::Refused(
    "this database of WhatsApp holds no messages: choose the one called msgstore",
);

const NO_NAMES: &str = "names were left out: wa.db cannot be read to its end";

/// Whether the input holds messages of WhatsApp on Android, open or encrypted.
///
/// # Errors
/// When the input cannot be read.
pub(crate) fn recognise(input: &Input) -> Result<bool, InputError> {
    Ok(Source::find(input, What::Messages)?.is_some())
}

/// Reads the messages, chats and people of WhatsApp on Android.
///
/// # Errors
/// When there is no database of messages, it is damaged, or it cannot be decrypted.
pub(crate) fn read(
    input: &Input,
    options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    let source = Source::find(input, What::Messages)?.ok_or(NO_MESSAGES)?;
    let database = source.open(input, options)?;
    let generations: Vec<Generation> = [Generation::Old, Generation::New]
        .into_iter()
        .filter(|generation| database.has(generation.table(), "key_id"))
        .collect();
    if generations.is_empty() {
        return Err(NO_MESSAGES);
    }
    let names = match Source::find(input, What::Contacts)? {
        Some(names) => match names.open(input, options) {
            Ok(names) => Some(names),
            // Backups beside each other have one key, mostly. What cannot be opened costs only the names.
            Err(_) => {
                receiver.error(0, NO_NAMES.to_owned());
                None
            }
        },
        None => None,
    };
    let mut world = World {
        addresses: Addresses::new(&database).map_err(damaged)?,
        files: Files::new(input, options),
        receiver,
    };
    world.run(&database, names.as_ref(), &generations)
}

/// What all parts need while a database is read.
struct World<'w> {
    addresses: Addresses<'w>,
    files: Files<'w>,
    receiver: &'w mut dyn Receive,
}

impl World<'_> {
    fn run(
        &mut self,
        database: &Database,
        names: Option<&Database>,
        generations: &[Generation],
    ) -> Result<(), ReadError> {
        let pairs = self.addresses.tell_pairs(database, &mut *self.receiver);
        go_on(pairs.map_err(damaged)?)?;
        contact::tell_hidden(database, self)?;
        if let Some(names) = names {
            match contact::tell(names, self) {
                Err(ReadError::Database { .. }) => self.error(0, NO_NAMES),
                told => told?,
            }
        }
        chat::tell(database, self)?;
        chat::tell_participants(database, self)?;
        let mut total = 0;
        for generation in generations {
            total += database.count(generation.table()).map_err(damaged)?;
        }
        let mut done = 0;
        for generation in generations {
            self.messages(*generation, database, &mut done, total)?;
        }
        chat::tell_receipts(database, self)?;
        call::tell(database, self)?;
        self.advance(total, total)
    }

    fn messages(
        &mut self,
        generation: Generation,
        database: &Database,
        done: &mut u64,
        total: u64,
    ) -> Result<(), ReadError> {
        let Some(mut messages) = generation.prepare(database).map_err(damaged)? else {
            return Ok(());
        };
        let mut statements = Statements::prepare(database).map_err(damaged)?;
        let mut beside = statements.open().map_err(damaged)?;
        let mut rows = messages.query([]).map_err(damaged)?;
        while let Some(next) = generation
            .next(&mut rows, &mut self.addresses)
            .map_err(damaged)?
        {
            match next {
                Ok(row) => message::tell(row, &mut beside, self)?,
                Err(gap) => match gap.reason {
                    Some(reason) => {
                        self.error(gap.id, &format!("a message was left out: {reason}"))
                    }
                    None => self.receiver.skip(),
                },
            }
            *done += 1;
            if done.is_multiple_of(ADVANCE) {
                self.advance(*done, total)?;
            }
        }
        Ok(())
    }

    /// Hands a record on, with the row that it came from.
    fn tell(&mut self, row: i64, record: Record) -> Result<(), ReadError> {
        go_on(self.receiver.record(place(row), record))
    }

    fn error(&mut self, row: i64, reason: &str) {
        self.receiver.error(place(row), reason.to_owned());
    }

    fn advance(&mut self, done: u64, total: u64) -> Result<(), ReadError> {
        go_on(self.receiver.advance(done.min(total), total))
    }
}

fn place(row: i64) -> u64 {
    u64::try_from(row).unwrap_or_default()
}

#[cfg(test)]
mod tests;
