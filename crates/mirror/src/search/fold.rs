//! Folding: what is left of a character once case, accents and writing habits are taken away.
//!
//! Characters are decomposed (NFKD), not composed: so a folded character still knows which one of the
//! text it came from, and a full-width or a half-width form, a ligature and a letter in bold script come
//! out as the plain letters. What goes, goes in the index and in queries alike.

use unicode_normalization::char::is_combining_mark;

/// What a decomposed character does to the word that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Belongs to a word; see `push`.
    Letter,
    /// Is a word by itself: of a script without spaces, or a symbol.
    Alone,
    /// Belongs to the character before it, be that a word by itself or in one.
    Attached,
    /// Hangul: the leading, middle and closing part of a syllable, which is a word by itself.
    Leading,
    Middle,
    Closing,
    /// As if it were not there.
    Nothing,
    /// Ends a word.
    Break,
}

/// A symbol that a person may look for: emoji, arrows, signs of money. Looked at before decomposing.
pub(super) const fn is_symbol(c: char) -> bool {
    matches!(c,
        '\u{A2}'..='\u{A5}' | '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{20A0}'..='\u{20CF}'
        | '\u{2139}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}'
        | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}'
        | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1F0FF}'
        | '\u{1F170}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

/// What the character does, of a decomposed text, `before` being the last one of the word.
pub(super) fn piece(c: char, before: Option<char>) -> Piece {
    if is_symbol(c) {
        return Piece::Alone;
    }
    match c {
        // Soft hyphen, tatweel, joiners, directions, variation selectors, skin tones, tags.
        '\u{AD}'
        | '\u{640}'
        | '\u{61C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0000}'..='\u{E0FFF}' => Piece::Nothing,
        // Letters by their class, signs by their use.
        '\u{2B9}'..='\u{2BF}' | '\u{2C8}' => Piece::Break,
        // The marks that tell か from が.
        '\u{3099}' | '\u{309A}' => Piece::Attached,
        '\u{1100}'..='\u{115F}' | '\u{A960}'..='\u{A97C}' => Piece::Leading,
        '\u{1160}'..='\u{11A7}' | '\u{D7B0}'..='\u{D7C6}' => Piece::Middle,
        '\u{11A8}'..='\u{11FF}' | '\u{D7CB}'..='\u{D7FB}' => Piece::Closing,
        _ if is_accent(c, before) => Piece::Nothing,
        _ if digit(c).is_some() => Piece::Letter,
        _ if is_unspaced(c) => Piece::Alone,
        _ if c.is_alphanumeric() || is_combining_mark(c) => Piece::Letter,
        _ => Piece::Break,
    }
}

/// A mark that people leave out, or put in, as they like. The marks of Indic scripts are vowels and stay.
const fn is_accent(c: char, before: Option<char>) -> bool {
    let before = match before {
        Some(before) => before,
        None => ' ',
    };
    match c {
        // й is no и with an accent, nor ї an і; but ё is written as е by most.
        '\u{306}' => !is_cyrillic(before),
        '\u{308}' => !is_cyrillic(before) || matches!(before, 'е'),
        '\u{300}'..='\u{36F}'
        | '\u{483}'..='\u{489}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' => true,
        // Points of Hebrew, vowels of Arabic, and of Syriac.
        '\u{591}'..='\u{5BD}'
        | '\u{5BF}'
        | '\u{5C1}'
        | '\u{5C2}'
        | '\u{5C4}'
        | '\u{5C5}'
        | '\u{5C7}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}'
        | '\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{711}'
        | '\u{730}'..='\u{74A}'
        | '\u{8D3}'..='\u{8FF}' => true,
        // The dot below that Hindi is as often written without.
        '\u{93C}' | '\u{9BC}' | '\u{A3C}' | '\u{ABC}' | '\u{B3C}' | '\u{CBC}' => true,
        _ => false,
    }
}

const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// Of a script that is written without spaces between words: Han, kana, bopomofo, Thai, Lao, Myanmar,
/// Khmer. Their vowel signs stand for themselves too, so that any part of a word is found.
const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}' | '\u{3038}'..='\u{303C}' | '\u{3041}'..='\u{3096}'
        | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}'
        | '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E4E}' | '\u{E81}'..='\u{ECF}' | '\u{EDC}'..='\u{EDF}'
        | '\u{1000}'..='\u{1049}' | '\u{1050}'..='\u{109F}' | '\u{A9E0}'..='\u{A9FE}'
        | '\u{AA60}'..='\u{AA7F}' | '\u{1780}'..='\u{17D3}' | '\u{17D7}' | '\u{17DC}'..='\u{17DD}')
}

/// The value of a digit of the scripts that have their own.
const fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6F0}'..='\u{6F9}' => 0x6F0,
        '\u{966}'..='\u{96F}' => 0x966,
        '\u{9E6}'..='\u{9EF}' => 0x9E6,
        '\u{E50}'..='\u{E59}' => 0xE50,
        '\u{ED0}'..='\u{ED9}' => 0xED0,
        '\u{1040}'..='\u{1049}' => 0x1040,
        '\u{17E0}'..='\u{17E9}' => 0x17E0,
        _ => return None,
    };
    // Within 0 to 9 by the ranges above.
    Some((c as u32 - zero) as u8)
}

/// Adds a letter in its one form.
pub(super) fn push(word: &mut String, c: char) {
    if let Some(value) = digit(c) {
        return word.push(char::from(b'0' + value));
    }
    for lower in c.to_lowercase() {
        match lower {
            'ß' => word.push_str("ss"),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            'þ' => word.push_str("th"),
            'ø' => word.push('o'),
            'đ' | 'ð' => word.push('d'),
            'ł' => word.push('l'),
            'ħ' => word.push('h'),
            'ı' => word.push('i'),
            'ς' => word.push('σ'),
            // Forms of alef, yeh, kaf and heh.
            '\u{671}' => word.push('\u{627}'),
            '\u{649}' | '\u{6CC}' => word.push('\u{64A}'),
            '\u{6A9}' => word.push('\u{643}'),
            '\u{629}' | '\u{6C1}' | '\u{6D5}' => word.push('\u{647}'),
            // Hebrew letters at the end of a word.
            '\u{5DA}' => word.push('\u{5DB}'),
            '\u{5DD}' => word.push('\u{5DE}'),
            '\u{5DF}' => word.push('\u{5E0}'),
            '\u{5E3}' => word.push('\u{5E4}'),
            '\u{5E5}' => word.push('\u{5E6}'),
            // The dot that lower case leaves of İ.
            '\u{307}' => {}
            other => word.push(other),
        }
    }
}
