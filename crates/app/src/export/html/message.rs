//! One message as a page shows it.

use std::{
    fmt::{self, Display},
    io::{self, Write},
};

use threadkeep_mirror::MessageRow;

use super::{
    page::Clock,
    recent::Known,
    text::{Address, Escaped, Linked, colour},
    thing::{self, shape},
};
use crate::{
    message::alone,
    view::{Message, Reaction},
};

/// The message that another one answers, and its page where that is another.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    pub(super) known: &'a Known,
    pub(super) file: Option<&'a str>,
}

/// Writes a message. The name of its sender stands above it where `is_named`; it goes on with the one
/// before unless it `begins`.
pub(super) fn write(
    out: &mut impl Write,
    row: &MessageRow,
    answered: Option<Answered<'_>>,
    is_named: bool,
    begins: bool,
    clock: &Clock,
) -> io::Result<()> {
    let shown = alone(row.clone());
    write!(out, "<div class=\"row\" id=\"m{}\">", row.pk)?;
    if matches!(shown.kind.as_str(), "system" | "call") {
        line(out, &shown, clock)?;
    } else {
        bubble(out, row, &shown, answered, is_named, begins, clock)?;
    }
    out.write_all(b"</div>\n")
}

/// What nobody said.
fn line(out: &mut impl Write, message: &Message, clock: &Clock) -> io::Result<()> {
    let is_call = message.kind == "call";
    let words = match message.text.as_str() {
        "" if is_call => "Call",
        "" => "Something changed in this chat",
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

fn bubble(
    out: &mut impl Write,
    row: &MessageRow,
    message: &Message,
    answered: Option<Answered<'_>>,
    is_named: bool,
    begins: bool,
    clock: &Clock,
) -> io::Result<()> {
    let class = |is: bool, name: &'static str| if is { name } else { "" };
    write!(
        out,
        "<article class=\"bubble{}{}{}{}\">",
        class(message.from_me, " me"),
        class(!begins, " goes-on"),
        class(!message.reactions.is_empty(), " reacted"),
        class(message.kind == "sticker" && !message.deleted, " bare")
    )?;
    if let Some(sender) = message.sender.as_ref().filter(|_| is_named) {
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
            "<p class=\"text\"><span class=\"gone\">This message was deleted</span>{}</p>",
            Meta(message, clock)
        )?;
    } else {
        if message.forwarded {
            write!(
                out,
                "<p class=\"forwarded\">{}Forwarded</p>",
                shape("forward")
            )?;
        }
        if !row.reply_to.is_empty() {
            quote(out, row, answered)?;
        }
        thing::write(out, message)?;
        words(out, message, clock)?;
        edits(out, message, clock)?;
    }
    reactions(out, &message.reactions)?;
    out.write_all(b"</article>")
}

fn quote(out: &mut impl Write, row: &MessageRow, answered: Option<Answered<'_>>) -> io::Result<()> {
    let preview = match row.reply_preview.as_str() {
        "" => "A message",
        preview => preview,
    };
    let Some(Answered { known, file }) = answered else {
        return write!(
            out,
            "<blockquote class=\"quoted\"><span class=\"start\"><bdi>{}</bdi></span></blockquote>",
            Escaped(preview)
        );
    };
    let (name, colour) = if known.from_me {
        ("You", 2)
    } else {
        (known.sender_name.as_str(), colour(&known.sender))
    };
    write!(
        out,
        "<a class=\"quoted p{colour}\" href=\"{}#m{}\"><b><bdi>{}</bdi></b><span class=\"start\"><bdi>{}</bdi></span></a>",
        Address(file.unwrap_or_default()),
        known.pk,
        Escaped(name),
        Escaped(preview)
    )
}

/// The text or caption, a poll's answers, and the small line at the end.
fn words(out: &mut impl Write, message: &Message, clock: &Clock) -> io::Result<()> {
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
        options(out, message)?;
        return write!(out, "<p class=\"alone\">{}</p>", Meta(message, clock));
    }
    if message.poll.is_some() {
        write!(
            out,
            "<p class=\"text question\" dir=\"auto\">{}</p>",
            Linked(text)
        )?;
        options(out, message)?;
        return write!(out, "<p class=\"alone\">{}</p>", Meta(message, clock));
    }
    write!(
        out,
        "<p class=\"text\" dir=\"auto\"><span class=\"said\">{}</span>{}</p>",
        Linked(text),
        Meta(message, clock)
    )
}

fn options(out: &mut impl Write, message: &Message) -> io::Result<()> {
    let Some(poll) = &message.poll else {
        return Ok(());
    };
    out.write_all(b"<ul class=\"options\">")?;
    for (place, option) in poll.options.iter().enumerate() {
        write!(out, "<li><span dir=\"auto\">{}</span>", Escaped(option))?;
        if let Some(votes) = poll.votes.get(place) {
            let what = if *votes == 1 { "vote" } else { "votes" };
            write!(out, " <small>{votes} {what}</small>")?;
        }
        out.write_all(b"</li>")?;
    }
    out.write_all(b"</ul>")
}

fn edits(out: &mut impl Write, message: &Message, clock: &Clock) -> io::Result<()> {
    if message.edits.is_empty() {
        return Ok(());
    }
    out.write_all(b"<details class=\"edits\"><summary>What it said before</summary><ol>")?;
    for edit in &message.edits {
        write!(
            out,
            "<li><span class=\"said\" dir=\"auto\">{}</span><small>until {}</small></li>",
            Escaped(&edit.text),
            clock.moment(edit.at)
        )?;
    }
    out.write_all(b"</ol></details>")
}

fn reactions(out: &mut impl Write, reactions: &[Reaction]) -> io::Result<()> {
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
            "You"
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
        f.write_str("<span class=\"meta\" dir=\"ltr\">")?;
        if message.starred {
            write!(f, "<span title=\"Starred\">{}</span>", shape("star"))?;
        }
        write!(f, "{}", Time(message.at, clock))?;
        if message.edited && !message.deleted {
            f.write_str("<span>edited</span>")?;
        }
        let state = message.status.as_deref().filter(|_| message.from_me);
        if let Some((words, shape, tone)) = state.and_then(tick) {
            write!(
                f,
                "<svg class=\"tick {tone}\" role=\"img\" aria-label=\"{words}\" viewBox=\"0 0 16 11\">\
                 <title>{words}</title><use href=\"#{shape}\"/></svg>"
            )?;
        }
        f.write_str("</span>")
    }
}

fn tick(status: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match status {
        "pending" => ("Waiting to be sent", "waits", ""),
        "sent" => ("Sent", "one-tick", ""),
        "delivered" => ("Delivered", "two-ticks", ""),
        "read" => ("Read", "two-ticks", "seen"),
        "played" => ("Played", "two-ticks", "seen"),
        "failed" => ("Not sent", "failed", "lost"),
        _ => return None,
    })
}
