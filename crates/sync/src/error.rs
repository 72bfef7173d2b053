//! What can go wrong in a sync, in one sentence each that a person can act on.
//!
//! Invariants: a code never changes its meaning; no sentence holds a token, a path of the server or
//! content; an error that is not transient is not worth a second try.

use std::time::Duration;

use threadkeep_protocol::{Seq, Stream};

mod cause;

pub use cause::{CursorFault, Sign, SnapshotFault, TlsFault};

/// Why a sync, or a part of it, did not get done.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The address begins with something else than `http://` or `https://`.
    #[error(
        "An address of a server begins with http:// or https://, not with {scheme}:; correct the \
         address; nothing was changed"
    )]
    BadAddress {
        /// What it begins with.
        scheme: String,
    },
    /// The token holds characters that cannot travel in a header.
    #[error(
        "The token holds characters that no token has; copy it again, whole and without line \
         breaks; nothing was changed"
    )]
    UnreadableToken,
    /// The HTTP client could not be set up.
    #[error("The network could not be set up on this computer; what is already here is safe")]
    Setup(#[source] reqwest::Error),
    /// Nobody listens, or the name is unknown.
    #[error(
        "{origin} cannot be reached; check the address and the network, and that the server runs; \
         what is already here is safe"
    )]
    Unreachable {
        /// Scheme, host and port.
        origin: String,
        /// What the network said.
        source: reqwest::Error,
    },
    /// No answer, or no next byte of it, in time.
    #[error("{origin} did not answer in time; try again later; what is already here is safe")]
    Timeout {
        /// Scheme, host and port.
        origin: String,
    },
    /// The connection broke in the middle of an answer.
    #[error(
        "The connection to {origin} broke in the middle of an answer; try again; the unfinished \
         part was left out and what is already here is safe"
    )]
    Interrupted {
        /// Scheme, host and port.
        origin: String,
        /// What the network said.
        source: reqwest::Error,
    },
    /// The server ended a connection for live events, in good order.
    #[error("{origin} has ended the live connection; what is already here is safe")]
    HungUp {
        /// Scheme, host and port.
        origin: String,
    },
    /// No secure connection came about.
    #[error("{origin} {fault}; nothing was sent to it and what is already here is safe")]
    Tls {
        /// Scheme, host and port.
        origin: String,
        /// What is wrong.
        fault: TlsFault,
    },
    /// 401.
    #[error(
        "{origin} does not accept the token: it is wrong, expired or revoked; enter a new one; \
         what is already here is safe"
    )]
    Unauthorized {
        /// Scheme, host and port.
        origin: String,
    },
    /// 403.
    #[error(
        "The token may not read this account on {origin}; ask for one with the scope read; what is \
         already here is safe"
    )]
    Forbidden {
        /// Scheme, host and port.
        origin: String,
    },
    /// 404 or 410 for the account.
    #[error(
        "{origin} has no such account, or none that this token may read; what is already here is \
         safe"
    )]
    NotFound {
        /// Scheme, host and port.
        origin: String,
    },
    /// 404 for a view. Within a run it is put again; it surfaces only when that does not help.
    #[error(
        "{origin} forgets again and again which chats are wanted; try again later; what is already \
         here is safe"
    )]
    UnknownView {
        /// Scheme, host and port.
        origin: String,
    },
    /// Something answers, and it is no sync server.
    #[error(
        "What answers at {origin} is no sync server ({sign}); check the address, and whether a \
         login page of the network stands in between; nothing was changed"
    )]
    NotAServer {
        /// Scheme, host and port.
        origin: String,
        /// How one can tell.
        sign: Sign,
        /// The HTTP status, where there was one.
        status: Option<u16>,
    },
    /// JSON that is no page of the stream, or that ends too soon.
    #[error(
        "{origin} sent {what} that cannot be read; the server may be faulty or of another version; \
         the unreadable part was left out and what is already here is safe"
    )]
    BadPage {
        /// Scheme, host and port.
        origin: String,
        /// What was asked for.
        what: String,
        /// What the parser said; never content.
        source: serde_json::Error,
    },
    /// Pages that do not lead on.
    #[error(
        "The server's {stream} do not move on from {since} ({fault}); the server is faulty; its \
         last answer was left out and what is already here is safe"
    )]
    CursorStuck {
        /// Whose pages.
        stream: Stream,
        /// The cursor that was asked with.
        since: Seq,
        /// How they fail to.
        fault: CursorFault,
    },
    /// 429, again and again.
    #[error("{origin} asks for patience; try again later; what is already here is safe")]
    RateLimited {
        /// Scheme, host and port.
        origin: String,
        /// How long, where it said so.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error(
        "{origin} has a fault of its own (HTTP {status}); try again later; what is already here is \
         safe"
    )]
    ServerError {
        /// Scheme, host and port.
        origin: String,
        /// The HTTP status.
        status: u16,
        /// When to come again, where it said so.
        retry_after: Option<Duration>,
    },
    /// Another 4xx.
    #[error(
        "{origin} refuses the request (HTTP {status}); its version may not fit this app's; what is \
         already here is safe"
    )]
    Refused {
        /// Scheme, host and port.
        origin: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer larger than the app is willing to hold.
    #[error(
        "{origin} sent an answer of more than {limit} bytes, which is more than any page needs; \
         it was left out and what is already here is safe"
    )]
    TooLarge {
        /// Scheme, host and port.
        origin: String,
        /// The cap.
        limit: usize,
    },
    /// No digests.
    #[error(
        "{origin} cannot say what it holds: it is of an older version, or of another make; nothing \
         was compared and what is already here is safe"
    )]
    NoDigest {
        /// Scheme, host and port.
        origin: String,
    },
    /// A stream that changes faster than it can be compared.
    #[error(
        "The server's {stream} changed all the while, so that they could not be compared to the \
         end; try again when less is going on; what is already here is safe"
    )]
    Restless {
        /// Which.
        stream: Stream,
    },
    /// The server's own books tell of rows that it does not have any more.
    #[error(
        "The server has lost {rows} rows of its {stream}; those that are here were kept; tell \
         whoever runs the server"
    )]
    ServerLost {
        /// Of which stream.
        stream: Stream,
        /// How many.
        rows: u64,
    },
    /// What the server sends is not what it says that it holds.
    #[error(
        "The server's {stream} are not what it says of them, so that not all of them could be \
         compared; the server is faulty; what is already here is safe"
    )]
    Unmended {
        /// Which stream.
        stream: Stream,
    },
    /// The server's history is another one than the cursors belong to. Within a run this starts the
    /// cursors again; it surfaces only when the server does it over and over.
    #[error(
        "The server's history was replaced while it was read, again and again; try again when the \
         server has come to rest; what is already here is safe"
    )]
    EpochChanged {
        /// The id of the new history.
        epoch: String,
    },
    /// The person, or the app's end, stopped it.
    #[error("The sync was stopped; what had come is kept, and the next one goes on from there")]
    Cancelled,
    /// The part of the app that reads answers ended without one.
    #[error("The app could not finish reading an answer; try again; what is already here is safe")]
    Decoder(#[source] tokio::task::JoinError),
    /// A snapshot is of no use; a run pulls then, and says nothing of it.
    #[error("The snapshot is not used ({0}); what is already here is safe")]
    Snapshot(#[from] SnapshotFault),
    /// The local copy could not be written.
    #[error(transparent)]
    Mirror(#[from] threadkeep_mirror::Error),
}

impl SyncError {
    /// A stable name for programs and for the interface's wording.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress { .. } => "bad_address",
            Self::Setup(_) | Self::Decoder(_) => "internal",
            Self::Unreachable { .. } => "unreachable",
            Self::Timeout { .. } => "timeout",
            Self::Interrupted { .. } | Self::HungUp { .. } => "interrupted",
            Self::Tls { .. } => "tls",
            Self::Unauthorized { .. } | Self::UnreadableToken => "unauthorized",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::UnknownView { .. } => "unknown_view",
            Self::NotAServer { .. } => "not_a_server",
            Self::BadPage { .. } => "bad_page",
            Self::CursorStuck { .. } => "cursor_stuck",
            Self::NoDigest { .. } => "no_digest",
            Self::Restless { .. } => "server_restless",
            Self::ServerLost { .. } => "server_lost_rows",
            Self::Unmended { .. } => "not_mended",
            Self::RateLimited { .. } => "rate_limited",
            Self::ServerError { .. } => "server_error",
            Self::Refused { .. } => "bad_request",
            Self::TooLarge { .. } => "too_large",
            Self::EpochChanged { .. } => "epoch_changed",
            Self::Cancelled => "cancelled",
            Self::Snapshot(_) => "snapshot",
            Self::Mirror(error) => error.code(),
        }
    }

    /// Whether the same request may succeed a moment later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::HungUp { .. }
            | Self::RateLimited { .. } => true,
            Self::ServerError { status, .. } => !matches!(status, 501 | 505),
            // A text that ends too soon was cut on its way; one that is wrong will be wrong again.
            Self::BadPage { source, .. } => source.is_eof(),
            _ => false,
        }
    }

    /// The codes of those that only a person can mend: waiting does not.
    pub(crate) const FINAL: [&str; 3] = ["unauthorized", "forbidden", "not_found"];

    /// Whether only a person can mend it.
    pub(crate) fn is_final(&self) -> bool {
        Self::FINAL.contains(&self.code())
    }

    /// Whether the answer to a request for live events is that of a server which has none.
    pub(crate) const fn has_no_live(&self) -> bool {
        self.is_absence()
            || matches!(
                self,
                Self::NotAServer { .. } | Self::ServerError { status: 501, .. }
            )
    }

    /// How long the server asked to be left alone.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::ServerError { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }

    /// Whether only the stream that met it is lost to this run: asking for the next one makes sense.
    pub(crate) const fn is_of_one_stream(&self) -> bool {
        matches!(
            self,
            Self::BadPage { .. }
                | Self::CursorStuck { .. }
                | Self::ServerError { .. }
                | Self::Refused { .. }
                | Self::TooLarge { .. }
                | Self::Restless { .. }
        )
    }

    /// Whether the server said that there is nothing of that name.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::NotAServer {
                    status: Some(404 | 405 | 410),
                    ..
                }
        )
    }
}
