//! Who may do what: every route against every kind of token.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use threadkeep_protocol::{Code, IntegrationId, Stream, Timestamp};
use threadkeep_server_store::Scope;

use crate::server::{Server, messages, problem};

/// Every route that names an integration, with the scope that it needs.
fn routes(integration: impl std::fmt::Display) -> Vec<(Method, String, Scope)> {
    let mut routes = vec![
        (
            Method::GET,
            format!("/sync/status/{integration}"),
            Scope::Read,
        ),
        (
            Method::POST,
            format!("/ingest/{integration}"),
            Scope::Ingest,
        ),
        (
            Method::POST,
            format!("/ingest/{integration}/baileys"),
            Scope::Ingest,
        ),
        (
            Method::POST,
            format!("/ingest/{integration}?dry_run=true"),
            Scope::Ingest,
        ),
        (Method::GET, format!("/live/{integration}"), Scope::Read),
        (
            Method::PUT,
            format!("/integrations/{integration}/connection"),
            Scope::Ingest,
        ),
    ];
    for stream in Stream::ALL {
        let path = format!("/sync/{stream}/{integration}");
        routes.push((Method::GET, path, Scope::Read));
    }
    routes
}

async fn ask(
    server: &Server,
    method: &Method,
    path: &str,
    token: Option<&str>,
) -> reqwest::Response {
    let mut request = server.client.request(method.clone(), server.url(path));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if *method == Method::POST {
        request = request.json(&messages(1));
    }
    if *method == Method::PUT {
        request = request.json(&serde_json::json!({"connection": "connecting"}));
    }
    request.send().await.unwrap()
}

async fn rows(server: &Server, integration: IntegrationId) -> i64 {
    server
        .store
        .status(integration)
        .await
        .unwrap()
        .message_count
}

#[tokio::test]
async fn nothing_but_health_answers_without_a_valid_token() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let past = Some(Timestamp::from_seconds(1_000_000_000));
    let expired = server.token_until(mine, Scope::Admin, past).await;
    let revoked = server.token(mine, Scope::Admin).await;
    let id = server.store.tokens().await.unwrap().last().unwrap().id;
    assert!(server.store.revoke_token(id).await.unwrap());

    let mut all = routes(mine);
    all.push((Method::GET, "/integrations".to_owned(), Scope::Read));
    for (method, path, _) in all {
        for token in [
            None,
            Some("tk_unknown"),
            Some(""),
            Some(&*expired),
            Some(&*revoked),
        ] {
            let problem = problem(ask(&server, &method, &path, token).await).await;
            assert_eq!(
                problem.code,
                Code::Unauthorized,
                "{method} {path} {token:?}"
            );
        }
    }
    assert_eq!(rows(&server, mine).await, 0, "nothing was written");

    let health = ask(&server, &Method::GET, "/health", None).await;
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(health.headers()["cache-control"], "no-store");
    let health: Value = health.json().await.unwrap();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
}

#[rstest::rstest]
#[case::the_scheme_has_no_case("bearer", StatusCode::OK)]
#[case::another_scheme("Basic", StatusCode::UNAUTHORIZED)]
#[tokio::test]
async fn the_token_stands_behind_its_scheme(#[case] scheme: &str, #[case] status: StatusCode) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let request = server.client.get(server.url("/integrations"));
    let request = request.header("authorization", format!("{scheme} {token}"));
    assert_eq!(request.send().await.unwrap().status(), status);
}

#[tokio::test]
async fn another_tenants_integration_looks_like_none() {
    let server = Server::start().await;
    let (mine, theirs) = (server.account("mine").await, server.account("theirs").await);
    let their_token = server.token(theirs, Scope::Ingest).await;
    server
        .ingest(
            &format!("/ingest/{theirs}"),
            &their_token,
            Value::from(messages(3)).to_string(),
        )
        .await;
    const NOBODYS: IntegrationId = 4_711;
    for scope in Scope::ALL {
        let token = server.token(mine, scope).await;
        let asked = routes(theirs).into_iter().zip(routes(NOBODYS));
        for ((method, path, _), (_, nobodys, _)) in asked {
            let there = ask(&server, &method, &path, Some(&token)).await;
            let (there_headers, there_body) = without_date(there).await;
            let nowhere = ask(&server, &method, &nobodys, Some(&token)).await;
            assert_eq!(
                nowhere.status(),
                StatusCode::NOT_FOUND,
                "{method} {nobodys}"
            );
            let (nowhere_headers, nowhere_body) = without_date(nowhere).await;
            assert_eq!(there_body, nowhere_body, "{scope}: {method} {path}");
            assert_eq!(there_headers, nowhere_headers, "{scope}: {method} {path}");
        }
    }
    assert_eq!(rows(&server, theirs).await, 3, "nothing was written");
}

async fn without_date(response: reqwest::Response) -> (reqwest::header::HeaderMap, String) {
    let mut headers = response.headers().clone();
    headers.remove("date");
    (headers, response.text().await.unwrap())
}

#[tokio::test]
async fn a_token_does_what_its_scope_says_and_no_more() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    for scope in Scope::ALL {
        let token = server.token(mine, scope).await;
        for (method, path, needed) in routes(mine) {
            let before = rows(&server, mine).await;
            let response = ask(&server, &method, &path, Some(&token)).await;
            if scope == needed || scope == Scope::Admin {
                assert_eq!(
                    response.status(),
                    StatusCode::OK,
                    "{scope}: {method} {path}"
                );
            } else {
                let problem = problem(response).await;
                assert_eq!(problem.code, Code::Forbidden, "{scope}: {method} {path}");
                assert_eq!(rows(&server, mine).await, before, "nothing was written");
            }
        }
    }
}

#[tokio::test]
async fn a_token_sees_its_own_integrations_only() {
    let server = Server::start().await;
    let (mine, theirs) = (server.account("mine").await, server.account("theirs").await);
    let seen = |scope| {
        let server = &server;
        async move {
            let token = server.token(mine, scope).await;
            server.read("/integrations", &token).await
        }
    };
    let list = seen(Scope::Read).await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["id"], mine);
    assert_eq!(list[0]["display_name"], "mine");
    assert_eq!(list[0]["integration_type"], "whatsapp");
    assert_eq!(list[0]["connection"], "disconnected");
    assert!(
        !list.to_string().contains("theirs"),
        "{theirs} is not told of"
    );
    assert_eq!(
        seen(Scope::Ingest).await,
        Value::Array(vec![]),
        "what may not be read is not listed"
    );
}

#[tokio::test]
async fn a_revoked_token_stops_working_at_once() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let path = format!("/sync/status/{mine}");
    server.read(&path, &token).await;
    assert_eq!(
        server.store.revoke_tokens_labelled("test").await.unwrap(),
        1
    );
    let problem = problem(server.get(&path, &token).send().await.unwrap()).await;
    assert_eq!(problem.code, Code::Unauthorized);
}
