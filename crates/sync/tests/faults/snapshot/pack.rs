//! A world as packed files, and how a server hands them out.

use std::{collections::BTreeMap, error::Error, fs};

use serde::de::DeserializeOwned;
use threadkeep_protocol::{Page, Row, Seq, Snapshot, SnapshotFile, Stream};
use threadkeep_snapshot::{Pace, Pulled, Rows, Snapshots, Source};
use tokio_util::sync::CancellationToken;

use crate::{
    fault_server::{Reply, Request, http},
    world::World,
};

/// What a server hands out.
#[derive(Debug, Clone)]
pub struct Pack {
    pub manifest: Snapshot,
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The streams of a world.
struct Told<'w>(&'w World);

fn read<R: Row + DeserializeOwned>(text: &str, wrap: fn(Vec<R>) -> Rows) -> Pulled {
    let page: Page<R> = serde_json::from_str(text).expect("a page");
    Pulled {
        rows: wrap(page.rows),
        cursor: page.latest_seq,
        has_more: page.has_more,
        epoch: page.epoch,
    }
}

impl Source for Told<'_> {
    async fn page(
        &self,
        stream: Stream,
        since: Seq,
    ) -> Result<Pulled, Box<dyn Error + Send + Sync>> {
        let text = self.0.page(stream, since, 1_000);
        Ok(match stream {
            Stream::Conversations => read(&text, Rows::Conversations),
            Stream::Messages => read(&text, Rows::Messages),
            Stream::Contacts => read(&text, Rows::Contacts),
            Stream::Participants => read(&text, Rows::Participants),
            Stream::Media => read(&text, Rows::Media),
            Stream::Receipts => read(&text, Rows::Receipts),
        })
    }
}

impl Pack {
    /// As the server's own half makes it.
    pub async fn of(world: &World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::new(folder.path().to_owned());
        let stop = CancellationToken::new();
        let built = snapshots.build(1, &Told(world), Pace::Full, &stop).await;
        let manifest = built.unwrap().snapshot;
        let read = |file: &SnapshotFile| {
            let bytes = fs::read(snapshots.packed(1, &file.name)).unwrap();
            (file.name.clone(), bytes)
        };
        let files = manifest.files.iter().map(read).collect();
        Self { manifest, files }
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.manifest
            .files
            .iter()
            .map(|file| file.packed_bytes)
            .sum()
    }

    /// The file that is asked for.
    pub fn file(&self, request: &Request) -> Option<&[u8]> {
        let name = request.path.strip_prefix("/snapshots/1/")?;
        self.files.get(name).map(Vec::as_slice)
    }

    /// As an honest server answers; nothing to what is not about a snapshot.
    pub fn answer(&self, request: &Request) -> Option<Reply> {
        if request.path == "/snapshots/1" {
            return Some(Reply::Json(serde_json::to_string(&self.manifest).unwrap()));
        }
        let is_about_it = request.path.starts_with("/snapshots/");
        is_about_it.then(|| match self.file(request) {
            Some(file) => self.cut(request, file, usize::MAX),
            None => Reply::Honest,
        })
    }

    /// What is asked for of a file, and no more than so many bytes of that.
    pub fn cut(&self, request: &Request, file: &[u8], most: usize) -> Reply {
        let range = request.headers.get("range");
        let from = range.and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let rest = &file[from.unwrap_or_default()..];
        let head = match from {
            Some(from) => format!(
                "206 Partial Content\r\ncontent-type: application/zstd\r\ncontent-range: bytes {from}-{}/{}",
                file.len() - 1,
                file.len()
            ),
            None => "200 OK\r\ncontent-type: application/zstd".to_owned(),
        };
        let mut answer = http(&head, rest);
        answer.truncate(answer.len() - rest.len() + most.min(rest.len()));
        Reply::Raw(answer)
    }

    /// All of a file, whatever range was asked for.
    pub fn whole(&self, file: &[u8]) -> Reply {
        Reply::Raw(http("200 OK\r\ncontent-type: application/zstd", file))
    }

    /// The same with other bytes in the place of a file's, and a manifest that knows of it.
    pub fn with_file(mut self, place: usize, bytes: Vec<u8>) -> Self {
        let about = &mut self.manifest.files[place];
        about.packed_bytes = bytes.len() as u64;
        about.sha256 = super::wrong::hex(&bytes);
        self.files.insert(about.name.clone(), bytes);
        self
    }
}
