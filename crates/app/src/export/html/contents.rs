//! The list of the chats of an export.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use super::{
    CHATS,
    chat::{Chat, Page},
    page::{self, Clock},
    text::{Address, Escaped, colour},
};
use crate::words::fill;

/// The chats with a link each, the last one that was written in first; and the pages of the long ones.
pub(super) fn write(
    out: &mut impl Write,
    chats: &mut [Chat],
    messages: u64,
    clock: &Clock,
) -> io::Result<()> {
    chats.sort_by_key(|chat| Reverse(chat.pages.last().map(|page| page.last_at)));
    let words = clock.words;
    page::begin(out, words.chats, words)?;
    writeln!(
        out,
        "<header class=\"top\"><h1>{}</h1><p>{} · {}</p></header>\n<main>\n<ul class=\"chats\">",
        words.chats,
        fill(words.count_of_chats, [&words.count(chats.len() as u64)]),
        clock.messages(messages)
    )?;
    for chat in chats.iter() {
        one(out, chat, clock)?;
    }
    writeln!(
        out,
        "</ul>\n</main>\n<footer>{}</footer>",
        Escaped(&clock.colophon())
    )?;
    page::end(out)
}

/// What stands where there is no message at all.
pub(super) fn write_nothing(out: &mut impl Write, clock: &Clock) -> io::Result<()> {
    let words = clock.words;
    page::begin(out, words.no_messages, words)?;
    writeln!(
        out,
        "<header class=\"top\"><h1>{}</h1><p>{}</p></header>\n<footer>{}</footer>",
        words.no_messages,
        words.none_of_that_time,
        Escaped(&clock.colophon())
    )?;
    page::end(out)
}

fn one(out: &mut impl Write, chat: &Chat, clock: &Clock) -> io::Result<()> {
    let (Some(first), Some(last)) = (chat.pages.first(), chat.pages.last()) else {
        return Ok(());
    };
    write!(
        out,
        "<li><a class=\"p{}\" href=\"{CHATS}/{}\"><bdi>{}</bdi></a><p>{} · {}</p>",
        colour(chat.address()),
        Address(&first.file),
        Escaped(&chat.name),
        clock.messages(chat.messages()),
        clock.period(first.first_at, last.last_at)
    )?;
    if chat.pages.len() > 1 {
        write!(out, "<details><summary>{}</summary><ol>", clock.words.pages)?;
        for Page {
            file,
            first_at,
            last_at,
            ..
        } in &chat.pages
        {
            let period = clock.period(*first_at, *last_at);
            write!(
                out,
                "<li><a href=\"{CHATS}/{}\">{period}</a></li>",
                Address(file)
            )?;
        }
        out.write_all(b"</ol></details>")?;
    }
    out.write_all(b"</li>\n")
}
