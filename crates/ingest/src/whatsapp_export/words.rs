//! The words that WhatsApp itself writes into an export, in every language that it speaks.
//!
//! `words.txt` holds them by what they mean, as the apps show them, in small letters; a `{1}` stands for a name. They
//! change between releases, so both the old and the new ones are there, and whatever structure tells (a file's name,
//! a link to a map, a mark before the text) is not looked up at all.

use std::{collections::HashMap, sync::LazyLock};

use super::cursor::{is_mark, is_space};

const WORDS: &str = include_str!("words.txt");

/// What a whole text of WhatsApp's says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Say {
    Media,
    Image,
    Video,
    VideoNote,
    Audio,
    Voice,
    Sticker,
    Gif,
    Contact,
    Document,
    Deleted,
    DeletedByMe,
    MissedVoice,
    MissedVideo,
    VoiceCall,
    VideoCall,
    LiveLocation,
}

const SAYS: [(&str, Say); 17] = [
    ("media", Say::Media),
    ("image", Say::Image),
    ("video", Say::Video),
    ("video_note", Say::VideoNote),
    ("audio", Say::Audio),
    ("voice", Say::Voice),
    ("sticker", Say::Sticker),
    ("gif", Say::Gif),
    ("contact", Say::Contact),
    ("document", Say::Document),
    ("deleted", Say::Deleted),
    ("deleted_by_me", Say::DeletedByMe),
    ("missed_voice", Say::MissedVoice),
    ("missed_video", Say::MissedVideo),
    ("voice_call", Say::VoiceCall),
    ("video_call", Say::VideoCall),
    ("live_location", Say::LiveLocation),
];

/// The longest text that is looked up, in bytes.
const MAX_BYTES: usize = 192;

/// The same, of a text in plain Latin letters.
const MAX_ASCII: usize = 80;

struct Words {
    says: HashMap<&'static str, Say>,
    edited: Vec<&'static str>,
    encrypted: Vec<&'static str>,
    attached_after: Vec<Template>,
    attached_in: Vec<&'static str>,
    chat_with: Vec<Template>,
    group_created: Vec<Template>,
    group: Vec<Template>,
}

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    let mut sections: HashMap<&str, Vec<&'static str>> = HashMap::new();
    let mut section = "";
    for line in WORDS.lines() {
        match line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            Some(name) => section = name,
            None => sections.entry(section).or_default().push(line),
        }
    }
    let mut says = HashMap::new();
    for (section, say) in SAYS {
        for words in sections.remove(section).unwrap_or_default() {
            says.entry(words).or_insert(say);
        }
    }
    let mut plain = |section| sections.remove(section).unwrap_or_default();
    let templates = |lines: Vec<&'static str>| lines.into_iter().map(Template::new).collect();
    Words {
        says,
        edited: plain("edited"),
        encrypted: plain("encrypted"),
        attached_in: plain("attached_in"),
        attached_after: templates(plain("attached_after")),
        chat_with: templates(plain("chat_with")),
        group_created: templates(plain("group_created")),
        group: templates(plain("group")),
    }
});

/// Words with places for names.
struct Template {
    /// What stands before, between and behind the names.
    fixed: Vec<&'static str>,
    /// Which name each place is for.
    names: Vec<u8>,
}

impl Template {
    fn new(line: &'static str) -> Self {
        let (mut fixed, mut names, mut rest) = (Vec::new(), Vec::new(), line);
        while let Some((before, behind)) = rest.split_once('{') {
            fixed.push(before);
            names.push(behind.as_bytes().first().map_or(0, |digit| digit - b'0'));
            rest = behind.get(2..).unwrap_or_default();
        }
        fixed.push(rest);
        Self { fixed, names }
    }

    /// What stands in the places, where the words are these.
    fn read<'a>(&self, text: &'a str) -> Option<Vec<(u8, &'a str)>> {
        let (first, others) = self.fixed.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let mut found = Vec::with_capacity(self.names.len());
        for (place, (fixed, name)) in others.iter().zip(&self.names).enumerate() {
            let is_last = place + 1 == others.len();
            let (value, behind) = if is_last {
                (rest.strip_suffix(fixed)?, "")
            } else {
                rest.split_once(fixed)?
            };
            if value.is_empty() {
                return None;
            }
            found.push((*name, value));
            rest = behind;
        }
        rest.is_empty().then_some(found)
    }
}

/// What a text says, if it is one of WhatsApp's and nothing else.
pub(super) fn say(text: &str) -> Option<Say> {
    let limit = if text.is_ascii() {
        MAX_ASCII
    } else {
        MAX_BYTES
    };
    if text.len() > limit {
        return None;
    }
    let folded = fold(text);
    let bare = folded
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'));
    match TABLE.says.get(bare.map_or(folded.as_str(), ending_bare)) {
        // A person may write these two words; WhatsApp puts them into brackets.
        Some(Say::Media) if bare.is_none() => None,
        found => found.copied(),
    }
}

/// What a text says that begins so: what follows behind a comma or a line is about it.
pub(super) fn say_first(text: &str) -> Option<Say> {
    let end = text.find([',', '\n', '،', '、']).unwrap_or(text.len());
    let head = text.get(..end)?;
    say(head).or_else(|| say(head.split(". ").next()?))
}

/// Whether a text in angle brackets says that a message was edited.
pub(super) fn is_edited(text: &str) -> bool {
    text.len() <= MAX_BYTES && TABLE.edited.contains(&ending_bare(&fold(text)))
}

/// Whether a line is the notice that all is encrypted.
pub(super) fn is_encryption(text: &str) -> bool {
    let head: String = text.chars().take(MAX_BYTES).collect();
    let folded = fold(&head);
    TABLE
        .encrypted
        .iter()
        .any(|words| folded.starts_with(words))
}

/// The file that is attached, where a line says nothing else.
pub(super) fn attached_after(line: &str) -> Option<&str> {
    let line = line.trim();
    let is_same = |part: &str, fixed: &str| {
        // Nearly every line ends here: its last sign is not that of the words.
        part.len() == fixed.len()
            && part.as_bytes().last() == fixed.as_bytes().last()
            && part.to_lowercase() == fixed
    };
    let found = |template: &Template| {
        let [before, behind] = template.fixed.as_slice() else {
            return None;
        };
        let (start, end) = (before.len(), line.len().checked_sub(behind.len())?);
        let name = line.get(start..end).filter(|name| !name.is_empty())?;
        (is_same(&line[end..], behind) && is_same(&line[..start], before)).then_some(name)
    };
    TABLE.attached_after.iter().find_map(found)
}

/// Whether a word before a file's name says that it is attached.
pub(super) fn is_attached(word: &str) -> bool {
    let folded = fold(word);
    let word = folded.trim_end_matches([':', '：', ' ']);
    TABLE
        .attached_in
        .iter()
        .any(|known| known.trim_end_matches('：') == word)
}

/// The name of a chat, in the name of its file.
pub(super) fn chat_with(stem: &str) -> Option<&str> {
    first(&TABLE.chat_with, stem, 1)
}

/// The name of the group that a line says was created.
pub(super) fn group_created(line: &str) -> Option<&str> {
    first(&TABLE.group_created, line, 2).or_else(|| first(&TABLE.group_created, line, 1))
}

/// Whether a line can only be in a group. Who does it has no colon: `Ana: Bob left` is what Ana says.
pub(super) fn is_group(line: &str) -> bool {
    let is_said = |template: &Template| {
        let found = template.read(line);
        found.is_some_and(|found| found.first().is_none_or(|(_, who)| !who.contains(": ")))
    };
    TABLE.group_created.iter().chain(&TABLE.group).any(is_said)
}

fn first<'a>(templates: &[Template], text: &'a str, name: u8) -> Option<&'a str> {
    let of = |template: &Template| {
        let last = template.names.iter().max()?;
        let found = template.read(text).filter(|_| *last == name)?;
        found
            .into_iter()
            .find_map(|(place, value)| (place == name).then_some(value))
    };
    templates.iter().find_map(of)
}

/// Small letters, plain spaces, no marks, and no dot at the end.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_mark(*c)) {
        if is_space(c) {
            folded.push(' ');
        } else {
            folded.extend(c.to_lowercase());
        }
    }
    ending_bare(&folded).to_owned()
}

fn ending_bare(text: &str) -> &str {
    text.trim_end_matches(['.', '。', '।', ' ']).trim_start()
}
