//! The index as a whole: against what a person would expect, against a plain look at every message, and
//! against what may happen to a file.

mod by_chat;
mod care;
mod finds;
mod follows;
mod pages;
mod table;

use serde_json::Value;
use threadkeep_protocol::Message;

use super::*;
use crate::{
    Rows,
    testing::{Scene, message},
};

/// A mirror with a search.
struct Place {
    scene: Scene,
    search: Search,
}

impl Place {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let search = Search::open(&scene.mirror, &scene.folder.path().join("search.db")).unwrap();
        Self { scene, search }
    }

    fn file(&self) -> std::path::PathBuf {
        self.scene.folder.path().join("search.db")
    }

    async fn put(&self, messages: Vec<Message>) {
        self.scene.put(Rows::Messages(messages)).await;
    }

    /// One message of chat 1 with these words.
    async fn say(&self, number: u64, text: &str) {
        let row = message(
            number,
            1,
            i64::try_from(number).unwrap(),
            serde_json::json!({"content": text}),
        );
        self.put(vec![row]).await;
    }

    async fn caught_up(&self) {
        let waited =
            tokio::time::timeout(std::time::Duration::from_secs(60), self.search.caught_up());
        waited.await.expect("the index catches up").unwrap();
    }

    async fn ask(&self, query: SearchQuery) -> Found {
        self.caught_up().await;
        self.search.find(query).await.unwrap()
    }

    /// The platform's names of all messages found, newest first.
    async fn find(&self, text: &str) -> Vec<String> {
        names(&self.ask(query(text)).await)
    }

    /// Closes the search and opens it again.
    async fn reopen(&mut self) {
        self.search.close().await;
        self.search = Search::open(&self.scene.mirror, &self.file()).unwrap();
    }
}

fn query(text: &str) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        chat: None,
        order: Order::Newest,
        place: None,
        toward: Toward::Older,
        limit: 500,
        zone: TimeZone::UTC,
        now: 1_700_000_000_000,
    }
}

fn names(found: &Found) -> Vec<String> {
    let name = |hit: &Hit| hit.message.external_id.trim_start_matches("EXT").to_owned();
    found.hits.iter().map(name).collect()
}

/// What is marked of a hit, as a window would cut it out.
fn marked(excerpt: &Excerpt) -> Vec<String> {
    let units: Vec<u16> = excerpt.text.encode_utf16().collect();
    let cut = |mark: &Mark| String::from_utf16(&units[mark.0 as usize..mark.1 as usize]).unwrap();
    excerpt.marks.iter().map(cut).collect()
}

/// A message with everything that a filter can ask for.
fn said(number: u64, chat: u64, changes: Value) -> Message {
    message(number, chat, i64::try_from(number).unwrap(), changes)
}
