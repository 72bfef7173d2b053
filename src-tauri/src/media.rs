//! `media://localhost/ID`: the bytes of files for the page's pictures and players.
//!
//! A file is named by its local id and by nothing else, so that no path comes from the page. Only what is a
//! picture, a film or a sound by its first bytes is answered, under that type; what could be a page of its
//! own never is. A part that is asked for is a part that is read: a film is not held in memory whole.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use tauri::{
    Manager, UriSchemeContext, UriSchemeResponder, Wry,
    http::{Request, Response, StatusCode, header},
};
use threadkeep_app::ShownMedia;

use crate::start::Opened;

/// The scheme's name; the policy in `tauri.conf.json` has it too.
pub const SCHEME: &str = "media";

/// The most that one answer to a question for a part holds.
const PART: u64 = 4 * 1024 * 1024;

/// Answers the page, off the thread that draws it.
pub fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let id = request.uri().path().trim_start_matches('/').to_owned();
        let range = request.headers().get(header::RANGE);
        let range = range
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let shown = match app.state::<Opened>().app() {
            Ok(app) => app.shown_media(&id).await,
            Err(_) => return responder.respond(refusal(StatusCode::SERVICE_UNAVAILABLE)),
        };
        let response = match shown {
            Ok(Some(media)) => {
                let read =
                    tauri::async_runtime::spawn_blocking(move || bytes(&media, range.as_deref()));
                match read.await {
                    Ok(Ok(response)) => response,
                    _ => refusal(StatusCode::INTERNAL_SERVER_ERROR),
                }
            }
            Ok(None) => refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Err(_) => refusal(StatusCode::NOT_FOUND),
        };
        responder.respond(response);
    });
}

fn bytes(media: &ShownMedia, range: Option<&str>) -> io::Result<Response<Vec<u8>>> {
    let asked = range.map(|range| part(range, media.length));
    let (status, first, length) = match asked {
        None => (StatusCode::OK, 0, media.length),
        Some(Some((first, last))) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Some(None) => return Ok(refusal(StatusCode::RANGE_NOT_SATISFIABLE)),
    };
    let mut file = File::open(&media.path)?;
    file.seek(SeekFrom::Start(first))?;
    let mut body = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut body)?;
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media.media_type)
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        )
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(header::ETAG, format!("\"{}\"", media.tag));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = first + length - 1;
        response = response.header(
            header::CONTENT_RANGE,
            format!("bytes {first}-{last}/{}", media.length),
        );
    }
    response.body(body).map_err(io::Error::other)
}

/// The first and the last byte of `bytes=5-9` or `bytes=5-`, no more than `PART` of them.
fn part(range: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.trim().parse().ok()?;
    let end = length.checked_sub(1)?;
    let last = match last.trim() {
        "" => end,
        last => last.parse::<u64>().ok()?.min(end),
    };
    let last = last.min(first.saturating_add(PART - 1));
    (first <= last).then_some((first, last))
}

fn refusal(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
