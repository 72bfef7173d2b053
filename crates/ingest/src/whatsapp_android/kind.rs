//! The app's numbers for kinds of messages.

use threadkeep_protocol::{DeliveryStatus, MessageKind};

/// What a message is, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Text,
    /// A file, and the name under which something special about it is kept.
    File(MessageKind, Option<&'static str>),
    Contact,
    Place {
        is_live: bool,
    },
    Poll,
    Call,
    MissedCall,
    /// A line that the app itself writes.
    Line,
    Revoked,
    /// It came encrypted for a key that the phone no longer had.
    Undecrypted,
    /// Only holds others together.
    Bookkeeping,
    Unknown,
}

pub(super) const SYSTEM: i64 = 7;
pub(super) const REVOKED: i64 = 15;

pub(super) const fn what(kind: i64, origin: i64) -> What {
    use MessageKind as Kind;
    match kind {
        0 => What::Text,
        1 => What::File(Kind::Image, None),
        // What was recorded in the chat itself is a voice message; a piece of music is a file like others.
        2 if origin == 1 => What::File(Kind::Voice, None),
        2 => What::File(Kind::Audio, None),
        3 => What::File(Kind::Video, None),
        4 | 14 => What::Contact,
        5 => What::Place { is_live: false },
        SYSTEM => What::Line,
        8 | 90 => What::Call,
        9 => What::File(Kind::Document, None),
        10 => What::MissedCall,
        11 => What::Undecrypted,
        13 => What::File(Kind::Video, Some("gif")),
        REVOKED | 64 => What::Revoked,
        16 => What::Place { is_live: true },
        20 => What::File(Kind::Sticker, None),
        42 => What::File(Kind::Image, Some("view_once")),
        43 => What::File(Kind::Video, Some("view_once")),
        66 => What::Poll,
        81 => What::File(Kind::Video, Some("round")),
        82 => What::File(Kind::Voice, Some("view_once")),
        99 => What::Bookkeeping,
        _ => What::Unknown,
    }
}

/// What a file is by its type, where the message's number is not known.
pub(super) fn of_mime(mime: &str) -> MessageKind {
    match mime.split('/').next() {
        Some("image") => MessageKind::Image,
        Some("video") => MessageKind::Video,
        Some("audio") => MessageKind::Audio,
        _ => MessageKind::Document,
    }
}

/// How far one's own message got, where the number is one that is known.
pub(super) const fn status(status: i64) -> Option<DeliveryStatus> {
    match status {
        4 => Some(DeliveryStatus::Sent),
        5 => Some(DeliveryStatus::Delivered),
        8 => Some(DeliveryStatus::Played),
        13 => Some(DeliveryStatus::Read),
        _ => None,
    }
}
