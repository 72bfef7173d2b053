//! Exports as phones write them, made from a seed: forms of headers × languages × what people write.

/// A form of headers.
pub struct Form {
    pub name: &'static str,
    /// `{Y}` `{y}` year of four and two digits, `{M}` `{D}` padded, `{m}` `{d}` not; `{H}` of 24 and `{h}` of 12 hours, `{T}` `{S}`
    /// minute and second, `{p}` the half of the day.
    pattern: &'static str,
    halves: [&'static str; 2],
    /// The first of ten digits.
    zero: char,
}

const fn form(name: &'static str, pattern: &'static str) -> Form {
    Form {
        name,
        pattern,
        halves: ["AM", "PM"],
        zero: '0',
    }
}

pub const FORMS: [Form; 14] = [
    form("android-us", "{m}/{d}/{y}, {h}:{T}\u{202f}{p} - "),
    form("android-gb", "{D}/{M}/{Y}, {H}:{T} - "),
    form("android-de", "{D}.{M}.{y}, {H}:{T} - "),
    form("android-nl", "{D}-{M}-{Y} {H}:{T} - "),
    form("android-sv", "{Y}-{M}-{D} {H}:{T} - "),
    form("android-fr", "{D}/{M}/{Y} à {H}:{T} - "),
    form("ios-us", "[{m}/{d}/{y}, {h}:{T}:{S}\u{202f}{p}] "),
    form("ios-de", "[{D}.{M}.{y}, {H}:{T}:{S}] "),
    form("ios-ja", "[{Y}/{M}/{D} {H}:{T}:{S}] "),
    form("ios-id", "[{D}/{M}/{y} {H}.{T}.{S}] "),
    form("ios-vi", "[{H}:{T}:{S}, {D}/{M}/{Y}] "),
    Form {
        name: "ios-ar",
        pattern: "[{d}\u{200f}/{m}\u{200f}/{Y}، {h}:{T}:{S}\u{a0}{p}] ",
        halves: ["ص", "م"],
        zero: '\u{660}',
    },
    Form {
        name: "android-ko",
        pattern: "{Y}. {m}. {d}. {p} {h}:{T} - ",
        halves: ["오전", "오후"],
        zero: '0',
    },
    Form {
        name: "android-es",
        pattern: "{d}/{m}/{y}, {h}:{T}\u{a0}{p} - ",
        halves: ["a. m.", "p. m."],
        zero: '0',
    },
];

impl Form {
    pub fn header(&self, at: jiff::civil::DateTime) -> String {
        let (hour, half) = (at.hour(), self.halves[usize::from(at.hour() >= 12)]);
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        let number = |value: i16, width: usize| -> String {
            let digits = format!("{value:0width$}");
            let of = |c: char| char::from_u32(self.zero as u32 + c.to_digit(10)?);
            digits.chars().filter_map(of).collect()
        };
        let mut text = self.pattern.to_owned();
        for (sign, value) in [
            ("{Y}", number(at.year(), 4)),
            ("{y}", number(at.year() % 100, 2)),
            ("{M}", number(at.month().into(), 2)),
            ("{m}", number(at.month().into(), 1)),
            ("{D}", number(at.day().into(), 2)),
            ("{d}", number(at.day().into(), 1)),
            ("{H}", number(hour.into(), 2)),
            ("{h}", number(twelve.into(), 1)),
            ("{T}", number(at.minute().into(), 2)),
            ("{S}", number(at.second().into(), 2)),
            ("{p}", half.to_owned()),
        ] {
            text = text.replace(sign, &value);
        }
        text
    }
}

/// What somebody wrote at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub at: jiff::civil::DateTime,
    pub sender: String,
    pub text: String,
}

/// Texts that other readers stumble over; no two of them alike in what they are about.
const TEXTS: [&str; 16] = [
    "hi",
    "note: buy milk",
    "two\nlines",
    "one\n\nthree",
    "- a dash - in it",
    "see https://example.org/a:b?c=d, e",
    "10:30 - no header: none",
    "[x] done: yes",
    "سلام: يا صديقي",
    "👩\u{200d}🚀🇩🇪 ☕️",
    "12/13",
    "\"quoted: text\"",
    "tab\there",
    "<not a tag>",
    "𝓕𝓪𝓷𝓬𝔂 ünïcödé",
    "=SUM(A1:A2)",
];

const SENDERS: [&str; 5] = [
    "Ana",
    "Bob van Dijk",
    "Zoë - Müller",
    "دانا",
    "+1 555 010 9999",
];

/// A chat of so many messages, in the order of time.
pub fn chat(seed: u64, count: usize) -> Vec<Message> {
    let mut state = seed;
    let mut next = |end: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    };
    let mut at = jiff::civil::date(2019, 1, 28).at(9, 5, 7, 0);
    let mut messages = Vec::new();
    for _ in 0..count {
        at = at.saturating_add(
            jiff::Span::new()
                .minutes(next(3_000) as i64)
                .seconds(next(60) as i64),
        );
        messages.push(Message {
            at,
            sender: SENDERS[next(SENDERS.len() as u64) as usize].to_owned(),
            text: TEXTS[next(TEXTS.len() as u64) as usize].to_owned(),
        });
    }
    messages
}

/// The chat as a phone would export it.
pub fn export(form: &Form, messages: &[Message]) -> String {
    let line = |message: &Message| {
        format!(
            "{}{}: {}\n",
            form.header(message.at),
            message.sender,
            message.text
        )
    };
    messages.iter().map(line).collect()
}
