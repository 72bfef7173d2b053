//! Carla keeps two accounts on one server, and a third on another.

use threadkeep_app::view::Outcome;
use threadkeep_ingest::sample::bulk;
use threadkeep_tests::{Device, TestServer, fixture};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_and_servers_work_side_by_side() {
    let (home, work) = (TestServer::start().await, TestServer::start().await);
    let private = home.integration("private").await;
    let club = home.integration("club").await;
    let office = work.integration("office").await;
    home.post_baileys(private, fixture("baileys/events.ndjson"))
        .await;
    home.ingest(club, bulk(1, 300).enumerate().collect()).await;
    work.ingest(office, bulk(2, 500).enumerate().collect())
        .await;

    let laptop = Device::new("Carla's laptop").await;
    laptop.connect(&home, private).await;
    laptop.connect(&home, club).await;
    laptop.connect(&work, office).await;
    laptop.sync().await;
    let accounts = laptop.app.accounts().await.expect("there are accounts");
    let counts: Vec<_> = accounts
        .iter()
        .map(|each| (each.display_name.as_str(), each.messages))
        .collect();
    assert_eq!(
        counts,
        [("private", 3_000), ("club", 300), ("office", 500)],
        "each has its own"
    );
    assert_eq!(
        laptop.export().await.len(),
        3_800,
        "and together they are all"
    );

    laptop
        .app
        .remove_account(&accounts[1].id)
        .await
        .expect("an account can be removed");
    assert_eq!(
        laptop.export().await.len(),
        3_500,
        "what is removed is gone, and nothing else"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_costs_the_other_nothing() {
    let (mut home, work) = (TestServer::start().await, TestServer::start().await);
    let private = home.integration("private").await;
    let office = work.integration("office").await;
    work.ingest(office, bulk(3, 200).enumerate().collect())
        .await;
    let laptop = Device::new("Carla's laptop").await;
    laptop.connect(&home, private).await;
    laptop.connect(&work, office).await;
    home.stop().await;
    let reports = laptop
        .app
        .sync(None, |_| {})
        .await
        .expect("a sync can be tried");
    let outcomes: Vec<_> = reports.iter().map(|report| report.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::Failed, Outcome::Completed],
        "each is told apart"
    );
    assert_eq!(
        laptop.export().await.len(),
        200,
        "the other's messages came"
    );
}
