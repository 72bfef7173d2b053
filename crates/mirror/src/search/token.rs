//! A text becomes words, each with its place in the text.
//!
//! All cutting and folding happens here and not in the index: FTS5 gets words that are ready, parted by
//! spaces (its `ascii` tokenizer cuts nowhere else). So the index, a query and the highlighter cannot
//! disagree, and no table of an older Unicode inside SQLite decides what a letter is.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

use super::fold::{self, Piece};

/// A longer word is kept by its beginning: what has no spaces for so long is data, not language.
const LONGEST: usize = 96;

/// A telephone number has so many digits.
const PHONE: Range<usize> = 7..16;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded.
    pub(super) word: String,
    /// Where it stands, in bytes.
    pub(super) at: Range<usize>,
    /// A word of one character, which may stand next to others without a space.
    pub(super) alone: bool,
}

/// The words of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    each(text, |word, at, alone| {
        tokens.push(Token {
            word: word.to_owned(),
            at,
            alone,
        });
    });
    tokens
}

/// The words of a text with a space between them.
pub(crate) fn folded(text: &str) -> String {
    let mut all = String::new();
    each(text, |word, _, _| {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(word);
    });
    all
}

/// Gives each word, where it stands, and whether it is a character by itself.
pub(super) fn each(text: &str, give: impl FnMut(&str, Range<usize>, bool)) {
    let mut cutter = Cutter {
        word: String::new(),
        at: 0..0,
        state: State::None,
        last: None,
        give,
    };
    for (start, c) in text.char_indices() {
        let at = start..start + c.len_utf8();
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                cutter.letter(at, |word| word.push(c.to_ascii_lowercase()));
                cutter.last = Some(c);
            } else {
                cutter.end();
            }
        } else if fold::is_symbol(c) {
            cutter.alone(c, at);
        } else if matches!(c, '\u{2120}' | '\u{2122}') {
            // Their decomposition would become a part of the name that they stand behind.
        } else {
            decompose_compatible(c, |part| cutter.add(part, at.clone()));
        }
    }
    cutter.end();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    None,
    Letters,
    Alone,
    /// A syllable with its leading part only, then with its middle one.
    Leading,
    Middle,
}

struct Cutter<F> {
    word: String,
    at: Range<usize>,
    state: State,
    /// The last character of the word, in lower case.
    last: Option<char>,
    give: F,
}

impl<F: FnMut(&str, Range<usize>, bool)> Cutter<F> {
    fn add(&mut self, part: char, at: Range<usize>) {
        match fold::piece(part, self.last) {
            Piece::Letter => {
                self.letter(at, |word| fold::push(word, part));
                self.last = part.to_lowercase().next();
            }
            Piece::Alone => self.alone(part, at),
            Piece::Attached if self.state != State::None => {
                self.word.push(part);
                self.at.end = at.end;
            }
            Piece::Leading => self.begin(State::Leading, part, at),
            Piece::Middle if self.state == State::Leading => self.go_on(State::Middle, part, at),
            Piece::Middle => self.begin(State::Middle, part, at),
            Piece::Closing if self.state == State::Middle => self.go_on(State::Alone, part, at),
            Piece::Closing => self.begin(State::Alone, part, at),
            // An accent belongs to what is marked in the text, although no word is kept of it.
            Piece::Attached | Piece::Nothing if self.at.end == at.start => self.at.end = at.end,
            Piece::Attached | Piece::Nothing => {}
            Piece::Break => self.end(),
        }
    }

    fn letter(&mut self, at: Range<usize>, push: impl FnOnce(&mut String)) {
        if self.state != State::Letters {
            self.end();
            self.state = State::Letters;
            self.at.start = at.start;
        }
        self.at.end = at.end;
        if self.word.len() < LONGEST {
            push(&mut self.word);
        }
    }

    fn alone(&mut self, c: char, at: Range<usize>) {
        self.begin(State::Alone, c, at);
    }

    fn begin(&mut self, state: State, c: char, at: Range<usize>) {
        self.end();
        self.state = state;
        self.word.push(c);
        self.at = at;
    }

    fn go_on(&mut self, state: State, c: char, at: Range<usize>) {
        self.state = state;
        self.word.push(c);
        self.at.end = at.end;
    }

    fn end(&mut self) {
        if !self.word.is_empty() {
            (self.give)(&self.word, self.at.clone(), self.state != State::Letters);
            self.word.clear();
        }
        self.state = State::None;
        self.last = None;
        // Nothing stands there: what is attached next is attached to no word.
        self.at = usize::MAX..usize::MAX;
    }
}

/// Numbers written in groups, as telephone numbers are, each as one word.
pub(super) fn phones(text: &str, tokens: &[Token]) -> Vec<Token> {
    let mut phones = Vec::new();
    let mut group: Vec<&Token> = Vec::new();
    let mut end = |group: &mut Vec<&Token>| {
        if let (Some(first), Some(last)) = (group.first(), group.last())
            && group.len() > 1
        {
            let word: String = group.iter().map(|token| token.word.as_str()).collect();
            if PHONE.contains(&word.len()) {
                phones.push(Token {
                    word,
                    at: first.at.start..last.at.end,
                    alone: false,
                });
            }
        }
        group.clear();
    };
    for token in tokens {
        if !is_number(&token.word) {
            end(&mut group);
            continue;
        }
        let is_joined = group
            .last()
            .and_then(|last| text.get(last.at.end..token.at.start))
            .is_some_and(is_between_groups);
        if !is_joined {
            end(&mut group);
        }
        group.push(token);
    }
    end(&mut group);
    phones
}

/// Whether these words are one telephone number.
pub(super) fn is_phone(words: &[String]) -> bool {
    words.len() > 1
        && words.iter().all(|word| is_number(word))
        && PHONE.contains(&words.iter().map(String::len).sum())
}

pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_between_groups(gap: &str) -> bool {
    gap.chars().count() <= 3
        && gap.chars().all(|c| {
            matches!(
                c,
                ' ' | '-' | '(' | ')' | '.' | '/' | '\u{A0}' | '\u{2010}'..='\u{2013}'
            )
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::case_and_accents("Orçamento FÜR Zoë", "orcamento fur zoe")]
    #[case::composed_or_not("cafe\u{301} café", "cafe cafe")]
    #[case::sharp_s("Straße STRASSE ẞ", "strasse strasse ss")]
    #[case::dotted_and_dotless("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul")]
    #[case::final_sigma("ΟΔΟΣ οδός", "οδοσ οδοσ")]
    #[case::yo_and_short_i("ёлка мой мои", "елка мои\u{306} мои")]
    #[case::han_and_latin("重跑gen-itgc后", "重 跑 gen itgc 后")]
    #[case::kana_keep_their_marks("がか ガ ｶﾞ", "か\u{3099} か カ\u{3099} カ\u{3099}")]
    #[case::hangul_by_syllable("안녕", "\u{110b}\u{1161}\u{11ab} \u{1102}\u{1167}\u{11bc}")]
    #[case::loose_jamo("ㅋㅋ ㅠㅏ", "\u{110f} \u{110f} \u{1172} \u{1161}")]
    #[case::thai("น้ำ", "น \u{e49} \u{e4d} า")]
    #[case::arabic("مُحَمَّد أحمد ـ مـــحمد ى", "محمد احمد محمد ي")]
    #[case::hebrew("שָׁלוֹם", "שלומ")]
    #[case::hindi("ज़िंदगी", "जिंदगी")]
    #[case::digits("٢٠٢٤ ２０２４", "2024 2024")]
    #[case::emoji("👍🏽👨‍👩‍👧 ❤️", "👍 👨 👩 👧 ❤")]
    #[case::flags("🇩🇪", "🇩 🇪")]
    #[case::addresses("a.b@c-d.org/x_y?z=1", "a b c d org x y z 1")]
    #[case::signs("™ © 5€ … ﬁn", "© 5 € fin")]
    #[case::an_accent_alone("\u{301} \u{200d}", "")]
    #[case::private_use_is_no_word("a\u{e000}c1", "a c1")]
    fn texts_are_cut_and_folded(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(folded(text), expected);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "Ein cafe\u{301}, 你好!";
        let words: Vec<&str> = tokens(text).into_iter().map(|t| &text[t.at]).collect();
        assert_eq!(words, ["Ein", "cafe\u{301}", "你", "好"]);
    }

    #[test]
    fn a_word_without_end_is_kept_by_its_beginning() {
        let tokens = tokens(&"ä".repeat(10_000));
        assert_eq!(tokens.len(), 1);
        assert_eq!(tokens[0].word.len(), LONGEST);
        assert_eq!(tokens[0].at, 0..20_000, "it is all of it that is marked");
    }

    #[rstest]
    #[case("+49 170 1234567", &["491701234567"])]
    #[case("(030) 901-820", &["030901820"])]
    #[case("4 cats, 1234567 dogs", &[])]
    #[case("12 34", &[])]
    fn numbers_in_groups_are_numbers(#[case] text: &str, #[case] expected: &[&str]) {
        let words: Vec<String> = phones(text, &tokens(text))
            .into_iter()
            .map(|token| token.word)
            .collect();
        assert_eq!(words, expected);
    }
}
