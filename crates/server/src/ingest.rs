//! Taking records from bridges and importers: one request, one transaction.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
};
use serde::Deserialize;
use serde_json::Value;
use threadkeep_ingest::{
    Format, TranslateError, Translation, detect, is_nested_too_deep, translate,
};
use threadkeep_protocol::{IngestReport, IntegrationId, Record};
use threadkeep_server_store::{IngestOptions, Scope};

use crate::{
    access::{Caller, Named},
    intake,
    problem::Failure,
    report::{merge, split},
    route::{Form, Operation, schema},
    router::Shared,
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    dry_run: Option<String>,
    import: Option<String>,
}

impl Asked {
    fn dry_run(&self) -> Result<bool, Failure> {
        match self.dry_run.as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(Failure::bad_request("dry_run must be true or false.")),
        }
    }

    fn import(&self) -> Result<Option<i64>, Failure> {
        let import = self.import.as_deref().map(str::parse).transpose();
        import.map_err(|_| Failure::bad_request("import must be the id of an import."))
    }
}

/// What the document says of `neutral`.
pub(crate) fn of_neutral() -> Operation {
    taking("Neutral records in").may_take(
        "Records keyed by the platform's ids: an array, or one a line.",
        vec![
            Form {
                media_type: "application/json",
                holds: schema::<Vec<Record>>,
            },
            Form {
                media_type: "application/x-ndjson",
                holds: schema::<Record>,
            },
        ],
    )
}

/// What the document says of `baileys`.
pub(crate) fn of_baileys() -> Operation {
    taking("The events of a Baileys socket in").may_take(
        "Events as they are, one `{\"event\", \"data\"}` a line, or a whole store as one object.",
        vec![
            Form {
                media_type: "application/json",
                holds: schema::<BTreeMap<String, Value>>,
            },
            Form {
                media_type: "application/x-ndjson",
                holds: schema::<BTreeMap<String, Value>>,
            },
        ],
    )
}

fn taking(summary: &'static str) -> Operation {
    Operation::scoped::<IngestReport>(Scope::Ingest, "ingest", summary)
        .describe(
            "One request is one transaction. Sent again, it changes nothing. A record that cannot be \
             taken is named in `errors` and costs no other; what nobody understands yet is kept raw \
             and counted.",
        )
        .flag("dry_run", "Count, and keep nothing.")
        .id("import", "The running import that the records belong to.")
}

type AskedQuery = Result<Query<Asked>, QueryRejection>;

pub(crate) async fn neutral(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    asked: AskedQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<IngestReport>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    take(&shared, integration, asked, &headers, body, |_| {
        Format::Neutral
    })
    .await
}

pub(crate) async fn baileys(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    asked: AskedQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<IngestReport>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    take(
        &shared,
        integration,
        asked,
        &headers,
        body,
        |bytes| match detect(bytes) {
            Some(Format::BaileysStore) => Format::BaileysStore,
            _ => Format::BaileysEvents,
        },
    )
    .await
}

async fn take(
    shared: &Shared,
    integration: IntegrationId,
    asked: AskedQuery,
    headers: &HeaderMap,
    body: Body,
    format: fn(&[u8]) -> Format,
) -> Result<Json<IngestReport>, Failure> {
    let Query(asked) = asked.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    let (dry_run, import) = (asked.dry_run()?, asked.import()?);
    // Only closed where the server is going away.
    let _place = shared
        .intakes
        .acquire()
        .await
        .map_err(|_| Failure::unavailable("The server is going away.", 5))?;
    let bytes = intake::read(headers, body, shared.patience).await?;
    // Parsing 32 MiB takes long enough to make other requests wait.
    let translated = tokio::task::spawn_blocking(move || read(format(&bytes), &bytes)).await;
    let (records, told) = split(translated.map_err(|_| Failure::internal())??);
    let stored = shared
        .store
        .ingest(
            integration,
            records,
            IngestOptions {
                dry_run,
                skipped: told.skipped,
                unreadable: told.errors.len() as u64,
                import,
            },
        )
        .await?;
    Ok(Json(merge(told, stored)))
}

fn read(format: Format, bytes: &[u8]) -> Result<Translation, Failure> {
    let has_lines = format != Format::BaileysStore && bytes.trim_ascii_start().starts_with(b"{");
    if has_lines {
        intake::check_lines(bytes)?;
    }
    let translation = translate(format, bytes)
        .map_err(|error: TranslateError| Failure::bad_request(error.to_string()))?;
    // Among good records a deep one is an error of its own; a body that is nothing else is refused.
    let is_useless = translation.records.is_empty() && !translation.errors.is_empty();
    if is_useless && is_nested_too_deep(bytes) {
        return Err(Failure::bad_request("The body is nested deeper than 64."));
    }
    Ok(translation)
}
