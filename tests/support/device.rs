//! A person's computer with Threadkeep on it.

use std::{collections::BTreeMap, path::PathBuf};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;
use threadkeep_app::{
    App,
    view::{ExportQuery, LinkState, Outcome, RunReport},
};
use threadkeep_protocol::IntegrationId;
use threadkeep_server_store::Scope;

use crate::{TestServer, Wire};

/// A computer; its data folder goes when it is dropped.
pub struct Device {
    /// The app on it.
    pub app: App,
    name: String,
    folder: TempDir,
}

impl Device {
    /// A computer on which Threadkeep was never run.
    pub async fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let app = Self::open(&folder, name).await;
        Self {
            app,
            name: name.to_owned(),
            folder,
        }
    }

    async fn open(folder: &TempDir, name: &str) -> App {
        App::open(Some(folder.path().join("home")), name)
            .await
            .expect("the app opens")
    }

    /// The data folder.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The mirror's file.
    pub fn mirror_file(&self) -> PathBuf {
        self.app.home().mirror_file()
    }

    /// Adds an account of a server.
    pub async fn connect(&self, server: &TestServer, integration: IntegrationId) {
        let token = server.token(integration, Scope::Read).await;
        let connected = self
            .app
            .connect(&server.url, &token, &[])
            .await
            .expect("address and token are good");
        assert!(!connected.accounts.is_empty(), "the token opens an account");
    }

    /// Adds an account of a server at the end of a wire.
    pub async fn connect_over(&self, wire: &Wire, server: &TestServer, integration: IntegrationId) {
        let token = server.token(integration, Scope::Read).await;
        let connected = self.app.connect(&wire.url, &token, &[]).await;
        connected.expect("address and token are good");
    }

    /// Brings everything up to date, which must go well.
    pub async fn sync(&self) -> Vec<RunReport> {
        let reports = self
            .app
            .sync(None, |_| {})
            .await
            .expect("there is something to sync");
        for report in &reports {
            assert_eq!(
                report.outcome,
                Outcome::Completed,
                "{}: {:?}",
                self.name,
                report.errors
            );
        }
        reports
    }

    /// Where the mirror's cursors of the one account stand, by stream.
    pub fn cursors(&self) -> BTreeMap<String, i64> {
        let conn = Connection::open(self.mirror_file()).expect("the mirror can be read beside");
        let mut select = conn
            .prepare("SELECT stream, last_seq FROM sync_state")
            .expect("there is a table of cursors");
        let rows = select
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("it can be read");
        rows.map(|row| row.expect("it is a cursor")).collect()
    }

    /// How the way to the server of the one account stands.
    pub async fn link(&self) -> LinkState {
        let accounts = self.app.accounts().await.expect("accounts are listed");
        accounts[0].link.state
    }

    /// Quits the app and starts it again.
    pub async fn restart(self) -> Self {
        let Self { app, name, folder } = self;
        app.close().await;
        drop(app);
        let app = Self::open(&folder, &name).await;
        Self { app, name, folder }
    }

    /// Every message as the export writes it, without the last line, which must say that all is there.
    pub async fn export(&self) -> Vec<Value> {
        let path = self.folder.path().join("export.jsonl");
        let count = self
            .app
            .export(ExportQuery::default(), &path, |_| {})
            .await
            .expect("the export works")
            .messages;
        let text = std::fs::read_to_string(&path).expect("the export is there");
        let mut lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect();
        let last = lines.pop().expect("the export has a last line");
        assert_eq!(
            last,
            serde_json::json!({"complete": true, "messages": count}),
            "all is there"
        );
        assert_eq!(lines.len() as i64, count, "a line is a message");
        lines
    }
}
