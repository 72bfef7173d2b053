//! The formats that can be read, and telling them apart.

use std::{fmt, str::FromStr};

use crate::{
    Input, InputError, Options, ReadError, Receive,
    baileys::{events, store},
    json, neutral, telegram, vcard, whatsapp_ios,
};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// What a Baileys socket emits, one `{"event", "data"}` a line.
    BaileysEvents,
    /// `baileys_store.json`, as Baileys' in-memory store writes it.
    BaileysStore,
    /// `msgstore.db` of WhatsApp on Android, or an encrypted backup of it.
    WhatsappAndroid,
    /// The text of WhatsApp's "Export chat", with the files of its messages or without.
    WhatsappExport,
    /// `ChatStorage.sqlite` of WhatsApp on iPhones and Macs.
    WhatsappIos,
    /// `result.json` of Telegram Desktop.
    Telegram,
    /// A download from Facebook or Messenger.
    Messenger,
    /// A download from Instagram.
    Instagram,
    /// The plaintext export of Signal.
    Signal,
    /// vCards: names for people.
    Vcard,
    /// Neutral records, as JSON or NDJSON.
    Neutral,
}

/// What there is to know of a format, in one place: a new one is a row here.
struct Row {
    format: Format,
    name: &'static str,
    title: &'static str,
    platform: Option<&'static str>,
    recognise: fn(&Input) -> Result<bool, InputError>,
    read: fn(&Input, &Options, &mut dyn Receive) -> Result<(), ReadError>,
}

const ROWS: &[Row] = &[
    Row {
        format: Format::BaileysEvents,
        name: "baileys-events",
        title: "Baileys events",
        platform: Some("whatsapp"),
        recognise: events::recognise,
        read: events::read,
    },
    Row {
        format: Format::BaileysStore,
        name: "baileys-store",
        title: "Baileys store",
        platform: Some("whatsapp"),
        recognise: store::recognise,
        read: store::read,
    },
    Row {
        format: Format::WhatsappAndroid,
        name: "whatsapp-android",
        title: "WhatsApp on Android",
        platform: Some("whatsapp"),
        recognise: crate::whatsapp_android::recognise,
        read: crate::whatsapp_android::read,
    },
    Row {
        format: Format::WhatsappExport,
        name: "whatsapp-export",
        title: "WhatsApp chat export",
        platform: Some("whatsapp"),
        recognise: crate::whatsapp_export::recognise,
        read: crate::whatsapp_export::read,
    },
    Row {
        format: Format::WhatsappIos,
        name: "whatsapp-ios",
        title: "WhatsApp on an iPhone",
        platform: Some("whatsapp"),
        recognise: whatsapp_ios::recognise,
        read: whatsapp_ios::read,
    },
    Row {
        format: Format::Telegram,
        name: "telegram",
        title: "Telegram export",
        platform: Some("telegram"),
        recognise: telegram::recognise,
        read: telegram::read,
    },
    Row {
        format: Format::Messenger,
        name: "messenger",
        title: "Facebook or Messenger download",
        platform: Some("messenger"),
        recognise: crate::messenger::recognise,
        read: crate::messenger::read,
    },
    Row {
        format: Format::Instagram,
        name: "instagram",
        title: "Instagram download",
        platform: Some("instagram"),
        recognise: crate::instagram::recognise,
        read: crate::instagram::read,
    },
    Row {
        format: Format::Signal,
        name: "signal",
        title: "Signal export",
        platform: Some("signal"),
        recognise: crate::signal::recognise,
        read: crate::signal::read,
    },
    Row {
        format: Format::Vcard,
        name: "vcard",
        title: "Address book",
        platform: Some("whatsapp"),
        recognise: vcard::recognise,
        read: vcard::read,
    },
    Row {
        format: Format::Neutral,
        name: "neutral",
        title: "Threadkeep records",
        platform: None,
        recognise: neutral::recognise,
        read: neutral::read,
    },
];

impl Format {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.format)
    }

    fn row(self) -> &'static Row {
        // Each has a row: a test looks.
        ROWS.iter()
            .find(|row| row.format == self)
            .unwrap_or(&ROWS[0])
    }

    /// The name in commands and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// Whether files that lie beside one of this format belong to it: names, pictures, a log of what was written last.
    #[must_use]
    pub const fn has_files_beside(self) -> bool {
        !matches!(
            self,
            Self::BaileysEvents | Self::BaileysStore | Self::Neutral
        )
    }

    /// The platform whose chats it holds, as accounts name it; `None` where it may be any.
    #[must_use]
    pub fn platform(self) -> Option<&'static str> {
        self.row().platform
    }
}

/// The formats that an input holds, by what is in it and not by its name. A folder or an archive may hold several: an
/// account's download with the chats of two platforms, a backup with contacts beside it.
///
/// # Errors
/// When the input cannot be read.
pub fn recognise(input: &Input) -> Result<Vec<Format>, InputError> {
    let mut found = Vec::new();
    for row in ROWS {
        if (row.recognise)(input)? {
            found.push(row.format);
        }
    }
    Ok(found)
}

/// Reads what an input holds of a format.
///
/// # Errors
/// When the input cannot be read to its end; what was handed on before is the receiver's to keep or to drop. What is
/// wrong with single records is told to the receiver.
pub fn read(
    format: Format,
    input: &Input,
    options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    (format.row().read)(input, options, receiver)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of the formats.
#[derive(Debug, thiserror::Error)]
#[error("there is no format {0:?}; there are {names}", names = Format::all().map(Format::name).collect::<Vec<_>>().join(", "))]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Tells a format of JSON from the first value of a text, which may be cut anywhere; `None` where it is none of them.
#[must_use]
pub fn detect(text: &[u8]) -> Option<Format> {
    let text = json::trim(json::without_bom(text));
    match text.first()? {
        b'[' => {
            let first = json::trim(&text[1..]);
            // An empty array holds no records.
            let is_neutral = first.starts_with(b"]") || is_record(&json::leading_members(first));
            is_neutral.then_some(Format::Neutral)
        }
        b'{' => {
            let members = json::leading_members(text);
            let value = |name: &str| {
                let found = members.iter().find(|(key, _)| key == name);
                found.map(|(_, value)| *value)
            };
            if value("event").is_some() && value("data").is_some() {
                Some(Format::BaileysEvents)
            } else if is_record(&members) || value("records").is_some() {
                Some(Format::Neutral)
            } else if is_store(value) {
                Some(Format::BaileysStore)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whether an object's `type` is one of a record's. Others write objects with a `type` too.
fn is_record(members: &[(String, &[u8])]) -> bool {
    const TYPES: [&[u8]; 12] = [
        b"\"conversation\"",
        b"\"participant\"",
        b"\"contact\"",
        b"\"message\"",
        b"\"edit\"",
        b"\"revoke\"",
        b"\"reaction\"",
        b"\"receipt\"",
        b"\"status\"",
        b"\"address\"",
        b"\"history_asked\"",
        b"\"history_result\"",
    ];
    let kind = members.iter().find(|(key, _)| key == "type");
    kind.is_some_and(|(_, value)| TYPES.iter().any(|name| value.starts_with(name)))
}

/// Whether an object has the parts of a Baileys store: messages are filed by chat, and chats are listed or filed by id.
/// Others have lists of messages, and objects that say something about their chats.
fn is_store<'a>(value: impl Fn(&str) -> Option<&'a [u8]>) -> bool {
    if let Some(messages) = value("messages") {
        return messages.starts_with(b"{");
    }
    if let Some(chats) = value("chats") {
        let says_something = || {
            let members = json::leading_members(chats);
            members.iter().any(|(_, part)| part.starts_with(b"\""))
        };
        return chats.starts_with(b"[") || (chats.starts_with(b"{") && !says_something());
    }
    value("contacts").is_some_and(|contacts| contacts.starts_with(b"{"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::events(r#"{"event":"chats.update","data":[]}"#, Some(Format::BaileysEvents))]
    #[case::events_cut_short(r#"{"event":"chats.upsert","data":[{"i"#, Some(Format::BaileysEvents))]
    #[case::record(r#"{"type":"contact"}"#, Some(Format::Neutral))]
    #[case::envelope("\u{feff} {\"records\": []}", Some(Format::Neutral))]
    #[case::array(r#" [{"a": 1, "type": "message"}]"#, Some(Format::Neutral))]
    #[case::empty_array("[ ]", Some(Format::Neutral))]
    #[case::array_of_others(r#"[{"title": "a"}, 1]"#, None)]
    #[case::telegram_chat(r#"{"name":"Ana","type":"personal_chat","messages":[]}"#, None)]
    #[case::telegram_account(r#"{"about":"","chats":{"about":"","list":[]}}"#, None)]
    #[case::messenger(r#"{"participants":[],"messages":[{"sender_name":"#, None)]
    #[case::store(
        r#"{"chats":[],"contacts":{},"messages":{}}"#,
        Some(Format::BaileysStore)
    )]
    #[case::store_of_chats(r#"{"chats":{"a@g.us":{"id":"#, Some(Format::BaileysStore))]
    #[case::store_cut_short(r#"{"chats":[],"messages":{"a":["#, Some(Format::BaileysStore))]
    #[case::something_else(r#"{"name":"x"}"#, None)]
    #[case::no_json("hello", None)]
    #[case::nothing("", None)]
    fn the_first_value_tells_the_format(#[case] text: &str, #[case] format: Option<Format>) {
        assert_eq!(detect(text.as_bytes()), format);
    }

    #[test]
    fn names_are_read_back_and_each_format_has_a_row() {
        for format in Format::all() {
            assert_eq!(format.row().format, format);
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
        }
        assert!(
            "baileys".parse::<Format>().is_err(),
            "a part of a name is none"
        );
    }
}
