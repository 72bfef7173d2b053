use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

/// Reads a whole text by entering every container.
fn walk<R: Read>(stream: &mut Stream<R>) -> Result<Value, StreamError> {
    match stream.kind()? {
        Kind::Object => {
            stream.enter()?;
            let mut object = serde_json::Map::new();
            while let Some(key) = stream.next_key()? {
                object.insert(key, walk(stream)?);
            }
            Ok(Value::Object(object))
        }
        Kind::Array => {
            stream.enter()?;
            let mut array = Vec::new();
            while stream.next_element()? {
                array.push(walk(stream)?);
            }
            Ok(Value::Array(array))
        }
        Kind::Other => Ok(super::super::parse(stream.take()?).unwrap_or_default()),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[\"\\\\{}\\[\\],: \n]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn however_it_is_cut_the_value_is_the_same(value in values(), window in 1_usize..40, pretty: bool) {
        let text = if pretty {
            serde_json::to_string_pretty(&value)
        } else {
            serde_json::to_string(&value)
        };
        let text = text.unwrap();
        let mut stream = Stream::with_window(text.as_bytes(), window);
        prop_assert_eq!(walk(&mut stream).unwrap(), value);
        prop_assert!(stream.finish().is_ok());
        prop_assert_eq!(stream.position(), text.len() as u64);

        let mut stream = Stream::with_window(text.as_bytes(), window);
        prop_assert_eq!(stream.take().unwrap(), text.as_bytes(), "taken whole, it is the text");
        let mut stream = Stream::with_window(text.as_bytes(), window);
        stream.skip().unwrap();
        prop_assert!(stream.finish().is_ok(), "what is passed over ends where it ends");
    }

    #[test]
    fn any_bytes_end_in_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80), window in 1_usize..9) {
        let mut stream = Stream::with_window(&bytes[..], window);
        let _ = walk(&mut stream);
        let mut stream = Stream::with_window(&bytes[..], window);
        let _ = stream.skip();
        prop_assert!(stream.position() <= bytes.len() as u64);
    }
}

#[rstest]
#[case::inside_a_list("[1, 2")]
#[case::inside_a_text("[\"ab")]
#[case::behind_a_backslash("[\"ab\\")]
#[case::nothing("")]
fn a_text_that_was_cut_short_is_told_as_that(#[case] text: &str) {
    let error = walk(&mut Stream::new(text.as_bytes())).unwrap_err();
    assert!(
        matches!(error, StreamError::Json(TranslateError::Truncated)),
        "{text:?} ends too early, which is no other fault: {error:?}"
    );
}

#[rstest]
#[case::no_comma("[1 2]", 3)]
#[case::no_colon("{\"a\" 1}", 5)]
#[case::comma_at_the_end("[1,]", 3)]
#[case::key_that_is_none("{a:1}", 1)]
fn a_fault_has_its_place(#[case] text: &str, #[case] place: usize) {
    let error = walk(&mut Stream::new(text.as_bytes())).unwrap_err();
    assert!(
        matches!(error, StreamError::Json(TranslateError::NotJson { at }) if at == place),
        "an editor should find it there: {error:?}"
    );
}

#[test]
fn a_mark_at_the_beginning_is_passed() {
    let value = walk(&mut Stream::new(&b"\xef\xbb\xbf [1]"[..])).unwrap();
    assert_eq!(value, json!([1]), "editors of Windows put it there");
}

#[test]
fn a_monstrous_value_costs_only_itself() {
    let long = format!("[\"{}\", 7]", "a".repeat(MAX_LINE_BYTES + 10));
    let mut stream = Stream::new(long.as_bytes());
    stream.enter().unwrap();
    assert!(stream.next_element().unwrap());
    let part = stream.take().unwrap();
    assert_eq!(part.len(), MAX_KEPT, "no more than that is ever held");
    let reason = super::super::parse(part).unwrap_err();
    assert!(reason.contains("longer"), "and it is refused: {reason}");
    assert!(stream.next_element().unwrap());
    assert_eq!(
        stream.take().unwrap(),
        b"7",
        "what follows is read as if nothing were"
    );
}

#[test]
fn brackets_without_end_need_no_memory() {
    let deep = "[".repeat(2_000_000);
    let error = Stream::new(deep.as_bytes()).skip().unwrap_err();
    assert!(matches!(
        error,
        StreamError::Json(TranslateError::Truncated)
    ));
}
