//! Asking for rows: page by page, as the rest of a stream in one answer where the server knows how, and
//! those of one conversation beside the cursor.

use std::time::Duration;

use reqwest::{
    Response, Url,
    header::{ACCEPT, HeaderValue},
};
use threadkeep_protocol::{Id, IntegrationId, Recent, Seq, Stream};

use super::{
    Remote,
    answer::{is_json, is_lines},
    fault,
};
use crate::{
    SyncError,
    lines::{LinesFault, Span, Splitter},
    slice::Slice,
};

/// Lines if they can be had. A server that knows only pages answers with the page that was asked for.
const WISHES: HeaderValue =
    HeaderValue::from_static("application/x-ndjson, application/json;q=0.9");

/// A connection whose answer was read to its end can be used again; it is not waited for longer.
const ENDING: Duration = Duration::from_secs(1);

/// What a server makes of the wish for lines.
pub(crate) enum Streamed {
    Lines(Box<Lines>),
    /// The text of a page.
    Page(Vec<u8>),
}

/// An answer in lines that is being read.
pub(crate) struct Lines {
    remote: Remote,
    response: Response,
    splitter: Splitter,
}

impl Remote {
    /// The text of one page: at most `limit` rows of `stream` past `since`. It is parsed elsewhere, off
    /// the thread that waits for the network.
    ///
    /// # Errors
    /// When the server cannot be asked, or its answer is not JSON by its own account.
    pub async fn page(
        &self,
        stream: Stream,
        integration: IntegrationId,
        since: Seq,
        limit: u32,
    ) -> Result<Vec<u8>, SyncError> {
        self.page_of(stream, integration, &Slice::default(), since, limit)
            .await
    }

    /// The same of a slice of the stream.
    pub(crate) async fn page_of(
        &self,
        stream: Stream,
        integration: IntegrationId,
        slice: &Slice,
        since: Seq,
        limit: u32,
    ) -> Result<Vec<u8>, SyncError> {
        self.get(self.page_url(stream, integration, slice, since, limit))
            .await
    }

    fn page_url(
        &self,
        stream: Stream,
        integration: IntegrationId,
        slice: &Slice,
        since: Seq,
        limit: u32,
    ) -> Url {
        let mut url = self.url(&["sync", stream.name(), &integration.to_string()]);
        url.query_pairs_mut()
            .append_pair("since_seq", &since.to_string())
            .append_pair("limit", &limit.to_string())
            .extend_pairs(slice.pairs());
        url
    }

    /// The newest messages of a conversation, or what lies before the `next_before` of an answer.
    ///
    /// # Errors
    /// When the server cannot be asked, has no such conversation, or does not know the question.
    pub async fn recent(
        &self,
        integration: IntegrationId,
        conversation: Id,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Recent, SyncError> {
        let (integration, conversation) = (integration.to_string(), conversation.to_string());
        let mut url = self.url(&["sync", "messages", &integration, &conversation]);
        url.query_pairs_mut()
            .append_pair("limit", &limit.to_string())
            .extend_pairs(before.map(|before| ("before", before)));
        let body = self.get(url).await?;
        serde_json::from_slice(&body)
            .map_err(|source| self.unreadable("the newest messages", source))
    }

    /// Asks for the rows of `stream` past `since`, with at most `limit` of them between two cursor
    /// lines, or in the page that comes instead.
    pub(crate) async fn stream(
        &self,
        stream: Stream,
        integration: IntegrationId,
        slice: &Slice,
        since: Seq,
        limit: u32,
    ) -> Result<Streamed, SyncError> {
        let request = self
            .client
            .get(self.page_url(stream, integration, slice, since, limit))
            .header(ACCEPT, WISHES);
        let answer = async {
            let response = self
                .answered(request, |response| is_lines(response) || is_json(response))
                .await?;
            if is_lines(&response) {
                return Ok(Streamed::Lines(Box::new(Lines {
                    remote: self.clone(),
                    response,
                    splitter: Splitter::new(self.options.max_body),
                })));
            }
            self.body(response).await.map(Streamed::Page)
        };
        self.explained(answer).await
    }
}

impl Lines {
    /// The next span; nothing where the answer has ended behind a cursor line.
    ///
    /// Waits for a whole span at most as long as for any answer.
    pub(crate) async fn next(&mut self) -> Result<Option<Span>, SyncError> {
        let remote = self.remote.clone();
        remote.in_time(self.read()).await
    }

    async fn read(&mut self) -> Result<Option<Span>, SyncError> {
        loop {
            let span = self.splitter.next();
            if let Some(span) = span.map_err(|fault| self.failed(fault))? {
                return Ok(Some(span));
            }
            let chunk = self.response.chunk().await;
            match chunk.map_err(|error| fault::of_body(error, &self.remote.origin))? {
                Some(chunk) => self.splitter.push(&chunk),
                None => return self.ended(),
            }
        }
    }

    fn ended(&mut self) -> Result<Option<Span>, SyncError> {
        let last = self.splitter.end().map_err(|fault| self.failed(fault))?;
        if last.is_none() && !self.splitter.is_empty() {
            return Err(self.remote.cut("lines"));
        }
        Ok(last)
    }

    /// Reads what ends the answer behind its last span, so that the connection can be used again.
    pub(crate) async fn finish(mut self) {
        // What comes instead, and what goes wrong, is nobody's concern any more.
        _ = tokio::time::timeout(ENDING, self.response.chunk()).await;
    }

    fn failed(&self, fault: LinesFault) -> SyncError {
        match fault {
            LinesFault::TooLarge => self.remote.too_large(),
            LinesFault::Unreadable(source) => self.remote.unreadable("a cursor line", source),
        }
    }
}
