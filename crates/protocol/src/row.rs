//! The rows of the six streams, one file each.

mod contact;
mod conversation;
mod media;
mod message;
mod participant;
mod raw;
mod receipt;

pub use contact::Contact;
pub use conversation::{Conversation, ConversationKind};
pub use media::{Media, StoredMedia};
pub use message::{DeliveryStatus, Message, MessageEdit, MessageKind, MessageReaction, SyncSource};
pub use participant::{Participant, Role};
pub use raw::RawJson;
pub use receipt::Receipt;

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use crate::{Id, Seq, Stream};

/// What every row of every stream has.
pub trait Row: Serialize + DeserializeOwned + Send + 'static {
    /// The stream it travels in.
    const STREAM: Stream;
    /// Its name for good.
    fn id(&self) -> Id;
    /// The seq of its latest visible change.
    fn seq(&self) -> Seq;
}

macro_rules! row {
    ($type:ty, $stream:ident) => {
        impl $crate::Row for $type {
            const STREAM: $crate::Stream = $crate::Stream::$stream;
            fn id(&self) -> $crate::Id {
                self.id
            }
            fn seq(&self) -> $crate::Seq {
                self.seq
            }
        }
    };
}
use row;

/// For `skip_serializing_if`: a flag that is not set is left out, which reads as false.
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
pub(crate) const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// For a field that has a default: a null is a missing field.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
