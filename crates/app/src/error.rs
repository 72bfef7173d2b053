//! Why a use case failed: one sentence for the person, one code for the program.

use std::io;

use threadkeep_home::HomeError;
use threadkeep_ingest::UnknownFormat;
use threadkeep_mirror as mirror;
use threadkeep_protocol::IntegrationId;
use threadkeep_server_store as server_store;
use threadkeep_sync::SyncError;

use crate::secret::SecretError;

/// Why a use case failed. Nothing has changed then, unless the sentence says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The mirror cannot be opened.
    #[error(transparent)]
    Open(#[from] mirror::OpenError),
    /// The mirror cannot be read or written.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
    /// The server could not be reached or understood.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// A token cannot be stored or read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The server's file inside the app cannot be opened.
    #[error(transparent)]
    ServerOpen(#[from] server_store::OpenError),
    /// The server's file inside the app cannot be read or written.
    #[error(transparent)]
    ServerStore(#[from] server_store::StoreError),
    /// The server inside the app has no address to listen on.
    #[error("the server inside the app could not start: {0}")]
    Listen(#[source] io::Error),
    /// The address is none.
    #[error("{0:?} is no address of a server; it should look like https://sync.example.org")]
    Address(String),
    /// The token opens nothing.
    #[error("the token is good, but opens no account; nothing was changed")]
    NoIntegrations,
    /// The server lists no accounts, and has none of this number.
    #[error(
        "the server lists no accounts, and has none with the number {0}; if it is one that lists \
         none, say which is yours (`--integration N` in the terminal); nothing was changed"
    )]
    Unlisted(IntegrationId),
    /// The token of an account is not where it was put.
    #[error("the token of {0} is missing; connect to its server again")]
    TokenMissing(String),
    /// There is nothing to sync.
    #[error(
        "there is no account here yet; connect to a server first, or look at the sample archive"
    )]
    NoAccounts,
    /// No such account.
    #[error("there is no account {0} here")]
    NoAccount(String),
    /// No such chat.
    #[error("there is no chat {0:?} here")]
    NoChat(String),
    /// No such person.
    #[error("there is no person {0:?} here")]
    NoContact(String),
    /// A place in a chat or list that means nothing.
    #[error("{0:?} is no place in this list; start from the beginning")]
    Cursor(String),
    /// A sync is running.
    #[error("a sync is running already")]
    Busy,
    /// The server of an account has no requests for older messages.
    #[error("the server of this account cannot be asked for older messages; what is here stays")]
    NoHistory,
    /// What a request has brought to the server could not all be pulled.
    #[error("{message}")]
    Behind {
        /// Of the run that failed.
        code: String,
        /// Its sentence.
        message: String,
    },
    /// A narrower selection would take rows off this computer, and nobody has said that it may.
    #[error(
        "this would free {messages} messages and {media} files of {chats} chats on this computer (the \
         server keeps them); say that it may; nothing was changed"
    )]
    WouldFree {
        /// So many messages …
        messages: u64,
        /// … and files, those of messages that stay among them …
        media: u64,
        /// … of so many chats.
        chats: u64,
    },
    /// More rules than a server takes.
    #[error("at most 10,000 chats can have a rule of their own; nothing was changed")]
    TooManyRules,
    /// The data folder holds accounts already.
    #[error("{0} holds accounts already; the sample archive wants an empty data folder")]
    NotEmpty(String),
    /// The file to write to is no good.
    #[error("cannot write {path}: {}; nothing was left behind", because(source))]
    Export {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An export is running.
    #[error("an export is running already")]
    Exporting,
    /// The person has ended the export.
    #[error("the export was stopped; nothing was left behind")]
    ExportCancelled,
    /// One file was asked for where it takes several.
    #[error("this takes several files, so it goes into a folder; say which")]
    SeveralFiles,
    /// Nothing of what was given can be read, or one of several cannot.
    #[error("{name}: {message}")]
    ImportFile {
        /// Which.
        name: String,
        /// Of the problem.
        code: String,
        /// Its sentence.
        message: String,
    },
    /// None of the files is of the chosen platform.
    #[error("none of these files holds chats of {0}; nothing was changed")]
    NoPlatform(String),
    /// The chosen account is of another platform than the files.
    #[error("{0} is an account of another platform than these files; nothing was changed")]
    OtherPlatform(String),
    /// The token of the account's server may only read.
    #[error(
        "the token of {0} may read its server, but not add to it: ask for one with the scope ingest, or \
         import into an account on this computer; nothing was changed"
    )]
    MayNotImport(String),
    /// No such import.
    #[error("there is no import {0:?} here")]
    NoImport(String),
    /// There is no such format.
    #[error(transparent)]
    NoFormat(#[from] UnknownFormat),
    /// There is no such zone.
    #[error("there is no time zone {0:?}; zones are named like Europe/Berlin")]
    NoZone(String),
    /// The key file cannot be read, or is far too large for one.
    #[error("{0} cannot be read as a key file; nothing was changed")]
    KeyFile(String),
    /// The person has ended the import, or the look at its files, before anything was brought in.
    #[error("the import was stopped; nothing was changed")]
    ImportCancelled,
    /// No such file, or its bytes are not here.
    #[error("the file {0} is not on this computer; it may have to be downloaded first")]
    NoMedia(String),
    /// A file that a program might run.
    #[error(
        "this kind of file is not opened from here, because it can do harm; save it, and open it \
         yourself if you trust it"
    )]
    NotOpenable,
    /// A file cannot be saved.
    #[error("cannot write {path}: {source}; what is here is safe")]
    SaveMedia {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A link that is no plain web or mail address.
    #[error("this link is no web or mail address, so it was not opened")]
    LinkRefused,
    /// The desktop has no program for it.
    #[error("the desktop has no program that opens this")]
    NotOpened,
}

impl Error {
    /// Who has the data folder open, where that is what is wrong.
    #[must_use]
    pub fn held_by(&self) -> Option<&str> {
        match self {
            Self::Home(HomeError::Held { by }) => Some(by),
            _ => None,
        }
    }

    /// Stable, snake_case; added, never renamed.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Home(error) => error.code(),
            Self::Open(error) => error.code(),
            Self::Mirror(error) => error.code(),
            Self::Sync(error) => error.code(),
            Self::ServerOpen(_) | Self::ServerStore(_) => "server_store",
            Self::Secret(_) => "secret",
            Self::Listen(_) => "listen",
            Self::Address(_) => "bad_address",
            Self::NoIntegrations => "no_integrations",
            Self::Unlisted(_) => "not_found",
            Self::TokenMissing(_) => "token_missing",
            Self::NoAccounts => "no_accounts",
            Self::NoAccount(_) => "no_account",
            Self::NoChat(_) => "no_chat",
            Self::NoContact(_) => "no_contact",
            Self::Cursor(_) => "bad_cursor",
            Self::Busy => "busy",
            Self::NoHistory => "no_history",
            Self::Behind { code, .. } => code,
            Self::WouldFree { .. } => "would_free",
            Self::TooManyRules => "too_many_rules",
            Self::NotEmpty(_) => "home_not_empty",
            Self::Export { .. } => "export_failed",
            Self::Exporting => "exporting",
            Self::ExportCancelled => "export_cancelled",
            Self::SeveralFiles => "several_files",
            Self::ImportFile { code, .. } => code,
            Self::NoPlatform(_) => "no_platform",
            Self::OtherPlatform(_) => "other_platform",
            Self::MayNotImport(_) => "may_not_import",
            Self::NoImport(_) => "no_import",
            Self::NoFormat(_) => "no_format",
            Self::NoZone(_) => "no_zone",
            Self::KeyFile(_) => "key_file",
            Self::ImportCancelled => "import_cancelled",
            Self::NoMedia(_) => "no_media",
            Self::NotOpenable => "not_openable",
            Self::SaveMedia { .. } => "save_failed",
            Self::LinkRefused => "link_refused",
            Self::NotOpened => "not_opened",
        }
    }
}

/// Why a file could not be written, in words where there are better ones than the system's.
fn because(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "there is no room left on the disk".to_owned()
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "its folder may only be read".to_owned()
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "there is no such folder".to_owned()
        }
        io::ErrorKind::AlreadyExists => {
            "there is something of that name, which stays as it is".to_owned()
        }
        _ => source.to_string(),
    }
}
