//! Cutting a file into cards, line by line, with nothing kept but what is read of them.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The longest line, and the longest card without its photo: a thousand times what an address has.
const MAX_LINE: usize = 64 * 1024;
const MAX_CARD: usize = 256 * 1024;
/// The longest file in an encoding of two bytes, which is read whole. Only old phones wrote such.
const MAX_WIDE: u64 = 64 * 1024 * 1024;

/// What is read of a card.
const READ: [&str; 6] = ["VERSION", "FN", "N", "NICKNAME", "ORG", "TEL"];

/// What comes next in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A card, from its `BEGIN` to its `END`.
    Card(String),
    /// One that cannot be read.
    Broken(&'static str),
    End,
}

/// The cards of a file.
pub(super) struct Cards<'a> {
    bytes: Box<dyn BufRead + 'a>,
    done: u64,
    /// The next card began before the last one had ended.
    began: bool,
}

/// Whether a file begins with a card.
pub(super) fn begins_as_card(head: &[u8]) -> bool {
    let head = match wide(head) {
        Some(encoding) => encoding.decode(head).0,
        None => String::from_utf8_lossy(head),
    };
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    head.get(..11)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCARD"))
}

fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    }
}

impl<'a> Cards<'a> {
    pub(super) fn of(bytes: Box<dyn Read + 'a>) -> io::Result<Self> {
        let mut bytes = BufReader::new(bytes);
        let bytes: Box<dyn BufRead> = match wide(bytes.fill_buf()?) {
            None => Box::new(bytes),
            Some(encoding) => {
                let mut whole = Vec::new();
                bytes.take(MAX_WIDE).read_to_end(&mut whole)?;
                Box::new(Cursor::new(encoding.decode(&whole).0.into_owned()))
            }
        };
        Ok(Self {
            bytes,
            done: 0,
            began: false,
        })
    }

    /// How many bytes have been read.
    pub(super) const fn done(&self) -> u64 {
        self.done
    }

    /// The next card.
    pub(super) fn next(&mut self) -> io::Result<Cut> {
        while !self.began {
            match self.line()? {
                None => return Ok(Cut::End),
                // What stands between cards is nobody's.
                Some(line) => self.began = is(&line, "BEGIN:VCARD"),
            }
        }
        self.began = false;
        self.card()
    }

    fn card(&mut self) -> io::Result<Cut> {
        let mut card = "BEGIN:VCARD\r\n".to_owned();
        let (mut keeps, mut goes_on) = (false, false);
        // A card may hold another one, of somebody's assistant.
        let (mut holds, mut inner) = (false, 0_usize);
        while let Some(line) = self.line()? {
            let is_more =
                goes_on || line.starts_with(b" ") || line.starts_with(b"\t") || !is_property(&line);
            if is_more {
                goes_on = goes_on && line.ends_with(b"=");
            } else if is(&line, "BEGIN:VCARD") {
                if !holds && inner == 0 {
                    self.began = true;
                    return Ok(Cut::Broken(UNENDED));
                }
                (keeps, holds) = (false, false);
                inner += 1;
                continue;
            } else if is(&line, "END:VCARD") {
                if inner == 0 {
                    card.push_str("END:VCARD\r\n");
                    return Ok(if card.len() > MAX_CARD {
                        Cut::Broken("a card was left out: it is too long")
                    } else {
                        Cut::Card(card)
                    });
                }
                inner -= 1;
                continue;
            } else {
                let name = name(&line);
                holds = name.eq_ignore_ascii_case("AGENT");
                keeps = inner == 0 && READ.iter().any(|read| name.eq_ignore_ascii_case(read));
                goes_on = is_quoted(&line) && line.ends_with(b"=");
            }
            if keeps && card.len() <= MAX_CARD {
                push(&mut card, &line, is_more);
            }
        }
        Ok(Cut::Broken(UNENDED))
    }

    /// The next line without its end; of a long one its beginning.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            let window = self.bytes.fill_buf()?;
            if window.is_empty() {
                return Ok((!line.is_empty()).then_some(line));
            }
            let end = memchr::memchr(b'\n', window);
            let part = &window[..end.unwrap_or(window.len())];
            let room = MAX_LINE.saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.done += used as u64;
            self.bytes.consume(used);
            if end.is_some() {
                while line.ends_with(b"\r") {
                    line.pop();
                }
                return Ok(Some(line));
            }
        }
    }
}

const UNENDED: &str = "a card was left out: it has no end";

/// Adds a line in UTF-8, with what only 2.1 leaves out put in.
fn push(card: &mut String, line: &[u8], is_more: bool) {
    let head = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let named = head.split(';').find_map(|part| {
        part.get(..8)
            .filter(|name| name.eq_ignore_ascii_case("CHARSET="))
            .map(|_| &part[8..])
    });
    let encoding = named.and_then(|label| Encoding::for_label(label.trim_matches('"').as_bytes()));
    let line = match str::from_utf8(line) {
        Ok(line) => line.to_owned(),
        Err(_) => encoding
            .unwrap_or(WINDOWS_1252)
            .decode_without_bom_handling(line)
            .0
            .into_owned(),
    };
    let bare = |part: &str| part.eq_ignore_ascii_case("QUOTED-PRINTABLE");
    match line.split_once(':') {
        Some((head, value)) if !is_more && head.split(';').any(bare) => {
            let parts: Vec<String> = head
                .split(';')
                .map(|part| {
                    if bare(part) {
                        format!("ENCODING={part}")
                    } else {
                        part.to_owned()
                    }
                })
                .collect();
            card.push_str(&parts.join(";"));
            card.push(':');
            card.push_str(value);
        }
        _ => card.push_str(&line),
    }
    card.push_str("\r\n");
}

fn is(line: &[u8], expected: &str) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
}

/// Whether a line begins a property, and is no more of the one before: base64 of 2.1 goes on without a space.
fn is_property(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';'));
    end.is_some_and(|end| {
        end > 0
            && line[..end]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    })
}

/// The name of a line's property, without its group (`item1.TEL`).
fn name(line: &[u8]) -> &str {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';'));
    let name = str::from_utf8(&line[..end.unwrap_or_default()]).unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

fn is_quoted(line: &[u8]) -> bool {
    let head = line.split(|byte| *byte == b':').next().unwrap_or_default();
    head.split(|byte| matches!(byte, b';' | b'=' | b','))
        .any(|part| part.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"))
}
