//! A new computer of Maya's takes the pack by itself, and is killed while it does.

use std::{fs, path::PathBuf, time::Duration};

use threadkeep_home::Home;
use threadkeep_mirror::NewIntegration;
use threadkeep_sync::{SnapshotFirst, Stage};
use threadkeep_tests::server_digest;

use super::*;
use crate::kill::{Laptop, SNAPSHOT, Span, missing_below_the_cursor};

const KILLS: usize = 30;

/// A computer that has the account, and nothing of it yet.
struct Computer {
    home: PathBuf,
    mirror: Mirror,
    search: Search,
    pk: IntegrationPk,
    _folder: TempDir,
}

impl Computer {
    async fn new(maya: &Maya) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().to_owned();
        let mirror = Mirror::open(&home.join("mirror.db")).expect("it opens");
        let search = Search::open(&mirror, &home.join("search.db")).expect("it is followed");
        let accounts = maya.remote().await.integrations().await;
        let integration = accounts.expect("the server answers").remove(0);
        let server = maya.server.url.clone();
        let new = NewIntegration {
            server,
            integration,
        };
        let pk = mirror.put_integration(new).await.expect("it is new");
        Self {
            home,
            mirror,
            search,
            pk,
            _folder: folder,
        }
    }

    async fn pull(&self, maya: &Maya) -> (RunReport, Vec<Stage>) {
        let options = SyncOptions {
            snapshot: Some(SnapshotFirst {
                least: 1,
                patience: Duration::from_secs(3_600),
            }),
            ..SyncOptions::default()
        };
        let heard = std::sync::Mutex::new(Vec::new());
        let cancel = CancellationToken::new();
        let remote = maya.remote().await;
        let report = sync(
            &self.mirror,
            self.pk,
            &remote,
            maya.account,
            options,
            cancel,
            |word| {
                heard.lock().expect("nobody panics").push(word.stage);
            },
        )
        .await;
        assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
        (report, heard.into_inner().expect("nobody panics"))
    }

    async fn close(&self) {
        self.search.caught_up().await.expect("it is caught up with");
        self.search.close().await;
        self.mirror.close().await;
    }
}

impl Maya {
    async fn remote(&self) -> Remote {
        let token = self.server.token(self.account, Scope::Read).await;
        let url = self.server.url.parse().expect("an address");
        Remote::new(url, Some(token), RemoteOptions::default()).expect("a client")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_computer_begins_with_what_the_server_has_packed() {
    let maya = Maya::new().await;
    maya.says(later()).await;
    let pack = maya.pack().await;
    maya.says(vec![
        same_person(ANA_LID, ANA),
        revoked(ANA, "open1", 200),
        edited(ANA, "open2", "not what it was", 210),
    ])
    .await;
    let computer = Computer::new(&maya).await;
    let (report, heard) = computer.pull(&maya).await;
    let taken = report.snapshot.expect("it began with the pack");
    assert_eq!(taken.rows, pack.rows, "all that was packed");
    assert!(
        report.saved + report.updated > pack.rows,
        "and what came later"
    );
    assert_eq!(heard[0], Stage::Snapshot, "and said so");
    let (again, _) = computer.pull(&maya).await;
    assert_eq!((again.saved, again.updated, again.snapshot), (0, 0, None));
    computer.close().await;

    let mirror = computer.home.join("mirror.db");
    maya.assert_has_all(&mirror).await;
    let index = words(&computer.home.join("search.db"));
    assert_eq!(
        index,
        words_made_anew(&mirror).await,
        "search finds what is here"
    );
    let left = fs::read_dir(&computer.home).expect("it is a folder");
    let left: Vec<_> = left
        .map(|entry| entry.expect("it can be read").file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("snapshot")),
        "nothing is left of the files: {left:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_is_killed_while_it_takes_a_pack_ends_the_same() {
    let maya = Maya::new().await;
    maya.pack().await;
    maya.says(later()).await;
    let token = maya.server.token(maya.account, Scope::Read).await;
    let there = server_digest(&maya.server.file(), maya.account);
    let new = || Laptop::new(&maya.server, &token, maya.account, SNAPSHOT);
    let mut span = Span(new().pull() * 2);
    let mut in_time = 0;
    for round in 1..=KILLS {
        let laptop = new();
        // Some are killed again in the run that goes on.
        for _ in 0..=round % 2 {
            let was_in_time = laptop.pull_killed(span.moment());
            span.learn(was_in_time);
            in_time += usize::from(was_in_time);
            let missing = missing_below_the_cursor(&laptop.mirror_file(), &there);
            assert_eq!(missing, 0, "round {round}: no cursor is ahead of its rows");
        }
        laptop.pull();
        let here = mirror_digest(&laptop.mirror_file(), 1);
        assert_eq!(
            here, there,
            "round {round}: it ends with what the server has"
        );
        let db = laptop.mirror_file();
        let folder = db.parent().expect("it is in a folder");
        let home = Home::resolve(folder.parent().map(Into::into)).expect("a path is given");
        let index = words(&home.search_file());
        let anew = words_made_anew(&db).await;
        assert_eq!(index, anew, "round {round}: search finds what is here");
        assert!(
            !folder.join("mirror.db.snapshot").exists(),
            "round {round}: nothing is left"
        );
    }
    assert!(
        in_time >= KILLS / 10,
        "enough kills hit a running pull to mean something: {in_time}"
    );
}
