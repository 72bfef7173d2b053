//! What the text of a message stands for.

use serde_json::json;
use threadkeep_protocol::{MessageKind, Metadata};

use super::{
    attachment,
    cursor::{digit, is_mark},
    header::End,
    sender::is_marked,
    words::{self, Say},
};

/// What the text of a message stands for.
#[derive(Debug, PartialEq)]
pub(super) struct Body<'a> {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) file: File<'a>,
    pub(super) is_deleted: bool,
    pub(super) is_edited: bool,
    /// WhatsApp's own line, in words that are in no table.
    pub(super) is_strange: bool,
    pub(super) metadata: Metadata,
}

/// What is told of a message's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File<'a> {
    None,
    /// There was one, and the export was made without it.
    Omitted,
    Named(&'a str),
}

impl Body<'_> {
    fn new(kind: MessageKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            file: File::None,
            is_deleted: false,
            is_edited: false,
            is_strange: false,
            metadata: Metadata::new(),
        }
    }

    fn with(mut self, name: &str, value: serde_json::Value) -> Self {
        self.metadata.insert(name.to_owned(), value);
        self
    }
}

/// Reads the text of a message that somebody sent.
pub(super) fn read<'a>(written: &'a str, end: End, is_there: impl Fn(&str) -> bool) -> Body<'a> {
    let (written, is_edited) = without_edit(written, end);
    let mut body = content(written, end, is_there);
    body.is_edited = is_edited;
    body
}

/// Reads a line that names nobody.
pub(super) fn notice<'a>(written: &str) -> Body<'a> {
    let plain = written.trim_start_matches(is_mark);
    match words::say(plain) {
        Some(say @ (Say::MissedVoice | Say::MissedVideo)) => said(say, ""),
        _ => Body::new(MessageKind::System, plain),
    }
}

fn content<'a>(written: &'a str, end: End, is_there: impl Fn(&str) -> bool) -> Body<'a> {
    let is_marked = is_marked(written);
    let plain = written.trim_start_matches(is_mark);
    // Nearly every message ends here: no mark, no bracket, no link, too long for a phrase.
    let is_long = plain.len() > 256 && !plain.contains(['<', '(']) && !plain.contains("://");
    if is_long && !is_marked {
        return Body::new(MessageKind::Text, written);
    }
    if let Some(found) = attachment::announced(written, is_there) {
        return announced(&found);
    }
    if let Some(say) = words::say(plain) {
        return said(say, "");
    }
    if plain.starts_with('<')
        && let Some((first, caption)) = plain.split_once('\n')
        && let Some(say) = words::say(first)
    {
        return said(say, caption);
    }
    if is_marked && let Some(body) = marked(written) {
        return body;
    }
    if let Some(body) = location(plain).or_else(|| poll(written)) {
        return body;
    }
    if is_marked && end == End::Bracket {
        let mut body = Body::new(MessageKind::System, plain);
        body.is_strange = !words::is_encryption(plain) && !words::is_group(plain);
        return body;
    }
    // The mark may be the sender's own, then: it stays.
    Body::new(MessageKind::Text, written)
}

fn announced<'a>(found: &attachment::Announced<'a>) -> Body<'a> {
    let (kind, _) = attachment::kind(found.file);
    let stem = found
        .file
        .rsplit_once('.')
        .map_or(found.file, |(stem, _)| stem);
    let text = match kind {
        // A card's file has the name of whom it shows.
        MessageKind::Contact if found.caption.is_empty() => {
            stem.split_once('-').map_or(stem, |(number, rest)| {
                if number.bytes().all(|b| b.is_ascii_digit()) {
                    rest
                } else {
                    stem
                }
            })
        }
        _ => found.caption.as_str(),
    };
    let is_gif = found.file.contains("-GIF-");
    let mut body = Body::new(if is_gif { MessageKind::Video } else { kind }, text);
    body.file = File::Named(found.file);
    if is_gif {
        body.with("gif", json!(true))
    } else {
        body
    }
}

/// A text that WhatsApp writes in place of something.
fn said<'a>(say: Say, caption: &str) -> Body<'a> {
    let omitted = |kind| Body {
        file: File::Omitted,
        ..Body::new(kind, caption)
    };
    let call = |missed: bool, video: bool| {
        let words = match (missed, video) {
            (true, false) => "Missed voice call",
            (true, true) => "Missed video call",
            (false, false) => "Voice call",
            (false, true) => "Video call",
        };
        Body::new(MessageKind::Call, words).with("call", json!({"missed": missed, "video": video}))
    };
    match say {
        Say::Media => omitted(MessageKind::Unknown),
        Say::Image => omitted(MessageKind::Image),
        Say::Video => omitted(MessageKind::Video),
        Say::VideoNote => omitted(MessageKind::Video).with("round", json!(true)),
        Say::Gif => omitted(MessageKind::Video).with("gif", json!(true)),
        Say::Audio => omitted(MessageKind::Audio),
        Say::Voice => omitted(MessageKind::Voice),
        Say::Sticker => omitted(MessageKind::Sticker),
        Say::Document => omitted(MessageKind::Document),
        Say::Contact => Body::new(MessageKind::Contact, caption),
        Say::Deleted | Say::DeletedByMe => Body {
            is_deleted: true,
            ..Body::new(MessageKind::Text, "")
        },
        Say::MissedVoice => call(true, false),
        Say::MissedVideo => call(true, true),
        Say::VoiceCall => call(false, false),
        Say::VideoCall => call(false, true),
        Say::LiveLocation => {
            Body::new(MessageKind::Location, "").with("location", json!({"live": true}))
        }
    }
}

/// What an iPhone writes in parts, each with its mark: `report.pdf • 2 pages document omitted`, `Voice call, 12 sec`.
fn marked<'a>(written: &'a str) -> Option<Body<'a>> {
    let plain = written.trim_start_matches(is_mark);
    if let Some(say @ (Say::MissedVoice | Say::MissedVideo | Say::VoiceCall | Say::VideoCall)) =
        words::say_first(plain)
    {
        return Some(said(say, ""));
    }
    let last = written.rfind(['\u{200e}', '\u{200f}'])?;
    let (before, say) = (&written[..last], words::say(&written[last..])?);
    let before = before.trim_matches(|c| is_mark(c) || c == ' ' || c == '\n');
    let name = before.split(" • ").next().unwrap_or(before);
    if say == Say::Document && !name.is_empty() {
        let mut body = said(say, "");
        body.file = File::Named(name);
        return Some(body.with("omitted", json!(true)));
    }
    Some(said(say, before))
}

/// `… <This message was edited>`
fn without_edit(written: &str, end: End) -> (&str, bool) {
    let Some((before, inside)) = written
        .trim_end()
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    else {
        return (written, false);
    };
    // An iPhone marks what it adds, so that its words need not be known.
    let is_added = end == End::Bracket
        && is_marked(
            before
                .get(before.len().saturating_sub(3)..)
                .unwrap_or_default(),
        );
    let is_edit = words::is_edited(inside)
        || (is_added && !inside.contains([':', '：', '\n']) && words::say(inside).is_none());
    let text = before.trim_end_matches(|c| is_mark(c) || c == ' ');
    if is_edit && !text.is_empty() {
        (text, true)
    } else {
        (written, false)
    }
}

/// A link to a map behind a word or a place's name and a colon.
fn location<'a>(plain: &str) -> Option<Body<'a>> {
    let at = plain.find("://maps.google.com/")?;
    let (before, link) = plain.split_at(at);
    let before = before
        .strip_suffix("https")
        .or_else(|| before.strip_suffix("http"))?;
    let name = before
        .trim_end_matches(|c| is_mark(c) || c == ' ')
        .strip_suffix([':', '：'])?;
    let (_, place) = link.split_once("q=")?;
    let (latitude, longitude) = place.trim_end().split_once(',')?;
    let number = |text: &str| text.parse().ok().filter(|value: &f64| value.is_finite());
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    // One word is a name for places, several are the name of this one.
    let name = if name.contains(' ') { name.trim() } else { "" };
    let place = json!({"latitude": latitude, "longitude": longitude, "live": false});
    Some(Body::new(MessageKind::Location, name).with("location", place))
}

/// A word in capitals and a colon, the question, and the answers, each behind the same word and with its votes.
fn poll<'a>(written: &str) -> Option<Body<'a>> {
    let mut lines = written
        .lines()
        .map(|line| line.trim_matches(|c| is_mark(c) || c == ' '));
    let title = lines.next()?.strip_suffix([':', '：'])?;
    if title.is_empty() || title.len() > 60 || title.chars().any(char::is_lowercase) {
        return None;
    }
    let question = lines.next()?;
    let (mut options, mut votes, mut word) = (Vec::new(), Vec::new(), None);
    for line in lines.filter(|line| !line.is_empty()) {
        let (label, answer) = line.split_once([':', '：'])?;
        if *word.get_or_insert(label) != label {
            return None;
        }
        let (answer, count) = answer.strip_suffix(')')?.rsplit_once('(')?;
        let digits = count.chars().filter_map(digit);
        let count = digits
            .take(9)
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit));
        options.push(answer.trim_matches(|c| is_mark(c) || c == ' ').to_owned());
        votes.push(count);
    }
    if options.is_empty() {
        return None;
    }
    let body = Body::new(MessageKind::Poll, question);
    Some(
        body.with("poll", json!({"options": options}))
            .with("votes", json!(votes)),
    )
}
