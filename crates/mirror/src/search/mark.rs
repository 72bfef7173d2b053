//! What to show of a hit: a piece of the text with the words marked that were looked for.

use std::ops::Range;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// A longer text is shown in part, in bytes.
const LONGEST: usize = 600;
/// So much of it before the first mark.
const BEFORE: usize = 80;

/// A stretch of a text, from and to, counted in UTF-16 code units as a window counts its strings. It never
/// cuts what a reader takes for one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark(pub u32, pub u32);

/// A piece of a text, and what is marked in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The piece; mostly all of it.
    pub text: String,
    /// Where it begins in the text, in UTF-16 code units.
    pub start: u32,
    /// The text goes on behind it.
    pub cut: bool,
    /// Counted from the beginning of the piece, in order, none touching another.
    pub marks: Vec<Mark>,
}

/// `found`: stretches in bytes, in any order.
pub(super) fn excerpt(text: &str, mut found: Vec<Range<usize>>) -> Excerpt {
    found.sort_by_key(|range| (range.start, range.end));
    let window = window(text, found.first());
    let piece = &text[window.clone()];
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in found {
        if range.start < window.start || range.start >= window.end {
            continue;
        }
        let range = range.start - window.start..range.end.min(window.end) - window.start;
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    Excerpt {
        start: units(&text[..window.start]),
        cut: window.end < text.len(),
        marks: marks(piece, &merged),
        text: piece.to_owned(),
    }
}

/// The piece around the first mark, cut between what readers take for characters.
fn window(text: &str, first: Option<&Range<usize>>) -> Range<usize> {
    if text.len() <= LONGEST {
        return 0..text.len();
    }
    let first = first.map_or(0, |range| range.start);
    let start = boundary(text, first.saturating_sub(BEFORE));
    start..boundary(text, (start + LONGEST).min(text.len())).max(start)
}

/// The last place at or before `at` between two characters, as a reader takes them. In an endless run of
/// accents there is none near, and it is cut.
fn boundary(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    if at == text.len() {
        return at;
    }
    let from = text.floor_char_boundary(at.saturating_sub(64));
    let to = text.ceil_char_boundary((at + 64).min(text.len()));
    text[from..to]
        .grapheme_indices(true)
        .map(|(place, _)| from + place)
        .take_while(|place| *place <= at)
        .last()
        .filter(|place| *place > from)
        .unwrap_or(at)
}

/// Widens stretches to whole characters and counts them in UTF-16.
fn marks(piece: &str, found: &[Range<usize>]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut found = found.iter().peekable();
    let mut at = 0;
    for (start, character) in piece.grapheme_indices(true) {
        let (end, from) = (start + character.len(), at);
        at += units(character);
        while found.next_if(|range| range.end <= start).is_some() {}
        let is_marked = found
            .peek()
            .is_some_and(|range| range.start < end && range.end > start);
        if !is_marked {
            continue;
        }
        match marks.last_mut() {
            Some(last) if last.1 == from => last.1 = at,
            _ => marks.push(Mark(from, at)),
        }
    }
    marks
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, words: &[&str]) -> Vec<String> {
        let found = words
            .iter()
            .flat_map(|word| text.match_indices(word))
            .map(|(at, word)| at..at + word.len())
            .collect();
        let excerpt = excerpt(text, found);
        let units: Vec<u16> = excerpt.text.encode_utf16().collect();
        excerpt
            .marks
            .iter()
            .map(|mark| String::from_utf16(&units[mark.0 as usize..mark.1 as usize]).unwrap())
            .collect()
    }

    #[test]
    fn marks_hold_whole_characters() {
        assert_eq!(marked("a cafe\u{301}!", &["cafe"]), ["cafe\u{301}"]);
        assert_eq!(marked("x 👍🏽 y", &["👍"]), ["👍🏽"]);
        assert_eq!(
            marked("😀 你好世界", &["好", "世"]),
            ["好世"],
            "neighbours are one"
        );
        assert_eq!(marked("none", &[]), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_is_shown_around_its_first_mark() {
        let text = format!("{}needle{}", "ä ".repeat(2_000), " z".repeat(2_000));
        let at = text.find("needle").unwrap();
        let found = std::iter::once(at..at + 6).collect();
        let excerpt = excerpt(&text, found);
        assert!(excerpt.cut && excerpt.text.len() <= LONGEST);
        let Mark(from, to) = excerpt.marks[0];
        let units: Vec<u16> = text.encode_utf16().collect();
        let (from, to) = (
            (excerpt.start + from) as usize,
            (excerpt.start + to) as usize,
        );
        assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "needle");
    }

    #[test]
    fn an_endless_character_is_cut_somewhere() {
        let text = format!("a{}b", "\u{301}".repeat(5_000));
        for found in [0..1, text.len() - 1..text.len()] {
            let excerpt = excerpt(&text, vec![found]);
            assert!(excerpt.text.len() <= LONGEST, "{}", excerpt.text.len());
            assert_eq!(excerpt.marks.len(), 1, "and what is marked is in it");
        }
    }
}
