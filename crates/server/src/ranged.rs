//! A file as an answer, whole or the part that was asked for.
//!
//! A `Range` that cannot be understood or met is ignored, as HTTP allows: the whole file comes, and its
//! status says so. A file is read a piece at a time.

use std::io::{self, SeekFrom};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

/// Read at a time, and held in memory for each client.
const PIECE: usize = 256 * 1024;

/// What is said of a file beside its bytes.
pub(crate) struct Whole<'a> {
    pub(crate) length: u64,
    /// What no other file has: its hash.
    pub(crate) tag: &'a str,
    pub(crate) media_type: &'static str,
}

/// The file, or the part of it that the headers ask for; 304 for those who have it.
pub(crate) async fn answer(
    mut file: File,
    about: &Whole<'_>,
    headers: &HeaderMap,
) -> io::Result<Response> {
    let whole = about.length;
    let tag = format!("\"{}\"", about.tag);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|named| named == tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let is_same = text(header::IF_RANGE).is_none_or(|named| named == tag);
    let range = text(header::RANGE).filter(|_| is_same);
    let range = range.and_then(|range| within(range, whole));
    let (first, last) = range.unwrap_or((0, whole.saturating_sub(1)));
    file.seek(SeekFrom::Start(first)).await?;
    let length = if whole == 0 { 0 } else { last - first + 1 };
    let status = match range {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    };
    let body = Body::from_stream(stream::try_unfold((file, length), next));
    let mut response = (
        status,
        [
            (header::CONTENT_TYPE, about.media_type.to_owned()),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::ETAG, tag),
        ],
        body,
    )
        .into_response();
    if range.is_some()
        && let Ok(value) = format!("bytes {first}-{last}/{whole}").try_into()
    {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    Ok(response)
}

/// The next piece. A file that ends too soon cuts the answer, which the client sees by its length.
async fn next((mut file, left): (File, u64)) -> io::Result<Option<(Bytes, (File, u64))>> {
    if left == 0 {
        return Ok(None);
    }
    let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
    let mut piece = vec![0; wanted];
    let read = file.read(&mut piece).await?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    piece.truncate(read);
    Ok(Some((piece.into(), (file, left - read as u64))))
}

/// The first and the last byte that a range names; nothing where it names none of a file so long, or several.
fn within(range: &str, whole: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let end = whole.checked_sub(1)?;
    let (first, last) = match (first, last) {
        ("", last) => (whole.saturating_sub(number(last).filter(|n| *n > 0)?), end),
        (first, "") => (number(first)?, end),
        (first, last) => (number(first)?, number(last)?.min(end)),
    };
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[rstest::rstest]
    #[case::rest("bytes=4-", Some((4, 9)))]
    #[case::all("bytes=0-", Some((0, 9)))]
    #[case::piece("bytes=2-5", Some((2, 5)))]
    #[case::past_the_end("bytes=2-500", Some((2, 9)))]
    #[case::no_integer_so_large("bytes=0-99999999999999999999999", Some((0, 9)))]
    #[case::the_last_ones("bytes=-3", Some((7, 9)))]
    #[case::more_than_all("bytes=-30", Some((0, 9)))]
    #[case::none_of_the_last("bytes=-0", None)]
    #[case::behind_the_end("bytes=10-", None)]
    #[case::backwards("bytes=5-2", None)]
    #[case::several("bytes=0-1,4-5", None)]
    #[case::another_unit("rows=0-1", None)]
    #[case::signed("bytes=+1-", None)]
    #[case::nothing("bytes=-", None)]
    fn a_range_lies_within_its_file(#[case] text: &str, #[case] read: Option<(u64, u64)>) {
        assert_eq!(within(text, 10), read);
        assert_eq!(within(text, 0), None, "nothing lies within an empty file");
    }
}
