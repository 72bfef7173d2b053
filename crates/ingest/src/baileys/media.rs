//! The file of a message, as far as the message tells of it.

use serde_json::{Value, json};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::value::{base64, count, hex, number, text};

/// The longest thumbnail that is kept, in base64 characters.
const MAX_THUMBNAIL: usize = 8 * 1024;

/// The record of the file that an `imageMessage`, `audioMessage` and so on tells of.
pub(super) fn record(kind: MessageKind, part: &Value) -> MediaRecord {
    let thumbnail = base64(part, "jpegThumbnail").or_else(|| base64(part, "pngThumbnail"));
    let file_name = text(part, "fileName").or_else(|| match kind {
        MessageKind::Document => text(part, "title"),
        _ => None,
    });
    MediaRecord {
        media_type: kind.name().to_owned(),
        mime_type: text(part, "mimetype").map(str::to_owned),
        file_name: file_name.map(str::to_owned),
        file_size: count(part, "fileLength"),
        sha256: hex(part, "fileSha256").filter(|digest| digest.len() == 64),
        width: count(part, "width").filter(|width| *width > 0),
        height: count(part, "height").filter(|height| *height > 0),
        duration: count(part, "seconds"),
        thumbnail: thumbnail.filter(|thumbnail| thumbnail.len() <= MAX_THUMBNAIL),
        platform_metadata: whereabouts(part),
    }
}

/// Where the platform keeps the bytes, and the key to them.
fn whereabouts(part: &Value) -> Option<Metadata> {
    let mut metadata = Metadata::new();
    for name in ["url", "directPath"] {
        if let Some(place) = text(part, name) {
            metadata.insert(name.to_owned(), json!(place));
        }
    }
    for name in ["mediaKey", "fileEncSha256"] {
        if let Some(bytes) = base64(part, name) {
            metadata.insert(name.to_owned(), json!(bytes));
        }
    }
    if let Some(seconds) = number(part, "mediaKeyTimestamp") {
        metadata.insert("mediaKeyTimestamp".to_owned(), json!(seconds));
    }
    (!metadata.is_empty()).then_some(metadata)
}
