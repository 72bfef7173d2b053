//! Snapshots: handing them out, and what keeps them (`keep`).
//!
//! Files are read by the name that the manifest gives them and by no other. A `Range` that cannot be
//! understood or met is ignored, as HTTP allows: the whole file comes, and its status says so. A file is
//! read a piece at a time, and what was opened goes on when a new pack takes its place. A token that is
//! revoked while a file is on its way reads that file to its end.

mod keep;
mod source;

use std::io::{self, SeekFrom};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use threadkeep_protocol::{IntegrationId, Snapshot, SnapshotFile};
use threadkeep_server_store::Scope;
use threadkeep_snapshot::{Snapshots, is_current};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

pub use keep::build_snapshot;
pub(crate) use keep::keep_built;

use crate::{
    access::{Caller, Named},
    problem::Failure,
    route::Operation,
    router::Shared,
};

/// Read at a time, and held in memory for each client.
const PIECE: usize = 256 * 1024;

/// What the document says of `manifest`.
pub(crate) fn describing() -> Operation {
    Operation::scoped::<Snapshot>(
        Scope::Read,
        "sync",
        "What there is of the integration as files",
    )
    .describe(
        "For a client that has nothing of the integration yet: a mirror and its search index, up to \
         the cursors. `not_found` where there are none, which is no fault: the streams have it all.",
    )
}

pub(crate) async fn manifest(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
) -> Result<Json<Snapshot>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let (_, manifest) = held(&shared, integration).await?;
    Ok(Json(manifest))
}

/// What the document says of `file`.
pub(crate) fn handing_out() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "A file of a snapshot")
        .describe(
            "By the name that the snapshot gives it. `Range` with one range of bytes is answered with 206, \
             under `If-Range` only for the very same file; its `ETag` is its hash.",
        )
        .text_only("application/zstd", "The file, packed with zstd.")
}

pub(crate) async fn file(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, name)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let (snapshots, manifest) = held(&shared, integration).await?;
    let about = manifest.named(&name).ok_or_else(Failure::not_found)?;
    // Gone since the manifest was read: another pack has taken its place.
    let file = File::open(snapshots.packed(integration, &about.name)).await;
    answer(file.map_err(|_| Failure::not_found())?, about, &headers)
        .await
        .map_err(|error| {
            tracing::error!(%error, "a snapshot cannot be read");
            Failure::internal()
        })
}

/// What there is of an integration, if it is of the history that the server tells.
async fn held(
    shared: &Shared,
    integration: IntegrationId,
) -> Result<(Snapshots, Snapshot), Failure> {
    let epoch = shared.store.status(integration).await?.epoch;
    let snapshots = shared.snapshots.clone().ok_or_else(Failure::not_found)?;
    let look = snapshots.clone();
    let manifest = tokio::task::spawn_blocking(move || look.manifest(integration)).await;
    let manifest = manifest.map_err(|_| Failure::internal())?;
    let manifest = manifest.map_err(|error| {
        tracing::error!(%error, "a snapshot cannot be read");
        Failure::internal()
    })?;
    manifest
        .filter(|manifest| is_current(manifest, &epoch))
        .map(|manifest| (snapshots, manifest))
        .ok_or_else(Failure::not_found)
}

async fn answer(mut file: File, about: &SnapshotFile, headers: &HeaderMap) -> io::Result<Response> {
    let whole = about.packed_bytes;
    let tag = format!("\"{}\"", about.sha256);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
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
            (header::CONTENT_TYPE, "application/zstd".to_owned()),
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
