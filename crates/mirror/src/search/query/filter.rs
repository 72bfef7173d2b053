//! Filters: `from:`, `in:`, `account:`, `has:`, `is:`, `type:`.

use threadkeep_protocol::MessageKind;

/// What a message has to be, beside its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) enum Filter {
    /// Sent by one who is called so.
    From(String),
    /// Sent by oneself.
    FromMe,
    /// In a chat that is called so.
    In(String),
    /// Of an account that is called so.
    Account(String),
    /// Of one of these kinds.
    Kinds(Vec<MessageKind>),
    Starred,
    Forwarded,
    Link,
}

/// What a name with a value is.
pub(super) enum Read {
    Filter(Filter),
    /// A filter whose value is still to come: it keeps nothing away.
    Unfinished,
    /// No filter, but words with a colon.
    NoFilter,
}

pub(super) fn read(name: &str, value: &str) -> Read {
    use MessageKind as Kind;
    let name = name.to_ascii_lowercase();
    if !matches!(
        name.as_str(),
        "from" | "in" | "account" | "has" | "is" | "type" | "before" | "after" | "on"
    ) {
        return Read::NoFilter;
    }
    if value.trim().is_empty() {
        return Read::Unfinished;
    }
    let lower = value.trim().to_lowercase();
    let kinds = |kinds: &[Kind]| Some(Filter::Kinds(kinds.to_vec()));
    let filter = match (name.as_str(), lower.as_str()) {
        ("from", "me") | ("is", "from-me" | "mine" | "sent") => Some(Filter::FromMe),
        ("from", _) => Some(Filter::From(value.to_owned())),
        ("in", _) => Some(Filter::In(value.to_owned())),
        ("account", _) => Some(Filter::Account(value.to_owned())),
        ("has", "link" | "links" | "url") => Some(Filter::Link),
        ("has", "media") => kinds(&[
            Kind::Image,
            Kind::Video,
            Kind::Audio,
            Kind::Voice,
            Kind::Document,
            Kind::Sticker,
        ]),
        ("has" | "type", "file" | "files" | "documents") => kinds(&[Kind::Document]),
        ("has" | "type", "photo" | "photos" | "picture" | "images") => kinds(&[Kind::Image]),
        ("has" | "type", "videos") => kinds(&[Kind::Video]),
        ("has" | "type", "place") => kinds(&[Kind::Location]),
        ("has" | "type", one) => Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == one)
            .and_then(|kind| kinds(&[kind])),
        ("is", "starred") => Some(Filter::Starred),
        ("is", "forwarded") => Some(Filter::Forwarded),
        _ => None,
    };
    filter.map_or(Read::NoFilter, Read::Filter)
}

impl Filter {
    /// The name that it has to look up, if it has one.
    pub(in crate::search) fn name(&self) -> Option<&str> {
        match self {
            Self::From(name) | Self::In(name) | Self::Account(name) => Some(name),
            _ => None,
        }
    }
}
