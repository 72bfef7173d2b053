//! A process that pulls one account into one mirror, made to be killed.
//!
//! `puller HOME URL TOKEN INTEGRATION PAGE lines|pages|snapshot|control [CHATS]` says `ready` once the mirror is open,
//! then pulls with PAGE rows to a span or a page, and says `done`. With CHATS (addresses with commas between
//! them, or `*`) it first chooses these and frees the others. With `snapshot` an empty mirror must begin with one,
//! and the index is made too. With `control` it does what the engine must never do: it
//! commits a page's cursor in a transaction of its own, before the rows. A test that kills at random
//! must find that out, or it finds out nothing.

use std::{error::Error, path::PathBuf, time::Duration};

use threadkeep_home::Home;
use threadkeep_mirror::{Batch, IntegrationPk, Mirror, NewIntegration, Rows, Search, Selection};
use threadkeep_protocol::{Conversation, Message, Page, Row, Rule};
use threadkeep_sync::{
    Outcome, PageLimit, Remote, RemoteOptions, SnapshotFirst, SyncOptions, sync,
};
use tokio_util::sync::CancellationToken;

type Fallible<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, url, token, integration, page, how, chats @ ..] = arguments.as_slice() else {
        return Err(
            "puller HOME URL TOKEN INTEGRATION PAGE lines|pages|snapshot|control [CHATS]".into(),
        );
    };
    let home = Home::resolve(Some(PathBuf::from(home)))?;
    home.create()?;
    let _lock = home.lock("the puller")?;
    let mirror = Mirror::open(&home.mirror_file())?;
    let remote = Remote::new(url.parse()?, Some(token.clone()), RemoteOptions::default())?;
    let account = remote.integrations().await?.remove(0);
    let (id, server) = (account.id, url.clone());
    assert_eq!(
        id.to_string(),
        *integration,
        "the token opens the account that is meant"
    );
    let pk = mirror
        .put_integration(NewIntegration {
            server,
            integration: account,
        })
        .await?;
    println!("ready");
    if let Some(chats) = chats.first() {
        select(&mirror, pk, chats).await?;
    }
    let limit = page.parse()?;
    let snapshot = (how == "snapshot").then_some(SnapshotFirst {
        least: 1,
        patience: Duration::from_secs(3_600),
    });
    let index = snapshot.map(|_| Search::open(&mirror, &home.search_file()));
    let index = index.transpose()?;
    let is_empty = mirror.takes_snapshot(pk).await?;
    if how != "control" {
        let options = SyncOptions {
            page_limit: PageLimit::all(limit),
            streaming: how == "lines",
            snapshot,
            ..SyncOptions::default()
        };
        let report = sync(
            &mirror,
            pk,
            &remote,
            id,
            options,
            CancellationToken::new(),
            |_| {},
        )
        .await;
        if report.outcome != Outcome::Completed {
            return Err(format!("{:?}", report.errors).into());
        }
        if snapshot.is_some() && is_empty && report.snapshot.is_none() {
            return Err("an empty mirror did not begin with a snapshot".into());
        }
        if let Some(index) = index {
            index.caught_up().await?;
            index.close().await;
        }
    } else {
        wrongly::<Conversation>(&mirror, pk, &remote, id, limit, Rows::Conversations).await?;
        wrongly::<Message>(&mirror, pk, &remote, id, limit, Rows::Messages).await?;
    }
    println!("done");
    Ok(())
}

/// Keeps these chats and no others.
async fn select(mirror: &Mirror, pk: IntegrationPk, chats: &str) -> Fallible<()> {
    let mut selection = Selection::default();
    if chats != "*" {
        selection = Selection::new(Rule::NONE, []);
        for chat in chats.split(',') {
            let found = mirror.find_chat(chat).await?;
            let chat = found.first().ok_or("a chat that is not here")?;
            selection = selection.with(chat.pk, Rule::ALL);
        }
    }
    mirror.select(pk, selection).await?;
    mirror.free(pk, || true).await?;
    Ok(())
}

/// Commits each cursor before its rows.
async fn wrongly<R: Row>(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    id: i64,
    limit: u32,
    rows: fn(Vec<R>) -> Rows,
) -> Fallible<()> {
    let mut since = mirror.sync_states(pk).await?.of(R::STREAM).last_seq;
    loop {
        let page: Page<R> =
            serde_json::from_slice(&remote.page(R::STREAM, id, since, limit).await?)?;
        let cursor = Some(page.latest_seq);
        let (epoch, at) = (page.epoch, 1);
        // Rows that come beside a cursor that has passed them would not be taken.
        mirror
            .apply(
                pk,
                Batch {
                    rows: rows(Vec::new()),
                    cursor,
                    epoch: epoch.clone(),
                    at,
                },
            )
            .await?;
        mirror
            .apply(
                pk,
                Batch {
                    rows: rows(page.rows),
                    cursor,
                    epoch,
                    at,
                },
            )
            .await?;
        if !page.has_more {
            return Ok(());
        }
        since = page.latest_seq;
    }
}
