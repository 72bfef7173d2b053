//! A data folder of its own for each test, and servers to pull from.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
};

use serde_json::Value;
use tempfile::TempDir;
use threadkeep_ingest::sample::bulk;
use threadkeep_server_store::{IngestOptions, NewIntegration, NewToken, Scope, Store};

/// A person's data folder.
pub struct Place {
    folder: TempDir,
}

/// What a run of the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `threadkeep`.
    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::from(
            self.command(arguments)
                .output()
                .expect("the program starts"),
        )
    }

    /// Runs it where another time is kept.
    pub fn run_in(&self, zone: &str, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        Said::from(
            command
                .env("TZ", zone)
                .output()
                .expect("the program starts"),
        )
    }

    /// Starts `threadkeep`, to be waited for.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().expect("the program starts"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_threadkeep"));
        command
            .args(arguments)
            .env("TZ", "UTC")
            .env("THREADKEEP_HOME", self.home())
            .env("THREADKEEP_KEYCHAIN", "off");
        command
    }

    /// Runs it with `--json`, which must go well.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(said.code, 0, "{arguments:?} goes well: {said:?}");
        said.json()
    }

    /// Everything below the data folder: names and bytes.
    pub fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.home(), &mut found);
        found.sort();
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
        }
    }
}

/// The program while it runs.
pub struct Running(Child);

impl Running {
    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.0.kill().expect("it can be killed");
        self.0.wait().expect("it ends");
    }

    /// What it said, once it has ended.
    pub fn said(self) -> Said {
        Said::from(self.0.wait_with_output().expect("it ends"))
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("one JSON document ({error}): {self:?}"))
    }

    /// The code of what went wrong, from the document.
    pub fn error_code(&self) -> String {
        let document = self.json();
        let error = if document["runs"].is_array() {
            &document["runs"][0]["errors"][0]
        } else {
            &document["error"]
        };
        error["code"]
            .as_str()
            .unwrap_or_else(|| panic!("a code: {self:?}"))
            .to_owned()
    }

    /// One sentence for a person, and nothing that only a programmer understands.
    pub fn assert_one_sentence(&self) {
        let told = self.err.lines().filter(|line| line.starts_with("error: "));
        assert_eq!(told.count(), 1, "one sentence: {self:?}");
        assert!(!self.err.contains("panicked"), "no panic: {self:?}");
    }
}

/// A real server with one account of some messages, for as long as the test runs.
pub struct RealServer {
    pub url: String,
    pub token: String,
    store: Store,
    account: i64,
    _folder: TempDir,
    runtime: tokio::runtime::Runtime,
}

impl RealServer {
    pub fn with_messages(count: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let (url, token, store, account) = runtime.block_on(async {
            let store = Store::open(&folder.path().join("server.db")).expect("a new store opens");
            let new = NewIntegration {
                integration_type: "whatsapp".into(),
                display_name: "Hana's phone".into(),
                external_id: Some("491511234567@s.whatsapp.net".into()),
            };
            let id = store
                .create_integration(new)
                .await
                .expect("an account can be made")
                .id;
            let records = bulk(7, count).enumerate().collect();
            store
                .ingest(id, records, IngestOptions::default())
                .await
                .expect("the records are taken");
            let new = NewToken {
                label: String::new(),
                integrations: vec![id],
                scopes: vec![Scope::Read],
                expires_at: None,
            };
            let token = store
                .create_token(new)
                .await
                .expect("a token can be made")
                .token;
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a free port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            tokio::spawn(threadkeep_server::serve(
                listener,
                store.clone(),
                std::future::pending(),
            ));
            (url, token, store, id)
        });
        Self {
            url,
            token,
            store,
            account,
            _folder: folder,
            runtime,
        }
    }

    /// Takes so many more messages.
    pub fn ingest(&self, seed: u64, count: usize) {
        let records = bulk(seed, count).enumerate().collect();
        let taken = self
            .store
            .ingest(self.account, records, IngestOptions::default());
        self.runtime.block_on(taken).expect("the records are taken");
    }

    /// How many messages it has.
    pub fn count(&self) -> i64 {
        let status = self.runtime.block_on(self.store.status(self.account));
        status.expect("the server knows").message_count
    }

    /// Makes every token worthless.
    pub fn revoke(&self) {
        let revoked = self.runtime.block_on(self.store.revoke_tokens_labelled(""));
        assert!(revoked.expect("tokens are revoked") > 0);
    }
}

/// Something that listens and answers every request with what the function says for its path.
pub fn wrong_server(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 8_192];
            let read = stream.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = text
                .split_whitespace()
                .nth(1)
                .unwrap_or_default()
                .to_owned();
            // The other side may be gone already; that is its good right.
            _ = stream.write_all(&answer(&path));
        }
    });
    format!("http://{address}")
}

/// An HTTP answer.
pub fn http(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}
