//! Errors on the wire: `application/problem+json` with a stable `code`.

use serde::{Deserialize, Serialize};

/// What went wrong, for a program to act on. Codes are added, never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 401: no token, or one that is unknown, expired or revoked.
    Unauthorized,
    /// 403: the token is good but lacks the scope.
    Forbidden,
    /// 404: no such thing, or none that this token may know of.
    NotFound,
    /// 404: the view that the request names is not kept here; put it and ask again.
    UnknownView,
    /// 405: the path exists, the method does not.
    MethodNotAllowed,
    /// 400: the request makes no sense as it is.
    BadRequest,
    /// 413: the body or a line of it is larger than the server reads.
    TooLarge,
    /// 415: the body is encoded in a way that the server does not read.
    UnsupportedEncoding,
    /// 429: ask again later; `Retry-After` says when.
    RateLimited,
    /// 503: the server cannot do it now; `Retry-After` says when to ask again.
    Unavailable,
    /// 500: a fault in the server.
    Internal,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound | Self::UnknownView => 404,
            Self::MethodNotAllowed => 405,
            Self::BadRequest => 400,
            Self::TooLarge => 413,
            Self::UnsupportedEncoding => 415,
            Self::RateLimited => 429,
            Self::Unavailable => 503,
            Self::Internal | Self::Unknown => 500,
        }
    }
}

/// The body of an error answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// What went wrong, for a program.
    pub code: Code,
    /// The HTTP status, once more.
    pub status: u16,
    /// What went wrong, in a few words.
    pub title: String,
    /// What went wrong with this request, in a sentence; never content, never a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// A problem with a sentence about this request.
    #[must_use]
    pub fn new(code: Code, title: &str, detail: Option<String>) -> Self {
        Self {
            code,
            status: code.status(),
            title: title.to_owned(),
            detail,
        }
    }
}
