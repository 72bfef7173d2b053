//! WhatsApp on an iPhone and on a Mac: `ChatStorage.sqlite`, with what lies beside it.
//!
//! **Where it is.** The Mac's app keeps it open in `~/Library/Group Containers/group.net.whatsapp.WhatsApp.shared`; an
//! iPhone's is in its backup (Finder, iTunes), under hashed names that `Manifest.db` resolves. Given is the file, the
//! folder, the folder of the backup, or a zip of one. A backup that is encrypted is refused: it opens only with its
//! password, and there is a switch in the Finder that makes one without.
//!
//! **What is in it.** A Core Data store, so columns begin with `Z`, rows have a `Z_PK`, and times are seconds since
//! 2001. `ZWAMESSAGE` has a row for each message; `ZWACHATSESSION` its chat, `ZWAGROUPMEMBER` its sender in a group,
//! `ZWAMEDIAITEM` its file and (`ZMETADATA`, protobuf: 5 the id, 19 the message) what it quotes, `ZWAMESSAGEINFO`
//! (`ZRECEIPTINFO`, protobuf: 7 reactions, 8 a poll) what came of it, `ZWAMESSAGEDATAITEM` its links. Names of people
//! are in `ContactsV2.sqlite` and `ZWAPROFILEPUSHNAME`; who is behind a hidden address, in `LID.sqlite` and in
//! `ZCONTACTIDENTIFIER`. Files lie under `Message/` + `ZMEDIALOCALPATH`. The schema is nobody's but WhatsApp's, and was
//! put together from what forensic tools and readers have published; each column is looked for before it is read.
//!
//! **How it agrees with other sources.** A message is named by its chat's JID and `ZSTANZAID`, as from Baileys, with the
//! phone's address wherever a hidden one is known to be its; times are cut to whole seconds, which is what the platform
//! tells; kinds, words and the names in `platform_metadata` are those of the Baileys reader. So a message of both is one.
//!
//! **What is decided.** A row that the app keeps twice (a sync of history brings what is there already) is one message.
//! Chats `…@status` are what a contact says to everybody and belong to `status@broadcast`: by their name they would
//! shadow the chat with that person. A message that was taken back is one without a text. What was so on one phone on
//! one day (unread, archived, pinned) is left out.
//!
//! **Limits.** Not read, because nobody has published where it is: who got and read a message when, that a message was
//! edited (the text is the last one), the people mentioned in it. Not read either: calls (`CallHistory.sqlite`), votes,
//! quotes of versions before 2018, which are property lists. Of `ZMESSAGESTATUS`, 1, 6 and 8 are understood.

mod address;
mod attached;
mod chat;
mod content;
mod event;
mod files;
mod media;
mod message;
mod people;
mod protobuf;
mod row;
mod select;

use std::path::PathBuf;

use threadkeep_protocol::Record;

use crate::{
    Entry, Input, InputError, Limits, Options, ReadError, Receive, database::Database,
    receive::go_on,
};
use address::Phones;
use files::Files;

/// The name for a person.
const WHAT: &str = "ChatStorage.sqlite";

/// Whether the input holds an archive of this kind.
///
/// # Errors
/// When the input cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    files::has_chats(input)
}

/// Reads an archive: pairs of addresses, people, chats, members, then messages chat by chat.
///
/// # Errors
/// When there is none, when it is encrypted or damaged, or when the receiver has had enough.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    let Some(files) = Files::find(input)? else {
        let none = rusqlite::Error::InvalidColumnName("ZWAMESSAGE".to_owned());
        return Err(ReadError::Database {
            what: WHAT,
            source: none,
        });
    };
    let entry = |place: usize| &input.entries()[place];
    let is_alone = input.is_file() && input.entries().len() == 1;
    let aside = is_alone.then(|| log_beside(input)).flatten();
    let log = match &aside {
        Some(aside) => aside.entries().first().map(|log| (aside, log)),
        None => files.log().map(|place| (input, entry(place))),
    };
    let chats = Database::open(input, entry(files.chats), log, WHAT)?;
    let mut reader = Reader {
        input,
        receiver,
        files,
        media: crate::files::Files::new(input, options),
        phones: Phones::default(),
    };
    let book = reader.beside("ContactsV2.sqlite")?;
    let lids = reader.beside("LID.sqlite")?;
    for database in [&lids, &book].into_iter().flatten() {
        reader.unless_damaged(|reader| people::pairs(database, reader))?;
    }
    people::pairs(&chats, &mut reader)?;
    people::push_names(&chats, &mut reader)?;
    chat::read(&chats, &mut reader)?;
    chat::members(&chats, &mut reader)?;
    if let Some(book) = &book {
        reader.unless_damaged(|reader| people::contacts(book, reader))?;
    }
    message::read(&chats, &mut reader)
}

/// The log of a database that was given by itself: it lies in the same folder, and has what the app wrote last.
fn log_beside(input: &Input) -> Option<Input> {
    let mut path = input.path().as_os_str().to_owned();
    path.push("-wal");
    let path = PathBuf::from(path);
    path.is_file()
        .then(|| Input::open(&path, Limits::default()).ok())?
}

/// What is read, and for whom.
struct Reader<'a> {
    input: &'a Input,
    receiver: &'a mut dyn Receive,
    files: Files,
    media: crate::files::Files<'a>,
    phones: Phones,
}

impl Reader<'_> {
    fn say(&mut self, place: u64, record: Record) -> Result<(), ReadError> {
        go_on(self.receiver.record(place, record))
    }

    fn error(&mut self, place: u64, reason: &str) {
        self.receiver.error(place, reason.to_owned());
    }

    fn advance(&mut self, done: u64, total: u64) -> Result<(), ReadError> {
        go_on(self.receiver.advance(done, total))
    }

    /// A database that lies beside the chats. Without it there are fewer names, and nothing else.
    fn beside(&mut self, name: &'static str) -> Result<Option<Database>, ReadError> {
        let Some((place, log)) = self.files.database(name) else {
            return Ok(None);
        };
        let entry = |place: usize| -> &Entry { &self.input.entries()[place] };
        let log = log.map(|place| (self.input, entry(place)));
        match Database::open(self.input, entry(place), log, name) {
            Err(ReadError::Database { .. }) => {
                self.error(0, &format!("{name} was left out: it is damaged"));
                Ok(None)
            }
            database => database.map(Some),
        }
    }

    /// Reads what the chats can do without.
    fn unless_damaged(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        match read(self) {
            Err(ReadError::Database { what, .. }) => {
                self.error(0, &format!("{what} was left out: it is damaged"));
                Ok(())
            }
            result => result,
        }
    }
}

#[cfg(test)]
mod tests;
