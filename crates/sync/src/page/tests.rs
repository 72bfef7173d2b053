use rstest::rstest;

use super::*;

/// A page of messages with these (seq, id) and this tail.
fn body(rows: &[(Seq, u128)], latest_seq: Seq, has_more: bool) -> Vec<u8> {
    let rows: Vec<_> = rows
        .iter()
        .map(|&(seq, id)| {
            serde_json::json!({
                "id": uuid::Uuid::from_u128(id),
                "seq": seq,
                "conversation_id": uuid::Uuid::from_u128(1),
                "external_message_id": format!("m{id}"),
                "timestamp": "2024-01-01T00:00:00Z",
            })
        })
        .collect();
    let tail = format!(r#""latest_seq":{latest_seq},"has_more":{has_more},"total_count":9"#);
    format!(
        r#"{{"messages":{},{tail},"epoch":"e"}}"#,
        serde_json::to_string(&rows).unwrap()
    )
    .into_bytes()
}

fn read_messages(since: Seq, body: &[u8]) -> Result<CheckedPage, PageFault> {
    let since = Since {
        seq: since,
        passes_over: false,
    };
    read_page(Stream::Messages, since, body)
}

/// Of a page that passes over what was not asked for.
fn read_part(since: Seq, body: &[u8]) -> Result<CheckedPage, PageFault> {
    let since = Since {
        seq: since,
        passes_over: true,
    };
    read_page(Stream::Messages, since, body)
}

#[rstest]
#[case::past_its_rows(&[(5, 1), (8, 2)], 50, Some(50))]
#[case::past_nothing(&[], 50, Some(50))]
#[case::nowhere(&[], 0, Some(4))]
#[case::before_its_rows(&[(5, 1), (8, 2)], 6, None)]
fn a_part_of_a_stream_ends_where_its_cursor_says(
    #[case] rows: &[(Seq, u128)],
    #[case] latest: Seq,
    #[case] cursor: Option<Seq>,
) {
    let page = read_part(4, &body(rows, latest, true));
    assert_eq!(page.ok().map(|page| page.cursor), cursor);
}

#[test]
fn a_good_page_ends_at_its_last_row() {
    let page = read_messages(4, &body(&[(5, 1), (8, 2)], 8, true)).unwrap();
    assert_eq!((page.cursor, page.has_more, page.rows.len()), (8, true, 2));
    assert_eq!(page.remaining, Some(9));
}

#[test]
fn the_same_row_twice_in_one_place_is_taken_once() {
    let page = read_messages(0, &body(&[(5, 1), (5, 1), (6, 2)], 6, false)).unwrap();
    assert_eq!(page.rows.len(), 2);
}

#[test]
fn a_row_that_was_edited_while_the_page_was_made_comes_twice_in_two_places() {
    let page = read_messages(0, &body(&[(5, 1), (6, 1)], 6, false)).unwrap();
    assert_eq!(page.rows.len(), 2, "the mirror keeps the newer one");
}

#[rstest]
#[case::at_the_cursor(5, &[(5, 1)], 5, CursorFault::Backwards)]
#[case::before_the_cursor(5, &[(3, 1), (4, 2)], 4, CursorFault::Backwards)]
#[case::negative(0, &[(-3, 1)], -3, CursorFault::Backwards)]
#[case::descending(0, &[(2, 1), (1, 2)], 1, CursorFault::Unordered)]
#[case::two_rows_in_one_place(0, &[(2, 1), (2, 2)], 2, CursorFault::Unordered)]
#[case::past_the_cursor_of_the_page(0, &[(1, 1), (9, 2)], 5, CursorFault::Astray)]
#[case::a_cursor_past_the_rows(0, &[(1, 1), (2, 2)], 50, CursorFault::Astray)]
fn rows_that_would_lose_or_repeat_something_are_refused(
    #[case] since: Seq,
    #[case] rows: &[(Seq, u128)],
    #[case] latest_seq: Seq,
    #[case] fault: CursorFault,
) {
    match read_messages(since, &body(rows, latest_seq, true)) {
        Err(PageFault::Stuck(found)) => assert_eq!(found, fault),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(0)]
#[case(7)]
#[case(99)]
fn the_cursor_of_an_empty_page_moves_nothing(#[case] latest_seq: Seq) {
    let page = read_messages(7, &body(&[], latest_seq, false)).unwrap();
    assert_eq!(page.cursor, 7);
}

#[rstest]
#[case::cut_off(br#"{"messages":[{"id":"#, true)]
#[case::nothing(b"", true)]
#[case::another_shape(br#"{"error":"no"}"#, false)]
#[case::a_list(b"[]", false)]
#[case::a_null_in_the_place_of_the_rows_cursor(
    br#"{"messages":[],"latest_seq":null,"has_more":false}"#,
    false
)]
#[case::a_number_that_no_number_holds(
    br#"{"messages":[],"latest_seq":1e400,"has_more":false}"#,
    false
)]
fn what_is_no_page_is_refused(#[case] body: &[u8], #[case] cut: bool) {
    match read_messages(0, body) {
        Err(PageFault::Unreadable(error)) => {
            assert_eq!(
                error.is_eof(),
                cut,
                "only what was cut is worth another try"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn json_nested_without_end_is_refused_or_skipped_and_never_overflows_the_stack() {
    let deep = "[".repeat(200_000);
    let in_rows = format!(r#"{{"messages":{deep}"#);
    assert!(read_messages(0, in_rows.as_bytes()).is_err());
    let closed = format!("{deep}{}", "]".repeat(200_000));
    let beside =
        format!(r#"{{"messages":[],"latest_seq":0,"has_more":false,"new_field":{closed}}}"#);
    assert!(
        read_messages(0, beside.as_bytes()).is_ok(),
        "an unknown field is ignored, whatever it holds"
    );
}

#[test]
fn bad_bytes_and_half_emoji_cost_a_character_and_not_the_page() {
    let good = String::from_utf8(body(&[(5, 1)], 5, false)).unwrap();
    let half = good.replace(r#""m1""#, r#""m1","content":"so \ud83d""#);
    let mut bytes = good
        .replace(r#""m1""#, r#""m1","content":"so @""#)
        .into_bytes();
    let at = bytes.iter().position(|&byte| byte == b'@').unwrap();
    bytes[at] = 0xFF;
    for body in [half.into_bytes(), bytes] {
        let Rows::Messages(rows) = read_messages(0, &body).unwrap().rows else {
            panic!("messages were asked for")
        };
        assert_eq!(rows[0].content, "so \u{FFFD}");
    }
}

#[rstest]
#[case::as_our_server_writes_it(&[(5, 1)], 5, true)]
#[case::no_rows(&[], 3, false)]
fn the_tail_says_what_the_page_says(
    #[case] rows: &[(Seq, u128)],
    #[case] latest_seq: Seq,
    #[case] has_more: bool,
) {
    let tail = Tail {
        latest_seq,
        has_more,
    };
    assert_eq!(Tail::peek(&body(rows, latest_seq, has_more)), Some(tail));
}

#[rstest]
#[case::fields_before_the_rows(br#"{"latest_seq":5,"has_more":true,"messages":[]}"#)]
#[case::cut_off(br#"{"messages":[],"latest_seq":5,"has_m"#)]
#[case::a_bracket_in_the_epoch(br#"{"messages":[],"latest_seq":5,"has_more":true,"epoch":"]"}"#)]
#[case::nothing(b"")]
fn no_tail_is_guessed(#[case] body: &[u8]) {
    assert_eq!(Tail::peek(body), None);
}
