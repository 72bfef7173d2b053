//! What a client reads: the accounts, where they stand, and the streams, page by page or in lines.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use threadkeep_protocol::{
    Contact, Conversation, Integration, IntegrationId, Media, Message, NDJSON, Page, Participant,
    Receipt, Seq, Stream, SyncStatus,
};
use threadkeep_server_store::{Scope, Slice, Store, StoredRow};

use crate::{
    accept,
    access::{Caller, Named},
    encoding, lines,
    problem::Failure,
    route::{Operation, schema},
    router::Shared,
};

/// Numbers stay below 2^53, so that every JSON reader keeps them whole.
pub(crate) const SEQ_END: Seq = 1 << 53;

pub(crate) async fn integrations(
    State(store): State<Store>,
    caller: Caller,
) -> Result<Json<Vec<Integration>>, Failure> {
    Ok(Json(store.integrations(&caller.0).await?))
}

pub(crate) async fn status(
    State(store): State<Store>,
    caller: Caller,
    Named(integration): Named<String>,
) -> Result<Json<SyncStatus>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    Ok(Json(store.status(integration).await?))
}

/// As text: a number that is none gets our answer, in words, not the framework's.
#[derive(Deserialize)]
pub(crate) struct Asked {
    since_seq: Option<String>,
    limit: Option<String>,
    view: Option<String>,
    beyond: Option<String>,
    until_seq: Option<String>,
    bucket: Option<String>,
}

fn seq(name: &str, text: &str) -> Result<Seq, Failure> {
    let seq = text.parse().ok().filter(|seq| (0..SEQ_END).contains(seq));
    seq.ok_or_else(|| Failure::bad_request(format!("{name} must be a whole number from 0.")))
}

impl Asked {
    fn since_seq(&self) -> Result<Seq, Failure> {
        let text = self.since_seq.as_deref();
        text.map_or(Ok(0), |text| seq("since_seq", text))
    }

    fn slice(&self) -> Result<Slice, Failure> {
        let until = self.until_seq.as_deref();
        Ok(Slice {
            view: self.view.clone(),
            beyond: self.beyond.clone(),
            until_seq: until.map(|text| seq("until_seq", text)).transpose()?,
            bucket: self.bucket()?,
        })
    }

    /// The bucket of the digest that is asked for; all rows without one.
    fn bucket(&self) -> Result<Option<u8>, Failure> {
        let parse = |text: &String| {
            text.parse()
                .map_err(|_| Failure::bad_request("bucket must be a whole number from 0 to 255."))
        };
        self.bucket.as_ref().map(parse).transpose()
    }

    fn limit(&self, stream: Stream) -> Result<u32, Failure> {
        let (default, max) = (stream.default_limit(), stream.max_limit());
        limit(self.limit.as_deref(), default, max)
    }
}

/// How many rows are asked for: at least one, and at most so many whatever is asked.
pub(crate) fn limit(text: Option<&str>, default: u32, max: u32) -> Result<u32, Failure> {
    let Some(text) = text else {
        return Ok(default);
    };
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // One that no integer holds is a number all the same, and far past the most.
    let limit = text.parse().unwrap_or(u32::MAX);
    if !is_number || limit == 0 {
        return Err(Failure::bad_request("limit must be a whole number from 1."));
    }
    Ok(limit.min(max))
}

/// A question for rows past a cursor. In lines, `limit` is how many rows may lie between two cursor lines.
pub(crate) struct Question<'h> {
    pub(crate) integration: IntegrationId,
    pub(crate) since: Seq,
    pub(crate) limit: u32,
    pub(crate) slice: Slice,
    headers: &'h HeaderMap,
}

/// What the document says of the streams.
pub(crate) fn operation() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "Rows of a stream past a cursor")
        .by_stream(|stream, generator| match stream {
            Stream::Conversations => schema::<Page<Conversation>>(generator),
            Stream::Messages => schema::<Page<Message>>(generator),
            Stream::Contacts => schema::<Page<Contact>>(generator),
            Stream::Participants => schema::<Page<Participant>>(generator),
            Stream::Media => schema::<Page<Media>>(generator),
            Stream::Receipts => schema::<Page<Receipt>>(generator),
        })
        .cursor(
            "since_seq",
            "The cursor: the `latest_seq` of the page before, 0 at first.",
        )
        .limit(
            "At most so many rows; more than the stream's maximum means the maximum. In lines, at \
             most so many between two cursor lines.",
        )
        .number(
            "bucket",
            0..=255,
            "Only the rows of this bucket of the digest: those whose id ends in this byte.",
        )
        .text(
            "view",
            "The id of a view: of messages, media and receipts only what is in it. The cursor then \
             may lie past the last row, and `total_count` may be missing.",
        )
        .text(
            "beyond",
            "The id of another view: only what was not in that one. With `until_seq` this is what a \
             client fetches that widens its view.",
        )
        .cursor("until_seq", "Only rows up to this seq.")
        .or(
            NDJSON,
            "The rest of the stream, a row a line, with lines `{\"cursor\": {\"latest_seq\", \"has_more\", \
             \"total_count\", \"epoch\"}}` behind which a client may commit: after so many rows, and at \
             the end.",
        )
}

pub(crate) async fn stream(
    State(shared): State<Shared>,
    caller: Caller,
    Named((stream, integration)): Named<(String, String)>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let stream: Stream = stream.parse().map_err(|_| Failure::not_found())?;
    let Query(asked) = asked.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    let question = Question {
        integration,
        since: asked.since_seq()?,
        limit: asked.limit(stream)?,
        slice: asked.slice()?,
        headers: &headers,
    };
    match stream {
        Stream::Conversations => question.answer::<Conversation>(&shared).await,
        Stream::Messages => question.answer::<Message>(&shared).await,
        Stream::Contacts => question.answer::<Contact>(&shared).await,
        Stream::Participants => question.answer::<Participant>(&shared).await,
        Stream::Media => question.answer::<Media>(&shared).await,
        Stream::Receipts => question.answer::<Receipt>(&shared).await,
    }
}

impl Question<'_> {
    async fn answer<R: StoredRow>(self, shared: &Shared) -> Result<Response, Failure> {
        let encoding = accept::encoding(self.headers);
        if accept::wants_lines(self.headers) {
            return lines::answer::<R>(shared, &self, encoding).await;
        }
        let page = shared
            .store
            .page_of::<R>(self.integration, self.slice, self.since, self.limit);
        encoding::json(encoding, page.await?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(since_seq: Option<&str>, limit: Option<&str>) -> Asked {
        Asked {
            since_seq: since_seq.map(str::to_owned),
            limit: limit.map(str::to_owned),
            view: None,
            beyond: None,
            until_seq: None,
            bucket: None,
        }
    }

    #[rstest::rstest]
    #[case::none(None, Some(0))]
    #[case::zero(Some("0"), Some(0))]
    #[case::the_last(Some("9007199254740991"), Some(SEQ_END - 1))]
    #[case::past_the_last(Some("9007199254740992"), None)]
    #[case::negative(Some("-1"), None)]
    #[case::empty(Some(""), None)]
    #[case::words(Some("all"), None)]
    #[case::a_fraction(Some("1.5"), None)]
    fn a_cursor_is_a_whole_number(#[case] text: Option<&str>, #[case] seq: Option<Seq>) {
        assert_eq!(asked(text, None).since_seq().ok(), seq);
    }

    #[rstest::rstest]
    #[case::none(None, Some(1_500))]
    #[case::one(Some("1"), Some(1))]
    #[case::the_most(Some("10000"), Some(10_000))]
    #[case::more(Some("10001"), Some(10_000))]
    #[case::far_more(Some("99999999999"), Some(10_000))]
    #[case::more_than_any_integer(Some("99999999999999999999999999"), Some(10_000))]
    #[case::zero(Some("0"), None)]
    #[case::negative(Some("-5"), None)]
    #[case::words(Some("ten"), None)]
    fn a_limit_is_clamped_to_the_streams(#[case] text: Option<&str>, #[case] limit: Option<u32>) {
        assert_eq!(asked(None, text).limit(Stream::Messages).ok(), limit);
    }
}
