//! Other people's words as words of a page: escaped, with their formatting as elements of ours, and with
//! links that lead to web and mail addresses alone.

use std::fmt::{self, Write};

use url::Url;

use super::formatting::{Block, Inline, Style, plain, whatsapp};
use crate::view::Mention;

/// In bytes: a longer text is one that nobody typed.
const LONGEST: usize = 60_000;

/// Text that means nothing to a browser.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' => f.write_char(c)?,
                // A browser makes one end of a line of both forms.
                '\r' if characters.peek() == Some(&'\n') => {}
                '\r' => f.write_char('\n')?,
                // What else steers machines is drawn as what it is; a browser would drop or change it.
                '\0'..='\u{1f}' => f.write_char(picture(c))?,
                '\u{7f}'..='\u{9f}' => f.write_char('\u{fffd}')?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

fn picture(c: char) -> char {
    char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')
}

/// A text of a message, with its signs, links and names.
pub(super) struct Formatted<'a> {
    pub(super) text: &'a str,
    pub(super) mentions: &'a [Mention],
    /// By it signs mean something.
    pub(super) platform: &'a str,
}

impl<'a> Formatted<'a> {
    /// The same where it stands in a link itself.
    pub(super) fn without_links(&self) -> impl fmt::Display + use<'a> {
        Blocks(self.blocks(), false)
    }

    /// In a whole book signs mean nothing: what people type by hand is shorter. The sample is made after
    /// WhatsApp.
    fn blocks(&self) -> Vec<Block<'a>> {
        let has_signs = matches!(self.platform, "whatsapp" | "sample");
        if has_signs && self.text.len() <= LONGEST {
            whatsapp(self.text, self.mentions)
        } else {
            plain(self.text, self.mentions)
        }
    }
}

impl fmt::Display for Formatted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Blocks(self.blocks(), true).fmt(f)
    }
}

/// Pieces of a text, and whether what is a link leads somewhere.
struct Blocks<'a>(Vec<Block<'a>>, bool);

impl fmt::Display for Blocks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(blocks, leads) = self;
        // One paragraph stays a part of its line, so that the time can stand beside its end.
        if let [Block::Lines(parts)] = blocks.as_slice() {
            f.write_str("<span class=\"said\">")?;
            inline(f, parts, *leads)?;
            return f.write_str("</span>");
        }
        // Within a link nothing else than spans may stand.
        let tag = if *leads { "div" } else { "span" };
        write!(f, "<{tag} class=\"said\">")?;
        for (place, block) in blocks.iter().enumerate() {
            if *leads {
                whole(f, block)?;
            } else {
                f.write_str(if place > 0 { "\n" } else { "" })?;
                flat(f, block)?;
            }
        }
        write!(f, "</{tag}>")
    }
}

fn whole(f: &mut fmt::Formatter<'_>, block: &Block<'_>) -> fmt::Result {
    match block {
        Block::Lines(parts) => around(f, "p", parts),
        Block::Quote(parts) => around(f, "blockquote", parts),
        Block::Bullets(items) => {
            f.write_str("<ul>")?;
            items.iter().try_for_each(|item| around(f, "li", item))?;
            f.write_str("</ul>")
        }
        Block::Numbers(items) => {
            f.write_str("<ol>")?;
            for (number, item) in items {
                write!(f, "<li value=\"{number}\">")?;
                inline(f, item, true)?;
                f.write_str("</li>")?;
            }
            f.write_str("</ol>")
        }
    }
}

fn flat(f: &mut fmt::Formatter<'_>, block: &Block<'_>) -> fmt::Result {
    match block {
        Block::Lines(parts) | Block::Quote(parts) => inline(f, parts, false),
        Block::Bullets(items) => items.iter().enumerate().try_for_each(|(place, item)| {
            f.write_str(if place > 0 { "\n• " } else { "• " })?;
            inline(f, item, false)
        }),
        Block::Numbers(items) => {
            let mut numbered = items.iter().enumerate();
            numbered.try_for_each(|(place, (number, item))| {
                let break_before = if place > 0 { "\n" } else { "" };
                write!(f, "{break_before}{number}. ")?;
                inline(f, item, false)
            })
        }
    }
}

fn around(f: &mut fmt::Formatter<'_>, tag: &str, parts: &[Inline<'_>]) -> fmt::Result {
    write!(f, "<{tag}>")?;
    inline(f, parts, true)?;
    write!(f, "</{tag}>")
}

fn inline(f: &mut fmt::Formatter<'_>, parts: &[Inline<'_>], leads: bool) -> fmt::Result {
    for part in parts {
        match part {
            Inline::Text(words) => write!(f, "{}", Escaped(words))?,
            Inline::Code(words) => write!(f, "<code>{}</code>", Escaped(words))?,
            Inline::Name(name) => {
                write!(
                    f,
                    "<span class=\"mention\">@<bdi>{}</bdi></span>",
                    Escaped(name)
                )?;
            }
            Inline::Link(url) if leads => write!(
                f,
                "<a href=\"{0}\" rel=\"noopener noreferrer\"><bdi>{0}</bdi></a>",
                Escaped(url)
            )?,
            Inline::Link(url) => write!(f, "<bdi>{}</bdi>", Escaped(url))?,
            Inline::Styled(style, parts) => {
                let tag = match style {
                    Style::Bold => "strong",
                    Style::Italic => "em",
                    Style::Struck => "s",
                };
                write!(f, "<{tag}>")?;
                inline(f, parts, leads)?;
                write!(f, "</{tag}>")?;
            }
        }
    }
    Ok(())
}

/// The next address that may be followed, from there on.
pub(super) fn next_link(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let start = at + scheme(&text[at..])?;
        let whole = text[start..]
            .find(ends_link)
            .map_or(text.len(), |length| start + length);
        let end = start + trimmed(&text[start..whole]).len();
        let is_word = text[..start]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        if !is_word && is_openable(&text[start..end]) {
            return Some((start, end));
        }
        // Past the colon that every scheme has.
        at = start + text[start..].find(':').map_or(1, |colon| colon + 1);
    }
}

fn scheme(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let begins = |at: usize, with: &[u8]| {
        bytes
            .get(at..at + with.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(with))
    };
    (0..bytes.len())
        .filter(|&at| matches!(bytes[at], b'h' | b'H' | b'm' | b'M'))
        .find(|&at| begins(at, b"https://") || begins(at, b"http://") || begins(at, b"mailto:"))
}

fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>' | '"' | '\'' | '`' | '«' | '»' | '\u{2018}'..='\u{201f}'
        )
}

/// Without the punctuation that ends the sentence and not the address; a bracket stays when its other
/// half is in it.
fn trimmed(mut url: &str) -> &str {
    while let Some(last) = url.chars().next_back() {
        let opening = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '…' | '。' | '、' | '，' | '！' | '？' | '।'
            | '*' | '_' | '~' => None,
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => break,
        };
        if opening.is_some_and(|opening| url.matches(opening).count() >= url.matches(last).count())
        {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

fn is_openable(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| match url.scheme() {
        "http" | "https" => url.has_host(),
        "mailto" => url.path().contains('@'),
        _ => false,
    })
}

/// The name of a file as part of an address.
pub(super) struct Address<'a>(pub(super) &'a str);

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// The reader's colour of a person or chat: always the same for the same address.
pub(super) fn colour(address: &str) -> u32 {
    let mut hash: u32 = 2_166_136_261;
    for unit in address.encode_utf16() {
        hash = (hash ^ u32::from(unit)).wrapping_mul(16_777_619);
    }
    hash % 6 + 1
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "<script>alert('1')</script>",
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"
    )]
    #[case("a\0b\u{1b}[31m\r\nc\rd", "a␀b␛[31m\nc\nd")]
    #[case("👩‍👩‍👧 \u{202e}שלום", "👩‍👩‍👧 \u{202e}שלום")]
    fn nothing_is_markup(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(Escaped(text).to_string(), shown);
    }

    #[rstest]
    #[case("see https://a.example/x?y=1&z=2.", &["https://a.example/x?y=1&z=2"])]
    #[case("(https://a.example/b_(c)) and HTTP://B.example", &["https://a.example/b_(c)", "HTTP://B.example"])]
    #[case("javascript:alert(1) file:///etc/passwd xhttps://a.example", &[])]
    #[case("https:// http://", &[])]
    #[case("mailto:ana@a.example mailto:nobody", &["mailto:ana@a.example"])]
    #[case("https://a.example/\"onclick=\"x", &["https://a.example/"])]
    #[case("שלום https://a.example/ä。", &["https://a.example/ä"])]
    fn only_web_and_mail_addresses_are_links(#[case] text: &str, #[case] links: &[&str]) {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some((start, end)) = next_link(text, from) {
            found.push(&text[start..end]);
            from = end;
        }
        assert_eq!(found, links);
    }

    #[test]
    fn colours_are_the_readers() {
        // What `colourOf` of the window says of the same addresses, and one more.
        assert_eq!(colour(""), 2_166_136_261 % 6 + 1);
        assert!((1..=6).contains(&colour("4917600003001@s.whatsapp.net")));
    }
}
