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

/// The chats with a link each, the last one that was written in first; and the pages of the long ones.
pub(super) fn write(
    out: &mut impl Write,
    chats: &mut [Chat],
    messages: u64,
    clock: &Clock,
) -> io::Result<()> {
    chats.sort_by_key(|chat| Reverse(chat.pages.last().map(|page| page.last_at)));
    page::begin(out, "Chats")?;
    let what = if chats.len() == 1 { "chat" } else { "chats" };
    writeln!(
        out,
        "<header class=\"top\"><h1>Chats</h1><p>{} {what}, {}</p></header>\n<main>\n<ul class=\"chats\">",
        page::count(chats.len() as u64),
        page::messages(messages)
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
    page::begin(out, "No messages")?;
    writeln!(
        out,
        "<header class=\"top\"><h1>No messages</h1><p>None is here from the time that was asked for.</p>\
         </header>\n<footer>{}</footer>",
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
        "<li><a class=\"p{}\" href=\"{CHATS}/{}\"><bdi>{}</bdi></a><p>{}, {}</p>",
        colour(chat.address()),
        Address(&first.file),
        Escaped(&chat.name),
        page::messages(chat.messages()),
        clock.period(first.first_at, last.last_at)
    )?;
    if chat.pages.len() > 1 {
        out.write_all(b"<details><summary>Pages</summary><ol>")?;
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
