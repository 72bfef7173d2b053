//! The OpenAPI document against the running server: what is described is what is answered.

use std::collections::BTreeMap;

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use threadkeep_protocol::{CursorLine, NDJSON, Stream};
use threadkeep_server_store::Scope;

use crate::{
    media::{PICTURE, announced, announcing, sha256},
    server::{Server, fixture, messages, problem},
};

/// A server with what a real client has seen, its document, and a token that may do everything.
struct Described {
    server: Server,
    document: Value,
    token: String,
}

impl Described {
    async fn new() -> Self {
        // Built when the test says so.
        let server = Server::with_snapshots(i64::MAX).await;
        let mine = server.account("mine").await;
        assert_eq!(mine, 1, "the examples name it");
        let token = server.token(mine, Scope::Admin).await;
        server
            .ingest("/ingest/1/baileys", &token, fixture("events.ndjson"))
            .await;
        let picture = announcing("a picture", announced(PICTURE));
        server
            .ingest("/ingest/1", &token, json!([picture]).to_string())
            .await;
        server.snapshot(mine).await;
        let document = server.client.get(server.url("/openapi.json")).send().await;
        let document = document.unwrap();
        assert_eq!(document.status(), StatusCode::OK, "everybody may read it");
        Self {
            document: document.json().await.unwrap(),
            server,
            token,
        }
    }

    /// Every operation: method, path and what is said of it.
    fn operations(&self) -> Vec<(&str, &str, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, about)| (method.as_str(), path.as_str(), about))
        });
        operations.collect()
    }

    /// The name of a conversation that is there.
    async fn conversation(&self) -> String {
        let page = self
            .server
            .read("/sync/conversations/1?limit=1", &self.token)
            .await;
        page["conversations"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The name of a file whose bytes are there.
    async fn media(&self) -> String {
        let rows = self.server.read("/sync/media/1", &self.token).await;
        let rows = rows["media"].as_array().unwrap();
        let row = rows.iter().find(|row| row["sha256"] == sha256(PICTURE));
        let id = row.unwrap()["id"].as_str().unwrap().to_owned();
        let path = self.server.url(&format!("/media/1/{id}"));
        let put = self.server.client.put(path).bearer_auth(&self.token);
        let put = put.body(PICTURE).send().await.unwrap();
        assert_eq!(put.status(), StatusCode::OK);
        id
    }

    /// The id of an import that has just begun.
    async fn import(&self) -> String {
        let begin = self.server.post("/imports/1", &self.token);
        let begun = begin.json(&json!({})).send().await.unwrap();
        let begun: Value = begun.json().await.unwrap();
        begun["id"].to_string()
    }

    /// The name of a message.
    async fn message(&self) -> String {
        let page = self.server.read("/sync/messages/1?limit=1", &self.token);
        page.await["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A good request for an operation. Whoever adds a route adds one here.
    async fn example(&self, method: &str, path: &str) -> RequestBuilder {
        let stream = |path: &str| {
            Stream::ALL
                .iter()
                .any(|s| path.starts_with(&format!("/sync/{s}/")))
        };
        let url = path
            .replace("{integration_id}", "1")
            .replace("{conversation_id}", &self.conversation().await)
            .replace("{media_id}", &self.media().await)
            .replace("{import_id}", &self.import().await)
            .replace("{message_id}", &self.message().await);
        match (method, path) {
            ("get", path) if stream(path) && !path.ends_with("{conversation_id}") => {
                self.server.get(&format!("{url}?limit=1000"), &self.token)
            }
            (
                "get",
                "/health"
                | "/openapi.json"
                | "/integrations"
                | "/sync/status/{integration_id}"
                | "/threads/{integration_id}"
                | "/threads/{integration_id}/{conversation_id}/messages"
                | "/sync/messages/{integration_id}/{conversation_id}"
                | "/live/{integration_id}"
                | "/snapshots/{integration_id}"
                | "/status/dashboard"
                | "/media/{integration_id}/{media_id}"
                | "/media/{integration_id}/{media_id}/thumbnail"
                | "/history/{integration_id}/{conversation_id}"
                | "/ingest/{integration_id}/requests"
                | "/imports/{integration_id}"
                | "/messages/{integration_id}/{message_id}/sources",
            ) => self.server.get(&url, &self.token),
            ("get", "/snapshots/{integration_id}/{file}") => {
                let snapshot = self.server.read("/snapshots/1", &self.token).await;
                let file = snapshot["files"][0]["name"].as_str().unwrap();
                self.server.get(&url.replace("{file}", file), &self.token)
            }
            ("get", "/sync/digest/{stream}/{integration_id}") => self
                .server
                .get(&url.replace("{stream}", "messages"), &self.token),
            ("post", "/history/{integration_id}/{conversation_id}") => self
                .server
                .post(&url, &self.token)
                .json(&json!({"max_messages": 100})),
            ("delete", "/history/{integration_id}/{conversation_id}") => self
                .server
                .client
                .delete(self.server.url(&url))
                .bearer_auth(&self.token),
            ("post", "/imports/{integration_id}") => self
                .server
                .post(&url, &self.token)
                .json(&json!({"format": "whatsapp_export", "inputs": ["chat.txt"]})),
            ("patch", "/imports/{integration_id}/{import_id}") => self
                .server
                .client
                .patch(self.server.url(&url))
                .bearer_auth(&self.token)
                .json(&json!({"state": "complete"})),
            ("delete", "/imports/{integration_id}/{import_id}") => self
                .server
                .client
                .delete(self.server.url(&url))
                .bearer_auth(&self.token),
            ("post", "/backfill/{integration_id}") => self
                .server
                .post(&url, &self.token)
                .json(&json!({"threads": 1})),
            ("put", "/media/{integration_id}/{media_id}") => self
                .server
                .client
                .put(self.server.url(&url))
                .bearer_auth(&self.token)
                .body(PICTURE),
            ("put", "/views/{integration_id}") => self
                .server
                .client
                .put(self.server.url(&url))
                .bearer_auth(&self.token)
                .json(&json!({"default": {"included": true, "media": true}})),
            ("post", "/ingest/{integration_id}") => self
                .server
                .post(&url, &self.token)
                .body(Value::from(messages(3)).to_string()),
            ("post", "/ingest/{integration_id}/baileys") => self
                .server
                .post(&url, &self.token)
                .body(fixture("events.ndjson")),
            ("put", "/integrations/{integration_id}/connection") => self
                .server
                .client
                .put(self.server.url(&url))
                .bearer_auth(&self.token)
                .json(&json!({"connection": "connected"})),
            other => panic!("there is no example of {other:?}: add one"),
        }
    }

    /// Whether a value is what a schema of the document says.
    fn assert_is(&self, value: &Value, schema: &Value, what: &str) {
        let mut whole = json!({"components": self.document["components"]});
        whole
            .as_object_mut()
            .unwrap()
            .extend(schema.as_object().unwrap().clone());
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap_or_else(|error| panic!("{what} has no sound schema: {error}"));
        let wrong: Vec<String> = validator
            .iter_errors(value)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(
            wrong,
            Vec::<String>::new(),
            "{what} is not what the document says"
        );
    }
}

#[tokio::test]
async fn every_answer_is_what_the_document_says() {
    let described = Described::new().await;
    let operations = described.operations();
    assert!(!operations.is_empty(), "there is something to ask");
    for (method, path, about) in operations {
        let answer = described.example(method, path).await.send().await.unwrap();
        let status = answer.status().as_u16().to_string();
        let good = &about["responses"][&status];
        assert!(
            status.starts_with('2') && good.is_object(),
            "{method} {path}: {status}"
        );
        let schema = &good["content"]["application/json"]["schema"];
        if schema.is_null() {
            // No one document: there is nothing more to it than its type.
            let media_type = answer.headers()["content-type"].to_str().unwrap();
            assert!(good["content"][media_type].is_object(), "{method} {path}");
            continue;
        }
        let body: Value = answer.json().await.unwrap();
        described.assert_is(&body, schema, &format!("{method} {path}"));
    }
}

#[tokio::test]
async fn every_line_is_what_the_document_says() {
    let described = Described::new().await;
    for stream in Stream::ALL {
        let path = format!("/sync/{stream}/1");
        let about =
            &described.document["paths"][format!("/sync/{stream}/{{integration_id}}")]["get"];
        let content = &about["responses"]["200"]["content"];
        assert!(
            content[NDJSON].is_object(),
            "{stream} says that it comes in lines"
        );
        let page = content["application/json"]["schema"]["$ref"]
            .as_str()
            .unwrap();
        let page = described
            .document
            .pointer(page.trim_start_matches('#'))
            .unwrap();
        let row = &page["properties"][stream.name()]["items"];
        let asked = described
            .server
            .get(&path, &described.token)
            .header("accept", NDJSON);
        let text = asked.send().await.unwrap().text().await.unwrap();
        let (cursors, rows): (Vec<&str>, Vec<&str>) = text
            .lines()
            .partition(|line| CursorLine::is_meant(line.as_bytes()));
        assert!(
            !cursors.is_empty() && !rows.is_empty(),
            "{stream} has lines of both kinds"
        );
        for line in rows.iter().take(200) {
            described.assert_is(&serde_json::from_str(line).unwrap(), row, stream.name());
        }
    }
}

#[tokio::test]
async fn a_schema_that_does_not_fit_is_noticed() {
    let described = Described::new().await;
    let page = described
        .server
        .read("/sync/messages/1?limit=1", &described.token)
        .await;
    let schema = json!({"$ref": "#/components/schemas/ReceiptPage"});
    let fails = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        described.assert_is(&page, &schema, "a page of messages");
    }));
    assert!(fails.is_err(), "a page of messages is no page of receipts");
}

#[tokio::test]
async fn every_refusal_is_what_the_document_says() {
    let described = Described::new().await;
    let server = &described.server;
    let problem_schema = json!({"$ref": "#/components/schemas/Problem"});
    let foreign = server.account("another's").await;
    let foreign = server.token(foreign, Scope::Admin).await;
    for (method, path, about) in described.operations() {
        let url = path
            .replace("{integration_id}", "1")
            .replace("{conversation_id}", &described.conversation().await)
            .replace("{media_id}", &described.media().await);
        let ask = |token: Option<&str>| {
            let request = server
                .client
                .request(method.to_uppercase().parse().unwrap(), server.url(&url));
            match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            }
        };
        if about["security"] == json!([]) {
            continue;
        }
        let mut refused = vec![ask(None)];
        if path.contains("{integration_id}") {
            refused.push(ask(Some(&foreign)));
        }
        for request in refused {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16().to_string();
            let said = &about["responses"][&status];
            assert!(said.is_object(), "{method} {path}: {status} is described");
            let problem = problem(answer).await;
            described.assert_is(
                &serde_json::to_value(problem).unwrap(),
                &problem_schema,
                &format!("{method} {path}: {status}"),
            );
        }
    }
}

#[tokio::test]
async fn what_is_sent_is_what_the_document_says() {
    let described = Described::new().await;
    let body = &described.document["paths"]["/ingest/{integration_id}"]["post"]["requestBody"];
    let schema = &body["content"]["application/json"]["schema"];
    let records = threadkeep_ingest::sample::bulk(7, 50);
    let records = serde_json::to_value(records.collect::<Vec<_>>()).unwrap();
    described.assert_is(&records, schema, "what our own translators emit");
    let line = &body["content"]["application/x-ndjson"]["schema"];
    described.assert_is(&records[0], line, "a line of it");
}

#[tokio::test]
async fn the_document_is_an_openapi_document() {
    let described = Described::new().await;
    let document = &described.document;
    assert_eq!(document["openapi"], "3.1.0");
    let mut scopes = BTreeMap::new();
    for (method, path, about) in described.operations() {
        let what = format!("{method} {path}");
        assert!(about["summary"].is_string(), "{what} says what it is");
        for parameter in about["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            assert_ne!(
                parameter["description"], "",
                "{what}: {name} says what it is"
            );
            let in_path = path.contains(&format!("{{{name}}}"));
            assert_eq!(parameter["in"] == "path", in_path, "{what}: {name}");
        }
        let scope = about["security"]
            .pointer("/0/token/0")
            .and_then(Value::as_str);
        *scopes.entry(scope.unwrap_or("nobody's")).or_insert(0) += 1;
    }
    let scopes: Vec<&str> = scopes.into_keys().collect();
    assert_eq!(
        scopes,
        ["ingest", "nobody's", "read"],
        "who may do what is said"
    );
}
