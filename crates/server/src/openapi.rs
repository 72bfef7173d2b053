//! `GET /openapi.json`: what this server answers, for programs and for those who write them.
//!
//! Made from the table of routes and from the types of the protocol themselves, once, when somebody
//! first asks. Where a path says `{stream}` and the answer depends on it, the document has a path for
//! each stream, so that each has its own type.

use std::sync::OnceLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use threadkeep_protocol::{Code, Problem, Stream};

use crate::{
    route::{Answers, Body, Operation, Route},
    router,
};

pub(crate) async fn document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| describe(&router::table()).to_string());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

const ABOUT: &str = "\
The server keeps a person's conversations and hands them to mirrors by cursor: each stream of rows has \
a `seq` that every visible change moves on, and a client asks for the rows past the last one that it \
has. Every other way in only makes it ask sooner. Errors are `application/problem+json` with a stable \
`code`. What belongs to an integration that is not the token's does not exist for it: 404.";

/// The whole document.
fn describe(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut answers = settings.clone().for_serialize().into_generator();
    // A type that is also in an answer may leave out there what it must have here: so bodies hold their
    // types within, and share no names with the answers.
    let mut bodies = settings
        .for_deserialize()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator();
    answers.subschema_for::<Problem>();
    let mut paths = Map::new();
    for route in routes {
        for (path, stream) in addresses(route) {
            let operation = operation(route, &path, stream, &mut answers, &mut bodies);
            let methods = paths.entry(path).or_insert_with(|| json!({}));
            methods[route.method.as_str().to_lowercase()] = operation;
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Threadkeep sync server",
            "summary": "A person's conversations, by cursor.",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "sync", "description": "Reading by cursor, and beside it."},
            {"name": "history", "description": "Older messages, on demand and in the background."},
            {"name": "ingest", "description": "Writing: bridges and importers."},
            {"name": "operators", "description": "Looking, for whoever runs the server."},
            {"name": "server", "description": "About the server itself."},
        ],
        "paths": paths,
        "components": {
            "schemas": answers.take_definitions(true),
            "responses": problems(),
            "securitySchemes": {"token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token with scopes (`read`, `ingest`, `admin`) for some integrations.",
            }},
        },
    })
}

/// The paths under which a route stands in the document.
fn addresses(route: &Route) -> Vec<(String, Option<Stream>)> {
    match route.operation.answer.form {
        Answers::ByStream(_) => Stream::ALL
            .into_iter()
            .map(|stream| (route.path.replace("{stream}", stream.name()), Some(stream)))
            .collect(),
        Answers::Json(_) | Answers::Text(..) => vec![(route.path.to_owned(), None)],
    }
}

fn operation(
    route: &Route,
    path: &str,
    stream: Option<Stream>,
    answers: &mut SchemaGenerator,
    bodies: &mut SchemaGenerator,
) -> Value {
    let about = &route.operation;
    let mut document = json!({
        "operationId": name(route.method.as_str(), path),
        "summary": about.summary,
        "tags": [about.tag],
        "parameters": parameters(path, about),
        "responses": responses(path, about, stream, answers),
        "security": match about.scope {
            Some(scope) => json!([{"token": [scope.name()]}]),
            None => json!([]),
        },
    });
    if !about.description.is_empty() {
        document["description"] = about.description.into();
    }
    if let Some(body) = &about.body {
        document["requestBody"] = request_body(body, bodies);
    }
    document
}

/// `GET /sync/status/{integration_id}` → `get_sync_status_integration_id`.
fn name(method: &str, path: &str) -> String {
    let words = path
        .split(['/', '{', '}', '.'])
        .filter(|word| !word.is_empty());
    let mut name = method.to_lowercase();
    for word in words {
        name.push('_');
        name.push_str(word);
    }
    name
}

fn parameters(path: &str, about: &Operation) -> Vec<Value> {
    let in_path = path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        let (description, schema) = path_parameter(name);
        Some(json!({
            "name": name, "in": "path", "required": true,
            "description": description, "schema": schema,
        }))
    });
    let in_query = about.query.iter().map(|parameter| {
        json!({
            "name": parameter.name, "in": "query", "required": false,
            "description": parameter.description, "schema": parameter.schema,
        })
    });
    in_path.chain(in_query).collect()
}

fn path_parameter(name: &str) -> (&'static str, Value) {
    match name {
        "integration_id" => (
            "The integration: one linked account.",
            json!({"type": "integer", "format": "int64", "minimum": 1}),
        ),
        "stream" => (
            "One of the six kinds of rows.",
            json!({"type": "string", "enum": Stream::ALL.map(Stream::name)}),
        ),
        "conversation_id" => (
            "The conversation, by its id.",
            json!({"type": "string", "minLength": 1}),
        ),
        "file" => (
            "The file, by the name that the snapshot gives it.",
            json!({"type": "string", "minLength": 1}),
        ),
        "media_id" => (
            "The file, by the id of its row.",
            json!({"type": "string", "minLength": 1}),
        ),
        "import_id" => (
            "The import, by its id.",
            json!({"type": "string", "minLength": 1}),
        ),
        "message_id" => (
            "The message, by the id of its row.",
            json!({"type": "string", "minLength": 1}),
        ),
        _ => ("", json!({"type": "string", "minLength": 1})),
    }
}

fn request_body(body: &Body, bodies: &mut SchemaGenerator) -> Value {
    let forms = body.forms.iter().map(|form| {
        let schema = Value::from((form.holds)(bodies));
        (form.media_type.to_owned(), json!({"schema": schema}))
    });
    json!({
        "required": body.is_required,
        "description": body.description,
        "content": forms.collect::<Map<_, _>>(),
    })
}

fn responses(
    path: &str,
    about: &Operation,
    stream: Option<Stream>,
    answers: &mut SchemaGenerator,
) -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let (media_type, schema) = match (&about.answer.form, stream) {
        (Answers::Json(of), _) => ("application/json", of(answers).into()),
        (Answers::ByStream(of), stream) => {
            let schema = of(stream.unwrap_or(Stream::Messages), answers);
            ("application/json", schema.into())
        }
        (Answers::Text(media_type, description), _) => (*media_type, text(description)),
    };
    let mut content = Map::new();
    content.insert(media_type.to_owned(), json!({"schema": schema}));
    for (media_type, description) in &about.answer.or {
        content.insert(
            (*media_type).to_owned(),
            json!({"schema": text(description)}),
        );
    }
    let mut responses = Map::new();
    responses.insert(
        about.answer.status.to_string(),
        json!({"description": about.answer.description, "content": content}),
    );
    for code in refusals(path, about) {
        let reference = format!("#/components/responses/{}", code_name(code));
        responses.insert(code.status().to_string(), json!({"$ref": reference}));
    }
    Value::Object(responses)
}

/// What a route may refuse with.
fn refusals(path: &str, about: &Operation) -> Vec<Code> {
    let mut codes = vec![Code::Internal];
    if about.scope.is_some() {
        codes.extend([Code::Unauthorized, Code::Forbidden, Code::Unavailable]);
    }
    if path.contains('{') {
        codes.push(Code::NotFound);
    }
    if !about.query.is_empty() || about.body.is_some() {
        codes.push(Code::BadRequest);
    }
    if about.body.is_some() {
        codes.extend([Code::TooLarge, Code::UnsupportedEncoding]);
    }
    codes
}

const REFUSALS: [(Code, &str); 8] = [
    (Code::BadRequest, "The request makes no sense as it is."),
    (
        Code::Unauthorized,
        "No token, or one that is unknown, expired or revoked.",
    ),
    (Code::Forbidden, "The token is good but lacks the scope."),
    (
        Code::NotFound,
        "There is no such thing, or none that the token may know of.",
    ),
    (
        Code::TooLarge,
        "The body or a line of it is larger than the server reads.",
    ),
    (
        Code::UnsupportedEncoding,
        "The body is compressed or encoded.",
    ),
    (Code::Internal, "A fault in the server."),
    (
        Code::Unavailable,
        "The server cannot do it now; `Retry-After` says when to ask again.",
    ),
];

fn problems() -> Value {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    let problems = REFUSALS.into_iter().map(|(code, description)| {
        let mut problem = json!({
            "description": description,
            "content": {"application/problem+json": {"schema": schema}},
        });
        if code == Code::Unavailable {
            problem["headers"] = json!({"Retry-After": {
                "description": "Seconds.", "schema": {"type": "integer"},
            }});
        }
        (code_name(code), problem)
    });
    Value::Object(problems.collect())
}

/// As on the wire.
fn code_name(code: Code) -> String {
    let name = serde_json::to_value(code).unwrap_or_default();
    name.as_str().unwrap_or("internal").to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_routed_is_described_and_nothing_else() {
        let routes = router::table();
        let document = describe(&routes);
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| (path.clone(), method.clone()))
            })
            .collect();
        let routed: BTreeSet<(String, String)> = routes
            .iter()
            .flat_map(|route| {
                let method = route.method.as_str().to_lowercase();
                addresses(route)
                    .into_iter()
                    .map(move |(path, _)| (path, method.clone()))
            })
            .collect();
        assert_eq!(described, routed);
        let source = include_str!("router.rs")
            .split("#[cfg(test)]")
            .next()
            .unwrap();
        assert_eq!(
            source.matches(".route(").count(),
            1,
            "a route that does not come from the table would be missing in the document"
        );
    }

    #[test]
    fn every_name_is_given_once() {
        let document = describe(&router::table());
        let mut names = Vec::new();
        for methods in document["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                names.push(operation["operationId"].as_str().unwrap());
            }
        }
        let distinct: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(
            distinct.len(),
            names.len(),
            "generated clients name methods so"
        );
    }

    #[test]
    fn what_is_referred_to_is_there() {
        let document = describe(&router::table());
        let text = document.to_string();
        let references = text.split(r##""$ref":"#"##).skip(1);
        let mut seen = 0;
        for reference in references {
            let pointer = reference.split('"').next().unwrap();
            assert!(
                document.pointer(pointer).is_some(),
                "{pointer} leads nowhere"
            );
            seen += 1;
        }
        assert!(seen > 50, "the document refers to its parts");
    }
}
