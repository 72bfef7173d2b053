//! The newest messages of one conversation: reading beside the cursor.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use threadkeep_protocol::{Id, Recent};
use threadkeep_server_store::{Before, Scope, Store};

use crate::{
    accept,
    access::{Caller, Named},
    encoding, pages,
    problem::Failure,
    route::Operation,
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    before: Option<String>,
    limit: Option<String>,
}

impl Asked {
    fn before(&self) -> Result<Before, Failure> {
        let Some(text) = &self.before else {
            return Ok(Before::END);
        };
        let unknown = "before must be the next_before of an answer.";
        text.parse().map_err(|_| Failure::bad_request(unknown))
    }
}

/// What the document says of `messages`.
pub(crate) fn operation() -> Operation {
    Operation::scoped::<Recent>(
        Scope::Read,
        "sync",
        "The newest messages of a conversation, newest first",
    )
    .describe("Rows of the stream, beside the cursor: keeping them moves no cursor.")
    .text("before", "The `next_before` of the answer before.")
    .limit("At most so many, 50 where nothing is said and 1,000 at the most.")
}

pub(crate) async fn messages(
    State(store): State<Store>,
    caller: Caller,
    Named((integration, conversation)): Named<(String, String)>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let conversation: Id = conversation.parse().map_err(|_| Failure::not_found())?;
    let Query(asked) = asked.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    let limit = pages::limit(
        asked.limit.as_deref(),
        Recent::DEFAULT_LIMIT,
        Recent::MAX_LIMIT,
    )?;
    let recent = store.recent(integration, conversation, asked.before()?, limit);
    let recent = recent.await?.ok_or_else(Failure::not_found)?;
    encoding::json(accept::encoding(&headers), recent).await
}
