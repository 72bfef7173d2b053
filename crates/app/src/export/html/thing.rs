//! What a message brings beside its words: files, places, cards.

use std::{
    fmt::Display,
    io::{self, Write},
};

use super::text::{Address, Escaped};
use crate::{
    view::{Media, Message, Place},
    words::{Words, fill},
};

/// A file that lies beside the page.
#[derive(Debug)]
pub(super) struct Kept {
    /// Its folder, beside the page.
    pub(super) folder: String,
    pub(super) name: String,
    /// What it is, where a browser shows or plays it.
    pub(super) media_type: Option<&'static str>,
    /// A click may open it: no program runs it, and it holds none.
    pub(super) opens: bool,
}

impl Kept {
    fn address(&self) -> String {
        format!("{}/{}", Address(&self.folder), Address(&self.name))
    }
}

/// Writes it.
pub(super) fn write(
    out: &mut impl Write,
    message: &Message,
    kept: Option<&Kept>,
    words: &Words,
) -> io::Result<()> {
    if let Some(place) = &message.place {
        return location(out, place, words);
    }
    for card in &message.cards {
        let name = if card.name.is_empty() {
            words.a_contact
        } else {
            &card.name
        };
        let phone = if card.phone.is_empty() {
            words.no_phone
        } else {
            &card.phone
        };
        boxed(out, "person", Escaped(name), Escaped(phone))?;
    }
    if !message.cards.is_empty() {
        return Ok(());
    }
    if let Some(media) = &message.media {
        return match kept {
            Some(kept) => here(out, media, kept, &message.text, words),
            None => away(out, media, &message.text, words),
        };
    }
    match message.kind.as_str() {
        "unknown" => {
            let kind = message.unknown_kind.as_deref().unwrap_or_default();
            let kind = format!("<code>{}</code>", Escaped(kind));
            boxed(out, "puzzle", words.not_understood, kind)
        }
        "poll" if message.poll.is_some() => Ok(()),
        "call" => Ok(()),
        kind => match words.kind(kind) {
            Some(name) => boxed(out, kind, name, words.nothing_more),
            None => Ok(()),
        },
    }
}

fn location(out: &mut impl Write, place: &Place, words: &Words) -> io::Result<()> {
    let name = if place.name.is_empty() {
        words.location
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

/// A file that lies beside the page: shown or played where a browser can, else a link to it.
fn here(
    out: &mut impl Write,
    media: &Media,
    kept: &Kept,
    caption: &str,
    words: &Words,
) -> io::Result<()> {
    let kind = media.media_type.as_str();
    let name = words.kind(kind).unwrap_or(words.file);
    let address = kept.address();
    let measures = measures(media);
    match kept.media_type {
        Some(shown) if shown.starts_with("image/") => {
            write!(
                out,
                "<figure class=\"picture\"><a href=\"{address}\"><img src=\"{address}\" alt=\"{}\" loading=\"lazy\"{}></a></figure>",
                Escaped(&described(name, caption)),
                extent(media)
            )
        }
        Some(shown) if shown.starts_with("video/") => {
            write!(
                out,
                "<figure class=\"picture\"><video controls preload=\"metadata\" src=\"{address}\" aria-label=\"{}\"{}></video></figure>",
                Escaped(&described(name, caption)),
                extent(media)
            )
        }
        Some(_) => write!(
            out,
            "<figure class=\"sound\"><audio controls preload=\"none\" src=\"{address}\" aria-label=\"{name}\"></audio></figure>"
        ),
        None => {
            let title = if media.file_name.is_empty() {
                name
            } else {
                &media.file_name
            };
            if kept.opens {
                let link = format!("<a href=\"{address}\">{}</a>", Escaped(title));
                return boxed(out, kind, link, measures.join(" · "));
            }
            let file = format!("{}/{}", kept.folder, kept.name);
            let about = [measures, vec![fill(words.kept_as, [&file])]].concat();
            boxed(out, kind, Escaped(title), Escaped(&about.join(" · ")))
        }
    }
}

/// A file of which only this is known.
fn away(out: &mut impl Write, media: &Media, caption: &str, words: &Words) -> io::Result<()> {
    let kind = media.media_type.as_str();
    let name = words.kind(kind).unwrap_or(words.file);
    let title = if media.file_name.is_empty() {
        name
    } else {
        &media.file_name
    };
    let about = [measures(media), vec![words.not_included.to_owned()]].concat();
    let about = about.join(" · ");
    let Some(picture) = &media.thumbnail else {
        return boxed(out, kind, Escaped(title), Escaped(&about));
    };
    write!(
        out,
        "<figure class=\"picture\"><img src=\"{}\" alt=\"{}\"{}><figcaption><bdi>{}</bdi> · {}</figcaption></figure>",
        Escaped(picture),
        Escaped(&described(name, caption)),
        extent(media),
        Escaped(title),
        Escaped(&about)
    )
}

fn described(name: &str, caption: &str) -> String {
    if caption.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {caption}")
    }
}

fn extent(media: &Media) -> String {
    match (media.width, media.height) {
        (Some(width), Some(height)) => format!(" width=\"{width}\" height=\"{height}\""),
        _ => String::new(),
    }
}

/// Length and size.
fn measures(media: &Media) -> Vec<String> {
    [media.seconds.map(length), media.bytes.map(size)]
        .into_iter()
        .flatten()
        .collect()
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
