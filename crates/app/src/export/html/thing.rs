//! What a message brings beside its words: files, places, cards.

use std::{
    fmt::Display,
    io::{self, Write},
};

use super::text::Escaped;
use crate::view::{Media, Message, Place};

/// Writes it.
pub(super) fn write(out: &mut impl Write, message: &Message) -> io::Result<()> {
    if let Some(place) = &message.place {
        return location(out, place);
    }
    for card in &message.cards {
        let name = if card.name.is_empty() {
            "A contact"
        } else {
            &card.name
        };
        let phone = if card.phone.is_empty() {
            "No telephone number"
        } else {
            &card.phone
        };
        boxed(out, "person", Escaped(name), Escaped(phone))?;
    }
    if !message.cards.is_empty() {
        return Ok(());
    }
    if let Some(media) = &message.media {
        return file(out, media, &message.text);
    }
    match message.kind.as_str() {
        "unknown" => boxed(
            out,
            "puzzle",
            "A kind of message that Threadkeep does not understand yet",
            format_args!(
                "It is kept. <code>{}</code>",
                Escaped(message.unknown_kind.as_deref().unwrap_or_default())
            ),
        ),
        "poll" if message.poll.is_some() => Ok(()),
        kind => match kind_name(kind) {
            Some(name) => boxed(out, kind, name, "Nothing more is known of it"),
            None => Ok(()),
        },
    }
}

fn location(out: &mut impl Write, place: &Place) -> io::Result<()> {
    let name = if place.name.is_empty() {
        "Location"
    } else {
        &place.name
    };
    let (latitude, longitude) = (place.latitude, place.longitude);
    let map = format!(
        "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"
    );
    let at = format!("{latitude:.5}, {longitude:.5}");
    boxed(
        out,
        "location",
        Escaped(name),
        format_args!(
            "<bdi>{}</bdi> <a href=\"{}\" rel=\"noopener noreferrer\">{at}</a>",
            Escaped(&place.address),
            Escaped(&map)
        ),
    )
}

fn file(out: &mut impl Write, media: &Media, caption: &str) -> io::Result<()> {
    let kind = media.media_type.as_str();
    let name = kind_name(kind).unwrap_or("File");
    let title = if media.file_name.is_empty() {
        name
    } else {
        &media.file_name
    };
    let about = about(media);
    let Some(picture) = &media.thumbnail else {
        return boxed(out, kind, Escaped(title), Escaped(&about));
    };
    let said = if caption.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {caption}")
    };
    write!(
        out,
        "<figure class=\"picture\"><img src=\"{}\" alt=\"{}\"",
        Escaped(picture),
        Escaped(&said)
    )?;
    if let (Some(width), Some(height)) = (media.width, media.height) {
        write!(out, " width=\"{width}\" height=\"{height}\"")?;
    }
    write!(
        out,
        "><figcaption><bdi>{}</bdi> · {}</figcaption></figure>",
        Escaped(title),
        Escaped(&about)
    )
}

/// Length, size, and that there is but its name.
fn about(media: &Media) -> String {
    let mut parts = Vec::new();
    if let Some(seconds) = media.seconds {
        parts.push(length(seconds));
    }
    if let Some(bytes) = media.bytes {
        parts.push(size(bytes));
    }
    parts.push("not included".to_owned());
    parts.join(" · ")
}

fn boxed(
    out: &mut impl Write,
    icon: &str,
    title: impl Display,
    about: impl Display,
) -> io::Result<()> {
    write!(
        out,
        "<div class=\"thing\"><span class=\"badge\">{}</span><p><b><bdi>{title}</bdi></b>\
         <small>{about}</small></p></div>",
        shape(icon)
    )
}

fn kind_name(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "image" => "Photo",
        "video" => "Video",
        "audio" => "Audio",
        "voice" => "Voice message",
        "document" => "Document",
        "sticker" => "Sticker",
        "location" => "Location",
        "contact" => "Contact",
        "poll" => "Poll",
        _ => return None,
    })
}

/// One of the drawings that every page holds once.
pub(super) fn shape(name: &str) -> String {
    let name = match name {
        "image" | "video" | "audio" | "voice" | "sticker" | "location" | "person" | "poll"
        | "call" | "puzzle" | "star" | "forward" => name,
        "contact" => "person",
        _ => "document",
    };
    format!(
        "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><use href=\"#{name}\"/></svg>"
    )
}

/// `1:24`, `1:02:03`.
fn length(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

/// Sizes as people see them on disks: powers of 1,000.
fn size(bytes: i64) -> String {
    let bytes = u64::try_from(bytes).unwrap_or_default();
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    // In tenths, which is all that is shown.
    let mut tenths = bytes / 100;
    for unit in ["KB", "MB", "GB"] {
        if tenths < 10_000 {
            return if tenths < 100 && unit != "KB" {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            } else {
                format!("{} {unit}", (tenths + 5) / 10)
            };
        }
        tenths /= 1_000;
    }
    format!("{} TB", tenths / 10)
}
