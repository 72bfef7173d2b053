//! What a client wants of an answer: its form and its encoding.

use axum::http::{HeaderMap, HeaderName, header};
use threadkeep_protocol::NDJSON;

use crate::encoding::Encoding;

/// Whether the client asks for a stream in lines. Only who names them gets them, and who likes JSON
/// better gets a page.
pub(crate) fn wants_lines(headers: &HeaderMap) -> bool {
    let weight = |name| weight_of(headers, &header::ACCEPT, name);
    let lines = weight(NDJSON).unwrap_or_default();
    lines > 0 && lines >= weight("application/json").unwrap_or_default()
}

/// The encoding that the client likes best of those that we know, and the better one where it does not
/// mind.
pub(crate) fn encoding(headers: &HeaderMap) -> Encoding {
    let any = weight_of(headers, &header::ACCEPT_ENCODING, "*").unwrap_or_default();
    let weight = |name| weight_of(headers, &header::ACCEPT_ENCODING, name).unwrap_or(any);
    match (weight("zstd"), weight("gzip")) {
        (0, 0) => Encoding::Identity,
        (zstd, gzip) if zstd >= gzip => Encoding::Zstd,
        _ => Encoding::Gzip,
    }
}

/// The weight that a list of wishes gives to a name, in thousandths (RFC 9110, 12.4.2); none where it is
/// not named. What cannot be read counts as not there.
fn weight_of(headers: &HeaderMap, list: &HeaderName, name: &str) -> Option<u16> {
    let values = headers.get_all(list).iter();
    let wishes = values.filter_map(|value| value.to_str().ok());
    let wishes = wishes.flat_map(|value| value.split(','));
    wishes
        .filter_map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let named = parts.next()?;
            named.eq_ignore_ascii_case(name).then_some(())?;
            let weight =
                parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            weight.map_or(Some(1_000), thousandths)
        })
        .max()
}

fn thousandths(weight: &str) -> Option<u16> {
    let weight: f32 = weight.parse().ok()?;
    (0.0..=1.0)
        .contains(&weight)
        .then_some((weight * 1_000.0) as u16)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[rstest::rstest]
    #[case::named("application/x-ndjson", true)]
    #[case::liked_better("application/x-ndjson, application/json;q=0.9", true)]
    #[case::liked_as_much("application/json, Application/X-NDJSON", true)]
    #[case::liked_less("application/x-ndjson;q=0.5, application/json", false)]
    #[case::refused("application/x-ndjson;q=0", false)]
    #[case::anything("*/*", false)]
    #[case::json("application/json", false)]
    #[case::garbage("application/x-ndjson;q=many", false)]
    fn lines_are_for_those_who_name_them(#[case] accept: &'static str, #[case] lines: bool) {
        assert_eq!(wants_lines(&with(header::ACCEPT, accept)), lines);
        assert!(!wants_lines(&HeaderMap::new()));
    }

    #[rstest::rstest]
    #[case::both("gzip, zstd", Encoding::Zstd)]
    #[case::one("gzip", Encoding::Gzip)]
    #[case::liked_less("zstd;q=0.1, gzip;q=0.2", Encoding::Gzip)]
    #[case::refused("zstd;q=0, gzip", Encoding::Gzip)]
    #[case::any("*", Encoding::Zstd)]
    #[case::any_but("*, zstd;q=0", Encoding::Gzip)]
    #[case::others("br, deflate, identity", Encoding::Identity)]
    #[case::none("", Encoding::Identity)]
    fn the_encoding_is_the_one_that_is_liked_best(
        #[case] accept: &'static str,
        #[case] best: Encoding,
    ) {
        assert_eq!(encoding(&with(header::ACCEPT_ENCODING, accept)), best);
        assert_eq!(encoding(&HeaderMap::new()), Encoding::Identity);
    }
}
