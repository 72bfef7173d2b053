//! What a message begins with: a date and a time as somebody's phone writes them, and the end of both.
//!
//! Nothing is decided here of what the three numbers of a date mean: that takes the whole text.

use super::{
    cursor::{Cursor, Number, digit, is_mark, is_space},
    halves::{Half, half},
};

/// The beginning of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) shape: Shape,
    pub(super) date: Written,
    pub(super) time: Time,
    /// Who and what, or a line of the platform.
    pub(super) rest: &'a str,
}

/// What all headers of one export have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) end: End,
    pub(super) separator: char,
    pub(super) year: Year,
    is_time_first: bool,
    has_comma: bool,
    /// Words between date and time: `at`, `à`, `kl.`
    words: u8,
}

/// What stands between the time and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// `12/31/20, 9:41 PM - `
    Dash,
    /// `[12/31/20, 9:41:07 PM] `
    Bracket,
    /// `12/31/20, 9:41:07 PM: `
    Colon,
}

/// Which number of a date is the year, as far as its length tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Year {
    First,
    Last,
    Short,
}

/// The three numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Written {
    pub(super) numbers: [Number; 3],
    /// What an era's letter adds to its years.
    pub(super) era: u16,
    /// The letter stands before the first number.
    is_era_first: bool,
}

/// A time of day; no seconds on Android.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: Option<u8>,
    /// Written with a half of the day.
    pub(super) is_of_twelve: bool,
}

/// The longest text between date and time, and between time and end, in bytes.
const WINDOW: usize = 48;

/// Reads the beginning of a line.
pub(super) fn header(line: &str) -> Option<Header<'_>> {
    let mut cursor = Cursor::new(line);
    cursor.spaces();
    let is_bracket = cursor.take('[');
    // Most lines of most texts are no header, and most of those end here.
    cursor
        .peek()
        .filter(|c| digit(*c).is_some() || matches!(c, 'R' | 'H'))?;
    let mut ahead = cursor;
    let (date, separator, gap, mut time, word, end);
    let is_time_first = match written(&mut ahead) {
        Some(found) => {
            cursor = ahead;
            (date, separator) = found;
            gap = between(&mut cursor)?;
            time = clock(&mut cursor)?;
            (word, end) = ending(&mut cursor, is_bracket)?;
            false
        }
        None => {
            time = clock(&mut cursor)?;
            gap = between(&mut cursor)?;
            (date, separator) = written(&mut cursor)?;
            (word, end) = ending(&mut cursor, is_bracket)?;
            true
        }
    };
    let after = word_half(word)?;
    if let Some(half) = after.or(gap.half) {
        time.hour = half.hour(time.hour)?;
        time.is_of_twelve = true;
    }
    Some(Header {
        shape: Shape {
            end,
            separator,
            year: date.year(),
            is_time_first,
            has_comma: gap.has_comma,
            words: gap.words,
        },
        date,
        time,
        rest: cursor.rest(),
    })
}

impl Written {
    fn year(&self) -> Year {
        let [first, _, last] = self.numbers;
        if first.width > 2 || self.is_era_first {
            Year::First
        } else if last.width > 2 || self.era != 0 {
            Year::Last
        } else {
            Year::Short
        }
    }
}

/// A date of three numbers, and what stands between them.
fn written(cursor: &mut Cursor<'_>) -> Option<(Written, char)> {
    let early = era(cursor);
    let first = cursor.number()?;
    let separator = separator(cursor)?;
    let second = cursor.number().filter(|number| number.width <= 2)?;
    if self::separator(cursor)? != separator {
        return None;
    }
    let late = era(cursor);
    let third = cursor.number()?;
    if first.width > 2 && third.width > 2 {
        return None;
    }
    match separator {
        // A dot behind a day belongs to it, and behind a year, too, in some languages.
        '.' => _ = cursor.take('.'),
        '年' => _ = cursor.take('日') || cursor.take('일'),
        _ => {}
    }
    let date = Written {
        numbers: [first, second, third],
        era: early.or(late).unwrap_or(0),
        is_era_first: early.is_some(),
    };
    Some((date, separator))
}

/// The letter of a Japanese era, and the year before its first.
fn era(cursor: &mut Cursor<'_>) -> Option<u16> {
    let years = match cursor.peek()? {
        'R' => 2018,
        'H' => 1988,
        _ => return None,
    };
    cursor.go(1);
    Some(years)
}

/// What stands between two numbers of a date; the signs for year and month are one.
fn separator(cursor: &mut Cursor<'_>) -> Option<char> {
    let is_apart = cursor.spaces();
    let c = cursor.peek()?;
    let separator = match c {
        '/' | '.' | '-' => c,
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        '年' | '月' | '년' | '월' => '年',
        _ if is_apart => return Some(' '),
        _ => return None,
    };
    cursor.skip(c);
    if separator != '-' {
        cursor.spaces();
    }
    Some(separator)
}

/// What stands between date and time.
#[derive(Clone, Copy, Default)]
struct Gap {
    has_comma: bool,
    words: u8,
    half: Option<Half>,
}

fn between(cursor: &mut Cursor<'_>) -> Option<Gap> {
    let rest = cursor.rest();
    // The two that nearly all exports have.
    for (gap, has_comma) in [(", ", true), (" ", false)] {
        if rest
            .strip_prefix(gap)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            cursor.go(gap.len());
            return Some(Gap {
                has_comma,
                ..Gap::default()
            });
        }
    }
    let mut gap = Gap::default();
    let mut words = String::new();
    let mut length = 0;
    for c in rest.chars() {
        match c {
            _ if digit(c).is_some() => break,
            ',' | '،' | '、' | '，' | '؛' => {
                gap.has_comma = true;
                words.push(' ');
            }
            '.' | '\'' | '"' => words.push(c),
            c if c.is_ascii() && !c.is_ascii_alphabetic() && c != ' ' => return None,
            c => words.push(if is_space(c) { ' ' } else { c }),
        }
        length += c.len_utf8();
        if length > WINDOW {
            return None;
        }
    }
    cursor.go(length);
    let words: Vec<&str> = words
        .split(' ')
        .filter(|word| word.chars().any(|c| !is_mark(c)))
        .collect();
    // An era's name, or an `at`, may stand before the half of the day.
    let halves = |before: usize| Some((before, half(&words.get(before..)?.concat())?));
    if let Some((before, half)) = halves(0).or_else(|| halves(1)) {
        (gap.half, gap.words) = (Some(half), before as u8);
    } else if words.len() <= 2 && words.iter().all(|word| word.chars().count() <= 6) {
        gap.words = words.len() as u8;
    } else {
        return None;
    }
    Some(gap)
}

/// A time of day, without its half.
fn clock(cursor: &mut Cursor<'_>) -> Option<Time> {
    let hour = cursor.number().filter(|n| n.width <= 2 && n.value <= 24)?;
    cursor.spaces();
    let sign = cursor.peek()?;
    if !matches!(
        sign,
        ':' | '.' | 'h' | '\u{2236}' | '：' | '時' | '时' | '시'
    ) {
        return None;
    }
    cursor.skip(sign);
    cursor.spaces();
    let sixty = |n: &Number| n.width == 2 && n.value < 60;
    let minute = cursor.number().filter(sixty)?;
    let mut behind = *cursor;
    let second = match behind.take(sign).then(|| behind.number()) {
        Some(second) => {
            let second = second.filter(sixty);
            // `9:41: text` has no seconds.
            if second.is_some() {
                *cursor = behind;
            }
            second
        }
        None => None,
    };
    Some(Time {
        hour: (hour.value % 24) as u8,
        minute: minute.value as u8,
        second: second.map(|second| second.value as u8),
        is_of_twelve: false,
    })
}

/// What stands between the numbers of the time and the end, and the end.
fn ending<'a>(cursor: &mut Cursor<'a>, is_bracket: bool) -> Option<(&'a str, End)> {
    let rest = cursor.rest();
    if is_bracket {
        let close = rest
            .as_bytes()
            .iter()
            .take(WINDOW)
            .position(|b| *b == b']')?;
        cursor.go(close + 1);
        let behind = cursor.rest().chars().next().filter(|c| is_space(*c));
        cursor.go(behind.map_or(0, char::len_utf8));
        return Some((&rest[..close], End::Bracket));
    }
    if rest.starts_with(" - ") {
        cursor.go(3);
        return Some(("", End::Dash));
    }
    if rest.starts_with(": ") {
        cursor.go(2);
        return Some(("", End::Colon));
    }
    let mut is_apart = false;
    for (at, c) in rest.char_indices().take_while(|(at, _)| *at < WINDOW) {
        if is_apart && matches!(c, '-' | '–' | '—') {
            let behind = &rest[at + c.len_utf8()..];
            let next = behind.chars().find(|c| !is_mark(*c));
            if next.is_none_or(is_space) {
                cursor.go(at + c.len_utf8());
                cursor.space();
                return Some((&rest[..at], End::Dash));
            }
        }
        if c == ':' && rest[at..].starts_with(": ") {
            cursor.go(at + 2);
            return Some((&rest[..at], End::Colon));
        }
        is_apart = is_space(c) || (is_apart && is_mark(c));
    }
    None
}

/// The half of the day that a text stands for: none where it is empty, and nothing at all where it is another word.
fn word_half(word: &str) -> Option<Option<Half>> {
    if word.chars().all(|c| is_space(c) || is_mark(c)) {
        return Some(None);
    }
    half(word).map(Some)
}

#[cfg(test)]
mod tests;
