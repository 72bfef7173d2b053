use jiff::{civil::date, tz::TimeZone};
use rstest::rstest;

use super::*;

fn calendar() -> Calendar {
    Calendar {
        zone: TimeZone::UTC,
        today: date(2024, 5, 31),
    }
}

/// A query in a form to compare.
fn shown(input: &str) -> String {
    let query = Query::parse(input, &calendar());
    let phrase = |phrase: &Phrase| {
        let star = if phrase.prefix { "*" } else { "" };
        format!("{}{star}", phrase.words.join("_"))
    };
    let part = |part: &Part| match part {
        Part::Phrase(one) => phrase(one),
        Part::Number { groups, whole } => format!(
            "({}|{})",
            groups.iter().map(phrase).collect::<Vec<_>>().join("+"),
            phrase(whole)
        ),
        Part::Filter(filter) => format!("{filter:?}"),
    };
    let mut all: Vec<String> = query
        .groups
        .iter()
        .map(|group| {
            let any: Vec<String> = group.any.iter().map(part).collect();
            let sign = if group.without { "-" } else { "" };
            format!("{sign}{}", any.join("|"))
        })
        .collect();
    let days = |range: &Range<i64>| {
        let day = |at: i64| at.div_euclid(86_400_000);
        format!("{}..{}", day(range.start), day(range.end))
    };
    all.extend(query.within.iter().map(days));
    all.extend(
        query
            .without
            .iter()
            .map(|range| format!("-{}", days(range))),
    );
    all.join(" ")
}

#[rstest]
#[case::nothing("  ", "")]
#[case::words("Hello wor", "hello wor*")]
#[case::finished("hello world ", "hello world")]
#[case::short_words_are_whole("go to", "go to")]
#[case::phrase(r#""good morning" x"#, "good_morning x")]
#[case::open_phrase(r#""good morning"#, "good_morning")]
#[case::typographic_quotes("„guten Tag“ «bon jour»", "guten_tag bon_jour")]
#[case::or("a OR b c", "a|b c")]
#[case::or_of_three("a OR b OR c", "a|b|c")]
#[case::or_with_nothing("OR a OR", "a")]
#[case::small_or_is_a_word("to be or not", "to be or not*")]
#[case::without("a -b -\"c d\"", "a -b -c_d")]
#[case::a_hyphen_is_none("well-known - x", "well_known x")]
#[case::stars("hel* wo*", "hel* wo")]
#[case::signs_are_nothing("!!! ( ) AND", "and*")]
#[case::unspaced_scripts_need_no_prefix("你好", "你_好")]
#[case::urls("https://example.org/x", "https_example_org_x")]
#[case::from(
    "from:anna from:\"Anna Lee\" from:me",
    r#"From("anna") From("Anna Lee") FromMe"#
)]
#[case::any_case("FROM:Anna Has:LINK", r#"From("Anna") Link"#)]
#[case::unfinished("from: in:\"\" x", "x")]
#[case::kinds("type:image has:document", "Kinds([Image]) Kinds([Document])")]
#[case::no_such_kind("has:cheese", "has_cheese*")]
#[case::no_such_filter("note:this", "note_this*")]
#[case::without_filter("-is:starred", "-Starred")]
#[case::either_filter("from:a OR from:b", r#"From("a")|From("b")"#)]
#[case::days("on:2024-05-31", "19874..19875")]
#[case::months("on:2024-02", "19754..19783")]
#[case::years("on:2023", "19358..19723")]
#[case::today("on:today -on:yesterday", "19874..19875 -19873..19874")]
#[case::no_date("on:2024-13-40", "on_2024_13_40")]
#[case::number("+49 170 1234567", "(49+170+1234567*|491701234567*)")]
#[case::number_in_one_word("0170-1234567 ", "(0170_1234567|01701234567)")]
#[case::numbers_that_are_none("2024 12", "2024 12")]
fn inputs_are_read(#[case] input: &str, #[case] expected: &str) {
    assert_eq!(shown(input), expected);
}

/// The window cuts a query by itself, to show what it was taken for; this is what both must make of it.
#[derive(serde::Deserialize)]
struct Table {
    cut: Vec<(String, Vec<String>)>,
    nothing: Vec<String>,
    something: Vec<String>,
}

/// A piece as the table names it.
fn named(piece: &Piece<'_>, input: &str) -> String {
    let Piece::Words {
        name,
        text,
        whole,
        without,
        ..
    } = *piece
    else {
        return "or:OR".to_owned();
    };
    let sign = if without { "-" } else { "" };
    let start = text.as_ptr() as usize - input.as_ptr() as usize;
    let words = if input[..start].ends_with(lex::is_quote) {
        format!("phrase:{text}")
    } else {
        format!("word:{whole}")
    };
    let filter = |name: &str| format!("filter({}):{text}", name.to_ascii_lowercase());
    let kind = match name {
        None => words,
        Some(name) if date::range(name, text, &calendar()).is_some() => filter(name),
        Some(name) => match filter::read(name, text) {
            filter::Read::Filter(_) => filter(name),
            filter::Read::Unfinished => format!("unfinished({}):", name.to_ascii_lowercase()),
            filter::Read::NoFilter => words,
        },
    };
    format!("{sign}{kind}")
}

#[test]
fn inputs_are_cut_as_the_window_cuts_them() {
    let table: Table = serde_json::from_str(include_str!("table.json")).unwrap();
    for (input, expected) in &table.cut {
        let pieces = lex::pieces(input);
        let cut: Vec<String> = pieces.iter().map(|piece| named(piece, input)).collect();
        assert_eq!(&cut, expected, "{input:?}");
    }
    let is_empty = |input: &String| Query::parse(input, &calendar()).is_empty();
    assert!(!table.nothing.is_empty() && !table.something.is_empty());
    for input in &table.nothing {
        assert!(is_empty(input), "{input:?} asks for nothing yet");
    }
    for input in &table.something {
        assert!(!is_empty(input), "{input:?} asks for something");
    }
}

#[test]
fn before_and_after_leave_their_day_out() {
    let query = Query::parse("after:2024-05-30 before:2024-06-01", &calendar());
    let (after, before) = (&query.within[0], &query.within[1]);
    let day = |day: i64| day * 86_400_000;
    assert_eq!(
        (after.start, before.end),
        (day(19_874), day(19_875)),
        "what is left is the day between"
    );
}

#[test]
fn an_endless_input_is_cut() {
    let query = Query::parse(&"a b ".repeat(10_000), &calendar());
    assert_eq!(query.groups.len(), MOST_PARTS);
}
