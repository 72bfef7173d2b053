//! The file of a message: what the database says of it, and whether the input has it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::{World, beside::Media};

/// The record of a file; the receiver is told which entry of the input has it.
pub(super) fn record(
    kind: MessageKind,
    media: Media,
    thumbnail: Option<String>,
    place: i64,
    world: &mut World<'_>,
) -> MediaRecord {
    let has_length = matches!(
        kind,
        MessageKind::Audio | MessageKind::Voice | MessageKind::Video
    );
    let platform_metadata = whereabouts(&media);
    let mut record = MediaRecord {
        media_type: kind.name().to_owned(),
        mime_type: media.mime,
        // The app names other files itself, by day and number.
        file_name: media.name.filter(|_| kind == MessageKind::Document),
        file_size: media.bytes,
        sha256: media.hash.as_deref().and_then(sha256),
        width: media.width,
        height: media.height,
        duration: media.seconds.filter(|_| has_length),
        thumbnail,
        platform_metadata,
    };
    // What a phone sends itself it may keep in another form than the platform has it: the bytes that are there count.
    let found = media.path.map(|path| {
        let files = &mut world.files;
        files.attach(&path, &mut record, &mut *world.receiver)
    });
    if matches!(found, Some(Err(_))) {
        world.error(
            place,
            "the file of a message was left out: it cannot be read",
        );
    }
    record
}

/// A hash in base64 as lower-case hex.
fn sha256(base64: &str) -> Option<String> {
    let bytes = STANDARD.decode(base64.trim()).ok()?;
    (bytes.len() == 32).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Where the platform keeps the bytes, and the key to them.
fn whereabouts(media: &Media) -> Option<Metadata> {
    let mut metadata = Metadata::new();
    let mut keep = |name: &str, value: Option<serde_json::Value>| {
        if let Some(value) = value {
            metadata.insert(name.to_owned(), value);
        }
    };
    keep("url", media.url.as_ref().map(|url| json!(url)));
    keep(
        "directPath",
        media.direct_path.as_ref().map(|path| json!(path)),
    );
    keep(
        "mediaKey",
        media.key.as_ref().map(|key| json!(STANDARD.encode(key))),
    );
    keep(
        "fileEncSha256",
        media.encrypted_hash.as_ref().map(|hash| json!(hash)),
    );
    // Milliseconds in some releases.
    let seconds = |at: i64| if at > 100_000_000_000 { at / 1_000 } else { at };
    keep(
        "mediaKeyTimestamp",
        media.key_at.map(|at| json!(seconds(at))),
    );
    (!metadata.is_empty()).then_some(metadata)
}
