//! `PUT /views/{integration_id}`: what a client wants, kept under a name for it.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use threadkeep_protocol::{MAX_VIEW_CHATS, StoredView, View};
use threadkeep_server_store::Scope;

use crate::{
    access::{Caller, Named},
    intake,
    problem::Failure,
    route::{Form, Operation, schema},
    router::Shared,
};

/// What the document says of `put`.
pub(crate) fn operation() -> Operation {
    Operation::scoped::<StoredView>(Scope::Read, "sync", "A name for what a client wants")
        .describe(
            "A view says which chats are wanted, how far back, and whether with their files. It is kept \
             under the hash of what it says: views that say the same have the same id, and a view never \
             changes. Conversations, contacts and participants come whole in every view. Cursors belong \
             to a view: a client that wants less goes on with its cursors and the new view; one that \
             wants more also asks, from 0, for what the new view has `beyond` the old one up to its \
             cursor (`until_seq`). Views that nobody puts for long are forgotten, upon which the \
             streams answer `unknown_view`; put it again and go on.",
        )
        .takes(
            "The view.",
            vec![Form {
                media_type: "application/json",
                holds: schema::<View>,
            }],
        )
}

pub(crate) async fn put(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<StoredView>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let _place = shared
        .intakes
        .acquire()
        .await
        .map_err(|_| Failure::unavailable("The server is going away.", 5))?;
    let bytes = intake::read(&headers, body, shared.patience).await?;
    let view: View = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::bad_request(format!("This is no view: {error}.")))?;
    if view.chats.len() > MAX_VIEW_CHATS {
        let detail = format!("A view has rules for at most {MAX_VIEW_CHATS} chats.");
        return Err(Failure::too_large(detail));
    }
    let view = shared.store.put_view(integration, view).await?;
    Ok(Json(StoredView { view }))
}
