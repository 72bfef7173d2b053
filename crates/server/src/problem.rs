//! Answers that say what went wrong.

use std::any::Any;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use threadkeep_protocol::{Code, Problem};
use threadkeep_server_store::StoreError;

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: Problem,
    retry_after_seconds: Option<u32>,
}

impl Failure {
    fn new(code: Code, title: &str, detail: Option<String>) -> Self {
        Self {
            problem: Problem::new(code, title, detail),
            retry_after_seconds: None,
        }
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "Send a valid token: Authorization: Bearer TOKEN.";
        Self::new(Code::Unauthorized, "No valid token", Some(detail.into()))
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, "Not allowed", Some(detail.into()))
    }

    /// The same for what is not there and what the token may not know of.
    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, "Not found", None)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(Code::MethodNotAllowed, "Method not allowed", None)
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(Code::BadRequest, "Bad request", Some(detail.into()))
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(Code::TooLarge, "Too large", Some(detail.into()))
    }

    pub(crate) fn unsupported_encoding() -> Self {
        let detail =
            "The body is compressed or encoded. Send it as it is, without Content-Encoding.";
        Self::new(
            Code::UnsupportedEncoding,
            "Unsupported encoding",
            Some(detail.into()),
        )
    }

    pub(crate) fn unavailable(detail: impl Into<String>, retry_after_seconds: u32) -> Self {
        Self {
            retry_after_seconds: Some(retry_after_seconds),
            ..Self::new(Code::Unavailable, "Not available now", Some(detail.into()))
        }
    }

    pub(crate) fn disk_full() -> Self {
        let detail = "The server's disk is full. Nothing of the request was kept.";
        Self::unavailable(detail, FULL_SECONDS)
    }

    pub(crate) fn internal() -> Self {
        let detail = "The server has a fault. What is stored is safe.";
        Self::new(Code::Internal, "Internal error", Some(detail.into()))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A struct of strings and numbers always has a JSON form.
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"threadkeep\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// How soon a held or a full file is worth another try.
const BUSY_SECONDS: u32 = 1;
const FULL_SECONDS: u32 = 60;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownIntegration(_)
            | StoreError::UnknownConversation
            | StoreError::UnknownMedia
            | StoreError::UnknownMessage
            | StoreError::UnknownImport => Self::not_found(),
            StoreError::ImportEnded(state) => Self::bad_request(format!(
                "The import is {state}: it takes nothing in and goes nowhere else."
            )),
            StoreError::UnknownView => Self::new(
                Code::UnknownView,
                "Unknown view",
                Some("The view is not kept here. Put it and ask again.".into()),
            ),
            StoreError::Busy(_) => Self::unavailable("The server's data is in use.", BUSY_SECONDS),
            StoreError::Full(_) => Self::disk_full(),
            // SQLite's words name tables and files, never what is in them.
            error => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                Self::internal()
            }
        }
    }
}

/// What a panic becomes: the fault is ours, and its words may hold content.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic's payload over"
)]
pub(crate) fn after_panic(_payload: Box<dyn Any + Send>) -> Response {
    Failure::internal().into_response()
}
