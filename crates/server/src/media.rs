//! The bytes of media: handed out by range, taken in only if they are what was announced.
//!
//! They lie in a folder by their hash (`threadkeep_content`); the rows say who may have them. What comes
//! is written beside it, hashed on the way, and gets its name and its row's `has_content` only when it is
//! whole. It is handed out as bytes to keep and never as a page: what a sender calls a picture may be
//! anything.

use std::{collections::HashSet, io, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{Schema, SchemaGenerator, json_schema};
use threadkeep_content::{Contents, Draft, Finished, Hash};
use threadkeep_protocol::{Id, StoredMedia};
use threadkeep_server_store::{Announced, Scope, Store};
use tokio::fs::File;

use crate::{
    access::{Caller, Named},
    intake::{Parts, announced_bytes, is_encoded},
    problem::Failure,
    ranged::{self, Whole},
    route::{Form, Operation},
    router::Shared,
};

/// Gathered before it is written.
const PIECE: usize = 1024 * 1024;

/// What is younger may be about to be named.
const SWEPT_AFTER: Duration = Duration::from_secs(60 * 60);

const BYTES: &str = "application/octet-stream";

/// What the document says of `get`.
pub(crate) fn handing_out() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "The bytes of a file")
        .describe(
            "Those of a row that says `has_content`. `Range` with one range of bytes is answered with \
             206, under `If-Range` only for the very same file; the `ETag` is its sha256.",
        )
        .text_only(BYTES, "The bytes.")
}

pub(crate) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, media)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let about = shared.store.announced(integration, id(&media)?).await?;
    let hash = hash(&about).filter(|_| about.has_content);
    let hash = hash.ok_or_else(Failure::not_found)?;
    let opened = File::open(shared.contents.path(&hash)).await;
    let file = opened.map_err(|error| {
        tracing::error!(%error, "a file that should be here cannot be opened");
        Failure::not_found()
    })?;
    let length = file.metadata().await.map_err(failed)?.len();
    let whole = Whole {
        length,
        tag: &hash.to_string(),
        media_type: BYTES,
    };
    let mut response = ranged::answer(file, &whole, &headers)
        .await
        .map_err(failed)?;
    let disposition = disposition(about.file_name.as_deref());
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// What the document says of `thumbnail`.
pub(crate) fn showing() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "The small picture of a file")
        .describe("The row's `thumbnail` as a picture of its own.")
        .text_only("image/jpeg", "The picture.")
        .or("image/png", "The picture.")
        .or("image/webp", "The picture.")
}

pub(crate) async fn thumbnail(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, media)): Named<(String, String)>,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let about = shared.store.announced(integration, id(&media)?).await?;
    let text = about.thumbnail.unwrap_or_default();
    let picture = STANDARD.decode(text).unwrap_or_default();
    // By its first bytes, whatever the sender says that it is.
    let media_type = match picture.as_slice() {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        _ => return Err(Failure::not_found()),
    };
    Ok(([(header::CONTENT_TYPE, media_type)], picture).into_response())
}

/// What the document says of `put`.
pub(crate) fn taking() -> Operation {
    Operation::scoped::<StoredMedia>(Scope::Ingest, "ingest", "The bytes of a file, in")
        .describe(
            "Refused unless their sha256 and length are those that the message's record announced. The \
             row then says `has_content` under a new seq. Sent again, it changes nothing.",
        )
        .takes(
            "The bytes as they are.",
            vec![Form {
                media_type: BYTES,
                holds: binary,
            }],
        )
}

fn binary(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "contentMediaType": BYTES})
}

pub(crate) async fn put(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, media)): Named<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<StoredMedia>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let media = id(&media)?;
    let about = shared.store.announced(integration, media).await?;
    let mut parts = Parts::new(body, shared.patience);
    let expected = match expect(&about, &headers, shared.max_media) {
        Ok(expected) => expected,
        Err(refusal) => {
            parts.drain().await;
            return Err(refusal);
        }
    };
    let contents = shared.contents.clone();
    let draft = off_thread(move || contents.draft()).await?;
    let draft = match write(draft, &mut parts, expected.most).await {
        Ok(draft) => draft,
        Err(refusal) => {
            parts.drain().await;
            return Err(refusal);
        }
    };
    let size = i64::try_from(draft.length()).unwrap_or(i64::MAX);
    if expected
        .length
        .is_some_and(|length| length != draft.length())
    {
        draft.discard();
        return Err(other_bytes());
    }
    if off_thread(move || draft.finish(&expected.hash)).await? == Finished::Wrong {
        return Err(other_bytes());
    }
    let sha256 = expected.hash.to_string();
    shared
        .store
        .keep_content(integration, media, sha256.clone(), size)
        .await?;
    Ok(Json(StoredMedia {
        sha256,
        file_size: size,
    }))
}

/// What was announced, and so what must come.
struct Expected {
    hash: Hash,
    length: Option<u64>,
    most: u64,
}

fn expect(about: &Announced, headers: &HeaderMap, most: u64) -> Result<Expected, Failure> {
    if is_encoded(headers) {
        return Err(Failure::unsupported_encoding());
    }
    let hash = hash(about).ok_or_else(|| {
        Failure::bad_request("No sha256 of this file was announced. Ingest its message with one.")
    })?;
    let length = about.file_size.and_then(|size| u64::try_from(size).ok());
    let announced = announced_bytes(headers) as u64;
    if announced.max(length.unwrap_or(0)) > most {
        return Err(too_large(most));
    }
    // 0 stands for a length that is not said, and for none: then what comes tells.
    if announced > 0 && length.is_some_and(|length| length != announced) {
        return Err(other_bytes());
    }
    Ok(Expected {
        hash,
        length,
        most: length.unwrap_or(most),
    })
}

async fn write(mut draft: Draft, parts: &mut Parts, most: u64) -> Result<Draft, Failure> {
    let mut piece: Vec<u8> = Vec::new();
    loop {
        let part = match parts.next().await {
            Ok(part) => part,
            Err(refusal) => {
                draft.discard();
                return Err(refusal);
            }
        };
        if parts.received() as u64 > most {
            draft.discard();
            return Err(other_bytes());
        }
        let is_last = part.is_none();
        piece.extend_from_slice(&part.unwrap_or_else(Bytes::new));
        if piece.len() >= PIECE || is_last {
            let full = std::mem::take(&mut piece);
            draft = off_thread(move || match draft.write(&full) {
                Ok(()) => Ok(draft),
                Err(error) => {
                    draft.discard();
                    Err(error)
                }
            })
            .await?;
        }
        if is_last {
            return Ok(draft);
        }
    }
}

/// Takes away the bytes that no row names: of accounts that were removed, of what was taken back.
pub(crate) async fn sweep(store: Store, contents: Contents) {
    let swept = async {
        let listed = contents.clone();
        let hashes = off_thread(move || listed.hashes()).await?;
        let hashes = hashes.iter().map(Hash::to_string).collect();
        let named: HashSet<String> = store.named_contents(hashes).await?;
        let is_named = move |hash: &Hash| named.contains(&hash.to_string());
        off_thread(move || contents.sweep(SWEPT_AFTER, is_named)).await
    };
    match swept.await {
        Ok(swept) if swept.gone > 0 => tracing::info!(files = swept.gone, "swept media"),
        Ok(_) => {}
        Err(_) => tracing::warn!("media that nobody names stay for now"),
    }
}

/// Files block.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::internal())?.map_err(failed)
}

fn failed(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::StorageFull {
        return Failure::disk_full();
    }
    tracing::error!(%error, "the folder of media fails");
    Failure::internal()
}

fn id(text: &str) -> Result<Id, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn hash(about: &Announced) -> Option<Hash> {
    about.sha256.as_deref()?.to_ascii_lowercase().parse().ok()
}

fn other_bytes() -> Failure {
    Failure::bad_request("These are not the bytes that were announced. Nothing was kept.")
}

fn too_large(most: u64) -> Failure {
    Failure::too_large(format!("The file is larger than {most} bytes."))
}

/// The sender's name, in a form in which it can be nothing but a name.
fn disposition(file_name: Option<&str>) -> HeaderValue {
    let name: String = file_name.unwrap_or_default().chars().take(150).collect();
    let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let value = format!("attachment; filename*=UTF-8''{name}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}
