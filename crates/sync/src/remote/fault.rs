//! What failed below HTTP, in the words of `SyncError`.

use std::{error::Error, io};

use crate::{
    SyncError,
    error::{Sign, TlsFault},
};

/// Of a request that brought no answer.
pub(super) fn of_request(error: reqwest::Error, origin: &str) -> SyncError {
    let error = error.without_url();
    let origin = origin.to_owned();
    if let Some(fault) = tls_fault(&error) {
        return SyncError::Tls { origin, fault };
    }
    if error.is_timeout() {
        return SyncError::Timeout { origin };
    }
    if error.is_connect() {
        return SyncError::Unreachable {
            origin,
            source: error,
        };
    }
    if causes(&error).any(is_no_http) {
        return SyncError::NotAServer {
            origin,
            sign: Sign::NotHttp,
            status: None,
        };
    }
    SyncError::Interrupted {
        origin,
        source: error,
    }
}

/// Of an answer that began well.
pub(super) fn of_body(error: reqwest::Error, origin: &str) -> SyncError {
    let error = error.without_url();
    let origin = origin.to_owned();
    if error.is_timeout() {
        SyncError::Timeout { origin }
    } else {
        SyncError::Interrupted {
            origin,
            source: error,
        }
    }
}

/// What TLS has to say about a failed request, where TLS was involved.
fn tls_fault(error: &reqwest::Error) -> Option<TlsFault> {
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Some(match error {
            rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
                TlsFault::PlainPort
            }
            rustls::Error::InvalidCertificate(_) => TlsFault::Certificate,
            _ => TlsFault::Handshake,
        });
    }
    // The other side hung up in the middle of the handshake.
    let hung_up = error.is_connect()
        && causes(error).any(|cause| {
            cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
        });
    hung_up.then_some(TlsFault::Handshake)
}

/// Whether a request failed because the other side does speak TLS, only not to our liking. A plain port
/// hangs up, or answers with what is no TLS.
pub(super) fn is_from_tls(error: &reqwest::Error) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<rustls::Error>())
        .any(|error| !matches!(error, rustls::Error::InvalidMessage(_)))
}

fn is_no_http(cause: &(dyn Error + 'static)) -> bool {
    cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse)
}

/// An error and what caused it. I/O errors hide theirs one level further in.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}
