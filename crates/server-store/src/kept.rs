//! The rows as they are kept: what an ingest loads, changes in memory and writes back.

pub mod contact;
pub mod conversation;
pub mod media;
pub mod message;
pub mod participant;
pub mod receipt;
mod table;
mod told;

pub use contact::Contact;
pub use conversation::{Conversation, Said};
pub use media::Media;
pub use message::Message;
pub use participant::Participant;
pub use receipt::Receipt;
pub use table::{Change, Head, Kept, Loaded, Slot, Table, load};
pub use told::{ACCOUNT, SEVERAL, Told};

use threadkeep_protocol::Timestamp;

pub fn millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::millis)
}

/// Takes a value where none is known; says whether that changed anything.
pub fn fill<T: Clone>(field: &mut Option<T>, value: Option<&T>) -> bool {
    match (&field, value) {
        (None, Some(value)) => {
            *field = Some(value.clone());
            true
        }
        _ => false,
    }
}

/// Takes a value that was said; says whether that changed anything.
pub fn set<T: PartialEq>(field: &mut T, value: T) -> bool {
    let changed = *field != value;
    if changed {
        *field = value;
    }
    changed
}

/// Takes a value where one was said; says whether that changed anything.
pub fn replace<T: Clone + PartialEq>(field: &mut Option<T>, value: Option<&T>) -> bool {
    match value {
        Some(value) if field.as_ref() != Some(value) => {
            *field = Some(value.clone());
            true
        }
        _ => false,
    }
}

/// Keeps the earlier of two times; says whether that changed anything.
pub fn earliest(field: &mut Option<Timestamp>, value: Option<Timestamp>) -> bool {
    match (*field, value) {
        (_, None) => false,
        (Some(known), Some(value)) if known <= value => false,
        (_, value) => {
            *field = value;
            true
        }
    }
}

/// Keeps the later of two times; says whether that changed anything.
pub fn latest(field: &mut Option<Timestamp>, value: Option<Timestamp>) -> bool {
    let later = value > *field;
    if later {
        *field = value;
    }
    later
}
