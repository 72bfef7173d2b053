//! What the head of an answer says: go on and read the body, or which error it is.

use std::time::Duration;

use reqwest::{
    Response, Url,
    header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
};
use threadkeep_protocol::NDJSON;

use super::Remote;
use crate::{SyncError, clock, error::Sign, retry::parse_retry_after};

impl Remote {
    /// Passes answers whose body is worth reading: successes in a form that can be read.
    pub(super) fn accept(
        &self,
        response: Response,
        is_readable: fn(&Response) -> bool,
    ) -> Result<Response, SyncError> {
        let status = response.status().as_u16();
        let origin = self.origin.clone();
        match status {
            200..=299 if is_readable(&response) => Ok(response),
            200..=299 => Err(self.not_a_server(content_sign(&response), Some(status))),
            300..=399 => Err(self.not_a_server(redirect_sign(&response), Some(status))),
            401 => Err(SyncError::Unauthorized { origin }),
            403 => Err(SyncError::Forbidden { origin }),
            // A page made for people tells of a website; a sync server answers in JSON.
            404 | 405 | 410 if is_html(&response) => {
                Err(self.not_a_server(content_sign(&response), Some(status)))
            }
            404 | 405 | 410 => Err(SyncError::NotFound { origin }),
            407 => Err(self.not_a_server(Sign::Proxy, Some(status))),
            408 => Err(SyncError::Timeout { origin }),
            425 | 429 => Err(SyncError::RateLimited {
                origin,
                retry_after: retry_after(&response),
            }),
            500..=599 => Err(SyncError::ServerError {
                origin,
                status,
                retry_after: retry_after(&response),
            }),
            _ if is_html(&response) => {
                Err(self.not_a_server(content_sign(&response), Some(status)))
            }
            _ => Err(SyncError::Refused { origin, status }),
        }
    }
}

/// The media type without its parameters, in lower case.
fn media_type(response: &Response) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

/// A server that names no type is given the benefit of the doubt: its body still has to parse.
pub(super) fn is_json(response: &Response) -> bool {
    media_type(response).is_none_or(|media_type| {
        media_type == "application/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    })
}

/// What went wrong, for a program to read.
pub(super) fn is_problem(response: &Response) -> bool {
    media_type(response).is_some_and(|media_type| media_type == "application/problem+json")
}

pub(super) fn is_lines(response: &Response) -> bool {
    media_type(response).is_some_and(|media_type| media_type == NDJSON)
}

/// Server-sent events.
pub(super) fn is_events(response: &Response) -> bool {
    media_type(response).is_some_and(|media_type| media_type == "text/event-stream")
}

/// What is packed, or bytes of which nothing is said.
pub(super) fn is_packed(response: &Response) -> bool {
    media_type(response).is_some_and(|media_type| {
        media_type == "application/zstd" || media_type == "application/octet-stream"
    })
}

fn is_html(response: &Response) -> bool {
    media_type(response).is_some_and(|media_type| media_type.contains("html"))
}

fn content_sign(response: &Response) -> Sign {
    let mut media_type = media_type(response).unwrap_or_default();
    media_type.retain(|c| c.is_ascii_graphic());
    media_type.truncate(60);
    Sign::ContentType(media_type)
}

/// Names where a redirect leads, by origin only: the rest may hold what was asked with.
fn redirect_sign(response: &Response) -> Sign {
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| response.url().join(location).ok())
        .as_ref()
        .map(Url::origin);
    match target {
        Some(origin) if origin == response.url().origin() => Sign::RedirectLoop,
        Some(origin) => Sign::Redirect(origin.ascii_serialization()),
        None => Sign::Redirect("nowhere".into()),
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    parse_retry_after(value, clock::now())
}
