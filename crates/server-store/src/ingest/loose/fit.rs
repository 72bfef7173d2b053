//! Whether a message without an id is one that has an id.

use std::collections::{HashMap, HashSet};

use threadkeep_protocol::{Jid, MessageKind, Timestamp, loose};

use crate::kept::{Contact, Media, Message};

/// The worst fit that is one.
pub const WORST: u8 = 7;

/// Where a message stands among those of its minute.
pub type Side = (Timestamp, String);

/// What of a message is compared.
pub struct Traits {
    at: Timestamp,
    name: String,
    is_from_me: bool,
    sender: Option<String>,
    sender_name: String,
    texts: Vec<String>,
    is_deleted: bool,
    kind: MessageKind,
    has_media: bool,
    file: String,
}

impl Traits {
    pub fn of(row: &Message, media: Option<&Media>) -> Self {
        let file = media.and_then(|media| media.file_name.as_deref());
        Self {
            at: row.timestamp,
            name: row.external_id.clone(),
            is_from_me: row.is_from_me,
            sender: row.sender.clone(),
            sender_name: row
                .sender_display_name
                .as_deref()
                .map_or_else(String::new, loose::name),
            texts: row
                .versions
                .texts()
                .map(loose::text)
                .filter(|text| !text.is_empty())
                .collect(),
            is_deleted: row.is_deleted,
            kind: row.kind,
            has_media: media.is_some(),
            file: file.map_or_else(String::new, loose::text),
        }
    }

    /// By time and then by name, so that equals have an order of their own.
    pub fn place(&self) -> Side {
        (self.at, self.name.clone())
    }
}

/// Who goes by which name.
#[derive(Default)]
pub struct Names(HashMap<String, HashSet<String>>);

impl Names {
    /// Somebody goes by a name as it is compared; says whether that is news.
    pub fn add(&mut self, name: String, address: &str) -> bool {
        self.0.entry(name).or_default().insert(address.to_owned())
    }

    pub fn know(&mut self, contact: &Contact) {
        for name in contact.goes_by() {
            self.add(name, &contact.external_id);
        }
    }
}

/// How badly a message without an id fits one that has an id: 0 is best, none is not at all. Without names
/// the chat is one between two, where the side says who it is.
pub fn level(strict: &Traits, loose: &Traits, names: Option<&Names>) -> Option<u8> {
    if strict.is_from_me != loose.is_from_me {
        return None;
    }
    let words = of_words(strict, loose)?;
    let sender = match names {
        Some(names) if !loose.is_from_me => of_sender(strict, loose, names)?,
        _ => 0,
    };
    Some(words * 2 + sender)
}

fn of_words(strict: &Traits, loose: &Traits) -> Option<u8> {
    if strict.is_deleted || loose.is_deleted {
        // What an export calls deleted is not taken for a message that has its text.
        return match (strict.is_deleted, loose.is_deleted) {
            (true, true) => Some(0),
            (true, false) => Some(3),
            _ => None,
        };
    }
    let same_file = !strict.file.is_empty() && strict.file == loose.file;
    if let Some(text) = loose.texts.last() {
        if strict.texts.contains(text) {
            return Some(0);
        }
        return (same_file && strict.texts.is_empty()).then_some(1);
    }
    if same_file {
        return Some(0);
    }
    let both_named = !strict.file.is_empty() && !loose.file.is_empty();
    let same_kind = strict.kind == loose.kind;
    // "Media omitted" says no more than that there was a file.
    let omitted = strict.has_media && loose.kind == MessageKind::Unknown;
    let is_bare = !strict.has_media && !loose.has_media && strict.texts.is_empty();
    let fits = (strict.has_media && (same_kind || omitted)) || (is_bare && same_kind);
    (fits && !both_named).then_some(if same_kind { 1 } else { 2 })
}

fn of_sender(strict: &Traits, loose: &Traits, names: &Names) -> Option<u8> {
    match (&strict.sender, &loose.sender) {
        (Some(one), Some(two)) if one == two => return Some(0),
        (Some(_), Some(_)) => return None,
        (None, _) => return Some(1),
        (Some(_), None) => {}
    }
    let address = strict.sender.as_deref().unwrap_or_default();
    if loose.sender_name.is_empty() {
        return Some(1);
    }
    if let Some(digits) = loose::phone(&loose.sender_name) {
        let jid = Jid::new(address);
        return match jid.phone_number() {
            Some(number) => {
                let known: String = number.chars().filter(char::is_ascii_digit).collect();
                (known == digits).then_some(0)
            }
            None => Some(1),
        };
    }
    if loose.sender_name == strict.sender_name {
        return Some(0);
    }
    match names.0.get(&loose.sender_name) {
        Some(addresses) if addresses.contains(address) => Some(0),
        // Somebody else goes by that name.
        Some(_) => None,
        // An address book's name that nobody here knows.
        None => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: &str = "491511111111@s.whatsapp.net";
    const BOB: &str = "491512222222@s.whatsapp.net";

    fn traits(text: &str) -> Traits {
        Traits {
            at: Timestamp::from_seconds(0),
            name: String::new(),
            is_from_me: false,
            sender: None,
            sender_name: String::new(),
            texts: Some(loose::text(text))
                .filter(|text| !text.is_empty())
                .into_iter()
                .collect(),
            is_deleted: false,
            kind: MessageKind::Text,
            has_media: false,
            file: String::new(),
        }
    }

    fn by(address: &str, text: &str) -> Traits {
        Traits {
            sender: Some(address.into()),
            ..traits(text)
        }
    }

    fn named(name: &str, text: &str) -> Traits {
        Traits {
            sender_name: loose::name(name),
            ..traits(text)
        }
    }

    fn file(name: &str, kind: MessageKind) -> Traits {
        Traits {
            has_media: true,
            file: name.into(),
            kind,
            ..traits("")
        }
    }

    #[test]
    fn texts_and_sides_must_be_the_same() {
        assert_eq!(
            level(&traits("so  it\u{200e} is"), &traits("so it is"), None),
            Some(0)
        );
        assert_eq!(level(&traits("so"), &traits("no"), None), None);
        let mine = Traits {
            is_from_me: true,
            ..traits("so")
        };
        assert_eq!(level(&traits("so"), &mine, None), None);
    }

    #[test]
    fn an_edited_message_is_known_by_any_of_its_texts() {
        let mut edited = traits("first");
        edited.texts.push("second".into());
        assert_eq!(level(&edited, &traits("first"), None), Some(0));
        assert_eq!(level(&edited, &traits("second"), None), Some(0));
    }

    #[test]
    fn a_name_speaks_for_its_address_and_against_others() {
        let mut names = Names::default();
        names.add("ana".into(), ANA);
        let names = Some(&names);
        assert_eq!(level(&by(ANA, "so"), &named("~ ana", "so"), names), Some(0));
        assert_eq!(level(&by(BOB, "so"), &named("Ana", "so"), names), None);
        assert_eq!(
            level(&by(BOB, "so"), &named("Mum", "so"), names),
            Some(1),
            "an address book's name that nobody here knows may be anybody's"
        );
        let number = named("+49 151 22222222", "so");
        let wrong = level(&by(ANA, "so"), &number, names);
        assert_eq!(
            (
                level(&by(BOB, "so"), &named("+49 1512 222222", "so"), names),
                wrong
            ),
            (Some(0), None)
        );
    }

    #[test]
    fn a_file_is_known_by_its_name_else_by_its_kind() {
        let photo = file("a.jpg", MessageKind::Image);
        assert_eq!(
            level(&photo, &file("a.jpg", MessageKind::Image), None),
            Some(0)
        );
        assert_eq!(
            level(&photo, &file("b.jpg", MessageKind::Image), None),
            None
        );
        let unnamed = file("", MessageKind::Image);
        assert_eq!(
            level(&unnamed, &file("a.jpg", MessageKind::Image), None),
            Some(2)
        );
        assert_eq!(
            level(&unnamed, &file("a.mp4", MessageKind::Video), None),
            None
        );
        let omitted = Traits {
            kind: MessageKind::Unknown,
            ..traits("")
        };
        assert_eq!(level(&unnamed, &omitted, None), Some(4));
    }

    #[test]
    fn a_deleted_message_takes_what_is_left_and_gives_nothing() {
        let deleted = Traits {
            is_deleted: true,
            ..traits("")
        };
        assert_eq!(level(&deleted, &traits("so"), None), Some(6));
        assert_eq!(level(&traits("so"), &deleted, None), None);
    }
}
