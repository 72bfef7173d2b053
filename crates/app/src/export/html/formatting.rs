//! The signs that people type in WhatsApp, as the reader reads them (`formatting.ts` of the window has the
//! same rules, and the same examples): \*bold\*, \_italic\_, \~struck\~, code between backticks, and at the
//! beginning of lines `> ` for quotes, `- ` and `1. ` for lists. Time grows with the length of the text
//! alone: a sign without its other half is looked for once in a line.

use std::ops::Range;

use super::text::next_link;
use crate::view::Mention;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Italic,
    Struck,
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(super) enum Inline<'a> {
    Text(&'a str),
    Code(&'a str),
    Link(&'a str),
    /// Somebody's name, in place of their number.
    Name(&'a str),
    Styled(Style, Vec<Inline<'a>>),
}

/// A piece of a text, made of whole lines.
#[derive(Debug)]
pub(super) enum Block<'a> {
    Lines(Vec<Inline<'a>>),
    Quote(Vec<Inline<'a>>),
    Bullets(Vec<Vec<Inline<'a>>>),
    /// Each with the number that was typed.
    Numbers(Vec<(&'a str, Vec<Inline<'a>>)>),
}

/// A stretch in which signs mean nothing.
struct Atom<'a> {
    place: Range<usize>,
    part: Inline<'a>,
}

/// Of a platform that has no signs: lines, links and names.
pub(super) fn plain<'a>(text: &'a str, mentions: &'a [Mention]) -> Vec<Block<'a>> {
    let atoms = atoms(text, Vec::new(), mentions);
    let all = [Style::Bold, Style::Italic, Style::Struck];
    vec![Block::Lines(inline(text, 0..text.len(), &atoms, &all))]
}

pub(super) fn whatsapp<'a>(text: &'a str, mentions: &'a [Mention]) -> Vec<Block<'a>> {
    let codes = codes(text);
    let lines = lines(text, &codes);
    let atoms = atoms(text, codes, mentions);
    let mut blocks: Vec<Block<'a>> = Vec::new();
    for line in lines {
        let begin = begin(&text[line.clone()]);
        let parts = inline(text, line.start + begin.length..line.end, &atoms, &[]);
        match (begin.kind, blocks.last_mut()) {
            (Kind::Bullet, Some(Block::Bullets(items))) => items.push(parts),
            (Kind::Number(number), Some(Block::Numbers(items))) => items.push((number, parts)),
            (Kind::Line, Some(Block::Lines(before)))
            | (Kind::Quote, Some(Block::Quote(before))) => {
                // With the break before it, which belongs to the text.
                before.push(Inline::Text("\n"));
                before.extend(parts);
            }
            (Kind::Bullet, _) => blocks.push(Block::Bullets(vec![parts])),
            (Kind::Number(number), _) => blocks.push(Block::Numbers(vec![(number, parts)])),
            (Kind::Line, _) => blocks.push(Block::Lines(parts)),
            (Kind::Quote, _) => blocks.push(Block::Quote(parts)),
        }
    }
    blocks
}

/// The lines of a text; code that goes over several keeps them together.
fn lines(text: &str, codes: &[Atom<'_>]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut next, mut from, mut at) = (0, 0, 0);
    while at <= text.len() {
        if let Some(code) = codes.get(next).filter(|code| code.place.start == at) {
            at = code.place.end;
            next += 1;
            continue;
        }
        if at == text.len() || text.as_bytes()[at] == b'\n' {
            lines.push(from..at);
            from = at + 1;
        }
        at += 1;
    }
    lines
}

enum Kind<'a> {
    Line,
    Quote,
    Bullet,
    Number(&'a str),
}

struct Begin<'a> {
    kind: Kind<'a>,
    /// In bytes: the words begin behind it.
    length: usize,
}

/// What a line is by how it begins.
fn begin(line: &str) -> Begin<'_> {
    let has_words = |length: usize| {
        let next = line.get(length..).and_then(|rest| rest.chars().next());
        next.is_some_and(|c| !c.is_whitespace())
    };
    let begins = |with: &str| line.starts_with(with) && has_words(with.len());
    if begins("> ") || begins(">") {
        let length = if begins("> ") { 2 } else { 1 };
        return Begin {
            kind: Kind::Quote,
            length,
        };
    }
    if begins("- ") || begins("* ") {
        return Begin {
            kind: Kind::Bullet,
            length: 2,
        };
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && line[digits..].starts_with(". ") && has_words(digits + 2) {
        let kind = Kind::Number(&line[..digits]);
        return Begin {
            kind,
            length: digits + 2,
        };
    }
    Begin {
        kind: Kind::Line,
        length: 0,
    }
}

fn inline<'a>(
    text: &'a str,
    place: Range<usize>,
    atoms: &[Atom<'a>],
    around: &[Style],
) -> Vec<Inline<'a>> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut lonely = Vec::new();
    let mut next = first_behind(atoms, place.start);
    let (mut done, mut at) = (place.start, place.start);
    let say = |parts: &mut Vec<Inline<'a>>, from: usize, until: usize| {
        if until > from {
            parts.push(Inline::Text(&text[from..until]));
        }
    };
    while at < place.end {
        if let Some(atom) = atoms.get(next).filter(|atom| atom.place.start == at) {
            say(&mut parts, done, at);
            parts.push(atom.part.clone());
            next += 1;
            at = atom.place.end;
            done = at;
            continue;
        }
        let found = style(bytes[at])
            .filter(|style| !around.contains(style) && !lonely.contains(style) && opens(text, at));
        if let Some(style) = found {
            if let Some(close) = closing(text, at, place.end, atoms, next) {
                say(&mut parts, done, at);
                let inside = [around, &[style]].concat();
                parts.push(Inline::Styled(
                    style,
                    inline(text, at + 1..close, atoms, &inside),
                ));
                at = close + 1;
                done = at;
                next = first_behind(atoms, at);
                continue;
            }
            lonely.push(style);
        }
        at += 1;
    }
    say(&mut parts, done, place.end);
    parts
}

const fn style(sign: u8) -> Option<Style> {
    match sign {
        b'*' => Some(Style::Bold),
        b'_' => Some(Style::Italic),
        b'~' => Some(Style::Struck),
        _ => None,
    }
}

fn before(text: &str, at: usize) -> char {
    text[..at].chars().next_back().unwrap_or(' ')
}

fn behind(text: &str, at: usize, to: usize) -> char {
    text[at + 1..to].chars().next().unwrap_or(' ')
}

/// A sign opens before a word and not within one; several in a row are no sign.
fn opens(text: &str, at: usize) -> bool {
    let sign = char::from(text.as_bytes()[at]);
    let (before, behind) = (before(text, at), behind(text, at, text.len()));
    !before.is_alphanumeric() && before != sign && behind != sign && !behind.is_whitespace()
}

/// The place of the sign's other half.
fn closing(
    text: &str,
    open: usize,
    to: usize,
    atoms: &[Atom<'_>],
    mut next: usize,
) -> Option<usize> {
    let bytes = text.as_bytes();
    let sign = char::from(bytes[open]);
    let mut at = open + 1;
    while at < to {
        if let Some(atom) = atoms.get(next).filter(|atom| atom.place.start == at) {
            at = atom.place.end;
            next += 1;
            continue;
        }
        if bytes[at] == bytes[open] && at > open + 1 {
            let (before, behind) = (before(text, at), behind(text, at, to));
            let closes = !before.is_whitespace() && before != sign && behind != sign;
            if closes && !behind.is_alphanumeric() {
                return Some(at);
            }
        }
        at += 1;
    }
    None
}

/// The first stretch that begins at a place or behind it.
fn first_behind(atoms: &[Atom<'_>], place: usize) -> usize {
    atoms.partition_point(|atom| atom.place.start < place)
}

/// Code between three backticks, over lines too, or between single ones within a line.
fn codes(text: &str) -> Vec<Atom<'_>> {
    let tick = |from: usize| text[from..].find('`').map(|place| from + place);
    let mut codes = Vec::new();
    let mut from = tick(0);
    while let Some(at) = from {
        let fence = if text[at..].starts_with("```") {
            "```"
        } else {
            "`"
        };
        let inner = at + fence.len();
        let end = text[inner..].find(fence).map(|place| inner + place);
        if end.is_none() && fence == "`" {
            break;
        }
        let until = end.unwrap_or(inner);
        let words = &text[inner..until];
        if words.trim().is_empty() || (fence == "`" && words.contains('\n')) {
            // Without its other half it may still be the other half of what follows.
            from = tick(if fence == "`" { until } else { inner });
            continue;
        }
        // Fences on lines of their own bring no empty lines.
        let words = if fence == "```" {
            let words = words.strip_prefix('\n').unwrap_or(words);
            words
                .strip_suffix('\n')
                .filter(|rest| !rest.is_empty())
                .unwrap_or(words)
        } else {
            words
        };
        let to = until + fence.len();
        codes.push(Atom {
            place: at..to,
            part: Inline::Code(words),
        });
        from = tick(to);
    }
    codes
}

/// Code, links and names, in order; what comes first in this row keeps its place.
fn atoms<'a>(text: &'a str, codes: Vec<Atom<'a>>, mentions: &'a [Mention]) -> Vec<Atom<'a>> {
    let mut apart = codes;
    add(&mut apart, links(text));
    add(&mut apart, names(text, mentions));
    apart
}

/// Those of `more` that lie in no stretch that is there.
fn add<'a>(atoms: &mut Vec<Atom<'a>>, more: Vec<Atom<'a>>) {
    let is_free = |atom: &Atom<'_>| {
        let next = first_behind(atoms, atom.place.start + 1);
        let ends = next.checked_sub(1).map_or(0, |last| atoms[last].place.end);
        let begins = atoms.get(next).map_or(usize::MAX, |next| next.place.start);
        ends <= atom.place.start && atom.place.end <= begins
    };
    let free: Vec<_> = more.into_iter().filter(is_free).collect();
    atoms.extend(free);
    atoms.sort_by_key(|atom| atom.place.start);
}

fn links(text: &str) -> Vec<Atom<'_>> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = next_link(text, from) {
        let part = Inline::Link(&text[start..end]);
        links.push(Atom {
            place: start..end,
            part,
        });
        from = end;
    }
    links
}

/// Whom the text names by an address: `@4915550002`.
fn names<'a>(text: &'a str, mentions: &'a [Mention]) -> Vec<Atom<'a>> {
    if mentions.is_empty() {
        return Vec::new();
    }
    let named = crate::mention::handles(text).filter_map(|place| {
        let handle = &text[place.start + 1..place.end];
        let mention = mentions.iter().find(|mention| mention.handle == handle)?;
        let part = Inline::Name(&mention.name);
        Some(Atom { place, part })
    });
    named.collect()
}

#[cfg(test)]
mod tests;
