//! The server, over HTTP.
//!
//! Invariants: the token leaves this module only in the header of a request to the one origin that it
//! was given for, and is in no error, log line or `Debug` text; no answer is held beyond a cap, whatever
//! its compressed size; every wait has an end. A request is made once here; `retry` makes it again.

use std::{
    fmt,
    future::Future,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Client, RequestBuilder, Response,
    header::{ACCEPT_ENCODING, HeaderMap, HeaderValue},
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{Map, Value};
use threadkeep_protocol::{Code, Integration, IntegrationId, Problem, SyncStatus};
use url::Url;

use crate::{SyncError, error::Sign};

mod answer;
mod client;
mod digest;
mod fault;
mod history;
mod imports;
mod ingest;
mod live;
mod media;
mod scheme;
mod snapshot;
mod stream;
mod unlisted;
mod view;

use client::{build, builder, headers, is_this_computer};

pub(crate) use snapshot::Packed;
pub(crate) use stream::{Lines, Streamed};

pub use live::{Live, LiveEvent};

/// How long and how much the app waits for and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteOptions {
    /// For a connection, TLS included.
    pub connect_timeout: Duration,
    /// For the next byte of an answer.
    pub read_timeout: Duration,
    /// For a whole answer: a byte now and then does not keep a request alive for ever.
    pub answer_timeout: Duration,
    /// The largest answer, or span of an answer in lines, decompressed, in bytes.
    pub max_body: usize,
    /// Asks for compressed answers of this computer too, where packing costs more than it saves.
    pub compress_nearby: bool,
}

impl Default for RemoteOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(180),
            max_body: 64 * 1024 * 1024,
            compress_nearby: false,
        }
    }
}

/// A server, and the token to read it with. Clones share their connections.
#[derive(Clone)]
pub struct Remote {
    client: Client,
    listener: Arc<OnceLock<Client>>,
    /// Those of every request; the token among them.
    headers: HeaderMap,
    base: Url,
    origin: String,
    options: RemoteOptions,
    /// An HTTP answer has come, so scheme and address are right.
    has_answered: Arc<AtomicBool>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// What `GET /health` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Health {
    /// `ok`, or what a server calls it.
    pub status: String,
    /// The server's version, where it tells.
    #[serde(default)]
    pub version: Option<String>,
}

/// Some servers put their lists under a name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Integrations {
    Bare(Vec<Integration>),
    Named { integrations: Vec<Integration> },
}

impl Remote {
    /// A server at an address. Nothing is sent yet. A name and password in the address are dropped.
    ///
    /// # Errors
    /// When the address is not HTTP, the token cannot travel in a header, or TLS cannot be set up.
    pub fn new(
        mut base: Url,
        token: Option<String>,
        options: RemoteOptions,
    ) -> Result<Self, SyncError> {
        if !matches!(base.scheme(), "http" | "https") {
            return Err(SyncError::BadAddress {
                scheme: base.scheme().to_owned(),
            });
        }
        // Neither can fail for an address with a host, which every http address has.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        base.set_query(None);
        base.set_fragment(None);
        let mut headers = headers(token)?;
        if is_this_computer(&base) && !options.compress_nearby {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let builder = builder(&base, headers.clone(), &options);
        Ok(Self {
            client: build(builder.read_timeout(options.read_timeout))?,
            listener: Arc::default(),
            headers,
            origin: base.origin().ascii_serialization(),
            base,
            options,
            has_answered: Arc::default(),
        })
    }

    /// The client for live events: an answer that lasts for hours knows no timeout but its listener's,
    /// and is not compressed, which would hold events back. Made when first needed.
    fn listener(&self) -> Result<&Client, SyncError> {
        if let Some(listener) = self.listener.get() {
            return Ok(listener);
        }
        let builder = builder(&self.base, self.headers.clone(), &self.options);
        let listener = build(builder.no_gzip().no_zstd())?;
        Ok(self.listener.get_or_init(|| listener))
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether a sync server answers. Needs no token.
    ///
    /// # Errors
    /// When nothing does, or something else.
    pub async fn health(&self) -> Result<Health, SyncError> {
        let body = self.get(self.url(&["health"])).await?;
        self.object(&body, "a health report", "status")
    }

    /// The accounts that the token may read.
    ///
    /// # Errors
    /// When the server cannot be asked or does not accept the token.
    pub async fn integrations(&self) -> Result<Vec<Integration>, SyncError> {
        let body = self.get(self.url(&["integrations"])).await?;
        let answer = serde_json::from_slice(&body)
            .map_err(|source| self.misshapen("a list of accounts", source))?;
        Ok(match answer {
            Integrations::Bare(integrations) | Integrations::Named { integrations } => integrations,
        })
    }

    /// Where the server stands.
    ///
    /// # Errors
    /// When the server cannot be asked, or has no such account.
    pub async fn status(&self, integration: IntegrationId) -> Result<SyncStatus, SyncError> {
        let id = integration.to_string();
        let body = self.get(self.url(&["sync", "status", &id])).await?;
        self.object(&body, "a status", "latest_message_seq")
    }

    /// A JSON object that has at least this field. All other fields may be missing, so without it any
    /// object would do, and a stranger's answer would read as that of an empty server.
    fn object<T: DeserializeOwned>(
        &self,
        body: &[u8],
        what: &str,
        field: &str,
    ) -> Result<T, SyncError> {
        let object: Map<String, Value> =
            serde_json::from_slice(body).map_err(|source| self.misshapen(what, source))?;
        if !object.contains_key(field) {
            return Err(self.not_a_server(Sign::Shape, None));
        }
        serde_json::from_value(Value::Object(object)).map_err(|source| self.misshapen(what, source))
    }

    /// JSON that arrived whole and is something else is not a server's fault but another thing's answer:
    /// these are the requests by which an address is tried out.
    fn misshapen(&self, what: &str, source: serde_json::Error) -> SyncError {
        if source.is_eof() {
            self.unreadable(what, source)
        } else {
            self.not_a_server(Sign::Shape, None)
        }
    }

    pub(crate) fn unreadable(&self, what: &str, source: serde_json::Error) -> SyncError {
        SyncError::BadPage {
            origin: self.origin.clone(),
            what: what.to_owned(),
            source,
        }
    }

    /// An answer that ends before its end.
    pub(crate) fn cut(&self, what: &str) -> SyncError {
        let ended = serde_json::from_str::<IgnoredAny>("");
        let source = ended.expect_err("no text is no JSON");
        self.unreadable(what, source)
    }

    fn too_large(&self) -> SyncError {
        SyncError::TooLarge {
            origin: self.origin.clone(),
            limit: self.options.max_body,
        }
    }

    fn not_a_server(&self, sign: Sign, status: Option<u16>) -> SyncError {
        SyncError::NotAServer {
            origin: self.origin.clone(),
            sign,
            status,
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    async fn get(&self, url: Url) -> Result<Vec<u8>, SyncError> {
        let answer = async {
            let response = self.answered(self.client.get(url), answer::is_json).await?;
            self.body(response).await
        };
        self.explained(answer).await
    }

    /// The head of an answer that is worth reading on: of a success, in a form that is readable.
    async fn answered(
        &self,
        request: RequestBuilder,
        is_readable: fn(&Response) -> bool,
    ) -> Result<Response, SyncError> {
        let response = request
            .send()
            .await
            .map_err(|error| fault::of_request(error, &self.origin))?;
        if answer::is_problem(&response) && response.status().as_u16() == 404 {
            return Err(self.absence(response).await);
        }
        let response = self.accept(response, is_readable)?;
        // Only an answer that a server would give: a TLS port may answer plain HTTP with a complaint.
        self.has_answered.store(true, Ordering::Relaxed);
        Ok(response)
    }

    /// An answer in time; as long as none has come, a failure is looked into.
    async fn explained<T>(
        &self,
        answer: impl Future<Output = Result<T, SyncError>>,
    ) -> Result<T, SyncError> {
        match self.in_time(answer).await {
            Err(error) if !self.has_answered.load(Ordering::Relaxed) => {
                Err(self.explain_scheme(error).await)
            }
            result => result,
        }
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, SyncError>>,
    ) -> Result<T, SyncError> {
        tokio::time::timeout(self.options.answer_timeout, answer)
            .await
            .unwrap_or_else(|_| Err(self.timed_out()))
    }

    fn timed_out(&self) -> SyncError {
        SyncError::Timeout {
            origin: self.origin.clone(),
        }
    }

    pub(crate) fn hung_up(&self) -> SyncError {
        SyncError::HungUp {
            origin: self.origin.clone(),
        }
    }

    /// What it is that the server does not know.
    async fn absence(&self, response: Response) -> SyncError {
        let body = self.body(response).await.unwrap_or_default();
        let problem = serde_json::from_slice::<Problem>(&body);
        let origin = self.origin.clone();
        match problem.map(|problem| problem.code) {
            Ok(Code::UnknownView) => SyncError::UnknownView { origin },
            _ => SyncError::NotFound { origin },
        }
    }

    /// Reads a body chunk by chunk. The chunks are decompressed ones, so the cap holds for what a small
    /// body grows to.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, SyncError> {
        let limit = self.options.max_body;
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        if announced > limit {
            return Err(self.too_large());
        }
        let mut body = Vec::with_capacity(announced);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| fault::of_body(error, &self.origin))?
        {
            if body.len() + chunk.len() > limit {
                return Err(self.too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
