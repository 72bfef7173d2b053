//! The chats of a download from Instagram, as JSON. What it is like stands in `meta`, which Messenger's shares; what
//! Instagram adds: reactions have times, posts and stories that were sent stand as `share`, and a chat is told from one of
//! Messenger by where it lies, by the paths of its files, or by its id, which begins with 17 or 18 and has 17 digits.

use crate::{
    Input, InputError, Options, ReadError, Receive,
    meta::{self, Platform},
};

/// Whether an input holds chats of Instagram.
///
/// # Errors
/// When its files cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    meta::recognise(input, Platform::Instagram)
}

/// Reads all chats of Instagram of an input.
///
/// # Errors
/// When the input cannot be read or is HTML, or the receiver has had enough.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    meta::read(input, Platform::Instagram, options, receiver)
}
