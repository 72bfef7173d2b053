//! Things in a line of a script: `[photo]`, `[voice]`, `[poll What?; a; b]` and so on.

use serde_json::json;
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::{media::thumbnail, random::Random};

/// A line with its thing made up.
pub(super) struct Thing {
    pub(super) kind: MessageKind,
    pub(super) content: String,
    pub(super) media: Option<MediaRecord>,
    pub(super) metadata: Option<Metadata>,
}

impl Thing {
    fn new(kind: MessageKind, content: &str) -> Self {
        Self {
            kind,
            content: content.to_owned(),
            media: None,
            metadata: None,
        }
    }

    fn with(mut self, name: &str, value: serde_json::Value) -> Self {
        self.metadata
            .get_or_insert_default()
            .insert(name.to_owned(), value);
        self
    }

    fn with_media(mut self, media: MediaRecord) -> Self {
        self.media = Some(MediaRecord {
            media_type: self.kind.name().to_owned(),
            ..media
        });
        self
    }
}

/// Reads a line: a thing with a caption, or plain text.
pub(super) fn read(line: &str, random: &mut Random) -> Thing {
    let marked = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((mark, caption)) = marked else {
        return Thing::new(MessageKind::Text, line);
    };
    let caption = caption.trim();
    let (name, about) = mark.split_once(' ').unwrap_or((mark, ""));
    let about: Vec<&str> = about.split(';').map(str::trim).collect();
    match name {
        "photo" => Thing::new(MessageKind::Image, caption).with_media(photo(random)),
        "video" => Thing::new(MessageKind::Video, caption).with_media(video(random)),
        "voice" => Thing::new(MessageKind::Voice, "").with_media(MediaRecord {
            duration: Some(random.between(3, 190)),
            ..file("audio/ogg; codecs=opus", random.between(9_000, 400_000))
        }),
        "sticker" => Thing::new(MessageKind::Sticker, "").with_media(MediaRecord {
            width: Some(512),
            height: Some(512),
            ..file("image/webp", random.between(14_000, 90_000))
        }),
        "doc" => Thing::new(MessageKind::Document, caption).with_media(MediaRecord {
            file_name: Some(about[0].to_owned()),
            ..file(mime_type(about[0]), random.between(24_000, 2_400_000))
        }),
        "place" => place(&about),
        "poll" => Thing::new(MessageKind::Poll, about[0])
            .with("poll", json!({"options": about[1..], "selectable": 1})),
        "call" | "vcall" => call(name == "vcall", random),
        "audio" => Thing::new(MessageKind::Audio, "").with_media(MediaRecord {
            file_name: Some(about[0].to_owned()),
            duration: Some(random.between(120, 300)),
            ..file("audio/mpeg", random.between(2_000_000, 7_000_000))
        }),
        "card" => card(about[0], about.last().unwrap_or(&"")),
        // What a newer client than ours might send.
        "riddle" => Thing {
            kind: MessageKind::Unknown,
            ..Thing::new(MessageKind::Text, "").with("raw", json!({"riddleMessage": {"v": 1}}))
        },
        "missed" => Thing::new(MessageKind::Call, "Missed voice call"),
        _ => Thing::new(MessageKind::Text, line),
    }
}

/// A card of somebody that is passed on.
fn card(name: &str, number: &str) -> Thing {
    let vcard = format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;TYPE=CELL:+{number}\nEND:VCARD");
    Thing::new(MessageKind::Contact, name)
        .with("contacts", json!([{"display_name": name, "vcard": vcard}]))
}

fn file(mime_type: &str, size: i64) -> MediaRecord {
    MediaRecord {
        mime_type: Some(mime_type.to_owned()),
        file_size: Some(size),
        ..MediaRecord::default()
    }
}

fn photo(random: &mut Random) -> MediaRecord {
    let (width, height) = random.pick(&[(1600, 1200), (1200, 1600), (1280, 960), (1080, 1080)]);
    MediaRecord {
        width: Some(width),
        height: Some(height),
        thumbnail: Some(thumbnail(random)),
        ..file("image/jpeg", random.between(80_000, 900_000))
    }
}

fn video(random: &mut Random) -> MediaRecord {
    MediaRecord {
        width: Some(848),
        height: Some(480),
        duration: Some(random.between(4, 75)),
        thumbnail: Some(thumbnail(random)),
        ..file("video/mp4", random.between(700_000, 14_000_000))
    }
}

fn place(about: &[&str]) -> Thing {
    let [name, address @ .., latitude, longitude] = about else {
        return Thing::new(MessageKind::Location, "");
    };
    let degrees = |text: &str| text.parse::<f64>().unwrap_or_default();
    Thing::new(MessageKind::Location, name).with(
        "location",
        json!({
            "latitude": degrees(latitude),
            "longitude": degrees(longitude),
            "name": name,
            "address": address.join(", "),
            "live": false,
        }),
    )
}

fn call(is_video: bool, random: &mut Random) -> Thing {
    let seconds = random.between(20, 3_000);
    let medium = if is_video { "Video call" } else { "Voice call" };
    let words = format!("{medium}, {}:{:02}", seconds / 60, seconds % 60);
    Thing::new(MessageKind::Call, &words).with(
        "call",
        json!({"isVideo": is_video, "durationSecs": seconds}),
    )
}

fn mime_type(file_name: &str) -> &'static str {
    match file_name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "text/plain",
    }
}
