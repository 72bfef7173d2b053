//! Attachments.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::people::hex;
use crate::json::value::{bytes, count, field, text};

/// A file that a message has.
pub(super) struct File {
    pub(super) kind: MessageKind,
    pub(super) media: MediaRecord,
    /// What its file is called, without an ending.
    pub(super) name: Option<String>,
    pub(super) is_gif: bool,
}

/// Reads an attachment: a pointer and what it is.
pub(super) fn attachment(attachment: &Value) -> File {
    let pointer = attachment.get("pointer").unwrap_or(&Value::Null);
    let mime = text(pointer, "contentType").unwrap_or_default();
    let flag = text(attachment, "flag");
    let kind = match mime.split('/').next().unwrap_or_default() {
        _ if flag == Some("VOICE_MESSAGE") => MessageKind::Voice,
        "image" => MessageKind::Image,
        "video" => MessageKind::Video,
        "audio" => MessageKind::Audio,
        _ => MessageKind::Document,
    };
    let mut file = self::pointer(kind, pointer);
    file.is_gif = flag == Some("GIF");
    file
}

/// Reads a pointer to a file of a kind.
pub(super) fn pointer(kind: MessageKind, pointer: &Value) -> File {
    let locator = pointer.get("locatorInfo").unwrap_or(&Value::Null);
    let hash = field(locator, "plaintextHash").and_then(bytes);
    let hash = hash.filter(|hash| hash.len() == 32);
    let name = hash.as_ref().and_then(|hash| {
        let key = field(locator, "localKey").and_then(bytes)?;
        let digest = Sha256::new().chain_update(hash).chain_update(key);
        Some(hex(&digest.finalize()))
    });
    let metadata = text(pointer, "blurHash")
        .map(|hash| Metadata::from_iter([("blur_hash".to_owned(), json!(hash))]));
    let owned = |name| text(pointer, name).map(str::to_owned);
    let positive = |name| count(pointer, name).filter(|pixels| *pixels > 0);
    File {
        kind,
        media: MediaRecord {
            media_type: kind.name().to_owned(),
            mime_type: owned("contentType"),
            file_name: owned("fileName"),
            file_size: count(locator, "size"),
            sha256: hash.map(|hash| hex(&hash)),
            width: positive("width"),
            height: positive("height"),
            platform_metadata: metadata,
            ..MediaRecord::default()
        },
        name,
        is_gif: false,
    }
}
