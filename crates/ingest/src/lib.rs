//! Translators from what others write to neutral records.
//!
//! Purpose: an [`Input`] in, [`Record`]s out, each handed to a [`Receive`] as it is found, so that an input of any
//! size is read in flat memory; what comes over the network is one text and becomes a [`Translation`]. Nothing here
//! opens a socket or a clock or writes anything but private copies, and nothing is remembered from one input to the
//! next: who stands behind a hidden id is settled by the server's store, to which every pair of addresses is told as a
//! record.
//!
//! Invariants:
//! - One bad record, line or message costs only itself and is named with its place in the input.
//! - Whatever is not understood is kept raw (`MessageKind::Unknown`) and counted under its own name.
//! - Reasons never hold content: they go to logs and answers.
//! - Absence says nothing: a translator emits what its source says, never a default.
//!
//! Rejected: one large set of serde structs for the foreign formats. They differ between releases in
//! the form of numbers, bytes and enums, and one field of a wrong type would cost the message.

mod baileys;
#[cfg(test)]
mod collected;
mod database;
mod error;
mod files;
mod format;
mod found;
mod input;
mod instagram;
mod json;
mod lines;
mod messenger;
mod meta;
mod neutral;
mod options;
mod receive;
pub mod sample;
mod signal;
mod summary;
mod telegram;
mod texts;
mod translation;
mod vcard;
mod whatsapp_android;
mod whatsapp_export;
mod whatsapp_ios;

pub use baileys::{baileys_events, baileys_store};
pub use error::ReadError;
pub use format::{Format, UnknownFormat, detect, read, recognise};
pub use found::{Found, find};
pub use input::{Entry, Input, InputError, Limits};
pub use json::is_nested_too_deep;
pub use neutral::neutral;
pub use options::{Key, Options};
pub use receive::{Decision, Flow, Receive};
pub use summary::{ChatSummary, Summary};
pub use translation::{TranslateError, Translation};

#[doc(no_inline)]
pub use threadkeep_protocol::Record;

/// Translates an input of a known format.
///
/// # Errors
/// Only where the whole input is unusable; what is wrong with single records is in
/// [`Translation::errors`].
pub fn translate(format: Format, bytes: &[u8]) -> Result<Translation, TranslateError> {
    match format {
        Format::Neutral => neutral(bytes),
        Format::BaileysEvents => baileys_events(bytes),
        Format::BaileysStore => baileys_store(bytes),
        _ => Err(TranslateError::WrongShape {
            expected: "one text that says everything",
        }),
    }
}
