//! vCards (`.vcf`): an address book, for the names of people.
//!
//! **The format.** Lines of text between `BEGIN:VCARD` and `END:VCARD`, as many cards one after the other as there are
//! people. Three versions are in use: 2.1 (old phones; values in quoted-printable and in any encoding, named by
//! `CHARSET` or not at all), 3.0 (Apple, Google and what WhatsApp shares, with `item1.TEL;waid=…`) and 4.0 (RFC 6350;
//! numbers as `tel:` URIs). A long line goes on in the next one, behind a space.
//!
//! **What is read.** `FN`, `N`, `NICKNAME` and `ORG` for the name, `TEL` for who it is: a contact is named by its
//! number's address on WhatsApp, `<digits>@s.whatsapp.net`, and a card with several numbers is a contact for each. A
//! number that WhatsApp itself wrote into the card (`waid`) goes before what a person wrote. Everybody in the address
//! book becomes a contact, whether there is a chat with them or not: it is the person's own list, and whom of it the
//! account knows is for the store to say. `calcard` reads a card; what stands here cuts the file into cards, so that one
//! broken card costs only itself, and leaves out what is not read, above all photos, before anything is kept.
//!
//! **Limits.** A number without a country (`0151 …`) is nobody's in particular and is counted, not guessed: what is
//! before it differs from country to country, and so does what of it stays behind the country's own number. Groups of
//! contacts, photos, mail addresses and birthdays are not read.

mod card;
mod cut;
mod number;

use crate::{Entry, Input, InputError, Options, ReadError, Receive, receive::go_on};
use cut::{Cards, Cut};

/// Among so many files that are named as cards, one must be a card.
const MAX_LOOKED_INTO: usize = 16;
const HEAD_BYTES: u64 = 512;

/// Whether the input holds vCards.
///
/// # Errors
/// When the input cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    for entry in files(input).take(MAX_LOOKED_INTO) {
        // One that cannot be read may lie beside others that can.
        let head = input.head(entry, HEAD_BYTES).unwrap_or_default();
        if cut::begins_as_card(&head) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads every card of every file, and tells the people in them.
///
/// # Errors
/// When a file cannot be read, or when the receiver has had enough.
pub fn read(
    input: &Input,
    _options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    let total = files(input).map(|entry| entry.bytes).sum();
    let (mut place, mut before) = (0, 0);
    for entry in files(input) {
        let failed = |source| InputError::read(&entry.path, source);
        let mut cards = Cards::of(input.read(entry)?).map_err(failed)?;
        loop {
            let cut = cards.next().map_err(failed)?;
            match cut {
                Cut::Card(text) => go_on(card::tell(place, &text, receiver))?,
                Cut::Broken(reason) => receiver.error(place, reason.to_owned()),
                Cut::End => break,
            }
            place += 1;
            go_on(receiver.advance((before + cards.done()).min(total), total))?;
        }
        before += entry.bytes;
    }
    go_on(receiver.advance(total, total))
}

/// The files that may be an address book. Among other things a card is a contact that somebody sent: so of a folder
/// these are all, where it holds nothing else, and else those that lie at its top with no export of a chat beside them.
fn files(input: &Input) -> impl Iterator<Item = &Entry> {
    let is_alone = input.is_file() && input.entries().len() == 1;
    let visible = move || {
        let entries = input.entries().iter();
        entries.filter(move |entry| is_alone || !entry.name().starts_with('.'))
    };
    let depth = |entry: &Entry| entry.path.matches('/').count();
    let top = visible().map(depth).min().unwrap_or_default();
    let holds_cards = visible().all(is_named_as_cards);
    let holds_export = visible().any(|entry| {
        let ends = [".txt", ".json", ".html"];
        depth(entry) == top && ends.iter().any(|end| ends_with(entry, end))
    });
    visible().filter(move |entry| {
        let is_own = holds_cards || (depth(entry) == top && !holds_export);
        is_alone || (is_own && is_named_as_cards(entry))
    })
}

fn is_named_as_cards(entry: &Entry) -> bool {
    ends_with(entry, ".vcf") || ends_with(entry, ".vcard")
}

fn ends_with(entry: &Entry, end: &str) -> bool {
    let name = entry.name().as_bytes();
    name.len() > end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

#[cfg(test)]
mod tests;
