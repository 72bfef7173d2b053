//! The chats of a download from Facebook or Messenger, as JSON. What it is like stands in `meta`, which Instagram's
//! shares; what Facebook adds: calls, plans, payments and people who join or leave have a `type` (until 2022), groups are
//! told by `thread_type` or by more than two participants, stickers lie beside the chats in `stickers_used`.

use crate::{
    Input, InputError, Options, ReadError, Receive,
    meta::{self, Platform},
};

/// Whether an input holds chats of Messenger.
///
/// # Errors
/// When its files cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    meta::recognise(input, Platform::Messenger)
}

/// Reads all chats of Messenger of an input.
///
/// # Errors
/// When the input cannot be read or is HTML, or the receiver has had enough.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    meta::read(input, Platform::Messenger, options, receiver)
}
