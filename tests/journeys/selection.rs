//! Sara has a small disk: she keeps what she chooses, and loses power while it is being brought about.

use std::{collections::BTreeMap, path::Path, time::Duration};

use threadkeep_app::{
    HistoryGoal,
    view::{
        ChatRuleAsked, HistoryStatus, KeepRule, SearchQuery, SelectionAsked, SelectionView,
        SyncSettings, VerifyOptions,
    },
};
use threadkeep_protocol::{IntegrationId, Record};
use threadkeep_server_store::Scope;
use threadkeep_tests::{
    Device, TestServer, assert_same, held_rows, in_view,
    records::{ANA, BEN, CLUB, at, picture, receipt, said},
    server_rows, wanted_view,
};

use crate::kill::{LINES, Laptop, PAGES, Span};

const ALL: KeepRule = KeepRule {
    included: true,
    since: None,
    media: true,
};

const NONE: KeepRule = KeepRule {
    included: false,
    since: None,
    media: false,
};

/// Ana, Ben and the club say thirty things each; every fifth is a picture, and has been read.
async fn talk(server: &TestServer, account: IntegrationId, round: i64) {
    let mut records: Vec<Record> = Vec::new();
    for chat in [ANA, BEN, CLUB] {
        for n in 0..30 {
            let (id, time) = (format!("{round}-{n}"), round * 1_000 + n);
            if n % 5 == 0 {
                records.push(picture(chat, &id, time));
                records.push(receipt(chat, &id, BEN, "read_at", time + 1));
            } else {
                records.push(said(chat, &id, time));
            }
        }
    }
    server
        .ingest(account, records.into_iter().enumerate().collect())
        .await;
}

async fn chat(sara: &Device, address: &str) -> String {
    sara.app
        .find_chat(address)
        .await
        .expect("the chat is here")
        .id
}

async fn only(sara: &Device, chats: &[(&str, KeepRule)]) -> SelectionAsked {
    let mut own = Vec::new();
    for (address, rule) in chats {
        own.push(ChatRuleAsked {
            chat_id: chat(sara, address).await,
            rule: *rule,
        });
    }
    SelectionAsked {
        rule: NONE,
        chats: own,
    }
}

fn everything() -> SelectionAsked {
    SelectionAsked {
        rule: ALL,
        chats: Vec::new(),
    }
}

/// What is here is what is wanted of the server's rows.
async fn assert_chosen(mirror: &Path, server: &TestServer, account: IntegrationId) {
    let rows = server_rows(&server.store, account).await;
    let rows = in_view(&rows, wanted_view(mirror).await.as_ref());
    assert_same(&rows, &held_rows(mirror, 1), "Sara's laptop");
}

/// How many rows are here.
fn count(mirror: &Path) -> i64 {
    let held = held_rows(mirror, 1);
    let rows = held.rows.values().map(BTreeMap::len).sum::<usize>();
    i64::try_from(rows).expect("it is not so many")
}

#[tokio::test]
async fn what_is_not_kept_goes_when_she_says_so_and_comes_back_when_she_wants_it() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    talk(&server, account, 0).await;
    let sara = Device::new("Sara's laptop").await;
    sara.connect(&server, account).await;
    sara.sync().await;
    let late = KeepRule {
        since: Some(at(10).millis()),
        ..ALL
    };
    let bare = KeepRule {
        media: false,
        ..ALL
    };
    let asked = only(&sara, &[(ANA, late), (CLUB, bare)]).await;
    let plan = sara.app.plan_selection("1", asked.clone()).await;
    let frees = plan.expect("it can be counted").frees;
    assert_eq!(
        (frees.chats, frees.messages),
        (3, 10 + 30),
        "Ana's first ten and all of Ben's"
    );
    assert_eq!(frees.media, 2 + 6 + 6);
    let refused = sara.app.select("1", asked.clone(), false).await;
    assert_eq!(
        refused.expect_err("nobody said that it may").code(),
        "would_free"
    );
    assert_chosen(&sara.mirror_file(), &server, account).await;

    let before = sara.cursors();
    let chosen = sara.app.select("1", asked.clone(), true).await;
    assert!(!chosen.expect("it may").pending);
    assert_eq!(sara.cursors(), before, "no cursor has moved");
    assert_chosen(&sara.mirror_file(), &server, account).await;
    talk(&server, account, 1).await;
    sara.sync().await;
    assert_chosen(&sara.mirror_file(), &server, account).await;
    let found = sara.export().await;
    assert!(
        found.iter().all(|line| line["chat"] != BEN),
        "Ben stays on the server"
    );

    let options = VerifyOptions::default();
    let reports = sara
        .app
        .verify(None, options, |_| {})
        .await
        .expect("it can be asked");
    assert!(reports[0].sound && reports[0].mended == 0, "{reports:?}");

    let SelectionView { pending, .. } = sara
        .app
        .select("1", everything(), false)
        .await
        .expect("it frees nothing");
    let held = count(&sara.mirror_file());
    assert!(pending, "the next sync fetches what is missing");
    let reports = sara.sync().await;
    let came = (reports[0].saved, reports[0].updated, reports[0].unchanged);
    let missing = count(&sara.mirror_file()) - held;
    assert_eq!(came, (missing, 0, 0), "only what is missing comes");
    assert_chosen(&sara.mirror_file(), &server, account).await;
}

#[tokio::test]
async fn who_asks_for_older_messages_of_a_chat_keeps_all_of_it() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    talk(&server, account, 0).await;
    let sara = Device::new("Sara's laptop").await;
    sara.connect(&server, account).await;
    sara.sync().await;
    let late = KeepRule {
        since: Some(at(20).millis()),
        media: false,
        ..ALL
    };
    let asked = only(&sara, &[(ANA, late)]).await;
    sara.app.select("1", asked, true).await.expect("it may");
    let ana = chat(&sara, ANA).await;
    // Nobody feeds this account: the request waits, and is called off.
    let stop = async {
        while sara.app.history(&ana).await.expect("it can be read").status
            != HistoryStatus::InProgress
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        sara.app
            .cancel_history(&ana)
            .await
            .expect("it can be cancelled");
    };
    let goal = HistoryGoal::Messages(100);
    let (loaded, ()) = tokio::join!(sara.app.load_history(&ana, goal, false, |_| {}), stop);
    loaded.expect("it is answered");
    let selection = sara.app.selection("1").await.expect("it can be read");
    assert_eq!(
        selection.chats[0].rule,
        KeepRule {
            media: false,
            ..ALL
        }
    );
    sara.sync().await;
    assert_chosen(&sara.mirror_file(), &server, account).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_is_killed_while_it_frees_or_fetches_ends_with_what_was_chosen() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    let token = server.token(account, Scope::Read).await;
    let mut laptop = Laptop::new(&server, &token, account, LINES);
    for round in 0..5 {
        talk(&server, account, round).await;
    }
    let mut span = Span(laptop.pull() * 2);
    let (ana_and_ben, ana_and_club) = (format!("{ANA},{BEN}"), format!("{ANA},{CLUB}"));
    let choices = [ANA, "*", &ana_and_club, CLUB, &ana_and_ben];
    let mut in_time = 0;
    for round in 0..40 {
        laptop.pulls(if round % 2 == 0 { LINES } else { PAGES });
        laptop.keeps(choices[round % choices.len()]);
        let was_in_time = laptop.pull_killed(span.moment());
        span.learn(was_in_time);
        in_time += usize::from(was_in_time);
        if round % 7 == 0 {
            talk(
                &server,
                account,
                100 + i64::try_from(round).expect("it is small"),
            )
            .await;
        }
        if round % 3 == 0 {
            // Sometimes what was begun, sometimes something else.
            laptop.keeps(choices[(round + round % 2) % choices.len()]);
            laptop.pull();
            assert_chosen(&laptop.mirror_file(), &server, account).await;
        }
    }
    assert!(
        in_time >= 4,
        "enough kills hit something that ran: {in_time}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_freed_is_not_found_and_what_came_back_is() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    talk(&server, account, 0).await;
    let sara = Device::new("Sara's laptop").await;
    sara.connect(&server, account).await;
    sara.sync().await;
    assert_eq!(found(&sara).await, 90, "everybody's words");
    let asked = only(&sara, &[(ANA, ALL)]).await;
    sara.app.select("1", asked, true).await.expect("it may");
    assert_eq!(found(&sara).await, 30, "Ana's");
    let chosen = sara.app.select("1", everything(), true).await;
    assert!(chosen.expect("it may").pending);
    sara.sync().await;
    assert_eq!(found(&sara).await, 90, "each once");
}

/// How many messages a search finds that all have the word.
async fn found(sara: &Device) -> usize {
    let indexed = sara.app.index_all(|_| {});
    let indexed = tokio::time::timeout(Duration::from_secs(60), indexed).await;
    indexed
        .expect("the index catches up")
        .expect("it can be written");
    let query = SearchQuery {
        text: "text".to_owned(),
        limit: 500,
        ..SearchQuery::default()
    };
    let page = sara.app.search(query).await.expect("a search answers");
    page.hits.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_before_the_first_sync_holds_for_what_comes_first_too() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    for round in 0..3 {
        talk(&server, account, round).await;
    }
    let sara = Device::new("Sara's laptop").await;
    sara.connect(&server, account).await;
    let settings = SyncSettings {
        recent_first: true,
        recent_chats: 3,
        recent_messages: 40,
        ..SyncSettings::default()
    };
    sara.app
        .set_sync_settings(settings)
        .await
        .expect("it is kept");
    let late = KeepRule {
        since: Some(at(2_010).millis()),
        media: false,
        ..ALL
    };
    let asked = SelectionAsked {
        rule: late,
        chats: Vec::new(),
    };
    let chosen = sara.app.select("1", asked, false).await;
    assert!(!chosen.expect("there is nothing to free").pending);
    sara.sync().await;
    assert_chosen(&sara.mirror_file(), &server, account).await;
    assert_eq!(sara.export().await.len(), 3 * 20, "the last twenty of each");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wanted_again_comes_by_itself_while_the_account_is_kept_current() {
    let server = TestServer::start().await;
    let account = server.integration("Sara").await;
    talk(&server, account, 0).await;
    let sara = Device::new("Sara's laptop").await;
    sara.connect(&server, account).await;
    sara.sync().await;
    sara.app.stay_current().await.expect("it listens");
    let asked = only(&sara, &[(BEN, ALL)]).await;
    sara.app.select("1", asked, true).await.expect("it may");
    talk(&server, account, 1).await;
    let count = async || sara.export().await.len();
    until("Ben's new messages come, and nobody else's", async || {
        count().await == 60
    })
    .await;
    sara.app
        .select("1", everything(), true)
        .await
        .expect("it may");
    until("everything comes", async || count().await == 180).await;
    let done = async || {
        let selection = sara.app.selection("1").await;
        !selection.expect("it can be read").pending
    };
    until("and it says so", done).await;
    sara.app.close().await;
    assert_chosen(&sara.mirror_file(), &server, account).await;
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..6_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}");
}
