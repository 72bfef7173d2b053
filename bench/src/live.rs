//! Task 4, our side: a mirror and its index that follow a server as the app does, and the moments at which
//! what was awaited can be read and found.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, ensure};
use clap::Args;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use threadkeep_mirror::{
    Anchor, ConversationPk, MessageQuery, Mirror, NewIntegration, Order, Search, SearchQuery,
    Toward,
};
use threadkeep_sync::{
    FollowOptions, Followed, Record, Remote, RemoteOptions, SyncOptions, follow, sync,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    input,
    meter::{Meter, Used, now},
};

/// A burst that has not come by then never will.
const LONGEST: Duration = Duration::from_secs(60);

/// Follow a server and say when what is awaited can be read and found.
#[derive(Args)]
pub struct Live {
    #[arg(long)]
    url: Url,
    #[arg(long)]
    token: String,
    /// The server's name in the mirror: its port is another each time
    #[arg(long)]
    server: String,
    #[arg(long)]
    mirror: PathBuf,
    #[arg(long)]
    index: PathBuf,
}

/// What will come.
#[derive(Deserialize)]
struct Awaited {
    changes: u64,
    /// In all its texts.
    word: String,
    /// Where the last new message goes.
    chat: String,
}

/// When it was there, in microseconds since 1970.
#[derive(Serialize)]
struct Seen {
    readable: u64,
    searchable: u64,
}

impl Live {
    /// Prints `ready` when everything that the server has is here, then a line for each burst.
    pub async fn run(self) -> anyhow::Result<Used> {
        let meter = Meter::start();
        let mirror = Mirror::open(&self.mirror)?;
        let index = Search::open(&mirror, &self.index)?;
        let remote = Remote::new(self.url, Some(self.token), RemoteOptions::default())?;
        let account = remote.integrations().await?.into_iter().next();
        let integration = account.context("the token reads no account")?;
        let id = integration.id;
        let server = self.server;
        let pk = mirror
            .put_integration(NewIntegration {
                server,
                integration,
            })
            .await?;
        let cancel = CancellationToken::new();
        let (tell, mut told) = watch::channel(false);
        let following = {
            let (mirror, cancel) = (mirror.clone(), cancel.clone());
            tokio::spawn(async move {
                let pull = |standing| {
                    let options = SyncOptions {
                        mode: "live".to_owned(),
                        record: Record::Changes,
                        standing,
                        ..SyncOptions::default()
                    };
                    let (mirror, remote, cancel) = (&mirror, &remote, cancel.clone());
                    async move { Some(sync(mirror, pk, remote, id, options, cancel, |_| {}).await) }
                };
                let hear = |word| {
                    if word == Followed::Following {
                        tell.send_replace(true);
                    }
                };
                follow(&remote, id, &FollowOptions::default(), &cancel, pull, hear).await
            })
        };
        told.wait_for(|is_following| *is_following).await?;
        index.caught_up().await?;
        println!("ready");

        let mut lines = input::lines();
        while let Some(line) = lines.recv().await {
            let awaited: Awaited = serde_json::from_str(&line)?;
            let chats = mirror.find_chat(&awaited.chat).await?;
            let chat = chats.first().context("the chat is not here")?.pk;
            println!("awaiting");
            let seen = tokio::time::timeout(LONGEST, seen(&mirror, &index, chat, &awaited))
                .await
                .with_context(|| format!("{} did not come", awaited.word))??;
            println!("{}", serde_json::to_string(&seen)?);
        }
        cancel.cancel();
        following.await?.ok();
        index.close().await;
        mirror.close().await;
        Ok(meter.read())
    }
}

async fn seen(
    mirror: &Mirror,
    index: &Search,
    chat: ConversationPk,
    awaited: &Awaited,
) -> anyhow::Result<Seen> {
    let mut changes = mirror.subscribe();
    let newest = MessageQuery {
        anchor: Anchor::Newest,
        limit: 1,
    };
    let readable = loop {
        changes.borrow_and_update();
        let page = mirror.messages(chat, newest).await?;
        if page
            .messages
            .iter()
            .any(|row| row.content.starts_with(&awaited.word))
        {
            break now();
        }
        changes.changed().await?;
    };
    loop {
        index.caught_up().await?;
        let found = index
            .find(SearchQuery {
                // The space ends the word: it is no beginning of one.
                text: format!("{} ", awaited.word),
                chat: None,
                order: Order::Newest,
                place: None,
                toward: Toward::Older,
                limit: 20,
                zone: TimeZone::UTC,
                now: 0,
            })
            .await?;
        let hits = found.about.map_or(0, |about| about.hits);
        ensure!(hits <= awaited.changes, "{hits} hits of {}", awaited.word);
        if hits == awaited.changes {
            let searchable = now();
            return Ok(Seen {
                readable,
                searchable,
            });
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
}
