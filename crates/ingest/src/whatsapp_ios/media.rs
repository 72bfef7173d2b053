//! What the database says of the file of a message.

use base64::{Engine, engine::general_purpose::STANDARD};
use threadkeep_protocol::{MediaRecord, MessageKind};

use super::{row::Message, select::Column};

/// What the database says. A document's title is its name; other files have none that a person gave them.
pub(super) fn record(kind: MessageKind, message: Message<'_>) -> MediaRecord {
    let has_duration = matches!(
        kind,
        MessageKind::Video | MessageKind::Audio | MessageKind::Voice
    );
    let has_size = matches!(
        kind,
        MessageKind::Image | MessageKind::Video | MessageKind::Sticker
    );
    let pixels = |column| {
        let pixels = message.number(column).filter(|_| has_size);
        pixels.filter(|pixels| (1..=100_000).contains(pixels))
    };
    let name = message
        .text(Column::Title)
        .filter(|_| kind == MessageKind::Document);
    MediaRecord {
        media_type: kind.name().to_owned(),
        mime_type: message
            .text(Column::Card)
            .filter(|text| is_mime(text))
            .map(Into::into),
        file_name: name.map(Into::into),
        file_size: message.number(Column::Bytes).filter(|bytes| *bytes > 0),
        sha256: message
            .text(Column::CardName)
            .and_then(|hash| digest(&hash)),
        width: pixels(Column::Latitude),
        height: pixels(Column::Longitude),
        duration: message
            .number(Column::Seconds)
            .filter(|seconds| has_duration && *seconds >= 0),
        ..MediaRecord::default()
    }
}

fn is_mime(text: &str) -> bool {
    text.len() < 200
        && text
            .split_once('/')
            .is_some_and(|(kind, of)| !kind.is_empty() && !of.is_empty())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// A SHA-256 in base64, as lower-case hex.
fn digest(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    (bytes.len() == 32).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
