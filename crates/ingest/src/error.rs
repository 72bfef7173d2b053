use crate::{InputError, TranslateError};

/// Why an input could not be read to its end. What was handed on before is whoever received it to keep or to drop.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be opened, or breaks a limit.
    #[error(transparent)]
    Input(#[from] InputError),
    /// It is damaged, or something else than it was taken for.
    #[error(transparent)]
    Translate(#[from] TranslateError),
    /// A database is damaged, or not the one it was taken for.
    #[error("{what} is damaged, or no {what} after all")]
    Database {
        /// `msgstore.db`, …
        what: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// It is encrypted, and no key was given.
    #[error("it is encrypted: give the key file, or the 64 digits of the key")]
    NeedsKey,
    /// The key does not open it.
    #[error("this key does not open it")]
    WrongKey,
    /// What it is is known, and why it is not read, in a sentence.
    #[error("{0}")]
    Refused(&'static str),
    /// A backup of an iPhone that opens only with its password.
    #[error(
        "this backup of an iPhone is encrypted: make one without “Encrypt local backup”, or give the folder of \
         WhatsApp on a Mac"
    )]
    EncryptedBackup,
    /// It was downloaded as pages to look at.
    #[error("it was downloaded from {0} as HTML: ask there for the download as JSON")]
    Pages(&'static str),
    /// Whoever receives the records has had enough.
    #[error("stopped")]
    Stopped,
}
