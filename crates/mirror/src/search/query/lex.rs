//! Cutting an input at its spaces, quotes and colons.

/// A part of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Either of its neighbours will do.
    Or,
    /// Words, perhaps behind a name and a colon.
    Words {
        name: Option<&'a str>,
        /// What stands behind the colon, without quotes.
        text: &'a str,
        /// All of it, for where the name means nothing.
        whole: &'a str,
        without: bool,
        /// It is the end of the input, and no quote has ended it.
        open: bool,
    },
}

pub(super) fn pieces(input: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = input.trim_start_matches(is_space);
    while !rest.is_empty() {
        let (piece, after) = next(rest);
        pieces.push(piece);
        rest = after.trim_start_matches(is_space);
    }
    pieces
}

fn next(input: &str) -> (Piece<'_>, &str) {
    let without = input.starts_with('-') && input[1..].starts_with(|c: char| !is_space(c));
    let body = if without { &input[1..] } else { input };
    if body.starts_with(is_quote) {
        let (text, after) = quoted(body);
        return (words(None, text, text, without, false), after);
    }
    let end = body
        .find(|c| is_space(c) || is_quote(c))
        .unwrap_or(body.len());
    let word = &body[..end];
    if word == "OR" && !without {
        return (Piece::Or, &body[end..]);
    }
    if let Some((name, text)) = word.split_once(':')
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        // from:"Anna Lee"
        if text.is_empty() && body[end..].starts_with(is_quote) {
            let (text, after) = quoted(&body[end..]);
            return (words(Some(name), text, text, without, false), after);
        }
        let open = end == body.len();
        return (words(Some(name), text, word, without, open), &body[end..]);
    }
    (
        words(None, word, word, without, end == body.len()),
        &body[end..],
    )
}

const fn words<'a>(
    name: Option<&'a str>,
    text: &'a str,
    whole: &'a str,
    without: bool,
    open: bool,
) -> Piece<'a> {
    Piece::Words {
        name,
        text,
        whole,
        without,
        open,
    }
}

/// What stands between the quotes, to the end where there is no second one.
fn quoted(input: &str) -> (&str, &str) {
    let mut rest = input.chars();
    rest.next();
    let inner = rest.as_str();
    match inner.find(is_quote) {
        None => (inner, ""),
        Some(end) => {
            let mut after = inner[end..].chars();
            after.next();
            (&inner[..end], after.as_str())
        }
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

pub(in crate::search) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」')
}
