//! Keeping web pages away from a server on the loopback address.
//!
//! A browser lets any page send requests to this computer, and a page can make its own name point to
//! 127.0.0.1 (DNS rebinding). The token keeps such a page out; this keeps it from trying. A browser
//! cannot forge `Host` or leave out `Origin` on a cross-origin request that matters.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::problem::Failure;

pub(crate) async fn check(
    State(allowed): State<Arc<[String]>>,
    request: Request,
    next: Next,
) -> Response {
    if is_local(request.headers(), &allowed) {
        next.run(request).await
    } else {
        Failure::forbidden("This server answers programs on this computer only.").into_response()
    }
}

fn is_local(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let is_allowed = allowed
        .iter()
        .any(|name| name.eq_ignore_ascii_case(without_port(host)));
    let is_own = headers.get(header::ORIGIN).is_none_or(|origin| {
        let own = origin.to_str().ok().and_then(|o| o.strip_prefix("http://"));
        own.is_some_and(|own| own.eq_ignore_ascii_case(host))
    });
    is_allowed && is_own
}

/// `[::1]:8750` → `[::1]`, `localhost:8750` → `localhost`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[rstest::rstest]
    #[case::a_program("127.0.0.1:8750", None, true)]
    #[case::by_name("LOCALHOST:8750", None, true)]
    #[case::without_a_port("localhost", None, true)]
    #[case::ip_6("[::1]:8750", None, true)]
    #[case::ip_6_without_a_port("[::1]", None, true)]
    #[case::its_own_page("localhost:8750", Some("http://localhost:8750"), true)]
    #[case::a_rebound_name("evil.example:8750", None, false)]
    #[case::a_name_that_begins_well("localhost.evil.example", None, false)]
    #[case::a_web_page("127.0.0.1:8750", Some("https://evil.example"), false)]
    #[case::another_local_page("127.0.0.1:8750", Some("http://127.0.0.1:3000"), false)]
    #[case::a_sandboxed_page("127.0.0.1:8750", Some("null"), false)]
    fn only_programs_on_this_computer_pass(
        #[case] host: &'static str,
        #[case] origin: Option<&'static str>,
        #[case] passes: bool,
    ) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        let allowed = ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned);
        assert_eq!(is_local(&headers, &allowed), passes);
    }

    #[test]
    fn a_request_without_a_host_is_no_local_one() {
        assert!(!is_local(&HeaderMap::new(), &["localhost".to_owned()]));
    }
}
