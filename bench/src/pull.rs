//! The first pull into an empty mirror, as the app does it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use threadkeep_mirror::{Batch, IntegrationPk, Mirror, NewIntegration, Rows, Search};
use threadkeep_protocol::{
    Contact, Conversation, IntegrationId, Media, Message, Page, Participant, Receipt, Row,
};
use threadkeep_sync::{Outcome, Remote, RemoteOptions, SnapshotFirst, SyncOptions, sync};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::meter::{Meter, Used};

/// Pull everything into a new mirror.
#[derive(Args)]
pub struct Pull {
    #[arg(long)]
    url: Url,
    #[arg(long)]
    token: String,
    #[arg(long)]
    to: PathBuf,
    /// The server's name in the mirror; its address without it
    #[arg(long)]
    server: Option<String>,
    /// Make the search index beside it, as the app does, and end when it is complete
    #[arg(long)]
    index: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = How::Lines)]
    how: How,
    /// Begin with the server's snapshot, which must be there
    #[arg(long)]
    snapshot: bool,
    /// Ask for compressed answers of this computer too
    #[arg(long)]
    compressed: bool,
}

/// How the rows are asked for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// Each stream as one answer.
    Lines,
    /// By pages, the next one under way while one is taken.
    Pages,
    /// By pages of the first design's size, each asked for when the one before it is kept.
    OneByOne,
}

/// What the pull did and took.
#[derive(Debug, Serialize)]
pub struct Pulled {
    #[serde(flatten)]
    used: Used,
    rows: u64,
    requests: u64,
    /// When everything could be read, though not yet found.
    readable_seconds: f64,
}

impl Pull {
    pub async fn run(self) -> anyhow::Result<Pulled> {
        ensure!(!self.to.exists(), "{} is there already", self.to.display());
        let meter = Meter::start();
        let mirror = Mirror::open(&self.to)?;
        let index = self
            .index
            .map(|file| Search::open(&mirror, &file))
            .transpose()?;
        let server = self.server.unwrap_or_else(|| self.url.to_string());
        let options = RemoteOptions {
            compress_nearby: self.compressed,
            ..RemoteOptions::default()
        };
        let remote = Remote::new(self.url, Some(self.token), options)?;
        let account = remote.integrations().await?.into_iter().next();
        let integration = account.context("the token reads no account")?;
        let remote_id = integration.id;
        let pk = mirror
            .put_integration(NewIntegration {
                server,
                integration,
            })
            .await?;
        let (rows, requests) = match self.how {
            How::OneByOne => one_by_one(&mirror, pk, &remote, remote_id).await?,
            how => {
                let options = SyncOptions {
                    streaming: how == How::Lines,
                    snapshot: self.snapshot.then_some(SnapshotFirst {
                        least: 1,
                        patience: Duration::from_secs(600),
                    }),
                    ..SyncOptions::default()
                };
                let cancel = CancellationToken::new();
                let report = sync(&mirror, pk, &remote, remote_id, options, cancel, |_| {}).await;
                ensure!(
                    report.outcome == Outcome::Completed,
                    "the pull ended so: {report:?}"
                );
                ensure!(
                    report.snapshot.is_some() == self.snapshot,
                    "the pull began otherwise: {report:?}"
                );
                (report.saved, report.requests)
            }
        };
        let readable_seconds = meter.read().seconds;
        if let Some(index) = index {
            index.caught_up().await?;
            index.close().await;
        }
        // Folds the log into the file: the time until the data rests is in the time.
        mirror.close().await;
        drop(mirror);
        Ok(Pulled {
            used: meter.read(),
            rows,
            requests,
            readable_seconds,
        })
    }
}

/// Everything page after page; gives rows and requests.
async fn one_by_one(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    id: IntegrationId,
) -> anyhow::Result<(u64, u64)> {
    let parts = [
        stream::<Conversation>(mirror, pk, remote, id, Rows::Conversations).await?,
        stream::<Message>(mirror, pk, remote, id, Rows::Messages).await?,
        stream::<Contact>(mirror, pk, remote, id, Rows::Contacts).await?,
        stream::<Participant>(mirror, pk, remote, id, Rows::Participants).await?,
        stream::<Media>(mirror, pk, remote, id, Rows::Media).await?,
        stream::<Receipt>(mirror, pk, remote, id, Rows::Receipts).await?,
    ];
    let sum = |(rows, requests), (more, again)| (rows + more, requests + again);
    Ok(parts.into_iter().fold((0, 0), sum))
}

async fn stream<R: Row>(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    id: IntegrationId,
    wrap: fn(Vec<R>) -> Rows,
) -> anyhow::Result<(u64, u64)> {
    let (mut since, mut rows, mut requests) = (0, 0, 0);
    loop {
        let limit = R::STREAM.default_limit();
        let text = remote.page(R::STREAM, id, since, limit).await?;
        let page: Page<R> = serde_json::from_slice(&text)?;
        (since, requests) = (page.latest_seq, requests + 1);
        let batch = Batch {
            rows: wrap(page.rows),
            cursor: Some(since),
            epoch: page.epoch,
            at: 1,
        };
        rows += mirror.apply(pk, batch).await?.saved;
        if !page.has_more {
            return Ok((rows, requests));
        }
    }
}
