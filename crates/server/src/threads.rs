//! What whoever runs the server looks at: threads, their messages, the accounts at one look.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer, value},
};
use threadkeep_protocol::{Dashboard, LISTED, MAX_LISTED, ThreadList, ThreadMessages};
use threadkeep_server_store::{Scope, Store};

use crate::{
    access::{Caller, Named},
    pages,
    problem::Failure,
    route::Operation,
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    limit: Option<String>,
    order_by: Option<String>,
}

impl Asked {
    fn limit(&self) -> Result<u32, Failure> {
        pages::limit(self.limit.as_deref(), LISTED, MAX_LISTED)
    }

    fn order<T: DeserializeOwned + Default>(&self, known: &str) -> Result<T, Failure> {
        let Some(name) = self.order_by.as_deref() else {
            return Ok(T::default());
        };
        let order = T::deserialize(IntoDeserializer::<value::Error>::into_deserializer(name));
        order.map_err(|_| Failure::bad_request(format!("order_by must be {known}.")))
    }
}

type AskedQuery = Result<Query<Asked>, QueryRejection>;

fn asked(query: AskedQuery) -> Result<Asked, Failure> {
    let Query(asked) = query.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    Ok(asked)
}

/// What the document says of `list`.
pub(crate) fn listing() -> Operation {
    Operation::scoped::<ThreadList>(Scope::Read, "operators", "The newest threads of an account")
        .limit(LIMIT)
        .word("order_by", &["last_message_at", "created_at"], ORDER)
}

/// What the document says of `messages`.
pub(crate) fn messages_listing() -> Operation {
    Operation::scoped::<ThreadMessages>(Scope::Read, "operators", "The newest messages of a thread")
        .describe("The conversation is named by its id or by its address.")
        .limit(LIMIT)
        .word("order_by", &["timestamp", "created_at"], ORDER)
}

const LIMIT: &str = "At most so many, 50 where nothing is said and 1,000 at the most.";
const ORDER: &str = "By what, the newest first; the first of these where nothing is said.";

pub(crate) async fn list(
    State(store): State<Store>,
    caller: Caller,
    Named(integration): Named<String>,
    query: AskedQuery,
) -> Result<Json<ThreadList>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let asked = asked(query)?;
    let order = asked.order("last_message_at or created_at")?;
    Ok(Json(
        store.threads(integration, order, asked.limit()?).await?,
    ))
}

pub(crate) async fn messages(
    State(store): State<Store>,
    caller: Caller,
    Named((integration, conversation)): Named<(String, String)>,
    query: AskedQuery,
) -> Result<Json<ThreadMessages>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let asked = asked(query)?;
    let order = asked.order("timestamp or created_at")?;
    let found = store
        .thread_messages(integration, conversation, order, asked.limit()?)
        .await?;
    found.map(Json).ok_or_else(Failure::not_found)
}

pub(crate) async fn dashboard(
    State(store): State<Store>,
    caller: Caller,
) -> Result<Json<Dashboard>, Failure> {
    Ok(Json(store.dashboard(&caller.0).await?))
}
