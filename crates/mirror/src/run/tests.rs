use super::*;
use crate::testing::Scene;

fn new(integration: IntegrationPk) -> NewRun {
    NewRun {
        integration,
        mode: "manual".into(),
        at: 1_000,
    }
}

#[tokio::test]
async fn a_run_is_written_down_as_it_was() {
    let scene = Scene::new().await;
    let run = scene.mirror.start_run(new(scene.account)).await.unwrap();
    let error = RunError {
        code: "unavailable".into(),
        message: "the server is not there".into(),
    };
    let end = RunEnd {
        outcome: Outcome::Partial,
        saved: 1,
        updated: 2,
        unchanged: 3,
        skipped: 4,
        errors: vec![error],
        bytes: 5,
        duration_ms: 6,
        at: 7_000,
    };
    scene.mirror.finish_run(run, end).await.unwrap();
    scene.mirror.start_run(new(scene.account)).await.unwrap();
    let runs = scene.mirror.runs(9).await.unwrap();
    assert_eq!(runs[0].outcome, Outcome::Running, "newest first");
    insta::assert_json_snapshot!(runs[1]);
    assert_eq!(scene.mirror.runs(1).await.unwrap().len(), 1);
    let unknown = scene.mirror.start_run(new(IntegrationPk(9))).await;
    assert!(
        matches!(unknown, Err(Error::NoIntegration(_))),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn the_view_tells_what_the_first_design_kept_in_a_row() {
    let scene = Scene::new().await;
    let status = async || {
        scene
            .mirror
            .read(|conn| {
                Ok(
                    conn.query_row("SELECT is_syncing, is_latest FROM sync_status", [], |row| {
                        Ok((row.get::<_, bool>(0)?, row.get::<_, bool>(1)?))
                    })?,
                )
            })
            .await
            .unwrap()
    };
    assert_eq!(status().await, (false, false));
    let run = scene.mirror.start_run(new(scene.account)).await.unwrap();
    assert_eq!(status().await, (true, false));
    let end = RunEnd {
        outcome: Outcome::Completed,
        saved: 0,
        updated: 0,
        unchanged: 0,
        skipped: 0,
        errors: vec![],
        bytes: 0,
        duration_ms: 0,
        at: 0,
    };
    scene.mirror.finish_run(run, end).await.unwrap();
    assert_eq!(status().await, (false, true));
}

#[rstest::rstest]
#[case("not_started", "in_progress", true)]
#[case("in_progress", "completed", true)]
#[case("in_progress", "interrupted", true)]
#[case("in_progress", "cancelled", true)]
#[case("in_progress", "failed", true)]
#[case("interrupted", "in_progress", true)]
#[case("cancelled", "in_progress", true)]
#[case("in_progress", "in_progress", true)]
#[case("not_started", "completed", false)]
#[case("completed", "in_progress", false)]
#[case("failed", "in_progress", false)]
#[case("cancelled", "completed", false)]
#[case("interrupted", "not_started", false)]
#[case("in_progress", "not_started", false)]
#[tokio::test]
async fn a_history_checkpoint_makes_only_the_steps_of_the_protocol(
    #[case] from: &'static str,
    #[case] to: &'static str,
    #[case] is_legal: bool,
) {
    let scene = Scene::new().await;
    let account = scene.account;
    let stepped = scene
        .mirror
        .write(move |writing| {
            let chat = writing.conversation(account, crate::testing::id(1))?;
            // What is completed says when: that is another rule.
            let insert = "INSERT INTO sync_checkpoints (conversation_pk, status, completed_at) \
                VALUES (?1, ?2, 1)";
            writing.conn.execute(insert, (chat, from))?;
            writing
                .conn
                .execute("UPDATE sync_checkpoints SET status = ?1", [to])?;
            Ok(())
        })
        .await;
    assert_eq!(stepped.is_ok(), is_legal, "{stepped:?}");
}

fn live(integration: IntegrationPk, minutes: i64) -> NewRun {
    NewRun {
        mode: "live".into(),
        at: minutes * 60_000,
        ..new(integration)
    }
}

fn brought(saved: u64, outcome: Outcome) -> RunEnd {
    RunEnd {
        outcome,
        saved,
        updated: 1,
        unchanged: 0,
        skipped: 0,
        errors: Vec::new(),
        bytes: 10,
        duration_ms: 5,
        at: 0,
    }
}

#[tokio::test]
async fn runs_of_an_hour_that_went_alike_are_one_line() {
    let scene = Scene::new().await;
    let add = async |minutes, saved, outcome| {
        let (run, end) = (live(scene.account, minutes), brought(saved, outcome));
        scene.mirror.add_run(run, end).await.unwrap()
    };
    let first = add(0, 1, Outcome::Completed).await;
    assert_eq!(add(20, 2, Outcome::Completed).await, first);
    assert_eq!(add(60, 4, Outcome::Completed).await, first);
    let hour = add(61, 8, Outcome::Completed).await;
    assert_ne!(hour, first, "the hour is over");
    let partial = add(62, 16, Outcome::Partial).await;
    assert_ne!(partial, hour, "it went otherwise");
    let manual = scene.mirror.start_run(new(scene.account)).await.unwrap();
    let after = add(63, 32, Outcome::Partial).await;
    assert!(after > manual, "what a person started stands between");
    let runs = scene.mirror.runs(9).await.unwrap();
    let saved: Vec<u64> = runs.iter().map(|run| run.saved).collect();
    assert_eq!(saved, [32, 0, 16, 8, 7], "newest first");
    let run = &runs[4];
    assert_eq!((run.updated, run.bytes, run.duration_ms), (3, 30, 15));
}
