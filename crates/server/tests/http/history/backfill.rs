//! Backfills: what they ask for, and when they stop.

use super::*;

#[rstest::rstest]
#[case::for_good(false)]
#[case::only_counted(true)]
#[tokio::test]
async fn a_backfill_asks_for_the_newest_chats_and_says_what_it_did(#[case] dry_run: bool) {
    let bed = Bed::new().await;
    for (n, chat) in ["15550003333@s.whatsapp.net", "15550004444@s.whatsapp.net"]
        .iter()
        .enumerate()
    {
        let newest = 1_020 + n as i64;
        bed.tell(old(chat, newest..=newest)).await;
    }
    let before = bed.server.store.status(bed.integration).await.unwrap();
    let asked = json!({"threads": 2, "count": 30, "dry_run": dry_run});
    let post = bed
        .server
        .post(&format!("/backfill/{}", bed.integration), &bed.feeder);
    let response = post.json(&asked).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let started: Value = response.json().await.unwrap();
    assert_eq!(
        (&started["threads"], &started["already_running"]),
        (&json!(2), &json!(false))
    );

    let account = bed.play(1).await;
    let result = &account["last_backfill_result"];
    assert_eq!(
        (&result["threads"], &result["messages"]),
        (&json!(2), &json!(60)),
        "{result}"
    );
    assert_eq!(
        (&result["errors"], &result["dry_run"]),
        (&json!(0), &json!(dry_run))
    );
    assert_eq!(result["thread_results"].as_array().unwrap().len(), 2);
    assert!(account["last_backfill_at"].is_string());
    let after = bed.server.store.status(bed.integration).await.unwrap();
    let brought = if dry_run { 0 } else { 60 };
    assert_eq!(after.message_count, before.message_count + brought);
    assert_eq!(
        after.latest_seq(Stream::Messages) > before.latest_seq(Stream::Messages),
        !dry_run
    );
    assert_eq!(
        bed.look().await["status"],
        "not_started",
        "the oldest chat was not among them"
    );
    let path = format!("/threads/{}", bed.integration);
    let listed = bed.server.read(&path, &bed.reader).await;
    for thread in listed["threads"].as_array().unwrap() {
        let was_asked_for = !dry_run && thread["client_jid"] != CHAT;
        assert_eq!(
            thread["last_backfill_at"].is_string(),
            was_asked_for,
            "the thread says when older messages were asked for: {thread}"
        );
    }
}

#[tokio::test]
async fn a_phone_that_does_not_answer_is_not_asked_for_every_chat() {
    let mut options = hasty();
    options.history.unfed = Duration::from_millis(50);
    let bed = Bed::with(options).await;
    for n in 0..10 {
        bed.tell(old(&format!("1555000{n}@s.whatsapp.net"), 1..=3))
            .await;
    }
    let post = bed
        .server
        .post(&format!("/backfill/{}", bed.integration), &bed.feeder);
    assert_eq!(post.send().await.unwrap().status(), StatusCode::ACCEPTED);
    let result = within(async {
        loop {
            let account = bed.account().await;
            if !account["last_backfill_result"].is_null() {
                return account["last_backfill_result"].clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(result["threads"].as_i64().unwrap() < 11, "{result}");
    assert_eq!(result["errors"], result["threads"]);
}

#[tokio::test]
async fn a_backfill_of_more_than_is_allowed_is_refused() {
    let bed = Bed::new().await;
    for asked in [
        json!({"threads": 0}),
        json!({"count": 10_001}),
        json!({"threads": -1}),
        json!([1, 2, false]),
    ] {
        let post = bed
            .server
            .post(&format!("/backfill/{}", bed.integration), &bed.feeder);
        let response = post.json(&asked).send().await.unwrap();
        assert_eq!(problem(response).await.code, Code::BadRequest, "{asked}");
    }
}
