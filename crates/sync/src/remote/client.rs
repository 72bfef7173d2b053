//! The HTTP client: what every request carries, and where it never goes.

use std::net::IpAddr;

use reqwest::{
    Client, ClientBuilder,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
    redirect,
};
use url::Url;

use super::RemoteOptions;
use crate::SyncError;

/// Redirects within one origin that are followed before it counts as a circle.
const MAX_REDIRECTS: usize = 5;

pub(super) fn builder(base: &Url, headers: HeaderMap, options: &RemoteOptions) -> ClientBuilder {
    let builder = Client::builder()
        .default_headers(headers)
        .user_agent(concat!("threadkeep/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(options.connect_timeout)
        .redirect(same_origin_only())
        .referer(false)
        .tcp_nodelay(true);
    if is_this_computer(base) {
        builder.no_proxy()
    } else {
        builder
    }
}

pub(super) fn build(builder: ClientBuilder) -> Result<Client, SyncError> {
    builder
        .build()
        .map_err(|error| SyncError::Setup(error.without_url()))
}

pub(super) fn headers(token: Option<String>) -> Result<HeaderMap, SyncError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.trim()))
            .map_err(|_| SyncError::UnreadableToken)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// What goes elsewhere comes back as the redirect that it is.
fn same_origin_only() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let stays = attempt
            .previous()
            .last()
            .is_some_and(|from| from.origin() == attempt.url().origin());
        if stays && attempt.previous().len() <= MAX_REDIRECTS {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

/// A proxy is of no use on the way to this computer, and often stands in it.
pub(super) fn is_this_computer(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || ip.is_some_and(|ip| ip.is_loopback())
}
