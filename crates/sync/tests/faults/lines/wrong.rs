//! Lines that no server should send.

use super::*;

/// Changes the line behind the first cursor line.
fn with_second_span(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let (kept, rest) = text.split_at(cursor_lines(text)[0].1);
    let end = rest.find('\n').unwrap();
    format!("{kept}{}{}", change(&rest[..end]), &rest[end..])
}

fn with_no_json(text: String) -> String {
    with_second_span(&text, |_| "<html>".to_owned())
}

fn with_half_a_row(text: String) -> String {
    with_second_span(&text, |row| row[..40].to_owned())
}

fn without_an_id(text: String) -> String {
    with_second_span(&text, |row| row.replace(r#""id":"#, r#""key":"#))
}

fn with_a_list(text: String) -> String {
    with_second_span(&text, |row| format!("[{row}]"))
}

fn with_a_wrong_cursor_line(text: String) -> String {
    with_second_span(&text, |_| r#"{"cursor": "later"}"#.to_owned())
}

#[rstest]
#[case::no_json(with_no_json)]
#[case::half_a_row(with_half_a_row)]
#[case::a_row_without_an_id(without_an_id)]
#[case::a_list(with_a_list)]
#[case::a_cursor_line_that_is_none(with_a_wrong_cursor_line)]
#[tokio::test]
async fn a_wrong_line_costs_its_span_and_not_what_came_before(
    #[case] change: fn(String) -> String,
) {
    let bench = messages_answered(45, move |_, _| Reply::Changed(change)).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["bad_page"])
    );
    let truth = bench.server.change(|world| world.view());
    let view = bench.view().await;
    assert!(
        (10..45).contains(&view.messages.len()),
        "{}",
        view.messages.len()
    );
    assert_eq!(
        view.counts[&Stream::Contacts],
        truth.counts[&Stream::Contacts]
    );
    assert!(
        asked_for_messages(&bench).len() < 10,
        "it is not tried for ever"
    );
    bench.assert_recovers().await;
}

fn rows_swapped(text: String) -> String {
    let at = cursor_lines(&text)[0].1;
    let mut lines: Vec<&str> = text[at..].lines().collect();
    lines.swap(0, 1);
    format!("{}{}\n", &text[..at], lines.join("\n"))
}

fn starting_over(text: String) -> String {
    let at = cursor_lines(&text)[0].1;
    format!("{}{text}", &text[..at])
}

fn with_cursors_moved(text: &str, by: i64) -> String {
    let lines = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(seq) = line.pointer_mut("/cursor/latest_seq") {
            *seq = (seq.as_i64().unwrap() + by).into();
        }
        format!("{line}\n")
    });
    lines.collect()
}

/// Cursor lines without end, and never a row.
fn promising(text: String) -> String {
    let at = cursor_lines(&text)[0];
    let promise = text[at.0..at.1].repeat(1_000);
    format!("{}{promise}", &text[..at.1])
}

#[rstest]
#[case::rows_in_the_wrong_order(rows_swapped)]
#[case::starts_over(starting_over)]
#[case::a_cursor_before_its_rows(|text: String| with_cursors_moved(&text, -2))]
#[case::a_cursor_past_its_rows(|text: String| with_cursors_moved(&text, 1_000))]
#[case::promises_and_sends_nothing(promising)]
#[tokio::test]
async fn lines_that_do_not_lead_on_are_given_up_within_a_bound(
    #[case] change: fn(String) -> String,
) {
    let bench = messages_answered(45, move |_, _| Reply::Changed(change)).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["cursor_stuck"])
    );
    assert!(report.requests < 20, "{} requests", report.requests);
    let truth = bench.server.change(|world| world.view());
    for (key, message) in &bench.view().await.messages {
        assert_eq!(message.content, truth.messages[key].content);
    }
    bench.assert_recovers().await;
}

#[rstest]
#[case::one_endless_line(b'x', gzip, "gzip")]
#[case::endless_space(b' ', zstd, "zstd")]
#[case::endless_empty_lines(b'\n', gzip, "gzip")]
#[tokio::test]
async fn a_span_without_end_is_stopped_at_the_cap(
    #[case] byte: u8,
    #[case] pack: fn(&[u8]) -> Vec<u8>,
    #[case] encoding: &str,
) {
    let bomb = pack(&vec![byte; 64 * 1024 * 1024]);
    let head =
        format!("200 OK\r\ncontent-type: application/x-ndjson\r\ncontent-encoding: {encoding}");
    let answer = http(&head, &bomb);
    assert!(answer.len() < PATIENT.max_body, "small on the wire");
    let bench = messages_answered(45, move |_, _| Reply::Raw(answer.clone())).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["too_large"])
    );
    assert!(bench.view().await.messages.is_empty());
    bench.assert_recovers().await;
}
