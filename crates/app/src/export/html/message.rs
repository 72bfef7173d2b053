//! One message as a page shows it.

use std::{
    fmt::{self, Display},
    io::{self, Write},
};

use threadkeep_mirror::{MessageRow, NameOf};

use super::{
    page::Clock,
    recent::Known,
    text::{Address, Escaped, Formatted, colour},
    thing::{self, Kept, shape},
};
use crate::{
    mention,
    view::{Message, Reaction},
    words::{Words, fill},
};

/// The message that another one answers, and its page where that is another.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    pub(super) known: &'a Known,
    pub(super) file: Option<&'a str>,
}

/// A message with what is known around it.
pub(super) struct Shown<'a> {
    pub(super) row: &'a MessageRow,
    pub(super) message: &'a Message,
    pub(super) name_of: NameOf<'a>,
    /// By it signs in the text mean something.
    pub(super) platform: &'a str,
    pub(super) answered: Option<Answered<'a>>,
    /// Its file, where that lies beside the page.
    pub(super) kept: Option<&'a Kept>,
    /// The name of the sender stands above it.
    pub(super) is_named: bool,
    /// It does not go on with the one before.
    pub(super) begins: bool,
}

impl Shown<'_> {
    fn formatted<'a>(&'a self, text: &'a str) -> Formatted<'a> {
        Formatted {
            text,
            mentions: &self.message.mentions,
            platform: self.platform,
        }
    }
}

/// Writes a message.
pub(super) fn write(out: &mut impl Write, shown: &Shown<'_>, clock: &Clock) -> io::Result<()> {
    write!(out, "<div class=\"row\" id=\"m{}\">", shown.row.pk)?;
    if matches!(shown.message.kind.as_str(), "system" | "call") {
        line(out, shown.message, clock)?;
    } else {
        bubble(out, shown, clock)?;
    }
    out.write_all(b"</div>\n")
}

/// What nobody said.
fn line(out: &mut impl Write, message: &Message, clock: &Clock) -> io::Result<()> {
    let is_call = message.kind == "call";
    let words = match message.text.as_str() {
        "" if is_call => clock.words.call,
        "" => clock.words.something_changed,
        words => words,
    };
    let icon = if is_call {
        shape("call")
    } else {
        String::new()
    };
    write!(
        out,
        "<p class=\"line\" title=\"{}\">{icon}<span dir=\"auto\">{}</span> {}</p>",
        clock.moment(message.at),
        Escaped(words),
        Time(message.at, clock)
    )
}

fn bubble(out: &mut impl Write, shown: &Shown<'_>, clock: &Clock) -> io::Result<()> {
    let message = shown.message;
    let class = |is: bool, name: &'static str| if is { name } else { "" };
    write!(
        out,
        "<article class=\"bubble{}{}{}{}\">",
        class(message.from_me, " me"),
        class(!shown.begins, " goes-on"),
        class(!message.reactions.is_empty(), " reacted"),
        class(message.kind == "sticker" && !message.deleted, " bare")
    )?;
    if let Some(sender) = message.sender.as_ref().filter(|_| shown.is_named) {
        write!(
            out,
            "<p class=\"who p{}\"><bdi>{}</bdi></p>",
            colour(&sender.jid),
            Escaped(&sender.name)
        )?;
    }
    if message.deleted {
        write!(
            out,
            "<p class=\"text\"><span class=\"gone\">{}</span>{}</p>",
            clock.words.deleted,
            Meta(message, clock)
        )?;
    } else {
        if message.forwarded {
            write!(
                out,
                "<p class=\"forwarded\">{}{}</p>",
                shape("forward"),
                clock.words.forwarded
            )?;
        }
        if !shown.row.reply_to.is_empty() {
            quote(out, shown, clock.words)?;
        }
        thing::write(out, message, shown.kept, clock.words)?;
        words(out, shown, clock)?;
        edits(out, shown, clock)?;
    }
    reactions(out, &message.reactions, clock.words)?;
    out.write_all(b"</article>")
}

fn quote(out: &mut impl Write, shown: &Shown<'_>, words: &Words) -> io::Result<()> {
    let mentions = mention::in_text(&shown.row.reply_preview, shown.name_of);
    let preview = match shown.row.reply_preview.as_str() {
        "" => words.a_message,
        preview => preview,
    };
    let start = Formatted {
        text: preview,
        mentions: &mentions,
        platform: shown.platform,
    };
    let Some(Answered { known, file }) = shown.answered else {
        return write!(
            out,
            "<blockquote class=\"quoted\"><span class=\"start\" dir=\"auto\">{}</span></blockquote>",
            start.without_links()
        );
    };
    let (name, colour) = if known.from_me {
        (words.you, 2)
    } else {
        (known.sender_name.as_str(), colour(&known.sender))
    };
    write!(
        out,
        "<a class=\"quoted p{colour}\" href=\"{}#m{}\"><b><bdi>{}</bdi></b><span class=\"start\" dir=\"auto\">{}</span></a>",
        Address(file.unwrap_or_default()),
        known.pk,
        Escaped(name),
        start.without_links()
    )
}

/// The text or caption, a poll's answers, and the small line at the end.
fn words(out: &mut impl Write, shown: &Shown<'_>, clock: &Clock) -> io::Result<()> {
    let message = shown.message;
    let text = message.text.as_str();
    let named = |name: &str| !text.is_empty() && text == name;
    let repeats = message
        .place
        .as_ref()
        .is_some_and(|place| named(&place.name) || named(&place.address))
        || message.cards.iter().any(|card| named(&card.name))
        || message
            .media
            .as_ref()
            .is_some_and(|media| named(&media.file_name));
    if text.is_empty() || repeats {
        options(out, message, clock.words)?;
        return write!(out, "<p class=\"alone\">{}</p>", Meta(message, clock));
    }
    if message.poll.is_some() {
        write!(
            out,
            "<div class=\"text question\" dir=\"auto\">{}</div>",
            shown.formatted(text)
        )?;
        options(out, message, clock.words)?;
        return write!(out, "<p class=\"alone\">{}</p>", Meta(message, clock));
    }
    write!(
        out,
        "<div class=\"text\" dir=\"auto\">{}{}</div>",
        shown.formatted(text),
        Meta(message, clock)
    )
}

fn options(out: &mut impl Write, message: &Message, words: &Words) -> io::Result<()> {
    let Some(poll) = &message.poll else {
        return Ok(());
    };
    out.write_all(b"<ul class=\"options\">")?;
    for (place, option) in poll.options.iter().enumerate() {
        write!(out, "<li><span dir=\"auto\">{}</span>", Escaped(option))?;
        if let Some(votes) = poll.votes.get(place) {
            let votes = fill(words.votes, [&words.count(u64::from(*votes))]);
            write!(out, " <small>{votes}</small>")?;
        }
        out.write_all(b"</li>")?;
    }
    out.write_all(b"</ul>")
}

fn edits(out: &mut impl Write, shown: &Shown<'_>, clock: &Clock) -> io::Result<()> {
    let message = shown.message;
    if message.edits.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<details class=\"edits\"><summary>{}</summary><ol>",
        clock.words.said_before
    )?;
    for edit in &message.edits {
        write!(
            out,
            "<li><div dir=\"auto\">{}</div><small>{}</small></li>",
            shown.formatted(&edit.text),
            fill(clock.words.until, [&clock.moment(edit.at)])
        )?;
    }
    out.write_all(b"</ol></details>")
}

fn reactions(out: &mut impl Write, reactions: &[Reaction], words: &Words) -> io::Result<()> {
    if reactions.is_empty() {
        return Ok(());
    }
    let mut groups: Vec<(&str, usize)> = Vec::new();
    let mut who = Vec::new();
    for each in reactions {
        match groups.iter_mut().find(|(emoji, _)| *emoji == each.emoji) {
            Some((_, count)) => *count += 1,
            None => groups.push((&each.emoji, 1)),
        }
        let name = if each.sender == threadkeep_protocol::ME {
            words.you
        } else {
            &each.sender_name
        };
        who.push(format!("{} {name}", each.emoji));
    }
    write!(
        out,
        "<p class=\"reactions\" title=\"{}\">",
        Escaped(&who.join(", "))
    )?;
    for (emoji, count) in groups {
        let count = if count > 1 {
            format!(" {count}")
        } else {
            String::new()
        };
        write!(out, "<span>{}{count}</span>", Escaped(emoji))?;
    }
    out.write_all(b"</p>")
}

/// The hour, with the whole moment behind it.
struct Time<'a>(i64, &'a Clock);

impl Display for Time<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(at, clock) = self;
        write!(
            f,
            "<time datetime=\"{}\" title=\"{}\">{}</time>",
            clock.machine(*at),
            clock.moment(*at),
            clock.hour(*at)
        )
    }
}

/// The small line of a bubble: when, whether it was changed, and how far it got.
struct Meta<'a>(&'a Message, &'a Clock);

impl Display for Meta<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(message, clock) = self;
        let words = clock.words;
        f.write_str("<span class=\"meta\" dir=\"ltr\">")?;
        if message.starred {
            let star = shape("star");
            write!(f, "<span title=\"{}\">{star}</span>", words.starred)?;
        }
        write!(f, "{}", Time(message.at, clock))?;
        if message.edited && !message.deleted {
            write!(f, "<span>{}</span>", words.edited)?;
        }
        let state = message.status.as_deref().filter(|_| message.from_me);
        if let Some((words, shape, tone)) = state.and_then(|state| tick(state, words)) {
            write!(
                f,
                "<svg class=\"tick {tone}\" role=\"img\" aria-label=\"{words}\" viewBox=\"0 0 16 11\">\
                 <title>{words}</title><use href=\"#{shape}\"/></svg>"
            )?;
        }
        f.write_str("</span>")
    }
}

fn tick(status: &str, words: &Words) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match status {
        "pending" => (words.pending, "waits", ""),
        "sent" => (words.sent, "one-tick", ""),
        "delivered" => (words.delivered, "two-ticks", ""),
        "read" => (words.read, "two-ticks", "seen"),
        "played" => (words.played, "two-ticks", "seen"),
        "failed" => (words.not_sent, "failed", "lost"),
        _ => return None,
    })
}
