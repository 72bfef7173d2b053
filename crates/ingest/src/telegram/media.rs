//! The file of a message, as far as the message tells of it.

use serde_json::{Value, json};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use crate::json::value::{count, text};

/// A file that a message tells of.
pub(super) struct File {
    pub(super) kind: MessageKind,
    pub(super) media: MediaRecord,
    /// Where it lies beside `result.json`; `None` where it was not exported.
    pub(super) path: Option<String>,
    /// What the message is beside its kind.
    pub(super) metadata: Metadata,
}

/// Reads the file of a message, if it has one.
pub(super) fn read(message: &Value) -> Option<File> {
    let photo = text(message, "photo");
    let written = photo.or_else(|| text(message, "file"))?;
    let mut metadata = Metadata::new();
    let kind = match text(message, "media_type") {
        _ if photo.is_some() => MessageKind::Image,
        Some("sticker") => MessageKind::Sticker,
        Some("voice_message") => MessageKind::Voice,
        Some("audio_file") => MessageKind::Audio,
        Some("video_file") => MessageKind::Video,
        Some("video_message") => {
            metadata.insert("round".to_owned(), json!(true));
            MessageKind::Video
        }
        Some("animation") => {
            metadata.insert("gif".to_owned(), json!(true));
            MessageKind::Video
        }
        _ => MessageKind::Document,
    };
    for name in ["sticker_emoji", "performer", "title"] {
        if let Some(words) = text(message, name) {
            metadata.insert(name.to_owned(), json!(words));
        }
    }
    let missing = missing(written);
    // What Telegram named itself after a running number is no name.
    let has_name = matches!(
        kind,
        MessageKind::Document | MessageKind::Audio | MessageKind::Video
    );
    let last = written.rsplit('/').next();
    let name = text(message, "file_name")
        .or_else(|| last.filter(|_| has_name && missing.is_none() && metadata.is_empty()));
    let size = if photo.is_some() {
        "photo_file_size"
    } else {
        "file_size"
    };
    let mime = text(message, "mime_type").or_else(|| photo.map(|_| "image/jpeg"));
    let media = MediaRecord {
        media_type: kind.name().to_owned(),
        mime_type: mime.map(str::to_owned),
        file_name: name.map(str::to_owned),
        file_size: count(message, size),
        width: count(message, "width").filter(|width| *width > 0),
        height: count(message, "height").filter(|height| *height > 0),
        duration: count(message, "duration_seconds"),
        platform_metadata: missing
            .map(|why| Metadata::from_iter([("missing".to_owned(), json!(why))])),
        ..MediaRecord::default()
    };
    Some(File {
        kind,
        media,
        path: missing.is_none().then(|| written.to_owned()),
        metadata,
    })
}

/// Why the exporter left a file out, from what it wrote in place of a path.
fn missing(written: &str) -> Option<&'static str> {
    const REASONS: [(&str, &str); 3] = [
        ("(File not included.", "not included"),
        ("(File exceeds maximum size.", "too large"),
        ("(File unavailable,", "unavailable"),
    ];
    let found = REASONS.iter().find(|(words, _)| written.contains(words));
    found.map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::photo(json!({"photo": "photos/photo_1.jpg"}), MessageKind::Image, None)]
    #[case::file(json!({"file": "files/Plan.pdf"}), MessageKind::Document, Some("Plan.pdf"))]
    #[case::named(json!({"file": "files/Plan (1).pdf", "file_name": "Plan.pdf"}), MessageKind::Document, Some("Plan.pdf"))]
    #[case::voice(json!({"file": "voice_messages/audio_1.ogg", "media_type": "voice_message"}), MessageKind::Voice, None)]
    #[case::round(json!({"file": "round_video_messages/file_1.mp4", "media_type": "video_message"}), MessageKind::Video, None)]
    #[case::sticker(json!({"file": "stickers/sticker.webp", "media_type": "sticker", "sticker_emoji": "👋"}), MessageKind::Sticker, None)]
    fn a_file_is_what_the_message_says(
        #[case] message: Value,
        #[case] kind: MessageKind,
        #[case] name: Option<&str>,
    ) {
        let file = read(&message).unwrap();
        assert_eq!(
            (file.kind, file.media.file_name.as_deref()),
            (kind, name),
            "only a name that a person gave is one"
        );
        assert!(file.path.is_some(), "it lies beside the export");
    }

    #[rstest]
    #[case(
        "(File not included. Change data exporting settings to download.)",
        "not included"
    )]
    #[case(
        "big.mp4 (File exceeds maximum size. Change data exporting settings to download.)",
        "too large"
    )]
    #[case("(File unavailable, please try again later)", "unavailable")]
    fn what_was_not_exported_is_marked(#[case] written: &str, #[case] why: &str) {
        let file = read(&json!({"file": written, "file_size": 5})).unwrap();
        assert_eq!(file.path, None, "it is no path");
        assert_eq!(file.media.file_name, None);
        assert_eq!(file.media.file_size, Some(5));
        assert_eq!(file.media.platform_metadata.unwrap()["missing"], why);
    }

    #[test]
    fn a_message_without_a_file_has_none() {
        assert!(read(&json!({"text": "photo"})).is_none());
    }
}
