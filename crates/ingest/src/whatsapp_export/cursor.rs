//! Walking over the head of a line: characters, numbers in any script, spaces; invisible marks are not there.

/// A place in a line. Marks of direction are passed over wherever they stand.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A number and how many digits it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Number {
    pub(super) value: u16,
    pub(super) width: u8,
}

/// Marks that have no look of their own: direction, isolation, joining, byte order.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}'
    )
}

/// Spaces of any width.
pub(super) const fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Where the digits of a script begin; each has ten in a row.
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// The value of a digit.
pub(super) fn digit(c: char) -> Option<u16> {
    if c.is_ascii() {
        return c.to_digit(10).map(|digit| digit as u16);
    }
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    let value = c as u32 - *zero as u32;
    (value < 10).then_some(value as u16)
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// What has not been read, marks and all.
    pub(super) fn rest(self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn go(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next character that is no mark.
    pub(super) fn peek(&mut self) -> Option<char> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if byte < 0x80 {
                return Some(byte as char);
            }
            let c = self.text[self.at..].chars().next()?;
            if !is_mark(c) {
                return Some(c);
            }
            self.at += c.len_utf8();
        }
    }

    pub(super) const fn skip(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let is_here = self.peek() == Some(wanted);
        if is_here {
            self.skip(wanted);
        }
        is_here
    }

    /// Passes over spaces, and says whether there were any.
    pub(super) fn spaces(&mut self) -> bool {
        let mut any = false;
        while let Some(c) = self.peek().filter(|c| is_space(*c)) {
            self.skip(c);
            any = true;
        }
        any
    }

    /// Passes over one space, and over the marks before it.
    pub(super) fn space(&mut self) {
        if let Some(c) = self.peek().filter(|c| is_space(*c)) {
            self.skip(c);
        }
    }

    /// A number of at most four digits.
    pub(super) fn number(&mut self) -> Option<Number> {
        let (mut value, mut width) = (0_u16, 0_u8);
        while let Some(c) = self.peek() {
            let Some(digit) = digit(c) else { break };
            if width == 4 {
                return None;
            }
            value = value * 10 + digit;
            width += 1;
            self.skip(c);
        }
        (width > 0).then_some(Number { value, width })
    }
}
