//! What is behind an error, in the words that its sentence takes up.

/// What is wrong with a secure connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// HTTPS was asked of a port that speaks plain HTTP.
    #[error(
        "speaks plain HTTP, not TLS: write http:// instead of https:// if it is on this computer \
         or in a network that you trust"
    )]
    PlainPort,
    /// Plain HTTP was asked of a port that speaks TLS.
    #[error("speaks TLS, not plain HTTP: write https:// instead of http://")]
    TlsPort,
    /// The certificate is expired, self-signed, or for another name.
    #[error(
        "shows a certificate that cannot be trusted (expired, self-signed or for another name): \
         check the address, the computer's clock and the server's certificate"
    )]
    Certificate,
    /// Any other failure.
    #[error("did not agree on a secure connection: check the address and the server's TLS set-up")]
    Handshake,
}

/// How one can tell that something is no sync server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Sign {
    /// The content type is not JSON.
    #[error("it sent {0}, not JSON")]
    ContentType(String),
    /// It sends callers to another address.
    #[error("it sends callers on to {0}")]
    Redirect(String),
    /// It sends callers in a circle.
    #[error("it sends callers in a circle")]
    RedirectLoop,
    /// A proxy wants a login.
    #[error("a proxy asks for a login")]
    Proxy,
    /// It does not speak HTTP.
    #[error("it does not speak HTTP")]
    NotHttp,
    /// JSON of another shape.
    #[error("its answer has another shape")]
    Shape,
}

/// How a stream's pages fail to lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorFault {
    /// `has_more` without a row, several times in a row.
    #[error("it promises more and sends nothing")]
    NoProgress,
    /// A row at or before the cursor.
    #[error("it sends rows from before the cursor")]
    Backwards,
    /// Rows that do not ascend, or two rows in one place.
    #[error("it sends rows out of order")]
    Unordered,
    /// The stream ends before the cursor, in a history that is said to be the same.
    #[error("they end before what was already pulled, though the history is said to be the same")]
    Regressed,
    /// Rows of another bucket.
    #[error("it sends rows that were not asked for")]
    Unasked,
    /// `latest_seq` is not the last row's.
    #[error("its cursor is not the place of its last row")]
    Astray,
}

/// Why a snapshot is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFault {
    /// It belongs to another history than the one that the server tells of.
    #[error("it is of another history")]
    OtherHistory,
    /// Another version made it.
    #[error("it is of another format")]
    OtherFormat,
    /// What is announced cannot be.
    #[error("what the server says of its files cannot be")]
    Announced,
    /// What came is not what was announced.
    #[error("its files are not what they are said to be")]
    Hash,
    /// It cannot be unpacked, or to something else than what was announced.
    #[error("its files cannot be unpacked")]
    Packed,
    /// The network is too slow for it.
    #[error("it would take too long")]
    Slow,
    /// The disk said no.
    #[error("its files cannot be written: {0}")]
    Io(#[from] std::io::Error),
}
